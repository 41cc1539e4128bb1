//! Files: reading them, and replacing them whole or not at all.

pub(crate) mod replace;
pub(crate) mod temporary;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use msgraph_csdl::source::MAX_BYTES;

use crate::support::failure::Failure;
use crate::support::text::shown;

/// The content of a file; `None` where there is none.
///
/// # Errors
///
/// When there is something else than a file, when it has more bytes than a CSDL document may have, and
/// when it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            Err(Failure::Outside(format!("`{}` is not a file", shown(path))))
        }
        Ok(found) if found.len() > MAX_BYTES => Err(too_large(path)),
        Ok(_) => {
            let mut bytes = Vec::new();
            // One byte more than allowed shows that the file has grown.
            File::open(path)
                .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
                .map_err(|error| Failure::file("read", path, &error))?;
            if bytes.len() as u64 > MAX_BYTES {
                return Err(too_large(path));
            }
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}

fn too_large(path: &Path) -> Failure {
    Failure::Outside(format!(
        "`{}` has more than {MAX_BYTES} bytes and is not read",
        shown(path)
    ))
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
