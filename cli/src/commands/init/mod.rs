//! `msgraph init`: what an existing crate needs to generate an update in its build.

mod entry;
mod existing;
mod existing_text;
mod manifest;
mod module;
mod package;
mod paths;
mod plan;
mod report;
mod step;
mod write;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgGroup;
use msgraph_codegen::index::Index;

use crate::support::arguments::api_version;
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::files::temporary;
use crate::support::text::shown;
use entry::Entry;
use package::{Package, Source};
use paths::{built_in, relative};
use report::{Report, functions, generates};
use step::{Action, Step};

/// Set up an existing crate to generate an update in its build.
///
/// Shows what it will do, and asks. Writes `graph.toml`, `facts.toml`, `build.rs` and a module for
/// the generated code, and adds the module and the dependencies; all of it or nothing. A file that is
/// there is never overwritten: lines are added to it, or what has to be added by hand is told.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("asked").required(true).multiple(true)))]
pub struct Arguments {
    /// The path of the resource to update, `/users/{user-id}`, or a subtree, `/policies/**`.
    #[arg(long, value_name = "PATH", group = "asked")]
    path: Option<String>,
    /// The type to update, with its namespace or without. Without `--path`, that of its only update;
    /// of a type that has none, the struct alone.
    #[arg(long = "type", value_name = "TYPE", id = "ty", group = "asked")]
    ty: Option<String>,
    /// The name in Rust, `TemporaryAccessPass`.
    #[arg(long, value_name = "NAME", requires = "path")]
    name: Option<String>,
    /// The metadata [default: metadata/VERSION.csdl in the crate, where `msgraph fetch` puts it].
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// The API version [default: v1.0].
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
    /// The folder of the crate.
    #[arg(long, value_name = "DIR", default_value = ".")]
    crate_dir: PathBuf,
    /// Where the crates of this project are: `path=` and a clone, or `git=` and a URL [default: the
    /// clone that this command was built in, or else the repository of the project].
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    source: Option<Wanted>,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

/// `--source` as it was given.
#[derive(Clone, Debug)]
enum Wanted {
    Path(PathBuf),
    Git(String),
}

fn source(text: &str) -> Result<Wanted, String> {
    match text.split_once('=') {
        Some(("path", path)) if !path.is_empty() => Ok(Wanted::Path(path.into())),
        Some(("git", url)) => match url.parse::<reqwest::Url>() {
            Ok(_) => Ok(Wanted::Git(url.to_owned())),
            Err(error) => Err(format!(
                "{error}; cargo takes `https://…`, `ssh://git@…` and `file:///…`"
            )),
        },
        _ => Err("write `path=DIR` or `git=URL`".to_owned()),
    }
}

impl Arguments {
    /// Plans, checks, shows, asks and writes.
    ///
    /// # Errors
    ///
    /// When something is wrong in the manifest, the metadata or what was asked, when the crate is
    /// none, and when a file cannot be read or written. Nothing has changed then.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        let (steps, index, entry) = self.plan(console)?;
        let generates = generates(&index, &entry);
        let mut report = Report {
            steps,
            written: false,
            functions: functions(index.operations),
            structs: index.types.into_iter().map(|it| it.rust).collect(),
        };
        let changes = report.steps.iter().filter(|step| step.changes()).count();
        let json = console.format() == Format::Json;
        if !json {
            report.show(console)?;
        }
        let agreed = changes > 0 && (self.yes || ask(changes)?);
        if agreed || changes == 0 {
            temporary::clear(report.steps.iter().map(|step| step.path.as_path()));
        }
        if agreed {
            write::all(&report.steps)?;
            report.written = true;
        }
        if json {
            console.json(&report)?;
        }
        if changes == 0 {
            return Ok(match report.by_hand() {
                0 => {
                    console.note("nothing to write");
                    Done::Well
                }
                by_hand => {
                    console.note(&format!("nothing was written; {by_hand} by hand, as shown"));
                    Done::Difference
                }
            });
        }
        if !agreed {
            console.note("nothing was written; `--yes` writes it without asking");
            return Ok(Done::Difference);
        }
        console.note(&report.outlook(&generates));
        Ok(match report.by_hand() {
            0 => Done::Well,
            _ => Done::Difference,
        })
    }

    /// The step for each file, and what will be generated.
    fn plan(&self, console: &mut Console) -> Result<(Vec<Step>, Index, Entry), Failure> {
        let mut package = Package::read(&self.crate_dir, self.in_crate("Cargo.toml"))?;
        let (manifest, index, entry) = self.manifest(console)?;
        let source = self.source()?;
        let mut steps = vec![manifest];
        steps.extend(self.facts_step()?);
        steps.push(self.build_script(&package)?);
        steps.extend(self.module(&package)?);
        let is_used = [
            package.add("dependencies", "msgraph-runtime", "runtime", &source),
            package.add("build-dependencies", "msgraph-codegen", "codegen", &source),
        ];
        if self.source.is_some() && !is_used.contains(&true) {
            return Err(Failure::Usage(format!(
                "`{}` has the dependencies already, from elsewhere than `--source` says\nhelp: leave \
                 `--source` out, or change the dependencies",
                shown(&package.path)
            )));
        }
        let edited = package.edited();
        steps.push(Step {
            path: package.path,
            action: if edited == package.text {
                Action::Keep
            } else {
                Action::Edit {
                    old: package.text,
                    text: edited,
                }
            },
        });
        Ok((steps, index, entry))
    }

    /// The API version of a new manifest.
    fn version(&self) -> &str {
        self.api_version.as_deref().unwrap_or("v1.0")
    }

    /// A file of the crate, by the shortest name.
    fn in_crate(&self, name: &str) -> PathBuf {
        if self.crate_dir == Path::new(".") {
            PathBuf::from(name)
        } else {
            self.crate_dir.join(name)
        }
    }

    fn source(&self) -> Result<Source, Failure> {
        let clone = match &self.source {
            Some(Wanted::Git(url)) => return Ok(Source::Git(url.clone())),
            Some(Wanted::Path(clone)) => clone.clone(),
            None => match built_in() {
                Some(clone) => clone,
                None => return Ok(Source::Git(env!("CARGO_PKG_REPOSITORY").to_owned())),
            },
        };
        if let Some(missing) = ["runtime", "codegen"]
            .map(|folder| clone.join(folder).join("Cargo.toml"))
            .iter()
            .find(|file| !file.exists())
        {
            return Err(Failure::Usage(format!(
                "`{}` is no clone of this project: there is no `{}`",
                shown(&clone),
                shown(missing)
            )));
        }
        relative(&clone, &self.crate_dir).map(Source::Path)
    }
}

/// Asks on a terminal; elsewhere nobody says yes.
fn ask(changes: usize) -> Result<bool, Failure> {
    let mut stderr = io::stderr();
    if !io::stdin().is_terminal() || !stderr.is_terminal() {
        return Ok(false);
    }
    let failed = |error: io::Error| Failure::Outside(format!("cannot ask: {error}"));
    write!(stderr, "Write these {changes} files? [y/N] ")
        .and_then(|()| stderr.flush())
        .map_err(failed)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}
