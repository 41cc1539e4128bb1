//! `msgraph init`: sets up a crate to generate operations in its build.

mod entry;
mod existing;
mod manifest;
mod module;
mod package;
mod paths;
mod plan;
mod step;
mod write;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgGroup;
use msgraph_codegen::ir::{Api, Operation, OperationKind};

use crate::support::arguments::api_version;
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::files::temporary;
use crate::support::text::{Format, show_path};
use entry::Entry;
use package::{CrateSource, Package};
use paths::{built_in, relative};
use step::{Action, InitReport, InitStep};

/// Set up an existing crate to generate operations in its build.
///
/// Shows the changes and asks before it makes them. Writes `graph.toml` and `build.rs`, and adds
/// a module with the generated code and the dependencies to the crate. Existing files are not
/// overwritten: lines are added, or the command shows what to add by hand.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("selected").required(true).multiple(true)))]
pub struct Arguments {
    /// The path of a resource or collection, `/users/{user-id}`; of an action or function,
    /// `/users/{user-id}/revokeSignInSessions`; or a subtree, `/policies/**`.
    #[arg(long, value_name = "PATH", group = "selected")]
    path: Option<String>,
    /// The operations to generate, `list,get,create,delete` [default: the update of a resource that can
    /// be updated; otherwise all that the metadata offers].
    #[arg(long, value_name = "KIND", value_delimiter = ',', requires = "path", value_parser = operation)]
    operations: Vec<String>,
    /// The type to update, with or without its namespace. Without `--path`, its only update is selected,
    /// or the struct alone if it has none.
    #[arg(long = "type", value_name = "TYPE", id = "ty", group = "selected")]
    ty: Option<String>,
    /// The Rust name, `TemporaryAccessPass`.
    #[arg(long, value_name = "NAME", requires = "path")]
    name: Option<String>,
    /// The CSDL file [default: metadata/VERSION.csdl in the crate, which `msgraph fetch` writes].
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// The API version [default: v1.0].
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
    /// The folder of the crate.
    #[arg(long, value_name = "DIR", default_value = ".")]
    crate_dir: PathBuf,
    /// Where the dependencies come from: `path=DIR`, a clone of this project, or `git=URL` [default: the
    /// clone that this command was built in, or the project's repository].
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    source: Option<SourceOption>,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

#[derive(Clone, Debug)]
enum SourceOption {
    Path(PathBuf),
    Git(String),
}

fn source(text: &str) -> Result<SourceOption, String> {
    match text.split_once('=') {
        Some(("path", path)) if !path.is_empty() => Ok(SourceOption::Path(path.into())),
        Some(("git", url)) => match url.parse::<reqwest::Url>() {
            Ok(_) => Ok(SourceOption::Git(url.to_owned())),
            Err(error) => Err(format!(
                "{error}; cargo accepts `https://…`, `ssh://git@…` and `file:///…`"
            )),
        },
        _ => Err("write `path=DIR` or `git=URL`".to_owned()),
    }
}

/// Parses the name of an operation on a resource.
fn operation(text: &str) -> Result<String, String> {
    let names = OperationKind::OF_RESOURCE.map(OperationKind::name);
    match names.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(format!("write some of {}", names.join(", "))),
    }
}

impl Arguments {
    /// Plans the changes, shows them, asks, and makes them.
    ///
    /// # Errors
    ///
    /// When an input or an argument is invalid, when there is no crate, and when a file cannot be read or
    /// written. Nothing has changed then.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        let (steps, index, entry) = self.plan(console)?;
        let generates = entry.generates(&index);
        let mut report = InitReport {
            steps,
            written: false,
            functions: functions(&index.operations),
            structs: index
                .structs
                .into_iter()
                .map(|it| it.rust.to_string())
                .collect(),
        };
        let changes = report.steps.iter().filter(|step| step.changes()).count();
        let is_json = console.format() == Format::Json;
        if !is_json {
            console.result(&report, |format| report.render(format))?;
        }
        let confirmed = changes > 0 && (self.yes || confirm(changes)?);
        if confirmed || changes == 0 {
            temporary::clear(report.steps.iter().map(|step| step.path.as_path()));
        }
        if confirmed {
            write::all(&report.steps)?;
            report.written = true;
        }
        if is_json {
            console.result(&report, |format| report.render(format))?;
        }
        let by_hand = report.by_hand();
        let rest = match by_hand {
            0 => String::new(),
            1 => ", except 1 change to make by hand, shown above".to_owned(),
            _ => format!(", except {by_hand} changes to make by hand, shown above"),
        };
        let note = match (changes, confirmed) {
            (0, _) => format!("nothing to write{rest}"),
            (_, false) => "nothing was written; `--yes` writes without asking".to_owned(),
            (_, true) if by_hand == 0 => format!("written; `cargo build` generates {generates}"),
            (_, true) => format!("written{rest}; then `cargo build` generates {generates}"),
        };
        console.note(&note);
        Ok(Completed::checked(
            by_hand > 0 || (changes > 0 && !confirmed),
        ))
    }

    /// The steps, and what will be generated.
    fn plan(&self, console: &mut Console) -> Result<(Vec<InitStep>, Api, Entry), Failure> {
        let mut package = Package::read(&self.crate_dir, self.in_crate("Cargo.toml"))?;
        let (manifest, index, entry) = self.manifest(console)?;
        let source = self.source()?;
        let mut steps = vec![manifest];
        steps.push(self.build_script(&package)?);
        steps.push(self.module(&package)?);
        let is_used = [
            package.add("dependencies", "msgraph-runtime", "runtime", &source),
            package.add("build-dependencies", "msgraph-codegen", "codegen", &source),
        ];
        if self.source.is_some() && !is_used.contains(&true) {
            return Err(Failure::Usage(format!(
                "`{}` already has the dependencies, from another source than `--source`\nhelp: leave out \
                 `--source`, or change the dependencies",
                show_path(&package.path)
            )));
        }
        let edited = package.edited();
        let action = if edited == package.text {
            Action::Keep
        } else {
            Action::Edit {
                old: package.text,
                text: edited,
            }
        };
        steps.push(InitStep::new(package.path, action));
        Ok((steps, index, entry))
    }

    /// The API version of a new manifest.
    fn version(&self) -> &str {
        self.api_version.as_deref().unwrap_or("v1.0")
    }

    /// A file of the crate.
    fn in_crate(&self, name: &str) -> PathBuf {
        if self.crate_dir == Path::new(".") {
            PathBuf::from(name)
        } else {
            self.crate_dir.join(name)
        }
    }

    fn source(&self) -> Result<CrateSource, Failure> {
        let clone = match &self.source {
            Some(SourceOption::Git(url)) => return Ok(CrateSource::Git(url.clone())),
            Some(SourceOption::Path(clone)) => clone.clone(),
            None => match built_in() {
                Some(clone) => clone,
                None => return Ok(CrateSource::Git(env!("CARGO_PKG_REPOSITORY").to_owned())),
            },
        };
        let manifests = ["runtime", "codegen"].map(|it| clone.join(it).join("Cargo.toml"));
        if let Some(missing) = manifests.iter().find(|manifest| !manifest.exists()) {
            return Err(Failure::Usage(format!(
                "`{}` is not a clone of this project: there is no `{}`",
                show_path(&clone),
                show_path(missing)
            )));
        }
        relative(&clone, &self.crate_dir).map(CrateSource::Path)
    }
}

/// The generated functions.
fn functions(operations: &[Operation]) -> Vec<String> {
    let functions = operations
        .iter()
        .map(|operation| operation.rust.to_string());
    functions.collect()
}

/// Asks on a terminal. Elsewhere the response is no.
fn confirm(changes: usize) -> Result<bool, Failure> {
    let mut stderr = io::stderr();
    if !io::stdin().is_terminal() || !stderr.is_terminal() {
        return Ok(false);
    }
    let failed = |error: io::Error| Failure::External(format!("cannot ask: {error}"));
    write!(stderr, "Write these {changes} files? [y/N] ")
        .and_then(|()| stderr.flush())
        .map_err(failed)?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(failed)?;
    let line = line.trim().to_ascii_lowercase();
    Ok(matches!(line.as_str(), "y" | "yes"))
}
