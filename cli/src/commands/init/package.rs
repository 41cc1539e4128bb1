//! The `Cargo.toml` of the crate: what it says, and the dependencies that it lacks.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

use super::existing_text::as_it_was;
use crate::support::failure::Failure;
use crate::support::files::read;
use crate::support::text::shown;

/// A package's manifest, to be edited.
#[derive(Debug)]
pub(super) struct Package {
    /// `Cargo.toml`.
    pub(super) path: PathBuf,
    /// As it is.
    pub(super) text: String,
    document: DocumentMut,
    /// The names in `[workspace.dependencies]`.
    shared: Vec<String>,
}

/// Where the crates of this project are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A clone, as seen from the package.
    Path(String),
    /// A repository.
    Git(String),
}

impl Package {
    /// # Errors
    ///
    /// When there is none, or it is that of a workspace without a package, or of an edition that the
    /// generated code is not for.
    pub(super) fn read(directory: &Path, path: PathBuf) -> Result<Self, Failure> {
        let Some(bytes) = read(&path)? else {
            return Err(Failure::Usage(format!(
                "there is no `{}`; make a crate with `cargo new`, or name its folder with \
                 `--crate-dir`",
                shown(&path)
            )));
        };
        let wrong = |what: &str| Failure::Input(format!("`{}`: {what}", shown(&path)));
        let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8"))?;
        let document: DocumentMut = text.parse().map_err(|error| wrong(&format!("{error}")))?;
        let package = match document.get("package").map(Item::as_table_like) {
            Some(Some(package)) => package,
            Some(None) => return Err(wrong("`package` is not a table")),
            None if document.contains_key("workspace") => {
                return Err(Failure::Usage(format!(
                    "`{}` is that of a workspace; name the folder of one of its crates with \
                     `--crate-dir`",
                    shown(&path)
                )));
            }
            None => return Err(wrong("it has neither `[package]` nor `[workspace]`")),
        };
        let workspace = workspace(&document, directory);
        let edition = match package.get("edition") {
            Some(edition) if is_of_the_workspace(edition) => workspace
                .get("package")
                .and_then(|shared| shared.get("edition")),
            edition => edition,
        };
        if edition.is_none_or(|edition| edition.as_str() == Some("2015")) {
            return Err(Failure::Usage(format!(
                "`{}` is of edition 2015, which is what none means too, and the generated code is of a \
                 later one; write `edition = \"2024\"`, or another from 2018 on",
                shown(&path)
            )));
        }
        let shared = names(workspace.get("dependencies"));
        Ok(Package {
            path,
            text,
            document,
            shared,
        })
    }

    /// The build script, relative to the package.
    ///
    /// # Errors
    ///
    /// What `[package]` says instead, where it wants none or names no single one.
    pub(super) fn build_script(&self) -> Result<&str, String> {
        match self.document.get("package").and_then(|it| it.get("build")) {
            None => Ok("build.rs"),
            Some(item) if item.as_bool() == Some(true) => Ok("build.rs"),
            Some(item) => item
                .as_str()
                .ok_or_else(|| format!("build = {}", item.to_string().trim())),
        }
    }

    /// Whether the code of the crate knows a dependency by a name.
    pub(super) fn knows(&self, name: &str) -> bool {
        ["dependencies", "dev-dependencies"]
            .iter()
            .any(|table| names(self.document.get(table)).iter().any(|it| it == name))
    }

    /// The root files that the crate may have, relative to the package, the library's first.
    pub(super) fn roots(&self) -> Vec<String> {
        let path = |target: &Item| target.get("path").and_then(Item::as_str).map(str::to_owned);
        let library = self.document.get("lib").and_then(path);
        let mut roots = vec![library.unwrap_or_else(|| "src/lib.rs".to_owned())];
        roots.push("src/main.rs".to_owned());
        if let Some(programs) = self.document.get("bin").and_then(Item::as_array_of_tables) {
            roots.extend(programs.iter().filter_map(|program| {
                program
                    .get("path")
                    .and_then(Item::as_str)
                    .map(str::to_owned)
            }));
        }
        roots
    }

    /// Adds a crate to a table of dependencies that lacks it; the rest of the text stays. Returns
    /// whether the dependency is from `source` then.
    pub(super) fn add(&mut self, table: &str, name: &str, folder: &str, source: &Source) -> bool {
        let is_there = |(key, item): &(&str, &Item)| {
            *key == name || item.get("package").and_then(Item::as_str) == Some(name)
        };
        let (key, place) = match source {
            Source::Path(path) => ("path", format!("{path}/{folder}")),
            Source::Git(url) => ("git", url.clone()),
        };
        let new = Item::Table(Table::new());
        let Some(dependencies) = self
            .document
            .entry(table)
            .or_insert(new)
            .as_table_like_mut()
        else {
            // What cargo refuses is not ours to mend.
            return true;
        };
        if let Some((_, there)) = dependencies.iter().find(is_there) {
            return there.get(key).and_then(Item::as_str) == Some(place.as_str());
        }
        let is_shared = self.shared.iter().any(|shared| shared == name);
        let mut value = InlineTable::new();
        if is_shared {
            value.insert("workspace", Value::from(true));
        } else {
            value.insert(key, place.into());
        }
        dependencies.insert(name, Item::Value(Value::InlineTable(value)));
        !is_shared
    }

    /// As it shall be.
    pub(super) fn edited(&self) -> String {
        as_it_was(&self.text, self.document.to_string())
    }
}

/// The names in a table of dependencies.
fn names(dependencies: Option<&Item>) -> Vec<String> {
    let dependencies = dependencies.and_then(Item::as_table_like);
    dependencies.map_or_else(Vec::new, |dependencies| {
        let names = dependencies.iter().map(|(name, _)| name.to_owned());
        names.collect()
    })
}

/// `{ workspace = true }`.
fn is_of_the_workspace(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

/// The `[workspace]` that a package is in: its own, that of `package.workspace`, or the next above
/// it; without one an empty one.
fn workspace(document: &DocumentMut, directory: &Path) -> Table {
    let of = |document: &DocumentMut| document.get("workspace").and_then(Item::as_table).cloned();
    if let Some(own) = of(document) {
        return own;
    }
    let Ok(directory) = fs::canonicalize(directory) else {
        return Table::new();
    };
    let named = document.get("package").and_then(|it| it.get("workspace"));
    let above: Vec<PathBuf> = match named.and_then(Item::as_str) {
        Some(named) => vec![directory.join(named)],
        None => directory.ancestors().skip(1).map(Path::to_owned).collect(),
    };
    above
        .iter()
        .filter_map(|folder| fs::read_to_string(folder.join("Cargo.toml")).ok())
        .filter_map(|text| text.parse().ok())
        .find_map(|document| of(&document))
        .unwrap_or_default()
}
