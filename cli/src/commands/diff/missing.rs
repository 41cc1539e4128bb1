//! Manifest entries that the metadata lacks.

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_csdl::diagnostic::Severity;
use msgraph_csdl::path::template::same_template;
use msgraph_csdl::source::Span;
use serde::{Serialize, Serializer};

use super::change::{Change, Kind, Subject};

/// A manifest entry that one side lacks.
#[derive(Clone, Debug)]
pub(super) struct MissingEntry {
    /// The location in the manifest.
    span: Option<Span>,
    /// The path or type.
    entry: Option<String>,
    message: String,
    /// The diagnostic as the generator shows it.
    rendered: String,
}

impl MissingEntry {
    /// Collects the missing entries. Entries for one path with the same message are reported once.
    fn all(survey: &Survey) -> Vec<Self> {
        let diagnostics = survey.unavailable.iter();
        let mut seen = BTreeSet::new();
        diagnostics
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| MissingEntry {
                span: diagnostic.span,
                entry: survey.unavailable.entry(diagnostic).map(str::to_owned),
                message: diagnostic.message.clone(),
                rendered: diagnostic.render(&survey.sources),
            })
            .filter(|missing| seen.insert(missing.line()))
            .collect()
    }

    /// The path or type.
    pub(super) fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// `PATH: reason`.
    pub(super) fn line(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{entry}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

impl Serialize for MissingEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.line())
    }
}

/// The entries that each side lacks.
#[derive(Debug, Serialize)]
pub(super) struct Missing {
    pub(super) old: Vec<MissingEntry>,
    pub(super) new: Vec<MissingEntry>,
}

impl Missing {
    pub(super) fn new(old: &Survey, new: &Survey) -> Self {
        Missing {
            old: MissingEntry::all(old),
            new: MissingEntry::all(new),
        }
    }

    /// Whether an entry is missing for this reason, possibly that of a shorter path.
    pub(super) fn has_reason(&self, message: &str) -> bool {
        self.new.iter().any(|entry| entry.message == message)
    }

    /// Whether a removed update is one of the missing entries.
    pub(super) fn explains(&self, change: &Change) -> bool {
        let mut entries = self.new.iter().filter_map(|entry| entry.entry.as_deref());
        change.subject == Subject::Operation
            && change.kind == Kind::Removed
            && entries.any(|entry| same_template(entry, &change.element))
    }
}

/// The diagnostics about entries that no document has on either side: errors in the manifest.
pub(super) fn missing_everywhere(all: &[&Missing]) -> Option<String> {
    let spans = |entries: &[MissingEntry]| -> BTreeSet<Span> {
        entries.iter().filter_map(|entry| entry.span).collect()
    };
    let sides = all.iter().flat_map(|missing| [&missing.old, &missing.new]);
    let common = sides
        .map(|entries| spans(entries))
        .reduce(|one, other| &one & &other)?;
    let entries = all.first()?.new.iter();
    let rendered: Vec<&str> = entries
        .filter(|entry| entry.span.is_some_and(|span| common.contains(&span)))
        .map(|entry| entry.rendered.as_str())
        .collect();
    (!rendered.is_empty()).then(|| rendered.join("\n\n"))
}
