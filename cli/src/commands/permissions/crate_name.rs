//! The name of the crate that a manifest belongs to.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

/// The name of the package in the folder of the manifest, or in the nearest folder above it.
pub(super) fn crate_name(manifest: &Path) -> Option<String> {
    let manifest = fs::canonicalize(manifest).ok()?;
    let mut folders = manifest.ancestors().skip(1);
    folders.find_map(|folder| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let document: DocumentMut = text.parse().ok()?;
        let name = document.get("package")?.get("name").and_then(Item::as_str);
        name.map(str::to_owned)
    })
}
