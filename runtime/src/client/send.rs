//! The attempts of a call, until one succeeds or the retry rule gives up.

use std::future::Future;
use std::time::{Duration, Instant, SystemTime};

use super::attempt::Attempt;
use super::bearer::Bearer;
use super::call::{Attempts, Call};
use super::error::Error;
use super::sender::Sender;
use super::token::TokenError;
use crate::request::Request;
use crate::request::prepared::PreparedRequest;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::outcome::Outcome;
use crate::response::retry::{FailedAttempt, Failure, GiveUpReason, NextStep, next_step};

/// What stays from one attempt to the next.
pub(super) struct Sending {
    pub(super) token: Bearer,
    pub(super) challenged: bool,
    pub(super) attempts: Attempts,
    pub(super) started: Instant,
    pub(super) client_request_id: String,
}

impl Sender {
    pub(super) async fn send(
        &self,
        request: &Request<'_>,
        prepared: PreparedRequest,
        id: String,
    ) -> Result<Outcome, Error> {
        let no_token = |error, id: &str, attempts| Error::Token {
            error,
            call: Call::new(request, id, attempts, GiveUpReason::Final),
        };
        let mut sending = match self.begin(id.clone()).await {
            Ok(sending) => sending,
            Err(error) => return Err(no_token(error, &id, Attempts::default())),
        };
        let timeout = request.own_timeout().unwrap_or(self.attempt_timeout);
        loop {
            let attempt = match self
                .attempt_authorized(&prepared, &mut sending, timeout)
                .await
            {
                Ok(attempt) => attempt,
                Err(error) => return Err(no_token(error, &id, sending.attempts)),
            };
            match self.step_after(&attempt, request, sending.attempts.made, sending.started) {
                NextStep::GiveUp(reason) => {
                    let call = Call::new(request, &id, sending.attempts, reason);
                    return attempt.without_token(&sending.token).settle(request, call);
                }
                NextStep::RetryAfter(wait) => {
                    sending.attempts.go_on(attempt.fate());
                    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                    tracing::debug!(
                        attempts = sending.attempts.made,
                        status = attempt.status(),
                        wait_ms,
                        "retrying"
                    );
                    tokio::time::sleep(wait).await;
                }
            }
            // The wait may have outlasted the token.
            if let Err(error) = self.renew(&mut sending, None).await {
                return Err(no_token(error, &id, sending.attempts));
            }
        }
    }

    /// Gets a token. The clock of the call starts when it is there: a person may have had to sign in for it.
    pub(super) async fn begin(&self, client_request_id: String) -> Result<Sending, TokenError> {
        let token = match self.tokens.ready() {
            Some(token) => token,
            None => self.in_token_time(self.tokens.bearer()).await?,
        };
        Ok(Sending {
            token,
            challenged: false,
            attempts: Attempts::default(),
            started: Instant::now(),
            client_request_id,
        })
    }

    /// A token for the next try, a new one where these claims are asked for. The time that it takes is not the call's: a
    /// person may have to sign in again.
    pub(super) async fn renew(
        &self,
        sending: &mut Sending,
        claims: Option<&str>,
    ) -> Result<(), TokenError> {
        let asked = Instant::now();
        let fetched = match claims {
            None => self.in_token_time(self.tokens.bearer()).await,
            Some(claims) => {
                sending.challenged = true;
                tracing::debug!(
                    attempts = sending.attempts.made,
                    "claims challenge: asking for a new token"
                );
                self.in_token_time(self.tokens.with_claims(claims, &sending.token))
                    .await
            }
        };
        sending.started += asked.elapsed();
        sending.token = fetched?;
        Ok(())
    }

    async fn in_token_time(
        &self,
        fetching: impl Future<Output = Result<Bearer, TokenError>>,
    ) -> Result<Bearer, TokenError> {
        tokio::time::timeout(self.token_timeout, fetching)
            .await
            .unwrap_or_else(|_| {
                Err(TokenError::new(format!(
                    "the source of tokens gave none in {:?}",
                    self.token_timeout
                )))
            })
    }

    /// One try, and a second one with a new token where Graph asks for more claims, once in a call.
    pub(super) async fn attempt_authorized(
        &self,
        prepared: &PreparedRequest,
        sending: &mut Sending,
        timeout: Duration,
    ) -> Result<Attempt, TokenError> {
        loop {
            sending.attempts.made += 1;
            let left = self
                .retry
                .max_total
                .saturating_sub(sending.started.elapsed());
            let attempt = self
                .attempt(
                    prepared,
                    &sending.client_request_id,
                    &sending.token,
                    timeout.min(left),
                )
                .await;
            let Attempt::Failed(ResponseError::Service(error)) = &attempt else {
                return Ok(attempt);
            };
            if error.status() != 401 {
                return Ok(attempt);
            }
            match error.claims_challenge() {
                Some(claims) if !sending.challenged => self.renew(sending, Some(claims)).await?,
                _ => {
                    self.tokens.forget(&sending.token);
                    return Ok(attempt);
                }
            }
        }
    }

    /// What the retry rule says to this try; a success ends the call as well.
    pub(super) fn step_after(
        &self,
        attempt: &Attempt,
        request: &Request<'_>,
        attempts: u32,
        started: Instant,
    ) -> NextStep {
        let (failure, retry_after) = match attempt {
            Attempt::Done(_) => return NextStep::GiveUp(GiveUpReason::Final),
            Attempt::Failed(error) => (error.as_failure(), error.retry_after()),
            Attempt::Lost(error) if error.fate == Fate::NotSent => (Failure::NotSent, None),
            // It would be as large again.
            Attempt::Lost(error) if error.is_too_large() => {
                return NextStep::GiveUp(GiveUpReason::Final);
            }
            Attempt::Lost(_) => (Failure::FateUnknown, None),
        };
        let failed = FailedAttempt {
            failure,
            retry_after: retry_after.map(|when| when.wait(SystemTime::now())),
            attempts,
            elapsed: started.elapsed(),
            idempotent: request.is_idempotent(),
            jitter: fastrand::f64(),
        };
        next_step(&self.retry, &failed)
    }
}

/// A name for a call. It is to be told from others, not to be guessed: no call into the kernel for it.
pub(super) fn fresh_id() -> String {
    let random = fastrand::u128(..).to_le_bytes();
    uuid::Builder::from_random_bytes(random)
        .into_uuid()
        .hyphenated()
        .to_string()
}
