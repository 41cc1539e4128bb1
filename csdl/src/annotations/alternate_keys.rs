//! `Core.AlternateKeys`.

use super::term::annotation;
use crate::document::{Annotation, Expression};

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.AlternateKeys";

/// A property of an alternate key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPart<'e> {
    /// The path of the property.
    pub name: &'e str,
    /// Its name in a URL.
    pub alias: &'e str,
}

/// The alternate keys among annotations; one with an unnamed property is ignored.
pub fn of<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Vec<Vec<KeyPart<'s>>> {
    let keys = annotation(annotations, TERM).map(Expression::items);
    let keys = keys.unwrap_or_default().iter();
    keys.filter_map(|item| key(item).collect()).collect()
}

/// The property paths of all alternate keys of a value.
pub fn paths<'e>(value: &'e Expression<'_>) -> impl Iterator<Item = &'e str> {
    let parts = value.items().iter().flat_map(key).flatten();
    parts.map(|part| part.name)
}

/// The parts of one alternate key, an item of the value; `None` for each without a name.
fn key<'e>(item: &'e Expression<'_>) -> impl Iterator<Item = Option<KeyPart<'e>>> {
    let parts = item.property("Key").map(Expression::items);
    parts.unwrap_or_default().iter().map(|part| {
        let name = part.property("Name")?.as_str()?;
        let alias = part.property("Alias").and_then(Expression::as_str);
        Some(KeyPart {
            name,
            alias: alias.unwrap_or(name),
        })
    })
}
