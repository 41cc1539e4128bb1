//! Entries of facts whose path the metadata lacks, such as one with a typo. They have no effect.

use super::walk::WrongSegment;
use super::{walk, walk_call};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::{Facts, same_path, split_key};
use crate::model::Schema;
use crate::source::Span;

/// Warns about entries whose path the metadata lacks. `is_checked` is true for the entries to check.
pub fn check_fact_paths(
    schema: &Schema<'_>,
    facts: &Facts,
    is_checked: impl Fn(Span) -> bool,
    diagnostics: &mut Diagnostics,
) {
    let operations = facts.operations.iter();
    let operations = operations.map(|(key, facts)| (split_key(key), facts.span));
    let subtrees = facts.subtrees.iter();
    let subtrees = subtrees.map(|(path, facts)| ((None, path.as_str()), facts.span));
    let keys = facts.keys.iter();
    let keys = keys.map(|(path, keys)| ((None, path.as_str()), keys.span));
    let partial = facts.permissions.values().flat_map(|facts| &facts.paths);
    let partial = partial.map(|path| ((None, path.text.as_ref()), path.span));
    let all = operations.chain(subtrees).chain(keys).chain(partial);
    for ((method, path), span) in all.filter(|(_, span)| is_checked(*span)) {
        if let Some(wrong) = wrong_path(schema, method, path) {
            let message = format!("the metadata has no `{path}`: {}", wrong.message);
            diagnostics.push(Diagnostic::warning(span, message).help(wrong.help));
        }
    }
}

/// Why a path leads to no resource, action or function.
fn wrong_path(schema: &Schema<'_>, method: Option<&str>, path: &str) -> Option<WrongSegment> {
    let suffixes = ["/**", "/$ref", "/$value"];
    let resource = suffixes.iter().find_map(|end| path.strip_suffix(end));
    let resource = resource.unwrap_or(path);
    if resource.is_empty() {
        return None;
    }
    let not_resource = in_any_case(resource, |path| walk(schema, path)).err()?;
    match in_any_case(path, |path| walk_call(schema, path)) {
        Ok(call) if same_path(&call.template(), path) => None,
        Ok(call) => Some(WrongSegment {
            message: "the arguments of the function differ".to_owned(),
            help: format!("write `{}`", call.template()),
            ..not_resource
        }),
        Err(not_call) if method == Some("POST") => Some(not_call),
        Err(_) => Some(not_resource),
    }
}

/// Resolves a path whose segments may differ from the metadata in case.
///
/// # Errors
///
/// A segment does not resolve.
pub fn in_any_case<T>(
    path: &str,
    resolve: impl Fn(&str) -> Result<T, WrongSegment>,
) -> Result<T, WrongSegment> {
    let mut path = path.to_owned();
    loop {
        let wrong = match resolve(&path) {
            Ok(resolved) => return Ok(resolved),
            Err(wrong) => wrong,
        };
        let written = path.get(wrong.start..wrong.end).unwrap_or_default();
        let name = written.split('(').next().unwrap_or_default();
        // The help suggests the nearest name first.
        let suggested = wrong.help.split('`').nth(1).unwrap_or_default();
        if name == suggested || !name.eq_ignore_ascii_case(suggested) {
            return Err(wrong);
        }
        path.replace_range(wrong.start..wrong.start + name.len(), suggested);
    }
}
