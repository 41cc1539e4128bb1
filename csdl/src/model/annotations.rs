//! Annotations by term.

use crate::document::{Annotation, Expression};
use crate::vocabulary;

/// The value of the first annotation with this term and no qualifier.
pub fn annotation<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
) -> Option<&'s Expression<'a>> {
    const TAGGED: &Expression<'static> = &Expression::Bool(true);
    annotations
        .into_iter()
        .find(|annotation| annotation.term.text == term && annotation.qualifier.is_none())
        // Every term that the generator asks for by its mere presence is a `Core.Tag`, whose
        // default is true.
        .map(|annotation| annotation.value.as_ref().unwrap_or(TAGGED))
}

/// Whether a tagging term stands here and is not false.
pub fn is_tagged<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
) -> bool {
    annotation(annotations, term).and_then(Expression::as_bool) == Some(true)
}

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
    let revision = annotation(annotations, vocabulary::REVISIONS)?
        .items()
        .iter()
        .find(|revision| {
            revision
                .property("Kind")
                .is_some_and(|kind| kind.members().any(|member| member == "Deprecated"))
        })?;
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
