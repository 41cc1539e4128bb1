//! What a manifest is to ask for.

use std::fmt::Write as _;

use msgraph_codegen::index::Index;
use msgraph_csdl::facts::Facts;
use msgraph_csdl::path::template::same_template;
use toml_edit::{DocumentMut, InlineTable, Item, TableLike, Value};

use super::existing_text::as_it_was;

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

    pub(super) fn text(&self) -> String {
        let mut text = format!("[[{}]]\n", self.table());
        for (key, value) in self.settings() {
            // A string takes whatever is written to it.
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
        text
    }

    /// A manifest that asks for this too. What stood in it stays to the byte.
    pub(super) fn appended(&self, manifest: &str) -> String {
        if let Some(text) = self.pushed(manifest) {
            return text;
        }
        let gap = match manifest {
            "" => "",
            _ if manifest.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let mut added = format!("{gap}{}", self.text());
        if manifest.contains("\r\n") {
            added = added.replace('\n', "\r\n");
        }
        format!("{manifest}{added}")
    }

    /// The manifest with this in an array that is there, `update = [{ path = "/me" }]`: beside that,
    /// `[[update]]` would be a second definition.
    fn pushed(&self, manifest: &str) -> Option<String> {
        let mut document: DocumentMut = manifest.parse().ok()?;
        let entries = document.get_mut(self.table())?.as_array_mut()?;
        let entry: InlineTable = self
            .settings()
            .map(|(key, value)| (key, Value::from(value)))
            .collect();
        entries.push(entry);
        Some(as_it_was(manifest, document.to_string()))
    }

    /// What is generated, with the operations of this path before the others.
    pub(super) fn first(&self, mut index: Index) -> Index {
        let path = self.path.as_deref().unwrap_or_default();
        index
            .operations
            .sort_by_key(|operation| !same_template(&operation.path, path));
        index
    }

    /// Whether a manifest asks for just this already.
    pub(super) fn stands_in(&self, manifest: &str) -> bool {
        let Ok(document) = manifest.parse::<DocumentMut>() else {
            return false;
        };
        entries(&document, self.table()).iter().any(|entry| {
            let is_so = |(key, value)| {
                let there = entry.get(key).and_then(Item::as_str);
                there.is_some_and(|there| match key {
                    "path" => same_template(there, value),
                    _ => there == value,
                })
            };
            self.settings().all(is_so)
        })
    }
}

/// Whether a manifest asks for anything.
pub(super) fn asks_for_something(manifest: &str) -> bool {
    let document = manifest.parse::<DocumentMut>();
    document.is_ok_and(|document| {
        ["update", "struct"]
            .iter()
            .any(|table| !entries(&document, table).is_empty())
    })
}

/// The entries of a manifest, `[[update]]` or `update = [{ .. }]`.
fn entries<'d>(document: &'d DocumentMut, table: &str) -> Vec<&'d dyn TableLike> {
    match document.get(table) {
        Some(Item::ArrayOfTables(entries)) => entries
            .iter()
            .map(|entry| entry as &dyn TableLike)
            .collect(),
        Some(Item::Value(Value::Array(entries))) => entries
            .iter()
            .filter_map(|entry| Some(entry.as_inline_table()? as &dyn TableLike))
            .collect(),
        _ => Vec::new(),
    }
}

/// A path with the key that the type is known to have in the set at its end, in the place of the
/// placeholder.
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

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}
