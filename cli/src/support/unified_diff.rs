//! Unified diffs.

use std::path::Path;

use similar::TextDiff;

use crate::support::text::show_path;

/// The difference between two versions of a file.
pub(crate) fn unified(path: &Path, old: &str, new: &str) -> String {
    let name = show_path(path);
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().header(&name, &name).to_string()
}
