//! Placeholders of a path: their names, and literals turned into them.

use crate::model::Schema;
use crate::path::segment::{Argument, SegmentParts};

use super::walk::{first, key, next};
use super::{ResourcePath, SegmentKind};

/// `{mailFolder-id}`, named after the type as in Microsoft's OpenAPI; numbered if a type occurs
/// more than once in the path.
pub(super) fn placeholder(schema: &Schema<'_>, path: &ResourcePath) -> String {
    let ty = &schema[path.target.ty];
    let name = format!("{}-id", ty.name.text);
    let taken = |candidate: &str| {
        path.segments
            .iter()
            .flat_map(|segment| &segment.parameters)
            .any(|parameter| parameter.name == candidate)
    };
    let mut candidate = name.clone();
    let mut number = 1;
    while taken(&candidate) {
        candidate = format!("{name}{number}");
        number += 1;
    }
    format!("{{{candidate}}}")
}

/// One item of a collection, with a placeholder for its key.
pub fn item(schema: &Schema<'_>, collection: &ResourcePath) -> ResourcePath {
    key(schema, collection, &placeholder(schema, collection))
}

/// Replaces literal keys and arguments in a path with placeholders, except for keys for which
/// `is_known` is true, given the path of the set and the key.
pub fn with_placeholders(
    schema: &Schema<'_>,
    path: &ResourcePath,
    is_known: &dyn Fn(&str, &str) -> bool,
) -> ResourcePath {
    let mut so_far: Option<ResourcePath> = None;
    for segment in &path.segments {
        let is_value = segment.parameters.is_empty();
        let template = so_far
            .as_ref()
            .map(ResourcePath::template)
            .unwrap_or_default();
        let is_known_key = segment.literal_key().is_some_and(|(name, key)| match name {
            Some(name) => is_known(&format!("{template}/{name}"), &key),
            None => is_known(&template, &key),
        });
        let is_named = segment.kind != SegmentKind::Key;
        let text = match is_value && is_named && !is_known_key {
            true => named_values(&segment.text),
            false => segment.text.clone(),
        };
        let then = match so_far {
            None => first(schema, &text),
            Some(before) if !is_named && is_value && !is_known_key => {
                Ok(key(schema, &before, &placeholder(schema, &before)))
            }
            Some(before) => next(schema, &before, &text),
        };
        // Segments without a placeholder form stay unchanged.
        match then {
            Ok(then) => so_far = Some(then),
            Err(_) => return path.clone(),
        }
    }
    so_far.unwrap_or_else(|| path.clone())
}

/// Replaces values in `name(address='A1')` with placeholders, `name(address='{address}')`. A key
/// without a name becomes `id`.
fn named_values(segment: &str) -> String {
    let parts = SegmentParts::parse(segment).ok();
    let Some((name, arguments)) = parts.and_then(|parts| Some((parts.name, parts.arguments?)))
    else {
        return segment.to_owned();
    };
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| {
            let quote = if argument.is_quoted() { "'" } else { "" };
            let literal = format!("{quote}{{{}}}{quote}", argument.name.unwrap_or("id"));
            let literal = literal.as_str();
            Argument {
                literal,
                ..*argument
            }
            .to_string()
        })
        .collect();
    format!("{name}({})", arguments.join(","))
}
