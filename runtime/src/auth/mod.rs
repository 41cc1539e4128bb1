//! Sources of access tokens. Start with [`AccessToken`](crate::AccessToken), or a closure that returns one.
//!
//! Both are a [`TokenSource`], and so is `AzureCredential`, with the feature `azure`. Implement the trait for any other
//! source: an `async fn` that gets a [`TokenRequest`]. The client caches the token until shortly before it expires.

#[cfg(feature = "azure")]
mod azure;

pub(crate) mod source;

pub(crate) mod access_token;

pub(crate) mod error;

pub(crate) mod token_permissions;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub use error::TokenError;
pub use source::{TokenRequest, TokenSource};
pub use token_permissions::TokenPermissions;
