//! The intermediate representation: what is generated, as named and ordered data. Every identifier is
//! decided; nothing is rendered. Code, doc comments and the index are three renderings of it.

mod deprecation;
mod operation;
mod reason;
mod role;
mod rust_path;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use msgraph_csdl::facts::PropertyFacts;
use msgraph_csdl::model::Primitive;

pub use deprecation::Deprecation;
pub use operation::{
    Body, Method, ODataType, Operation, OperationKind, Parameter, Response, ResponseValue,
};
pub use reason::Reason;
pub use role::Role;
pub use rust_path::RustPath;

/// The field of dynamic properties of every open type.
pub const DYNAMIC_PROPERTIES: &str = "dynamic_properties";

/// The field of unknown properties of a type that is read and is not open.
pub const UNKNOWN_PROPERTIES: &str = "unknown_properties";

/// The variant of every enumeration for members that the metadata does not have.
pub const UNKNOWN_VALUE: &str = "UnknownValue";

/// What is generated of one API version.
#[derive(Clone, Debug)]
pub struct Api {
    /// As in the manifest.
    pub api_version: String,
    /// Whether the structs that a request may send have setters.
    pub setters: bool,
    /// Whether there is permission data in addition to the facts.
    pub has_permission_data: bool,
    /// The modules by path, parents included; the root is `[]`.
    pub modules: BTreeMap<Vec<String>, Module>,
    /// Functions that make requests.
    pub operations: Vec<Operation>,
    /// Structs of entity types and complex types, in each role that is needed.
    pub structs: Vec<Struct>,
    /// Marker types of positions that take any of several types.
    pub unions: Vec<Union>,
    /// Enumerations.
    pub enumerations: Vec<Enumeration>,
}

/// A module of the output.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The URL whose operations are in it and below it.
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
}

/// A struct that is accepted in a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedType {
    /// The CSDL name.
    pub ty: String,
    /// The struct.
    pub rust: RustPath,
}

/// An entity type or a complex type, in one role, or the parameters of an action.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The CSDL name of the type or the action.
    pub ty: String,
    /// The role.
    pub role: Role,
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
    /// Whether it has constants with the names of its properties, for `$select`.
    pub has_constants: bool,
    /// Whether it can be read from JSON.
    pub is_read: bool,
    /// Whether it has dynamic properties.
    pub open: bool,
    /// Whether it keeps the properties of a response that the metadata does not declare.
    pub keeps_unknown: bool,
    /// The struct for updates of the same entity type, in the same module, if a value can be converted to it.
    pub patch: Option<String>,
    /// Whether the service replaces a value as a whole.
    pub replaces: bool,
    /// The properties that no update sends, if the service replaces a value or one that contains it.
    pub not_sent: Vec<String>,
    /// The properties that have a field.
    pub fields: Vec<Field>,
    /// The properties that have none.
    pub left_out: Vec<OmittedProperty>,
    /// The navigation properties without a field, if it is read and has dynamic properties.
    pub navigation: Vec<String>,
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

/// A property with a field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in JSON.
    pub wire: String,
    /// The field.
    pub rust: String,
    /// The method that sets it, if the manifest asks for setters and a request may send it.
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
    /// Whether no request sends it.
    pub read_only: bool,
    /// Whether only a POST sends it.
    pub immutable: bool,
    /// Whether its value never appears in debug output.
    pub secret: bool,
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
    /// Whether it has any number of items.
    pub fn is_list(&self) -> bool {
        self.delta || self.csdl.is_collection
    }

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

/// A property without a field.
#[derive(Clone, Debug)]
pub struct OmittedProperty {
    /// The name in JSON.
    pub wire: String,
    /// Why no request sends it.
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
    /// The role of the types.
    pub role: Role,
    /// The marker type.
    pub rust: RustPath,
    /// Whether a value of any of the types can be read from JSON.
    pub is_read: bool,
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
