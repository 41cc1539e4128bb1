//! The token in use, and its renewal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::bearer::Bearer;
use super::token::{TokenError, TokenRequest, TokenSource};

/// A token is asked for anew this long before it expires, so that it does not expire on its way.
const RENEWED_BEFORE_EXPIRY: Duration = Duration::from_secs(120);

/// The token in use. One call at a time fetches a new one: others wait for their turn and then take it, or the failure,
/// instead of fetching too. A person who closes the sign-in window is not asked once for every call that waits.
pub(super) struct TokenCache {
    source: Box<dyn TokenSource>,
    scope: String,
    /// Never locked across an `await`.
    held: Mutex<Held>,
    /// Held while fetching.
    turn: tokio::sync::Mutex<()>,
    /// How many fetches have ended, so that a call whose turn it is can tell whether one did while it waited.
    fetched: AtomicU64,
}

/// What the last fetch came to.
#[derive(Clone)]
enum Held {
    /// Nothing, or a token that is not to be used any more.
    Nothing,
    Token {
        bearer: Bearer,
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
            turn: tokio::sync::Mutex::new(()),
            fetched: AtomicU64::new(0),
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn to fetch, and whether a fetch has ended while it was waited for.
    async fn turn(&self) -> (tokio::sync::MutexGuard<'_, ()>, bool) {
        let before = self.fetched.load(Ordering::Acquire);
        let turn = self.turn.lock().await;
        let meanwhile = self.fetched.load(Ordering::Acquire) != before;
        (turn, meanwhile)
    }

    /// The token, where there is one to be had at once: most calls find it so, and need no timer then.
    pub(super) fn ready(&self) -> Option<Bearer> {
        match &*self.held() {
            Held::Token { bearer, expires_at } if is_good(*expires_at) => Some(bearer.clone()),
            _ => None,
        }
    }

    /// A token that is good for a while.
    pub(super) async fn bearer(&self) -> Result<Bearer, TokenError> {
        let (_turn, meanwhile) = self.turn().await;
        let held = self.held().clone();
        match held {
            // What was fetched just now is the best that the source has.
            Held::Token { bearer, expires_at } if meanwhile || is_good(expires_at) => Ok(bearer),
            Held::Failure(error) if meanwhile => Err(error),
            _ => self.fetch(None).await,
        }
    }

    /// Drops the token that Graph rejected, unless it was replaced meanwhile. Does not wait: while another call fetches a
    /// token, there is none to drop.
    pub(super) fn forget(&self, refused: &Bearer) {
        let mut held = self.held();
        if matches!(&*held, Held::Token { bearer, .. } if bearer.is_same(refused)) {
            *held = Held::Nothing;
        }
    }

    /// A new token, with these claims in place of the refused one.
    pub(super) async fn with_claims(
        &self,
        claims: &str,
        refused: &Bearer,
    ) -> Result<Bearer, TokenError> {
        let (_turn, meanwhile) = self.turn().await;
        let held = self.held().clone();
        match held {
            // Another call met the same challenge and answered it while this one waited for its turn.
            Held::Token { bearer, .. } if !bearer.is_same(refused) => Ok(bearer),
            Held::Failure(error) if meanwhile => Err(error),
            _ => self.fetch(Some(claims.to_owned())).await,
        }
    }

    /// Fetches a token. The caller has the turn.
    async fn fetch(&self, claims: Option<String>) -> Result<Bearer, TokenError> {
        // A caller that gives up waiting drops this future, and leaves nothing behind.
        *self.held() = Held::Nothing;
        let fetched = self.fetch_token(claims).await;
        *self.held() = match &fetched {
            Ok((bearer, expires_at)) => Held::Token {
                bearer: bearer.clone(),
                expires_at: *expires_at,
            },
            Err(error) => Held::Failure(error.clone()),
        };
        self.fetched.fetch_add(1, Ordering::Release);
        fetched.map(|(bearer, _)| bearer)
    }

    async fn fetch_token(
        &self,
        claims: Option<String>,
    ) -> Result<(Bearer, Option<SystemTime>), TokenError> {
        let token = self
            .source
            .token(TokenRequest {
                scope: self.scope.clone(),
                claims,
            })
            .await?;
        let bearer = Bearer::new(&token.secret).map_err(TokenError::new)?;
        Ok((bearer, token.expires_at))
    }
}
