//! What the manifest asks for and the metadata does not have.

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_csdl::diagnostic::Severity;
use msgraph_csdl::path::template::same_template;
use msgraph_csdl::source::Span;
use serde::Serialize;

use super::change::{Change, Kind, Subject};

/// An entry of the manifest that a side does not have.
#[derive(Clone, Debug)]
struct Lack {
    /// Where the manifest names it.
    span: Option<Span>,
    /// Its path or type.
    entry: Option<String>,
    message: String,
    /// As the generator shows it.
    rendered: String,
}

impl Lack {
    fn of(survey: &Survey) -> Vec<Self> {
        let said = survey.unavailable.iter();
        said.filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| Lack {
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

/// What each side of a document does not have.
#[derive(Debug)]
pub(super) struct Missing {
    old: Vec<Lack>,
    new: Vec<Lack>,
}

/// What is not there, a line each: the path or type of the entry, a colon, and why.
#[derive(Debug, Serialize)]
pub(super) struct Lines {
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

impl Missing {
    pub(super) fn of(old: &Survey, new: &Survey) -> Self {
        Missing {
            old: Lack::of(old),
            new: Lack::of(new),
        }
    }

    pub(super) fn lines(&self) -> Lines {
        let lines = |lacks: &[Lack]| lacks.iter().map(Lack::line).collect();
        Lines {
            old: lines(&self.old),
            new: lines(&self.new),
        }
    }

    /// Whether it says so already, of a path above.
    pub(super) fn says(&self, why: &str) -> bool {
        self.new.iter().any(|lack| lack.message == why)
    }

    /// Whether it says of an update that is gone why the new side does not have it.
    pub(super) fn explains(&self, change: &Change) -> bool {
        let mut entries = self.new.iter().filter_map(|lack| lack.entry.as_deref());
        change.subject == Subject::Update
            && change.kind == Kind::Removed
            && entries.any(|entry| same_template(entry, &change.element))
    }
}

/// What no document has, on neither side: the manifest is wrong there, and the generator would say the
/// same of each. Nothing where there is none.
pub(super) fn nowhere(all: &[Missing]) -> Option<String> {
    let places = |lacks: &[Lack]| -> BTreeSet<Span> {
        let spans = lacks.iter().filter_map(|lack| lack.span);
        spans.collect()
    };
    let sides = || all.iter().flat_map(|missing| [&missing.old, &missing.new]);
    let rendered: Vec<&str> = all
        .first()?
        .new
        .iter()
        .filter(|lack| {
            let at = lack.span;
            at.is_some_and(|at| sides().all(|side| places(side).contains(&at)))
        })
        .map(|lack| lack.rendered.as_str())
        .collect();
    (!rendered.is_empty()).then(|| rendered.join("\n\n"))
}
