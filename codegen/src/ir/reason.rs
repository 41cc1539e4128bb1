//! Reasons for types.

/// Why a type is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The manifest names it.
    Named,
    /// It is the body of the update at this path.
    Body(String),
    /// It is read from the response of the update at this path.
    Response(String),
    /// It is the type of this property.
    Property(String),
    /// It derives from this type.
    Derived(String),
}
