//! `Capabilities.InsertRestrictions`.

use super::term::{KnownTerm, Shape, annotation};
use crate::document::{Annotation, Expression};

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Capabilities.V1.InsertRestrictions",
    shape: SHAPE,
};

pub(super) const SHAPE: Shape = Shape::Record(&[("Insertable", Shape::Whole)]);

/// `Insertable`, if annotated.
pub fn insertable<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<bool> {
    read(annotation(annotations, &TERM)?)
}

/// Reads a value of the term.
pub(super) fn read(record: &Expression<'_>) -> Option<bool> {
    record.property("Insertable")?.as_bool()
}
