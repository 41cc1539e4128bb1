//! Excludes other `msgraph` processes from writing to a folder.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::folder;
use crate::support::failure::Failure;
use crate::support::text::show_path;

/// How long to wait for another process.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Creates the folder of a file, and locks it until the returned file is dropped. Windows cannot lock a
/// folder, so the hidden file `.msgraph-lock` in it is locked. A folder that cannot be locked, because it
/// is not readable or the file system has no locks, is used without a lock.
///
/// # Errors
///
/// When the folder cannot be created, and when another process locks it for too long.
pub(crate) fn lock_folder(file: &Path) -> Result<Option<File>, Failure> {
    let folder = folder(file);
    fs::create_dir_all(folder).map_err(|error| Failure::file("write", file, &error))?;
    let opened = if cfg!(windows) {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        options.open(folder.join(".msgraph-lock"))
    } else {
        File::open(folder)
    };
    let Ok(lock) = opened else {
        return Ok(None);
    };
    let start = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(lock)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if start.elapsed() < MAX_WAIT => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::External(format!(
                    "another `msgraph` has been writing in `{}` for {} s; try again when it has ended",
                    show_path(folder),
                    MAX_WAIT.as_secs()
                )));
            }
        }
    }
}
