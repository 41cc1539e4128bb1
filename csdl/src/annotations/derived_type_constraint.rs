//! `Validation.DerivedTypeConstraint`: the derived types that are allowed at a position.

use super::term::{annotation, strings};
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Validation.V1.DerivedTypeConstraint";

/// The names of the allowed types.
pub fn derived_types<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Vec<String>> {
    annotation(annotations, TERM).map(strings)
}
