//! Generated types as JSON. Start with [`Structured`], for `to_json()`, and [`from_json`].
//!
//! [`from_json`] and [`from_value`] read a patch that a person wrote, and reject what cannot be sent. [`read()`] reads
//! a response of Graph: it keeps what it can, and reports the rest as [`ReadNote`]s.

pub use crate::body::copy::complete;
pub use crate::body::structured::Structured;
pub use crate::read::alternatives::Alternatives;
pub use crate::read::finding::{PatchError, ReadFinding, ReadNote};
pub use crate::read::strict::{any_from_json, from_json, from_value};
pub use crate::read::tolerant::{Read, read};
