//! The report of `msgraph clouds`.

use std::path::PathBuf;

use msgraph_codegen::command::Survey;
use serde::Serialize;

use super::compare::{self, CloudSide, ComparedType, ComparedUpdate, Difference, Disagreement};
use super::documents::CloudDocument;
use crate::support::text::{FAINT, Format, STRONG, WARNING, line};

/// How many names of a list are shown without `--all`.
const MAX_SHOWN: usize = 8;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CloudReport {
    api_version: String,
    documents: Vec<ComparedDocument>,
    updates: Vec<ComparedUpdate>,
    types: Vec<ComparedType>,
}

#[derive(Debug, Serialize)]
struct ComparedDocument {
    name: String,
    files: Vec<PathBuf>,
    cloud: Option<&'static str>,
    /// A message for each manifest entry that it lacks.
    missing: Vec<String>,
}

impl CloudReport {
    pub(super) fn new(
        api_version: String,
        documents: &[CloudDocument],
        surveys: &[Survey],
    ) -> Self {
        let pairs = || documents.iter().zip(surveys);
        let sides = pairs().map(|(document, survey)| CloudSide::new(document, survey));
        let sides: Vec<CloudSide<'_>> = sides.collect();
        let documents = pairs().map(|(document, survey)| {
            let missing = survey.unavailable.iter();
            ComparedDocument {
                name: document.name.clone(),
                files: document.files.clone(),
                cloud: document.cloud.map(|cloud| cloud.as_str()),
                missing: missing
                    .map(|diagnostic| diagnostic.message.clone())
                    .collect(),
            }
        });
        CloudReport {
            api_version,
            documents: documents.collect(),
            updates: compare::updates(&sides),
            types: compare::types(&sides),
        }
    }

    /// Whether the metadata and the reference disagree.
    pub(super) fn has_disagreements(&self) -> bool {
        let mut updates = self.updates.iter();
        updates.any(|update| !update.disagreements.is_empty())
    }

    /// Renders the report. `all`: with everything that is alike.
    pub(super) fn render(&self, format: Format, all: bool) -> String {
        if format.is_markdown() {
            self.markdown(all)
        } else {
            self.text(all)
        }
    }

    fn text(&self, all: bool) -> String {
        let format = Format::Text;
        let mut out = String::new();
        let names: Vec<&str> = self.documents.iter().map(|it| it.name.as_str()).collect();
        line(
            &mut out,
            0,
            format.plain(format!("{}: {}", self.api_version, names.join(", "))),
        );
        if self.updates.is_empty() {
            line(&mut out, 0, "No document has any of the selected updates.");
        }
        for update in &self.updates {
            out.push('\n');
            update.text(&mut out, &self.types, all);
        }
        for ty in self.types.iter().filter(|ty| all || ty.differs()) {
            out.push('\n');
            ty.text(&mut out, all);
        }
        let alike = self.types.iter().filter(|ty| !ty.differs()).count();
        if alike > 0 && !all {
            let text = format!("{alike} types are the same in all bodies (--all shows them)");
            line(&mut out, 0, format!("\n{}", format.styled(FAINT, text)));
        }
        if self.documents.iter().any(|it| !it.missing.is_empty()) {
            let heading = format.styled(STRONG, "Missing in the metadata");
            line(&mut out, 0, format!("\n{heading}"));
        }
        for document in &self.documents {
            for message in &document.missing {
                line(
                    &mut out,
                    2,
                    format.plain(format!("{}: {message}", document.name)),
                );
            }
        }
        out
    }

    fn markdown(&self, all: bool) -> String {
        let format = Format::Markdown;
        let mut out = String::new();
        let names = self.documents.iter().map(|it| format.plain(&it.name));
        let names: Vec<String> = names.collect();
        line(
            &mut out,
            0,
            format!("| | {} | reference |", names.join(" | ")),
        );
        line(
            &mut out,
            0,
            format!("|---|{}---|", "---|".repeat(names.len())),
        );
        for update in &self.updates {
            let path = format.code_cell(&update.path);
            let cells = self.documents.iter().map(|document| {
                let disagrees = |it: &Disagreement| it.document == document.name;
                let disagrees = update.disagreements.iter().any(disagrees);
                match (update.present.contains(&document.name), disagrees) {
                    (true, false) => "yes",
                    (false, false) => "no",
                    (true, true) => "**yes**",
                    (false, true) => "**no**",
                }
            });
            let cells: Vec<&str> = cells.collect();
            let (method, cells) = (&update.method, cells.join(" | "));
            let reference = format.plain(update.reference());
            line(
                &mut out,
                0,
                format!("| {method} {path} | {cells} | {reference} |"),
            );
        }
        for update in self.updates.iter().filter(|update| update.has_notes()) {
            line(&mut out, 0, format!("\n{}", format.code(update.name())));
            for note in update.notes() {
                line(&mut out, 0, format!("- {}", format.plain(note)));
            }
            for difference in &update.differences {
                line(&mut out, 0, format!("- {}", difference.render(format)));
            }
        }
        for ty in self.types.iter().filter(|ty| all || ty.differs()) {
            let (name, places) = (format.code(&ty.ty), format.plain(ty.places()));
            line(&mut out, 0, format!("\n{name}: {places}"));
            for difference in &ty.differences {
                line(&mut out, 0, format!("- {}", difference.render(format)));
            }
        }
        for document in &self.documents {
            for message in &document.missing {
                let text = format.plain(format!("{}: {message}", document.name));
                line(&mut out, 0, format!("\n{text}"));
            }
        }
        out
    }
}

impl ComparedUpdate {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn reference(&self) -> String {
        if self.documented.is_empty() {
            "unknown".to_owned()
        } else {
            self.documented.join(", ")
        }
    }

    fn has_notes(&self) -> bool {
        !self.disagreements.is_empty()
            || !self.unverified.is_empty()
            || !self.differences.is_empty()
    }

    /// How the metadata compares with the reference: disagreements first.
    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.disagreements.iter().map(Disagreement::text).collect();
        let unverified = self.unverified.iter();
        notes.extend(unverified.map(|cloud| {
            format!("{cloud}: listed in the reference; there is no metadata to compare")
        }));
        let undocumented = self.undocumented.iter();
        notes.extend(undocumented.map(|name| {
            let place = if self.present.contains(name) {
                "in the metadata"
            } else {
                "not in the metadata"
            };
            format!("{name}: {place}; the reference does not mention this cloud")
        }));
        notes
    }

    fn text(&self, out: &mut String, types: &[ComparedType], all: bool) {
        let format = Format::Text;
        line(out, 0, format.styled(STRONG, format.plain(self.name())));
        let places = if self.absent.is_empty() {
            format!("in all {}", self.present.len())
        } else {
            let (present, absent) = (self.present.join(", "), self.absent.join(", "));
            format!("in {present}; not in {absent}")
        };
        line(out, 2, format.plain(places));
        if !self.documented.is_empty() {
            line(
                out,
                2,
                format.plain(format!("reference: {}", self.reference())),
            );
        }
        for (nth, note) in self.notes().into_iter().enumerate() {
            let note = format.plain(note);
            if nth < self.disagreements.len() {
                let heading = format.styled(WARNING, "disagreement");
                line(out, 2, format!("{heading}: {note}"));
            } else {
                line(out, 2, note);
            }
        }
        for difference in &self.differences {
            line(out, 2, difference.render(format));
        }
        let differing = types.iter().filter(|ty| ty.differs());
        let differing = differing.map(|ty| ty.ty.as_str());
        let differing: Vec<&str> = differing
            .filter(|name| self.types.iter().any(|ty| ty == name))
            .collect();
        if !differing.is_empty() {
            let max_shown = if all { differing.len() } else { MAX_SHOWN };
            let shown = differing.get(..max_shown).unwrap_or(&differing);
            let more = match differing.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let shown = shown.join(", ");
            line(
                out,
                2,
                format.plain(format!("types that differ: {shown}{more}")),
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
            format!("{cloud}: in the metadata, but not listed in the reference")
        } else {
            format!("{cloud}: listed in the reference, but not in the metadata")
        }
    }
}

impl ComparedType {
    fn differs(&self) -> bool {
        !self.differences.is_empty()
    }

    fn places(&self) -> String {
        if self.declared.is_empty() && self.absent.is_empty() {
            return format!("in bodies of all {}", self.in_bodies.len());
        }
        let places = [
            ("in bodies of", &self.in_bodies),
            ("declared only in", &self.declared),
            ("not in", &self.absent),
        ];
        let places = places.iter().filter(|(_, documents)| !documents.is_empty());
        let places = places.map(|(what, documents)| format!("{what} {}", documents.join(", ")));
        places.collect::<Vec<_>>().join("; ")
    }

    fn text(&self, out: &mut String, all: bool) {
        let format = Format::Text;
        line(out, 0, format.styled(STRONG, format.plain(&self.ty)));
        line(out, 2, format.plain(self.places()));
        for difference in &self.differences {
            line(out, 2, difference.render(format));
        }
        if !self.alike.is_empty() {
            let alike = if all {
                format!("alike: {}", self.alike.join(", "))
            } else {
                format!("{} properties are alike", self.alike.len())
            };
            line(out, 2, format.styled(FAINT, format.plain(alike)));
        }
    }
}

impl Difference {
    /// `pages: Edm.Int32 in global; Edm.Int64 in china; not in usnat`.
    fn render(&self, format: Format) -> String {
        let values = self.values.iter().map(|value| {
            let documents = format.plain(value.documents.join(", "));
            match &value.is {
                Some(is) => format!("{} in {documents}", format.prose(is)),
                None => format!("not in {documents}"),
            }
        });
        let values: Vec<String> = values.collect();
        format!("{}: {}", format.plain(&self.name), values.join("; "))
    }
}
