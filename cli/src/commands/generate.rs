//! `msgraph generate`: the checked-in way of using the generator.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use msgraph_codegen::{Config, Generated};
use msgraph_csdl::diagnostic::Severity;
use serde::Serialize;

use crate::support::arguments;
use crate::support::arguments::api_version;
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::files::replace::Prepared;
use crate::support::files::temporary;
use crate::support::files::{self, read_old};
use crate::support::interrupt;
use crate::support::lock::deviation::Deviation;
use crate::support::text::{STRONG, code, diff, folded, own, plain, shown, styled};
use crate::support::unified_diff::unified;

/// Generate code from a manifest into a directory, for code that is checked in.
///
/// The bytes are those that the build script writes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to generate.
    #[arg(long, value_name = "FILE", default_value = "graph.toml")]
    manifest: PathBuf,
    /// Where the code goes.
    #[arg(long, value_name = "DIR", default_value = "src")]
    out: PathBuf,
    /// The name of the file, of the root file with `--tree`.
    #[arg(long, value_name = "NAME", default_value = "graph.rs", value_parser = file_name)]
    file_name: String,
    /// Another API version than the manifest's.
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
    /// One file for each module instead of one for all.
    #[arg(long)]
    tree: bool,
    /// Put an index of what was generated beside the code, `graph.json` beside `graph.rs`.
    #[arg(long)]
    index: bool,
    /// Show what looks wrong in the metadata, though it does no harm.
    #[arg(long)]
    warnings: bool,
    /// Write nothing; show how the directory differs from what would be written, and exit with 1.
    #[arg(long)]
    check: bool,
}

/// The name of a file within the directory of the code.
fn file_name(text: &str) -> Result<String, String> {
    let mut parts = Path::new(text).components();
    let is_plain = parts.all(|part| matches!(part, Component::Normal(_)));
    if is_plain && !text.ends_with(['/', MAIN_SEPARATOR]) && !text.is_empty() {
        Ok(text.to_owned())
    } else {
        Err("write the name of a file, `graph.rs`, and its directory with `--out`".to_owned())
    }
}

/// The result as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// Whether this was `--check`.
    check: bool,
    files: Vec<File>,
    /// Documents that are not what the lock file beside them says was fetched.
    metadata: Vec<Deviation>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    path: PathBuf,
    state: State,
    /// With `--check`: the difference as a unified diff.
    /// None of a file that is not a generated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// It has just this text already.
    Unchanged,
    /// It has, or had, another text.
    Changed,
    /// It is, or was, not there.
    Added,
    /// A file of an earlier tree that is none of this one.
    Removed,
    /// It has another text, and does not say that it is generated: it is not replaced.
    NotGenerated,
}

impl Arguments {
    /// Generates, and writes or compares.
    ///
    /// # Errors
    ///
    /// When something is wrong in what is read, when the code and its index would be one file, and
    /// when a file cannot be read or written.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        if self.index && msgraph_codegen::is_index_name(&self.file_name) {
            return Err(Failure::Usage(format!(
                "with `--index`, `{}` would be the code and its index at once\nhelp: name a file \
                 that ends in `.rs` with `--file-name`; the index goes beside it, with `.json`",
                folded(&self.file_name)
            )));
        }
        let config = self.config()?;
        let generated = config.generate()?;
        self.warn(&generated, console);
        let metadata = self.deviations(&generated.inputs, console)?;
        let mut files = Vec::new();
        let mut wanted = BTreeSet::new();
        for (path, text) in config.files(&generated) {
            let path = self.out.join(path);
            files.push(self.compare(&path, text)?);
            wanted.insert(path);
        }
        for path in self.left_over(&wanted)? {
            let old = files::read(&path)?.unwrap_or_default();
            files.push(File {
                diff: self
                    .check
                    .then(|| unified(&path, &String::from_utf8_lossy(&old), "")),
                path,
                state: State::Removed,
            });
        }
        if !self.check {
            are_generated(&files)?;
            temporary::clear(files.iter().map(|file| file.path.as_path()));
            for folder in self.folders()? {
                temporary::clear_folder(&folder);
            }
            let texts = config.files(&generated);
            Self::write(&files, texts.into_iter().map(|(_, text)| text))?;
        }
        let differs =
            !metadata.is_empty() || files.iter().any(|file| file.state != State::Unchanged);
        let report = Report {
            check: self.check,
            files,
            metadata,
        };
        self.show(&report, console)?;
        Ok(if self.check && differs {
            Done::Difference
        } else {
            Done::Well
        })
    }

    fn config(&self) -> Result<Config, Failure> {
        let mut config = arguments::of_manifest(&self.manifest)?
            .file_name(&self.file_name)
            .tree(self.tree)
            .index(self.index)
            .today_from_environment();
        if let Some(version) = &self.api_version {
            config = config.api_version(version);
        }
        Ok(config)
    }

    /// Writes what differs: all of it is on disk before the first file takes its place. `texts` are
    /// those of the first files, the root file's the last; what is removed stands behind them.
    fn write<'t>(files: &[File], texts: impl Iterator<Item = &'t str>) -> Result<(), Failure> {
        interrupt::hold()?;
        let differ = files.iter().filter(|file| file.state != State::Unchanged);
        for file in differ {
            read_old(&file.path)?;
        }
        let mut prepared = Vec::new();
        for (file, text) in files.iter().zip(texts) {
            if file.state != State::Unchanged {
                prepared.push(Prepared::new(&file.path, text.as_bytes())?);
            }
        }
        for new in prepared {
            new.replace()?;
        }
        for file in files.iter().filter(|file| file.state == State::Removed) {
            fs::remove_file(&file.path)
                .map_err(|error| Failure::file("remove", &file.path, &error))?;
        }
        Ok(())
    }

    /// The documents that are not what was fetched. Only `--check` holds them to it: without it they
    /// are warned of, and so is a lock file that cannot be read.
    fn deviations(
        &self,
        inputs: &[PathBuf],
        console: &mut Console,
    ) -> Result<Vec<Deviation>, Failure> {
        let mut found = Vec::new();
        for path in inputs {
            match Deviation::find(path) {
                Ok(None) => {}
                Ok(Some(deviation)) => {
                    console.warning(&deviation.message());
                    found.push(deviation);
                }
                Err(failure) if self.check => return Err(failure),
                Err(failure) => console.warning(&failure.to_string()),
            }
        }
        Ok(found)
    }

    fn compare(&self, path: &Path, text: &str) -> Result<File, Failure> {
        let bytes = files::read(path)?;
        // To be shown and to be recognised; what is not text is not what was generated.
        let old = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default());
        let state = match &bytes {
            None => State::Added,
            Some(bytes) if bytes == text.as_bytes() => State::Unchanged,
            Some(_) if old.trim().is_empty() || is_generated(path, &old) => State::Changed,
            Some(_) => State::NotGenerated,
        };
        let shown = self.check && matches!(state, State::Added | State::Changed);
        Ok(File {
            path: path.to_owned(),
            state,
            diff: shown.then(|| unified(path, &old, text)),
        })
    }

    /// The folder of a tree and those below it. Only a folder that is the root file's own is looked
    /// through: beside `lib.rs` may stand what another manifest generates.
    fn folders(&self) -> Result<Vec<PathBuf>, Failure> {
        let stem = self.file_name.trim_end_matches(".rs");
        let root = self.out.join(stem);
        let mut folders = Vec::new();
        if !self.tree || matches!(stem, "lib" | "main" | "mod") || !root.exists() {
            return Ok(folders);
        }
        let mut open = vec![root];
        while let Some(folder) = open.pop() {
            for entry in entries(&folder)? {
                // Not through symbolic links: they may go round.
                if entry.file_type().is_ok_and(|ty| ty.is_dir()) {
                    open.push(entry.path());
                }
            }
            folders.push(folder);
        }
        Ok(folders)
    }

    /// Files of an earlier tree: they say that they are generated, and are none of this one.
    fn left_over(&self, wanted: &BTreeSet<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
        let mut found = Vec::new();
        for folder in self.folders()? {
            for entry in entries(&folder)? {
                let path = entry.path();
                if path.extension().is_some_and(|ending| ending == "rs")
                    && !wanted.contains(&path)
                    // A pipe may have no end.
                    && path.is_file()
                    && files::read(&path)?
                        .is_some_and(|old| is_generated(&path, &String::from_utf8_lossy(&old)))
                {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn show(&self, report: &Report, console: &mut Console) -> Result<(), Failure> {
        if console.format() == Format::Json {
            return console.json(report);
        }
        for file in &report.files {
            if self.check && file.state == State::NotGenerated {
                console.print(&plain(file.is_not_generated()).then(own("\n")))?;
            }
            if let Some(lines) = &file.diff {
                console.print(&diff(lines))?;
            }
        }
        let stale = report
            .files
            .iter()
            .filter(|file| !matches!(file.state, State::Unchanged | State::NotGenerated))
            .count();
        if self.check && stale > 0 {
            console.note(&format!(
                "{stale} of {} files differ; `msgraph generate` without `--check` renews them",
                report.files.len()
            ));
        }
        if !self.check {
            for file in &report.files {
                let what = match file.state {
                    State::Unchanged => "unchanged ",
                    State::Changed => "changed ",
                    State::Added => "added ",
                    State::Removed => "removed ",
                    State::NotGenerated => "not generated ",
                };
                let path = file.path.to_string_lossy();
                let (item, path) = match console.format() {
                    Format::Markdown => (own("- "), code(path)),
                    _ => (own(""), styled(STRONG, plain(path))),
                };
                console.print(&item.then(own(what)).then(path).then(own("\n")))?;
            }
        }
        Ok(())
    }

    /// Shows what is probably misspelt in the manifest, what Graph takes away soon, and on request
    /// the inconsistencies in the metadata: published metadata has some, which no user can mend.
    fn warn(&self, generated: &Generated, console: &mut Console) {
        for warning in generated
            .likely_typos
            .iter()
            .chain(generated.removals.iter())
        {
            console.warning(&warning.render(&generated.sources));
        }
        if !self.warnings {
            return;
        }
        let warnings = generated.warnings.iter();
        for warning in warnings.filter(|warning| warning.severity == Severity::Warning) {
            console.warning(&warning.render(&generated.sources));
        }
    }
}

/// Checks that no file is to be replaced that is not a generated one.
fn are_generated(files: &[File]) -> Result<(), Failure> {
    let foreign = files
        .iter()
        .filter(|file| file.state == State::NotGenerated);
    let foreign: Vec<String> = foreign.map(File::is_not_generated).collect();
    if !foreign.is_empty() {
        return Err(Failure::Usage(format!(
            "{}\nhelp: name another place with `--out` or `--file-name`, or remove the file; a \
             crate whose build script generates, as `msgraph init` sets it up, needs no \
             `msgraph generate`",
            foreign.join("\n")
        )));
    }
    Ok(())
}

/// What is in a folder.
fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, Failure> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect);
    entries.map_err(|error| Failure::file("read", folder, &error))
}

impl File {
    fn is_not_generated(&self) -> String {
        format!(
            "`{}` is not a generated file, and is not replaced by one",
            shown(&self.path)
        )
    }
}

/// Whether a file says that it is generated, with whatever ends its lines.
fn is_generated(path: &Path, text: &str) -> bool {
    if path.extension().is_some_and(|ending| ending == "json") {
        let mut lines = text.lines();
        let first = lines.next();
        let schema = lines.next().unwrap_or_default().trim_start();
        return first == Some("{") && schema.starts_with("\"schema\":");
    }
    msgraph_codegen::is_generated(text)
}
