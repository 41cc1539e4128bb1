//! `Core.LongDescription`.

use super::term::{KnownTerm, Role, Shape};

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.LongDescription",
    role: Role::Description,
    shape: Shape::Whole,
    has_effect: |value| value.is_some_and(|value| value.as_str().is_some()),
    hides_inherited: false,
};
