//! `Capabilities.DeleteRestrictions`.

use super::term::{KnownTerm, Role, Shape, annotation};
use crate::document::{Annotation, Expression};

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Capabilities.V1.DeleteRestrictions",
    role: Role::Offer,
    shape: SHAPE,
    has_effect: |value| value.and_then(read).is_some(),
    hides_inherited: false,
};

pub(super) const SHAPE: Shape = Shape::Record(&[("Deletable", Shape::Whole)]);

/// `Deletable`, if annotated.
pub fn deletable<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<bool> {
    read(annotation(annotations, &TERM)?)
}

/// Reads a value of the term.
pub(super) fn read(record: &Expression<'_>) -> Option<bool> {
    record.property("Deletable")?.as_bool()
}
