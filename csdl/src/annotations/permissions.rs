//! `Core.Permissions`: read, write or both.

use super::term::annotation;
use crate::document::{Annotation, Expression};

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.Permissions";

/// Whether the value can be read and not written.
pub fn is_read_only<'s, 'a: 's>(annotations: impl IntoIterator<Item = &'s Annotation<'a>>) -> bool {
    annotation(annotations, TERM).is_some_and(is_read)
}

fn is_read(value: &Expression<'_>) -> bool {
    value.members().eq(["Read"])
}
