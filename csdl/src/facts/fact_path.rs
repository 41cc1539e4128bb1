//! How the paths of facts are compared with those of operations.

use crate::path::segment;
use crate::permissions::map_path;

/// The end of a subtree's path.
pub(super) const BELOW: &str = "/**";

/// The namespace that a path may omit before the name of an action or function.
const NAMESPACE: &str = "microsoft.graph.";

/// A segment that begins with the alias of that namespace.
const ALIASED: &str = "/graph.";

/// A path in the form of the permission map, without aliases, and without the namespace of an action or function at its
/// end.
pub(super) fn comparable(path: &str) -> String {
    let mut path = map_path(path);
    if path.contains(ALIASED) {
        path = path.replace(ALIASED, &format!("/{NAMESPACE}"));
    }
    if let Some((before, last)) = path.rsplit_once('/')
        && let Some(name) = last.strip_prefix(NAMESPACE)
    {
        path = format!("{before}/{name}");
    }
    path
}

/// Whether two paths are the same, ignoring case, the names of placeholders, the notation of keys, and the namespace of
/// an action or function of Graph.
pub fn same_path(one: &str, other: &str) -> bool {
    comparable(one) == comparable(other)
}

/// Whether an entry is for this path, or for a subtree that contains it, `/users/**`. A placeholder of the entry matches
/// any segment.
pub fn covers(entry: &str, path: &str) -> bool {
    let (root, is_subtree) = match entry.strip_suffix(BELOW) {
        Some(root) => (root, true),
        None => (entry, false),
    };
    let (root, path) = (comparable(root), comparable(path));
    let mut segments = segment::split(&path);
    let matches = segment::split(&root).all(|wanted| {
        let have = segments.next();
        have.is_some_and(|have| wanted == "{}" || wanted == have)
    });
    matches && (is_subtree || segments.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::{covers, same_path};

    #[test]
    fn spellings_of_one_path_are_the_same() {
        for (one, other, same) in [
            ("/users/{id}", "/users/{user-id}", true),
            ("/USERS/{x}/Manager", "/users/{user-id}/manager", true),
            ("/users('{x}')/manager", "/users/{user-id}/manager", true),
            (
                "/users/{id}/microsoft.graph.getMail",
                "/users/{u}/getMail",
                true,
            ),
            ("/users/{id}/graph.getMail", "/users/{u}/getMail", true),
            (
                "/users/{id}/graph.x/y",
                "/users/{u}/microsoft.graph.x/y",
                true,
            ),
            ("/books/{id}/lib.lend", "/books/{id}/lend", false),
            ("/users/{id}", "/users/me", false),
            ("/users/{id}/$ref", "/users/{id}", false),
        ] {
            assert_eq!(same_path(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn an_entry_covers_its_path_or_its_subtree() {
        for (entry, path, expected) in [
            ("/a", "/a", true),
            ("/a", "/A", true),
            ("/a", "/a/b", false),
            ("/a/b", "/a", false),
            ("/a/**", "/a", true),
            ("/a/**", "/a/b/{id}", true),
            ("/a/**", "/ab", false),
            ("/a/{id}", "/a/{key}", true),
            ("/a/{id}", "/a/7", true),
            ("/a('{id}')", "/a/7", true),
            ("/a/7", "/a/{id}", false),
            ("/a/{id}/**", "/a/7/b", true),
            ("/a/{id}/**", "/a", false),
            ("/a(k='{x}')", "/a(k='{y}')", true),
            ("/**", "/a", true),
        ] {
            assert_eq!(covers(entry, path), expected, "{entry} {path}");
        }
    }
}
