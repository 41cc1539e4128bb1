//! Finds the generated operations at a path.

use msgraph_codegen::ir::{Api, Operation, OperationKind};
use msgraph_csdl::path::segment;
use msgraph_csdl::path::template::same_template;

use super::call;
use crate::support::index::resource_path;

/// The operations of the matching template with the most literal segments.
pub(super) fn operations_at<'i>(index: &'i Api, path: &str) -> Vec<&'i Operation> {
    let operations = || {
        let operations = index.operations.iter();
        operations.filter(|operation| operation.kind != OperationKind::Reference)
    };
    let best = operations()
        .filter_map(|operation| Some((literals_of(operation, path)?, operation)))
        .max_by_key(|(literal, _)| *literal);
    let Some((_, best)) = best else {
        return Vec::new();
    };
    let best = resource_path(&best.path);
    let same = operations().filter(|operation| resource_path(&operation.path) == best);
    same.collect()
}

/// The number of literal segments that the path of an operation shares with a path. The namespace of a call is optional.
fn literals_of(operation: &Operation, path: &str) -> Option<usize> {
    let template = resource_path(&operation.path);
    let same = literal_segments(template, path);
    if same.is_some() || !operation.kind.is_call() {
        return same;
    }
    let short = literal_segments(template, &call::unqualified(path));
    short.or_else(|| literal_segments(&call::unqualified(template), path))
}

/// The number of literal segments that a template shares with a path; `None` if the path does not match it.
fn literal_segments(template: &str, path: &str) -> Option<usize> {
    if same_template(template, path) {
        return Some(usize::MAX);
    }
    let mut literal = 0;
    let mut segments = segment::split(path);
    for expected in segment::split(template) {
        let segment = segments.next()?;
        if expected.eq_ignore_ascii_case(segment) {
            literal += 1;
        } else if !matches_placeholder(expected, segment) {
            return None;
        }
    }
    segments.next().is_none().then_some(literal)
}

/// Whether a segment matches one with placeholders: `{id}`, `name(appId='{appId}')`.
fn matches_placeholder(template: &str, segment: &str) -> bool {
    let key = template.split_once('{').and_then(|(start, _)| {
        let (_, end) = template.rsplit_once('}')?;
        segment.strip_prefix(start)?.strip_suffix(end)
    });
    key.is_some_and(|key| !key.is_empty() && !key.contains('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_matches_the_template_with_its_literal_segments() {
        assert_eq!(literal_segments("/users/{id}", "/users/1"), Some(2));
        assert_eq!(literal_segments("/users/{id}", "/Users/1"), Some(2));
        assert_eq!(
            literal_segments("/users/{id}", "/users/{other}"),
            Some(usize::MAX)
        );
        assert_eq!(literal_segments("/users/me", "/users/{other}"), None);
        assert_eq!(literal_segments("/a(b='{c}')/d", "/a(b='1')/d"), Some(2));
        assert_eq!(literal_segments("/a(b='{c}')/d", "/a(e='1')/d"), None);
        assert_eq!(literal_segments("/users/{id}", "/users/1/manager"), None);
        assert_eq!(literal_segments("/users/{id}/manager", "/users/1"), None);
    }
}
