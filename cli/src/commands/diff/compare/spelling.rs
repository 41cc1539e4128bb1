//! Elements that keep their place and change the spelling of their name: `text` and `Text`,
//! `displayName` and `display_name`. Their Rust names often stay, so that they are one element and
//! not a removed and an added one.

use std::collections::{BTreeMap, BTreeSet};

/// What all spellings of a name share.
pub(super) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The names that only the old side has, each with the name of the same key that only the new side
/// has. A key that several names share on one side is ambiguous and pairs none of them.
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
    by_key(old, new)
        .into_iter()
        .filter_map(
            |(key, removed)| match (removed.as_slice(), added.get(&key)?.as_slice()) {
                ([old], [new]) => Some((*old, *new)),
                _ => None,
            },
        )
        .collect()
}

/// The names of one scope that have another spelling on the new side.
pub(super) fn respelled<'s>(
    old: impl IntoIterator<Item = &'s str>,
    new: impl IntoIterator<Item = &'s str>,
) -> BTreeMap<&'s str, &'s str> {
    pairs(&old.into_iter().collect(), &new.into_iter().collect(), fold)
}

/// Whether two names differ in their spelling alone.
pub(super) fn is_respelled(old: &str, new: &str) -> bool {
    old != new && fold(old) == fold(new)
}
