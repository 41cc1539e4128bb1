//! Reads files into a model and facts.

use std::path::Path;

use crate::diagnostic::{Aborted, Diagnostics, Error};
use crate::document::parse;
use crate::facts::{BUILT_IN, BUILT_IN_NAME, Facts};
use crate::model::Schema;
use crate::resolve::resolve;
use crate::source::{FileId, Sources};

/// Reads a file into the sources.
///
/// # Errors
///
/// If the file cannot be read, or is not text.
pub fn read_file(sources: &mut Sources, path: impl AsRef<Path>) -> Result<FileId, Error> {
    let path = path.as_ref();
    Ok(sources.read(&path.display().to_string(), path)?)
}

/// Adds bytes to the sources, like [`read_file`]. Errors use `name`.
///
/// # Errors
///
/// If the bytes are not text.
pub fn read_bytes(sources: &mut Sources, name: &str, bytes: Vec<u8>) -> Result<FileId, Error> {
    Ok(sources.read_bytes(name, bytes)?)
}

/// Adds the facts that this crate includes to the sources. They come first in a list of files, because a later file
/// overrides an earlier one.
pub fn add_built_in_facts(sources: &mut Sources) -> FileId {
    sources.add(BUILT_IN_NAME, BUILT_IN)
}

/// Reads CSDL files that form one model.
///
/// # Errors
///
/// All errors in the files.
pub fn read_schema<'s>(sources: &'s Sources, documents: &[FileId]) -> Result<Schema<'s>, Error> {
    let mut diagnostics = Diagnostics::default();
    parse_schema(sources, documents, &mut diagnostics)
        .map_err(|Aborted| Error::new(diagnostics.render(sources)))
}

/// Reads files of facts. A later file overrides an earlier one, entry by entry.
///
/// # Errors
///
/// All errors in the files.
pub fn read_facts(sources: &Sources, documents: &[FileId]) -> Result<Facts, Error> {
    let mut diagnostics = Diagnostics::default();
    let facts = parse_facts(sources, documents, &mut diagnostics);
    match diagnostics.bail_if_errors() {
        Ok(()) => Ok(facts),
        Err(Aborted) => Err(Error::new(diagnostics.render(sources))),
    }
}

/// Like [`read_schema`], but also reports warnings.
///
/// # Errors
///
/// If the files have errors, which are in the diagnostics.
pub fn parse_schema<'s>(
    sources: &'s Sources,
    documents: &[FileId],
    diagnostics: &mut Diagnostics,
) -> Result<Schema<'s>, Aborted> {
    // Errors of other stages do not end this one.
    let mut own = Diagnostics::default();
    let parsed: Vec<_> = documents
        .iter()
        .filter_map(|id| parse(*id, sources.get(*id)?, &mut own))
        .collect();
    let schema = own
        .bail_if_errors()
        .map(|()| resolve(parsed, &mut own))
        .and_then(|schema| own.bail_if_errors().map(|()| schema));
    diagnostics.append(own);
    schema
}

/// Like [`read_facts`]. Errors are in the diagnostics, and invalid entries are omitted.
pub fn parse_facts(
    sources: &Sources,
    documents: &[FileId],
    diagnostics: &mut Diagnostics,
) -> Facts {
    let mut facts = Facts::default();
    for id in documents {
        if let Some(source) = sources.get(*id) {
            facts.read(*id, source, diagnostics);
        }
    }
    facts
}
