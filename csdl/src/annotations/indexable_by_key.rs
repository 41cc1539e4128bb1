//! `Capabilities.IndexableByKey`: whether an item of a collection can be addressed by its key.

use super::term::annotation;
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Capabilities.V1.IndexableByKey";

/// Whether items can be addressed by key, if annotated.
pub fn is_indexable<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<bool> {
    annotation(annotations, TERM).map(|value| value.as_bool() != Some(false))
}
