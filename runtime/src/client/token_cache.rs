//! Keeps the token and renews it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::bearer::Bearer;
use super::boxed_source::BoxedSource;
use crate::auth::error::TokenError;
use crate::auth::source::TokenRequest;

/// How long before its expiry a token is renewed, so that it does not expire in transit.
const RENEWAL_MARGIN: Duration = Duration::from_secs(120);

/// The current token. One call at a time fetches a new one. The calls that wait meanwhile share its token or error, so
/// that a person who closes the sign-in window is not asked again for each of them.
pub(super) struct TokenCache {
    source: BoxedSource,
    scope: String,
    /// Never locked across an `await`.
    state: Mutex<State>,
    /// Locked while fetching.
    turn: tokio::sync::Mutex<()>,
}

struct State {
    current: Current,
    /// The number of fetches that have ended, which tells a waiting call whether one did while it waited.
    fetches: u64,
}

#[derive(Clone)]
enum Current {
    /// There is no token, or Graph rejected it.
    Nothing,
    Token(Bearer),
    /// The last fetch failed.
    Failure(TokenError),
}

fn is_valid(bearer: &Bearer) -> bool {
    let expires_at = bearer.token().expires_at();
    expires_at.is_none_or(|expiry| expiry > SystemTime::now() + RENEWAL_MARGIN)
}

impl TokenCache {
    pub(super) fn new(source: BoxedSource, scope: String) -> Self {
        Self {
            source,
            scope,
            state: Mutex::new(State {
                current: Current::Nothing,
                fetches: 0,
            }),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, if no fetch is needed. Most calls find it here, without waiting or a timer.
    pub(super) fn ready(&self) -> Option<Bearer> {
        match &self.state().current {
            Current::Token(bearer) if is_valid(bearer) => Some(bearer.clone()),
            _ => None,
        }
    }

    pub(super) async fn bearer(&self) -> Result<Bearer, TokenError> {
        let (_turn, current, fetched_meanwhile) = self.turn().await;
        match current {
            // A token fetched just now is the best that the source has, even if it expires soon.
            Current::Token(bearer) if fetched_meanwhile || is_valid(&bearer) => Ok(bearer),
            Current::Failure(error) if fetched_meanwhile => Err(error),
            _ => self.fetch(None).await,
        }
    }

    /// A new token that satisfies a claims challenge to `rejected`.
    pub(super) async fn with_claims(
        &self,
        claims: &str,
        rejected: &Bearer,
    ) -> Result<Bearer, TokenError> {
        let (_turn, current, fetched_meanwhile) = self.turn().await;
        match current {
            // Another call got the same challenge, and fetched a token while this one waited.
            Current::Token(bearer) if !bearer.is_same(rejected) => Ok(bearer),
            Current::Failure(error) if fetched_meanwhile => Err(error),
            _ => self.fetch(Some(claims.to_owned())).await,
        }
    }

    /// Drops the token that Graph rejected, unless it was replaced meanwhile.
    pub(super) fn forget(&self, rejected: &Bearer) {
        let mut state = self.state();
        if matches!(&state.current, Current::Token(bearer) if bearer.is_same(rejected)) {
            state.current = Current::Nothing;
        }
    }

    /// Waits for the turn to fetch. Returns what is current by then, and whether another call fetched it meanwhile.
    async fn turn(&self) -> (tokio::sync::MutexGuard<'_, ()>, Current, bool) {
        let before = self.state().fetches;
        let turn = self.turn.lock().await;
        let state = self.state();
        (turn, state.current.clone(), state.fetches != before)
    }

    /// The caller must have the turn.
    async fn fetch(&self, claims: Option<String>) -> Result<Bearer, TokenError> {
        // If the caller drops this future, no outdated token is left.
        self.state().current = Current::Nothing;
        let request = TokenRequest {
            scope: self.scope.clone(),
            claims,
        };
        let fetched = self.source.token(request).await.and_then(Bearer::new);
        let mut state = self.state();
        state.fetches += 1;
        state.current = match &fetched {
            Ok(bearer) => Current::Token(bearer.clone()),
            Err(error) => Current::Failure(error.clone()),
        };
        fetched
    }
}
