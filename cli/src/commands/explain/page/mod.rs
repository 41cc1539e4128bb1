//! The page that `msgraph explain` shows: as text, as Markdown, as JSON.

mod property;
mod request;
mod sheet;
mod subject;
mod types;

use std::collections::BTreeSet;

use msgraph_codegen::command::catalogue::Kind;
use msgraph_codegen::index::{Enumeration, Index, Operation, Type, Union};
use serde::Serialize;

use crate::support::arguments::Asked;
use crate::support::closure::Parts;
use crate::support::text::{Text, WARNING, code, own, styled};

pub(crate) use property::Property;
pub(crate) use sheet::MOST;
pub(crate) use subject::{Subject, Taken};

use request::Request;
use sheet::Sheet;

/// A page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    api_version: String,
    manifest: Option<String>,
    /// Whether the manifest generates it.
    generated: bool,
    /// What to add to the manifest where it does not.
    entry: Option<String>,
    /// Of a path: what is done to it.
    requests: Vec<Request>,
    /// Of a type.
    subject: Option<Subject>,
    /// Of a property; then `types` has that property alone.
    property: Option<Property>,
    /// Of a type: the functions that the manifest generates for it.
    functions: Vec<Operation>,
    /// What the page speaks of first, then what their fields need.
    types: Vec<Type>,
    unions: Vec<Union>,
    enumerations: Vec<Enumeration>,
    /// The types that have all their fields shown.
    #[serde(skip)]
    shown: BTreeSet<String>,
}

impl Page {
    /// The page of what is done to one path.
    pub(crate) fn of_path(
        asked: &Asked,
        index: &Index,
        operations: Vec<&Operation>,
        generated: bool,
    ) -> Self {
        let roots = operations.iter().flat_map(|operation| &operation.bodies);
        let roots: Vec<&str> = roots.map(|body| body.ty.as_str()).collect();
        let mut page = Page::new(asked, index, &roots, generated);
        if let (false, Some(first)) = (generated, operations.first()) {
            page.entry = Some(format!("[[update]]\npath = {}", quoted(&first.path)));
        }
        // Of several, the page would be theirs.
        if let [only] = roots.as_slice() {
            page.shown.insert((*only).to_owned());
        }
        // The update first, then the reset.
        let (updates, resets): (Vec<_>, Vec<_>) = operations
            .into_iter()
            .partition(|operation| operation.takes.is_some());
        let requests = updates.into_iter().chain(resets);
        page.requests = requests
            .map(|operation| Request::new(operation, index))
            .collect();
        page
    }

    /// The page of a type.
    pub(crate) fn of_type(asked: &Asked, index: &Index, subject: Subject, generated: bool) -> Self {
        let mut page = Page::new(asked, index, &[&subject.ty], generated);
        if !generated && subject.kind != Kind::Enumeration {
            page.entry = Some(format!("[[struct]]\ntype = {}", quoted(&subject.ty)));
        }
        let functions = index.operations.iter().filter(|operation| {
            generated && operation.bodies.iter().any(|body| body.ty == subject.ty)
        });
        page.functions = functions.cloned().collect();
        page.shown.insert(subject.ty.clone());
        page.subject = Some(subject);
        page
    }

    fn new(asked: &Asked, index: &Index, roots: &[&str], generated: bool) -> Self {
        let mut page = Page {
            api_version: index.api_version.clone(),
            manifest: asked
                .manifest
                .as_ref()
                .map(|path| path.to_string_lossy().into_owned()),
            generated,
            entry: None,
            requests: Vec::new(),
            subject: None,
            property: None,
            functions: Vec::new(),
            types: Vec::new(),
            unions: Vec::new(),
            enumerations: Vec::new(),
            shown: BTreeSet::new(),
        };
        page.close(index, roots);
        page
    }

    /// Takes in the types of a body and those that their fields need, as they are met.
    fn close<'i>(&mut self, index: &'i Index, roots: &[&'i str]) {
        let parts = Parts::of(index);
        for name in parts.closure(roots) {
            self.unions.extend(parts.unions.get(name).copied().cloned());
            self.types.extend(parts.types.get(name).copied().cloned());
            let enumeration = parts.enumerations.get(name);
            self.enumerations.extend(enumeration.copied().cloned());
        }
    }

    /// The page for a person at a terminal.
    pub(crate) fn text(&self, all: bool) -> Text {
        self.write(all, false)
    }

    /// The page as Markdown.
    pub(crate) fn markdown(&self, all: bool) -> Text {
        self.write(all, true)
    }

    fn write(&self, all: bool, is_markdown: bool) -> Text {
        let mut sheet = Sheet::new(is_markdown, all);
        for request in &self.requests {
            request.write(&mut sheet, self);
        }
        if let Some(subject) = &self.subject {
            subject.write(&mut sheet, self);
        }
        match &self.property {
            Some(property) => property.write(&mut sheet),
            None => self.write_standing(&mut sheet),
        }
        self.write_types(&mut sheet);
        sheet.text
    }

    fn write_standing(&self, sheet: &mut Sheet) {
        match (&self.manifest, self.generated) {
            (Some(manifest), true) => {
                sheet.line(0, code(manifest).then(own(" generates it.")));
            }
            (None, true) => {}
            (Some(manifest), false) => {
                sheet.line(
                    0,
                    styled(WARNING, code(manifest).then(own(" does not generate it."))),
                );
            }
            (None, false) => {
                sheet.line(0, "There is no manifest; this is what would be generated.")
            }
        }
        if let Some(entry) = &self.entry {
            sheet.line(0, "This entry in `graph.toml` does:");
            sheet.block("toml", entry);
        } else if !self.generated {
            sheet.line(
                0,
                "An enumeration is generated with the types that have it.",
            );
        }
    }
}

/// A text in quotes; JSON and TOML write such texts alike.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
