//! Which references a resource that was read has already.

use percent_encoding::percent_decode_str;
use serde_json::Map;

use crate::reference::split_origin;
use crate::{Reference, Untyped};

/// The references of `desired`, a bind as it is written, that `current` does not have; `None` where there is nothing to
/// bind or to unbind.
///
/// A bind on a collection adds to it (OData JSON 4.01, 8.5), and Graph answers 400 to a reference that is there. So each
/// one is looked for. Reading a resource says what is bound where it was read with `$expand`, as entities, or where a
/// caller has put in the references themselves.
pub(crate) fn missing(
    current: &Map<String, Untyped>,
    navigation: &str,
    desired: &Untyped,
) -> Option<Bind> {
    let by_value = current.get(navigation);
    let by_reference = current.get(&format!("{navigation}@odata.bind"));
    let there = || by_value.into_iter().chain(by_reference).flat_map(items);
    let reference = |url: &Untyped| url.as_str()?.parse::<Reference>().ok();
    match desired {
        Untyped::Array(urls) => {
            let mut missing: Vec<Reference> = Vec::new();
            for wanted in urls.iter().filter_map(reference) {
                let again = missing.iter().any(|other| is_same(&wanted, other.as_str()));
                if !again && !there().any(|entity| leads_to(&wanted, entity)) {
                    missing.push(wanted);
                }
            }
            (!missing.is_empty()).then_some(Bind::Collection(missing))
        }
        Untyped::Null => {
            let is_unbound = [by_value, by_reference].contains(&Some(&Untyped::Null));
            (!is_unbound).then_some(Bind::AsDesired)
        }
        url => {
            let is_bound =
                reference(url).is_some_and(|wanted| there().any(|it| leads_to(&wanted, it)));
            (!is_bound).then_some(Bind::AsDesired)
        }
    }
}

/// What is to be sent of a bind.
pub(crate) enum Bind {
    AsDesired,
    Collection(Vec<Reference>),
}

fn items(value: &Untyped) -> &[Untyped] {
    match value {
        Untyped::Array(items) => items,
        single => std::slice::from_ref(single),
    }
}

/// Whether a reference leads to what was read: an entity, or the URL of one.
fn leads_to(reference: &Reference, read: &Untyped) -> bool {
    if let Some(url) = read.as_str() {
        return is_same(reference, url);
    }
    let text = |name: &str| read.get(name).and_then(Untyped::as_str);
    if text("@odata.id").is_some_and(|url| is_same(reference, url)) {
        return true;
    }
    let segments = segments(reference.as_str());
    let Some(key) = segments.last() else {
        return false;
    };
    // Users go by either; other alternate keys name their property.
    let by_name = key.split_once('=').and_then(|(name, value)| {
        let value = value.strip_prefix('\'')?.strip_suffix('\'')?;
        Some(text(name)? == value.replace("''", "'"))
    });
    by_name == Some(true)
        || ["id", "userPrincipalName"]
            .iter()
            .any(|name| text(name).is_some_and(|id| is_same_key(id, key)))
}

/// Whether two URLs lead to one resource: absolute or relative, with the key in parentheses or as a segment.
pub(crate) fn is_same(reference: &Reference, url: &str) -> bool {
    let origin = |url| split_origin(url).map(|(origin, _)| origin);
    let (one, other) = (reference.as_str(), url);
    let elsewhere = match (origin(one), origin(other)) {
        (Some(one), Some(other)) => !one.eq_ignore_ascii_case(other),
        _ => false,
    };
    let (one, other) = (segments(one), segments(other));
    !elsewhere
        && one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|(one, other)| is_same_key(one, other))
}

/// Keys are compared letter by letter, but for the case of a GUID's.
fn is_same_key(one: &str, other: &str) -> bool {
    let is_guid =
        |key: &str| key.len() == 36 && key.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    one == other || (is_guid(one) && one.eq_ignore_ascii_case(other))
}

/// The decoded segments of a URL's path below the API version, a key in parentheses as a segment of its own, a cast at
/// the end left out.
fn segments(url: &str) -> Vec<String> {
    let path = split_origin(url).map_or(url, |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let mut segments = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let key = segment.strip_suffix(')').and_then(|it| it.split_once('('));
        let (name, key) = key.map_or((segment, None), |(name, key)| (name, Some(key)));
        segments.push(decoded(name));
        segments.extend(key.map(|key| {
            let key = decoded(key);
            let quoted = key
                .strip_prefix('\'')
                .and_then(|key| key.strip_suffix('\''));
            quoted.map_or_else(|| key.clone(), |key| key.replace("''", "'"))
        }));
    }
    if segments
        .first()
        .is_some_and(|first| first == "v1.0" || first == "beta")
    {
        segments.remove(0);
    }
    let is_cast = |segment: &String| {
        segment.starts_with("microsoft.graph.")
            || segment.starts_with("Microsoft.DirectoryServices.")
    };
    segments.pop_if(|segment| is_cast(segment));
    segments
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_one_resource() {
        let one: Reference = "directoryObjects/a%20b".parse().expect("a URL");
        for url in [
            "/directoryObjects/a%20b",
            "/v1.0/directoryObjects/a%20b",
            "https://graph.microsoft.com/v1.0/directoryObjects/a%20b",
            "https://graph.microsoft.com/beta/directoryObjects('a%20b')",
            "directoryObjects/a b/microsoft.graph.user",
            "directoryObjects/%61%20b?$select=id",
        ] {
            assert!(is_same(&one, url), "{url}");
        }
        for url in [
            "directoryObjects/a",
            "users/a%20b",
            "directoryObjects/A%20b",
            "",
        ] {
            assert!(!is_same(&one, url), "{url}");
        }
        let here: Reference = "https://graph.microsoft.us/v1.0/users/1"
            .parse()
            .expect("a URL");
        assert!(!is_same(&here, "https://graph.microsoft.com/v1.0/users/1"));
    }

    #[test]
    fn an_entity_is_known_by_its_key_or_its_url() {
        let table = [
            ("users/1", serde_json::json!({"id": "1"}), true),
            ("users/2", serde_json::json!({"id": "1"}), false),
            (
                "users/ada@x.org",
                serde_json::json!({"id": "1", "userPrincipalName": "ada@x.org"}),
                true,
            ),
            (
                "applications(appId='7')",
                serde_json::json!({"id": "1", "appId": "7"}),
                true,
            ),
            (
                "applications(appId='7')",
                serde_json::json!({"id": "7"}),
                false,
            ),
            (
                "users/1",
                serde_json::json!({"@odata.id": "https://graph.microsoft.com/v1.0/users('1')"}),
                true,
            ),
            ("users/1", serde_json::json!(null), false),
        ];
        for (url, entity, leads) in table {
            let reference: Reference = url.parse().expect(url);
            assert_eq!(leads_to(&reference, &entity), leads, "{url} {entity}");
        }
    }
}
