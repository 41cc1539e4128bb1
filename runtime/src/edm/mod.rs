//! OData's primitive types, enumerations, null and references.

pub(crate) mod binary;
pub(crate) mod enumeration;
#[cfg(feature = "uuid")]
pub(crate) mod guid;
pub(crate) mod nullable;
pub(crate) mod reference;
#[cfg(feature = "jiff")]
pub(crate) mod temporal;
