//! CSDL to Rust.
pub mod csdl;
mod diagnostic;
pub mod facts;
mod parse;
mod resolve;
pub mod schema;
mod source;
mod table;
mod vocabulary;

pub use diagnostic::{Diagnostic, Diagnostics, Error, Severity};
pub use source::{FileId, Source, Sources, Span};
pub use table::Value;

use std::path::Path;

use facts::Facts;
use schema::Schema;

/// Reads CSDL documents that together are one model.
///
/// # Errors
///
/// Everything that is wrong in them, rendered for a person.
pub fn read_schema<'s>(sources: &'s Sources, documents: &[FileId]) -> Result<Schema<'s>, Error> {
    let mut diagnostics = Diagnostics::default();
    schema_of(sources, documents, &mut diagnostics)
        .map_err(|_| Error::new(diagnostics.render(sources)))
}

fn schema_of<'s>(
    sources: &'s Sources,
    documents: &[FileId],
    diagnostics: &mut Diagnostics,
) -> Result<Schema<'s>, diagnostic::Stopped> {
    let documents = documents
        .iter()
        .filter_map(|id| parse::parse(*id, sources.get(*id)?, diagnostics))
        .collect();
    diagnostics.gate()?;
    let schema = resolve::resolve(documents, diagnostics);
    diagnostics.gate()?;
    Ok(schema)
}

/// Reads a file into the sources.
///
/// # Errors
///
/// When it cannot be read or is no text.
pub fn read_file(sources: &mut Sources, path: impl AsRef<Path>) -> Result<FileId, Error> {
    let path = path.as_ref();
    sources
        .read(&path.display().to_string(), path)
        .map_err(|unreadable| {
            Error::new(format!("{}\nhelp: {}", unreadable.message, unreadable.help))
        })
}

/// Reads documents of facts; a later one overrides an earlier one, entry by entry.
///
/// # Errors
///
/// Everything that is wrong in them, rendered for a person.
pub fn read_facts(sources: &Sources, documents: &[FileId]) -> Result<Facts, Error> {
    let mut diagnostics = Diagnostics::default();
    let mut facts = Facts::default();
    for id in documents {
        if let Some(source) = sources.get(*id) {
            facts.read(*id, source, &mut diagnostics);
        }
    }
    match diagnostics.gate() {
        Ok(()) => Ok(facts),
        Err(_) => Err(Error::new(diagnostics.render(sources))),
    }
}
