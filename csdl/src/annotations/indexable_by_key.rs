//! `Capabilities.IndexableByKey`.

/// The name of the term.
pub const TERM: &str = "Org.OData.Capabilities.V1.IndexableByKey";
