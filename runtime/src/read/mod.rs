//! Reads JSON into generated types: responses tolerantly, files strictly.

pub(crate) mod alternatives;
mod delta;
pub(crate) mod finding;
pub(crate) mod notes;
mod object;
pub(crate) mod parse;
pub(crate) mod readable;
pub(crate) mod strict;
pub(crate) mod tolerant;
pub(crate) mod union;
mod values;
