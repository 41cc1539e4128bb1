//! The entries of the map that apply to an operation. The rules, and how they were measured, are in
//! `docs/permissions.md`.

use super::map_path::map_path;

/// A path to look up in the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lookup {
    pub(super) path: String,
    /// Whether the entry applies only if a user signs in.
    pub(super) delegated_only: bool,
}

/// Paths with the same resources, each with whether only the permissions of users apply.
const SAME: [(&str, &str, bool); 10] = [
    ("/me/", "/users/{}/", true),
    ("/me/calendar", "/me/calendars/{}", false),
    ("/users/{}/calendar", "/users/{}/calendars/{}", false),
    ("/drives/{}", "/users/{}/drive", false),
    ("/users/{}/drive", "/drives/{}", false),
    ("/groups/{}/drive", "/drives/{}", false),
    ("/sites/{}/drive", "/drives/{}", false),
    (
        "/users/{}/manageddevices",
        "/devicemanagement/manageddevices",
        false,
    ),
    (
        "/directory/devicelocalcredentials",
        "/devicelocalcredentials",
        false,
    ),
    (
        "/identitygovernance/termsofuse/agreements",
        "/agreements",
        false,
    ),
];

/// The paths whose entries apply, in order of preference.
pub(super) fn lookups(path: &str, generic: &str) -> Vec<Lookup> {
    let literal = map_path(path);
    let mut forms = vec![literal.as_str()];
    let (with_casts, cast_first, without);
    if path != generic {
        without = map_path(generic);
        if literal.contains('.') {
            with_casts = self::with_casts(&literal, &without, false);
            cast_first = self::with_casts(&literal, &without, true);
            forms.push(&with_casts);
            if cast_first != with_casts {
                forms.push(&cast_first);
            }
        }
        forms.push(&without);
    }
    let mut all = Vec::with_capacity(4);
    for form in &forms {
        push(&mut all, form, false);
    }
    for form in forms {
        let resource = without_suffix(form);
        push(&mut all, resource, false);
        if resource.contains('.') || resource.contains('(') {
            let unqualified = unqualified(resource);
            push(&mut all, &unqualified, false);
            push(&mut all, &by_own_key(&unqualified), false);
        }
    }
    let mut nth = 0;
    while let Some(Lookup {
        path,
        delegated_only,
    }) = all.get(nth).cloned()
    {
        for (from, to, only) in SAME {
            let is_below =
                |rest: &&str| from.ends_with('/') || rest.starts_with('/') || rest.is_empty();
            if let Some(rest) = path.strip_prefix(from).filter(is_below) {
                push(&mut all, &format!("{to}{rest}"), delegated_only || only);
            }
        }
        nth += 1;
    }
    all
}

fn push(all: &mut Vec<Lookup>, path: &str, delegated_only: bool) {
    if !all.iter().any(|lookup| lookup.path == path) {
        all.push(Lookup {
            path: path.to_owned(),
            delegated_only,
        });
    }
}

/// The path in the form of the map, with a placeholder for every literal key and with its casts.
pub(crate) fn with_placeholder_keys(path: &str, generic: &str) -> String {
    with_casts(&map_path(path), &map_path(generic), false)
}

/// The path with the placeholders of the generic path, and with its casts. `/users/{}/n.cast` is the same resource as
/// `/users/n.cast/{}`: `first` puts the cast before the key.
fn with_casts(literal: &str, generic: &str, first: bool) -> String {
    let literal: Vec<&str> = literal.split('/').collect();
    let mut generic: Vec<&str> = generic.split('/').collect();
    generic.reverse();
    let mut path = Vec::with_capacity(literal.len());
    for (nth, segment) in literal.iter().enumerate() {
        let is_cast = segment.contains('.') && literal.len() - nth > generic.len();
        match is_cast {
            true if first && path.last() == Some(&"{}") => path.insert(path.len() - 1, *segment),
            true => path.push(*segment),
            false => path.extend(generic.pop()),
        }
    }
    path.join("/")
}

/// The data lists requests for references and for content at the path of the resource.
fn without_suffix(path: &str) -> &str {
    let resource = path.strip_suffix("/$ref");
    resource
        .or_else(|| path.strip_suffix("/$value"))
        .unwrap_or(path)
}

/// The path without the namespace of the action or function at its end.
fn unqualified(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((before, call)) => {
            let (name, arguments) = call.split_at(call.find('(').unwrap_or(call.len()));
            let name = name.rsplit('.').next().unwrap_or(name);
            format!("{before}/{name}{arguments}")
        }
        None => path.to_owned(),
    }
}

/// The path with the primary key instead of an alternate key: `/users/{}` for `/users(mail={})`.
fn by_own_key(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let name = segment.split_once('(').map(|(name, _)| name);
        name.map_or_else(|| segment.to_owned(), |name| format!("{name}/{{}}"))
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_casts_and_suffixes_are_dropped_step_by_step() {
        let paths = |path: &str, generic: &str| -> Vec<String> {
            let all = lookups(path, generic).into_iter();
            all.map(|lookup| lookup.path).collect()
        };
        assert_eq!(
            paths("/x/B/n.cast/C/$ref", "/x/{}/{}/$ref"),
            [
                "/x/b/n.cast/c/$ref",
                "/x/{}/n.cast/{}/$ref",
                "/x/n.cast/{}/{}/$ref",
                "/x/{}/{}/$ref",
                "/x/b/n.cast/c",
                "/x/{}/n.cast/{}",
                "/x/n.cast/{}/{}",
                "/x/{}/{}",
            ]
        );
        assert_eq!(
            paths("/users/a.b@c.d/x", "/users/{}/x"),
            ["/users/a.b@c.d/x", "/users/{}/x"]
        );
        assert_eq!(
            paths("/a(b='{c}')/d", "/a(b='{c}')/d"),
            ["/a(b={})/d", "/a/{}/d"]
        );
        assert_eq!(
            paths("/me/n.do", "/me/n.do"),
            ["/me/n.do", "/me/do", "/users/{}/n.do", "/users/{}/do"]
        );
    }

    #[test]
    fn only_permissions_of_users_apply_to_me() {
        let all = lookups("/me/drive/root", "/me/drive/root");
        let all: Vec<(&str, bool)> = all
            .iter()
            .map(|it| (it.path.as_str(), it.delegated_only))
            .collect();
        assert_eq!(
            all,
            [
                ("/me/drive/root", false),
                ("/users/{}/drive/root", true),
                ("/drives/{}/root", true),
            ]
        );
    }

    #[test]
    fn prefixes_end_with_a_segment() {
        assert_eq!(lookups("/message", "/message").len(), 1);
        assert_eq!(lookups("/me", "/me").len(), 1);
        assert_eq!(lookups("/me/calendarView", "/me/calendarView").len(), 2);
    }
}
