//! Roles of structured types.

/// What the values of a structured type are for: an entity type may have a struct for each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The body of an update of an entity: the properties that an update may send.
    Patch,
    /// The body of a request that creates an entity: the properties that the service does not compute.
    New,
    /// A value as the service returns it: an entity with all its properties, or any complex type.
    Plain,
    /// The parameters of an action, as one JSON object.
    Parameters,
}
