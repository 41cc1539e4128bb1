//! Temporary files, and those that a killed run has left.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{folder, target};

const PREFIX: &str = ".msgraph-";
const SUFFIX: &str = ".tmp";

/// How often a temporary file is made: another run may take it for one that was left, between its
/// creation and its lock.
const MAX_ATTEMPTS: usize = 16;

/// Makes a temporary file in a folder. It is locked until it is closed, so that [`clear`] in another
/// run leaves it; a process that is killed closes it.
pub(crate) fn temporary(
    folder: &Path,
    permissions: Option<&Permissions>,
) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    if let Some(permissions) = permissions {
        builder.permissions(permissions.clone());
    }
    for _ in 0..MAX_ATTEMPTS {
        let file = builder.tempfile_in(folder)?;
        // On a file system without locks `clear` gets none either, and removes nothing.
        let is_locked = file.as_file().lock().is_ok();
        if !is_locked || fs::symlink_metadata(file.path()).is_ok() {
            return Ok(file);
        }
    }
    Err(io::Error::other("its temporary files are removed"))
}

/// Removes the temporary files that killed runs have left beside these files. What cannot be removed
/// stays: no result depends on it.
pub(crate) fn clear<'p>(files: impl IntoIterator<Item = &'p Path>) {
    let targets = files.into_iter().filter_map(|file| target(file).ok());
    let folders: BTreeSet<PathBuf> = targets.map(|target| folder(&target).to_owned()).collect();
    for folder in &folders {
        clear_folder(folder);
    }
}

/// [`clear`] for one folder.
pub(crate) fn clear_folder(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(is_temporary);
        // Opening a pipe would wait for its other end.
        if is_ours && entry.file_type().is_ok_and(|ty| ty.is_file()) {
            remove_unless_locked(&entry.path());
        }
    }
}

fn is_temporary(name: &str) -> bool {
    let middle = name.strip_prefix(PREFIX);
    let middle = middle.and_then(|rest| rest.strip_suffix(SUFFIX));
    middle.is_some_and(|middle| middle.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn remove_unless_locked(path: &Path) {
    let Ok(file) = File::open(path) else {
        return;
    };
    if file.try_lock().is_ok() {
        // Removed while it is locked: who has just made it sees that it is gone.
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

    use super::*;

    #[test]
    fn what_a_killed_run_left_is_removed_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path(".msgraph-aB3dE9.tmp"), "left").unwrap();
        for theirs in [".msgraph-lock", ".msgraph-a.b.tmp", "msgraph-aB3dE9.tmp"] {
            fs::write(path(theirs), "theirs").unwrap();
        }
        fs::create_dir(path(".msgraph-folder.tmp")).unwrap();
        let live = temporary(directory.path(), None).unwrap();
        clear([path("graph.rs").as_path()]);
        assert!(!path(".msgraph-aB3dE9.tmp").exists());
        assert!(live.path().exists());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 5);
    }

    /// Runs that make and clear at once never lose a file that is still to be written.
    #[test]
    fn a_run_leaves_the_files_of_another() {
        let directory = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for nth in 0..4 {
                let folder = directory.path();
                scope.spawn(move || {
                    for _ in 0..200 {
                        clear_folder(folder);
                        let file = temporary(folder, None).unwrap();
                        file.persist(folder.join(format!("{nth}"))).unwrap();
                    }
                });
            }
        });
    }
}
