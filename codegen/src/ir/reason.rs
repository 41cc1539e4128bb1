//! Reasons for types.

/// Why a type is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The manifest names it.
    Named,
    /// It is the body of the update at this path.
    Body(String),
    /// It is the body of the request that creates an entity at this path.
    Create(String),
    /// It is read from the response at this path.
    Response(String),
    /// It is the type of this property.
    Property(String),
    /// It is the type of this parameter: the action, a slash, and the parameter's name.
    Parameter(String),
    /// It has the parameters of the action at this path.
    Action(String),
    /// It derives from this type.
    Derived(String),
}
