//! The resolved model: every name looked up, inheritance checked, annotations where they belong.
//!
//! The order of types, operations and container children is by name, so that nothing behind this
//! stage depends on the order in a document. Properties keep the order of their declaration.

mod edm;
mod schema;
mod service;
mod types;

pub use crate::annotations::revisions::Deprecation;
pub use edm::Primitive;
pub use schema::{GRAPH_ENTITY, Schema, written_type};
pub use service::{ContainerChild, Operation};
pub use types::{
    DeclaredProperty, EnumType, ItemType, Member, NavigationProperty, Property, StructuredType,
    TypeDeclaration, TypeId, TypeKind, TypeReference,
};
