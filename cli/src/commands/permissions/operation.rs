//! The operations of the report: what each one sends and needs.

use msgraph_codegen::ir::{Api, Field, Method, Operation, OperationKind, Role, Struct};
use msgraph_csdl::permissions::{Access, Requirement, Scheme};
use serde::Serialize;

use super::words;
use crate::support::index::TypesByName;

/// An operation, with the details that an administrator needs.
#[derive(Debug, Serialize)]
pub(super) struct ReportedOperation {
    #[serde(flatten)]
    pub(super) operation: Operation,
    /// Its position in the report.
    #[serde(skip)]
    pub(super) number: usize,
    /// What it does, in words.
    pub(super) title: String,
    /// The path in words.
    #[serde(skip)]
    pub(super) location: Vec<String>,
    /// The types that the body may have.
    pub(super) sends: Vec<SentType>,
}

/// A type of a body.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentType {
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// Whether properties may be sent that the metadata does not declare.
    pub(super) open: bool,
    pub(super) properties: Vec<SentProperty>,
}

/// A property that the operation may set.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentProperty {
    pub(super) name: String,
    pub(super) secret: bool,
    /// Range and default in words.
    pub(super) limits: Option<String>,
    /// The properties of its value, if it has any.
    pub(super) properties: Vec<String>,
}

/// The operations that send a request, in the order of the index.
pub(super) fn operations(index: &Api) -> Vec<ReportedOperation> {
    let types = TypesByName::new(index);
    let sent = index.operations.iter();
    let sent = sent.filter(|operation| operation.kind != OperationKind::Reference);
    sent.enumerate()
        .map(|(nth, operation)| ReportedOperation::new(nth + 1, operation, &types))
        .collect()
}

impl ReportedOperation {
    fn new(number: usize, operation: &Operation, types: &TypesByName<'_>) -> Self {
        ReportedOperation {
            operation: operation.clone(),
            number,
            title: words::title(operation),
            location: words::location(&operation.path),
            sends: sent_types(operation, types),
        }
    }

    /// The part of the operation that a partial permission allows, if it is documented.
    pub(super) fn covers(&self, permission: &Requirement) -> Option<&str> {
        let covered = &self.operation.permissions.as_ref()?.covered;
        let mut names = permission.names();
        names.find_map(|name| covered.get(name)).map(String::as_str)
    }

    /// The permissions in one scheme.
    pub(super) fn access(&self, scheme: Scheme) -> SchemeAccess<'_> {
        match &self.operation.permissions {
            None => SchemeAccess::Unknown,
            Some(known) => match known.permissions.of(scheme) {
                None => SchemeAccess::Unsupported,
                Some(access) => SchemeAccess::Known(access),
            },
        }
    }
}

/// The permissions of an operation in one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SchemeAccess<'o> {
    /// The permission data lacks the operation.
    Unknown,
    /// The operation is not available in the scheme.
    Unsupported,
    /// The alternatives.
    Known(&'o Access),
}

fn sent_types(operation: &Operation, types: &TypesByName<'_>) -> Vec<SentType> {
    let structure = |ty, role| types.structure((ty, role));
    if operation.kind == OperationKind::Action {
        let parameters = structure(&operation.declared, Role::Parameters);
        let parameters = parameters.into_iter();
        return parameters
            .map(|ty| SentType::new(ty, operation, types))
            .collect();
    }
    let role = match operation.kind {
        OperationKind::Create => Role::New,
        _ => Role::Patch,
    };
    let bodies = operation.bodies.iter().filter_map(|body| {
        // Complex types have one role.
        structure(&body.ty, role).or_else(|| structure(&body.ty, Role::Plain))
    });
    bodies
        .map(|ty| SentType::new(ty, operation, types))
        .collect()
}

impl SentType {
    fn new(ty: &Struct, operation: &Operation, types: &TypesByName<'_>) -> Self {
        let is_post = operation.method == Method::Post;
        let fields = ty.fields.iter();
        let sent = fields.filter(|field| is_sent(field, is_post));
        SentType {
            ty: ty.ty.clone(),
            open: ty.open,
            properties: sent.map(|field| property(field, is_post, types)).collect(),
        }
    }
}

fn is_sent(field: &Field, is_post: bool) -> bool {
    !field.read_only && (is_post || !field.immutable)
}

fn property(field: &Field, is_post: bool, types: &TypesByName<'_>) -> SentProperty {
    let mut roles = [Role::Plain, Role::New, Role::Patch].into_iter();
    let value = roles.find_map(|role| types.structure((&field.csdl.item, role)));
    let value = value.filter(|_| !field.is_reference());
    let nested = value.into_iter().flat_map(|ty| &ty.fields);
    let nested = nested.filter(|field| is_sent(field, is_post));
    SentProperty {
        name: field.wire.clone(),
        secret: field.secret,
        limits: field.limits().map(|(limits, _)| limits),
        properties: nested.map(|field| field.wire.clone()).collect(),
    }
}
