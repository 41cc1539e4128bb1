//! The query options of a request.

use std::fmt::Write as _;

use crate::request::path::encode_query;

/// Names and values in order, not percent-encoded.
#[derive(Clone, Debug, Default)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Adds an option.
    pub(super) fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Sets an option, in place of an earlier value.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        match self.value_mut(name) {
            Some(earlier) => value.clone_into(earlier),
            None => self.push(name, value),
        }
    }

    /// Adds an item to an option that is a list.
    pub(super) fn add(&mut self, name: &str, item: &str) {
        match self.value_mut(name) {
            Some(list) => {
                list.push(',');
                list.push_str(item);
            }
            None => self.push(name, item),
        }
    }

    fn value_mut(&mut self, name: &str) -> Option<&mut String> {
        let mut options = self.0.iter_mut();
        options.find_map(|(other, value)| (other == name).then_some(value))
    }

    /// The options, percent-encoded, with the question mark; empty if there are none.
    pub(super) fn encoded(&self) -> String {
        let mut query = String::new();
        for (name, value) in &self.0 {
            query.push(if query.is_empty() { '?' } else { '&' });
            // Writing to a string does not fail.
            let _ = write!(query, "{}={}", encode_query(name), encode_query(value));
        }
        query
    }
}
