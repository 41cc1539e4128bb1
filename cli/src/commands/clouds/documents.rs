//! Which documents are those of which clouds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use msgraph_runtime::Cloud;

use crate::support::arguments;
use crate::support::arguments::US_GOV;
use crate::support::failure::Failure;
use crate::support::text::{folded, shown};

/// `CLOUD=FILE`.
#[derive(Clone, Debug)]
pub(super) struct Named {
    name: String,
    file: PathBuf,
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok(Named {
                name: name.to_owned(),
                file: file.into(),
            }),
            _ => Err("write a name and a file: `china=v1.0-china.csdl`".to_owned()),
        }
    }
}

/// The metadata of a cloud.
#[derive(Debug)]
pub(super) struct Document {
    /// What stands behind the API version in its name.
    pub(super) name: String,
    /// Together one model.
    pub(super) files: Vec<PathBuf>,
    /// The cloud of the facts; `None` of one that the reference does not speak of.
    pub(super) cloud: Option<Cloud>,
}

/// The documents of an API version, by name.
///
/// # Errors
///
/// When the folder cannot be read, when there is none of them, and when two have one name.
pub(super) fn documents(
    folder: Option<&Path>,
    named: &[Named],
    only: &[String],
    version: &str,
) -> Result<Vec<Document>, Failure> {
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    if let Some(folder) = folder {
        let found = in_folder(folder, version)?;
        for name in only {
            if !found.contains_key(name) {
                let names = found.keys().map(|name| format!("`{}`", folded(name)));
                let names: Vec<String> = names.collect();
                return Err(Failure::Usage(format!(
                    "`{}` has no document of `{}`\nhelp: there is {}",
                    shown(folder),
                    folded(name),
                    names.join(", ")
                )));
            }
        }
        let wanted = found.into_iter();
        files.extend(wanted.filter(|(name, _)| only.is_empty() || only.contains(name)));
    }
    for Named { name, file } in named {
        if let Some(other) = files.insert(name.clone(), file.clone()) {
            return Err(twice(name, &other, file));
        }
    }
    arguments::exist(named.iter().map(|named| &named.file))?;
    let documents = files.into_iter();
    let documents = documents.map(|(name, file)| Document::new(name, vec![file]));
    Ok(documents.collect())
}

/// The documents that a manifest names: its own, and those of its `[other-clouds]`.
///
/// # Errors
///
/// When it names none of other clouds, and when two have one name.
pub(super) fn of_manifest(
    manifest: msgraph_codegen::command::Documents,
    version: &str,
) -> Result<Vec<Document>, Failure> {
    if manifest.other_clouds.is_empty() {
        return Err(Failure::Usage(format!(
            "which documents?\nhelp: name the folder where they are, as `{version}-CLOUD.csdl`: `msgraph \
             clouds metadata`; or each of them with `--document CLOUD=FILE`, or in the manifest's \
             `[other-clouds]`"
        )));
    }
    let own = match manifest.metadata.as_slice() {
        [only] => name_of(only, version),
        _ => None,
    };
    let own = own.unwrap_or(Cloud::Global.as_str()).to_owned();
    let mut files = BTreeMap::from([(own, manifest.metadata)]);
    for (name, documents) in manifest.other_clouds {
        if let Some(others) = files.get(&name) {
            let first = |files: &[PathBuf]| files.first().cloned().unwrap_or_default();
            return Err(twice(&name, &first(others), &first(&documents)));
        }
        files.insert(name, documents);
    }
    let documents = files.into_iter();
    let documents = documents.map(|(name, files)| Document::new(name, files));
    Ok(documents.collect())
}

impl Document {
    fn new(name: String, files: Vec<PathBuf>) -> Self {
        Document {
            cloud: cloud(&name),
            name,
            files,
        }
    }
}

/// What stands behind the API version in the name of a document, `global` where nothing does;
/// `None` of another version.
fn name_of<'p>(path: &'p Path, version: &str) -> Option<&'p str> {
    let stem = path.file_stem().and_then(|stem| stem.to_str())?;
    match stem.strip_prefix(version)? {
        "" => Some(Cloud::Global.as_str()),
        rest => rest.strip_prefix('-').filter(|name| !name.is_empty()),
    }
}

fn twice(name: &str, one: &Path, other: &Path) -> Failure {
    Failure::Usage(format!(
        "`{}` and `{}` are both called `{}`\nhelp: give another name with `--document NAME=FILE`, \
         or take one of them away",
        shown(one),
        shown(other),
        folded(name)
    ))
}

fn in_folder(folder: &Path, version: &str) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| Failure::file("read", folder, &error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    // A name that stands twice is said of the same two, whatever the order of the folder.
    paths.sort();
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in paths {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let (Some("csdl" | "xml"), Some(name)) = (ending, name_of(&path, version)) else {
            continue;
        };
        if let Some(other) = found.get(name) {
            return Err(twice(name, other, &path));
        }
        found.insert(name.to_owned(), path);
    }
    if found.is_empty() {
        return Err(Failure::Usage(format!(
            "`{}` has no document of `{version}`\nhelp: they are named `{version}-CLOUD.csdl`; with \
             `--document CLOUD=FILE` a document may have any name",
            shown(folder)
        )));
    }
    Ok(found)
}

/// The cloud of a document's name: `us-gov`, or `global-clean` for another document of one.
fn cloud(name: &str) -> Option<Cloud> {
    let is_of = |known: &str| {
        let rest = name.strip_prefix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let named = Cloud::ALL.into_iter().find(|cloud| is_of(cloud.as_str()));
    // Graph's own repository of metadata has no document of L5.
    named.or_else(|| is_of(US_GOV).then_some(Cloud::UsGovL4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_of_the_cloud_that_its_name_starts_with() {
        let table = [
            ("global", Some(Cloud::Global)),
            ("global-clean", Some(Cloud::Global)),
            ("globally", None),
            ("us-gov", Some(Cloud::UsGovL4)),
            ("us-gov-l4", Some(Cloud::UsGovL4)),
            ("us-gov-l5", Some(Cloud::UsGovL5)),
            ("china", Some(Cloud::China)),
            ("usnat", None),
        ];
        for (name, expected) in table {
            assert_eq!(cloud(name), expected, "{name}");
        }
    }
}
