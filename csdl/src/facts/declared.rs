//! Checks for declared properties that do not depend on the metadata.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::identifier::{bad_identifier, is_annotation_name, is_property_name};
use crate::document::split_collection;
use crate::source::Span;
use crate::toml_table::Setting;

/// Checks that a property with this name and type could be declared in some metadata.
pub fn check_declared(
    path: &str,
    span: Span,
    written: &Setting,
    diagnostics: &mut Diagnostics,
) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_name = name.is_empty() || is_property_name(name) || is_annotation_name(name);
    if !is_name {
        diagnostics.push(bad_identifier(span, name));
    }
    let (item, _) = split_collection(&written.text);
    // An entity has a declared type; a stream has its own URL.
    let is_type = !matches!(item, "Edm.EntityType" | "Edm.Stream");
    if !is_type {
        let message = format!("`{}` is not a type of a field", written.text);
        let help = "an update sends values: name a declared type, or a primitive type other than \
                    `Edm.Stream`";
        diagnostics.push(Diagnostic::error(written.span, message).help(help));
    }
    is_name && is_type
}
