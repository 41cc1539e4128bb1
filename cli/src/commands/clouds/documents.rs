//! Finds the metadata of each cloud.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use msgraph_runtime::Cloud;

use crate::support::arguments::{US_GOV, check_documents};
use crate::support::failure::Failure;
use crate::support::files::documents_in;
use crate::support::text::{one_line, show_path};

/// `CLOUD=FILE`.
#[derive(Clone, Debug)]
pub(super) struct NamedFile {
    name: String,
    file: PathBuf,
}

impl FromStr for NamedFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok(NamedFile {
                name: name.to_owned(),
                file: file.into(),
            }),
            _ => Err("write a name and a file: `china=v1.0-china.csdl`".to_owned()),
        }
    }
}

/// The metadata of a cloud.
#[derive(Debug)]
pub(super) struct CloudDocument {
    pub(super) name: String,
    /// Together one model.
    pub(super) files: Vec<PathBuf>,
    /// `None` if the reference does not mention the cloud.
    pub(super) cloud: Option<Cloud>,
}

/// The files of a folder and the named files, in order of name.
///
/// # Errors
///
/// When there is no metadata, and when two files have the same name.
pub(super) fn from_arguments(
    folder: Option<&Path>,
    named: &[NamedFile],
    only: &[String],
    version: &str,
) -> Result<Vec<CloudDocument>, Failure> {
    let mut files = match folder {
        Some(folder) => in_folder(folder, only, version)?,
        None => BTreeMap::new(),
    };
    for NamedFile { name, file } in named {
        if let Some(other) = files.insert(name.clone(), file.clone()) {
            return Err(duplicate(name, &other, file));
        }
    }
    check_documents(named.iter().map(|named| &named.file), true)?;
    let files = files.into_iter().map(|(name, file)| (name, vec![file]));
    Ok(files.map(CloudDocument::new).collect())
}

/// The metadata of a manifest, and of its `[other-clouds]`.
///
/// # Errors
///
/// When the manifest has no other clouds, and when two have the same name.
pub(super) fn from_manifest(
    manifest: msgraph_codegen::command::Documents,
    version: &str,
) -> Result<Vec<CloudDocument>, Failure> {
    if manifest.other_clouds.is_empty() {
        return Err(Failure::Usage(format!(
            "no metadata of other clouds\nhelp: name the folder of `{version}-CLOUD.csdl` files: `msgraph \
             clouds metadata`; or each file with `--document CLOUD=FILE`, or in `[other-clouds]` of the \
             manifest"
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
            return Err(duplicate(&name, &first(others), &first(&documents)));
        }
        files.insert(name, documents);
    }
    Ok(files.into_iter().map(CloudDocument::new).collect())
}

impl CloudDocument {
    fn new((name, files): (String, Vec<PathBuf>)) -> Self {
        CloudDocument {
            cloud: cloud(&name),
            name,
            files,
        }
    }
}

/// What follows the API version in a file name; `global` by default, `None` for another version.
fn name_of<'p>(path: &'p Path, version: &str) -> Option<&'p str> {
    let stem = path.file_stem().and_then(|stem| stem.to_str())?;
    match stem.strip_prefix(version)? {
        "" => Some(Cloud::Global.as_str()),
        rest => rest.strip_prefix('-').filter(|name| !name.is_empty()),
    }
}

fn duplicate(name: &str, one: &Path, other: &Path) -> Failure {
    Failure::Usage(format!(
        "`{}` and `{}` have the same name `{}`\nhelp: name one of them with `--document NAME=FILE`, or \
         remove it",
        show_path(one),
        show_path(other),
        one_line(name)
    ))
}

fn in_folder(
    folder: &Path,
    only: &[String],
    version: &str,
) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in documents_in(folder)? {
        let Some(name) = name_of(&path, version) else {
            continue;
        };
        if let Some(other) = found.get(name) {
            return Err(duplicate(name, other, &path));
        }
        found.insert(name.to_owned(), path);
    }
    if found.is_empty() {
        return Err(Failure::Usage(format!(
            "`{}` has no CSDL file for {version}\nhelp: name the files `{version}-CLOUD.csdl`, or name \
             each with `--document CLOUD=FILE`",
            show_path(folder)
        )));
    }
    if let Some(missing) = only.iter().find(|name| !found.contains_key(*name)) {
        let names = found.keys().map(|name| format!("`{}`", one_line(name)));
        return Err(Failure::Usage(format!(
            "`{}` has no CSDL file for `{}`\nhelp: there is {}",
            show_path(folder),
            one_line(missing),
            names.collect::<Vec<_>>().join(", ")
        )));
    }
    found.retain(|name, _| only.is_empty() || only.contains(name));
    Ok(found)
}

/// The cloud of a name: `us-gov`, or `global-clean` for another document of a cloud.
fn cloud(name: &str) -> Option<Cloud> {
    let starts_with = |known: &str| {
        let rest = name.strip_prefix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let mut clouds = Cloud::ALL.into_iter();
    let named = clouds.find(|cloud| starts_with(cloud.as_str()));
    named.or_else(|| starts_with(US_GOV).then_some(Cloud::UsGovL4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_starts_with_the_cloud() {
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
