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

/// Holds the documents to the lock file beside this one.
pub(super) fn check_lock(path: &Path, console: &mut Console) -> Result<Done, Failure> {
    let lock = Lock::beside(path)?;
    if !lock.path().exists() {
        return Err(Failure::Usage(format!(
            "there is no `{}`\nhelp: `msgraph fetch` without `--check` writes it; where the documents are \
             elsewhere, name one of them with `--out`",
            shown(lock.path())
        )));
    }
    let documents = lock.documents()?;
    if documents.is_empty() {
        console.warning(&format!(
            "`{}` names no document, so none is held to it: slices say themselves what they were made \
             from",
            shown(lock.path())
        ));
    }
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
