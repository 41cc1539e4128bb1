use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use crate::Secret;

/// A token is asked for anew this long before it expires, so that it does not expire on its way.
const RENEWED_BEFORE_EXPIRY: Duration = Duration::from_secs(120);

/// What a token is wanted for.
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
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    /// When it ends; `None` for one that the client should not ask for again.
    pub expires_at: Option<SystemTime>,
}

/// No token could be had. Nothing was sent to Graph.
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

/// The token in use. The lock is held while a new one is fetched: others wait for it and then take it, instead of
/// fetching too.
pub(super) struct TokenCache {
    source: Box<dyn TokenSource>,
    scope: String,
    held: Mutex<Option<Held>>,
}

struct Held {
    header: HeaderValue,
    expires_at: Option<SystemTime>,
}

impl TokenCache {
    pub(super) fn new(source: Box<dyn TokenSource>, scope: String) -> Self {
        Self {
            source,
            scope,
            held: Mutex::new(None),
        }
    }

    /// The `authorization` header with a token that is good for a while.
    pub(super) async fn header(&self) -> Result<HeaderValue, TokenError> {
        let mut held = self.held.lock().await;
        if let Some(Held { header, expires_at }) = &*held {
            let renew_at = SystemTime::now() + RENEWED_BEFORE_EXPIRY;
            if expires_at.is_none_or(|expiry| expiry > renew_at) {
                return Ok(header.clone());
            }
        }
        self.fetch(&mut held, None).await
    }

    /// Leaves the token with which Graph refused a request, unless it was replaced meanwhile.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| held.header == *refused) {
            *held = None;
        }
    }

    /// A new header, with these claims in place of the refused one.
    pub(super) async fn with_claims(
        &self,
        claims: &str,
        refused: &HeaderValue,
    ) -> Result<HeaderValue, TokenError> {
        let mut held = self.held.lock().await;
        match &*held {
            // Another call met the same challenge and answered it while this one waited for the lock.
            Some(held) if held.header != *refused => Ok(held.header.clone()),
            _ => self.fetch(&mut held, Some(claims.to_owned())).await,
        }
    }

    async fn fetch(
        &self,
        held: &mut Option<Held>,
        claims: Option<String>,
    ) -> Result<HeaderValue, TokenError> {
        *held = None;
        let token = self
            .source
            .token(TokenRequest {
                scope: self.scope.clone(),
                claims,
            })
            .await?;
        let mut header = HeaderValue::try_from(format!("Bearer {}", token.secret.expose()))
            .map_err(|_| TokenError::new("the token holds characters that no header can carry"))?;
        header.set_sensitive(true);
        *held = Some(Held {
            header: header.clone(),
            expires_at: token.expires_at,
        });
        Ok(header)
    }
}
