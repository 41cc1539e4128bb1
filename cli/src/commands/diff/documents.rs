//! Which documents are compared with which.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::failure::Failure;
use crate::support::text::shown;

/// Two versions of one document.
#[derive(Debug)]
pub(super) struct Pair {
    /// What it is called in the report.
    pub(super) name: String,
    pub(super) old: PathBuf,
    pub(super) new: PathBuf,
}

/// The documents of both sides.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) both: Vec<Pair>,
    /// File names that only the old folder has.
    pub(super) only_old: Vec<String>,
    /// File names that only the new folder has.
    pub(super) only_new: Vec<String>,
}

/// Pairs two files, or the documents of two folders by their names.
///
/// # Errors
///
/// When one is a file and the other a folder, when a folder cannot be read, and when two folders
/// have no document of one name.
pub(super) fn pairs(old: &Path, new: &Path) -> Result<Pairs, Failure> {
    match (old.is_dir(), new.is_dir()) {
        (false, false) => Ok(Pairs {
            both: vec![Pair {
                name: if file_name(old) == file_name(new) {
                    file_name(new)
                } else {
                    format!("{} → {}", file_name(old), file_name(new))
                },
                old: old.to_owned(),
                new: new.to_owned(),
            }],
            only_old: Vec::new(),
            only_new: Vec::new(),
        }),
        (true, true) => folders(old, new),
        (old_is_folder, _) => {
            let (folder, file) = if old_is_folder {
                (old, new)
            } else {
                (new, old)
            };
            Err(Failure::Usage(format!(
                "`{}` is a folder and `{}` is not\nhelp: give two documents, or two folders of them",
                shown(folder),
                shown(file)
            )))
        }
    }
}

fn folders(old: &Path, new: &Path) -> Result<Pairs, Failure> {
    let mut after = documents(new)?;
    let mut pairs = Pairs {
        both: Vec::new(),
        only_old: Vec::new(),
        only_new: Vec::new(),
    };
    for (name, old) in documents(old)? {
        match after.remove(&name) {
            Some(new) => pairs.both.push(Pair { name, old, new }),
            None => pairs.only_old.push(name),
        }
    }
    pairs.only_new = after.into_keys().collect();
    if pairs.both.is_empty() {
        return Err(Failure::Usage(format!(
            "`{}` and `{}` have no document of one name\nhelp: documents end in `.csdl` or `.xml`",
            shown(old),
            shown(new)
        )));
    }
    Ok(pairs)
}

/// The CSDL documents of a folder, by file name.
fn documents(folder: &Path) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| Failure::file("read", folder, &error);
    let mut documents = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|ending| ending == "csdl" || ending == "xml")
        {
            documents.insert(file_name(&path), path);
        }
    }
    Ok(documents)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
