//! Operations, and the children of the entity container.

use super::types::{TypeId, TypeReference};
use crate::document::{Annotation, ContainerChildKind, Name, OperationKind, Text};

/// One overload of an action or function.
#[derive(Debug)]
pub struct Operation<'a> {
    /// Action or function.
    pub kind: OperationKind,
    /// The namespace, never an alias.
    pub namespace: Text<'a>,
    /// The name without the namespace.
    pub name: Name<'a>,
    /// Whether the first parameter is the binding parameter.
    pub is_bound: bool,
    /// Whether a path may continue after it.
    pub is_composable: bool,
    /// Name and type, the binding parameter first.
    pub parameters: Vec<(Name<'a>, TypeReference)>,
    /// The type of the result.
    pub return_type: Option<TypeReference>,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
}

/// An entity set or singleton.
#[derive(Debug)]
pub struct ContainerChild<'a> {
    /// Entity set or singleton.
    pub kind: ContainerChildKind,
    /// The first segment of its URLs.
    pub name: Name<'a>,
    /// The entity type.
    pub ty: TypeId,
    /// Navigation property bindings: path and target, as written.
    pub bindings: Vec<(Name<'a>, Name<'a>)>,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
}
