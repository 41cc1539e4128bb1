//! Names that differ only in case and underscores.

use std::collections::{BTreeMap, BTreeSet};

/// The form that all spellings of a name share.
pub(super) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// Pairs names that only one side has by a key. A key that several names on one side share is ambiguous,
/// and pairs none of them.
pub(super) fn pairs<'s>(
    old: &BTreeSet<&'s str>,
    new: &BTreeSet<&'s str>,
    key: impl Fn(&str) -> String,
) -> BTreeMap<&'s str, &'s str> {
    let by_key = |these: &BTreeSet<&'s str>, others: &BTreeSet<&'s str>| {
        let mut by_key: BTreeMap<String, Vec<&'s str>> = BTreeMap::new();
        for name in these.difference(others) {
            by_key.entry(key(name)).or_default().push(name);
        }
        by_key
    };
    let added = by_key(new, old);
    let removed = by_key(old, new).into_iter();
    let pairs = removed.filter_map(|(key, removed)| {
        match (removed.as_slice(), added.get(&key)?.as_slice()) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        }
    });
    pairs.collect()
}

/// The new spelling of each name that is spelled differently.
pub(super) fn respelled<'s>(
    old: impl IntoIterator<Item = &'s str>,
    new: impl IntoIterator<Item = &'s str>,
) -> BTreeMap<&'s str, &'s str> {
    pairs(&old.into_iter().collect(), &new.into_iter().collect(), fold)
}

pub(super) fn is_respelled(old: &str, new: &str) -> bool {
    old != new && fold(old) == fold(new)
}
