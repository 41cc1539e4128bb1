//! `msgraph slice`: the smallest metadata that a manifest needs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use msgraph_codegen::Config;
use serde::Serialize;

use crate::support::arguments;
use crate::support::arguments::api_version;
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::files::read_old;
use crate::support::files::replace::Prepared;
use crate::support::files::temporary;
use crate::support::interrupt;
use crate::support::lock::{self, Content, Entry, Lock};
use crate::support::shell;
use crate::support::text::{STRONG, code, own, plain, shown, styled};

/// Write the smallest metadata from which a manifest gives the same code.
///
/// It has what is generated, what decides the names, and what bounds the subtrees; the code, tree and
/// index that come out of it are those of the whole, byte for byte, which is tried before it is
/// written. So a crate carries kilobytes instead of megabytes, and builds faster.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What is generated.
    #[arg(long, value_name = "FILE", default_value = "graph.toml")]
    manifest: PathBuf,
    /// The metadata; unless given, that of the manifest.
    #[arg(value_name = "METADATA")]
    metadata: Vec<PathBuf>,
    /// Where the slice goes.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Another API version than the manifest's.
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
}

/// The result as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    path: PathBuf,
    /// Whether the file was another before.
    changed: bool,
    bytes: usize,
    sources: Vec<Source>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    path: PathBuf,
    bytes: usize,
}

/// What a slice says of each document that it was made from.
const SOURCE: &str = "source: ";

/// What a slice says of itself.
const TITLE: &str = "A slice of the metadata, made by `msgraph slice`: what one selection needs.";

impl Arguments {
    /// Slices, and writes the file.
    ///
    /// # Errors
    ///
    /// When something is wrong in what is read, when the slice would replace what it is made from,
    /// and when a file cannot be read or written.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        let config = self.config()?;
        let slice = config.slice()?;
        let mut sources = Vec::new();
        let mut comment = vec![TITLE.to_owned()];
        for path in &slice.documents {
            let bytes = fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
            for line in origin(path, &bytes) {
                if !comment.contains(&line) {
                    comment.push(line);
                }
            }
            sources.push(Source {
                path: path.clone(),
                bytes: bytes.len(),
            });
        }
        let csdl = slice.commented(&comment);
        if let Some(input) = slice.inputs.iter().find(|input| is_same(input, &self.out)) {
            let is_source = sources.iter().any(|it| it.path == *input);
            return Err(replaces_input(input, is_source));
        }
        let _held = lock::hold(&self.out)?;
        let lock_file = self.out.with_file_name(lock::FILE_NAME);
        temporary::clear([self.out.as_path(), &lock_file]);
        // Told before anything is written, when the lock file is none.
        let unlocked = unlocked(&self.out, csdl.as_bytes())?;
        let old = read_old(&self.out)?;
        if old.as_deref().is_some_and(|old| !may_be_csdl(old)) {
            return Err(Failure::Usage(format!(
                "`{}` is no CSDL document, and is not replaced by one\nhelp: name another file with \
                 `--out`, or remove it",
                shown(&self.out)
            )));
        }
        let changed = old.is_none_or(|old| old != csdl.as_bytes());
        interrupt::hold()?;
        if changed {
            Prepared::new(&self.out, csdl.as_bytes())?.replace()?;
        }
        if let Some(lock) = unlocked {
            Prepared::new(lock.path(), lock.text().as_bytes())?.replace()?;
            console.note(&format!(
                "`{}` does not name `{}` any more: it is a slice now, which says itself what it was \
                 made from",
                shown(lock.path()),
                shown(&self.out)
            ));
        }
        let report = Report {
            path: self.out.clone(),
            changed,
            bytes: csdl.len(),
            sources,
        };
        show(&report, console)?;
        Ok(Done::Well)
    }

    fn config(&self) -> Result<Config, Failure> {
        arguments::are_files(&self.metadata)?;
        let mut config = arguments::of_manifest(&self.manifest)?;
        if !self.metadata.is_empty() {
            config = config.metadata(&self.metadata);
        }
        if let Some(version) = &self.api_version {
            config = config.api_version(version);
        }
        Ok(config)
    }
}

/// Why the slice is not written over what it is made from.
fn replaces_input(input: &Path, is_source: bool) -> Failure {
    let mut message = format!(
        "`{}` is what the slice is made from\nhelp: name another file with `--out`",
        shown(input)
    );
    if is_source {
        message.push_str(
            "; or, where the slice shall stand in its place, move it away and slice it there",
        );
        let moved = ("", Some("target/v1.0.csdl"));
        let command = shell::command("msgraph slice", &[moved, ("--out", input.to_str())]);
        if let Some(command) = command {
            let _ = write!(message, ": `{command}`");
        }
    }
    Failure::Usage(message)
}

/// Whether a document says that it is a slice.
pub(crate) fn is_slice(bytes: &[u8]) -> bool {
    is_of_slice(comment(&String::from_utf8_lossy(bytes)))
}

/// Whether this is the first comment of a slice.
fn is_of_slice(comment: &str) -> bool {
    comment.lines().any(|line| line.trim() == TITLE)
}

/// The first comment of a document.
fn comment(text: &str) -> &str {
    text.split_once("<!--")
        .and_then(|(_, rest)| rest.split_once("-->"))
        .map_or("", |(comment, _)| comment)
}

/// Where a document is from: of a slice, what it says itself, so that slicing it again changes nothing.
fn origin(path: &Path, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let comment = comment(&text);
    let lines = comment.lines().map(str::trim);
    let carried: Vec<String> = lines
        .filter(|line| line.starts_with(SOURCE))
        .map(str::to_owned)
        .collect();
    if is_of_slice(comment) && !carried.is_empty() {
        return carried;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    vec![format!(
        "{SOURCE}{name}, sha256 {}",
        Content::of(bytes).sha256
    )]
}

/// Whether a file is XML, as far as its beginning tells, or empty: what else is there is not the
/// slice's to replace.
fn may_be_csdl(bytes: &[u8]) -> bool {
    // Of UTF-8 the byte order mark may be there, of UTF-16 it is.
    let utf16 = [[0xff, 0xfe], [0xfe, 0xff]];
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = text.trim_ascii_start();
    text.is_empty() || text.starts_with(b"<") || utf16.iter().any(|mark| text.starts_with(mark))
}

/// The lock file beside a slice without the entry of what stood in its place; `None` where there is
/// none.
fn unlocked(path: &Path, slice: &[u8]) -> Result<Option<Lock>, Failure> {
    let mut lock = Lock::beside(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_of_another = |entry: Entry| entry.content != Content::of(slice);
    if lock.entry(&name)?.is_some_and(is_of_another) && lock.remove(&name) {
        read_old(lock.path())?;
        return Ok(Some(lock));
    }
    Ok(None)
}

/// Whether two paths lead to one file, by symbolic links too.
fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn show(report: &Report, console: &mut Console) -> Result<(), Failure> {
    if console.format() == Format::Json {
        return console.json(report);
    }
    let all: usize = report.sources.iter().map(|source| source.bytes).sum();
    let what = own(if report.changed {
        "wrote "
    } else {
        "unchanged "
    });
    let path = report.path.to_string_lossy();
    let (item, path) = match console.format() {
        Format::Markdown => (own("- "), code(path)),
        _ => (own(""), styled(STRONG, plain(path))),
    };
    let bytes = plain(format!(": {} of {all} bytes", report.bytes));
    console.print(&item.then(what).then(path).then(bytes).then(own("\n")))
}
