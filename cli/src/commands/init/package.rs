//! The `Cargo.toml` of the crate.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

use super::existing::{read_text, with_line_ends_of};
use crate::support::failure::Failure;
use crate::support::text::show_path;

#[derive(Debug)]
pub(super) struct Package {
    /// The path of `Cargo.toml`.
    pub(super) path: PathBuf,
    /// Its unedited text.
    pub(super) text: String,
    document: DocumentMut,
    /// The names in `[workspace.dependencies]`.
    shared: Vec<String>,
}

/// Where the crates of this project are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CrateSource {
    /// A clone, relative to the package.
    Path(String),
    /// The URL of a repository.
    Git(String),
}

impl Package {
    /// # Errors
    ///
    /// When there is no package, or its edition is 2015.
    pub(super) fn read(directory: &Path, path: PathBuf) -> Result<Self, Failure> {
        let Some(text) = read_text(&path)? else {
            return Err(Failure::Usage(format!(
                "there is no `{}`; create a crate with `cargo new`, or name its folder with `--crate-dir`",
                show_path(&path)
            )));
        };
        let wrong = |what: &str| Failure::Input(format!("`{}`: {what}", show_path(&path)));
        let document: DocumentMut = text.parse().map_err(|error| wrong(&format!("{error}")))?;
        let package = match document.get("package").map(Item::as_table_like) {
            Some(Some(package)) => package,
            Some(None) => return Err(wrong("`package` is not a table")),
            None if document.contains_key("workspace") => {
                return Err(Failure::Usage(format!(
                    "`{}` is the manifest of a workspace; name the folder of one of its crates with \
                     `--crate-dir`",
                    show_path(&path)
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
                "`{}` has edition 2015, which is the default; the generated code needs a later one: \
                 write `edition = \"2024\"`, or at least 2018",
                show_path(&path)
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

    /// The path of the build script, relative to the package.
    ///
    /// # Errors
    ///
    /// The setting of `[package]` that disables build scripts or names several.
    pub(super) fn build_script(&self) -> Result<&str, String> {
        match self.document.get("package").and_then(|it| it.get("build")) {
            None => Ok("build.rs"),
            Some(item) if item.as_bool() == Some(true) => Ok("build.rs"),
            Some(item) => item
                .as_str()
                .ok_or_else(|| format!("build = {}", item.to_string().trim())),
        }
    }

    /// Whether a dependency has a name.
    pub(super) fn has_dependency(&self, name: &str) -> bool {
        ["dependencies", "dev-dependencies"]
            .iter()
            .any(|table| names(self.document.get(table)).iter().any(|it| it == name))
    }

    /// The possible root files, relative to the package: the library first.
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

    /// Adds a dependency if it is missing. Returns whether the dependency is from `source`.
    pub(super) fn add(
        &mut self,
        table: &str,
        name: &str,
        folder: &str,
        source: &CrateSource,
    ) -> bool {
        let is_it = |(key, item): &(&str, &Item)| {
            *key == name || item.get("package").and_then(Item::as_str) == Some(name)
        };
        let (key, location) = match source {
            CrateSource::Path(path) => ("path", format!("{path}/{folder}")),
            CrateSource::Git(url) => ("git", url.clone()),
        };
        let new = Item::Table(Table::new());
        let Some(dependencies) = self
            .document
            .entry(table)
            .or_insert(new)
            .as_table_like_mut()
        else {
            // Cargo reports this error.
            return true;
        };
        if let Some((_, existing)) = dependencies.iter().find(is_it) {
            return existing.get(key).and_then(Item::as_str) == Some(location.as_str());
        }
        let is_shared = self.shared.iter().any(|shared| shared == name);
        let mut value = InlineTable::new();
        if is_shared {
            value.insert("workspace", Value::from(true));
        } else {
            value.insert(key, location.into());
        }
        dependencies.insert(name, Item::Value(Value::InlineTable(value)));
        !is_shared
    }

    /// The edited text.
    pub(super) fn edited(&self) -> String {
        with_line_ends_of(&self.text, self.document.to_string())
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

/// The `[workspace]` of a package: its own, that of `package.workspace`, or of the nearest folder above;
/// empty if there is none.
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
