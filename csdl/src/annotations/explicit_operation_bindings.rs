//! `Core.ExplicitOperationBindings`: the operations that bind here although they require an explicit
//! binding.

use super::term::{annotation, strings};
use crate::document::Annotation;

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.ExplicitOperationBindings";

/// The names of the operations.
pub fn operations<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Vec<String>> {
    annotation(annotations, TERM).map(strings)
}
