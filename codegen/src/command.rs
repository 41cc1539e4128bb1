//! What only the command `msgraph` uses.

#[cfg(feature = "index")]
pub mod catalogue;
pub(crate) mod slice;
