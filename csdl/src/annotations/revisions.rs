//! `Core.Revisions`: when an element was deprecated, and when it goes.

use super::annotation;
use crate::document::{Annotation, Expression};

/// The name of the term.
pub const TERM: &str = "Org.OData.Core.V1.Revisions";

/// A deprecation that `Core.Revisions` announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// `Date`, when it was announced.
    pub date: Option<String>,
    /// `RemovalDate`, when the element goes.
    pub removal_date: Option<String>,
    /// `Description`.
    pub description: Option<String>,
}

/// The deprecation among the annotations, if there is one.
pub fn deprecation<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Deprecation> {
    let revision = annotation(annotations, TERM)?
        .items()
        .iter()
        .find(|revision| is_deprecation(revision))?;
    let text = |name| {
        revision
            .property(name)
            .and_then(Expression::as_str)
            .map(str::to_owned)
    };
    Some(Deprecation {
        date: text("Date"),
        removal_date: text("RemovalDate"),
        description: text("Description"),
    })
}

/// Whether a revision announces a deprecation.
pub fn is_deprecation(revision: &Expression<'_>) -> bool {
    revision
        .property("Kind")
        .is_some_and(|kind| kind.members().any(|member| member == "Deprecated"))
}
