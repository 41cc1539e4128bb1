//! `Core.OptionalParameter`: a parameter that a call may omit.

use super::term::{KnownTerm, Role, Shape, annotation};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.OptionalParameter",
    role: Role::Operation,
    shape: Shape::Whole,
    has_effect: |_| true,
    hides_inherited: false,
};

/// Whether a parameter is annotated as optional. The value of the term is its default.
pub fn is_optional(annotations: &[Annotation<'_>]) -> bool {
    annotation(annotations, &TERM).is_some()
}
