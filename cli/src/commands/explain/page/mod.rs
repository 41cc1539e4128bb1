//! The page that `msgraph explain` prints.

mod example;
mod facts;
mod permissions;
mod properties;
mod property;
mod request;
mod subject;
mod types;

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Kind;
use msgraph_codegen::ir::{Api, Enumeration, Operation, OperationKind, Struct, Union};
use serde::Serialize;

use super::sheet::{Line, Sheet, Span};
use crate::support::arguments::{DEFAULT_MANIFEST, Inputs, quoted};
use crate::support::index::{NameInRole, TypesByName, resource_path};

pub(crate) use property::PropertySubject;
pub(crate) use subject::{RequestOfType, TypeSubject};

use facts::AppliedFact;
use request::ExampleRequest;

/// How many types of requests are shown with their fields.
const MAX_TYPES: usize = 2;

/// The entry that generates the operations of a path.
fn entry(first: &Operation, operations: &[&Operation]) -> String {
    if first.kind.is_call() {
        return format!("[[call]]\npath = {}", quoted(&first.path));
    }
    // The manifest selects a reset as a deletion.
    let names = operations.iter().map(|operation| match operation.kind {
        OperationKind::Reset => OperationKind::Delete.name(),
        kind => kind.name(),
    });
    let names: Vec<String> = names.map(quoted).collect();
    let (path, names) = (quoted(resource_path(&first.path)), names.join(", "));
    format!("[[resource]]\npath = {path}\noperations = [{names}]")
}

/// A page about a path, a type or a property.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    api_version: String,
    manifest: Option<String>,
    /// Whether the manifest generates it.
    generated: bool,
    /// The manifest entry that would generate it.
    entry: Option<String>,
    /// The other operations at the path.
    pub(crate) others: Vec<RequestOfType>,
    /// How to change the target of a navigation property.
    #[serde(skip)]
    pub(crate) reference: Option<String>,
    /// Rust code to copy.
    pub(crate) example: Option<String>,
    requests: Vec<ExampleRequest>,
    subject: Option<TypeSubject>,
    property: Option<PropertySubject>,
    /// The generated functions that take the type.
    functions: Vec<Operation>,
    /// The types of the bodies first, then those of their fields.
    types: Vec<Struct>,
    unions: Vec<Union>,
    enumerations: Vec<Enumeration>,
    /// The facts that apply to the requests and the types.
    facts: Vec<AppliedFact>,
    /// The types whose fields are shown.
    #[serde(skip)]
    shown: BTreeSet<String>,
}

impl Page {
    /// Creates the page of a path.
    pub(crate) fn of_path(
        inputs: &Inputs,
        survey: &Survey,
        mut operations: Vec<&Operation>,
        generated: bool,
    ) -> Self {
        operations.sort_by_key(|operation| operation.kind);
        let index = &survey.index;
        let mut page = Page::new(inputs, index, generated);
        let by_name = TypesByName::new(index);
        let roots = operations.iter();
        let roots = roots.flat_map(|operation| by_name.of_operation(operation));
        page.add_types(&by_name, roots);
        if let (false, Some(first)) = (generated, operations.first()) {
            page.entry = Some(entry(first, &operations));
        }
        let types = operations.iter().flat_map(|operation| {
            let parameters = operation.kind.is_call().then_some(&operation.declared);
            let bodies = operation.bodies.iter().chain(&operation.results);
            bodies.map(|body| &body.ty).chain(parameters)
        });
        let types: BTreeSet<String> = types.cloned().collect();
        if types.len() <= MAX_TYPES {
            page.shown = types;
        }
        let requests = operations.into_iter();
        page.requests = requests
            .map(|operation| ExampleRequest::new(operation, index))
            .collect();
        page.with_facts(survey)
    }

    /// The operations of the requests.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.requests.iter().map(ExampleRequest::operation)
    }

    /// Creates the page of a type.
    pub(crate) fn of_type(
        inputs: &Inputs,
        survey: &Survey,
        subject: TypeSubject,
        generated: bool,
    ) -> Self {
        let index = &survey.index;
        let mut page = Page::new(inputs, index, generated);
        let by_name = TypesByName::new(index);
        page.add_types(&by_name, by_name.in_roles(&subject.ty));
        if !generated && subject.kind != Kind::Enumeration {
            page.entry = Some(format!("[[struct]]\ntype = {}", quoted(&subject.ty)));
        }
        let functions = index.operations.iter().filter(|operation| {
            let mut types = operation.bodies.iter().chain(&operation.results);
            generated && types.any(|body| body.ty == subject.ty)
        });
        page.functions = functions.cloned().collect();
        page.shown.insert(subject.ty.clone());
        page.subject = Some(subject);
        page.with_facts(survey)
    }

    fn new(inputs: &Inputs, index: &Api, generated: bool) -> Self {
        let manifest = inputs.manifest.as_ref();
        Page {
            api_version: index.api_version.clone(),
            manifest: manifest.map(|path| path.to_string_lossy().into_owned()),
            generated,
            ..Page::default()
        }
    }

    /// Adds types and all types that their fields need.
    fn add_types<'i>(
        &mut self,
        by_name: &TypesByName<'i>,
        roots: impl Iterator<Item = NameInRole<'i>>,
    ) {
        for ty in by_name.closure(roots) {
            self.unions.extend(by_name.union(ty).cloned());
            self.types.extend(by_name.structure(ty).cloned());
            let enumeration = by_name.enumerations.get(ty.0);
            self.enumerations.extend(enumeration.copied().cloned());
        }
    }

    /// The page with its example.
    pub(crate) fn with_example(mut self) -> Self {
        self.example = self.rust_example();
        self
    }

    /// `Microsoft Graph v1.0`.
    pub(crate) fn api(&self) -> String {
        format!("Microsoft Graph {}", self.api_version)
    }

    /// What the page is about.
    pub(crate) fn name(&self) -> String {
        match (self.requests.as_slice(), &self.subject, &self.property) {
            ([only], _, _) => only.name(),
            ([first, ..], _, _) => resource_path(&first.operation().path).to_owned(),
            (_, Some(subject), _) => subject.ty.clone(),
            (_, _, Some(property)) => property.name.clone(),
            _ => String::new(),
        }
    }

    /// Writes the page. `all`: without shortening lists.
    pub(crate) fn sheet(&self, all: bool) -> Sheet {
        let mut sheet = Sheet::new(all);
        sheet.heading(&self.name());
        if let Some(subject) = &self.subject {
            sheet.prose(subject.kind());
        }
        if let Some(example) = &self.example {
            sheet.code("rust", example);
        }
        if self.property.is_some() {
            self.write_property_by_type(&mut sheet);
        } else {
            for in_roles in self.types_in_roles(true) {
                self.write_properties(&mut sheet, &in_roles);
            }
        }
        for request in &self.requests {
            request.write(&mut sheet, self);
        }
        if let Some(subject) = &self.subject {
            subject.write(&mut sheet, self);
        }
        match &self.property {
            Some(property) => property.write(&mut sheet),
            None => self.write_generated(&mut sheet),
        }
        let others: Vec<String> = self.others.iter().map(RequestOfType::text).collect();
        sheet.list("Other operations here", &others);
        if let Some(reference) = &self.reference {
            sheet.prose(reference);
        }
        self.write_types(&mut sheet);
        self.write_facts(&mut sheet);
        sheet
    }

    fn write_generated(&self, sheet: &mut Sheet) {
        match (&self.manifest, self.generated) {
            (Some(manifest), true) => {
                sheet.paragraph(
                    Line::default()
                        .text("Generated by ")
                        .code(manifest)
                        .text("."),
                );
            }
            (None, true) => {}
            (Some(manifest), false) => {
                let warning = Line::from(Span::Warning("Not generated".to_owned()));
                sheet.paragraph(warning.text(" by ").code(manifest).text("."));
            }
            (None, false) => {
                sheet.prose("There is no manifest; this is what would be generated.");
            }
        }
        if let Some(entry) = &self.entry {
            let manifest = self.manifest.as_deref().unwrap_or(DEFAULT_MANIFEST);
            let intro = Line::default().text("To generate it, add this entry to ");
            sheet.paragraph(intro.code(manifest).text(":"));
            sheet.code("toml", entry);
        } else if !self.generated {
            sheet.prose("An enumeration is generated with the types that use it.");
        }
    }
}
