//! The manifest entry for the requested update or type.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use msgraph_codegen::ir::{Api, Operation};
use msgraph_csdl::facts::KnownKeys;
use msgraph_csdl::path::template::same_template;
use toml_edit::DocumentMut;

use crate::support::arguments::quoted;

/// An entry of the manifest.
#[derive(Debug)]
pub(super) struct Entry {
    /// `update`, `resource`, `call` or `struct`.
    pub(super) table: &'static str,
    pub(super) path: Option<String>,
    pub(super) ty: Option<String>,
    pub(super) name: Option<String>,
    pub(super) operations: Vec<String>,
}

impl Entry {
    fn settings(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("path", &self.path),
            ("type", &self.ty),
            ("name", &self.name),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_deref()?)))
    }

    /// The manifest with this entry added. The rest is unchanged.
    pub(super) fn added_to(&self, manifest: &str) -> String {
        let gap = match manifest {
            "" => "",
            _ if manifest.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let mut entry = format!("{gap}[[{}]]\n", self.table);
        for (key, value) in self.settings() {
            let _ = writeln!(entry, "{key} = {}", quoted(value));
        }
        if !self.operations.is_empty() {
            let operations: Vec<String> = self.operations.iter().map(|it| quoted(it)).collect();
            let _ = writeln!(entry, "operations = [{}]", operations.join(", "));
        }
        if manifest.contains("\r\n") {
            entry = entry.replace('\n', "\r\n");
        }
        format!("{manifest}{entry}")
    }

    /// The index with the operations that the entry selects first.
    pub(super) fn first(&self, mut index: Api) -> Api {
        index.operations.sort_by_key(|it| !self.selects(&it.path));
        index
    }

    /// Whether the entry selects the operation at a path, or on an item of the collection there.
    fn selects(&self, path: &str) -> bool {
        let selected = self.path.as_deref().unwrap_or_default();
        let of_item = path
            .rsplit_once('/')
            .filter(|(_, key)| key.starts_with('{'));
        let of_item = of_item.filter(|_| self.table == "resource");
        match selected.strip_suffix("/**") {
            None => {
                same_template(path, selected)
                    || of_item.is_some_and(|(set, _)| same_template(set, selected))
            }
            Some(parent) => {
                let segments = parent.split('/').count();
                let start: Vec<&str> = path.split('/').take(segments).collect();
                same_template(&start.join("/"), parent)
            }
        }
    }

    /// Describes what is generated: the first function and its struct, or the struct of a type.
    pub(super) fn generates(&self, index: &Api) -> String {
        let mut operations = index.operations.iter();
        let is_selected = |it: &&Operation| match self.table {
            "struct" => false,
            "update" => it.kind.is_update(),
            _ => true,
        };
        let Some(first) = operations.find(is_selected) else {
            let mut structs = index.structs.iter();
            let named = structs.find(|it| Some(&it.ty) == self.ty.as_ref());
            return format!("`graph::{}`", named.map_or("", |it| it.rust.as_str()));
        };
        let takes = match first.bodies.as_slice() {
            [] => String::new(),
            [only] => format!(", which takes a `graph::{}`", only.rust),
            several => {
                let body = several.first().map_or("", |body| body.rust.as_str());
                let count = several.len();
                format!(", which takes any of {count} structs, such as `graph::{body}`")
            }
        };
        let selected = index.operations.iter().filter(|it| self.selects(&it.path));
        let others: Vec<&Operation> = selected.filter(|it| it.rust != first.rust).collect();
        let more = match others.as_slice() {
            [] => String::new(),
            [other] => format!("; and `graph::{}`", other.rust),
            others => format!("; and {} more functions", others.len()),
        };
        format!("`graph::{}`{takes}{more}", first.rust)
    }
}

/// Whether a manifest selects anything.
pub(super) fn has_entries(manifest: &str) -> bool {
    let document: DocumentMut = manifest.parse().unwrap_or_default();
    let mut tables = ["update", "resource", "call", "struct"].into_iter();
    tables.any(|table| document.contains_key(table))
}

/// The path with the documented key of a type instead of the placeholder at its end.
pub(super) fn keyed(path: &str, ty: &str, keys: &BTreeMap<String, KnownKeys>) -> String {
    let key = path
        .rsplit_once('/')
        .filter(|(_, last)| last.starts_with('{'))
        .and_then(|(set, _)| {
            let mut known = keys.get(set)?.values.iter();
            let known = known.find(|known| known.ty == ty)?;
            Some(format!("{set}/{}", known.value))
        });
    key.unwrap_or_else(|| path.to_owned())
}
