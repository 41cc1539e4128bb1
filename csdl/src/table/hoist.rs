//! Settings of a whole document that are written below a table header, where TOML makes them keys of
//! that table.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Table;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;

type Entry<'i> = (Spanned<DeString<'i>>, Spanned<DeValue<'i>>);

impl Table<'_> {
    /// Reports each of these keys that is in a table below this one, at any depth, and takes it from
    /// there. It counts as written here, so that its absence gives no second error.
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

/// TOML's parser bounds the depth of nesting, so this recursion has a bound.
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
        // A table may be named by its user: `[type.read]`.
        let is_setting = |value: &Spanned<DeValue<'i>>| !value.get_ref().is_table();
        if table.get(*key).is_some_and(is_setting) {
            misplaced.extend(table.remove_entry(*key));
        }
    }
    for (_, value) in table.iter_mut() {
        take_below(value, keys, misplaced);
    }
}
