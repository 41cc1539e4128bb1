//! Reads permission data in either of its forms.

use std::path::Path;

use msgraph_csdl::permissions::PermissionMap;

use crate::support::failure::Failure;
use crate::support::files;
use crate::support::permission_document::PermissionDocument;
use crate::support::text::show_path;

/// Reads Microsoft's `permissions.json`, or a map that `msgraph permissions import` wrote.
///
/// # Errors
///
/// When the file cannot be read, or is neither.
pub(super) fn permission_map(path: &Path) -> Result<PermissionMap, Failure> {
    let text = files::text_of(path, files::read_existing(path)?)?;
    let map = if text.trim_start().starts_with('{') {
        PermissionDocument::parse(&text)
            .and_then(|document| document.map(""))
            .map_err(|error| error.to_string())
    } else {
        PermissionMap::parse(text).map_err(|error| error.to_string())
    };
    map.map_err(|error| Failure::Input(format!("`{}`: {error}", show_path(path))))
}
