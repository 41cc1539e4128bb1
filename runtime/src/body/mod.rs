//! Values of structured types, and the JSON that is written of them.

pub(crate) mod any_of;
pub(crate) mod bound;
pub(crate) mod collection;
pub(crate) mod diff;
pub(crate) mod dynamic;
pub(crate) mod error;
pub(crate) mod json_writer;
pub(crate) mod odata_type;
pub(crate) mod replaced;
pub(crate) mod structured;
pub(crate) mod type_rule;
pub(crate) mod value;
