//! What differs between two texts, as a unified diff.

use std::path::Path;

use similar::TextDiff;

use crate::support::text::shown;

/// A difference as a unified diff.
pub(crate) fn unified(path: &Path, old: &str, new: &str) -> String {
    let name = shown(path);
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff()
        .context_radius(3)
        .header(&name, &name)
        .to_string()
}
