//! What CSDL says of an element besides: its description, its deprecation.

use msgraph_codegen::index::{Enumeration, Field, Member, Operation, Type};

use super::wording::{DOCS, MORE, WARNING_MORE, arrow};
use crate::commands::diff::change::Verdict::{Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

/// What CSDL says of an element in words.
#[derive(Clone, Copy)]
pub(super) struct Words<'w> {
    description: Option<&'w str>,
    /// What its `#[deprecated]` says.
    deprecated: Option<&'w str>,
    /// What is announced, with a date of removal or without.
    announced: Option<&'w str>,
}

macro_rules! words_of {
    ($($thing:ty),*) => {$(
        impl<'w> From<&'w $thing> for Words<'w> {
            fn from(thing: &'w $thing) -> Self {
                Words {
                    description: thing.description.as_deref(),
                    deprecated: thing.deprecated.as_deref(),
                    announced: thing.announced.as_deref(),
                }
            }
        }
    )*};
}

words_of!(Type, Field, Enumeration, Member);

impl<'w> From<&'w Operation> for Words<'w> {
    fn from(operation: &'w Operation) -> Self {
        Words {
            description: None,
            deprecated: operation.deprecated.as_deref(),
            announced: operation.announced.as_deref(),
        }
    }
}

/// What is said otherwise.
pub(super) fn said(subject: Subject, element: &str, old: Words<'_>, new: Words<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.description != new.description {
        let what = "is described in other words";
        let change = Change::new(Patch, subject, element, Kind::Described, what);
        changes.push(change.because(DOCS));
    }
    if (old.deprecated, old.announced) != (new.deprecated, new.announced) {
        let change =
            |verdict, what: String| Change::new(verdict, subject, element, Kind::Deprecated, what);
        let what = match (old.announced, new.announced) {
            (None, Some(after)) => after.to_owned(),
            (Some(before), Some(after)) => arrow(before, after),
            (_, None) => "is deprecated no more".to_owned(),
        };
        changes.push(match (old.deprecated, new.deprecated) {
            (None, Some(_)) => change(Minor, what)
                .rust("`#[deprecated]` is on it")
                .because(WARNING_MORE),
            (Some(_), None) => change(Patch, what)
                .rust("`#[deprecated]` is not on it any more")
                .because(MORE),
            _ => change(Patch, what).because(DOCS),
        });
    }
    changes
}
