//! `Core.LongDescription`.

/// The term.
pub const TERM: &str = "Org.OData.Core.V1.LongDescription";
