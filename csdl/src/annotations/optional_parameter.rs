//! `Core.OptionalParameter`: a parameter that a call may omit.

use super::term::annotation;
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.OptionalParameter";

/// Whether a parameter is annotated as optional. The value of the term is its default.
pub fn is_optional(annotations: &[Annotation<'_>]) -> bool {
    annotation(annotations, TERM).is_some()
}
