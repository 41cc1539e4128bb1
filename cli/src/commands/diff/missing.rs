//! Manifest entries that the metadata lacks.

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_csdl::diagnostic::Severity;
use msgraph_csdl::path::template::same_template;
use msgraph_csdl::source::Span;
use serde::Serialize;

use super::change::{Change, Kind, Subject};

/// A manifest entry that one side lacks.
#[derive(Clone, Debug)]
struct MissingEntry {
    /// The location in the manifest.
    span: Option<Span>,
    /// The path or type.
    entry: Option<String>,
    message: String,
    /// The diagnostic as the generator shows it.
    rendered: String,
}

impl MissingEntry {
    fn all(survey: &Survey) -> Vec<Self> {
        let diagnostics = survey.unavailable.iter();
        diagnostics
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| MissingEntry {
                span: diagnostic.span,
                entry: survey.unavailable.entry(diagnostic).map(str::to_owned),
                message: diagnostic.message.clone(),
                rendered: diagnostic.render(&survey.sources),
            })
            .collect()
    }

    fn line(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{entry}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// The entries that each side lacks.
#[derive(Debug)]
pub(super) struct Missing {
    old: Vec<MissingEntry>,
    new: Vec<MissingEntry>,
}

/// The same as text: `PATH: reason`.
#[derive(Debug, Serialize)]
pub(super) struct MissingLines {
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

impl Missing {
    pub(super) fn new(old: &Survey, new: &Survey) -> Self {
        Missing {
            old: MissingEntry::all(old),
            new: MissingEntry::all(new),
        }
    }

    pub(super) fn lines(&self) -> MissingLines {
        MissingLines {
            old: self.old.iter().map(MissingEntry::line).collect(),
            new: self.new.iter().map(MissingEntry::line).collect(),
        }
    }

    /// Whether an entry is missing for this reason, possibly that of a shorter path.
    pub(super) fn has_reason(&self, message: &str) -> bool {
        self.new.iter().any(|entry| entry.message == message)
    }

    /// Whether a removed update is one of the missing entries.
    pub(super) fn explains(&self, change: &Change) -> bool {
        let mut entries = self.new.iter().filter_map(|entry| entry.entry.as_deref());
        change.subject == Subject::Update
            && change.kind == Kind::Removed
            && entries.any(|entry| same_template(entry, &change.element))
    }
}

/// The diagnostics about entries that no document has on either side: errors in the manifest.
pub(super) fn missing_everywhere(all: &[Missing]) -> Option<String> {
    let spans = |entries: &[MissingEntry]| -> BTreeSet<Span> {
        entries.iter().filter_map(|entry| entry.span).collect()
    };
    let sides = all.iter().flat_map(|missing| [&missing.old, &missing.new]);
    let common = sides
        .map(|entries| spans(entries))
        .reduce(|one, other| &one & &other)?;
    let rendered: Vec<&str> = all
        .first()?
        .new
        .iter()
        .filter(|entry| entry.span.is_some_and(|span| common.contains(&span)))
        .map(|entry| entry.rendered.as_str())
        .collect();
    (!rendered.is_empty()).then(|| rendered.join("\n\n"))
}
