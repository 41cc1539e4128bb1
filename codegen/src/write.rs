//! Text to disk, and what cargo is told. The only file that knows cargo.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Writes a file unless it has just this text already, so that nothing is compiled again for
/// nothing. The text goes to a temporary name in the same directory first: whoever reads the file
/// sees the old one or the new one, never a part.
pub(crate) fn if_changed(path: &Path, text: &str) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one to report; there may be nothing to remove.
        let _ = fs::remove_file(&temporary);
    }
    written.map(|()| true)
}

/// Tells cargo to run the build script again when one of these files changes. Cargo runs it again
/// on every build for a path that does not exist, so only existing ones are named; for the others,
/// the nearest directory that does exist stands in.
pub(crate) fn rerun_if_changed<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) {
    for path in paths {
        let existing = path.ancestors().find(|path| path.exists());
        if let Some(existing) = existing.filter(|path| !path.as_os_str().is_empty()) {
            println!("cargo::rerun-if-changed={}", existing.display());
        }
    }
}

/// Shows errors in cargo's own way, one directive a line. Cargo puts `error:` before each itself.
pub(crate) fn errors(text: &str) {
    for line in text.lines() {
        println!(
            "cargo::error={}",
            line.strip_prefix("error: ").unwrap_or(line)
        );
    }
}
