//! `Validation.DerivedTypeConstraint`: the derived types that are allowed at a position.

use super::term::{KnownTerm, Shape, annotation, strings};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Validation.V1.DerivedTypeConstraint",
    shape: Shape::Collection(&Shape::Type),
};

/// The names of the allowed types.
pub fn derived_types<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Vec<String>> {
    annotation(annotations, &TERM).map(strings)
}
