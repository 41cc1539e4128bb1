//! `lock.toml`: where the documents beside it are from, and whether they are still what was fetched.

pub(crate) mod deviation;

use std::fmt::Write as _;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use toml_edit::{Datetime, DocumentMut, Item, Table, TableLike, Value};

use crate::support::failure::Failure;
use crate::support::files;
use crate::support::text::{folded, shown};

/// The name of the file, in the directory of the documents.
pub(crate) const FILE_NAME: &str = "lock.toml";

/// The version of its form that is read and written.
const VERSION: i64 = 1;

/// What a new one starts with.
const NEW: &str = "\
# Where the documents beside this file are from, written by `msgraph fetch`.
# `msgraph fetch --check` holds them to it, and `msgraph generate --check` too.
version = 1
";

/// The keys of an entry.
const ENTRY_KEYS: [&str; 4] = ["source", "fetched", "sha256", "size"];

/// The most bytes of a lock file that are read: an entry has about 200.
const MAX_BYTES: u64 = 1 << 20;

/// How long another `msgraph` may take to write its files before it is not waited for any more.
const MAX_HOLD: Duration = Duration::from_secs(10);

/// Keeps every other `msgraph` from writing the documents of this folder, and their lock file, for as
/// long as it is kept. The folder is made where there is none. What is held is the folder itself, or,
/// where a folder cannot be held (Windows), the hidden file `.msgraph-lock` in it, which stays. A file
/// system that knows no locks is not held.
///
/// # Errors
///
/// When the folder cannot be made, and when another holds it for too long.
pub(crate) fn hold(document: &Path) -> Result<Option<File>, Failure> {
    let folder = files::folder(document);
    fs::create_dir_all(folder).map_err(|error| Failure::file("write", document, &error))?;
    let opened = if cfg!(windows) {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        options.open(folder.join(".msgraph-lock"))
    } else {
        File::open(folder)
    };
    let Ok(held) = opened else {
        // One may write into a folder that one may not read.
        return Ok(None);
    };
    let start = Instant::now();
    loop {
        match held.try_lock() {
            Ok(()) => return Ok(Some(held)),
            Err(TryLockError::WouldBlock) if start.elapsed() < MAX_HOLD => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::Outside(format!(
                    "another `msgraph` has been writing in `{}` for {} s; try again when it has ended",
                    shown(folder),
                    MAX_HOLD.as_secs()
                )));
            }
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
}

/// What is known of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The URL.
    pub(crate) source: String,
    /// When this content was fetched first, in UTC.
    pub(crate) fetched: Datetime,
    pub(crate) content: Content,
}

/// Which bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Content {
    /// In hexadecimal digits.
    pub(crate) sha256: String,
    /// In bytes.
    pub(crate) size: u64,
}

impl Content {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        let mut sha256 = String::with_capacity(2 * digest.len());
        for byte in digest {
            // A string takes whatever is written to it.
            let _ = write!(sha256, "{byte:02x}");
        }
        Content {
            sha256,
            size: bytes.len() as u64,
        }
    }

    /// Enough of the digest to tell two apart.
    pub(crate) fn short(&self) -> &str {
        self.sha256.get(..12).unwrap_or(&self.sha256)
    }
}

/// A lock file.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    document: DocumentMut,
}

impl Lock {
    /// The one in the directory of this document; an empty one where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is no lock file.
    pub(crate) fn beside(document: &Path) -> Result<Self, Failure> {
        let path = document.with_file_name(FILE_NAME);
        let text = read_text(&path)?.unwrap_or_else(|| NEW.to_owned());
        let document: DocumentMut = text
            .parse()
            .map_err(|error| Failure::Input(format!("`{}`: {error}", shown(&path))))?;
        let lock = Lock { path, document };
        lock.check_keys()?;
        match lock.document.get("version").map(Item::as_integer) {
            None | Some(Some(VERSION)) => Ok(lock),
            Some(_) => Err(lock.malformed(&format!(
                "its `version` is not {VERSION}: it is of another version of `msgraph`"
            ))),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn malformed(&self, what: &str) -> Failure {
        malformed(&self.path, what)
    }

    /// An entry under a key that is ignored would be checked against nothing.
    fn check_keys(&self) -> Result<(), Failure> {
        let unknown = |key: &str, place: &str, known: &str| {
            let key = folded(key);
            self.malformed(&format!("unknown key `{key}`{place}; {known}"))
        };
        let mut keys = self.document.iter().map(|(key, _)| key);
        if let Some(key) = keys.find(|key| !matches!(*key, "version" | "file")) {
            return Err(unknown(key, "", "documents are in tables `[file.\"…\"]`"));
        }
        self.check_names()?;
        for (name, item) in self.files()?.into_iter().flat_map(TableLike::iter) {
            let mut keys = item.as_table_like().into_iter().flat_map(TableLike::iter);
            if let Some((key, _)) = keys.find(|(key, _)| !ENTRY_KEYS.contains(key)) {
                let place = format!(" of `{}`", folded(name));
                return Err(unknown(
                    key,
                    &place,
                    &format!("known are {}", ENTRY_KEYS.join(", ")),
                ));
            }
        }
        Ok(())
    }

    /// An entry whose name leads out of the folder would be checked against nothing, or against a
    /// file that is none of this lock file's.
    fn check_names(&self) -> Result<(), Failure> {
        let mut names = self.files()?.into_iter().flat_map(TableLike::iter);
        match names.find(|(name, _)| !is_file_name(name)) {
            None => Ok(()),
            Some((name, _)) => Err(self.malformed(&format!(
                "`file.\"{}\"` is not the name of a file in its folder",
                folded(name)
            ))),
        }
    }

    /// The entries by name.
    fn files(&self) -> Result<Option<&dyn TableLike>, Failure> {
        match self.document.get("file").map(Item::as_table_like) {
            Some(None) => Err(self.malformed("`file` is not a table")),
            Some(files) => Ok(files),
            None => Ok(None),
        }
    }

    /// What is known of the document of this name.
    pub(crate) fn entry(&self, name: &str) -> Result<Option<Entry>, Failure> {
        let Some(entry) = self.files()?.and_then(|files| files.get(name)) else {
            return Ok(None);
        };
        let wrong = |key: &str, what: &str| {
            self.malformed(&format!("`{key}` of `{}` is not {what}", folded(name)))
        };
        let value = |key: &str| entry.get(key).and_then(Item::as_value);
        let text = |key: &str| {
            let text = value(key).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| wrong(key, "a text"))
        };
        let size = value("size").and_then(Value::as_integer);
        Ok(Some(Entry {
            source: text("source")?,
            fetched: value("fetched")
                .and_then(Value::as_datetime)
                .copied()
                .ok_or_else(|| wrong("fetched", "a date with time"))?,
            content: Content {
                sha256: text("sha256")?.to_ascii_lowercase(),
                size: size
                    .and_then(|size| u64::try_from(size).ok())
                    .ok_or_else(|| wrong("size", "a number of bytes"))?,
            },
        }))
    }

    /// Puts an entry in the place of the one of this name, or among the others by name. All else
    /// stays as it is, comments included.
    pub(crate) fn set(&mut self, name: &str, entry: &Entry) -> Result<(), Failure> {
        let mut implicit = Table::new();
        implicit.set_implicit(true);
        let files = self.document.entry("file").or_insert(Item::Table(implicit));
        let is_new = files.get(name).is_none();
        let table = files
            .as_table_like_mut()
            .map(|files| files.entry(name).or_insert(Item::Table(Table::new())))
            .and_then(Item::as_table_like_mut);
        let Some(table) = table else {
            return Err(self.malformed(&format!("`file.\"{}\"` is not a table", folded(name))));
        };
        put(table, "source", entry.source.as_str().into());
        put(table, "fetched", entry.fetched.into());
        put(table, "sha256", entry.content.sha256.as_str().into());
        let size = i64::try_from(entry.content.size).unwrap_or(i64::MAX);
        put(table, "size", size.into());
        if is_new {
            if let Some(files) = self.document.get_mut("file").and_then(Item::as_table_mut) {
                files.sort_values();
            }
            number(self.document.as_table_mut(), &mut 0);
        }
        Ok(())
    }

    /// The documents that it names, where they should stand.
    ///
    /// # Errors
    ///
    /// When it is no lock file.
    pub(crate) fn documents(&self) -> Result<Vec<PathBuf>, Failure> {
        let names = self.files()?.into_iter().flat_map(TableLike::iter);
        Ok(names
            .map(|(name, _)| self.path.with_file_name(name))
            .collect())
    }

    /// Takes out the entry of this name, with the comment before it; whether there was one.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let files = self.document.get_mut("file");
        let files = files.and_then(Item::as_table_like_mut);
        files.is_some_and(|files| files.remove(name).is_some())
    }

    /// As it is written to disk.
    pub(crate) fn text(&self) -> String {
        self.document.to_string()
    }
}

/// Whether an entry may have this name: that of a file beside the lock file, on every system.
pub(crate) fn is_file_name(name: &str) -> bool {
    let is_one_part = Path::new(name).file_name().is_some_and(|part| part == name);
    is_one_part && !name.contains(['/', '\\', '\0'])
}

fn malformed(path: &Path, what: &str) -> Failure {
    Failure::Input(format!(
        "`{}`: {what}; mend it, or delete it and fetch again",
        shown(path)
    ))
}

/// The text of a lock file; `None` where there is none.
fn read_text(path: &Path) -> Result<Option<String>, Failure> {
    let failed = |error| Failure::file("read", path, &error);
    match fs::metadata(path) {
        // Opening a pipe would wait for its other end, and a device may have no end.
        Ok(found) if !found.is_file() => {
            return Err(Failure::Outside(format!("`{}` is not a file", shown(path))));
        }
        Ok(_) => {}
        Err(error) => {
            return match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
                _ => Err(failed(error)),
            };
        }
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    // One byte more than allowed tells that there is more.
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(malformed(
            path,
            &format!("it has more than {MAX_BYTES} bytes"),
        ));
    }
    let text = String::from_utf8(bytes).map_err(|_| malformed(path, "it is not UTF-8"))?;
    Ok(Some(text))
}

/// Sets a value; a comment behind the old one stays.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

/// Tables are written in the order of their positions, not in that of the keys: makes it the same.
fn number(table: &mut Table, next: &mut isize) {
    table.set_position(Some(*next));
    *next += 1;
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => number(inner, next),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(|inner| number(inner, next)),
            Item::None | Item::Value(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

    use super::deviation::Deviation;
    use super::*;

    fn entry(content: &str) -> Entry {
        Entry {
            source: "https://graph.microsoft.com/v1.0/$metadata".to_owned(),
            fetched: "2026-03-24T06:00:00Z".parse().unwrap(),
            content: Content::of(content.as_bytes()),
        }
    }

    #[test]
    fn entries_are_sorted_and_all_else_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let document = directory.path().join("v1.0.csdl");
        let mut lock = Lock::beside(&document).unwrap();
        lock.set("v1.0.csdl", &entry("one")).unwrap();
        lock.set("beta.csdl", &entry("two")).unwrap();
        let text = lock.text();
        assert!(text.starts_with(NEW), "{text}");
        let beta = text.find("[file.\"beta.csdl\"]").unwrap();
        assert!(beta < text.find("[file.\"v1.0.csdl\"]").unwrap(), "{text}");

        let commented = text
            .replace("[file.\"v1.0", "# Ours since June.\n[file.\"v1.0")
            .replace("size = 3", "size = 3 # small")
            + "\n# The end.\n";
        fs::write(lock.path(), &commented).unwrap();
        let mut lock = Lock::beside(&document).unwrap();
        assert_eq!(lock.text(), commented);
        lock.set("v1.0-china.csdl", &entry("three")).unwrap();
        lock.set("v1.0.csdl", &entry("four")).unwrap();
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
        let lock = Lock::beside(&document).unwrap();
        assert_eq!(lock.entry("v1.0.csdl").unwrap(), Some(entry("four")));
        assert_eq!(lock.entry("beta.csdl").unwrap(), Some(entry("two")));
    }

    #[test]
    fn what_is_no_lock_file_is_said() {
        let directory = tempfile::tempdir().unwrap();
        let document = directory.path().join("v1.0.csdl");
        let lock = directory.path().join(FILE_NAME);
        for (text, complaint) in [
            ("version = 2\n", "its `version` is not 1"),
            ("version = 1\n[file\n", "line 2"),
            ("file = 3\n", "`file` is not a table"),
            ("[file]\n\"v1.0.csdl\" = 3\n", "`source` of `v1.0.csdl`"),
            (
                "[file.\"v1.0.csdl\"]\nsource = \"x\"\nfetched = \"today\"\n",
                "`fetched` of `v1.0.csdl` is not a date with time",
            ),
        ] {
            fs::write(&lock, text).unwrap();
            let result = Lock::beside(&document).and_then(|lock| lock.entry("v1.0.csdl"));
            let message = result.unwrap_err().to_string();
            assert!(message.contains(complaint), "{message}");
        }
    }

    #[test]
    fn a_deviation_says_what_to_do_and_knows_line_endings() {
        let directory = tempfile::tempdir().unwrap();
        let document = directory.path().join("v1.0.csdl");
        assert!(Deviation::find(&document).unwrap().is_none(), "no lock");
        let mut lock = Lock::beside(&document).unwrap();
        lock.set("v1.0.csdl", &entry("a\nb\n")).unwrap();
        fs::write(lock.path(), lock.text()).unwrap();

        fs::write(&document, "a\nb\n").unwrap();
        assert!(Deviation::find(&document).unwrap().is_none());
        fs::write(&document, "a\r\nb\r\n").unwrap();
        let message = Deviation::find(&document).unwrap().unwrap().message();
        assert!(message.contains("*.csdl -text"), "{message}");
        fs::write(&document, "a\nc\n").unwrap();
        let message = Deviation::find(&document).unwrap().unwrap().message();
        assert!(
            message.contains("--cloud global --api-version v1.0 -o"),
            "{message}"
        );

        lock.set("v1.0.csdl", &entry("a\r\nb\r\n")).unwrap();
        fs::write(lock.path(), lock.text()).unwrap();
        fs::write(&document, "a\nb\n").unwrap();
        let message = Deviation::find(&document).unwrap().unwrap().message();
        assert!(message.contains("*.csdl -text"), "{message}");
    }
}
