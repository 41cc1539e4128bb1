//! `Core.RequiresExplicitBinding`: an operation that binds only to types that name it.

use super::term::{KnownTerm, Role, Shape, annotation};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.RequiresExplicitBinding",
    role: Role::Operation,
    shape: Shape::Whole,
    has_effect: |value| value.is_none_or(|value| value.as_bool() != Some(false)),
    hides_inherited: false,
};

/// Whether an operation requires an explicit binding.
pub fn is_required(annotations: &[Annotation<'_>]) -> bool {
    annotation(annotations, &TERM).is_some_and(|value| (TERM.has_effect)(Some(value)))
}
