//! The facts that apply to the subject of a page.

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::fact_entries::{FactEntry, FactSubject};
use msgraph_codegen::ir::{Operation, OperationKind};
use serde::Serialize;

use super::Page;
use crate::commands::explain::sheet::{Line, Sheet, Span};
use crate::support::type_name::supertypes;

/// A fact, and where it comes from.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppliedFact {
    /// The entry as in a file: `[type."microsoft.graph.user"]`.
    entry: String,
    keys: Vec<&'static str>,
    /// Null for a built-in fact.
    file: Option<String>,
    line: usize,
    source: String,
}

impl Page {
    /// The page with the facts that apply to it.
    pub(crate) fn with_facts(mut self, survey: &Survey) -> Self {
        let types = self.types_with_facts(survey);
        let facts = survey.facts.iter();
        let applied = facts.filter(|entry| self.applies(entry, &types));
        self.facts = applied
            .map(|entry| AppliedFact {
                entry: entry.subject.header(),
                keys: entry.keys.clone(),
                file: entry.file.clone(),
                line: entry.line,
                source: entry.source.clone(),
            })
            .collect();
        self
    }

    fn applies(&self, entry: &FactEntry, types: &BTreeSet<&str>) -> bool {
        match &entry.subject {
            FactSubject::Type(ty) => self.property.is_none() && types.contains(ty.as_str()),
            FactSubject::Property(path) => {
                let (ty, name) = path.rsplit_once('/').unwrap_or((path, ""));
                let is_shown = |shown: &str| shown == name;
                let property = self.property.as_ref();
                types.contains(ty) && property.is_none_or(|property| is_shown(&property.name))
            }
            FactSubject::Operation(_) => self.operations().any(|operation| {
                let subject = &entry.subject;
                // A reset without facts of its own has those of the update.
                let is_reset = operation.kind == OperationKind::Reset;
                subject.is_operation(&operation.method.to_string(), &operation.path)
                    || (is_reset && subject.is_operation("PATCH", &operation.path))
            }),
            FactSubject::Keys(_) => {
                let mut operations = self.operations();
                operations.any(|operation| entry.subject.has_keys_of(&operation.path))
            }
            FactSubject::Permission(name) => self.operations().any(|it| is_partial(it, name)),
        }
    }

    /// The types whose fields are shown, those that the requests are about, and their supertypes.
    fn types_with_facts<'s>(&'s self, survey: &'s Survey) -> BTreeSet<&'s str> {
        let declared = self.operations().map(|operation| &operation.declared);
        let types = self.shown.iter().chain(declared);
        types.flat_map(|ty| supertypes(ty, &survey.types)).collect()
    }

    pub(super) fn write_facts(&self, sheet: &mut Sheet) {
        if self.facts.is_empty() {
            return;
        }
        sheet.heading("Facts");
        sheet.items(&self.facts, |sheet, fact| {
            let origin = match &fact.file {
                None => "built in".to_owned(),
                Some(file) => format!("{file}:{}", fact.line),
            };
            let line = Line::default().code(&fact.entry);
            let line = line.text(format!(" {}: {origin}, ", fact.keys.join(", ")));
            sheet.item(line.and(Span::Link(fact.source.clone())));
        });
    }
}

/// Whether a permission covers only a part of an operation.
fn is_partial(operation: &Operation, permission: &str) -> bool {
    let known = operation.permissions.as_ref();
    known.is_some_and(|known| known.covered.contains_key(permission))
}
