//! `Capabilities.InsertRestrictions`.

use super::term::{KnownTerm, Role, Shape, annotation};
use crate::document::{Annotation, Expression};

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Capabilities.V1.InsertRestrictions",
    role: Role::ComplexPath,
    shape: SHAPE,
    has_effect: |value| value.and_then(read) == Some(true),
    hides_inherited: false,
};

/// The term as it decides which operations are offered.
pub static OPERATIONS: KnownTerm = KnownTerm {
    has_effect: |value| value.and_then(read).is_some(),
    ..TERM
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
