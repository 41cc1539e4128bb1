use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime};

use crate::request::builder::Request;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::outcome::Outcome;
use crate::response::retry::{RetryLimit, RetryPolicy};
use crate::response::retry_rule::{FailedAttempt, Failure, GiveUpReason, next_wait};

impl RetryPolicy {
    /// Starts a call that sends `request`. The time limit [`max_total`](Self::max_total) begins now.
    pub fn start<R>(&self, request: &Request<'_, R>) -> Attempts {
        Attempts::new(self, request.is_idempotent())
    }
}

/// The attempts of a call. After each one, it decides whether and when to make another.
///
/// It retries 429, 503, and 409 with the code `Directory_ConcurrencyViolation`, and if there was no connection. If the
/// request is idempotent ([`Request::is_idempotent`]), it also retries 504, since the gateway may have forwarded the
/// request, and an attempt whose fate is unknown: a lost connection, a 503 that is not from Graph, and the response to
/// another request.
///
/// The wait is Graph's `Retry-After`, plus up to a tenth. Without one, or if it is zero (such as a date in the past), it
/// is between half and all of `base_delay`, doubled for each attempt, and at most `max_delay`. The exact wait is random,
/// so that callers that failed together do not retry together.
///
/// ```
/// use std::time::{Duration, Instant};
/// use msgraph_runtime::{Request, RetryPolicy};
/// use msgraph_runtime::sans_io::{http, parse_response};
///
/// let request = Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"]);
/// let mut attempts = RetryPolicy::default().start(&request);
///
/// let throttled = http::Response::builder().status(429).header("retry-after", "7").body("")?;
/// let wait = attempts.after(&parse_response::<()>(&throttled), Instant::now()).expect("429 is retried");
/// assert!(wait >= Duration::from_secs(7));
///
/// // A DELETE is not idempotent.
/// let gateway_timeout = http::Response::builder().status(504).body("")?;
/// assert_eq!(attempts.after(&parse_response::<()>(&gateway_timeout), Instant::now()), None);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Attempts {
    policy: RetryPolicy,
    idempotent: bool,
    started: Instant,
    made: u32,
    /// `Unknown` or `Applied` if an attempt before the last one may have been or was applied.
    earlier: Option<Fate>,
    gave_up: GiveUpReason,
}

impl Attempts {
    pub(crate) fn new(policy: &RetryPolicy, idempotent: bool) -> Self {
        Self {
            policy: policy.clone(),
            idempotent,
            started: Instant::now(),
            made: 0,
            earlier: None,
            gave_up: GiveUpReason::Final,
        }
    }

    /// Records an attempt that got a response. Returns the wait before the next attempt, or `None` if this was the last.
    pub fn after<R>(
        &mut self,
        result: &Result<Outcome<R>, ResponseError>,
        now: Instant,
    ) -> Option<Duration> {
        self.count();
        self.wait_after_error(result.as_ref().err()?, now)
    }

    /// Records an attempt without a complete response: [`Fate::NotSent`] if there was no connection, otherwise
    /// [`Fate::Unknown`]. Returns the wait before the next attempt, or `None` if this was the last.
    pub fn after_loss(&mut self, fate: Fate, now: Instant) -> Option<Duration> {
        self.count();
        self.wait_after_loss(fate, now)
    }

    /// How many times the request was sent.
    pub const fn made(&self) -> u32 {
        self.made
    }

    /// The limit of the policy that ended the call; `None` if another attempt follows, or would not help.
    pub const fn retry_limit(&self) -> Option<RetryLimit> {
        self.gave_up.limit()
    }

    pub(crate) const fn count(&mut self) {
        self.made = self.made.saturating_add(1);
    }

    pub(crate) fn wait_after_error(
        &mut self,
        error: &ResponseError,
        now: Instant,
    ) -> Option<Duration> {
        let retry_after = error.retry_after().map(|at| at.wait(SystemTime::now()));
        self.wait_after(Failure::of(error), error.fate(), retry_after, now)
    }

    pub(crate) fn wait_after_loss(&mut self, fate: Fate, now: Instant) -> Option<Duration> {
        let failure = match fate {
            Fate::NotSent => Failure::NotSent,
            _ => Failure::FateUnknown,
        };
        self.wait_after(failure, fate, None, now)
    }

    fn wait_after(
        &mut self,
        failure: Failure<'_>,
        fate: Fate,
        retry_after: Option<Duration>,
        now: Instant,
    ) -> Option<Duration> {
        let failed = FailedAttempt {
            failure,
            retry_after,
            attempts: self.made,
            elapsed: now.saturating_duration_since(self.started),
            idempotent: self.idempotent,
            jitter: random_share(),
        };
        match next_wait(&self.policy, &failed) {
            Ok(wait) => {
                match fate {
                    Fate::Applied => self.earlier = Some(Fate::Applied),
                    Fate::Unknown => self.earlier = self.earlier.or(Some(Fate::Unknown)),
                    Fate::NotSent | Fate::Rejected | Fate::ReadOnly => {}
                }
                Some(wait)
            }
            Err(reason) => {
                self.gave_up = reason;
                None
            }
        }
    }
}

#[cfg(feature = "client")]
impl Attempts {
    /// Sets the beginning of the call.
    pub(crate) const fn start_at(&mut self, started: Instant) {
        self.started = started;
    }

    pub(crate) const fn started(&self) -> Instant {
        self.started
    }

    /// Adds attempts that were made without asking the retry rule.
    pub(crate) const fn count_more(&mut self, attempts: u32) {
        self.made = self.made.saturating_add(attempts);
    }

    pub(crate) const fn earlier(&self) -> Option<Fate> {
        self.earlier
    }

    /// Why the last attempt was not retried.
    pub(crate) const fn gave_up(&self) -> GiveUpReason {
        self.gave_up
    }
}

/// A random number from 0 to 1. The hasher's keys are random, so this needs no random number generator.
fn random_share() -> f64 {
    let random = RandomState::new().hash_one(());
    f64::from((random >> 32) as u32) / f64::from(u32::MAX)
}
