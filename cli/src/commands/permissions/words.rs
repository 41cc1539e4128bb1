//! Operations and paths in plain words, for readers who do not program.

use msgraph_codegen::ir::{Operation, OperationKind};
use msgraph_csdl::path::segment;

use crate::support::index::resource_path;
use crate::support::type_name::local;

/// `1 operation`, `2 operations`.
pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// What an operation does: `Update the authentication methods policy`.
pub(super) fn title(operation: &Operation) -> String {
    let path = resource_path(&operation.path);
    let last = path.rsplit('/').next().unwrap_or_default();
    let resource = resource(last, local(&operation.subject));
    let collection = words(name(last));
    match operation.kind {
        OperationKind::List => format!("List the {collection}"),
        OperationKind::Get => format!("Read {resource}"),
        OperationKind::Create => format!("Create one {}", words(local(&operation.subject))),
        OperationKind::Update => format!("Update {resource}"),
        OperationKind::Replace => format!("Replace {resource}"),
        OperationKind::Reset => format!("Reset {resource} to its defaults"),
        OperationKind::Delete => format!("Delete {resource}"),
        OperationKind::AddRef => format!("Add one item to the {collection}"),
        OperationKind::RemoveRef => match parent(path) {
            // The last segment is the key of the item.
            Some(parent) if last.starts_with('{') => {
                format!("Remove one item from the {}", words(name(parent)))
            }
            _ => format!("Remove the {collection}"),
        },
        OperationKind::SetRef => format!("Set the {collection}"),
        OperationKind::GetContent => format!("Read the content of {resource}"),
        OperationKind::PutContent => format!("Replace the content of {resource}"),
        OperationKind::Reference => format!("Refer to {resource}"),
        OperationKind::Action => format!("Call the action “{collection}”"),
        OperationKind::Function => format!("Call the function “{collection}”"),
    }
}

/// The segments of a path in words: `users`, `one user`, `manager`.
pub(super) fn location(path: &str) -> Vec<String> {
    let segments = segment::split(resource_path(path));
    let segments = segments.filter(|segment| !segment.is_empty());
    segments
        .map(|segment| match placeholder(segment) {
            Some("id") => "one of them".to_owned(),
            Some(key) => format!("one {}", words(key)),
            None => match segment.split_once('(') {
                Some((name, keys)) if keys.contains('{') => {
                    format!("one of the {}", words(local(name)))
                }
                _ => words(name(segment)),
            },
        })
        .collect()
}

/// The resource at the end of a path.
fn resource(last: &str, subject: &str) -> String {
    let is_of_set = last.contains('{');
    let named = name(last);
    let type_has_name = subject.to_lowercase().contains(&named.to_lowercase());
    match (is_of_set, type_has_name) {
        (true, _) => format!("one {}", words(subject)),
        // The key of an item.
        (false, true) => format!("the {}", words(subject)),
        (false, false) => format!("the {}", words(named)),
    }
}

/// The name of a placeholder that is a whole segment, without `-id`.
fn placeholder(segment: &str) -> Option<&str> {
    let inner = segment.strip_prefix('{')?.strip_suffix('}')?;
    Some(inner.strip_suffix("-id").unwrap_or(inner))
}

/// The name of a segment, without keys, arguments and namespace.
fn name(segment: &str) -> &str {
    let name = segment.split('(').next().unwrap_or_default();
    local(name)
}

/// The segment before the last.
fn parent(path: &str) -> Option<&str> {
    let (before, _) = path.rsplit_once('/')?;
    before.rsplit('/').next()
}

/// `temporaryAccessPassMethods` as `temporary access pass methods`. Abbreviations stay in capitals.
fn words(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut chars = name.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(c) = chars.next() {
        let is_before_lowercase = chars.peek().is_some_and(|next| next.is_lowercase());
        let starts_word = match before {
            None | Some('-' | '_') => true,
            Some(before) => c.is_uppercase() && (before.is_lowercase() || is_before_lowercase),
        };
        before = Some(c);
        if matches!(c, '-' | '_') {
            continue;
        }
        match words.last_mut() {
            Some(word) if !starts_word => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let is_abbreviation = |word: &str| word.len() > 1 && !word.contains(char::is_lowercase);
    let words = words.into_iter().map(|word| {
        if is_abbreviation(&word) {
            word
        } else {
            word.to_lowercase()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, expected) in [
            (
                "temporaryAccessPassMethods",
                "temporary access pass methods",
            ),
            ("TemporaryAccessPass", "temporary access pass"),
            ("fido2AuthenticationMethod", "fido2 authentication method"),
            ("B2CIdentityUserFlow", "B2C identity user flow"),
            ("oauth2PermissionGrants", "oauth2 permission grants"),
            ("SMSMethod", "SMS method"),
            ("me", "me"),
            ("", ""),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn a_path_becomes_words() {
        for (path, expected) in [
            (
                "/users/{user-id}/manager/$ref",
                "users › one user › manager",
            ),
            ("/applications(appId='{appId}')", "one of the applications"),
            (
                "/users/{id}/microsoft.graph.delta()",
                "users › one of them › delta",
            ),
        ] {
            assert_eq!(location(path).join(" › "), expected, "{path}");
        }
    }
}
