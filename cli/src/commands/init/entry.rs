//! The manifest entry for the requested update or type.

use std::fmt::Write as _;

use msgraph_codegen::ir::Api;
use msgraph_csdl::facts::Facts;
use msgraph_csdl::path::template::same_template;
use toml_edit::{DocumentMut, Item};

use crate::support::arguments::quoted;

/// An `[[update]]`, or without a path a `[[struct]]`.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: Option<String>,
    pub(super) ty: Option<String>,
    pub(super) name: Option<String>,
}

impl Entry {
    fn table(&self) -> &'static str {
        if self.path.is_some() {
            "update"
        } else {
            "struct"
        }
    }

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
        let mut entry = format!("{gap}[[{}]]\n", self.table());
        for (key, value) in self.settings() {
            let _ = writeln!(entry, "{key} = {}", quoted(value));
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

    /// Whether the entry selects the operation at a path.
    fn selects(&self, path: &str) -> bool {
        let selected = self.path.as_deref().unwrap_or_default();
        match selected.strip_suffix("/**") {
            None => same_template(path, selected),
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
        let entries = document
            .get(self.table())
            .and_then(Item::as_array_of_tables);
        entries.into_iter().flatten().any(|entry| {
            self.settings().all(|(key, value)| {
                let existing = entry.get(key).and_then(Item::as_str);
                existing.is_some_and(|existing| match key {
                    "path" => same_template(existing, value),
                    _ => existing == value,
                })
            })
        })
    }

    /// Describes what is generated: the first function and its struct, or the struct of a type.
    pub(super) fn generates(&self, index: &Api) -> String {
        let mut updates = index.operations.iter();
        let first = updates.find(|it| it.body.is_some() && self.path.is_some());
        let Some(first) = first else {
            let mut structs = index.structs.iter();
            let named = structs.find(|it| Some(&it.ty) == self.ty.as_ref());
            return format!("`graph::{}`", named.map_or("", |it| it.rust.as_str()));
        };
        let takes = match first.bodies.as_slice() {
            [only] => format!("a `graph::{}`", only.rust),
            several => {
                let body = several.first().map_or("", |body| body.rust.as_str());
                format!("any of {} structs, such as `graph::{body}`", several.len())
            }
        };
        let selected = index.operations.iter().filter(|it| self.selects(&it.path));
        let more = match selected.count().saturating_sub(1) {
            0 => String::new(),
            1 => "; and another function".to_owned(),
            more => format!("; and {more} more functions"),
        };
        format!("`graph::{}`, which takes {takes}{more}", first.rust)
    }
}

/// Whether a manifest selects anything.
pub(super) fn has_entries(manifest: &str) -> bool {
    let document: DocumentMut = manifest.parse().unwrap_or_default();
    document.contains_key("update") || document.contains_key("struct")
}

/// The path with the documented key of a type instead of the placeholder at its end.
pub(super) fn keyed(path: &str, ty: &str, facts: &Facts) -> String {
    let key = path
        .rsplit_once('/')
        .filter(|(_, last)| last.starts_with('{'))
        .and_then(|(set, _)| {
            let mut known = facts.keys.get(set)?.iter();
            let known = known.find(|known| known.ty == ty)?;
            Some(format!("{set}/{}", known.value))
        });
    key.unwrap_or_else(|| path.to_owned())
}
