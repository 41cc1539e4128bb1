//! `lock.toml` next to CSDL files: where each was downloaded from, and its digest.

pub(crate) mod deviation;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use toml_edit::{Datetime, DocumentMut, Item, Table, TableLike, Value};

use crate::support::failure::Failure;
use crate::support::files::read_up_to;
use crate::support::text::{one_line, show_path};

pub(crate) const FILE_NAME: &str = "lock.toml";

/// The version of the format.
const VERSION: i64 = 1;

const NEW: &str = "\
# Where the CSDL files in this folder were downloaded from, written by `msgraph fetch`.
# `msgraph fetch --check` and `msgraph generate --check` compare the files with it.
version = 1
";

/// An entry has about 200 bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The format of the file. Unknown keys are errors: an ignored entry would never be checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockFile {
    version: Option<i64>,
    #[serde(default)]
    file: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The URL.
    source: String,
    /// When this content was first downloaded.
    fetched: Datetime,
    sha256: String,
    size: u64,
}

impl Entry {
    pub(crate) fn new(source: String, fetched: Datetime, content: &Content) -> Self {
        Entry {
            source,
            fetched,
            sha256: content.sha256.clone(),
            size: content.size,
        }
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn content(&self) -> Content {
        Content {
            sha256: self.sha256.to_ascii_lowercase(),
            size: self.size,
        }
    }
}

/// Identifies the content of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Content {
    /// Hexadecimal.
    pub(crate) sha256: String,
    /// In bytes.
    pub(crate) size: u64,
}

impl Content {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut sha256 = String::new();
        for byte in digest(&SHA256, bytes).as_ref() {
            let _ = write!(sha256, "{byte:02x}");
        }
        Content {
            sha256,
            size: bytes.len() as u64,
        }
    }

    /// The start of the digest.
    pub(crate) fn short(&self) -> &str {
        self.sha256.get(..12).unwrap_or(&self.sha256)
    }
}

/// A lock file.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    entries: BTreeMap<String, Entry>,
    /// The same, to be edited.
    document: DocumentMut,
}

impl Lock {
    /// Reads the lock file in the folder of a CSDL file; empty if it does not exist.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is malformed.
    pub(crate) fn next_to(document: &Path) -> Result<Self, Failure> {
        let path = document.with_file_name(FILE_NAME);
        let malformed = |what: String| {
            Failure::Input(format!(
                "`{}`: {what}; correct it, or delete it and fetch again",
                show_path(&path)
            ))
        };
        let text = match read_up_to(&path, MAX_BYTES + 1)? {
            None => NEW.to_owned(),
            Some(bytes) if bytes.len() as u64 > MAX_BYTES => {
                return Err(malformed(format!("it has more than {MAX_BYTES} bytes")));
            }
            Some(bytes) => {
                String::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8".to_owned()))?
            }
        };
        let parsed: Result<LockFile, _> = toml_edit::de::from_str(&text);
        let LockFile { version, file } = parsed.map_err(|error| {
            let start = error.span().and_then(|span| text.get(..span.start));
            let line = start.map_or(1, |start| start.matches('\n').count() + 1);
            malformed(format!("line {line}: {}", one_line(error.message())))
        })?;
        if version.is_some_and(|version| version != VERSION) {
            return Err(malformed(format!(
                "`version` is not {VERSION}: another version of `msgraph` wrote it"
            )));
        }
        if let Some(name) = file.keys().find(|name| !is_file_name(name)) {
            let name = one_line(name);
            return Err(malformed(format!(
                "`file.\"{name}\"` is not the name of a file in its folder"
            )));
        }
        let document = text.parse();
        let document = document.map_err(|error| malformed(one_line(&format!("{error}"))))?;
        Ok(Lock {
            path,
            entries: file,
            document,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// The paths of the CSDL files that have an entry.
    pub(crate) fn documents(&self) -> Vec<PathBuf> {
        let names = self.entries.keys();
        names.map(|name| self.path.with_file_name(name)).collect()
    }

    /// Adds or replaces an entry. Comments and other entries are kept.
    pub(crate) fn set(&mut self, name: &str, entry: Entry) {
        let mut implicit = Table::new();
        implicit.set_implicit(true);
        let files = self.document.entry("file").or_insert(Item::Table(implicit));
        let is_new = files.get(name).is_none();
        let table = files
            .as_table_like_mut()
            .map(|files| files.entry(name).or_insert(Item::Table(Table::new())))
            .and_then(Item::as_table_like_mut);
        if let Some(table) = table {
            put(table, "source", entry.source.as_str().into());
            put(table, "fetched", entry.fetched.into());
            put(table, "sha256", entry.sha256.as_str().into());
            let size = i64::try_from(entry.size).unwrap_or(i64::MAX);
            put(table, "size", size.into());
        }
        if is_new {
            if let Some(files) = self.document.get_mut("file").and_then(Item::as_table_mut) {
                files.sort_values();
            }
            renumber(self.document.as_table_mut(), &mut 0);
        }
        self.entries.insert(name.to_owned(), entry);
    }

    /// Removes an entry, and the comment before it.
    pub(crate) fn remove(&mut self, name: &str) {
        self.entries.remove(name);
        let files = self.document.get_mut("file");
        if let Some(files) = files.and_then(Item::as_table_like_mut) {
            files.remove(name);
        }
    }

    pub(crate) fn text(&self) -> String {
        self.document.to_string()
    }
}

/// Whether an entry may have this name, on every system.
pub(crate) fn is_file_name(name: &str) -> bool {
    let is_one_part = Path::new(name).file_name().is_some_and(|part| part == name);
    is_one_part && !name.contains(['/', '\\', '\0'])
}

/// Sets a value, and keeps the comment after it.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

/// Sets the positions of tables, which determine their order in the file, to the order of the keys.
fn renumber(table: &mut Table, next: &mut isize) {
    table.set_position(Some(*next));
    *next += 1;
    for (_, item) in table.iter_mut() {
        if let Item::Table(inner) = item {
            renumber(inner, next);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;

    use super::deviation::Deviation;
    use super::*;

    fn entry(content: &str) -> Entry {
        Entry::new(
            "https://graph.microsoft.com/v1.0/$metadata".to_owned(),
            "2026-03-24T06:00:00Z".parse().unwrap(),
            &Content::of(content.as_bytes()),
        )
    }

    #[test]
    fn entries_are_sorted_and_comments_kept() {
        let directory = tempfile::tempdir().unwrap();
        let document = directory.path().join("v1.0.csdl");
        let mut lock = Lock::next_to(&document).unwrap();
        lock.set("v1.0.csdl", entry("one"));
        lock.set("beta.csdl", entry("two"));
        let text = lock.text();
        assert!(text.starts_with(NEW), "{text}");
        let beta = text.find("[file.\"beta.csdl\"]").unwrap();
        assert!(beta < text.find("[file.\"v1.0.csdl\"]").unwrap(), "{text}");

        let commented = text
            .replace("[file.\"v1.0", "# Ours since June.\n[file.\"v1.0")
            .replace("size = 3", "size = 3 # small")
            + "\n# The end.\n";
        fs::write(lock.path(), &commented).unwrap();
        let mut lock = Lock::next_to(&document).unwrap();
        assert_eq!(lock.text(), commented);
        lock.set("v1.0-china.csdl", entry("three"));
        lock.set("v1.0.csdl", entry("four"));
        let text = lock.text();
        let order: Vec<&str> = text.lines().filter(|l| l.starts_with(['[', '#'])).collect();
        assert_eq!(
            order[2..],
            [
                "[file.\"beta.csdl\"]",
                "[file.\"v1.0-china.csdl\"]",
                "# Ours since June.",
                "[file.\"v1.0.csdl\"]",
                "# The end.",
            ],
            "{text}"
        );
        assert!(text.contains("size = 4 # small"), "{text}");
        fs::write(lock.path(), &text).unwrap();
        let lock = Lock::next_to(&document).unwrap();
        assert_eq!(lock.entry("v1.0.csdl"), Some(&entry("four")));
        assert_eq!(lock.entry("beta.csdl"), Some(&entry("two")));
    }

    #[test]
    fn a_malformed_lock_file_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let document = directory.path().join("v1.0.csdl");
        for (text, complaint) in [
            ("version = 2\n", "`version` is not 1"),
            ("version = 1\n[file\n", "line 2"),
            ("file = 3\n", "line 1: invalid type"),
            ("[file.\"v1.0.csdl\"]\n", "line 1: missing field `source`"),
            (
                "[file.\"v1.0.csdl\"]\nsource = \"x\"\nfetched = \"today\"\n",
                "line 3",
            ),
        ] {
            fs::write(directory.path().join(FILE_NAME), text).unwrap();
            let message = Lock::next_to(&document).unwrap_err().to_string();
            assert!(message.contains(complaint), "{message}");
        }
    }

    #[test]
    fn a_deviation_names_the_command_that_restores_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let document = directory.path().join("v1.0.csdl");
        assert!(Deviation::find(&document).unwrap().is_none(), "no lock");
        let mut lock = Lock::next_to(&document).unwrap();
        lock.set("v1.0.csdl", entry("a\nb\n"));
        fs::write(lock.path(), lock.text()).unwrap();
        fs::write(&document, "a\nb\n").unwrap();
        assert!(Deviation::find(&document).unwrap().is_none());
        fs::write(&document, "a\r\nb\r\n").unwrap();
        let message = Deviation::find(&document).unwrap().unwrap().message();
        for part in ["--cloud global --api-version v1.0 -o", "*.csdl -text"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
