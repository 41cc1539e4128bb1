use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use crate::secret::Secret;

/// A request to a [`TokenSource`].
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

/// An access token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// The token.
    pub secret: Secret,
    /// When it expires; `None` if the client should keep using it.
    pub expires_at: Option<SystemTime>,
}

/// A [`TokenSource`] has no token.
#[derive(Clone, Debug)]
pub struct TokenError {
    message: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl TokenError {
    /// An error with this message, which must not contain secrets.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// An error with this message and cause.
    pub fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            message: message.into(),
            source: Some(source.into().into()),
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// The future that a [`TokenSource`] returns.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Token, TokenError>> + Send + 'a>>;

/// Provides access tokens.
///
/// A [`Secret`] is a source that always returns itself. A closure from [`TokenRequest`] to a future is a source, too. With
/// the feature `azure`, `AzureCredential` is a source for the credentials of `azure_core`.
///
/// A source needs no cache: the client keeps the token until shortly before it expires, and asks for one at a time.
///
/// ```
/// use msgraph_runtime::{Client, Cloud, Secret, Token, TokenFuture, TokenRequest, TokenSource};
///
/// struct FromEnvironment;
///
/// impl TokenSource for FromEnvironment {
///     fn token(&self, _: TokenRequest) -> TokenFuture<'_> {
///         Box::pin(async {
///             let secret = Secret::new(std::env::var("GRAPH_TOKEN").unwrap_or_default());
///             Ok(Token { secret, expires_at: None })
///         })
///     }
/// }
///
/// let by_type = Client::new(Cloud::Global, FromEnvironment)?;
/// let by_closure = Client::new(Cloud::Global, |_request| async {
///     Ok(Token { secret: Secret::new("eyJ0eXAi"), expires_at: None })
/// })?;
/// # Ok::<(), msgraph_runtime::Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a token.
    ///
    /// # Errors
    /// If there is none.
    fn token(&self, request: TokenRequest) -> TokenFuture<'_>;
}

impl TokenSource for Secret {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            match request.claims {
                None => Ok(Token {
                    secret: self.clone(),
                    expires_at: None,
                }),
                Some(_) => Err(TokenError::new(
                    "Graph sent a claims challenge, and a fixed token cannot satisfy it: sign in again",
                )),
            }
        })
    }
}

impl<F, R> TokenSource for F
where
    F: Fn(TokenRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Token, TokenError>> + Send + 'static,
{
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self(request))
    }
}

impl TokenSource for Arc<dyn TokenSource> {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        (**self).token(request)
    }
}
