//! Paths relative to the crate.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::failure::Failure;
use crate::support::text::show_path;

/// The clone that this command was built in. Clones in cargo's cache are excluded, because cargo may
/// remove them.
pub(super) fn built_in() -> Option<PathBuf> {
    let clone = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let is_in_cache = clone.join(".cargo-ok").exists();
    (clone.join("runtime").join("Cargo.toml").exists() && !is_in_cache).then(|| clone.to_owned())
}

/// A path relative to a folder, with slashes. Both must exist.
pub(super) fn relative(path: &Path, folder: &Path) -> Result<String, Failure> {
    let real =
        |path: &Path| fs::canonicalize(path).map_err(|error| Failure::file("find", path, &error));
    let (path, folder) = (real(path)?, real(folder)?);
    let shared = path
        .components()
        .zip(folder.components())
        .take_while(|(one, other)| one == other)
        .count();
    let relative: PathBuf = if shared == 0 {
        // Another drive of Windows.
        path.clone()
    } else {
        let up = folder.components().skip(shared).map(|_| Path::new(".."));
        let down = path.components().skip(shared);
        up.chain(down.map(|part| Path::new(part.as_os_str())))
            .collect()
    };
    match relative.to_str() {
        Some(text) if cfg!(windows) => Ok(text.replace('\\', "/")),
        Some(text) => Ok(text.to_owned()),
        None => Err(Failure::Usage(format!(
            "the path `{}` is not UTF-8, so it cannot be written in a manifest",
            show_path(&path)
        ))),
    }
}

/// Whether a file is in the repository of a crate, or in its folder if there is no repository.
pub(super) fn is_in_repository(path: &Path, folder: &Path) -> bool {
    let (Ok(path), Ok(folder)) = (fs::canonicalize(path), fs::canonicalize(folder)) else {
        return false;
    };
    let mut above = folder.ancestors();
    let repository = above.find(|above| above.join(".git").exists());
    path.starts_with(repository.unwrap_or(&folder))
}
