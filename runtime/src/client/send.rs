//! The attempts of a call, until one succeeds or the retry rule gives up.

use std::future::Future;
use std::time::{Duration, Instant};

use http::Request as HttpRequest;
use tracing::Instrument;

use super::Sender;
use super::attempt::{Attempt, Completed};
use super::bearer::Bearer;
use super::call::Call;
use super::error::Error;
use super::progress::Progress;
use super::trace::record_attempt;
use super::url_template::UrlTemplate;
use crate::auth::error::TokenError;
use crate::request::builder::Request;
use crate::response::attempts::Attempts;
use crate::response::error::ResponseError;

impl Sender {
    pub(super) async fn send(
        &self,
        request: &Request<'_>,
        prepared: &HttpRequest<Vec<u8>>,
        idempotent: bool,
        id: String,
    ) -> Result<Completed, Error> {
        let attempts = Attempts::new(&self.retry, idempotent);
        let mut progress = Progress::new(
            id,
            UrlTemplate::of(request),
            attempts,
            request.reads_content(),
        );
        let timeout = request.own_timeout().unwrap_or(self.attempt_timeout);
        let last = self.last_attempt(prepared, timeout, &mut progress).await;
        let call = Call::new(request, &progress.client_request_id, &progress.attempts);
        match last {
            Ok(attempt) => attempt.into_result(request, call),
            Err(error) => Err(Error::token(error, call)),
        }
    }

    /// Returns the attempt that ends the call.
    async fn last_attempt(
        &self,
        prepared: &HttpRequest<Vec<u8>>,
        timeout: Duration,
        progress: &mut Progress,
    ) -> Result<Attempt, TokenError> {
        let mut token = self.first_token(progress).await?;
        loop {
            let attempt = self
                .attempt_authorized(prepared, timeout, progress, &mut token)
                .await?;
            let Some(wait) = attempt.wait(&mut progress.attempts) else {
                return Ok(attempt.without_token(&token));
            };
            let attempts = progress.attempts.made();
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(
                http.request.resend_count = attempts,
                http.response.status_code = attempt.status(),
                wait_ms,
                "retrying"
            );
            tokio::time::sleep(wait).await;
            // The token may have expired during the wait.
            self.renew(progress, &mut token, None).await?;
        }
    }

    pub(super) async fn first_token(&self, progress: &mut Progress) -> Result<Bearer, TokenError> {
        let token = self.token().await?;
        progress.attempts.start_at(Instant::now());
        Ok(token)
    }

    pub(super) async fn token(&self) -> Result<Bearer, TokenError> {
        match self.tokens.ready() {
            Some(token) => Ok(token),
            None => self.within_token_timeout(self.tokens.bearer()).await,
        }
    }

    /// Gets the token for the next attempt: a new one if Graph asks for `claims`.
    pub(super) async fn renew(
        &self,
        progress: &mut Progress,
        token: &mut Bearer,
        claims: Option<&str>,
    ) -> Result<(), TokenError> {
        let asked = Instant::now();
        let renewed = match claims {
            None => self.within_token_timeout(self.tokens.bearer()).await,
            Some(claims) => {
                progress.challenged = true;
                tracing::debug!(
                    http.request.resend_count = progress.attempts.made(),
                    "claims challenge: asking for a new token"
                );
                self.within_token_timeout(self.tokens.with_claims(claims, token))
                    .await
            }
        };
        let attempts = &mut progress.attempts;
        attempts.start_at(attempts.started() + asked.elapsed());
        *token = renewed?;
        Ok(())
    }

    async fn within_token_timeout(
        &self,
        fetching: impl Future<Output = Result<Bearer, TokenError>>,
    ) -> Result<Bearer, TokenError> {
        tokio::time::timeout(self.token_timeout, fetching)
            .await
            .unwrap_or_else(|_| Err(TokenError::timed_out(self.token_timeout)))
    }

    /// Makes one attempt, and, once in a call, a second one with a new token if Graph sends a claims challenge.
    pub(super) async fn attempt_authorized(
        &self,
        prepared: &HttpRequest<Vec<u8>>,
        timeout: Duration,
        progress: &mut Progress,
        token: &mut Bearer,
    ) -> Result<Attempt, TokenError> {
        loop {
            progress.attempts.count();
            let elapsed = progress.attempts.started().elapsed();
            let timeout = timeout.min(self.retry.max_total.saturating_sub(elapsed));
            let attempts_before = progress.attempts.made().saturating_sub(1);
            let span = self.attempt_span(prepared.method(), progress.template, attempts_before);
            let attempt = self.attempt(prepared, progress, token, timeout);
            let attempt = attempt.instrument(span.clone()).await;
            record_attempt(&span, &attempt);
            let error = match &attempt {
                Attempt::Failed(ResponseError::Service(error)) if error.status() == 401 => error,
                _ => return Ok(attempt),
            };
            match error.claims_challenge() {
                Some(claims) if !progress.challenged => {
                    self.renew(progress, token, Some(claims)).await?;
                }
                _ => {
                    self.tokens.forget(token);
                    return Ok(attempt);
                }
            }
        }
    }
}

/// A new request id. It must be unique, not unpredictable, so a fast PRNG is enough.
pub(super) fn fresh_id() -> String {
    let random = fastrand::u128(..).to_le_bytes();
    let id = uuid::Builder::from_random_bytes(random).into_uuid();
    id.hyphenated().to_string()
}
