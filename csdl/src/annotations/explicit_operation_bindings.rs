//! `Core.ExplicitOperationBindings`: the operations that bind here although they require an explicit
//! binding.

use super::term::{KnownTerm, Role, Shape, annotation, strings};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.ExplicitOperationBindings",
    role: Role::Path {
        on_types: true,
        on_links: false,
    },
    shape: Shape::Collection(&Shape::Operation),
    has_effect: |value| value.is_some(),
    hides_inherited: true,
};

/// The names of the operations.
pub fn operations<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Vec<String>> {
    annotation(annotations, &TERM).map(strings)
}
