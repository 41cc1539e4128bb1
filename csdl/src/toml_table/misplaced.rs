//! Finds top-level settings below a table header, where they are keys of that table in TOML.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Table;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;

type Entry<'i> = (Spanned<DeString<'i>>, Spanned<DeValue<'i>>);

impl Table<'_> {
    /// Reports each of these keys that is in a nested table, at any depth, and moves it to this
    /// table, so that its absence is not reported too.
    pub fn hoist(&mut self, keys: &[&'static str], diagnostics: &mut Diagnostics) {
        let mut misplaced = Vec::new();
        for (_, value) in self.entries.values_mut() {
            take_below(value, keys, &mut misplaced);
        }
        for (key, value) in misplaced {
            let span = Span::new(self.file, key.span());
            let key = key.into_inner().into_owned();
            diagnostics.push(
                Diagnostic::error(span, format!("`{key}` belongs at the top of the manifest"))
                    .help(
                        "move it above the first table header: below one it is a key of that table",
                    ),
            );
            self.entries.entry(key).or_insert((span, value));
        }
    }
}

/// The TOML parser limits nesting, which limits this recursion.
fn take_below<'i>(
    value: &mut Spanned<DeValue<'i>>,
    keys: &[&'static str],
    misplaced: &mut Vec<Entry<'i>>,
) {
    match value.get_mut() {
        DeValue::Table(table) => take(table, keys, misplaced),
        DeValue::Array(items) => {
            for item in items.iter_mut() {
                take_below(item, keys, misplaced);
            }
        }
        _ => {}
    }
}

fn take<'i>(table: &mut DeTable<'i>, keys: &[&'static str], misplaced: &mut Vec<Entry<'i>>) {
    for key in keys {
        // The user may have chosen the name: `[type.read]`.
        let is_setting = |value: &Spanned<DeValue<'i>>| !value.get_ref().is_table();
        if table.get(*key).is_some_and(is_setting) {
            misplaced.extend(table.remove_entry(*key));
        }
    }
    for (_, value) in table.iter_mut() {
        take_below(value, keys, misplaced);
    }
}
