//! The operations of the report: what each one sends and needs.

use msgraph_codegen::ir::{Api, Field, Method, Operation, OperationKind, Role, Struct};
use msgraph_csdl::permissions::{Access, PermissionMap, Permissions, Requirement, Scheme};
use serde::Serialize;

use super::words;
use crate::support::index::TypesByName;

/// An operation, and what an administrator should know of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportedOperation {
    /// Its position in the report.
    #[serde(skip)]
    pub(super) number: usize,
    pub(super) kind: &'static str,
    pub(super) method: String,
    pub(super) path: String,
    /// What it does, in words.
    pub(super) title: String,
    /// The path in words.
    #[serde(skip)]
    pub(super) location: Vec<String>,
    /// The Rust function.
    pub(super) function: String,
    /// Null if there are no data.
    pub(super) permissions: Option<ReportedPermissions>,
    #[serde(skip)]
    pub(super) known: Option<Permissions>,
    pub(super) roles: Vec<String>,
    /// Empty if not documented.
    pub(super) clouds: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) note: Option<String>,
    pub(super) source: Option<String>,
    /// The types that the body may have.
    pub(super) sends: Vec<SentType>,
}

/// The permissions of an operation by scheme; null if the scheme is not supported.
#[derive(Debug, Serialize)]
pub(super) struct ReportedPermissions {
    delegated: Option<ReportedAccess>,
    personal: Option<ReportedAccess>,
    application: Option<ReportedAccess>,
}

#[derive(Debug, Serialize)]
struct ReportedAccess {
    least: Vec<String>,
    higher: Vec<String>,
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
    /// The properties of its value, if it is a complex type.
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
        let known = known(operation);
        ReportedOperation {
            number,
            kind: operation.kind.name(),
            method: operation.method.to_string(),
            path: operation.path.clone(),
            title: words::title(operation),
            location: words::location(&operation.path),
            function: operation.rust.to_string(),
            permissions: known.as_ref().map(ReportedPermissions::new),
            known,
            roles: operation.roles.clone(),
            clouds: operation.clouds.clone(),
            description: operation.description.clone(),
            note: operation.note.clone(),
            source: operation.source.clone(),
            sends: sent_types(operation, types),
        }
    }

    /// The permissions in one scheme.
    pub(super) fn access(&self, scheme: Scheme) -> SchemeAccess<'_> {
        match &self.known {
            None => SchemeAccess::Unknown,
            Some(known) => match known.of(scheme) {
                None => SchemeAccess::Unsupported,
                Some(access) => SchemeAccess::Known(access),
            },
        }
    }
}

/// The permissions of an operation in one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SchemeAccess<'o> {
    /// There are no data.
    Unknown,
    /// The operation is not available in the scheme.
    Unsupported,
    /// The alternatives.
    Known(&'o Access),
}

impl ReportedPermissions {
    fn new(known: &Permissions) -> Self {
        let of = |scheme| known.of(scheme).map(ReportedAccess::new);
        ReportedPermissions {
            delegated: of(Scheme::DelegatedWork),
            personal: of(Scheme::DelegatedPersonal),
            application: of(Scheme::Application),
        }
    }
}

impl ReportedAccess {
    fn new(access: &Access) -> Self {
        ReportedAccess {
            least: texts(&access.least),
            higher: texts(&access.higher),
        }
    }
}

/// The requirements as text.
pub(super) fn texts(requirements: &[Requirement]) -> Vec<String> {
    requirements.iter().map(Requirement::to_string).collect()
}

fn known(operation: &Operation) -> Option<Permissions> {
    let path = &operation.path;
    PermissionMap::built_in().find(&operation.method.to_string(), path, path)
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
    let value = types.structure((&field.csdl.item, Role::Plain));
    let value = value.filter(|ty| !ty.is_entity && !field.is_reference());
    let nested = value.into_iter().flat_map(|ty| &ty.fields);
    let nested = nested.filter(|field| is_sent(field, is_post));
    SentProperty {
        name: field.wire.clone(),
        secret: field.secret,
        limits: field.limits().map(|(limits, _)| limits),
        properties: nested.map(|field| field.wire.clone()).collect(),
    }
}
