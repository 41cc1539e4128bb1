//! Structured types, and the JSON that is written for them.

pub(crate) mod any_of;
pub(crate) mod bind;
pub(crate) mod carried;
pub(crate) mod collection;
pub(crate) mod copy;
pub(crate) mod delta;
pub(crate) mod diff;
pub(crate) mod dynamic;
pub(crate) mod equality;
pub(crate) mod error;
pub(crate) mod field;
mod json_equality;
pub(crate) mod json_writer;
pub(crate) mod limit;
pub(crate) mod odata_type;
pub(crate) mod purpose;
pub(crate) mod shown;
pub(crate) mod structured;
mod structured_value;
pub(crate) mod type_info;
pub(crate) mod type_rule;
pub(crate) mod unknown_subtype;
pub(crate) mod value;
