//! `Core.Computed`: the service sets the value.

use super::term::{KnownTerm, Shape, is_tagged};
use crate::document::Annotation;

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.Computed",
    shape: Shape::Whole,
};

/// Whether the service sets the value.
pub fn is_computed<'s, 'a: 's>(annotations: impl IntoIterator<Item = &'s Annotation<'a>>) -> bool {
    is_tagged(annotations, &TERM)
}
