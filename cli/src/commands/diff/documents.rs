//! Pairs the old and new CSDL files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::failure::Failure;
use crate::support::files::documents_in;
use crate::support::text::show_path;

/// Two versions of a CSDL file; `None` is the metadata of the manifest.
#[derive(Debug)]
pub(super) struct Pair {
    /// The name in the report.
    pub(super) name: String,
    pub(super) old: Option<PathBuf>,
    pub(super) new: Option<PathBuf>,
}

#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) both: Vec<Pair>,
    /// Names of files that only the old folder has.
    pub(super) only_old: Vec<String>,
    /// Names of files that only the new folder has.
    pub(super) only_new: Vec<String>,
}

impl Pairs {
    /// The metadata of a manifest, on both sides.
    pub(super) fn manifest(manifest: &Path) -> Self {
        let pair = Pair {
            name: file_name(manifest),
            old: None,
            new: None,
        };
        Pairs {
            both: vec![pair],
            ..Pairs::default()
        }
    }
}

/// Pairs two files, or the files of two folders by name.
///
/// # Errors
///
/// When one is a file and the other a folder, and when two folders share no file name.
pub(super) fn pairs(old: &Path, new: &Path) -> Result<Pairs, Failure> {
    match (old.is_dir(), new.is_dir()) {
        (false, false) => {
            let (old_name, new_name) = (file_name(old), file_name(new));
            let name = if old_name == new_name {
                new_name
            } else {
                format!("{old_name} → {new_name}")
            };
            let (old, new) = (Some(old.to_owned()), Some(new.to_owned()));
            Ok(Pairs {
                both: vec![Pair { name, old, new }],
                ..Pairs::default()
            })
        }
        (true, true) => folders(old, new),
        (old_is_folder, _) => {
            let (folder, file) = if old_is_folder {
                (old, new)
            } else {
                (new, old)
            };
            Err(Failure::Usage(format!(
                "`{}` is a folder, but `{}` is not\nhelp: name two CSDL files, or two folders",
                show_path(folder),
                show_path(file)
            )))
        }
    }
}

fn folders(old: &Path, new: &Path) -> Result<Pairs, Failure> {
    let by_name = |folder| -> Result<BTreeMap<String, PathBuf>, Failure> {
        let paths = documents_in(folder)?.into_iter();
        Ok(paths.map(|path| (file_name(&path), path)).collect())
    };
    let mut after = by_name(new)?;
    let mut pairs = Pairs::default();
    for (name, old) in by_name(old)? {
        match after.remove(&name) {
            Some(new) => pairs.both.push(Pair {
                name,
                old: Some(old),
                new: Some(new),
            }),
            None => pairs.only_old.push(name),
        }
    }
    pairs.only_new = after.into_keys().collect();
    if pairs.both.is_empty() {
        return Err(Failure::Usage(format!(
            "`{}` and `{}` have no CSDL files with the same name\nhelp: the names end in `.csdl` or `.xml`",
            show_path(old),
            show_path(new)
        )));
    }
    Ok(pairs)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
