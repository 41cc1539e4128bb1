//! The report of the clouds: as text, as Markdown, as JSON.

use std::fmt::Write as _;
use std::path::PathBuf;

use msgraph_codegen::Survey;
use serde::Serialize;

use super::compare::{self, Disagreement, Element, Side, Type, Update};
use super::documents::Document;
use crate::console::{FAINT, STRONG, WARNING, code, code_cell, escaped, folded, sentence, styled};

/// How many names of a list are shown without `--all`.
const MOST: usize = 8;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    api_version: String,
    documents: Vec<Compared>,
    updates: Vec<Update>,
    types: Vec<Type>,
}

/// A document that was read.
#[derive(Debug, Serialize)]
struct Compared {
    name: String,
    files: Vec<PathBuf>,
    /// The cloud of the facts, or null.
    cloud: Option<&'static str>,
    /// What the manifest asks for and it does not have, a message each.
    missing: Vec<String>,
}

impl Report {
    pub(super) fn new(api_version: String, documents: &[Document], surveys: &[Survey]) -> Self {
        let pairs = || documents.iter().zip(surveys);
        let sides: Vec<Side<'_>> = pairs()
            .map(|(document, survey)| Side::new(document, survey))
            .collect();
        let documents = pairs().map(|(document, survey)| Compared {
            name: document.name.clone(),
            files: document.files.clone(),
            cloud: document.cloud.map(|cloud| cloud.as_str()),
            missing: survey
                .unavailable
                .iter()
                .map(|diagnostic| diagnostic.message.clone())
                .collect(),
        });
        Report {
            api_version,
            documents: documents.collect(),
            updates: compare::updates(&sides),
            types: compare::types(&sides),
        }
    }

    /// Whether the metadata and the reference disagree somewhere.
    pub(super) fn disagrees(&self) -> bool {
        self.updates
            .iter()
            .any(|update| !update.disagreements.is_empty())
    }

    /// The report for a person at a terminal.
    pub(super) fn text(&self, all: bool) -> String {
        let mut text = String::new();
        let names: Vec<&str> = self.documents.iter().map(|one| one.name.as_str()).collect();
        line(
            &mut text,
            0,
            folded(&format!("{}: {}", self.api_version, names.join(", "))),
        );
        if self.updates.is_empty() {
            line(&mut text, 0, "No document has an update of the selection.");
        }
        for update in &self.updates {
            text.push('\n');
            update.text(&mut text, self, all);
        }
        for ty in self.types.iter().filter(|ty| all || ty.differs()) {
            text.push('\n');
            ty.text(&mut text, all);
        }
        let alike = self.types.iter().filter(|ty| !ty.differs()).count();
        if alike > 0 && !all {
            text.push('\n');
            let rest =
                format!("{alike} types are alike wherever a body has them (--all shows them)");
            line(&mut text, 0, styled(FAINT, rest));
        }
        let missing = self.documents.iter().filter(|one| !one.missing.is_empty());
        for (nth, document) in missing.enumerate() {
            if nth == 0 {
                text.push('\n');
                line(
                    &mut text,
                    0,
                    styled(STRONG, "What the manifest asks for and is not there"),
                );
            }
            for message in &document.missing {
                line(
                    &mut text,
                    1,
                    format!("{}: {}", folded(&document.name), folded(message)),
                );
            }
        }
        text
    }

    /// The report as tables.
    pub(super) fn markdown(&self, all: bool) -> String {
        let mut text = String::from("| |");
        let names: Vec<&str> = self.documents.iter().map(|one| one.name.as_str()).collect();
        let heads: Vec<String> = names.iter().map(|name| escaped(name)).collect();
        // Writing to a `String` does not fail.
        let _ = writeln!(text, " {} | reference |", heads.join(" | "));
        let _ = writeln!(text, "|---|{}---|", "---|".repeat(names.len()));
        for update in &self.updates {
            let _ = write!(text, "| {} {} |", update.method, code_cell(&update.path));
            for document in &self.documents {
                let has = update.present.contains(&document.name);
                let disagrees = update
                    .disagreements
                    .iter()
                    .any(|one| one.document == document.name);
                let cell = match (has, disagrees) {
                    (true, false) => "yes",
                    (false, false) => "no",
                    (true, true) => "**yes**",
                    (false, true) => "**no**",
                };
                let _ = write!(text, " {cell} |");
            }
            let _ = writeln!(text, " {} |", escaped(&update.reference()));
        }
        let notes = self.updates.iter().filter(|update| update.has_notes());
        for update in notes {
            let _ = writeln!(
                text,
                "\n{}",
                code(&format!("{} {}", update.method, update.path))
            );
            for note in update.notes() {
                let _ = writeln!(text, "- {}", sentence(&note));
            }
            for element in &update.differences {
                let _ = writeln!(text, "- {}", sentence(&element.text()));
            }
        }
        for ty in self.types.iter().filter(|ty| all || ty.differs()) {
            let _ = writeln!(text, "\n{}: {}", code(&ty.ty), sentence(&ty.places()));
            for element in &ty.differences {
                let _ = writeln!(text, "- {}", sentence(&element.text()));
            }
        }
        for document in &self.documents {
            for message in &document.missing {
                let _ = writeln!(text, "\n{}: {}", escaped(&document.name), sentence(message));
            }
        }
        text
    }
}

impl Update {
    /// `in global; not in china`.
    fn places(&self) -> String {
        if self.absent.is_empty() {
            format!("in all {}", self.present.len())
        } else {
            format!(
                "in {}; not in {}",
                self.present.join(", "),
                self.absent.join(", ")
            )
        }
    }

    fn reference(&self) -> String {
        if self.documented.is_empty() {
            "the facts do not say".to_owned()
        } else {
            self.documented.join(", ")
        }
    }

    fn has_notes(&self) -> bool {
        !self.disagreements.is_empty()
            || !self.unverified.is_empty()
            || !self.differences.is_empty()
    }

    /// What is to be said of the reference.
    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.disagreements.iter().map(Disagreement::text).collect();
        notes.extend(self.unverified.iter().map(|cloud| {
            format!(
                "{cloud}: the reference lists it; there is no document here to hold that against"
            )
        }));
        notes.extend(self.undocumented.iter().map(|name| {
            let has = if self.present.contains(name) {
                "has"
            } else {
                "does not have"
            };
            format!("{name}: the metadata {has} it; the reference does not speak of this cloud")
        }));
        notes
    }

    fn text(&self, text: &mut String, report: &Report, all: bool) {
        line(
            text,
            0,
            styled(STRONG, format!("{} {}", self.method, self.path)),
        );
        line(text, 1, folded(&self.places()));
        if !self.documented.is_empty() {
            line(
                text,
                1,
                folded(&format!("the reference lists {}", self.reference())),
            );
        }
        for (nth, note) in self.notes().into_iter().enumerate() {
            let note = folded(&note);
            let note = if nth < self.disagreements.len() {
                format!("{}: {note}", styled(WARNING, "disagreement"))
            } else {
                note
            };
            line(text, 1, note);
        }
        for element in &self.differences {
            line(text, 1, folded(&element.text()));
        }
        let differing: Vec<&str> = self
            .types
            .iter()
            .filter(|name| {
                let mut types = report.types.iter();
                types.any(|ty| ty.ty == **name && ty.differs())
            })
            .map(String::as_str)
            .collect();
        if !differing.is_empty() {
            let shown: Vec<&str> = if all {
                differing.clone()
            } else {
                differing.iter().copied().take(MOST).collect()
            };
            let more = match differing.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            line(
                text,
                1,
                format!("types of its body differ: {}{more}", shown.join(", ")),
            );
        }
    }
}

impl Disagreement {
    fn text(&self) -> String {
        let cloud = if self.document == self.cloud {
            self.cloud.to_owned()
        } else {
            format!("{} ({})", self.document, self.cloud)
        };
        if self.present {
            format!("{cloud}: the metadata has it, and the reference does not list it")
        } else {
            format!("{cloud}: the reference lists it, and the metadata does not have it")
        }
    }
}

impl Type {
    /// Whether there is something to say of it.
    fn differs(&self) -> bool {
        !self.differences.is_empty()
    }

    fn places(&self) -> String {
        if self.declared.is_empty() && self.absent.is_empty() {
            return format!("in bodies of all {}", self.in_bodies.len());
        }
        let mut places = vec![format!("in bodies of {}", self.in_bodies.join(", "))];
        if !self.declared.is_empty() {
            places.push(format!("declared only in {}", self.declared.join(", ")));
        }
        if !self.absent.is_empty() {
            places.push(format!("not in {}", self.absent.join(", ")));
        }
        places.join("; ")
    }

    fn text(&self, text: &mut String, all: bool) {
        line(text, 0, styled(STRONG, &self.ty));
        line(text, 1, folded(&self.places()));
        for element in &self.differences {
            line(text, 1, folded(&element.text()));
        }
        if !self.alike.is_empty() {
            let alike = if all {
                format!("alike: {}", self.alike.join(", "))
            } else {
                format!("{} members are alike", self.alike.len())
            };
            line(text, 1, styled(FAINT, alike));
        }
    }
}

impl Element {
    /// `pages: Edm.Int32 in global; Edm.Int64 in china; not in usnat`.
    fn text(&self) -> String {
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| {
                let documents = value.documents.join(", ");
                match &value.is {
                    Some(is) => format!("{is} in {documents}"),
                    None => format!("not in {documents}"),
                }
            })
            .collect();
        format!("{}: {}", self.name, values.join("; "))
    }
}

fn line(text: &mut String, indent: usize, content: impl std::fmt::Display) {
    let _ = writeln!(text, "{}{content}", "  ".repeat(indent));
}
