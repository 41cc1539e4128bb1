//! `msgraph generate`: generates code that is checked in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use msgraph_codegen::{Config, Generated};
use msgraph_csdl::diagnostic::Severity;
use serde::Serialize;

use crate::support::arguments::ManifestOptions;
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::files::replace::Prepared;
use crate::support::files::state::FileState;
use crate::support::files::temporary;
use crate::support::files::{self, entries, read_old};
use crate::support::interrupt;
use crate::support::lock::deviation::Deviation;
use crate::support::text::{Format, line, one_line, show_path};
use crate::support::unified_diff::unified;

/// Generate code from a manifest into a folder, for code that is checked in.
///
/// The files differ from those that a build script writes in one attribute: `#![allow(…)]` at the top of
/// the root file, which `include_graph!` adds for a build script. Declare the module with `mod graph;`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    manifest: ManifestOptions,
    /// The folder of the generated code.
    #[arg(long, value_name = "DIR", default_value = "src")]
    out: PathBuf,
    /// The name of the file, or with `--tree` of the root file.
    #[arg(long, value_name = "NAME", default_value = "graph.rs", value_parser = file_name)]
    file_name: String,
    /// Write one file per module.
    #[arg(long)]
    tree: bool,
    /// Write an index of the generated code next to it: `graph.json` for `graph.rs`.
    #[arg(long)]
    index: bool,
    /// Show inconsistencies in the metadata.
    #[arg(long)]
    warnings: bool,
    /// Write nothing. Show how the folder differs from what would be written, and exit with 1 if it does.
    #[arg(long)]
    check: bool,
}

/// Parses the name of a file in the folder of the code.
fn file_name(text: &str) -> Result<String, String> {
    let mut parts = Path::new(text).components();
    let is_below = parts.all(|part| matches!(part, Component::Normal(_)));
    if is_below && !text.ends_with(['/', MAIN_SEPARATOR]) && !text.is_empty() {
        Ok(text.to_owned())
    } else {
        Err("write the name of a file, `graph.rs`, and its folder with `--out`".to_owned())
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerateReport {
    check: bool,
    files: Vec<OutputFile>,
    /// CSDL files that differ from the lock file.
    metadata: Vec<Deviation>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputFile {
    path: PathBuf,
    state: FileState,
    /// With `--check`, a unified diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

impl Arguments {
    /// Generates, and writes or compares the files.
    ///
    /// # Errors
    ///
    /// When an input is invalid, when the code and its index would be the same file, and when a file
    /// cannot be read or written.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        if self.index && msgraph_codegen::is_index_name(&self.file_name) {
            return Err(Failure::Usage(format!(
                "with `--index`, `{}` would be both the code and its index\nhelp: end `--file-name` in \
                 `.rs`; the index has the same name with `.json`",
                one_line(&self.file_name)
            )));
        }
        let config = self
            .manifest
            .config()?
            .file_name(&self.file_name)
            .tree(self.tree)
            .checked_in(true)
            .index(self.index)
            .today_from_environment();
        let generated = config.generate()?;
        self.warn(&generated, console);
        let metadata = self.deviations(&generated.inputs, console)?;
        let files = self.compare(&config, &generated)?;
        if let Some(failure) = not_generated(&files) {
            if !self.check {
                return Err(failure);
            }
            console.warning(&failure.to_string());
        }
        if !self.check {
            temporary::clear(files.iter().map(|file| file.path.as_path()));
            for folder in self.tree_folders()? {
                temporary::clear_folder(&folder);
            }
            let texts = config.files(&generated);
            write(&files, texts.into_iter().map(|(_, text)| text))?;
        }
        let has_changes = files.iter().any(|file| file.state != FileState::Unchanged);
        let differs = has_changes || !metadata.is_empty();
        let report = GenerateReport {
            check: self.check,
            files,
            metadata,
        };
        console.result(&report, |format| report.render(format))?;
        let stale = report.files.iter().filter(|file| file.is_stale()).count();
        let is_added = |file: &OutputFile| file.state == FileState::Added;
        let is_new = report.files.iter().all(is_added);
        if is_new && self.manifest.has_build_script() {
            console.note(
                "the crate's build script generates the code; `msgraph generate` is only for code that is \
                 committed",
            );
        } else if self.check && stale > 0 && console.format() != Format::Json {
            console.note(&format!(
                "{stale} of {} files differ; `msgraph generate` without `--check` updates them",
                report.files.len()
            ));
        }
        Ok(Completed::checked(self.check && differs))
    }

    /// Compares the folder with the generated files, and finds files of an earlier tree.
    fn compare(&self, config: &Config, generated: &Generated) -> Result<Vec<OutputFile>, Failure> {
        let mut files = Vec::new();
        for (path, text) in config.files(generated) {
            let path = self.out.join(path);
            let bytes = files::read(&path)?;
            let old = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default());
            let mut state = FileState::of(bytes.as_deref(), text.as_bytes());
            let is_ours = old.trim().is_empty() || is_generated(&path, &old);
            if state == FileState::Changed && !is_ours {
                state = FileState::NotGenerated;
            }
            let has_diff = self.check && matches!(state, FileState::Added | FileState::Changed);
            let diff = has_diff.then(|| unified(&path, &old, text));
            files.push(OutputFile { path, state, diff });
        }
        let current: BTreeSet<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
        let mut removed = Vec::new();
        for folder in self.tree_folders()? {
            for entry in entries(&folder)? {
                let path = entry.path();
                let is_rust = path.extension().is_some_and(|extension| extension == "rs");
                if !is_rust || !path.is_file() || current.contains(&path) {
                    continue;
                }
                let old = files::read(&path)?.unwrap_or_default();
                let old = String::from_utf8_lossy(&old);
                if is_generated(&path, &old) {
                    removed.push(OutputFile {
                        diff: self.check.then(|| unified(&path, &old, "")),
                        path,
                        state: FileState::Removed,
                    });
                }
            }
        }
        removed.sort_by(|one, other| one.path.cmp(&other.path));
        files.extend(removed);
        Ok(files)
    }

    /// The folder of a tree and all folders in it. The modules of `lib.rs`, `main.rs` and `mod.rs` are not
    /// in a folder of their own, so other files there may belong to another manifest.
    fn tree_folders(&self) -> Result<Vec<PathBuf>, Failure> {
        let stem = self.file_name.trim_end_matches(".rs");
        let root = self.out.join(stem);
        let mut folders = Vec::new();
        if !self.tree || matches!(stem, "lib" | "main" | "mod") || !root.exists() {
            return Ok(folders);
        }
        let mut open = vec![root];
        while let Some(folder) = open.pop() {
            for entry in entries(&folder)? {
                // Symbolic links are not followed, because they may be cyclic.
                if entry.file_type().is_ok_and(|ty| ty.is_dir()) {
                    open.push(entry.path());
                }
            }
            folders.push(folder);
        }
        Ok(folders)
    }

    /// Finds CSDL files that differ from the lock file. Without `--check` all problems are warnings.
    fn deviations(
        &self,
        inputs: &[PathBuf],
        console: &mut Console,
    ) -> Result<Vec<Deviation>, Failure> {
        let mut found = Vec::new();
        for path in inputs {
            match Deviation::find(path) {
                Ok(deviation) => found.extend(deviation),
                Err(failure) if self.check => return Err(failure),
                Err(failure) => console.warning(&failure.to_string()),
            }
        }
        for deviation in &found {
            console.warning(&deviation.message());
        }
        Ok(found)
    }

    /// Shows likely mistakes in the manifest and removals that Graph announced. Inconsistencies in the
    /// metadata are optional, because users cannot fix them.
    fn warn(&self, generated: &Generated, console: &mut Console) {
        let metadata = generated.warnings.iter();
        let metadata = metadata.filter(|it| self.warnings && it.severity == Severity::Warning);
        let warnings = generated
            .likely_mistakes
            .iter()
            .chain(generated.removals.iter());
        for warning in warnings.chain(metadata) {
            console.warning(&warning.render(&generated.sources));
        }
    }
}

/// Writes changed files and removes those of an earlier tree. All files are on disk under temporary names
/// before the first is replaced. `texts` are those of the first files.
fn write<'t>(files: &[OutputFile], texts: impl Iterator<Item = &'t str>) -> Result<(), Failure> {
    interrupt::ignore()?;
    let changed = |file: &&OutputFile| file.state != FileState::Unchanged;
    for file in files.iter().filter(changed) {
        read_old(&file.path)?;
    }
    let mut prepared = Vec::new();
    for (file, text) in files.iter().zip(texts).filter(|(file, _)| changed(file)) {
        prepared.push(Prepared::new(&file.path, text.as_bytes())?);
    }
    for new in prepared {
        new.replace()?;
    }
    let is_removed = |file: &&OutputFile| file.state == FileState::Removed;
    for file in files.iter().filter(is_removed) {
        fs::remove_file(&file.path).map_err(|error| Failure::file("remove", &file.path, &error))?;
    }
    Ok(())
}

/// The error about files that are not generated.
fn not_generated(files: &[OutputFile]) -> Option<Failure> {
    let files = files.iter();
    let files = files.filter(|file| file.state == FileState::NotGenerated);
    let lines = files.map(|file| {
        let path = show_path(&file.path);
        format!("`{path}` is not a generated file, and is not replaced\n")
    });
    let lines: String = lines.collect();
    (!lines.is_empty()).then(|| {
        Failure::Usage(format!(
            "{lines}help: name another file with `--out` or `--file-name`, or remove the file; a crate \
             whose build script generates, as `msgraph init` sets it up, does not need `msgraph generate`"
        ))
    })
}

/// Whether the start of a file says that it is generated.
fn is_generated(path: &Path, text: &str) -> bool {
    if path
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        let mut lines = text.lines();
        let first = lines.next();
        let schema = lines.next().unwrap_or_default().trim_start();
        return first == Some("{") && schema.starts_with("\"schema\":");
    }
    msgraph_codegen::is_generated(text)
}

impl OutputFile {
    fn is_stale(&self) -> bool {
        !matches!(self.state, FileState::Unchanged | FileState::NotGenerated)
    }
}

impl GenerateReport {
    fn render(&self, format: Format) -> String {
        if self.check {
            let diffs = self.files.iter().filter_map(|file| file.diff.as_deref());
            return diffs.map(|diff| format.diff(diff)).collect();
        }
        let mut out = String::new();
        for file in &self.files {
            let (bullet, path) = (format.bullet(), format.path(&file.path));
            line(&mut out, 0, format!("{bullet}{} {path}", file.state.name()));
        }
        out
    }
}
