//! Segments that are invalid in any metadata.

use crate::path::segment::{Malformed, decode};

/// Message and help.
pub(super) type Wrong = (String, String);

/// Why a segment cannot be part of the path of a resource.
pub(super) fn unfit(segment: &str) -> Option<Wrong> {
    malformed_url(segment)
        .or_else(|| wildcard(segment))
        .or_else(|| system_segment(segment))
        .or_else(|| drive_address(segment))
}

/// A character outside `pchar` (RFC 3986), braces that do not enclose a name, or a dot segment.
fn malformed_url(segment: &str) -> Option<Wrong> {
    let mut literal = String::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.| ".contains(c);
            name.contains(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is_part)
        });
        let Some((_, behind)) = name else {
            return Some((
                format!("`{segment}` has a placeholder without a name"),
                "a placeholder is a name of letters and digits in braces: `{id}`".to_owned(),
            ));
        };
        // Represents the key.
        literal.push('x');
        rest = behind;
    }
    literal.push_str(rest);
    let is_pchar = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(c);
    if let Some(wrong) = literal.chars().find(|c| !is_pchar(*c)) {
        return Some((
            format!("`{}` is not allowed in a path", wrong.escape_debug()),
            "write a key percent-encoded, or as a placeholder: `{id}`".to_owned(),
        ));
    }
    let Some(decoded) = decode(&literal) else {
        return Some((
            format!("`{segment}` is not percent-encoded UTF-8"),
            "encode each byte of a character, `%C3%A9` for `é`".to_owned(),
        ));
    };
    matches!(decoded.as_str(), "." | "..").then(|| {
        (
            format!("`{segment}` is not allowed as a path segment"),
            "write the path of the resource itself".to_owned(),
        )
    })
}

/// `/users/*`, instead of `/users/**`.
fn wildcard(segment: &str) -> Option<Wrong> {
    let is_wildcard = !segment.is_empty() && segment.bytes().all(|byte| byte == b'*');
    is_wildcard.then(|| {
        (
            format!("`{segment}` is not allowed as a path segment"),
            "for all updates at and below a path, end it with `/**`; for any key, write a \
             placeholder, `{id}`; in a key, encode `*` as `%2A`"
                .to_owned(),
        )
    })
}

/// OData reserves segments that begin with `$`, encoded or not, because services decode them first.
fn system_segment(segment: &str) -> Option<Wrong> {
    let decoded = decode(segment)?;
    let name = decoded
        .split('(')
        .next()
        .filter(|name| name.starts_with('$'))?;
    let help = match name {
        "$ref" => {
            "remove `/$ref`, and name `add-ref`, `set-ref` or `remove-ref` in the `operations` of a \
             `[[resource]]` with the path of the navigation property"
                .to_owned()
        }
        "$value" => "remove `/$value`, and name `get-content` or `put-content` in the `operations` \
                     of a `[[resource]]`"
            .to_owned(),
        "$count" => "name the collection itself; a list can include its count".to_owned(),
        "$batch" => "requests are combined at run time, with the runtime's `Batch`; name the path \
                     of each update"
            .to_owned(),
        "$all" | "$crossjoin" | "$each" | "$entity" | "$filter" | "$links" | "$metadata"
        | "$query" | "$root" => "name the path of one resource, from the service root".to_owned(),
        _ => format!("put a key that begins with `$` in parentheses: `/users('{segment}')`"),
    };
    Some((
        format!("`{segment}` is a system segment of OData, not a resource"),
        help,
    ))
}

/// `root:` in `/drive/root:/path:/children`, with which OneDrive and SharePoint address items by
/// path.
pub(super) fn drive_address(segment: &str) -> Option<Wrong> {
    segment.ends_with(':').then(|| {
        (
            format!("`{segment}` addresses an item by its path, which is not supported"),
            "address it by its id: `/drives/{drive-id}/items/{driveItem-id}`, `/sites/{site-id}`; in a \
             key, write `:` as `%3A`"
                .to_owned(),
        )
    })
}

/// A first segment that is an API version, like `v1.0` or `beta`.
pub(super) fn api_version(segment: &str) -> Option<Wrong> {
    let number = segment.strip_prefix(['v', 'V']);
    let is_version = segment.eq_ignore_ascii_case("beta")
        || number.is_some_and(|number| {
            number.starts_with(|c: char| c.is_ascii_digit())
                && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        });
    is_version.then(|| {
        (
            format!("the path begins with the API version `{segment}`"),
            format!("remove `/{segment}`: every URL begins with the manifest's `api-version`"),
        )
    })
}

/// Parentheses that cannot be parsed.
pub(super) fn malformed(segment: &str, reason: Malformed) -> Wrong {
    (
        format!("`{segment}` is not a name with a key or arguments: {reason}"),
        "write `users('{id}')` or `range(address='A1')`; a quote in a string is doubled, and a \
         parenthesis of a key that is a segment is written `%28` or `%29`"
            .to_owned(),
    )
}
