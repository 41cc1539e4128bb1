use std::time::Duration;

/// When and how often to retry. The defaults suit a person who waits at a terminal.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::RetryPolicy;
///
/// // For a batch job. `..Default::default()` keeps this compiling if fields are added.
/// let patient = RetryPolicy {
///     max_attempts: 8,
///     max_total: Duration::from_secs(900),
///     max_retry_after: Duration::from_secs(300),
///     ..Default::default()
/// };
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// Maximum number of attempts, including the first. Default 4.
    pub max_attempts: u32,
    /// Time limit for a call, including its waits. Default 60 s.
    pub max_total: Duration,
    /// The wait before the second attempt if Graph asks for none. It doubles with each attempt. Default 500 ms.
    pub base_delay: Duration,
    /// Maximum of that wait. Default 8 s.
    pub max_delay: Duration,
    /// Maximum `Retry-After`. If Graph asks for a longer wait, the call fails at once. Default 30 s.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            max_total: Duration::from_secs(60),
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// Makes a single attempt.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Failure<'a> {
    /// The response is not a success.
    Response {
        /// The HTTP status.
        status: u16,
        /// Graph's error code, which may be empty.
        code: &'a str,
    },
    /// There was no connection, so nothing was sent.
    NotSent,
    /// The request was sent, at least in part, but there is no response: it may have been applied.
    FateUnknown,
}

/// A failed attempt, as input of [`next_step`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailedAttempt<'a> {
    /// How it failed.
    pub failure: Failure<'a>,
    /// The wait that Graph asks for.
    pub retry_after: Option<Duration>,
    /// The number of attempts so far, including this one.
    pub attempts: u32,
    /// The duration of the call so far.
    pub elapsed: Duration,
    /// See [`PreparedRequest::idempotent`](crate::PreparedRequest::idempotent).
    pub idempotent: bool,
    /// A random number from 0 to 1, so that callers that failed together do not retry together.
    pub jitter: f64,
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NextStep {
    /// Retry after this wait.
    RetryAfter(Duration),
    /// Do not retry.
    GiveUp(GiveUpReason),
}

/// Why a request is not retried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum GiveUpReason {
    /// A retry would have the same result.
    Final,
    /// The request may have been applied, and is not idempotent.
    NotIdempotent,
    /// [`RetryPolicy::max_attempts`] is reached.
    AttemptsExhausted,
    /// The next attempt would begin after [`RetryPolicy::max_total`].
    TimeExhausted,
    /// Graph asks for a longer wait than [`RetryPolicy::max_retry_after`].
    WaitTooLong,
}

/// The retry rule.
///
/// It retries 429, 503, and 409 with the code `Directory_ConcurrencyViolation`, and if there was no connection. If the
/// request is idempotent, it also retries 504, since the gateway may have forwarded the request, and an attempt whose
/// fate is unknown. A 503 that is not from Graph has an unknown fate, too:
/// [`ResponseError::as_failure`](crate::ResponseError::as_failure).
///
/// The wait is Graph's `Retry-After`, plus up to a tenth. Without one, or if it is zero (such as a date in the past), it
/// is between half and all of `base_delay`, doubled for each attempt, and at most `max_delay`.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{FailedAttempt, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};
///
/// let policy = RetryPolicy::default();
/// let throttled = FailedAttempt {
///     failure: Failure::Response { status: 429, code: "TooManyRequests" },
///     retry_after: Some(Duration::from_secs(7)),
///     attempts: 1,
///     elapsed: Duration::from_millis(300),
///     idempotent: true,
///     jitter: 0.0,
/// };
/// assert_eq!(next_step(&policy, &throttled), NextStep::RetryAfter(Duration::from_secs(7)));
/// let lost = FailedAttempt { failure: Failure::FateUnknown, idempotent: false, ..throttled };
/// assert_eq!(next_step(&policy, &lost), NextStep::GiveUp(GiveUpReason::NotIdempotent));
/// ```
pub fn next_step(policy: &RetryPolicy, failed: &FailedAttempt<'_>) -> NextStep {
    use GiveUpReason::{AttemptsExhausted, Final, NotIdempotent, TimeExhausted, WaitTooLong};

    let may_be_applied = match failed.failure {
        Failure::NotSent
        | Failure::Response {
            status: 429 | 503, ..
        }
        | Failure::Response {
            status: 409,
            code: "Directory_ConcurrencyViolation",
        } => false,
        Failure::Response { status: 504, .. } | Failure::FateUnknown => true,
        Failure::Response { .. } => return NextStep::GiveUp(Final),
    };
    if may_be_applied && !failed.idempotent {
        return NextStep::GiveUp(NotIdempotent);
    }
    if failed.attempts >= policy.max_attempts {
        return NextStep::GiveUp(AttemptsExhausted);
    }
    let jitter = if failed.jitter.is_finite() {
        failed.jitter.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let wait = match failed.retry_after.filter(|asked| !asked.is_zero()) {
        Some(asked) if asked > policy.max_retry_after => return NextStep::GiveUp(WaitTooLong),
        Some(asked) => asked.saturating_add(share(asked, jitter / 10.0)),
        None => {
            let doublings = failed.attempts.saturating_sub(1).min(16);
            let delay = policy.base_delay.saturating_mul(1 << doublings);
            share(delay.min(policy.max_delay), 0.5 + jitter / 2.0)
        }
    };
    if failed.elapsed.saturating_add(wait) >= policy.max_total {
        return NextStep::GiveUp(TimeExhausted);
    }
    NextStep::RetryAfter(wait)
}

/// `Duration::mul_f64` panics for the longest durations, which `f64` rounds up.
fn share(whole: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(whole.as_secs_f64() * share).unwrap_or(whole)
}
