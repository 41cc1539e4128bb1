//! Reads permission data in either of its forms.

use std::path::Path;

use msgraph_csdl::permissions::PermissionMap;

use crate::support::failure::Failure;
use crate::support::text::show_path;
use crate::support::{files, permission_document};

/// Reads Microsoft's `permissions.json`, or a map that `msgraph permissions import` wrote.
///
/// # Errors
///
/// When the file cannot be read, or is neither.
pub(super) fn permission_map(path: &Path) -> Result<PermissionMap, Failure> {
    let name = show_path(path);
    let bytes = files::read(path)?
        .ok_or_else(|| Failure::External(format!("cannot read `{name}`: it does not exist")))?;
    let text = files::text_of(path, bytes)?;
    let map = if text.trim_start().starts_with('{') {
        permission_document::read(&text, "").map_err(|error| error.to_string())
    } else {
        PermissionMap::parse(text).map_err(|error| error.to_string())
    };
    map.map_err(|error| Failure::Input(format!("`{name}`: {error}")))
}
