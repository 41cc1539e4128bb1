//! The resolved model: names resolved, inheritance checked, annotations moved to their targets.
//!
//! Types, operations and container children are ordered by name, so later stages do not depend on
//! the order in a file. Properties keep the order of their declaration.

mod declared;
mod edm;
mod schema;
mod service;
mod types;

pub use crate::annotations::revisions::Deprecation;
pub use crate::document::{EnumType, Member};
pub use edm::{Literal, Primitive};
pub(crate) use schema::TypeIndex;
pub use schema::{GRAPH_ENTITY, Schema, written_type};
pub use service::{ContainerChild, Operation, OperationImport, Parameter};
pub use types::{
    DeclaredProperty, ItemType, NavigationProperty, Property, StructuredType, TypeDeclaration,
    TypeId, TypeKind, TypeReference,
};
