//! Text to disk, and what cargo is told. The only file that knows cargo.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use msgraph_csdl::diagnostic::Diagnostics;

use crate::deprecation::Day;

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
    println!("cargo::rerun-if-env-changed={SOURCE_DATE_EPOCH}");
}

/// The variable that reproducible builds say their date in.
const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

/// Today's date in UTC: from the environment, or from the clock. Cargo keeps the warnings of a
/// build script that it does not run again, so the date of the last run is what counts.
pub(crate) fn today() -> Day {
    let given = std::env::var(SOURCE_DATE_EPOCH).ok();
    let seconds = given.and_then(|seconds| seconds.trim().parse().ok());
    let clock = || {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // A clock before 1970 is wrong, and nothing is removed then.
        since.map_or(0, |since| since.as_secs().cast_signed())
    };
    Day::of_timestamp(seconds.unwrap_or_else(clock))
}

/// Shows warnings in cargo's own way, each in one line: there may be dozens, and the place in the
/// metadata is nothing that a person would mend.
pub(crate) fn warnings(diagnostics: &Diagnostics) {
    for warning in diagnostics.iter() {
        let help = warning.help.as_deref().unwrap_or_default();
        println!("cargo::warning={}: {help}", warning.message);
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
