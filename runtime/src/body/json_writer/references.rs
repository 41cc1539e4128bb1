//! References in a written body.

use serde_json::Value as Untyped;

use crate::cloud::root::Root;
use crate::edm::reference::url::below_root;

/// Whether a property with this name binds references.
pub(super) fn is_bind(name: &str) -> bool {
    name.ends_with("@odata.bind") || name.ends_with("@bind")
}

/// Whether `json` binds at least one reference on a collection, at any depth.
pub(super) fn are_added(json: &Untyped) -> bool {
    match json {
        Untyped::Array(items) => items.iter().any(are_added),
        Untyped::Object(properties) => properties.iter().any(|(name, value)| {
            let adds = is_bind(name) && value.as_array().is_some_and(|urls| !urls.is_empty());
            adds || are_added(value)
        }),
        _ => false,
    }
}

/// `json` with each relative reference made absolute. `references` has the positions of their opening quotes, in order.
///
/// A body is written before its root is known, and most have no reference.
pub(super) fn absolute(
    json: &[u8],
    references: &[usize],
    root: &Root,
    api_version: &str,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() + references.len() * 64);
    let mut copied = 0;
    for quote in references {
        let start = quote + 1;
        out.extend_from_slice(json.get(copied..start).unwrap_or_default());
        let rest = json.get(start..).unwrap_or_default();
        // An escaped quote may cut the reference short. That is harmless: only its beginning matters.
        let end = rest.iter().position(|byte| *byte == b'"').unwrap_or(0);
        let relative = std::str::from_utf8(rest.get(..end).unwrap_or_default()).unwrap_or_default();
        let (path, has_version) = below_root(relative, api_version);
        out.extend_from_slice(root.as_str().as_bytes());
        out.push(b'/');
        if !has_version {
            out.extend_from_slice(api_version.as_bytes());
            out.push(b'/');
        }
        out.extend_from_slice(path.as_bytes());
        copied = start + end;
    }
    out.extend_from_slice(json.get(copied..).unwrap_or_default());
    out
}
