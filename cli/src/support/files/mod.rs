//! Files: reading them, and replacing them whole or not at all.

pub(crate) mod replace;
pub(crate) mod temporary;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::support::failure::Failure;
use crate::support::text::shown;

/// The content of a file; `None` where there is none.
///
/// # Errors
///
/// When there is something else than a file, and when it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            Err(Failure::Outside(format!("`{}` is not a file", shown(path))))
        }
        Ok(_) => match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => Err(Failure::file("read", path, &error)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}

/// The content of a file that shall be replaced; `None` where there is none.
///
/// # Errors
///
/// Those of [`read`], and when it is write-protected: a rename would not ask.
pub(crate) fn read_old(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    if fs::metadata(path).is_ok_and(|found| found.permissions().readonly()) {
        return Err(Failure::Outside(format!(
            "`{}` is write-protected; take the protection off, or name another file",
            shown(path)
        )));
    }
    read(path)
}

/// How many symbolic links are followed, as many as Linux follows.
const MAX_LINKS: usize = 40;

/// Where the symbolic links of a file lead, also where nothing is there yet.
pub(crate) fn target(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..=MAX_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("its symbolic links go round"))
}

/// The folder of a file.
pub(crate) fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
