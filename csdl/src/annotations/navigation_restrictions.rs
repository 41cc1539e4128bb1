//! `Capabilities.NavigationRestrictions`.

use crate::document::Expression;

/// The name of the term.
pub const TERM: &str = "Org.OData.Capabilities.V1.NavigationRestrictions";

/// What is stated of one navigation property.
pub fn of_property<'e, 'a>(record: &'e Expression<'a>, name: &str) -> Option<&'e Expression<'a>> {
    properties(record).iter().find(|restricted| {
        let path = restricted.property("NavigationProperty");
        path.and_then(Expression::as_str)
            .is_none_or(|path| path == name)
    })
}

/// What is stated of navigation properties, one by one.
pub fn properties<'e, 'a>(record: &'e Expression<'a>) -> &'e [Expression<'a>] {
    let properties = record.property("RestrictedProperties");
    properties.map(Expression::items).unwrap_or_default()
}

/// Whether a path may go on, by a `Navigability`.
pub fn is_navigable(navigability: &Expression<'_>) -> bool {
    navigability.members().all(|member| member != "None")
}
