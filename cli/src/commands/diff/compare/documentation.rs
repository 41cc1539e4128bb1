//! Changes of descriptions and deprecations.

use msgraph_codegen::ir::{Deprecation, Enumeration, Field, Member, Operation, Struct};

use super::wording::{ADDED, DOCS, WARNING_ADDED, arrow};
use crate::commands::diff::change::Verdict::{Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

#[derive(Clone)]
pub(super) struct Documentation<'w> {
    description: Option<&'w str>,
    /// The note of `#[deprecated]`.
    deprecated: Option<String>,
    /// The announcement, which may have no date of removal.
    announced: Option<String>,
}

macro_rules! documentation_of {
    ($($thing:ty),*) => {$(
        impl<'w> From<&'w $thing> for Documentation<'w> {
            fn from(thing: &'w $thing) -> Self {
                Documentation {
                    description: thing.description.as_deref(),
                    deprecated: thing.deprecation.as_ref().and_then(Deprecation::note),
                    announced: thing.deprecation.as_ref().map(Deprecation::announced),
                }
            }
        }
    )*};
}

documentation_of!(Struct, Field, Enumeration, Member);

impl<'w> From<&'w Operation> for Documentation<'w> {
    fn from(operation: &'w Operation) -> Self {
        Documentation {
            description: None,
            deprecated: operation.deprecated(),
            announced: operation.announced(),
        }
    }
}

pub(super) fn documentation_changes(
    subject: Subject,
    element: &str,
    old: Documentation<'_>,
    new: Documentation<'_>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.description != new.description {
        let what = "has another description";
        let change = Change::new(Patch, subject, element, Kind::Described, what);
        changes.push(change.because(DOCS));
    }
    if (&old.deprecated, &old.announced) != (&new.deprecated, &new.announced) {
        let what = match (old.announced, new.announced) {
            (None, Some(after)) => after,
            (Some(before), Some(after)) => arrow(&before, &after),
            (_, None) => "is no longer deprecated".to_owned(),
        };
        let mut change = Change::new(Patch, subject, element, Kind::Deprecated, what);
        change = match (old.deprecated, new.deprecated) {
            (None, Some(_)) => {
                change.verdict = Minor;
                change.rust("adds `#[deprecated]`").because(WARNING_ADDED)
            }
            (Some(_), None) => change.rust("removes `#[deprecated]`").because(ADDED),
            _ => change.because(DOCS),
        };
        changes.push(change);
    }
    changes
}
