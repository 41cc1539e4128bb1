//! `Core.LongDescription`.

use super::term::{KnownTerm, Shape};

/// The term.
pub static TERM: KnownTerm = KnownTerm {
    name: "Org.OData.Core.V1.LongDescription",
    shape: Shape::Whole,
};
