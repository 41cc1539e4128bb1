use std::future::Future;
use std::sync::Arc;

use super::access_token::AccessToken;
use super::error::TokenError;

/// A request for a token, from a client to its [`TokenSource`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The scope, such as `https://graph.microsoft.com/.default`.
    pub scope: String,
    /// A claims challenge, as JSON: the source must get a new token that has these claims.
    pub claims: Option<String>,
}

impl TokenRequest {
    /// A request for a token with this scope.
    pub fn new(scope: impl Into<String>) -> Self {
        Self {
            scope: scope.into(),
            claims: None,
        }
    }

    /// Requires a new token that has these claims.
    #[must_use]
    pub fn with_claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }
}

/// Provides access tokens.
///
/// An [`AccessToken`] is a source that always returns itself. A closure from [`TokenRequest`] to a future is a source,
/// too. With the feature `azure`, `AzureCredential` is a source for the credentials of `azure_core`.
///
/// A source needs no cache: the client keeps the token until shortly before it expires, and asks for one at a time.
///
/// ```
/// # #[cfg(feature = "client")] {
/// use msgraph_runtime::auth::{TokenError, TokenRequest, TokenSource};
/// use msgraph_runtime::{AccessToken, Client, Cloud};
///
/// struct FromFile(std::path::PathBuf);
///
/// impl TokenSource for FromFile {
///     async fn token(&self, _: TokenRequest) -> Result<AccessToken, TokenError> {
///         let token = std::fs::read_to_string(&self.0)
///             .map_err(|error| TokenError::with_source("cannot read the token file", error))?;
///         AccessToken::new(token)
///     }
/// }
///
/// let by_type = Client::new(Cloud::Global, FromFile("token.txt".into()))?;
/// let by_closure = Client::new(Cloud::Global, |_request| async { AccessToken::new("eyJ0eXAi") })?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a token source",
    note = "for a fixed token, use `AccessToken::new(token)?`",
    note = "to fetch tokens, use a closure: `|request| async {{ AccessToken::new(…) }}`"
)]
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a token.
    ///
    /// # Errors
    /// If the source cannot provide a token.
    fn token(
        &self,
        request: TokenRequest,
    ) -> impl Future<Output = Result<AccessToken, TokenError>> + Send;
}

impl TokenSource for AccessToken {
    async fn token(&self, request: TokenRequest) -> Result<AccessToken, TokenError> {
        if request.claims.is_some() {
            return Err(TokenError::new(
                "Graph sent a claims challenge, and a fixed token cannot satisfy it: sign in again",
            ));
        }
        Ok(self.clone())
    }
}

impl<F, R> TokenSource for F
where
    F: Fn(TokenRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<AccessToken, TokenError>> + Send,
{
    fn token(
        &self,
        request: TokenRequest,
    ) -> impl Future<Output = Result<AccessToken, TokenError>> + Send {
        self(request)
    }
}

impl<S: TokenSource> TokenSource for Arc<S> {
    fn token(
        &self,
        request: TokenRequest,
    ) -> impl Future<Output = Result<AccessToken, TokenError>> + Send {
        (**self).token(request)
    }
}
