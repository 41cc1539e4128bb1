//! Reads JSON into generated types: responses tolerantly, files strictly.

pub(crate) mod alternatives;
pub(crate) mod json_text;
pub(crate) mod object;
pub(crate) mod strict;
pub(crate) mod union;
mod values;
