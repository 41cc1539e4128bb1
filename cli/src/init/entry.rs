//! What a manifest is to ask for.

use std::fmt::Write as _;

use msgraph_codegen::facts::Facts;
use toml_edit::{DocumentMut, Item};

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

    /// Whether a manifest asks for just this already.
    pub(super) fn stands_in(&self, manifest: &str) -> bool {
        let Ok(document) = manifest.parse::<DocumentMut>() else {
            return false;
        };
        let entries = document
            .get(self.table())
            .and_then(Item::as_array_of_tables);
        entries.into_iter().flatten().any(|entry| {
            let is_so = |(key, value)| entry.get(key).and_then(Item::as_str) == Some(value);
            self.settings().all(is_so)
        })
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
