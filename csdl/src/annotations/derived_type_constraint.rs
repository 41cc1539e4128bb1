//! `Validation.DerivedTypeConstraint`: the derived types that may stand here.

/// The name of the term.
pub const TERM: &str = "Org.OData.Validation.V1.DerivedTypeConstraint";
