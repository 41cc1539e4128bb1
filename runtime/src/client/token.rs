use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderValue;
use tokio::sync::{Mutex, MutexGuard};

use crate::Secret;

/// A token is asked for anew this long before it expires, so that it does not expire on its way.
const RENEWED_BEFORE_EXPIRY: Duration = Duration::from_secs(120);

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

/// The token in use. The lock is held while a new one is fetched: others wait for it and then take it, or the failure,
/// instead of fetching too. A person who closes the sign-in window is not asked once for every call that waits.
pub(super) struct TokenCache {
    source: Box<dyn TokenSource>,
    scope: String,
    held: Mutex<Held>,
    /// How many fetches have ended, so that who gets the lock knows whether one did while it waited.
    fetched: AtomicU64,
}

/// What the last fetch came to.
enum Held {
    /// Nothing, or a token that is not to be used any more.
    Nothing,
    Token {
        header: HeaderValue,
        expires_at: Option<SystemTime>,
    },
    Failure(TokenError),
}

/// Whether a token that ends then is good for a while.
fn is_good(expires_at: Option<SystemTime>) -> bool {
    expires_at.is_none_or(|expiry| expiry > SystemTime::now() + RENEWED_BEFORE_EXPIRY)
}

impl TokenCache {
    pub(super) fn new(source: Box<dyn TokenSource>, scope: String) -> Self {
        Self {
            source,
            scope,
            held: Mutex::new(Held::Nothing),
            fetched: AtomicU64::new(0),
        }
    }

    /// The lock, and whether a fetch has ended while it was waited for.
    async fn locked(&self) -> (MutexGuard<'_, Held>, bool) {
        let before = self.fetched.load(Ordering::Acquire);
        let held = self.held.lock().await;
        let meanwhile = self.fetched.load(Ordering::Acquire) != before;
        (held, meanwhile)
    }

    /// The header, where there is one to be had at once: most calls find it so, and need no timer then.
    pub(super) fn ready(&self) -> Option<HeaderValue> {
        match &*self.held.try_lock().ok()? {
            Held::Token { header, expires_at } if is_good(*expires_at) => Some(header.clone()),
            _ => None,
        }
    }

    /// The `authorization` header with a token that is good for a while.
    pub(super) async fn header(&self) -> Result<HeaderValue, TokenError> {
        let (mut held, meanwhile) = self.locked().await;
        match &*held {
            // What was fetched just now is the best that the source has.
            Held::Token { header, expires_at } if meanwhile || is_good(*expires_at) => {
                return Ok(header.clone());
            }
            Held::Failure(error) if meanwhile => return Err(error.clone()),
            _ => {}
        }
        self.fetch(&mut held, None).await
    }

    /// Leaves the token with which Graph refused a request, unless it was replaced meanwhile.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        let mut held = self.held.lock().await;
        if matches!(&*held, Held::Token { header, .. } if header == refused) {
            *held = Held::Nothing;
        }
    }

    /// A new header, with these claims in place of the refused one.
    pub(super) async fn with_claims(
        &self,
        claims: &str,
        refused: &HeaderValue,
    ) -> Result<HeaderValue, TokenError> {
        let (mut held, meanwhile) = self.locked().await;
        match &*held {
            // Another call met the same challenge and answered it while this one waited for the lock.
            Held::Token { header, .. } if header != refused => Ok(header.clone()),
            Held::Failure(error) if meanwhile => Err(error.clone()),
            _ => self.fetch(&mut held, Some(claims.to_owned())).await,
        }
    }

    async fn fetch(
        &self,
        held: &mut Held,
        claims: Option<String>,
    ) -> Result<HeaderValue, TokenError> {
        // Who gives up waiting drops this future, and leaves nothing behind.
        *held = Held::Nothing;
        let fetched = self.fetch_header(claims).await;
        *held = match &fetched {
            Ok((header, expires_at)) => Held::Token {
                header: header.clone(),
                expires_at: *expires_at,
            },
            Err(error) => Held::Failure(error.clone()),
        };
        self.fetched.fetch_add(1, Ordering::Release);
        fetched.map(|(header, _)| header)
    }

    async fn fetch_header(
        &self,
        claims: Option<String>,
    ) -> Result<(HeaderValue, Option<SystemTime>), TokenError> {
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
        Ok((header, token.expires_at))
    }
}
