use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use crate::secret::Secret;

/// What a token is wanted for.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use msgraph_runtime::{Secret, TokenRequest, TokenSource};
///
/// let scope = "https://graph.microsoft.com/.default";
/// let token = Secret::new("eyJ0eXAi").token(TokenRequest::new(scope)).await?;
/// assert_eq!(token.expires_at, None);
/// let challenge = TokenRequest::new(scope).with_claims(r#"{"access_token":{"acrs":{"value":"c1"}}}"#);
/// assert!(Secret::new("eyJ0eXAi").token(challenge).await.is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The scope, `https://graph.microsoft.com/.default`.
    pub scope: String,
    /// A claims challenge, as JSON text: the token must be a new one and bring these claims.
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

    /// A request for a new token that brings these claims.
    #[must_use]
    pub fn with_claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }
}

/// An access token.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use msgraph_runtime::{Secret, Token};
///
/// let token = Token {
///     secret: Secret::new("eyJ0eXAi"),
///     expires_at: Some(SystemTime::now() + Duration::from_secs(3600)),
/// };
/// assert!(!format!("{token:?}").contains("eyJ0eXAi"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    /// When it ends; `None` for one that the client should not ask for again.
    pub expires_at: Option<SystemTime>,
}

/// No token could be had. Nothing was sent to Graph.
///
/// ```
/// use std::error::Error;
/// use msgraph_runtime::TokenError;
///
/// let error = TokenError::with_source("the sign-in service cannot be reached", std::io::Error::other("no route"));
/// assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("no route"));
/// ```
#[derive(Clone, Debug)]
pub struct TokenError {
    message: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl TokenError {
    /// An error in words. Keep secrets out of them.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// An error with what caused it.
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

/// The future that a [`TokenSource`] gives back.
///
/// ```
/// use msgraph_runtime::{Secret, Token, TokenFuture, TokenRequest, TokenSource};
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
/// ```
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Token, TokenError>> + Send + 'a>>;

/// Where tokens come from.
///
/// A [`Secret`] is a source of itself; a closure from [`TokenRequest`] to a future is one; feature `azure` adapts
/// `azure_core`'s credentials. The client keeps a token until shortly before it expires and asks once at a time, so a
/// source needs no cache of its own.
///
/// ```
/// use msgraph_runtime::{Client, Cloud, Secret, Token};
///
/// let by_value = Client::new(Cloud::Global, Secret::new("eyJ0eXAi"))?;
/// let by_closure = Client::new(Cloud::Global, |_request| async {
///     Ok(Token { secret: Secret::new("eyJ0eXAi"), expires_at: None })
/// })?;
/// # Ok::<(), msgraph_runtime::Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a token.
    ///
    /// # Errors
    /// When there is none to be had.
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
                    "a fixed token cannot answer a claims challenge: sign in again",
                )),
            }
        })
    }
}

impl<F, Answer> TokenSource for F
where
    F: Fn(TokenRequest) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<Token, TokenError>> + Send + 'static,
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
