//! `Core.Description`.

use super::long_description;
use super::term::annotation;
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.Description";

/// The description of an element, or else its long description, as written.
pub fn description<'s>(annotations: &'s [Annotation<'_>]) -> Option<&'s str> {
    annotation(annotations, TERM)
        .or_else(|| annotation(annotations, long_description::TERM))?
        .as_str()
}
