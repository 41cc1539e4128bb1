//! CSDL files that differ from the lock file.

use std::path::{Path, PathBuf};

use msgraph_runtime::Cloud;
use serde::Serialize;

use super::{Content, Lock};
use crate::support::failure::Failure;
use crate::support::files::read;
use crate::support::shell;
use crate::support::text::show_path;

/// A CSDL file that is not what was downloaded.
#[derive(Debug, Serialize)]
pub(crate) struct Deviation {
    path: PathBuf,
    lock: PathBuf,
    /// The URL in the lock file.
    source: String,
    locked: Content,
    /// `None` if the file does not exist.
    found: Option<Content>,
}

impl Deviation {
    /// Compares a file with its entry in the lock file; `None` if there is no entry, or no difference.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or the lock file is malformed.
    pub(crate) fn find(path: &Path) -> Result<Option<Self>, Failure> {
        let lock = Lock::next_to(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(entry) = lock.entry(&name) else {
            return Ok(None);
        };
        let found = read(path)?.as_deref().map(Content::of);
        let locked = entry.content();
        let is_different = found.as_ref() != Some(&locked);
        Ok(is_different.then(|| Deviation {
            path: path.to_owned(),
            lock: lock.path().to_owned(),
            source: entry.source().to_owned(),
            locked,
            found,
        }))
    }

    /// What differs, and what to do.
    pub(crate) fn message(&self) -> String {
        let (path, lock) = (show_path(&self.path), show_path(&self.lock));
        let fetch = match self.command() {
            Some(command) => format!("fetch it again: `{command}`"),
            None => "fetch it again".to_owned(),
        };
        let Some(found) = &self.found else {
            return format!(
                "there is no `{path}`, which has an entry in `{lock}`\nhelp: {fetch}; or, if it is no \
                 longer needed, delete the entry"
            );
        };
        let differences = format!(
            "`{path}` differs from its entry in `{lock}`: {} bytes with sha256 {}, not {} bytes with {}",
            found.size,
            found.short(),
            self.locked.size,
            self.locked.short(),
        );
        format!(
            "{differences}\nhelp: {fetch}; or, if the change is intended, correct or delete the entry. If \
             git converted line endings, add `*.csdl -text` to `.gitattributes`"
        )
    }

    /// The command that downloads it again, if the URL is one of `msgraph fetch`.
    fn command(&self) -> Option<String> {
        let rest = self.source.strip_suffix("/$metadata")?;
        let (root, version) = rest.rsplit_once('/')?;
        let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.root() == root);
        let root = match cloud {
            Some(cloud) => ("--cloud", Some(cloud.as_str())),
            None => ("--root", Some(root)),
        };
        let version = ("--api-version", Some(version));
        let out = ("-o", self.path.to_str());
        shell::command("msgraph fetch", &[root, version, out])
    }
}
