//! From files to a model and facts.

use std::path::Path;

use crate::diagnostic::{Diagnostics, Error, Stopped};
use crate::facts::Facts;
use crate::model::Schema;
use crate::parse::parse;
use crate::resolve::resolve;
use crate::source::{FileId, Sources};

/// Reads a file into the sources.
///
/// # Errors
///
/// When it cannot be read, or is not text.
pub fn read_file(sources: &mut Sources, path: impl AsRef<Path>) -> Result<FileId, Error> {
    let path = path.as_ref();
    Ok(sources.read(&path.display().to_string(), path)?)
}

/// Reads the bytes of a document that is no file yet into the sources, as [`read_file`] reads those
/// of a file; `name` is what errors call it.
///
/// # Errors
///
/// When it is not text.
pub fn read_bytes(sources: &mut Sources, name: &str, bytes: Vec<u8>) -> Result<FileId, Error> {
    Ok(sources.read_bytes(name, bytes)?)
}

/// Reads CSDL documents that together are one model.
///
/// # Errors
///
/// Everything that is wrong in them.
pub fn read_schema<'s>(sources: &'s Sources, documents: &[FileId]) -> Result<Schema<'s>, Error> {
    let mut diagnostics = Diagnostics::default();
    schema_of(sources, documents, &mut diagnostics)
        .map_err(|Stopped| Error::new(diagnostics.render(sources)))
}

/// Reads documents of facts; a later one overrides an earlier one, entry by entry.
///
/// # Errors
///
/// Everything that is wrong in them.
pub fn read_facts(sources: &Sources, documents: &[FileId]) -> Result<Facts, Error> {
    let mut diagnostics = Diagnostics::default();
    let facts = facts_of(sources, documents, &mut diagnostics);
    match diagnostics.gate() {
        Ok(()) => Ok(facts),
        Err(Stopped) => Err(Error::new(diagnostics.render(sources))),
    }
}

/// As [`read_schema`], with the warnings too.
///
/// # Errors
///
/// Everything that is wrong in the documents; it is in the diagnostics.
pub fn schema_of<'s>(
    sources: &'s Sources,
    documents: &[FileId],
    diagnostics: &mut Diagnostics,
) -> Result<Schema<'s>, Stopped> {
    // What is wrong elsewhere is not this stage's to stop for.
    let mut own = Diagnostics::default();
    let parsed: Vec<_> = documents
        .iter()
        .filter_map(|id| parse(*id, sources.get(*id)?, &mut own))
        .collect();
    let schema = own
        .gate()
        .map(|()| resolve(parsed, &mut own))
        .and_then(|schema| own.gate().map(|()| schema));
    diagnostics.append(own);
    schema
}

/// As [`read_facts`]; what is wrong is in the diagnostics, and left out of the facts.
pub fn facts_of(sources: &Sources, documents: &[FileId], diagnostics: &mut Diagnostics) -> Facts {
    let mut facts = Facts::default();
    for id in documents {
        if let Some(source) = sources.get(*id) {
            facts.read(*id, source, diagnostics);
        }
    }
    facts
}
