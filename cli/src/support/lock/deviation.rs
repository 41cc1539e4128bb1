//! Documents that are not what the lock file beside them says was fetched.

use std::path::{Path, PathBuf};

use msgraph_runtime::Cloud;
use serde::Serialize;

use super::{Content, Lock};
use crate::support::failure::Failure;
use crate::support::files::read;
use crate::support::shell;
use crate::support::text::shown;

/// A document that is not what was fetched.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deviation {
    path: PathBuf,
    /// The lock file that says so.
    lock: PathBuf,
    /// Where the document is from.
    source: String,
    locked: Content,
    /// None where there is no such file.
    found: Option<Content>,
    /// Whether nothing but the line endings differs.
    line_endings: bool,
}

impl Deviation {
    /// Compares a document with its entry in the lock file beside it; `None` where there is no such
    /// file or entry, and where they agree.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or the lock file is none.
    pub(crate) fn find(path: &Path) -> Result<Option<Self>, Failure> {
        let lock = Lock::beside(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(entry) = lock.entry(&name)? else {
            return Ok(None);
        };
        let bytes = read(path)?;
        let found = bytes.as_deref().map(Content::of);
        if found.as_ref() == Some(&entry.content) {
            return Ok(None);
        }
        let (lf, crlf) = with_line_endings(bytes.as_deref().unwrap_or_default());
        Ok(Some(Deviation {
            path: path.to_owned(),
            line_endings: bytes.is_some()
                && [lf, crlf]
                    .iter()
                    .any(|bytes| Content::of(bytes) == entry.content),
            lock: lock.path,
            source: entry.source,
            locked: entry.content,
            found,
        }))
    }

    /// What differs, and what to do about it.
    pub(crate) fn message(&self) -> String {
        let path = shown(&self.path);
        let lock = shown(&self.lock);
        if self.line_endings {
            return format!(
                "`{path}` has other line endings than the document that `{lock}` names; git \
                 converts them where nobody tells it not to\n\
                 help: put `*.csdl -text` into `.gitattributes`, delete the file and check it out \
                 again; or {}",
                self.fetch_again()
            );
        }
        let Some(found) = &self.found else {
            return format!(
                "there is no `{path}`, which `{lock}` names\nhelp: {}; or, where it is \
                 not needed any more, delete its entry in `{lock}`",
                self.fetch_again()
            );
        };
        format!(
            "`{path}` is not the document that `{lock}` names: {} bytes with sha256 {}, where {} \
             bytes with {} were fetched\n\
             help: {}; or, where the change is meant, correct or delete its entry \
             in `{lock}`",
            found.size,
            found.short(),
            self.locked.size,
            self.locked.short(),
            self.fetch_again()
        )
    }

    /// What to do to have the document again: the command, where the source says which.
    fn fetch_again(&self) -> String {
        match self.command() {
            Some(command) => format!("fetch it again: `{command}`"),
            None => "fetch it again".to_owned(),
        }
    }

    /// The command that fetches it.
    fn command(&self) -> Option<String> {
        let rest = self.source.strip_suffix("/$metadata")?;
        let (root, version) = rest.rsplit_once('/')?;
        let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.root() == root);
        let place = match cloud {
            Some(cloud) => ("--cloud", Some(cloud.as_str())),
            None => ("--root", Some(root)),
        };
        let version = ("--api-version", Some(version));
        let out = ("-o", self.path.to_str());
        shell::command("msgraph fetch", &[place, version, out])
    }
}

/// A text with nothing but `\n`, and with nothing but `\r\n`, at the ends of its lines.
fn with_line_endings(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut lf, mut crlf) = (Vec::new(), Vec::new());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                lf.extend_from_slice(line);
                crlf.extend_from_slice(line);
                lf.push(b'\n');
                crlf.extend_from_slice(b"\r\n");
            }
            None => {
                lf.extend_from_slice(line);
                crlf.extend_from_slice(line);
            }
        }
    }
    (lf, crlf)
}
