//! `Core.Revisions`: when an element was deprecated, and when it will be removed.

use super::term::annotation;
use crate::document::{Annotation, Expression};

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.Revisions";

/// A deprecation that `Core.Revisions` announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// `Date`, when it was announced.
    pub date: Option<String>,
    /// `RemovalDate`, when the element will be removed.
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
        .find(|revision| {
            let kind = revision.property("Kind");
            kind.is_some_and(|kind| kind.members().any(|member| member == "Deprecated"))
        })?;
    let string = |name| {
        revision
            .property(name)
            .and_then(Expression::as_str)
            .map(str::to_owned)
    };
    Some(Deprecation {
        date: string("Date"),
        removal_date: string("RemovalDate"),
        description: string("Description"),
    })
}
