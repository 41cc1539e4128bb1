//! URLs that lead to one resource.

use percent_encoding::percent_decode_str;

/// The scheme and authority of an absolute URL, and what follows them (RFC 3986, 3).
pub(crate) fn split_origin(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    is_scheme
        .then(|| url.split_at_checked(scheme.len() + "://".len() + authority))
        .flatten()
}

/// A relative reference without leading slashes, and whether its first segment is an API version.
pub(crate) fn below_root<'u>(relative: &'u str, api_version: &str) -> (&'u str, bool) {
    let path = relative.trim_start_matches('/');
    let first = path.split('/').next().unwrap_or(path);
    (
        path,
        first == api_version || ["v1.0", "beta"].contains(&first),
    )
}

/// Whether two URLs lead to the same resource. Each may be absolute or relative, with the key in parentheses or as a
/// segment.
pub(crate) fn is_same_url(one: &str, other: &str) -> bool {
    let origin = |url| split_origin(url).map(|(origin, _)| origin);
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

/// Keys are case-sensitive, except for GUIDs.
pub(crate) fn is_same_key(one: &str, other: &str) -> bool {
    let is_guid =
        |key: &str| key.len() == 36 && key.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    one == other || (is_guid(one) && one.eq_ignore_ascii_case(other))
}

/// The decoded path segments below the API version. A key in parentheses is a segment; a type cast at the end is ignored.
pub(crate) fn segments(url: &str) -> Vec<String> {
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
        let one = "directoryObjects/a%20b";
        for url in [
            "/directoryObjects/a%20b",
            "/v1.0/directoryObjects/a%20b",
            "https://graph.microsoft.com/v1.0/directoryObjects/a%20b",
            "https://graph.microsoft.com/beta/directoryObjects('a%20b')",
            "directoryObjects/a b/microsoft.graph.user",
            "directoryObjects/%61%20b?$select=id",
        ] {
            assert!(is_same_url(one, url), "{url}");
        }
        for url in [
            "directoryObjects/a",
            "users/a%20b",
            "directoryObjects/A%20b",
            "",
        ] {
            assert!(!is_same_url(one, url), "{url}");
        }
        assert!(!is_same_url(
            "https://graph.microsoft.us/v1.0/users/1",
            "https://graph.microsoft.com/v1.0/users/1"
        ));
    }
}
