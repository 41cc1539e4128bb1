//! `Core.Computed`: the service sets the value.

use super::term::is_tagged;
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.Computed";

/// Whether the service sets the value.
pub fn is_computed<'s, 'a: 's>(annotations: impl IntoIterator<Item = &'s Annotation<'a>>) -> bool {
    is_tagged(annotations, TERM)
}
