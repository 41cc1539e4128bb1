//! Items that are found by their key.

use std::collections::BTreeMap;

/// Items by key, in the order of creation.
#[derive(Clone, Debug)]
pub(crate) struct Keyed<T> {
    items: BTreeMap<u64, T>,
    next: u64,
    by_key: BTreeMap<Vec<String>, u64>,
    /// Keys that facts name, in lower case: the service reads them in any case.
    known: BTreeMap<Vec<String>, u64>,
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Keyed {
            items: BTreeMap::new(),
            next: 0,
            by_key: BTreeMap::new(),
            known: BTreeMap::new(),
        }
    }
}

impl<T> Keyed<T> {
    /// The number of the item with this key, whose parts are [`normalized`].
    pub(crate) fn find(&self, key: &[String]) -> Option<u64> {
        let known = || self.known.get(&lower_case(key));
        self.by_key.get(key).or_else(known).copied()
    }

    /// The number of the first item that fits.
    pub(crate) fn find_by(&self, fits: impl Fn(&T) -> bool) -> Option<u64> {
        let mut items = self.items.iter();
        items
            .find(|(_, item)| fits(item))
            .map(|(number, _)| *number)
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        self.items.get(&number)
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.items.get_mut(&number)
    }

    /// Adds an item with a new key, and returns its number.
    pub(crate) fn insert(&mut self, key: Vec<String>, item: T) -> u64 {
        let number = self.next;
        self.next += 1;
        self.by_key.insert(key, number);
        self.items.insert(number, item);
        number
    }

    /// Adds an item whose key facts name.
    pub(crate) fn insert_known(&mut self, key: &[String], item: T) {
        let number = self.insert(key.to_vec(), item);
        self.known.insert(lower_case(key), number);
    }

    pub(crate) fn remove(&mut self, number: u64) {
        self.items.remove(&number);
        for keys in [&mut self.by_key, &mut self.known] {
            keys.retain(|_, other| *other != number);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.values()
    }

    /// The number of the next item.
    pub(crate) const fn next_number(&self) -> u64 {
        self.next
    }
}

fn lower_case(key: &[String]) -> Vec<String> {
    key.iter().map(|part| part.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn items_are_found_until_they_are_removed() {
        let mut items = Keyed::default();
        items.insert_known(&key("Known"), 1);
        let other = items.insert(key("other"), 2);
        let known = items.find(&key("KNOWN")).unwrap();
        assert_eq!(items.find(&key("Known")), Some(known));
        assert_eq!(items.find(&key("Other")), None);
        assert_eq!(items.find_by(|item| *item == 2), Some(other));
        items.remove(known);
        assert_eq!(items.find(&key("known")), None);
        assert_eq!(items.iter().copied().collect::<Vec<_>>(), [2]);
    }
}
