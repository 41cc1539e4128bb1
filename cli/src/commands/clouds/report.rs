//! The report of the clouds: as text, as Markdown, as JSON.

use std::path::PathBuf;

use msgraph_codegen::command::Survey;
use serde::Serialize;

use super::compare::{self, Disagreement, Element, Side, Type, Update};
use super::documents::Document;
use crate::support::text::{
    FAINT, STRONG, Text, WARNING, code, code_cell, joined, own, plain, said, styled,
};

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
    pub(super) fn text(&self, all: bool) -> Text {
        let mut text = Text::default();
        let names = joined(self.documents.iter().map(|one| plain(&one.name)), ", ");
        text.line(0, plain(&self.api_version).then(own(": ")).then(names));
        if self.updates.is_empty() {
            text.line(0, own("No document has an update of the selection."));
        }
        for update in &self.updates {
            text.push(own("\n"));
            update.text(&mut text, self, all);
        }
        for ty in self.types.iter().filter(|ty| all || ty.differs()) {
            text.push(own("\n"));
            ty.text(&mut text, all);
        }
        let alike = self.types.iter().filter(|ty| !ty.differs()).count();
        if alike > 0 && !all {
            let rest =
                format!("{alike} types are alike wherever a body has them (--all shows them)");
            text.push(own("\n"));
            text.line(0, styled(FAINT, plain(rest)));
        }
        let missing = self.documents.iter().filter(|one| !one.missing.is_empty());
        for (nth, document) in missing.enumerate() {
            if nth == 0 {
                text.push(own("\n"));
                let head = own("What the manifest asks for and is not there");
                text.line(0, styled(STRONG, head));
            }
            for message in &document.missing {
                text.line(
                    2,
                    plain(&document.name).then(own(": ")).then(plain(message)),
                );
            }
        }
        text
    }

    /// The report as tables.
    pub(super) fn markdown(&self, all: bool) -> Text {
        let mut text = own("| |");
        for document in &self.documents {
            text.push(own(" ").then(plain(&document.name)).then(own(" |")));
        }
        text.push(own(" reference |\n|---|"));
        for _ in &self.documents {
            text.push(own("---|"));
        }
        text.push(own("---|\n"));
        for update in &self.updates {
            let method = own("| ").then(plain(&update.method)).then(own(" "));
            text.push(method.then(code_cell(&update.path)).then(own(" |")));
            for document in &self.documents {
                let has = update.present.contains(&document.name);
                let disagrees = update
                    .disagreements
                    .iter()
                    .any(|one| one.document == document.name);
                text.push(own(match (has, disagrees) {
                    (true, false) => " yes |",
                    (false, false) => " no |",
                    (true, true) => " **yes** |",
                    (false, true) => " **no** |",
                }));
            }
            text.push(own(" ").then(plain(update.reference())).then(own(" |\n")));
        }
        for update in self.updates.iter().filter(|update| update.has_notes()) {
            text.push(own("\n"));
            text.line(0, code(update.name()));
            for note in update.notes() {
                text.line(0, own("- ").then(plain(note)));
            }
            for element in &update.differences {
                text.line(0, own("- ").then(element.text()));
            }
        }
        for ty in self.types.iter().filter(|ty| all || ty.differs()) {
            text.push(own("\n"));
            text.line(0, code(&ty.ty).then(own(": ")).then(plain(ty.places())));
            for element in &ty.differences {
                text.line(0, own("- ").then(element.text()));
            }
        }
        for document in &self.documents {
            for message in &document.missing {
                text.push(own("\n"));
                text.line(
                    0,
                    plain(&document.name).then(own(": ")).then(plain(message)),
                );
            }
        }
        text
    }
}

impl Update {
    /// `PATCH /users/{id}`.
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

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

    fn text(&self, text: &mut Text, report: &Report, all: bool) {
        text.line(0, styled(STRONG, plain(self.name())));
        text.line(2, plain(self.places()));
        if !self.documented.is_empty() {
            text.line(2, own("the reference lists ").then(plain(self.reference())));
        }
        for (nth, note) in self.notes().into_iter().enumerate() {
            let head = if nth < self.disagreements.len() {
                styled(WARNING, own("disagreement")).then(own(": "))
            } else {
                own("")
            };
            text.line(2, head.then(plain(note)));
        }
        for element in &self.differences {
            text.line(2, element.text());
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
            let most = if all { differing.len() } else { MOST };
            let shown: Vec<&str> = differing.iter().copied().take(most).collect();
            let more = match differing.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let shown = plain(format!("{}{more}", shown.join(", ")));
            text.line(2, own("types of its body differ: ").then(shown));
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

    fn text(&self, text: &mut Text, all: bool) {
        text.line(0, styled(STRONG, plain(&self.ty)));
        text.line(2, plain(self.places()));
        for element in &self.differences {
            text.line(2, element.text());
        }
        if !self.alike.is_empty() {
            let alike = if all {
                format!("alike: {}", self.alike.join(", "))
            } else {
                format!("{} members are alike", self.alike.len())
            };
            text.line(2, styled(FAINT, plain(alike)));
        }
    }
}

impl Element {
    /// `pages: Edm.Int32 in global; Edm.Int64 in china; not in usnat`.
    fn text(&self) -> Text {
        let values = self.values.iter().map(|value| {
            let documents = plain(value.documents.join(", "));
            match &value.is {
                Some(is) => said(is).then(own(" in ")).then(documents),
                None => own("not in ").then(documents),
            }
        });
        plain(&self.name).then(own(": ")).then(joined(values, "; "))
    }
}
