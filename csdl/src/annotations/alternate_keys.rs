//! `Core.AlternateKeys`.

use crate::document::Expression;

/// The name of the term.
pub const TERM: &str = "Org.OData.Core.V1.AlternateKeys";

/// The alternate keys of a value, each with the properties that it consists of.
pub fn keys<'e, 'a>(
    value: &'e Expression<'a>,
) -> impl Iterator<Item = &'e [Expression<'a>]> + use<'e, 'a> {
    let keys = value.items().iter();
    keys.filter_map(|key| key.property("Key").map(Expression::items))
}

/// The path of a property of an alternate key.
pub fn name<'e>(part: &'e Expression<'_>) -> Option<&'e str> {
    part.property("Name")?.as_str()
}

/// The name of a property of an alternate key in a URL.
pub fn alias<'e>(part: &'e Expression<'_>) -> Option<&'e str> {
    let alias = part.property("Alias").and_then(Expression::as_str);
    alias.or_else(|| name(part))
}
