//! Files that exist already.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

use crate::support::failure::Failure;
use crate::support::files::read;
use crate::support::text::{one_line, show_path};

/// Reads a text file; `None` if it does not exist.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, Failure> {
    let text = read(path)?.map(String::from_utf8).transpose();
    text.map_err(|_| Failure::Input(format!("`{}` is not UTF-8", show_path(path))))
}

/// An edited text with the line ends of the old one.
pub(super) fn with_line_ends_of(old: &str, edited: String) -> String {
    if old.contains("\r\n") {
        edited.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        edited
    }
}

/// Checks that the options agree with an existing manifest. Errors in the manifest itself are reported
/// elsewhere.
///
/// # Errors
///
/// When an option names another API version or another document than the manifest.
pub(super) fn check_options(
    manifest: &Path,
    text: &str,
    api_version: Option<&str>,
    metadata: Option<&Path>,
) -> Result<(), Failure> {
    let document: DocumentMut = text.parse().unwrap_or_default();
    let Some(own) = document.get("api-version").and_then(Item::as_str) else {
        return Ok(());
    };
    let shown = show_path(manifest);
    if let Some(other) = api_version.filter(|version| *version != own) {
        return Err(Failure::Usage(format!(
            "`{shown}` has the API version `{}`, not `{}`\nhelp: a manifest has one API version: leave out \
             `--api-version`, or name another crate with `--crate-dir`",
            one_line(own),
            one_line(other)
        )));
    }
    let documents = document.get("metadata").and_then(|it| it.get(own));
    if let Some(other) = metadata
        && !is_only(other, documents, manifest)
    {
        return Err(Failure::Usage(format!(
            "`{shown}` does not generate from `{}`\nhelp: leave out `--metadata`, or change `[metadata]` in \
             the manifest",
            show_path(other)
        )));
    }
    Ok(())
}

/// Whether a file is the only document of a manifest.
fn is_only(file: &Path, documents: Option<&Item>, manifest: &Path) -> bool {
    let only = documents.and_then(|item| match item.as_array() {
        Some(array) if array.len() == 1 => array.get(0)?.as_str(),
        _ => item.as_str(),
    });
    let only = only.map(|only| fs::canonicalize(manifest.with_file_name(only)));
    match (fs::canonicalize(file), only) {
        (Ok(file), Some(Ok(only))) => file == only,
        _ => false,
    }
}
