//! Access tokens: where a client gets them, and how to write your own source.
//!
//! A fixed [`AccessToken`](crate::AccessToken), a closure, and, with the feature `azure`, `AzureCredential` are sources.
//! For any other, implement [`TokenSource`].

#[cfg(feature = "azure")]
mod azure;

pub(crate) mod source;

pub(crate) mod access_token;

pub(crate) mod error;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub use error::TokenError;
pub use source::{TokenRequest, TokenSource};
