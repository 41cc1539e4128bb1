//! `Capabilities.ReadRestrictions`.

use super::term::annotation;
use crate::document::{Annotation, Expression};

/// The term.
pub const TERM: &str = "Org.OData.Capabilities.V1.ReadRestrictions";

/// A value of the term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadRestrictions {
    /// `Readable`.
    pub readable: Option<bool>,
    /// `Readable` in `ReadByKeyRestrictions`: takes precedence for one item of a collection.
    pub readable_by_key: Option<bool>,
}

/// The restrictions, if annotated.
pub fn of<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<ReadRestrictions> {
    annotation(annotations, TERM).map(read)
}

/// Reads a value of the term.
pub(super) fn read(record: &Expression<'_>) -> ReadRestrictions {
    let readable = |record: &Expression<'_>| record.property("Readable")?.as_bool();
    ReadRestrictions {
        readable: readable(record),
        readable_by_key: record.property("ReadByKeyRestrictions").and_then(readable),
    }
}
