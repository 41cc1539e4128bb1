//! `Core.RequiresExplicitBinding`: an operation that binds only to types that name it.

use super::term::annotation;
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.RequiresExplicitBinding";

/// Whether an operation requires an explicit binding.
pub fn is_required(annotations: &[Annotation<'_>]) -> bool {
    annotation(annotations, TERM).is_some_and(|value| value.as_bool() != Some(false))
}
