//! Selected operations.

use std::collections::btree_map::Entry;

use msgraph_csdl::diagnostic::Diagnostic;
use msgraph_csdl::model::{Primitive, TypeId};
use msgraph_csdl::path::template::literals;
use msgraph_csdl::path::{ResourcePath, Segment, TargetKind};
use msgraph_csdl::toml_table::Setting;

use super::{Body, Reason, SelectedParameters, Selector};
use crate::ir::{self, OperationKind};

/// An operation on a resource.
#[derive(Debug)]
pub(crate) struct SelectedOperation {
    pub(crate) kind: OperationKind,
    /// The resource; for a call, what it is bound to. `None` for an import.
    pub(crate) path: Option<ResourcePath>,
    /// The action or function.
    pub(crate) call: Option<SelectedCall>,
    /// The types of the resource in this operation, if it depends on them.
    pub(crate) subject: Option<Body>,
    /// The structured body.
    pub(crate) body: Option<Body>,
    pub(crate) response: Response,
    /// A Rust name from the manifest.
    pub(crate) name: Option<Name>,
}

impl SelectedOperation {
    /// An operation on a resource, without types.
    pub(crate) fn on(kind: OperationKind, path: ResourcePath, response: Response) -> Self {
        SelectedOperation {
            kind,
            path: Some(path),
            call: None,
            subject: None,
            body: None,
            response,
            name: None,
        }
    }

    /// The declared type of the resource.
    pub(crate) fn declared(&self) -> Option<TypeId> {
        Some(self.path.as_ref()?.target.ty)
    }

    /// Whether it replaces a collection as a whole.
    pub(crate) fn replaces_collection(&self) -> bool {
        let path = self.path.as_ref();
        self.kind.is_update() && path.is_some_and(|path| path.target.is_collection)
    }

    /// The segments of its URL, without those that begin with `$`.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &Segment> {
        let path = self.path.iter().flat_map(|path| &path.segments);
        path.chain(self.call.iter().map(|call| &call.segment))
    }

    /// The template of its URL.
    pub(crate) fn template(&self) -> String {
        let mut template = String::new();
        for segment in self.segments() {
            template.push('/');
            template.push_str(&segment.text);
        }
        template.extend(self.path.as_ref().map(|path| suffix(self.kind, path)));
        template
    }

    /// The same with a placeholder for every key, also for those that the manifest names.
    pub(crate) fn generic_template(&self) -> String {
        let path = self.path.as_ref();
        let mut template = path.map(ResourcePath::generic_template).unwrap_or_default();
        if let Some(call) = &self.call {
            template.push('/');
            template.push_str(&call.segment.text);
        }
        template.extend(path.map(|path| suffix(self.kind, path)));
        template
    }

    /// The name that the manifest gives to the type of the resource.
    pub(crate) fn type_name(&self) -> Option<(TypeId, &Setting)> {
        match self.subject? {
            Body::Type(id) => Some((id.ty, self.name.as_ref()?.setting())),
            Body::AnyOf(_) => None,
        }
    }
}

/// The end of the URL of an operation, after the path of the resource.
pub(crate) fn suffix(kind: OperationKind, path: &ResourcePath) -> &'static str {
    if kind.is_of_reference() {
        "/$ref"
    } else if kind.is_of_content() && path.target.kind != TargetKind::Stream {
        "/$value"
    } else {
        ""
    }
}

/// An action or function.
#[derive(Debug)]
pub(crate) struct SelectedCall {
    /// The segment that names it, with the arguments of a function.
    pub(crate) segment: Segment,
    /// Its index in the schema.
    pub(crate) operation: usize,
    /// The parameters of an action that has any.
    pub(crate) parameters: Option<SelectedParameters>,
}

/// Identifies an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The literal parts of the template: the names of placeholders do not matter.
    pub(super) template: String,
    pub(super) kind: OperationKind,
    pub(super) subject: Option<Body>,
}

impl From<&SelectedOperation> for Key {
    fn from(operation: &SelectedOperation) -> Self {
        Key {
            template: literals(&operation.template())
                .collect::<Vec<_>>()
                .join("{}"),
            kind: operation.kind,
            subject: operation.subject,
        }
    }
}

impl Selector<'_, '_, '_> {
    /// Selects an operation. Entries overlap, and an entry for one path may name an operation that a subtree has found.
    pub(super) fn take(&mut self, operation: SelectedOperation) {
        if let Some(body) = operation.body {
            let template = operation.template();
            let reason = match operation.kind {
                OperationKind::Create => Reason::Create(template),
                _ => Reason::Body(template),
            };
            for ty in self.body_types(body) {
                self.need(ty, reason.clone());
            }
        }
        match self.operations.entry(Key::from(&operation)) {
            Entry::Vacant(entry) => {
                entry.insert(operation);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                if let (Some(known), Some(name)) = (&known.name, &operation.name)
                    && let (first, second) = (known.setting(), name.setting())
                    && first.text != second.text
                    && self.renaming.insert(second.span.start)
                {
                    let template = operation.template();
                    self.diagnostics.push(renaming(&template, first, second));
                }
                known.name = known.name.take().or(operation.name);
                if known.response == UNTYPED {
                    known.response = operation.response;
                }
            }
        }
    }
}

/// The error of two entries that give different names to an operation.
fn renaming(template: &str, first: &Setting, second: &Setting) -> Diagnostic {
    let (first_name, second_name) = (&first.text, &second.text);
    let message = format!("`{template}` is named `{first_name}` and `{second_name}`");
    Diagnostic::error(second.span, message)
        .help("an operation has one name: use the same `name` in all entries that select it")
        .related(first.span, "the other name")
}

/// A Rust name from the manifest.
#[derive(Clone, Debug)]
pub(crate) enum Name {
    /// Of the function, after its verb: `update_pass`. A call has no verb.
    Function(Setting),
    /// Of the module: `pass::update`.
    Module(Setting),
}

impl Name {
    pub(crate) fn setting(&self) -> &Setting {
        match self {
            Name::Function(name) | Name::Module(name) => name,
        }
    }
}

/// What a response is read as.
pub(crate) type Response = ir::Response<ResponseValue>;

/// The response of an operation whose types are not generated.
pub(crate) const UNTYPED: Response =
    Response::Optional(ResponseValue::Primitive(Primitive::Untyped));

impl Response {
    /// The structured value, or one item of a page of them.
    pub(crate) fn structured(self) -> Option<Body> {
        match self.value()? {
            ResponseValue::Structured(body) => Some(*body),
            ResponseValue::Enumeration(_) | ResponseValue::Primitive(_) => None,
        }
    }
}

/// A value of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseValue {
    Structured(Body),
    Enumeration(TypeId),
    Primitive(Primitive),
}
