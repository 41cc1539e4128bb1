//! `Capabilities.InsertRestrictions`.

use crate::document::Expression;

/// The name of the term.
pub const TERM: &str = "Org.OData.Capabilities.V1.InsertRestrictions";

/// `Insertable`, where it is stated.
pub fn insertable(record: &Expression<'_>) -> Option<bool> {
    record.property("Insertable")?.as_bool()
}
