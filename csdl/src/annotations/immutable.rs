//! `Core.Immutable`: the value can be set on creation only.

use super::term::is_tagged;
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.Immutable";

/// Whether the value can be set on creation only.
pub fn is_immutable<'s, 'a: 's>(annotations: impl IntoIterator<Item = &'s Annotation<'a>>) -> bool {
    is_tagged(annotations, TERM)
}
