//! The intermediate representation: what is generated, as named and ordered data. Every identifier is
//! decided; nothing is rendered. Code, doc comments and the index are three renderings of it.

mod rust_path;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use msgraph_csdl::annotations::revisions;
use msgraph_csdl::facts::PropertyFacts;
use msgraph_csdl::model::Primitive;
use msgraph_csdl::source::Span;

pub use rust_path::RustPath;

/// The field of dynamic properties of every open type.
pub const DYNAMIC_PROPERTIES: &str = "dynamic_properties";

/// What is generated of one API version.
#[derive(Clone, Debug)]
pub struct Api {
    /// As in the manifest.
    pub api_version: String,
    /// Whether structs have a constructor and setters.
    pub setters: bool,
    /// Whether structs can be read from JSON.
    pub readable: bool,
    /// The modules by path, parents included; the root is `[]`.
    pub modules: BTreeMap<Vec<String>, Module>,
    /// Updates and resets.
    pub operations: Vec<Operation>,
    /// Patch structs of entity types, and structs of complex types.
    pub structs: Vec<Struct>,
    /// Marker types of positions that take any of several types.
    pub unions: Vec<Union>,
    /// Enumerations.
    pub enumerations: Vec<Enumeration>,
}

/// A module of the output.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The URL whose updates are in it and below it.
    pub url: Option<String>,
    /// The namespace whose types are in it.
    pub namespace: Option<String>,
    /// Whether the types of a namespace are in a module below it.
    pub has_namespaces: bool,
    /// Types of other modules that it imports.
    pub imports: BTreeSet<TypeRef>,
}

/// A type of the output as named by another item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeRef {
    /// Its path as written in the module of that item.
    pub path: Vec<String>,
    /// Whether it has a `#[deprecated]` attribute.
    pub is_deprecated: bool,
}

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

/// The body of an update.
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

/// A struct that is accepted in a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedType {
    /// The CSDL name.
    pub ty: String,
    /// The struct.
    pub rust: RustPath,
    /// Whether it has a `#[deprecated]` attribute.
    pub is_deprecated: bool,
}

/// An entity type or a complex type.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The CSDL name.
    pub ty: String,
    /// The struct.
    pub rust: RustPath,
    /// Whether it is an entity type.
    pub is_entity: bool,
    /// The CSDL name of the base type.
    pub base: Option<String>,
    /// `Core.Description`.
    pub description: Option<String>,
    /// Whether it writes `@odata.type` in every position.
    pub writes_odata_type: bool,
    /// Whether it has dynamic properties.
    pub open: bool,
    /// Whether the service replaces a value as a whole.
    pub replaces: bool,
    /// The properties that no update sends, if the service replaces a value or one that contains it.
    pub not_sent: Vec<String>,
    /// The properties that an update may send.
    pub fields: Vec<Field>,
    /// The properties that an update does not send.
    pub left_out: Vec<OmittedProperty>,
    /// The unions that accept it.
    pub unions: Vec<Membership>,
    /// Why it is generated.
    pub reason: Reason,
    /// Its deprecation.
    pub deprecation: Option<Deprecation>,
}

/// A union that accepts a struct.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The union.
    pub union: TypeRef,
    /// Whether the positions of the union declare the type of the struct.
    pub is_base: bool,
}

/// A property that an update may send.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in JSON.
    pub wire: String,
    /// The field.
    pub rust: String,
    /// The method that sets it, if the manifest asks for setters.
    pub setter: Option<String>,
    /// Its type in CSDL; for a reference, that of the entity.
    pub csdl: CsdlType,
    /// What one item of it is.
    pub shape: Shape,
    /// Whether null may be sent.
    pub nullable: bool,
    /// Whether it is a list of changes to single items of a collection.
    pub delta: bool,
    /// Whether it is a key.
    pub is_key: bool,
    /// Whether the service replaces its value as a whole.
    pub replaces: bool,
    /// The CSDL name of the type that declares it.
    pub declared_by: String,
    /// `Core.Description`.
    pub description: Option<String>,
    /// Its documented limits, if any.
    pub facts: Option<PropertyFacts>,
    /// Its deprecation.
    pub deprecation: Option<Deprecation>,
}

impl Field {
    /// Whether it is a reference to an entity, or several.
    pub fn is_reference(&self) -> bool {
        self.shape == Shape::Reference
    }

    /// The property as an element of the API: the declaring type, a slash, the name in JSON.
    pub fn element(&self) -> String {
        format!("{}/{}", self.declared_by, self.wire)
    }
}

/// What one item of a field is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A primitive value.
    Primitive(Primitive),
    /// A member of an enumeration, or a set of them.
    Enumeration {
        /// The enumeration.
        ty: TypeRef,
        /// Whether it is a set of members.
        flags: bool,
    },
    /// A structured value.
    Struct {
        /// The struct.
        ty: TypeRef,
        /// Whether it needs a `Box`, because it contains itself.
        boxed: bool,
    },
    /// A structured value of any type of a union.
    Union(TypeRef),
    /// A reference to an entity.
    Reference,
}

/// The type of a property in CSDL notation, without aliases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsdlType {
    /// The type of one item.
    pub item: String,
    /// Whether it is a collection.
    pub is_collection: bool,
}

impl fmt::Display for CsdlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_collection {
            write!(f, "Collection({})", self.item)
        } else {
            f.write_str(&self.item)
        }
    }
}

/// A property that an update does not send.
#[derive(Clone, Debug)]
pub struct OmittedProperty {
    /// The name in JSON.
    pub wire: String,
    /// Why not.
    pub why: &'static str,
    /// Its type in CSDL.
    pub csdl: CsdlType,
    /// The CSDL name of the type that declares it.
    pub declared_by: String,
}

impl OmittedProperty {
    /// As [`Field::element`].
    pub fn element(&self) -> String {
        format!("{}/{}", self.declared_by, self.wire)
    }
}

/// A marker type of positions that take any of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The CSDL name of the declared type.
    pub ty: String,
    /// The marker type.
    pub rust: RustPath,
    /// The types.
    pub members: Vec<AcceptedType>,
}

/// An enumeration type.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The CSDL name.
    pub ty: String,
    /// The enum.
    pub rust: RustPath,
    /// Whether a value is a set of members.
    pub flags: bool,
    /// `Core.Description`.
    pub description: Option<String>,
    /// The members, without the sentinel.
    pub members: Vec<Member>,
    /// Why it is generated.
    pub reason: Reason,
    /// Its deprecation.
    pub deprecation: Option<Deprecation>,
}

/// A member of an enumeration.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name in JSON.
    pub wire: String,
    /// The variant.
    pub rust: String,
    /// `Core.Description`.
    pub description: Option<String>,
    /// Whether it follows the sentinel, so a request with it carries a `Prefer` header.
    pub evolved: bool,
    /// Its deprecation.
    pub deprecation: Option<Deprecation>,
}

/// Why a type is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The manifest names it.
    Named,
    /// It is the body of the update at this path.
    Body(String),
    /// It is the type of this property.
    Property(String),
    /// It derives from this type.
    Derived(String),
}

/// The announced deprecation of an element.
#[derive(Clone, Debug)]
pub struct Deprecation {
    /// The element: `/child`, `namespace.type`, `namespace.type/property`.
    pub element: String,
    /// The announcement.
    pub announcement: revisions::Deprecation,
    /// The annotation.
    pub span: Span,
}

impl Deprecation {
    /// Whether a date of removal is announced, so the item has a `#[deprecated]` attribute.
    pub fn is_removal(&self) -> bool {
        self.announcement.removal_date.is_some()
    }
}
