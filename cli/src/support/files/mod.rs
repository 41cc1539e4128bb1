//! Reads files, and replaces them atomically.

pub(crate) mod folder_lock;
pub(crate) mod replace;
pub(crate) mod state;
pub(crate) mod temporary;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use msgraph_csdl::source::MAX_BYTES;

use crate::support::failure::Failure;
use crate::support::text::show_path;

/// Reads a file of at most [`MAX_BYTES`]; `None` if it does not exist.
///
/// # Errors
///
/// When it is not a file, is too large, or cannot be read.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match read_up_to(path, MAX_BYTES + 1)? {
        Some(bytes) if bytes.len() as u64 > MAX_BYTES => Err(Failure::External(format!(
            "`{}` has more than {MAX_BYTES} bytes",
            show_path(path)
        ))),
        bytes => Ok(bytes),
    }
}

/// Reads a file that must exist.
///
/// # Errors
///
/// Those of [`read`], and when the file does not exist.
pub(crate) fn read_existing(path: &Path) -> Result<Vec<u8>, Failure> {
    let missing = || Failure::file("read", path, &io::ErrorKind::NotFound.into());
    read(path)?.ok_or_else(missing)
}

/// The content of a text file, without its byte-order mark.
///
/// # Errors
///
/// When it is not UTF-8.
pub(crate) fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    let mut text = String::from_utf8(bytes)
        .map_err(|_| Failure::Input(format!("`{}` is not UTF-8", show_path(path))))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// Reads the start of a file; `None` if it does not exist.
pub(crate) fn read_up_to(path: &Path, max_bytes: u64) -> Result<Option<Vec<u8>>, Failure> {
    let failed = |error| Failure::file("read", path, &error);
    match fs::metadata(path) {
        // Opening a named pipe could block, and a device could be endless.
        Ok(found) if !found.is_file() => Err(Failure::External(format!(
            "`{}` is not a file",
            show_path(path)
        ))),
        Ok(_) => {
            let mut bytes = Vec::new();
            File::open(path)
                .and_then(|file| file.take(max_bytes).read_to_end(&mut bytes))
                .map_err(failed)?;
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Reads a file that will be replaced; `None` if it does not exist.
///
/// # Errors
///
/// Those of [`read`], and when it is write-protected: a rename would succeed anyway.
pub(crate) fn read_old(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    if fs::metadata(path).is_ok_and(|found| found.permissions().readonly()) {
        return Err(Failure::External(format!(
            "`{}` is write-protected; remove the protection, or name another file",
            show_path(path)
        )));
    }
    read(path)
}

/// The entries of a folder, in order of name.
pub(crate) fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, Failure> {
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).and_then(Iterator::collect);
    let mut entries = entries.map_err(|error| Failure::file("read", folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

/// The CSDL files of a folder, in order of name.
pub(crate) fn documents_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let paths = entries(folder)?.into_iter().map(|entry| entry.path());
    let is_csdl = |path: &PathBuf| {
        let extension = path.extension();
        extension.is_some_and(|extension| extension == "csdl" || extension == "xml")
    };
    Ok(paths.filter(is_csdl).collect())
}

/// How many symbolic links are followed: as many as Linux follows.
const MAX_LINKS: usize = 40;

/// Follows the symbolic links of a file, which need not exist.
pub(crate) fn target(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..=MAX_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("cyclic symbolic links"))
}

/// Whether two paths lead to the same file, which need not exist.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    if let (Ok(one), Ok(other)) = (fs::canonicalize(one), fs::canonicalize(other)) {
        return one == other;
    }
    let target = |path: &Path| {
        let target = target(path).ok()?;
        let folder = fs::canonicalize(folder(&target)).ok()?;
        Some(folder.join(target.file_name()?))
    };
    target(one).is_some_and(|one| target(other) == Some(one))
}

/// The folder of a file.
pub(crate) fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
