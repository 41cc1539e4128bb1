//! `msgraph fetch --check`: compares CSDL files with the lock file.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::lock::Lock;
use crate::support::lock::deviation::Deviation;
use crate::support::text::{Format, show_path};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckReport {
    lock: PathBuf,
    /// The files that have an entry.
    documents: Vec<PathBuf>,
    /// Those that differ.
    metadata: Vec<Deviation>,
}

/// Compares all files in the lock file next to `path`. If `is_required`, it must have an entry for `path`.
pub(super) fn check(
    path: &Path,
    is_required: bool,
    console: &mut Console,
) -> Result<Completed, Failure> {
    let lock = Lock::next_to(path)?;
    let shown = show_path(lock.path());
    let usage = |text: String| Err(Failure::Usage(text));
    if !lock.path().exists() {
        return usage(format!(
            "there is no `{shown}`\nhelp: `msgraph fetch` without `--check` writes it; if the CSDL files \
             are elsewhere, name one of them with `--out`"
        ));
    }
    // A check of nothing must not succeed.
    let documents = lock.documents();
    if documents.is_empty() {
        return usage(format!(
            "`{shown}` has no entries\nhelp: `msgraph fetch` without `--check` adds one; a slice has no \
             entry, because a comment in it names its sources"
        ));
    }
    let mut names = documents.iter().map(|document| document.file_name());
    if is_required && !names.any(|name| name == path.file_name()) {
        return usage(format!(
            "`{shown}` has no entry for `{}`\nhelp: `msgraph fetch` without `--check` adds it",
            show_path(path)
        ));
    }
    let mut metadata = Vec::new();
    for document in &documents {
        metadata.extend(Deviation::find(document)?);
    }
    for deviation in &metadata {
        console.warning(&deviation.message());
    }
    let (same, all) = (documents.len() - metadata.len(), documents.len());
    let completed = Completed::checked(!metadata.is_empty());
    let report = CheckReport {
        lock: lock.path().to_owned(),
        documents,
        metadata,
    };
    if console.format() == Format::Json {
        console.result(&report, |_| String::new())?;
    } else {
        console.note(&format!("{same} of {all} files match `{shown}`"));
    }
    Ok(completed)
}
