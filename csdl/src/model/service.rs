//! Operations, and the children of the entity container.

use super::declared::derefs;
use super::types::{TypeId, TypeReference};
use crate::document::{self, Name, Text};

/// One overload of an action or function. Dereferences to its declaration.
#[derive(Debug)]
pub struct Operation<'a> {
    /// The declaration, without what the fields below replace.
    pub declared: document::Operation<'a>,
    /// The namespace, never an alias.
    pub namespace: Text<'a>,
    /// Name and type, the binding parameter first.
    pub parameters: Vec<(Name<'a>, TypeReference)>,
    /// The type of the result.
    pub return_type: Option<TypeReference>,
}

/// An entity set or singleton. Dereferences to its declaration.
#[derive(Debug)]
pub struct ContainerChild<'a> {
    /// The declaration.
    pub declared: document::ContainerChild<'a>,
    /// The entity type.
    pub ty: TypeId,
}

derefs! {
    Operation => document::Operation,
    ContainerChild => document::ContainerChild,
}
