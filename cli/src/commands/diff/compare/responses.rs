//! Changes of the types that a response is read as.

use std::collections::BTreeSet;
use std::mem::discriminant;

use msgraph_codegen::ir::{Operation, ResponseValue};

use super::Comparison;
use super::wording::{ADDED, OTHER_RESULT, arrow_code, codes};
use crate::commands::diff::change::Verdict::{Major, Minor};
use crate::commands::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn response(&mut self, old: &'s Operation, new: &'s Operation) {
        let before: BTreeSet<&str> = results(old).map(|ty| self.new_name(ty)).collect();
        let after: BTreeSet<&str> = results(new).collect();
        // The change of the body already reports it.
        if old.kind.is_update() && before != after && !self.takes_same(old, new) {
            return;
        }
        let change = |verdict, what| {
            Change::new(verdict, Subject::Operation, &old.path, Kind::Retyped, what)
        };
        let found = if !has_same_shape(old, new) || !before.is_subset(&after) {
            let returns = |operation: &Operation| operation.returns().unwrap_or_default();
            let types = arrow_code(&returns(old), &returns(new));
            let removed: Vec<&str> = before.difference(&after).copied().collect();
            let what = if has_same_shape(old, new) {
                format!("the response is no longer read as {}", codes(&removed))
            } else {
                format!("the response is {types}")
            };
            let rust = match returns(old) == returns(new) {
                true => format!("`{}` returns fewer types", new.rust),
                false => format!("`{}` returns {types}", new.rust),
            };
            change(Major, what).rust(rust).because(OTHER_RESULT)
        } else if before != after {
            let added: Vec<&str> = after.difference(&before).copied().collect();
            let what = format!("the response may also be {}", codes(&added));
            change(Minor, what)
                .rust(format!("`{}` returns more types", new.rust))
                .because(ADDED)
        } else {
            return;
        };
        self.push_at(old, found);
    }
}

fn results(operation: &Operation) -> impl Iterator<Item = &str> {
    operation.results.iter().map(|result| result.ty.as_str())
}

/// Whether two responses differ in the types of their values at most.
fn has_same_shape(old: &Operation, new: &Operation) -> bool {
    discriminant(&old.response) == discriminant(&new.response)
        && match (old.response.value(), new.response.value()) {
            (Some(ResponseValue::Structured(old)), Some(ResponseValue::Structured(new))) => {
                (old.is_union, old.is_collection) == (new.is_union, new.is_collection)
            }
            (
                Some(ResponseValue::Enumeration { flags: old, .. }),
                Some(ResponseValue::Enumeration { flags, .. }),
            ) => old == flags,
            (old, new) => old == new,
        }
}
