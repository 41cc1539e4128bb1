//! `Core.RequiresExplicitBinding`: an operation that binds only where it is named.

use super::annotation;
use crate::document::Annotation;

/// The name of the term.
pub const TERM: &str = "Org.OData.Core.V1.RequiresExplicitBinding";

/// Whether an operation binds only where it is named.
pub fn is_required(annotations: &[Annotation<'_>]) -> bool {
    let required = annotation(annotations, TERM);
    required.is_some_and(|value| value.as_bool() != Some(false))
}
