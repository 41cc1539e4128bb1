//! `Core.LongDescription`.

/// The name of the term.
pub const TERM: &str = "Org.OData.Core.V1.LongDescription";
