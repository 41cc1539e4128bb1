//! `msgraph init`: what an existing crate needs to generate an update in its build.

mod entry;
mod existing;
mod module;
mod package;
mod write;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgGroup;
use msgraph_codegen::facts::Facts;
use msgraph_codegen::index::{Index, Operation};
use msgraph_codegen::{Config, Sources};
use serde::Serialize;

use crate::support::arguments::api_version;
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::files::read;
use crate::support::files::temporary;
use crate::support::shell;
use crate::support::text::{STRONG, block, code, diff, folded, own, plain, shown, styled};
use crate::support::type_name::resolve;
use crate::support::unified_diff::unified;
use entry::{Entry, asks_for_something, keyed, quoted};
use package::{Package, Source};

/// What this project knows of the service beside the CSDL.
const FACTS: &str = include_str!("../../../facts.toml");

const BUILD: &str = "\
//! Generates what `graph.toml` asks for.

fn main() {
    msgraph_codegen::build(\"graph.toml\");
}
";

/// The module that the generated code stands in.
const MODULE: &str = "\
//! Generated in the build from `graph.toml`.

// rustc warns about unused setters, and clippy about Graph's naming.
#![allow(dead_code, clippy::wrong_self_convention, clippy::enum_variant_names)]

include!(concat!(env!(\"OUT_DIR\"), \"/graph.rs\"));
";

/// How many of the paths of a type are named.
const MAX_PATHS: usize = 20;

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

/// The result as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    steps: Vec<Step>,
    /// Whether the steps were done.
    written: bool,
    /// The paths of the generated functions.
    functions: Vec<String>,
    /// The paths of the generated structs.
    structs: Vec<String>,
}

/// What becomes of a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    path: PathBuf,
    #[serde(flatten)]
    action: Action,
}

#[derive(Debug, Serialize)]
#[serde(tag = "action", rename_all = "camelCase")]
enum Action {
    /// There is none.
    Create { text: String },
    /// Lines are added.
    Edit { old: String, text: String },
    /// It is as it should be.
    Keep,
    /// It is there, and the user has to add this to it.
    ByHand { add: String },
}

impl Arguments {
    /// Plans, checks, shows, asks and writes.
    ///
    /// # Errors
    ///
    /// When something is wrong in the manifest, the metadata or what was asked, when the crate is
    /// none, and when a file cannot be read or written. Nothing has changed then.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
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

    /// The step for `facts.toml`; none where a `graph.toml` is there that does not name it.
    fn facts_step(&self) -> Result<Option<Step>, Failure> {
        let path = self.in_crate("facts.toml");
        let action = match read(&path)? {
            None => Action::Create {
                text: FACTS.to_owned(),
            },
            Some(_) => Action::Keep,
        };
        let manifest = read_text(&self.in_crate("graph.toml"))?;
        let is_named = manifest.is_none_or(|manifest| manifest.contains("facts.toml"));
        Ok(is_named.then_some(Step { path, action }))
    }

    /// The step for `graph.toml`, and what it generates, which is checked by it.
    fn manifest(&self, console: &mut Console) -> Result<(Step, Index, Entry), Failure> {
        let path = self.in_crate("graph.toml");
        let old = read_text(&path)?;
        if let Some(old) = &old {
            let version = self.api_version.as_deref();
            existing::agree(&path, old, version, self.metadata.as_deref())?;
        }
        let head = match &old {
            Some(old) => old.clone(),
            None => format!(
                "# What the build generates; the format is described in docs/manifest.md of msgraph-codegen.\n\
                 api-version = {version}\nfacts = \"facts.toml\"\n\n[metadata]\n{version} = {document}\n",
                version = quoted(self.version()),
                document = quoted(&self.document(console)?),
            ),
        };
        // Its errors point into what is not on disk yet.
        let unwritten = self.in_crate("graph.toml (as it would be written)");
        let config = |text: &str| {
            let name = if old.as_deref() == Some(text) {
                &path
            } else {
                &unwritten
            };
            let config = Config::new(name).manifest_text(text);
            let facts = self.in_crate("facts.toml");
            if facts.exists() {
                config
            } else {
                config.text(facts, FACTS)
            }
        };
        // A manifest selects something, also where that is replaced by everything.
        let everything = Entry {
            path: Some("/**".to_owned()),
            ty: None,
            name: None,
        };
        let everything = everything.appended(&head);
        let ty = match &self.ty {
            None => None,
            Some(written) => {
                let catalogue = config(&everything)
                    .whole(Some(0))
                    .catalogue(None, Some(0))?;
                Some(resolve(written, &catalogue)?)
            }
        };
        let entry = self.entry(console, ty, || {
            // Not all metadata has an end of paths, so the first that has one.
            for depth in [None, Some(4), Some(3), Some(2)] {
                let survey = config(&everything).whole(depth).survey()?;
                if !survey.unavailable.has_errors() {
                    return Ok((survey.index, depth));
                }
            }
            Err(Failure::Usage(
                "the metadata has no end of paths to look for a type in; name one with `--path`"
                    .to_owned(),
            ))
        })?;
        if old.as_deref().is_some_and(|old| entry.stands_in(old)) {
            // Of what is there, the build will say what is wrong.
            let index = config(&head).survey()?.index;
            let action = Action::Keep;
            return Ok((Step { path, action }, entry.first(index), entry));
        }
        let text = entry.appended(&head);
        let whole = config(&text);
        // The first finds every error; the second knows what will be generated.
        let generated = whole.generate().map_err(|error| {
            // What is sound without the entry is wrong by what was asked.
            let is_sound = match &old {
                Some(old) if asks_for_something(old) => config(old).generate().is_ok(),
                _ => config(&everything).whole(Some(0)).survey().is_ok(),
            };
            if is_sound {
                Failure::Usage(error.to_string())
            } else {
                error.into()
            }
        })?;
        for slip in generated.slips.iter() {
            console.warning(&slip.render(&generated.sources));
        }
        let index = entry.first(whole.survey()?.index);
        let action = match old {
            None => Action::Create { text },
            Some(old) => Action::Edit { old, text },
        };
        Ok((Step { path, action }, index, entry))
    }

    /// The metadata, relative to the crate and with slashes.
    fn document(&self, console: &mut Console) -> Result<String, Failure> {
        let path = match &self.metadata {
            Some(path) => path.clone(),
            None => {
                let name = format!("{}.csdl", self.version());
                let path = self.in_crate("metadata").join(name);
                if !path.exists() {
                    let version = ("--api-version", Some(self.version()));
                    let fetch = shell::command("msgraph fetch", &[version, ("-o", path.to_str())]);
                    let fetch = fetch.map_or_else(String::new, |fetch| format!(" with `{fetch}`"));
                    return Err(Failure::Usage(format!(
                        "there is no `{}`; download it{fetch}, or name a document with `--metadata`",
                        shown(&path)
                    )));
                }
                path
            }
        };
        let document = relative(&path, &self.crate_dir)?;
        if !is_in_checkout(&path, &self.crate_dir) {
            console.warning(&format!(
                "`{}` is not in the checkout of the crate: another one will not find it\n\
                 help: copy it into the crate, `{}`, or `msgraph fetch` it there",
                folded(&document),
                shown(&self.in_crate("metadata"))
            ));
        }
        Ok(document)
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

    /// What `graph.toml` shall ask for. A type alone is looked for in everything there is.
    fn entry(
        &self,
        console: &mut Console,
        ty: Option<String>,
        everything: impl FnOnce() -> Result<(Index, Option<usize>), Failure>,
    ) -> Result<Entry, Failure> {
        if let Some(path) = &self.path {
            return Ok(Entry {
                path: Some(path.clone()),
                ty,
                name: self.name.clone(),
            });
        }
        let ty = ty.unwrap_or_default();
        let (index, depth) = everything()?;
        let facts = self.facts();
        let updates = |of_this_type_alone: bool| -> BTreeSet<String> {
            index
                .operations
                .iter()
                .filter(|operation| {
                    operation.method != "DELETE"
                        && operation.bodies.iter().any(|body| body.ty == ty)
                        && (operation.bodies.len() == 1 || !of_this_type_alone)
                })
                .map(|operation| keyed(&operation.path, &ty, &facts))
                .collect()
        };
        let mut paths = updates(true);
        if paths.is_empty() {
            paths = updates(false);
        }
        if let (true, Some(depth)) = (paths.is_empty(), depth) {
            console.warning(&format!(
                "the paths of this metadata have no end; none with up to {depth} navigation \
                 properties updates `{ty}`, and `--path` names a longer one"
            ));
        }
        let mut found = paths.iter();
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => {
                let mut message = format!("`{ty}` is updated at {} paths:", paths.len());
                for path in paths.iter().take(MAX_PATHS) {
                    let _ = write!(message, "\n  {path}");
                }
                if paths.len() > MAX_PATHS {
                    let _ = write!(message, "\n  and {} more", paths.len() - MAX_PATHS);
                }
                message.push_str("\nhelp: name one of them with `--path`");
                Err(Failure::Usage(message))
            }
            (path, _) => Ok(Entry {
                path: path.cloned(),
                ty: Some(ty),
                name: None,
            }),
        }
    }

    /// The facts that will stand beside the manifest; none where something is wrong in them, which
    /// is told when the manifest is checked.
    fn facts(&self) -> Facts {
        let mut sources = Sources::new();
        let path = self.in_crate("facts.toml");
        let id = msgraph_codegen::read_file(&mut sources, &path);
        let id = id.unwrap_or_else(|_| sources.add("facts.toml", FACTS));
        msgraph_codegen::read_facts(&sources, &[id]).unwrap_or_default()
    }

    fn build_script(&self, package: &Package) -> Result<Step, Failure> {
        let line = "    msgraph_codegen::build(\"graph.toml\");\n";
        let script = match package.build_script() {
            Ok(script) => script,
            Err(instead) => {
                let add = format!(
                    "`{instead}` stands in `[package]`; a build script must say in `main`:\n{line}"
                );
                return Ok(Step {
                    path: package.path.clone(),
                    action: Action::ByHand { add },
                });
            }
        };
        let path = self.in_crate(script);
        let action = match read_text(&path)? {
            None => Action::Create {
                text: BUILD.to_owned(),
            },
            Some(old) if old.contains("msgraph_codegen::") => Action::Keep,
            Some(_) => Action::ByHand {
                add: format!("in `main`:\n{line}"),
            },
        };
        Ok(Step { path, action })
    }

    /// The module and its declaration.
    fn module(&self, package: &Package) -> Result<Vec<Step>, Failure> {
        const INCLUDED: &str = "/graph.rs\"";
        let roots = package.roots();
        let root = roots.iter().map(|root| self.in_crate(root));
        let Some(root) = root.clone().find(|root| root.exists()) else {
            let add = format!(
                "there is no such file; in the root of the crate:\nmod graph {{\n    {}}}\n",
                include()
            );
            return Ok(vec![Step {
                path: self.in_crate("src"),
                action: Action::ByHand { add },
            }]);
        };
        let old = read_text(&root)?.unwrap_or_default();
        if old.contains(INCLUDED) {
            let action = Action::Keep;
            return Ok(vec![Step { path: root, action }]);
        }
        let file = root.with_file_name("graph.rs");
        let folder = root.with_file_name("graph").join("mod.rs");
        let file = if folder.exists() { folder } else { file };
        let existing = read_text(&file)?;
        let is_declared = module::is_declared(&old);
        let included = existing.as_ref().is_some_and(|old| old.contains(INCLUDED));
        let is_taken = module::is_taken(&old) || package.knows(module::NAME);
        if (is_taken && !is_declared) || ((existing.is_some() || is_declared) && !included) {
            return Ok(vec![Step {
                action: Action::ByHand {
                    add: format!(
                        "the crate has a `graph` of its own; where the generated code shall stand, in a \
                         module of another name:\n    {}",
                        include()
                    ),
                },
                path: root,
            }]);
        }
        let declared = if is_declared {
            Action::Keep
        } else {
            match module::declare(&old) {
                Some(text) => Action::Edit { old, text },
                None => Action::ByHand {
                    add: format!("{}\n", module::DECLARATION),
                },
            }
        };
        let module = match existing {
            Some(_) => Action::Keep,
            None => Action::Create {
                text: MODULE.to_owned(),
            },
        };
        Ok(vec![
            Step {
                path: file,
                action: module,
            },
            Step {
                path: root,
                action: declared,
            },
        ])
    }
}

/// An edited text with the byte order mark and the line ends of what was there.
fn as_it_was(old: &str, edited: String) -> String {
    let edited = match old.strip_prefix('\u{feff}') {
        Some(_) if !edited.starts_with('\u{feff}') => format!("\u{feff}{edited}"),
        _ => edited,
    };
    if old.contains("\r\n") {
        edited.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        edited
    }
}

/// The text of a file that may be there.
fn read_text(path: &Path) -> Result<Option<String>, Failure> {
    let text = read(path)?.map(String::from_utf8).transpose();
    text.map_err(|_| Failure::Input(format!("`{}` is not UTF-8", shown(path))))
}

/// The line that brings the generated code in.
fn include() -> &'static str {
    MODULE
        .find("include!")
        .and_then(|start| MODULE.get(start..))
        .unwrap_or_default()
}

/// The clone that this command was built in; not what cargo clones for itself, which goes when it
/// likes.
fn built_in() -> Option<PathBuf> {
    let clone = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let is_cargos = clone.join(".cargo-ok").exists();
    (clone.join("runtime").join("Cargo.toml").exists() && !is_cargos).then(|| clone.to_owned())
}

/// A path as seen from a folder, with slashes. Both must be there.
fn relative(path: &Path, folder: &Path) -> Result<String, Failure> {
    let real =
        |path: &Path| fs::canonicalize(path).map_err(|error| Failure::file("find", path, &error));
    let (path, folder) = (real(path)?, real(folder)?);
    let shared = path
        .components()
        .zip(folder.components())
        .take_while(|(one, other)| one == other)
        .count();
    let relative: PathBuf = if shared == 0 {
        // Another drive of Windows.
        path.clone()
    } else {
        let up = folder.components().skip(shared).map(|_| Path::new(".."));
        let down = path.components().skip(shared);
        up.chain(down.map(|part| Path::new(part.as_os_str())))
            .collect()
    };
    match relative.to_str() {
        Some(text) if cfg!(windows) => Ok(text.replace('\\', "/")),
        Some(text) => Ok(text.to_owned()),
        None => Err(Failure::Usage(format!(
            "`{}` is not UTF-8, which a manifest is",
            shown(&path)
        ))),
    }
}

/// Whether a document is checked out with a crate: it is below its folder, or below that of the
/// repository that the crate is in.
fn is_in_checkout(path: &Path, folder: &Path) -> bool {
    let (Ok(path), Ok(folder)) = (fs::canonicalize(path), fs::canonicalize(folder)) else {
        return false;
    };
    let mut above = folder.ancestors();
    let repository = above.find(|above| above.join(".git").exists());
    path.starts_with(repository.unwrap_or(&folder))
}

impl Step {
    fn changes(&self) -> bool {
        matches!(self.action, Action::Create { .. } | Action::Edit { .. })
    }
}

impl Report {
    /// What will be done, file by file.
    fn show(&self, console: &mut Console) -> Result<(), Failure> {
        let markdown = console.format() == Format::Markdown;
        for step in &self.steps {
            let (what, lines) = match &step.action {
                Action::Create { text } if text == FACTS => {
                    let lines = FACTS.lines().count();
                    let what = format!(
                        "create, with {lines} lines of what this project knows of the service"
                    );
                    (plain(what), None)
                }
                Action::Create { text } => (own("create"), Some(unified(&step.path, "", text))),
                Action::Edit { old, text } => (own("change"), Some(unified(&step.path, old, text))),
                Action::Keep => (own("keep"), None),
                Action::ByHand { add } => (
                    own("it is not overwritten; please add by hand"),
                    Some(add.clone()),
                ),
            };
            let path = step.path.to_string_lossy();
            let path = if markdown {
                own("- ").then(code(path))
            } else {
                styled(STRONG, plain(path))
            };
            console.print(&path.then(own(": ")).then(what).then(own("\n")))?;
            if let Some(lines) = lines {
                let lines = match &step.action {
                    Action::ByHand { .. } => block("text", 0, lines),
                    _ => diff(lines),
                };
                let before = own(if markdown { "\n" } else { "" });
                console.print(&before.then(lines).then(own("\n")))?;
            }
        }
        Ok(())
    }

    /// How many files the user has to change.
    fn by_hand(&self) -> usize {
        let steps = self.steps.iter();
        steps
            .filter(|step| matches!(step.action, Action::ByHand { .. }))
            .count()
    }

    /// What the user can do next.
    fn outlook(&self, generates: &str) -> String {
        let mut text = "written".to_owned();
        let by_hand = self.by_hand();
        if by_hand > 0 {
            let _ = write!(text, "; {by_hand} more by hand, as shown");
        }
        let then = if by_hand > 0 { "then " } else { "" };
        let _ = write!(text, "; {then}`cargo build` generates {generates}");
        text
    }
}

/// The first function with the struct that it takes, and how many functions there are besides; where
/// a type alone was asked for, its struct.
fn generates(index: &Index, asked: &Entry) -> String {
    let rust = |ty: &str| {
        let mut types = index.types.iter();
        types.find(|it| it.ty == ty).map(|it| it.rust.as_str())
    };
    let mut updates = index.operations.iter();
    let first = updates.find(|it| it.method != "DELETE" && asked.path.is_some());
    let Some(first) = first else {
        let named = asked.ty.as_deref().and_then(rust);
        return format!("`graph::{}`", named.unwrap_or_default());
    };
    let mut text = format!("`graph::{}`", first.rust);
    match first.bodies.as_slice() {
        [only] => {
            if let Some(body) = rust(&only.ty) {
                let _ = write!(text, ", which takes a `graph::{body}`");
            }
        }
        several => {
            let _ = write!(text, ", which takes any of {} structs", several.len());
            if let Some(body) = several.first().and_then(|body| rust(&body.ty)) {
                let _ = write!(text, ", as `graph::{body}`");
            }
        }
    }
    match index.operations.len() - 1 {
        0 => {}
        1 => text.push_str("; and another function"),
        more => {
            let _ = write!(text, "; and {more} more functions");
        }
    }
    text
}

/// The updates, and behind them the resets.
fn functions(operations: Vec<Operation>) -> Vec<String> {
    let (resets, updates): (Vec<_>, Vec<_>) = operations
        .into_iter()
        .partition(|operation| operation.method == "DELETE");
    updates
        .into_iter()
        .chain(resets)
        .map(|it| it.rust)
        .collect()
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
