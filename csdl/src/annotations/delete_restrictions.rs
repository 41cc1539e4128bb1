//! `Capabilities.DeleteRestrictions`.

use super::term::{KnownTerm, Role, Shape, annotation};
use crate::document::{Annotation, Expression};

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Capabilities.V1.DeleteRestrictions",
    role: Role::EmulatorOnly,
    shape: Shape::Record(&[("Deletable", Shape::Whole)]),
    has_effect: |value| value.and_then(read).is_some(),
    hides_inherited: false,
};

/// `Deletable`, if annotated.
pub fn deletable<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<bool> {
    read(annotation(annotations, &TERM)?)
}

fn read(record: &Expression<'_>) -> Option<bool> {
    record.property("Deletable")?.as_bool()
}
