//! `msgraph fetch --check`: whether the documents are what was fetched.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::lock::Lock;
use crate::support::lock::deviation::Deviation;
use crate::support::text::shown;

/// The result of `--check` as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    lock: PathBuf,
    /// Every document that it names.
    documents: Vec<PathBuf>,
    /// Those that are not what was fetched.
    metadata: Vec<Deviation>,
}

/// Compares the documents with the lock file beside this one, which must name it if it is `asked_for`.
pub(super) fn check_lock(
    path: &Path,
    asked_for: bool,
    console: &mut Console,
) -> Result<Done, Failure> {
    let lock = Lock::beside(path)?;
    if !lock.path().exists() {
        return Err(Failure::Usage(format!(
            "there is no `{}`\nhelp: `msgraph fetch` without `--check` writes it; where the documents are \
             elsewhere, name one of them with `--out`",
            shown(lock.path())
        )));
    }
    let documents = lock.documents()?;
    must_name(&lock, &documents, path, asked_for)?;
    let mut metadata = Vec::new();
    for document in &documents {
        metadata.extend(Deviation::find(document)?);
    }
    for deviation in &metadata {
        console.warning(&deviation.message());
    }
    let done = if metadata.is_empty() {
        Done::Well
    } else {
        Done::Difference
    };
    let report = Checked {
        lock: lock.path().to_owned(),
        documents,
        metadata,
    };
    if console.format() == Format::Json {
        console.json(&report)?;
    } else {
        console.note(&format!(
            "{} of {} documents are as `{}` names them",
            report.documents.len() - report.metadata.len(),
            report.documents.len(),
            shown(&report.lock)
        ));
    }
    Ok(done)
}

/// A check of nothing must not look like success.
fn must_name(
    lock: &Lock,
    documents: &[PathBuf],
    path: &Path,
    asked_for: bool,
) -> Result<(), Failure> {
    if documents.is_empty() {
        return Err(Failure::Usage(format!(
            "`{}` names no document, so there is nothing to check\n\
             help: `msgraph fetch` without `--check` adds one; a slice has no entry, because it \
             records itself what it was made from",
            shown(lock.path())
        )));
    }
    let is_named = documents
        .iter()
        .any(|document| document.file_name() == path.file_name());
    if asked_for && !is_named {
        return Err(Failure::Usage(format!(
            "`{}` has no entry for `{}`\n\
             help: `msgraph fetch` without `--check` adds it",
            shown(lock.path()),
            shown(path)
        )));
    }
    Ok(())
}
