//! Paths as seen from the crate.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::failure::Failure;
use crate::support::text::shown;

/// The clone that this command was built in; not what cargo clones for itself, which goes when it
/// likes.
pub(super) fn built_in() -> Option<PathBuf> {
    let clone = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let is_cargos = clone.join(".cargo-ok").exists();
    (clone.join("runtime").join("Cargo.toml").exists() && !is_cargos).then(|| clone.to_owned())
}

/// A path as seen from a folder, with slashes. Both must be there.
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
            "`{}` is not UTF-8, which a manifest is",
            shown(&path)
        ))),
    }
}

/// Whether a document is checked out with a crate: it is below its folder, or below that of the
/// repository that the crate is in.
pub(super) fn is_in_checkout(path: &Path, folder: &Path) -> bool {
    let (Ok(path), Ok(folder)) = (fs::canonicalize(path), fs::canonicalize(folder)) else {
        return false;
    };
    let mut above = folder.ancestors();
    let repository = above.find(|above| above.join(".git").exists());
    path.starts_with(repository.unwrap_or(&folder))
}
