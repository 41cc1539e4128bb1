//! Relative references in a written body, made absolute.

use crate::cloud::root::Root;
use crate::edm::reference::url::below_root;

/// `json` with an absolute URL in place of each relative reference; `references` has their opening quotes, in order.
///
/// A body is written before its root is known, and most have no reference, so these are put in afterwards.
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
        // A reference is ASCII. An escaped quote may cut it short, which is as good: its beginning decides.
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
