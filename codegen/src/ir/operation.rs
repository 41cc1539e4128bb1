//! Updates and resets.

use std::fmt;

use msgraph_csdl::model::Primitive;

use super::{AcceptedType, Deprecation, RustPath, TypeRef};

/// An update, or a reset: a function that makes a request.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The HTTP method.
    pub method: Method,
    /// The path template, without the API version.
    pub path: String,
    /// The placeholders of the path, in order.
    pub parameters: Vec<Parameter>,
    /// The function.
    pub rust: RustPath,
    /// The CSDL name of the declared type of the path.
    pub declared: String,
    /// The body; `None` for a reset.
    pub body: Option<Body>,
    /// The types that the body may have.
    pub bodies: Vec<AcceptedType>,
    /// What the response is read as; `None` if its type is not generated, or for a reset.
    pub response: Option<Body>,
    /// Which values of the body write `@odata.type`.
    pub odata_type: ODataType,
    /// Whether the service requires `If-Match`.
    pub if_match: bool,
    /// From the facts, least privileged first.
    pub permissions: Vec<String>,
    /// From the facts, least privileged first.
    pub roles: Vec<String>,
    /// The clouds listed in the reference; empty if not documented.
    pub clouds: Vec<String>,
    /// A remark for the caller, from the facts.
    pub note: Option<String>,
    /// The URL of the reference page.
    pub source: Option<String>,
    /// The deprecations of the elements of the URL and of the body.
    pub deprecations: Vec<Deprecation>,
}

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// An update that merges.
    Patch,
    /// An update that replaces.
    Put,
    /// A reset.
    Delete,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
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

/// The body of an update, or of its response.
#[derive(Clone, Debug)]
pub struct Body {
    /// A struct, or a union.
    pub ty: TypeRef,
    /// Whether it is a union.
    pub is_union: bool,
    /// Whether the body is a collection of it.
    pub is_collection: bool,
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
