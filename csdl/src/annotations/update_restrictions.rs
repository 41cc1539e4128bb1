//! `Capabilities.UpdateRestrictions`.

use super::term::annotation;
use crate::document::{Annotation, Expression};

/// The term.
pub const TERM: &str = "Org.OData.Capabilities.V1.UpdateRestrictions";

/// A value of the term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpdateRestrictions {
    /// `Updatable`.
    pub updatable: Option<bool>,
    /// Whether `UpdateMethod` is PUT.
    pub is_put: Option<bool>,
    /// Whether `CustomHeaders` requires `If-Match`.
    pub requires_if_match: bool,
}

/// The restrictions, if annotated.
pub fn of<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<UpdateRestrictions> {
    annotation(annotations, TERM).map(read)
}

/// Reads a value of the term.
pub fn read(record: &Expression<'_>) -> UpdateRestrictions {
    let method = record.property("UpdateMethod");
    let headers = record.property("CustomHeaders");
    let mut headers = headers.map(Expression::items).unwrap_or_default().iter();
    UpdateRestrictions {
        updatable: record.property("Updatable").and_then(Expression::as_bool),
        is_put: method.map(|method| method.members().eq(["PUT"])),
        requires_if_match: headers.any(|header| {
            header.property("Name").and_then(Expression::as_str) == Some("If-Match")
                && header.property("Required").and_then(Expression::as_bool) == Some(true)
        }),
    }
}
