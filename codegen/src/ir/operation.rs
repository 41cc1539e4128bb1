//! Operations on resources.

use std::fmt;

use msgraph_csdl::document;
use msgraph_csdl::facts::KnownPermissions;
use msgraph_csdl::model::Primitive;

use super::{AcceptedType, Deprecation, RustPath, TypeRef};

/// A function that makes a request.
#[derive(Clone, Debug)]
pub struct Operation {
    /// What it does.
    pub kind: OperationKind,
    /// The HTTP method.
    pub method: Method,
    /// The path template, without the API version.
    pub path: String,
    /// The placeholders of the path, in order.
    pub parameters: Vec<Parameter>,
    /// The function.
    pub rust: RustPath,
    /// The CSDL name of the declared type of the path; of an action or function, its own.
    pub declared: String,
    /// The CSDL name of the type that it acts on: the declared one, unless the manifest names a derived type.
    pub subject: String,
    /// The JSON body, if it has one.
    pub body: Option<Body>,
    /// The types that the body may have.
    pub bodies: Vec<AcceptedType>,
    /// What the response is read as.
    pub response: Response,
    /// The generated types that the response, or one item of it, may have.
    pub results: Vec<AcceptedType>,
    /// Which values of the body write `@odata.type`.
    pub odata_type: ODataType,
    /// Whether the service requires `If-Match`.
    pub if_match: bool,
    /// Whether an action may be sent again although it may have been applied.
    pub idempotent: bool,
    /// The permissions that allow it; `None` if they are not known.
    pub permissions: Option<KnownPermissions>,
    /// From the facts, least privileged first.
    pub roles: Vec<String>,
    /// The clouds listed in the reference; empty if not documented.
    pub clouds: Vec<String>,
    /// `Core.Description` of an action or function.
    pub description: Option<String>,
    /// A remark for the caller, from the facts.
    pub note: Option<String>,
    /// The URL of the reference page.
    pub source: Option<String>,
    /// The deprecations of the elements of the URL and of the body.
    pub deprecations: Vec<Deprecation>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OperationKind {
    /// Reads a page of a collection.
    List,
    /// Reads one resource.
    Get,
    /// Adds an item to a collection.
    Create,
    /// Changes properties of a resource.
    Update,
    /// Replaces a resource.
    Replace,
    /// Resets a resource to its defaults.
    Reset,
    /// Removes a resource.
    Delete,
    /// Adds a reference to a collection of references.
    AddRef,
    /// Removes a reference.
    RemoveRef,
    /// Replaces a single reference.
    SetRef,
    /// Reads the bytes of a stream.
    GetContent,
    /// Replaces the bytes of a stream.
    PutContent,
    /// Names a resource in the body of another request. It sends nothing.
    Reference,
    /// Calls an action.
    Action,
    /// Calls a function.
    Function,
}

impl OperationKind {
    /// The operations on a resource that a manifest may name.
    pub const OF_RESOURCE: [Self; 12] = [
        OperationKind::List,
        OperationKind::Get,
        OperationKind::Create,
        OperationKind::Update,
        OperationKind::Replace,
        OperationKind::Delete,
        OperationKind::AddRef,
        OperationKind::RemoveRef,
        OperationKind::SetRef,
        OperationKind::GetContent,
        OperationKind::PutContent,
        OperationKind::Reference,
    ];

    /// All kinds.
    pub const ALL: [Self; 15] = [
        OperationKind::List,
        OperationKind::Get,
        OperationKind::Create,
        OperationKind::Update,
        OperationKind::Replace,
        OperationKind::Reset,
        OperationKind::Delete,
        OperationKind::AddRef,
        OperationKind::RemoveRef,
        OperationKind::SetRef,
        OperationKind::GetContent,
        OperationKind::PutContent,
        OperationKind::Reference,
        OperationKind::Action,
        OperationKind::Function,
    ];

    /// The name in manifests and in the index.
    pub fn name(self) -> &'static str {
        match self {
            OperationKind::List => "list",
            OperationKind::Get => "get",
            OperationKind::Create => "create",
            OperationKind::Update => "update",
            OperationKind::Replace => "replace",
            OperationKind::Reset => "reset",
            OperationKind::Delete => "delete",
            OperationKind::AddRef => "add-ref",
            OperationKind::RemoveRef => "remove-ref",
            OperationKind::SetRef => "set-ref",
            OperationKind::GetContent => "get-content",
            OperationKind::PutContent => "put-content",
            OperationKind::Reference => "reference",
            OperationKind::Action => "action",
            OperationKind::Function => "function",
        }
    }

    /// Whether it acts on a collection, and not on one resource.
    pub fn is_of_collection(self) -> bool {
        matches!(
            self,
            OperationKind::List | OperationKind::Create | OperationKind::AddRef
        )
    }

    /// Whether it reads or replaces the bytes of a stream.
    pub fn is_of_content(self) -> bool {
        matches!(self, OperationKind::GetContent | OperationKind::PutContent)
    }

    /// Whether it calls an action or a function.
    pub fn is_call(self) -> bool {
        matches!(self, OperationKind::Action | OperationKind::Function)
    }

    /// Whether it changes a reference.
    pub fn is_of_reference(self) -> bool {
        matches!(
            self,
            OperationKind::AddRef | OperationKind::RemoveRef | OperationKind::SetRef
        )
    }

    /// The HTTP method; for a reference, that of reading the resource.
    pub fn method(self) -> Method {
        match self {
            OperationKind::List
            | OperationKind::Get
            | OperationKind::GetContent
            | OperationKind::Reference
            | OperationKind::Function => Method::Get,
            OperationKind::Create | OperationKind::AddRef | OperationKind::Action => Method::Post,
            OperationKind::Update => Method::Patch,
            OperationKind::Replace | OperationKind::SetRef | OperationKind::PutContent => {
                Method::Put
            }
            OperationKind::Reset | OperationKind::Delete | OperationKind::RemoveRef => {
                Method::Delete
            }
        }
    }

    /// Whether it replaces, changes or removes a resource.
    pub fn changes_resource(self) -> bool {
        matches!(
            self,
            OperationKind::Update
                | OperationKind::Replace
                | OperationKind::Reset
                | OperationKind::Delete
        )
    }

    /// The argument of the function that takes the body.
    pub fn body_argument(self) -> Option<&'static str> {
        match self {
            OperationKind::Create => Some("new"),
            OperationKind::Update | OperationKind::Replace => Some("patch"),
            OperationKind::AddRef | OperationKind::SetRef => Some("reference"),
            OperationKind::PutContent => Some("content"),
            OperationKind::Action => Some("parameters"),
            OperationKind::List
            | OperationKind::Get
            | OperationKind::Reset
            | OperationKind::Delete
            | OperationKind::RemoveRef
            | OperationKind::GetContent
            | OperationKind::Reference
            | OperationKind::Function => None,
        }
    }

    /// Whether it changes a whole resource, which is in its body.
    pub fn is_update(self) -> bool {
        matches!(self, OperationKind::Update | OperationKind::Replace)
    }
}

impl From<document::OperationKind> for OperationKind {
    fn from(kind: document::OperationKind) -> Self {
        match kind {
            document::OperationKind::Action => OperationKind::Action,
            document::OperationKind::Function => OperationKind::Function,
        }
    }
}

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or calls an action.
    Post,
    /// An update that merges.
    Patch,
    /// An update that replaces.
    Put,
    /// Removes or resets.
    Delete,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        })
    }
}

/// A placeholder of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The argument.
    pub rust: String,
    /// The type of the key or of the function's parameter.
    pub ty: Primitive,
}

/// A structured value: the body of a request, or what a response is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// A struct, or a union.
    pub ty: TypeRef,
    /// Whether it is a union.
    pub is_union: bool,
    /// Whether it is a collection that is read or replaced as a whole.
    pub is_collection: bool,
}

/// What a response is read as. `V` is the value, or one item of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response<V = ResponseValue> {
    /// There is no value.
    Nothing,
    /// A value.
    Required(V),
    /// A value, unless the service responds without one.
    Optional(V),
    /// A page of a collection.
    Page(V),
    /// A page of changes to a collection: its items, and those that were removed.
    Changes(V),
    /// Bytes.
    Content,
}

impl Response {
    /// The response of an operation whose types are not generated: any JSON, or nothing.
    pub const UNTYPED: Response = Response::Optional(ResponseValue::Primitive(Primitive::Untyped));
}

impl<V> Response<V> {
    /// The value, or one item of a page.
    pub fn value(&self) -> Option<&V> {
        match self {
            Response::Nothing | Response::Content => None,
            Response::Required(value)
            | Response::Optional(value)
            | Response::Page(value)
            | Response::Changes(value) => Some(value),
        }
    }

    /// The same response with another value.
    pub(crate) fn map<W>(self, to: impl FnOnce(V) -> W) -> Response<W> {
        match self {
            Response::Nothing => Response::Nothing,
            Response::Required(value) => Response::Required(to(value)),
            Response::Optional(value) => Response::Optional(to(value)),
            Response::Page(value) => Response::Page(to(value)),
            Response::Changes(value) => Response::Changes(to(value)),
            Response::Content => Response::Content,
        }
    }
}

/// A value of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseValue {
    /// A structured value.
    Structured(Body),
    /// A member of an enumeration, or a set of them.
    Enumeration {
        /// The enumeration.
        ty: TypeRef,
        /// Whether it is a set of members.
        flags: bool,
    },
    /// A primitive value.
    Primitive(Primitive),
}

/// Which values of a body write `@odata.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ODataType {
    /// Nested values that differ from the type declared for their position.
    Nested,
    /// The same, and the body itself if it differs from the declared type.
    Differing,
    /// The same as [`Nested`](Self::Nested), and the body itself in any case.
    Body,
    /// Every structured value.
    All,
}

impl ODataType {
    /// Whether the body itself writes it only if it differs from the declared type.
    pub fn is_differing(self) -> bool {
        matches!(self, ODataType::Nested | ODataType::Differing)
    }
}
