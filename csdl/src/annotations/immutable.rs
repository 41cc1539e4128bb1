//! `Core.Immutable`: set on creation only.

use super::is_tagged;
use crate::document::Annotation;

/// The name of the term.
pub const TERM: &str = "Org.OData.Core.V1.Immutable";

/// Whether the value is set on creation only.
pub fn is_immutable<'s, 'a: 's>(annotations: impl IntoIterator<Item = &'s Annotation<'a>>) -> bool {
    is_tagged(annotations, TERM)
}
