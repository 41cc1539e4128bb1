//! `Core.Computed`: the service sets the value.

use super::term::{KnownTerm, Role, Shape, is_tagged, is_true};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.Computed",
    role: Role::ReadOnly,
    shape: Shape::Whole,
    has_effect: is_true,
    hides_inherited: false,
};

/// Whether the service sets the value.
pub fn is_computed<'s, 'a: 's>(annotations: impl IntoIterator<Item = &'s Annotation<'a>>) -> bool {
    is_tagged(annotations, &TERM)
}
