//! The report of `msgraph clouds`.

use std::path::PathBuf;

use msgraph_codegen::command::Survey;
use serde::Serialize;

use super::compare::{self, CloudSide, ComparedOperation, ComparedType, Difference, Disagreement};
use super::documents::CloudDocument;
use crate::support::text::{FAINT, Format, STRONG, WARNING, line, shortened};

/// How many names of a list are shown without `--all`.
const MAX_SHOWN: usize = 8;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CloudReport {
    api_version: String,
    documents: Vec<ComparedDocument>,
    operations: Vec<ComparedOperation>,
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
            operations: compare::operations(&sides),
            types: compare::types(&sides),
        }
    }

    /// Whether the metadata and the reference disagree.
    pub(super) fn has_disagreements(&self) -> bool {
        let mut operations = self.operations.iter();
        operations.any(|operation| !operation.disagreements.is_empty())
    }

    /// Renders the report. `all`: with everything that is alike.
    pub(super) fn render(&self, format: Format, all: bool) -> String {
        let mut out = String::new();
        if format.is_markdown() {
            self.table(&mut out);
        } else {
            let names: Vec<&str> = self.documents.iter().map(|it| it.name.as_str()).collect();
            let names = format.plain(names.join(", "));
            line(&mut out, 0, format!("{}: {names}", self.api_version));
            if self.operations.is_empty() {
                line(
                    &mut out,
                    0,
                    "No document has any of the selected operations.",
                );
            }
        }
        for operation in &self.operations {
            operation.render(&mut out, format, &self.types, all);
        }
        for ty in self.types.iter().filter(|ty| all || ty.differs()) {
            ty.render(&mut out, format, all);
        }
        let alike = self.types.iter().filter(|ty| !ty.differs()).count();
        if alike > 0 && !all && !format.is_markdown() {
            let text =
                format!("{alike} types are the same wherever they are used (--all shows them)");
            line(&mut out, 0, format!("\n{}", format.styled(FAINT, text)));
        }
        self.missing(&mut out, format);
        out
    }

    /// The entries of the manifest that a document lacks.
    fn missing(&self, out: &mut String, format: Format) {
        let is_complete = self.documents.iter().all(|it| it.missing.is_empty());
        if !format.is_markdown() && !is_complete {
            let heading = format.styled(STRONG, "Missing in the metadata");
            line(out, 0, format!("\n{heading}"));
        }
        for document in &self.documents {
            for message in &document.missing {
                let text = format.plain(format!("{}: {message}", document.name));
                if format.is_markdown() {
                    line(out, 0, format!("\n{text}"));
                } else {
                    line(out, 2, text);
                }
            }
        }
    }

    /// Which documents have which operations, as Markdown.
    fn table(&self, out: &mut String) {
        let format = Format::Markdown;
        let names = self.documents.iter().map(|it| format.plain(&it.name));
        let names: Vec<String> = names.collect();
        line(out, 0, format!("| | {} | reference |", names.join(" | ")));
        line(out, 0, format!("|---|{}---|", "---|".repeat(names.len())));
        for operation in &self.operations {
            let cells = self.documents.iter().map(|document| {
                let mut disagreements = operation.disagreements.iter();
                let disagrees = disagreements.any(|it| it.document == document.name);
                match (operation.present.contains(&document.name), disagrees) {
                    (true, false) => "yes",
                    (false, false) => "no",
                    (true, true) => "**yes**",
                    (false, true) => "**no**",
                }
            });
            let cells = cells.collect::<Vec<_>>().join(" | ");
            let (method, path) = (&operation.method, format.code_cell(&operation.path));
            let reference = match operation.documented.as_slice() {
                [] => "unknown".to_owned(),
                clouds => format.plain(clouds.join(", ")),
            };
            line(
                out,
                0,
                format!("| {method} {path} | {cells} | {reference} |"),
            );
        }
    }
}

/// A line below a heading.
fn detail(out: &mut String, format: Format, text: &str) {
    let indent = if format.is_markdown() { 0 } else { 2 };
    line(out, indent, format!("{}{text}", format.bullet()));
}

impl ComparedOperation {
    /// How the metadata compares with the reference, apart from disagreements.
    fn notes(&self) -> Vec<String> {
        let unverified = self.unverified.iter().map(|cloud| {
            format!("{cloud}: listed in the reference; there is no metadata to compare")
        });
        let undocumented = self.undocumented.iter().map(|name| {
            let place = if self.present.contains(name) {
                "in the metadata"
            } else {
                "not in the metadata"
            };
            format!("{name}: {place}; the reference does not mention this cloud")
        });
        unverified.chain(undocumented).collect()
    }

    fn render(&self, out: &mut String, format: Format, types: &[ComparedType], all: bool) {
        let name = format!("{} {}", self.method, self.path);
        if format.is_markdown() {
            // The table has the rest.
            if self.disagreements.is_empty()
                && self.unverified.is_empty()
                && self.differences.is_empty()
            {
                return;
            }
            line(out, 0, format!("\n{}", format.code(name)));
        } else {
            let name = format.styled(STRONG, format.plain(name));
            line(out, 0, format!("\n{name}"));
            let (present, absent) = (self.present.join(", "), self.absent.join(", "));
            detail(
                out,
                format,
                &format.plain(if self.absent.is_empty() {
                    format!("in all {}", self.present.len())
                } else {
                    format!("in {present}; not in {absent}")
                }),
            );
            if !self.documented.is_empty() {
                let documented = format.plain(self.documented.join(", "));
                detail(out, format, &format!("reference: {documented}"));
            }
        }
        for disagreement in &self.disagreements {
            let text = format.plain(disagreement.text());
            detail(
                out,
                format,
                &match format {
                    Format::Markdown => text,
                    _ => format!("{}: {text}", format.styled(WARNING, "disagreement")),
                },
            );
        }
        for note in self.notes() {
            detail(out, format, &format.plain(note));
        }
        for difference in &self.differences {
            detail(out, format, &difference.render(format));
        }
        let differing = types.iter().filter(|ty| ty.differs());
        let names: Vec<&str> = differing
            .map(|ty| ty.ty.as_str())
            .filter(|name| self.types.iter().any(|ty| ty == name))
            .collect();
        if !names.is_empty() && !format.is_markdown() {
            let max_shown = if all { names.len() } else { MAX_SHOWN };
            let names = format.plain(shortened(&names, max_shown));
            detail(out, format, &format!("types that differ: {names}"));
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
            return format!("used in all {}", self.used_in.len());
        }
        let places = [
            ("used in", &self.used_in),
            ("declared only in", &self.declared),
            ("not in", &self.absent),
        ];
        let places = places.iter().filter(|(_, documents)| !documents.is_empty());
        let places = places.map(|(what, documents)| format!("{what} {}", documents.join(", ")));
        places.collect::<Vec<_>>().join("; ")
    }

    fn render(&self, out: &mut String, format: Format, all: bool) {
        let places = format.plain(self.places());
        if format.is_markdown() {
            line(out, 0, format!("\n{}: {places}", format.code(&self.ty)));
        } else {
            let name = format.styled(STRONG, format.plain(&self.ty));
            line(out, 0, format!("\n{name}"));
            detail(out, format, &places);
        }
        for difference in &self.differences {
            detail(out, format, &difference.render(format));
        }
        if !self.alike.is_empty() && !format.is_markdown() {
            let alike = if all {
                format!("alike: {}", self.alike.join(", "))
            } else {
                format!("{} properties are alike", self.alike.len())
            };
            detail(out, format, &format.styled(FAINT, format.plain(alike)));
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
