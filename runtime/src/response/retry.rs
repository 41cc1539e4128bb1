use std::time::Duration;

/// How often and how long to try again. The defaults suit a person who waits at a terminal. Write
/// `RetryPolicy { max_attempts: 2, ..Default::default() }`, so that a setting added later does not break yours.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::RetryPolicy;
///
/// // For a job that may take its time.
/// let patient = RetryPolicy {
///     max_attempts: 8,
///     max_total: Duration::from_secs(900),
///     max_retry_after: Duration::from_secs(300),
///     ..RetryPolicy::default()
/// };
/// assert_eq!(patient.base_delay, Duration::from_millis(500));
/// assert_eq!(RetryPolicy::never().max_attempts, 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How many times a request is sent at most, the first one included. Default 4.
    pub max_attempts: u32,
    /// How long a call takes at most, waiting included. Default 60 s.
    pub max_total: Duration,
    /// The wait before the second try where Graph names none; doubles with each further try. Default 500 ms.
    pub base_delay: Duration,
    /// The longest such wait. Default 8 s.
    pub max_delay: Duration,
    /// The longest `Retry-After` that is waited for; a longer one ends the call at once, and the error says how long
    /// it is. Default 30 s.
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
    /// One try, whatever comes of it.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }
}

/// What became of one try.
///
/// ```
/// use msgraph_runtime::{Failure, parse_response};
///
/// let error = parse_response(503, &[("request-id", "7f1c")][..], b"").unwrap_err();
/// assert_eq!(error.as_failure(), Failure::Response { status: 503, code: "" });
/// // Nothing shows that Graph said so: a gateway may have passed the request on.
/// let error = parse_response(503, &[("", "")][..], b"").unwrap_err();
/// assert_eq!(error.as_failure(), Failure::FateUnknown);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Failure<'a> {
    /// Graph answered.
    Response {
        /// The HTTP status.
        status: u16,
        /// Graph's code; empty where there is none.
        code: &'a str,
    },
    /// No connection: nothing was sent.
    NotSent,
    /// Sent, at least in part, and then the connection was lost or the time was up: Graph may have applied it or not.
    FateUnknown,
}

/// A failed try, and what stands around it.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{FailedAttempt, Failure, NextStep, RetryPolicy, next_step};
///
/// let failed = FailedAttempt {
///     failure: Failure::Response { status: 429, code: "TooManyRequests" },
///     retry_after: Some(Duration::from_secs(7)),
///     attempts: 1,
///     elapsed: Duration::from_millis(300),
///     idempotent: true,
///     jitter: 0.0,
/// };
/// assert_eq!(next_step(&RetryPolicy::default(), &failed), NextStep::RetryAfter(Duration::from_secs(7)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailedAttempt<'a> {
    /// What became of it.
    pub failure: Failure<'a>,
    /// The wait that Graph asks for.
    pub retry_after: Option<Duration>,
    /// How many times the request was sent, this one included.
    pub attempts: u32,
    /// How long the call has taken so far.
    pub elapsed: Duration,
    /// Whether applying the request twice is the same as once; see [`Request::is_idempotent`](crate::Request::is_idempotent).
    pub idempotent: bool,
    /// A random number from 0 to 1, which spreads the callers that failed together.
    pub jitter: f64,
}

/// What to do after a failed try.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{FailedAttempt, Failure, NextStep, RetryPolicy, next_step};
///
/// let failed = FailedAttempt {
///     failure: Failure::Response { status: 429, code: "TooManyRequests" },
///     retry_after: Some(Duration::from_secs(7)),
///     attempts: 1,
///     elapsed: Duration::from_millis(300),
///     idempotent: true,
///     jitter: 0.0,
/// };
/// match next_step(&RetryPolicy::default(), &failed) {
///     NextStep::RetryAfter(wait) => println!("again after {wait:?}"),
///     NextStep::GiveUp(reason) => println!("no: {reason:?}"),
///     _ => {}
/// }
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NextStep {
    /// Try again after this time.
    RetryAfter(Duration),
    /// Give up.
    GiveUp(GiveUpReason),
}

/// Why a request is not tried again.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{FailedAttempt, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};
///
/// let failed = FailedAttempt {
///     failure: Failure::Response { status: 429, code: "TooManyRequests" },
///     retry_after: Some(Duration::from_secs(7)),
///     attempts: 1,
///     elapsed: Duration::from_millis(300),
///     idempotent: true,
///     jitter: 0.0,
/// };
/// // An update whose connection was lost, and that may not be done twice.
/// let lost = FailedAttempt { failure: Failure::FateUnknown, idempotent: false, ..failed };
/// assert_eq!(next_step(&RetryPolicy::default(), &lost), NextStep::GiveUp(GiveUpReason::NotIdempotent));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum GiveUpReason {
    /// The answer would be the same.
    Final,
    /// The request may have been applied, and applying it twice is not the same as once.
    NotIdempotent,
    /// [`RetryPolicy::max_attempts`] is reached.
    AttemptsExhausted,
    /// The next try would begin after [`RetryPolicy::max_total`].
    TimeExhausted,
    /// Graph asks for a longer wait than [`RetryPolicy::max_retry_after`].
    WaitTooLong,
}

/// The retry rule, whole.
///
/// Tried again are: 429, 503 and 504; 409 with the code `Directory_ConcurrencyViolation`; a connection that could not be
/// made; a try whose fate is unknown (lost after sending, and 504, where a gateway speaks for a server that may have done
/// the work), this one only if the request is idempotent. A 503 that does not come from Graph has an unknown
/// fate, too: see [`ResponseError::as_failure`](crate::ResponseError::as_failure).
///
/// The wait is Graph's `Retry-After`, with up to a tenth more so that many callers do not come back at once. Without one,
/// or where it is nothing (a date that has passed, by a wrong clock perhaps), it is between half and the whole of
/// `base_delay`, doubled for each try, `max_delay` at most.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{FailedAttempt, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};
///
/// let failed = FailedAttempt {
///     failure: Failure::Response { status: 429, code: "TooManyRequests" },
///     retry_after: Some(Duration::from_secs(7)),
///     attempts: 1,
///     elapsed: Duration::from_millis(300),
///     idempotent: true,
///     jitter: 0.0,
/// };
/// let policy = RetryPolicy::default();
/// assert_eq!(next_step(&policy, &failed), NextStep::RetryAfter(Duration::from_secs(7)));
/// let told_to_wait_long = FailedAttempt { retry_after: Some(Duration::from_secs(3600)), ..failed };
/// assert_eq!(next_step(&policy, &told_to_wait_long), NextStep::GiveUp(GiveUpReason::WaitTooLong));
/// ```
pub fn next_step(policy: &RetryPolicy, failed: &FailedAttempt<'_>) -> NextStep {
    use GiveUpReason::{AttemptsExhausted, Final, NotIdempotent, TimeExhausted, WaitTooLong};

    let fate_unknown = match failed.failure {
        Failure::Response {
            status: 429 | 503, ..
        }
        | Failure::NotSent => false,
        Failure::Response {
            status: 409,
            code: "Directory_ConcurrencyViolation",
        } => false,
        Failure::Response { status: 504, .. } | Failure::FateUnknown => true,
        Failure::Response { .. } => return NextStep::GiveUp(Final),
    };
    if fate_unknown && !failed.idempotent {
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
        Some(asked) => asked.saturating_add(part(asked.min(policy.max_retry_after), jitter / 10.0)),
        None => {
            let doublings = failed.attempts.saturating_sub(1).min(16);
            let full = policy
                .base_delay
                .saturating_mul(1 << doublings)
                .min(policy.max_delay);
            part(full, 0.5 + jitter / 2.0)
        }
    };
    if failed.elapsed.saturating_add(wait) >= policy.max_total {
        return NextStep::GiveUp(TimeExhausted);
    }
    NextStep::RetryAfter(wait)
}

/// A share of a duration, from 0 to 1. `Duration::mul_f64` panics for the longest ones, which `f64` rounds up.
fn part(whole: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(whole.as_secs_f64() * share).unwrap_or(whole)
}
