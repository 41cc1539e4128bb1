//! The builder that a build script uses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use msgraph_csdl::diagnostic::Diagnostics;
use msgraph_csdl::permissions::PermissionMap;
use msgraph_csdl::source::Sources;
use msgraph_csdl::toml_table::Setting;

use crate::manifest::SelectionSource;

/// What to generate, and how. [`build`](crate::build) is enough for most build scripts.
///
/// ```no_run
/// msgraph_codegen::Config::new("graph.toml")
///     .api_version("beta")
///     .file_name("graph_beta.rs")
///     .build();
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) manifest: PathBuf,
    /// Replaces the content of files.
    pub(crate) texts: BTreeMap<PathBuf, String>,
    pub(crate) api_version: Option<String>,
    pub(crate) selection: SelectionSource,
    pub(crate) metadata: Option<Vec<PathBuf>>,
    pub(crate) permissions: Option<PermissionMap>,
    pub(crate) file_name: String,
    pub(crate) tree: bool,
    pub(crate) checked_in: bool,
    pub(crate) today: Option<Today>,
    #[cfg(feature = "index")]
    pub(crate) index: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Today {
    Date(String),
    /// `SOURCE_DATE_EPOCH`, or the clock.
    Environment,
}

/// The generated code, and warnings about its input.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Generated {
    /// The formatted code: one file for `include!`, or the root file of a [tree](Config::tree).
    pub code: String,
    /// The other files of a tree, by path relative to the root file's directory, with slashes.
    pub modules: BTreeMap<String, String>,
    /// The index of what was generated, as JSON; see `docs/index.md`.
    #[cfg(feature = "index")]
    pub index: String,
    /// The files that were read: the manifest, the metadata and the facts.
    pub inputs: Vec<PathBuf>,
    /// Inconsistencies in the metadata that do not affect the code.
    pub warnings: Diagnostics,
    /// Likely mistakes: in the manifest, keys that nearly match a key documented in the facts, and operations that the
    /// metadata rules out; in the facts, paths that the metadata lacks.
    pub likely_mistakes: Diagnostics,
    /// Selected elements that Graph removes soon, or was to have removed: see [`Config::today`].
    pub removals: Diagnostics,
    /// The contents of the files that the warnings point into.
    pub sources: Sources,
}

impl Config {
    /// Generates what this manifest selects.
    pub fn new(manifest: impl Into<PathBuf>) -> Self {
        Config {
            manifest: manifest.into(),
            texts: BTreeMap::new(),
            api_version: None,
            selection: SelectionSource::Manifest,
            metadata: None,
            permissions: None,
            file_name: "graph.rs".to_owned(),
            tree: false,
            checked_in: false,
            today: None,
            #[cfg(feature = "index")]
            index: false,
        }
    }

    /// Overrides the manifest's `api-version`. `[metadata]` must have the version.
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// Uses this text instead of reading the manifest. The path in [`Config::new`] still names it in
    /// errors, and paths in it are relative to that path's folder.
    #[doc(hidden)]
    #[must_use]
    pub fn manifest_text(self, text: impl Into<String>) -> Self {
        let manifest = self.manifest.clone();
        self.text(manifest, text)
    }

    /// Uses this text instead of reading a file of metadata or facts. `path` is the path in the manifest,
    /// joined to the folder of the manifest.
    #[doc(hidden)]
    #[must_use]
    pub fn text(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.texts.insert(path.into(), text.into());
        self
    }

    /// Selects every update in the metadata instead of `[[update]]` and `[[struct]]`. The other settings
    /// of the manifest apply. `depth` is the maximum number of navigation properties on a path.
    #[doc(hidden)]
    #[must_use]
    pub fn whole(mut self, depth: Option<usize>) -> Self {
        self.selection = SelectionSource::Everything { depth };
        self
    }

    /// Selects the operations that these paths offer, and these types, instead of the entries. The other
    /// settings of the manifest apply. Without any, nothing is selected. A path may be that of an action
    /// or function. A key in a path is replaced by a placeholder, unless it is documented in the facts; so
    /// is an argument of a function. A type may be an enumeration.
    #[doc(hidden)]
    #[must_use]
    pub fn only<P: Into<String>, T: Into<String>>(
        mut self,
        paths: impl IntoIterator<Item = P>,
        types: impl IntoIterator<Item = T>,
    ) -> Self {
        self.selection = SelectionSource::Only {
            paths: paths.into_iter().map(Into::into).collect(),
            types: types.into_iter().map(Into::into).collect(),
        };
        self
    }

    /// Overrides the manifest's `[metadata]`. Paths are relative to the working directory.
    #[must_use]
    pub fn metadata(mut self, documents: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.metadata = Some(documents.into_iter().map(Into::into).collect());
        self
    }

    /// Uses this permission data instead of the manifest's.
    #[doc(hidden)]
    #[must_use]
    pub fn permissions(mut self, map: PermissionMap) -> Self {
        self.permissions = Some(map);
        self
    }

    /// The name of the root file; `graph.rs` by default.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Writes one file for each module instead of a single file: for code that is checked in. The files
    /// of inner modules are `name.rs` and `name/inner.rs`, next to the root file.
    #[must_use]
    pub fn tree(mut self, tree: bool) -> Self {
        self.tree = tree;
        self
    }

    /// Starts the root file with an `#![allow(…)]` for the lints that generated code does not follow: for
    /// a file that is a module itself, `mod graph;`. A file that `msgraph_runtime::include_graph!`
    /// includes cannot have such an attribute; the macro allows the lints instead.
    #[must_use]
    pub fn checked_in(mut self, checked_in: bool) -> Self {
        self.checked_in = checked_in;
        self
    }

    /// Whether [`Config::build`] and [`Config::write`] write an index of what was generated next to the
    /// code, `graph.json` next to `graph.rs`. Off by default. The [file name](Config::file_name) must
    /// then not end in `.json`.
    #[cfg(feature = "index")]
    #[must_use]
    pub fn index(mut self, index: bool) -> Self {
        self.index = index;
        self
    }

    /// The date for [`Generated::removals`], `2026-04-10`. It does not affect the code. By default,
    /// [`Config::generate`] reports no removals, and [`Config::build`] uses `SOURCE_DATE_EPOCH`
    /// (seconds since 1970, <https://reproducible-builds.org/specs/source-date-epoch/>), or
    /// otherwise the clock.
    #[must_use]
    pub fn today(mut self, date: impl Into<String>) -> Self {
        self.today = Some(Today::Date(date.into()));
        self
    }

    /// Uses the same date for [`Generated::removals`] as [`Config::build`] does.
    #[doc(hidden)]
    #[must_use]
    pub fn today_from_environment(mut self) -> Self {
        self.today = Some(Today::Environment);
        self
    }

    /// The path of a file that the manifest names.
    pub(crate) fn resolve(&self, setting: &Setting) -> PathBuf {
        let folder = self.manifest.parent().unwrap_or(Path::new(""));
        folder.join(setting.text.as_ref())
    }
}

/// Whether code of this [file name](Config::file_name) and its [index](Config::index) would be one file. Ignores case, as
/// some file systems do.
#[cfg(feature = "index")]
pub fn is_index_name(file_name: &str) -> bool {
    let extension = Path::new(file_name).extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}
