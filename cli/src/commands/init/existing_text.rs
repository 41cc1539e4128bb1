//! Texts that are there already: reading them, and keeping how they were written.

use std::path::Path;

use crate::support::failure::Failure;
use crate::support::files::read;
use crate::support::text::shown;

/// An edited text with the byte order mark and the line ends of what was there.
pub(super) fn as_it_was(old: &str, edited: String) -> String {
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
pub(super) fn read_text(path: &Path) -> Result<Option<String>, Failure> {
    let text = read(path)?.map(String::from_utf8).transpose();
    text.map_err(|_| Failure::Input(format!("`{}` is not UTF-8", shown(path))))
}
