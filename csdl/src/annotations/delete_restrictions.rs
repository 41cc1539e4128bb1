//! `Capabilities.DeleteRestrictions`.

use super::term::annotation;
use crate::document::{Annotation, Expression};

/// The term.
pub const TERM: &str = "Org.OData.Capabilities.V1.DeleteRestrictions";

/// `Deletable`, if annotated.
pub fn deletable<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<bool> {
    read(annotation(annotations, TERM)?)
}

/// Reads a value of the term.
pub(super) fn read(record: &Expression<'_>) -> Option<bool> {
    record.property("Deletable")?.as_bool()
}
