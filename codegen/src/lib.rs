//! Generates typed Rust updates (PATCH) for Microsoft Graph from its CSDL metadata.
//!
//! In a build script, the usual case is one line:
//!
//! ```no_run
//! // build.rs
//! msgraph_codegen::build("graph.toml");
//! ```
//!
//! and one on the other side, in the module where the generated code shall stand:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/graph.rs"));
//! ```
//!
//! `graph.toml` names the API version, the metadata and the updates to generate; see
//! `docs/manifest.md`. [`Config`] has the rest.
//!
//! The pipeline is `read → resolve → select → lower → render → format → write`, one stage a module; the
//! first two are in `msgraph-csdl`. It is deterministic: the same input gives the same bytes.

mod cargo;
pub mod command;
mod deprecation;
#[cfg(feature = "index")]
pub mod index;
mod ir;
mod lower;
mod manifest;
mod output;
mod render;
mod select;

pub use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics, Error, Severity};
pub use msgraph_csdl::source::Sources;
pub use output::{HEADER, is_generated};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use msgraph_csdl::diagnostic::Stopped;
use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::Schema;
use msgraph_csdl::read::{facts_of, schema_of};
use msgraph_csdl::source::{FileId, Span};
use msgraph_csdl::table::Setting;
use msgraph_csdl::text::visible;
use proc_macro2::TokenStream;

use deprecation::Day;
use ir::Module;
use manifest::Manifest;
use select::Selection;

/// Generates what a manifest asks for into `$OUT_DIR/graph.rs`. For build scripts: errors are shown
/// by cargo and fail the build. The path is relative to the package.
pub fn build(manifest: impl Into<PathBuf>) {
    Config::new(manifest).build();
}

/// How to generate, where [`build`] does not fit.
///
/// ```no_run
/// msgraph_codegen::Config::new("graph.toml")
///     .api_version("beta")
///     .file_name("graph_beta.rs")
///     .build();
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    manifest: PathBuf,
    manifest_text: Option<String>,
    /// Instead of what stands in files.
    texts: BTreeMap<PathBuf, String>,
    /// Instead of any document.
    metadata_text: Option<String>,
    api_version: Option<String>,
    whole: Option<Whole>,
    only: Option<Only>,
    metadata: Option<Vec<PathBuf>>,
    file_name: String,
    tree: bool,
    /// A date, or the text that is none.
    today: Option<Result<Day, String>>,
    #[cfg(feature = "index")]
    index: bool,
}

/// Everything instead of what a manifest selects.
#[derive(Clone, Copy, Debug)]
struct Whole {
    depth: Option<usize>,
}

/// These paths and types instead of what a manifest selects.
#[derive(Clone, Debug)]
struct Only {
    paths: Vec<String>,
    types: Vec<String>,
}

/// What [`Config::survey`] gives back.
#[cfg(feature = "index")]
#[derive(Debug)]
#[non_exhaustive]
pub struct Survey {
    /// What would be generated.
    pub index: index::Index,
    /// The CSDL names of all types that the metadata declares, whether they are needed or not, each
    /// with that of its base type.
    pub declared: BTreeMap<String, Option<String>>,
    /// The same types, each with what it is declared to be.
    pub types: BTreeMap<String, command::catalogue::Declaration>,
    /// What the manifest asks for and this metadata does not have, or does not allow.
    pub unavailable: Diagnostics,
    /// What looks wrong in the metadata, though it does no harm.
    pub warnings: Diagnostics,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
}

/// What [`Config::slice`] gives back.
#[derive(Debug)]
#[non_exhaustive]
pub struct Slice {
    /// The document.
    pub csdl: String,
    /// The files that were read: the manifest, the metadata and the facts.
    pub inputs: Vec<PathBuf>,
}

/// What [`Config::generate`] gives back.
#[derive(Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The formatted code: one file for `include!`, or the root of the tree.
    pub code: String,
    /// The other files of a [tree](Config::tree), by path relative to the root file's directory, with
    /// slashes; none of a single file.
    pub modules: BTreeMap<String, String>,
    /// The index of what was generated, as JSON; see `docs/index.md`.
    #[cfg(feature = "index")]
    pub index: String,
    /// The files that were read: the manifest, the metadata and the facts.
    pub inputs: Vec<PathBuf>,
    /// What looks wrong in the metadata, though it does no harm.
    pub warnings: Diagnostics,
    /// What is probably misspelt in the manifest: a key in a path that differs a little from one that
    /// the facts know there.
    pub slips: Diagnostics,
    /// What is generated and Graph removes soon, or was to have removed: see [`Config::today`].
    pub removals: Diagnostics,
    /// The texts that the warnings point into.
    pub sources: Sources,
}

impl Config {
    /// Generates what this manifest asks for.
    pub fn new(manifest: impl Into<PathBuf>) -> Self {
        Config {
            manifest: manifest.into(),
            manifest_text: None,
            texts: BTreeMap::new(),
            metadata_text: None,
            api_version: None,
            whole: None,
            only: None,
            metadata: None,
            file_name: "graph.rs".to_owned(),
            tree: false,
            today: None,
            #[cfg(feature = "index")]
            index: false,
        }
    }

    /// Another API version than the manifest's `api-version`; it must stand in `[metadata]`.
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// A manifest that stands in no file. Its path, that of [`Config::new`], is then what diagnostics
    /// call it, and paths in it are relative to the folder of that path.
    #[must_use]
    pub fn manifest_text(mut self, text: impl Into<String>) -> Self {
        self.manifest_text = Some(text.into());
        self
    }

    /// A document or facts that stand in no file yet: `path` is what the manifest calls it, joined to
    /// the folder of the manifest.
    #[must_use]
    pub fn text(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.texts.insert(path.into(), text.into());
        self
    }

    /// Every update of the metadata instead of those that the manifest selects, `[[update]]` and
    /// `[[struct]]`; what else the manifest says holds on. `depth` is that of an `[[update]]`: the
    /// most navigation properties on a path.
    #[must_use]
    pub fn whole(mut self, depth: Option<usize>) -> Self {
        self.whole = Some(Whole { depth });
        self
    }

    /// The updates at these paths, and these types, instead of what the manifest selects; what else
    /// it says holds on. Without any, nothing is selected. A key in a path that the facts do not know,
    /// and an argument of a function, is an example: a placeholder stands for it. A type may be an enumeration.
    #[must_use]
    pub fn only<P: Into<String>, T: Into<String>>(
        mut self,
        paths: impl IntoIterator<Item = P>,
        types: impl IntoIterator<Item = T>,
    ) -> Self {
        self.only = Some(Only {
            paths: paths.into_iter().map(Into::into).collect(),
            types: types.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// Other documents than those of the manifest's `[metadata]`; relative to the working
    /// directory.
    #[must_use]
    pub fn metadata(mut self, documents: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.metadata = Some(documents.into_iter().map(Into::into).collect());
        self
    }

    /// The name of the file that [`Config::build`] writes; `graph.rs` unless set.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// One file for each module instead of one for all: for code that is checked in. The files of
    /// inner modules stand beside the root file, at `name.rs` and `name/inner.rs`.
    #[must_use]
    pub fn tree(mut self, tree: bool) -> Self {
        self.tree = tree;
        self
    }

    /// Whether [`Config::build`] and [`Config::write`] put an index of what was generated beside the
    /// code, `graph.json` beside `graph.rs`. Off unless set. The code cannot end in `.json` then.
    #[cfg(feature = "index")]
    #[must_use]
    pub fn index(mut self, index: bool) -> Self {
        self.index = index;
        self
    }

    /// The date by which [`Generated::removals`] is found, `2026-04-10`. It does not reach the code.
    /// Unless set, [`Config::generate`] finds none, and [`Config::build`] takes
    /// [that of the environment](Config::today_from_environment).
    #[must_use]
    pub fn today(mut self, date: impl Into<String>) -> Self {
        let date: String = date.into();
        self.today = Some(Day::parse(&date).ok_or(date));
        self
    }

    /// Takes the date by which [`Generated::removals`] is found from `SOURCE_DATE_EPOCH` (seconds
    /// since 1970, <https://reproducible-builds.org/specs/source-date-epoch/>), or else from the
    /// clock.
    #[must_use]
    pub fn today_from_environment(mut self) -> Self {
        self.today = Some(Ok(cargo::today()));
        self
    }

    /// The API version that is generated: the one that was set, or else the manifest's.
    ///
    /// # Errors
    ///
    /// When the manifest cannot be read, something is wrong in it, or it has no metadata for that
    /// version.
    pub fn selected_api_version(&self) -> Result<String, Error> {
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::default();
        let file = self.read_manifest(&mut sources)?;
        let version = self
            .manifest(&sources, file, &mut diagnostics)
            .and_then(|manifest| {
                diagnostics.gate()?;
                Ok(manifest.api_version.ok_or(Stopped)?.text.into_owned())
            });
        version.map_err(|Stopped| Error::new(diagnostics.render(&sources)))
    }

    /// The documents that the manifest names: of the API version, and of other clouds.
    ///
    /// # Errors
    ///
    /// Those of [`Config::selected_api_version`].
    pub fn documents(&self) -> Result<Documents, Error> {
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::default();
        let file = self.read_manifest(&mut sources)?;
        let base = self.manifest.parent().unwrap_or(Path::new(""));
        let paths = |settings: &[Setting]| -> Vec<PathBuf> {
            let settings = settings.iter();
            settings.map(|setting| base.join(&*setting.text)).collect()
        };
        let documents = self
            .manifest(&sources, file, &mut diagnostics)
            .and_then(|manifest| {
                diagnostics.gate()?;
                Ok(Documents {
                    metadata: paths(manifest.documents().unwrap_or_default()),
                    other_clouds: manifest
                        .other_clouds
                        .iter()
                        .map(|(cloud, files)| (cloud.text.to_string(), paths(files)))
                        .collect(),
                })
            });
        documents.map_err(|Stopped| Error::new(diagnostics.render(&sources)))
    }

    /// Generates the code; nothing is written.
    ///
    /// # Errors
    ///
    /// Everything that is wrong in the manifest, the facts, the metadata and the selection, as far
    /// as one does not hide the other: each with its place and what to do. And a
    /// [file name](Config::file_name) that the [index](Config::index) would have too.
    pub fn generate(&self) -> Result<Generated, Error> {
        self.generated().1
    }

    /// What would be generated, as data. What the manifest asks for and the metadata does not have is
    /// told beside it and hides nothing else: to see what another version of the metadata means for
    /// a manifest.
    ///
    /// # Errors
    ///
    /// Everything that is wrong in the manifest, the facts and the metadata.
    #[cfg(feature = "index")]
    pub fn survey(&self) -> Result<Survey, Error> {
        self.surveyed(|_| ()).map(|(survey, ())| survey)
    }

    /// What the metadata has beside what would be generated: its types, and the updates on offer at
    /// and below a path, or of the whole API. `depth` is that of an `[[update]]`.
    ///
    /// # Errors
    ///
    /// Those of [`Config::survey`].
    #[cfg(feature = "index")]
    pub fn catalogue(
        &self,
        below: Option<&str>,
        depth: Option<usize>,
    ) -> Result<command::catalogue::Catalogue, Error> {
        let (survey, (offers, properties, keys)) = self.surveyed(|named| {
            let offers = command::catalogue::offers(named.schema, named.facts, below, depth);
            let properties = command::catalogue::properties(named.schema);
            (offers, properties, named.facts.keys.clone())
        })?;
        Ok(command::catalogue::Catalogue {
            offers,
            types: survey.types.clone(),
            properties,
            keys,
            survey,
        })
    }

    /// A survey, and what else is read from the same run.
    #[cfg(feature = "index")]
    fn surveyed<T>(&self, besides: impl FnOnce(&Named<'_>) -> T) -> Result<(Survey, T), Error> {
        let mut unavailable = Diagnostics::default();
        let run = self.run(Some(&mut unavailable), |named, _| {
            let besides = besides(&named);
            let schema = named.schema;
            let base = |id| Some(schema[schema.structured(id)?.base?].qualified_name());
            let types = schema.types();
            let declared = types.map(|(id, ty)| (ty.qualified_name(), base(id)));
            let declared = declared.collect();
            let types = command::catalogue::types(schema);
            let index = index::index(named.module, named.api_version);
            Ok((index, declared, types, besides))
        });
        run.result.map(|(index, declared, types, besides)| {
            let survey = Survey {
                index,
                declared,
                types,
                unavailable,
                warnings: run.diagnostics,
                sources: run.sources,
            };
            (survey, besides)
        })
    }

    /// The smallest CSDL document from which this manifest gives the same output, byte for byte: what
    /// is generated, what decides its names and what bounds its subtrees, and nothing else. Nothing
    /// is written. `remarks` gives the lines of a comment at its beginning, from the paths of the
    /// documents.
    ///
    /// # Errors
    ///
    /// Those of [`Config::generate`], and those of `remarks`.
    pub fn slice<E: From<Error>>(
        &self,
        remarks: impl FnOnce(&[PathBuf]) -> Result<Vec<String>, E>,
    ) -> Result<Slice, E> {
        let run = self.run(None, |named, diagnostics| {
            let inputs = command::slice::Inputs {
                schema: named.schema,
                facts: named.facts,
                manifest: named.manifest,
                selection: named.selection,
            };
            let documents = named.documents.to_vec();
            let body = command::slice::print::print(&command::slice::slice(&inputs));
            Ok((documents, body, self.output(named, diagnostics)?))
        });
        let (documents, body, whole) = run.result?;
        let csdl = command::slice::print::remarked(&remarks(&documents)?, &body);
        // Whatever is left out by mistake must not reach a user: what is handed out has been tried.
        let again = Config {
            metadata_text: Some(csdl.clone()),
            ..self.clone()
        };
        let again = again.run(None, |named, diagnostics| self.output(named, diagnostics));
        if !again.result.is_ok_and(|again| again.is_as(&whole)) {
            return Err(Error::new(
                "what is generated from the slice is not what is generated from the whole\n\
                 help: this is a defect of the generator; please report it with the manifest"
                    .to_owned(),
            )
            .into());
        }
        Ok(Slice {
            csdl,
            inputs: run.inputs,
        })
    }

    /// Generates into `$OUT_DIR` and tells cargo what was read. For build scripts; see [`build`].
    ///
    /// What is probably misspelt in the manifest is shown as a warning; so is what Graph removes soon,
    /// from the days on that the manifest's `deprecation-warning-days` says.
    pub fn build(&self) {
        let (inputs, result) = match &self.today {
            Some(_) => self.generated(),
            None => self.clone().today_from_environment().generated(),
        };
        cargo::rerun_if_changed(&inputs);
        let written = result.and_then(|generated| {
            cargo::warnings(&generated.slips);
            cargo::warnings(&generated.removals);
            let directory = std::env::var_os("OUT_DIR").ok_or_else(|| {
                Error::new("`OUT_DIR` is not set: `build` is for build scripts".to_owned())
            })?;
            self.put(&generated, directory)
        });
        if let Err(error) = written {
            cargo::errors(&error.to_string());
        }
    }

    /// Generates into a directory: for code that is checked in. A file that is right already is not
    /// touched; nothing is written when anything is wrong with the input.
    ///
    /// # Errors
    ///
    /// Those of [`Config::generate`], and when a file cannot be written.
    pub fn write(&self, directory: impl AsRef<Path>) -> Result<Generated, Error> {
        let generated = self.generate()?;
        self.put(&generated, directory)?;
        Ok(generated)
    }

    /// The files of what was generated, by path relative to the directory that they go to, in the
    /// order to write them: the root file is the last, so that it names only what is there.
    pub fn files<'g>(&self, generated: &'g Generated) -> Vec<(PathBuf, &'g str)> {
        let modules = generated.modules.iter();
        let mut files: Vec<(PathBuf, &str)> = modules
            .map(|(path, text)| (PathBuf::from(path), text.as_str()))
            .collect();
        let root = PathBuf::from(&self.file_name);
        #[cfg(feature = "index")]
        if self.index {
            files.push((root.with_extension("json"), &generated.index));
        }
        files.push((root, &generated.code));
        files
    }

    /// Writes what was [generated](Config::generate) into a directory. A file that is right already
    /// is not touched.
    ///
    /// # Errors
    ///
    /// When a file cannot be written; each file is the old one or the new one, never a part.
    fn put(&self, generated: &Generated, directory: impl AsRef<Path>) -> Result<(), Error> {
        for (path, text) in self.files(generated) {
            let path = directory.as_ref().join(path);
            cargo::if_changed(&path, text).map_err(|error| {
                Error::new(format!(
                    "cannot write `{}`: {error}",
                    visible(&path.to_string_lossy())
                ))
            })?;
        }
        Ok(())
    }

    /// The files that were named, also when the run failed, and the result.
    fn generated(&self) -> (Vec<PathBuf>, Result<Generated, Error>) {
        #[cfg(feature = "index")]
        if let Err(error) = self.distinct_files() {
            return (vec![self.manifest.clone()], Err(error));
        }
        let run = self.run(None, |named, diagnostics| self.output(named, diagnostics));
        let result = run.result.map(|output| Generated {
            code: output.code,
            modules: output.modules,
            #[cfg(feature = "index")]
            index: output.index,
            inputs: run.inputs.clone(),
            warnings: run.diagnostics,
            slips: output.slips,
            removals: output.removals,
            sources: run.sources,
        });
        (run.inputs, result)
    }

    /// Code and index are two files.
    #[cfg(feature = "index")]
    fn distinct_files(&self) -> Result<(), Error> {
        if self.index && is_index_name(&self.file_name) {
            return Err(Error::new(format!(
                "`{}` would be the code and its index at once\nhelp: give `file_name` a name \
                 that ends in `.rs`; the index goes beside it, with `.json`",
                self.file_name
            )));
        }
        Ok(())
    }

    /// Runs the pipeline up to the named data, which `end` turns into a result. With `unavailable`,
    /// the errors of the selection go there and end nothing.
    fn run<T>(
        &self,
        unavailable: Option<&mut Diagnostics>,
        end: impl FnOnce(Named<'_>, &mut Diagnostics) -> Result<T, Stopped>,
    ) -> Run<T> {
        let mut inputs = vec![self.manifest.clone()];
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::default();
        let result = self.read_manifest(&mut sources).and_then(|manifest| {
            let mut stage = Stage {
                sources: &mut sources,
                inputs: &mut inputs,
                diagnostics: &mut diagnostics,
            };
            self.pipeline(&mut stage, manifest, unavailable, end)
                .map_err(|Stopped| Error::new(diagnostics.render(&sources)))
        });
        Run {
            result,
            inputs,
            diagnostics,
            sources,
        }
    }

    fn read_manifest(&self, sources: &mut Sources) -> Result<FileId, Error> {
        let name = self.manifest.display().to_string();
        if let Some(text) = &self.manifest_text {
            return Ok(sources.add(name, text.clone()));
        }
        Ok(sources.read(&name, &self.manifest)?)
    }

    /// The manifest with what was set instead of what it says.
    fn manifest(
        &self,
        sources: &Sources,
        file: FileId,
        diagnostics: &mut Diagnostics,
    ) -> Result<Manifest, Stopped> {
        let mut manifest = sources
            .get(file)
            .and_then(|source| Manifest::read(file, source, diagnostics))
            .ok_or(Stopped)?;
        if let (Some(version), Some(setting)) = (&self.api_version, &mut manifest.api_version) {
            setting.text = version.clone().into();
        }
        if let Some(Whole { depth }) = self.whole {
            manifest.select_whole(depth);
        }
        if let Some(Only { paths, types }) = &self.only {
            manifest.select_only(paths, types);
        }
        manifest.check_version(diagnostics);
        Ok(manifest)
    }

    fn pipeline<T>(
        &self,
        stage: &mut Stage<'_>,
        manifest: FileId,
        unavailable: Option<&mut Diagnostics>,
        end: impl FnOnce(Named<'_>, &mut Diagnostics) -> Result<T, Stopped>,
    ) -> Result<T, Stopped> {
        let Stage {
            sources,
            inputs,
            diagnostics,
        } = stage;
        let manifest = self.manifest(sources, manifest, diagnostics)?;
        let base = self.manifest.parent().unwrap_or(Path::new(""));
        let mut read = Reader {
            base,
            texts: &self.texts,
            sources,
            inputs,
            diagnostics,
        };
        let before = read.inputs.len();
        let documents = match (&self.metadata_text, &self.metadata) {
            (Some(text), _) => vec![read.sources.add("the metadata", text.clone())],
            (None, Some(paths)) => read.paths(paths),
            (None, None) => read.settings(manifest.documents().unwrap_or_default()),
        };
        let document_paths = read.inputs.get(before..).unwrap_or_default().to_vec();
        let facts = read.settings(&manifest.facts);
        let others: Vec<(&Setting, Vec<FileId>)> = manifest
            .other_clouds
            .iter()
            .map(|(cloud, paths)| (cloud, read.settings(paths)))
            .collect();
        let sources = &*sources;

        // An error of the manifest does not hide those of the metadata and of the selection.
        let facts = facts_of(sources, &facts, diagnostics);
        if documents.is_empty() {
            return Err(Stopped);
        }
        let mut schema = schema_of(sources, &documents, diagnostics)?;
        let mut own = Diagnostics::default();
        manifest::added::of_manifest(&manifest, &mut schema, &mut own);
        facts.add_properties(&mut schema);
        let metadata: Vec<String> = documents
            .iter()
            .map(|id| format!("`{}`", sources.name(*id)))
            .collect();
        let selection = select::select(
            &select::Inputs {
                sources,
                schema: &schema,
                facts: &facts,
                manifest: &manifest,
                metadata: &metadata.join(" and "),
                elsewhere: &|name| elsewhere(sources, &others, name),
            },
            &mut own,
        );
        // An index shows none.
        let docs = unavailable.is_none();
        match unavailable {
            Some(unavailable) => *unavailable = own,
            None => diagnostics.append(own),
        }
        diagnostics.gate()?;
        let Some(api_version) = manifest.api_version.as_ref() else {
            return Err(Stopped);
        };
        let module = lower::lower(
            &lower::Inputs {
                schema: &schema,
                facts: &facts,
                manifest: &manifest,
                selection: &selection,
                api_version: &api_version.text,
                docs,
            },
            diagnostics,
        );
        diagnostics.gate()?;
        let named = Named {
            documents: &document_paths,
            schema: &schema,
            facts: &facts,
            manifest: &manifest,
            selection: &selection,
            module,
            #[cfg(feature = "index")]
            api_version: &api_version.text,
        };
        end(named, diagnostics)
    }

    /// Emission and formatting.
    fn output(&self, named: Named<'_>, diagnostics: &mut Diagnostics) -> Result<Output, Stopped> {
        let text = |parts: &mut dyn Iterator<Item = TokenStream>| {
            output::format(parts).map_err(|error| {
                diagnostics.push(
                    Diagnostic::error(None, format!("the emitted code is not Rust: {error}")).help(
                        "this is a defect of the generator; please report it with the manifest",
                    ),
                );
                Stopped
            })
        };
        let (code, modules) = if self.tree {
            let stem = Path::new(&self.file_name).file_stem();
            let stem = stem.and_then(|stem| stem.to_str()).unwrap_or_default();
            // The modules of a crate's root stand beside it, those of another file in a folder.
            let folder = match stem {
                "lib" | "main" | "mod" => String::new(),
                stem => format!("{stem}/"),
            };
            tree(&named.module, &named.manifest.runtime, folder, text)?
        } else {
            let mut text = text;
            (
                text(&mut render::module(&named.module, &named.manifest.runtime))?,
                BTreeMap::new(),
            )
        };
        let removals = match &self.today {
            None => Diagnostics::default(),
            Some(Ok(today)) => {
                let days = named.manifest.deprecation_warning_days;
                deprecation::removals(named.schema, named.selection, *today, days)
            }
            Some(Err(text)) => {
                let message = format!("`{text}` is not a date");
                diagnostics.push(Diagnostic::error(None, message).help("write `2026-04-10`"));
                return Err(Stopped);
            }
        };
        Ok(Output {
            code,
            modules,
            slips: named.selection.slips.clone(),
            removals,
            #[cfg(feature = "index")]
            index: index::index(named.module, named.api_version).to_json(),
        })
    }
}

/// What the stages of a run read and fill.
struct Stage<'r> {
    sources: &'r mut Sources,
    inputs: &'r mut Vec<PathBuf>,
    diagnostics: &'r mut Diagnostics,
}

/// What a run came to.
struct Run<T> {
    result: Result<T, Error>,
    /// The files that were named, also when the run failed.
    inputs: Vec<PathBuf>,
    diagnostics: Diagnostics,
    sources: Sources,
}

/// What is ready to be emitted.
struct Named<'r> {
    /// The metadata's.
    documents: &'r [PathBuf],
    schema: &'r Schema<'r>,
    facts: &'r Facts,
    manifest: &'r Manifest,
    selection: &'r Selection,
    module: Module,
    #[cfg(feature = "index")]
    api_version: &'r str,
}

/// What comes out of the pipeline.
struct Output {
    code: String,
    modules: BTreeMap<String, String>,
    slips: Diagnostics,
    removals: Diagnostics,
    #[cfg(feature = "index")]
    index: String,
}

impl Output {
    /// Whether the same would be written.
    fn is_as(&self, other: &Output) -> bool {
        #[cfg(feature = "index")]
        if self.index != other.index {
            return false;
        }
        self.code == other.code && self.modules == other.modules
    }
}

/// The root's text, and a file for each inner module, by path.
fn tree(
    root: &Module,
    runtime: &TokenStream,
    folder: String,
    mut text: impl FnMut(&mut dyn Iterator<Item = TokenStream>) -> Result<String, Stopped>,
) -> Result<(String, BTreeMap<String, String>), Stopped> {
    let mut files = BTreeMap::new();
    let mut open = vec![(folder, root)];
    while let Some((folder, module)) = open.pop() {
        for (name, inner) in &module.modules {
            // Beside `lib.rs`, a module of that name can only stand in a folder.
            let is_root = folder.is_empty() && matches!(name.as_str(), "lib" | "main" | "mod");
            let path = if is_root {
                format!("{name}/mod.rs")
            } else {
                format!("{folder}{name}.rs")
            };
            files.insert(path, text(&mut render::file(inner, runtime))?);
            open.push((format!("{folder}{name}/"), inner));
        }
    }
    Ok((text(&mut render::file(root, runtime))?, files))
}

/// Reads the files that a manifest names, relative to it.
struct Reader<'r> {
    base: &'r Path,
    /// What stands in no file.
    texts: &'r BTreeMap<PathBuf, String>,
    sources: &'r mut Sources,
    inputs: &'r mut Vec<PathBuf>,
    diagnostics: &'r mut Diagnostics,
}

impl Reader<'_> {
    fn settings(&mut self, paths: &[Setting]) -> Vec<FileId> {
        paths
            .iter()
            .filter_map(|setting| {
                let path = self.base.join(setting.text.as_ref());
                self.read(&path, Some(setting.span))
            })
            .collect()
    }

    /// Documents that the manifest does not name, so no line of it is to blame.
    fn paths(&mut self, paths: &[PathBuf]) -> Vec<FileId> {
        paths
            .iter()
            .filter_map(|path| self.read(path, None))
            .collect()
    }

    fn read(&mut self, path: &Path, span: Option<Span>) -> Option<FileId> {
        let name = path.display().to_string();
        if let Some(text) = self.texts.get(path) {
            return Some(self.sources.add(name, text.clone()));
        }
        self.inputs.push(path.to_owned());
        match self.sources.read(&name, path) {
            Ok(id) => Some(id),
            Err(unreadable) => {
                self.diagnostics
                    .push(Diagnostic::error(span, unreadable.message).help(unreadable.help));
                None
            }
        }
    }
}

/// The other clouds whose documents declare a type: `us-gov-l4` (`v1.0-us-gov.csdl`). Looked up
/// only when a type is missing, for it takes as long as the rest together.
fn elsewhere(sources: &Sources, others: &[(&Setting, Vec<FileId>)], name: &str) -> Vec<String> {
    others
        .iter()
        .filter(|(_, documents)| {
            let mut ignored = Diagnostics::default();
            schema_of(sources, documents, &mut ignored)
                .is_ok_and(|schema| schema.find(name).is_some())
        })
        .map(|(cloud, documents)| {
            let files: Vec<String> = documents
                .iter()
                .map(|id| format!("`{}`", sources.name(*id)))
                .collect();
            format!("{} ({})", cloud.text, files.join(", "))
        })
        .collect()
}

/// What [`Config::documents`] gives back, each path as it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Documents {
    /// `[metadata]` of the API version: together one model.
    pub metadata: Vec<PathBuf>,
    /// `[other-clouds]`: names, and the documents that together are the model there.
    pub other_clouds: Vec<(String, Vec<PathBuf>)>,
}

/// Whether code of this [file name](Config::file_name) would be in the place of its
/// [index](Config::index): in any case of the letters, since not every file system tells them apart.
#[cfg(feature = "index")]
pub fn is_index_name(file_name: &str) -> bool {
    let ending = Path::new(file_name).extension();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
