//! The manifest entry for the requested update or type.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use msgraph_codegen::ir::{Api, Operation};
use msgraph_csdl::facts::KnownKeys;
use msgraph_csdl::path::template::same_template;
use toml_edit::{DocumentMut, Item};

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

    /// The names of the operations, sorted.
    fn names(&self) -> BTreeSet<&str> {
        self.operations.iter().map(String::as_str).collect()
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

    /// Whether a manifest has this entry.
    pub(super) fn is_in(&self, manifest: &str) -> bool {
        let document: DocumentMut = manifest.parse().unwrap_or_default();
        let entries = document.get(self.table).and_then(Item::as_array_of_tables);
        entries.into_iter().flatten().any(|entry| {
            let existing = entry.get("operations").and_then(Item::as_array);
            let names: BTreeSet<&str> = existing
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str())
                .collect();
            let has_operations = names == self.names();
            has_operations
                && self.settings().all(|(key, value)| {
                    let existing = entry.get(key).and_then(Item::as_str);
                    existing.is_some_and(|existing| match key {
                        "path" => same_template(existing, value),
                        _ => existing == value,
                    })
                })
        })
    }

    /// Whether the entry adds nothing: `with` it, the same functions are generated as `without`.
    pub(super) fn is_redundant(&self, without: &Api, with: &Api) -> bool {
        let is_generated = |operation: &Operation| {
            let mut operations = without.operations.iter();
            operations
                .any(|it| it.kind == operation.kind && same_template(&it.path, &operation.path))
        };
        let names = self.names();
        let is_selected = |it: &&Operation| {
            self.selects(&it.path)
                && match self.table {
                    "update" => it.kind.is_update(),
                    _ => names.is_empty() || names.contains(it.kind.name()),
                }
        };
        let mut selected = with.operations.iter().filter(is_selected).peekable();
        let is_plain = self.ty.is_none() && self.name.is_none();
        is_plain && selected.peek().is_some() && selected.all(is_generated)
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
