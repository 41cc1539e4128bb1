//! What the declaration of a property must fulfil, whatever the metadata has.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::identifier::{bad_identifier, is_property_name};
use crate::source::Span;
use crate::table::Setting;

/// Whether a property can be declared in any metadata, with its name and its type; if not, it is reported.
pub fn check_declared(
    path: &str,
    span: Span,
    written: &Setting,
    diagnostics: &mut Diagnostics,
) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_name = name.is_empty() || is_property_name(name);
    if !is_name {
        diagnostics.push(bad_identifier(span, name));
    }
    let (item, _) = item_of(&written.text);
    // An entity has a key, so its type is a declared one; a stream has a URL of its own.
    let is_type = !matches!(item, "Edm.EntityType" | "Edm.Stream");
    if !is_type {
        let message = format!("`{}` is not a type of a field", written.text);
        let help = "an update sends values: name a declared type, or a primitive type other than \
                    `Edm.Stream`";
        diagnostics.push(Diagnostic::error(written.span, message).help(help));
    }
    is_name && is_type
}

/// What a type holds, and whether it is a collection.
pub(crate) fn item_of(written: &str) -> (&str, bool) {
    let inner = written
        .strip_prefix("Collection(")
        .and_then(|inner| inner.strip_suffix(')'));
    (inner.unwrap_or(written), inner.is_some())
}
