//! Operations, and the children of the entity container.

use super::declared::derefs;
use super::types::{TypeId, TypeReference};
use crate::annotations::optional_parameter;
use crate::document::{self, Name, Text};

/// One overload of an action or function. Dereferences to its declaration.
#[derive(Debug)]
pub struct Operation<'a> {
    /// The declaration, without what the fields below replace.
    pub declared: document::Operation<'a>,
    /// The namespace, never an alias.
    pub namespace: Text<'a>,
    /// All parameters, the binding parameter first.
    pub parameters: Vec<Parameter<'a>>,
    /// The type of the result.
    pub return_type: Option<TypeReference>,
    /// Whether the result is nullable. For a collection, whether its items are.
    pub return_nullable: bool,
}

impl<'a> Operation<'a> {
    /// Namespace and name.
    pub fn qualified_name(&self) -> String {
        format!("{}.{}", self.namespace, self.name.text)
    }

    /// The binding parameter of a bound operation.
    pub fn binding(&self) -> Option<&Parameter<'a>> {
        self.parameters.first().filter(|_| self.is_bound)
    }

    /// The parameters that a caller passes: all except the binding parameter.
    pub fn arguments(&self) -> &[Parameter<'a>] {
        match self.parameters.split_first() {
            Some((_, rest)) if self.is_bound => rest,
            _ => &self.parameters,
        }
    }
}

/// A parameter of an operation. Dereferences to its declaration.
#[derive(Debug)]
pub struct Parameter<'a> {
    /// The declaration.
    pub declared: document::Parameter<'a>,
    /// The resolved type.
    pub ty: TypeReference,
    /// Whether it is nullable. For a collection, whether its items are.
    pub nullable: bool,
}

impl Parameter<'_> {
    /// Whether a call may omit it: `Core.OptionalParameter`.
    pub fn is_optional(&self) -> bool {
        optional_parameter::is_optional(&self.annotations)
    }
}

/// An `ActionImport` or `FunctionImport`: an unbound operation that is called at the service root.
#[derive(Debug)]
pub struct OperationImport<'a> {
    /// The name in the URL.
    pub name: Name<'a>,
    /// The qualified name of the operation. A function may have overloads.
    pub operation: String,
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
    Parameter => document::Parameter,
    ContainerChild => document::ContainerChild,
}
