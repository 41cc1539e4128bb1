//! `Capabilities.ReadRestrictions`.

use crate::document::Expression;

/// The name of the term.
pub const TERM: &str = "Org.OData.Capabilities.V1.ReadRestrictions";

/// `Readable`, where it is stated.
pub fn readable(record: &Expression<'_>) -> Option<bool> {
    record.property("Readable")?.as_bool()
}
