//! `Core.Immutable`: the value can be set on creation only.

use super::term::{KnownTerm, Role, Shape, is_tagged, is_true};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.Immutable",
    role: Role::ReadOnly,
    shape: Shape::Whole,
    has_effect: is_true,
    hides_inherited: false,
};

/// Whether the value can be set on creation only.
pub fn is_immutable<'s, 'a: 's>(annotations: impl IntoIterator<Item = &'s Annotation<'a>>) -> bool {
    is_tagged(annotations, &TERM)
}
