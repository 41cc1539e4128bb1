//! `Core.ExplicitOperationBindings`: where such operations are named.

/// The name of the term.
pub const TERM: &str = "Org.OData.Core.V1.ExplicitOperationBindings";
