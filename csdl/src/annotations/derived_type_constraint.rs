//! `Validation.DerivedTypeConstraint`: the derived types that are allowed at a position.

use super::term::{KnownTerm, Role, Shape, annotation, strings};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Validation.V1.DerivedTypeConstraint",
    role: Role::Path {
        on_types: false,
        on_links: false,
    },
    shape: Shape::Collection(&Shape::Type),
    has_effect: |value| value.is_some(),
    hides_inherited: false,
};

/// The names of the allowed types.
pub fn derived_types<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Vec<String>> {
    annotation(annotations, &TERM).map(strings)
}
