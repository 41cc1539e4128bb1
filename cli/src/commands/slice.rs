//! `msgraph slice`: the metadata that a manifest needs.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::support::arguments::{ManifestOptions, check_documents};
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::files::folder_lock::lock_folder;
use crate::support::files::replace::Prepared;
use crate::support::files::temporary;
use crate::support::files::{is_same, read_old};
use crate::support::interrupt;
use crate::support::lock::{self, Content, Lock};
use crate::support::shell;
use crate::support::text::{Format, show_path};

/// Write a small CSDL file from which a manifest generates the same code.
///
/// A crate with a slice carries kilobytes of metadata instead of megabytes and builds faster. Before the
/// slice is written, the command generates from it and compares: code, tree and index are identical.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    manifest: ManifestOptions,
    /// The CSDL files to slice [default: those of the manifest].
    #[arg(value_name = "METADATA")]
    metadata: Vec<PathBuf>,
    /// Where to write the slice.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SliceReport {
    path: PathBuf,
    changed: bool,
    bytes: usize,
    sources: Vec<SlicedFile>,
}

#[derive(Debug, Serialize)]
struct SlicedFile {
    path: PathBuf,
    bytes: usize,
}

/// The start of the lines in a slice's comment that name its sources.
const SOURCE: &str = "source: ";

/// The first line of a slice's comment. Slices are recognised by it, so it must not change.
const TITLE: &str = "A slice of the metadata, made by `msgraph slice`: what one selection needs.";

impl Arguments {
    /// Slices the metadata and writes the file.
    ///
    /// # Errors
    ///
    /// When an input is invalid, when the slice would replace an input, and when a file cannot be read or
    /// written.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        check_documents(&self.metadata, false)?;
        let mut config = self.manifest.config()?;
        if !self.metadata.is_empty() {
            config = config.metadata(&self.metadata);
        }
        let mut sources = Vec::new();
        let slice = config.slice()?;
        let csdl = slice.commented(&comment_lines(&slice.documents, &mut sources)?);
        let bytes = csdl.as_bytes();
        if let Some(input) = slice.inputs.iter().find(|input| is_same(input, &self.out)) {
            let is_source = sources.iter().any(|it| it.path == *input);
            return Err(replaces_input(input, is_source));
        }
        let _folder_lock = lock_folder(&self.out)?;
        temporary::clear([
            self.out.as_path(),
            &self.out.with_file_name(lock::FILE_NAME),
        ]);
        let unlocked = without_entry(&self.out, bytes)?;
        let old = read_old(&self.out)?;
        if old.as_deref().is_some_and(|old| !may_be_csdl(old)) {
            return Err(Failure::Usage(format!(
                "`{}` is not a CSDL file, and is not replaced\nhelp: name another file with `--out`, or \
                 remove it",
                show_path(&self.out)
            )));
        }
        let changed = old.is_none_or(|old| old != bytes);
        interrupt::ignore()?;
        if changed {
            Prepared::new(&self.out, bytes)?.replace()?;
        }
        if let Some(lock) = unlocked {
            Prepared::new(lock.path(), lock.text().as_bytes())?.replace()?;
            console.note(&format!(
                "the entry of `{}` was removed from `{}`, because a comment in the slice names its sources",
                show_path(&self.out),
                show_path(lock.path())
            ));
        }
        let (path, bytes) = (self.out.clone(), bytes.len());
        let report = SliceReport {
            path,
            changed,
            bytes,
            sources,
        };
        console.result(&report, |format| report.render(format))?;
        Ok(Completed::Success)
    }
}

/// The lines of the slice's comment. Adds the files to `sources`.
fn comment_lines(
    documents: &[PathBuf],
    sources: &mut Vec<SlicedFile>,
) -> Result<Vec<String>, Failure> {
    let mut lines = vec![TITLE.to_owned()];
    for path in documents {
        let bytes = fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
        for line in origin(path, &bytes) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        sources.push(SlicedFile {
            path: path.clone(),
            bytes: bytes.len(),
        });
    }
    Ok(lines)
}

fn replaces_input(input: &Path, is_source: bool) -> Failure {
    let values = [("", Some("target/v1.0.csdl")), ("--out", input.to_str())];
    let command = shell::command("msgraph slice", &values);
    let command = command.map_or_else(String::new, |command| format!(": `{command}`"));
    let instead = if is_source {
        format!("; or, to replace it by the slice, move it away and slice it there{command}")
    } else {
        String::new()
    };
    Failure::Usage(format!(
        "`{}` is an input of the slice\nhelp: name another file with `--out`{instead}",
        show_path(input)
    ))
}

/// Whether a CSDL file is a slice.
pub(crate) fn is_slice(bytes: &[u8]) -> bool {
    has_title(comment(&String::from_utf8_lossy(bytes)))
}

fn has_title(comment: &str) -> bool {
    comment.lines().any(|line| line.trim() == TITLE)
}

/// The first comment of a file.
fn comment(text: &str) -> &str {
    let rest = text.split_once("<!--").map_or("", |(_, rest)| rest);
    rest.split_once("-->").map_or("", |(comment, _)| comment)
}

/// The lines that name the sources of a file. A slice has them already, so slicing it again changes nothing.
fn origin(path: &Path, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let comment = comment(&text);
    let lines = comment.lines().map(str::trim);
    let existing = lines.filter(|line| line.starts_with(SOURCE));
    let existing: Vec<String> = existing.map(str::to_owned).collect();
    if has_title(comment) && !existing.is_empty() {
        return existing;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let sha256 = Content::of(bytes).sha256;
    vec![format!("{SOURCE}{name}, sha256 {sha256}")]
}

/// Whether a file is empty or starts like XML in UTF-8 or UTF-16. Other files are not replaced.
fn may_be_csdl(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = text.trim_ascii_start();
    let starts: [&[u8]; 3] = [b"<", b"\xff\xfe", b"\xfe\xff"];
    text.is_empty() || starts.iter().any(|start| text.starts_with(start))
}

/// The lock file without its entry for the file that the slice replaces; `None` if there is no such entry.
fn without_entry(path: &Path, slice: &[u8]) -> Result<Option<Lock>, Failure> {
    let mut lock = Lock::next_to(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let entry = lock.entry(&name);
    if entry.is_none_or(|entry| entry.content() == Content::of(slice)) {
        return Ok(None);
    }
    lock.remove(&name);
    read_old(lock.path())?;
    Ok(Some(lock))
}

impl SliceReport {
    fn render(&self, format: Format) -> String {
        let all: usize = self.sources.iter().map(|source| source.bytes).sum();
        let what = if self.changed { "wrote" } else { "unchanged" };
        let (bullet, path) = (format.bullet(), format.path(&self.path));
        format!("{bullet}{what} {path}: {} of {all} bytes\n", self.bytes)
    }
}
