//! References that the current resource does not have yet.

use serde_json::{Map, Value as Untyped};

use crate::edm::reference::Reference;
use crate::edm::reference::url::{is_same_key, is_same_url, segments};

/// The references of `desired`, a written bind, that `current` does not have. `None` if there is nothing to change.
///
/// A bind on a collection adds to it (OData JSON 4.01, 8.5), and Graph responds with 400 if a reference exists. `current`
/// has the bound entities if it was read with `$expand`, or the references if the caller inserted them.
pub(crate) fn missing(
    current: &Map<String, Untyped>,
    navigation: &str,
    desired: &Untyped,
) -> Option<Bind> {
    let by_value = current.get(navigation);
    let by_reference = current.get(&format!("{navigation}@odata.bind"));
    let bound = || by_value.into_iter().chain(by_reference).flat_map(items);
    let reference = |url: &Untyped| url.as_str()?.parse::<Reference>().ok();
    match desired {
        Untyped::Array(urls) => {
            let mut missing: Vec<Reference> = Vec::new();
            for wanted in urls.iter().filter_map(reference) {
                let again = missing
                    .iter()
                    .any(|other| is_same_url(wanted.as_str(), other.as_str()));
                if !again && !bound().any(|entity| leads_to(&wanted, entity)) {
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
                reference(url).is_some_and(|wanted| bound().any(|it| leads_to(&wanted, it)));
            (!is_bound).then_some(Bind::AsDesired)
        }
    }
}

/// The part of a bind to send.
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

/// Whether a reference leads to `target`: an entity, or the URL of one.
fn leads_to(reference: &Reference, target: &Untyped) -> bool {
    if let Some(url) = target.as_str() {
        return is_same_url(reference.as_str(), url);
    }
    let property = |name: &str| target.get(name).and_then(Untyped::as_str);
    if property("@odata.id").is_some_and(|url| is_same_url(reference.as_str(), url)) {
        return true;
    }
    let segments = segments(reference.as_str());
    let Some(key) = segments.last() else {
        return false;
    };
    // Users are addressed by `id` or `userPrincipalName`; other alternate keys name their property.
    let by_name = key.split_once('=').and_then(|(name, value)| {
        let value = value.strip_prefix('\'')?.strip_suffix('\'')?;
        Some(property(name)? == value.replace("''", "'"))
    });
    by_name == Some(true)
        || ["id", "userPrincipalName"]
            .iter()
            .any(|name| property(name).is_some_and(|id| is_same_key(id, key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_leads_to_an_entity_by_key_or_url() {
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
