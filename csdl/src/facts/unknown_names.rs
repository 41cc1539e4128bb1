//! Entries of facts with a type or property that the metadata lacks, such as one with a typo. They have no effect.

use std::collections::BTreeSet;

use super::Facts;
use super::added_property::{owner, type_reference};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest_or};
use crate::model::Schema;
use crate::source::Span;

/// Warns about entries with an unknown type of a property, or unknown properties of a permission. `is_checked` is true
/// for the entries to check.
pub fn check_fact_names(
    schema: &Schema<'_>,
    facts: &Facts,
    is_checked: impl Fn(Span) -> bool,
    diagnostics: &mut Diagnostics,
) {
    for (path, facts) in &facts.properties {
        if let Some(written) = facts.ty.as_ref().filter(|ty| is_checked(ty.span))
            && owner(schema, path).is_some()
            && let Err(help) = type_reference(schema, &written.text)
        {
            let message = format!("the metadata has no type `{}`", written.text);
            diagnostics.push(Diagnostic::warning(written.span, message).help(help));
        }
    }
    let permissions = facts.permissions.values();
    let mut permissions = permissions
        .filter(|facts| is_checked(facts.span))
        .peekable();
    if permissions.peek().is_none() {
        return;
    }
    let structured = schema.types().filter_map(|(id, _)| schema.structured(id));
    let properties = structured.flat_map(|ty| &ty.properties);
    let names: BTreeSet<&str> = properties
        .map(|property| property.declared.name.text.as_ref())
        .collect();
    for facts in permissions {
        for name in &facts.properties {
            if !names.contains(name.as_str()) {
                let message = format!("no type of the metadata has the property `{name}`");
                let help = nearest_or(name, names.iter().copied(), "write its name in CSDL");
                diagnostics.push(Diagnostic::warning(facts.span, message).help(help));
            }
        }
    }
}
