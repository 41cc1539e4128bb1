//! What a build script prints for cargo.

use std::path::PathBuf;
use std::time::SystemTime;

use msgraph_csdl::diagnostic::{Diagnostics, Error};

use crate::day::Day;

const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

pub(crate) fn out_dir() -> Result<PathBuf, Error> {
    let directory = std::env::var_os("OUT_DIR").map(PathBuf::from);
    directory.ok_or_else(|| {
        Error::new("`OUT_DIR` is not set: call `build` from a build script".to_owned())
    })
}

/// Makes cargo run the build script again if one of these files changes. Cargo runs it on every build for a path that
/// does not exist, so the nearest existing directory replaces a missing file.
pub(crate) fn rerun_if_changed(paths: &[PathBuf]) {
    for path in paths {
        let existing = path.ancestors().find(|path| path.exists());
        if let Some(existing) = existing.filter(|path| !path.as_os_str().is_empty()) {
            println!("cargo::rerun-if-changed={}", existing.display());
        }
    }
    println!("cargo::rerun-if-env-changed={SOURCE_DATE_EPOCH}");
}

/// Today's date in UTC: from the environment, or from the clock.
pub(crate) fn today() -> Day {
    let seconds = std::env::var(SOURCE_DATE_EPOCH).ok();
    let seconds = seconds.and_then(|seconds| seconds.trim().parse().ok());
    let clock = || {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // If the clock is before 1970, nothing counts as removed.
        since.map_or(0, |since| since.as_secs().cast_signed())
    };
    Day(seconds.unwrap_or_else(clock).div_euclid(86_400))
}

/// One line each, without the location: there may be dozens, and users cannot change the metadata.
pub(crate) fn warnings(diagnostics: &Diagnostics) {
    for warning in diagnostics.iter() {
        let help = warning.help.as_deref().unwrap_or_default();
        println!("cargo::warning={}: {help}", warning.message);
    }
}

/// One directive for each line. Cargo prints `error:` before each.
pub(crate) fn errors(text: &str) {
    for line in text.lines() {
        let line = line.strip_prefix("error: ").unwrap_or(line);
        println!("cargo::error={line}");
    }
}
