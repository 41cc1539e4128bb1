//! `Capabilities.UpdateRestrictions`.

use crate::document::Expression;

/// The name of the term.
pub const TERM: &str = "Org.OData.Capabilities.V1.UpdateRestrictions";

/// `Updatable`, where it is stated.
pub fn updatable(record: &Expression<'_>) -> Option<bool> {
    record.property("Updatable")?.as_bool()
}

/// Whether `UpdateMethod` is PUT, where it is stated.
pub fn is_put(record: &Expression<'_>) -> Option<bool> {
    Some(record.property("UpdateMethod")?.members().eq(["PUT"]))
}

/// Whether `CustomHeaders` requires `If-Match`.
pub fn requires_if_match(record: &Expression<'_>) -> bool {
    let headers = record.property("CustomHeaders");
    headers
        .map(Expression::items)
        .unwrap_or_default()
        .iter()
        .any(|header| {
            header.property("Name").and_then(Expression::as_str) == Some("If-Match")
                && header.property("Required").and_then(Expression::as_bool) == Some(true)
        })
}
