//! `Capabilities.ReadRestrictions`.

use super::term::{KnownTerm, Role, Shape, annotation};
use crate::document::{Annotation, Expression};

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Capabilities.V1.ReadRestrictions",
    role: Role::ComplexPath,
    shape: Shape::Record(&[("Readable", Shape::Whole)]),
    has_effect: |value| value.and_then(read) == Some(true),
    hides_inherited: false,
};

/// `Readable`, if annotated.
pub fn readable<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<bool> {
    read(annotation(annotations, &TERM)?)
}

fn read(record: &Expression<'_>) -> Option<bool> {
    record.property("Readable")?.as_bool()
}
