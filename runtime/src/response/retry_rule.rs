//! The retry rule.

use std::time::Duration;

use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::retry::{RetryLimit, RetryPolicy};

/// Why a request is not retried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum GiveUpReason {
    /// A retry would have the same result.
    Final,
    /// The request may have been applied, and is not idempotent.
    NotIdempotent,
    /// A limit of the policy is reached.
    Limit(RetryLimit),
}

impl GiveUpReason {
    pub(crate) const fn limit(self) -> Option<RetryLimit> {
        match self {
            Self::Limit(limit) => Some(limit),
            Self::Final | Self::NotIdempotent => None,
        }
    }
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure<'a> {
    /// The response is not a success. Graph's error code may be empty.
    Response { status: u16, code: &'a str },
    /// There was no connection, so nothing was sent.
    NotSent,
    /// The request was sent, at least in part, and may have been applied.
    FateUnknown,
}

impl<'a> Failure<'a> {
    pub(super) fn of(error: &'a ResponseError) -> Self {
        match error {
            ResponseError::OtherRequest { .. } => Self::FateUnknown,
            ResponseError::Service(error)
                if error.status() == 503 && error.fate() == Fate::Unknown =>
            {
                Self::FateUnknown
            }
            ResponseError::Service(error) => Self::Response {
                status: error.status(),
                code: error.code(),
            },
            _ => Self::Response {
                status: error.status(),
                code: "",
            },
        }
    }
}

/// A failed attempt, as input of [`next_wait`].
#[derive(Clone, Copy, Debug)]
pub(super) struct FailedAttempt<'a> {
    pub(super) failure: Failure<'a>,
    /// The wait that Graph asks for.
    pub(super) retry_after: Option<Duration>,
    /// Including this one.
    pub(super) attempts: u32,
    /// Since the call began.
    pub(super) elapsed: Duration,
    pub(super) idempotent: bool,
    /// From 0 to 1.
    pub(super) jitter: f64,
}

/// The retry rule: the wait before the next attempt.
pub(super) fn next_wait(
    policy: &RetryPolicy,
    failed: &FailedAttempt<'_>,
) -> Result<Duration, GiveUpReason> {
    use GiveUpReason::{Final, Limit, NotIdempotent};

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
        Failure::Response { .. } => return Err(Final),
    };
    if may_be_applied && !failed.idempotent {
        return Err(NotIdempotent);
    }
    if failed.attempts >= policy.max_attempts {
        let max = policy.max_attempts;
        return Err(Limit(RetryLimit::Attempts { max }));
    }
    let wait = match failed.retry_after.filter(|asked| !asked.is_zero()) {
        Some(asked) if asked > policy.max_retry_after => {
            let max = policy.max_retry_after;
            return Err(Limit(RetryLimit::RetryAfter { asked, max }));
        }
        Some(asked) => asked.saturating_add(share(asked, failed.jitter / 10.0)),
        None => {
            let doublings = failed.attempts.saturating_sub(1).min(16);
            let delay = policy.base_delay.saturating_mul(1 << doublings);
            share(delay.min(policy.max_delay), 0.5 + failed.jitter / 2.0)
        }
    };
    if failed.elapsed.saturating_add(wait) >= policy.max_total {
        let max = policy.max_total;
        return Err(Limit(RetryLimit::Total { max }));
    }
    Ok(wait)
}

/// `Duration::mul_f64` panics for the longest durations, which `f64` rounds up.
fn share(whole: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(whole.as_secs_f64() * share).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{FailedAttempt, Failure, GiveUpReason, next_wait};
    use crate::response::retry::{RetryLimit, RetryPolicy};

    const fn response(status: u16) -> Failure<'static> {
        Failure::Response { status, code: "" }
    }

    const fn first(failure: Failure<'static>) -> FailedAttempt<'static> {
        FailedAttempt {
            failure,
            retry_after: None,
            attempts: 1,
            elapsed: Duration::ZERO,
            idempotent: true,
            jitter: 1.0,
        }
    }

    const fn wait(millis: u64) -> Result<Duration, GiveUpReason> {
        Ok(Duration::from_millis(millis))
    }

    const fn secs(seconds: u64) -> Option<Duration> {
        Some(Duration::from_secs(seconds))
    }

    #[test]
    fn table() {
        use GiveUpReason::{Final, NotIdempotent};

        let attempts_exhausted = GiveUpReason::Limit(RetryLimit::Attempts { max: 4 });
        let time_exhausted = GiveUpReason::Limit(RetryLimit::Total {
            max: Duration::from_secs(60),
        });
        let too_long = |asked| {
            GiveUpReason::Limit(RetryLimit::RetryAfter {
                asked,
                max: Duration::from_secs(30),
            })
        };
        let busy = first(response(503));
        let gateway = first(response(504));
        let lost = first(Failure::FateUnknown);
        let no_connection = first(Failure::NotSent);
        let once = |failed| FailedAttempt {
            idempotent: false,
            ..failed
        };
        let told = |failed, retry_after| FailedAttempt {
            retry_after,
            ..failed
        };
        let after = |failed, attempts| FailedAttempt { attempts, ..failed };
        let late = |failed, seconds| FailedAttempt {
            elapsed: Duration::from_secs(seconds),
            ..failed
        };
        let jitter = |failed, jitter| FailedAttempt { jitter, ..failed };
        let conflict = |code| first(Failure::Response { status: 409, code });

        let rows = [
            ("429", first(response(429)), wait(500)),
            ("503", busy, wait(500)),
            ("504", gateway, wait(500)),
            ("connection refused", no_connection, wait(500)),
            ("sent and lost", lost, wait(500)),
            (
                "directory conflict",
                conflict("Directory_ConcurrencyViolation"),
                wait(500),
            ),
            (
                "any other conflict",
                conflict("Request_MultipleObjectsWithSameKeyValue"),
                Err(Final),
            ),
            ("400", first(response(400)), Err(Final)),
            ("401", first(response(401)), Err(Final)),
            ("403", first(response(403)), Err(Final)),
            ("404", first(response(404)), Err(Final)),
            ("412", first(response(412)), Err(Final)),
            ("500", first(response(500)), Err(Final)),
            ("502", first(response(502)), Err(Final)),
            ("redirect", first(response(307)), Err(Final)),
            ("not Graph", first(response(200)), Err(Final)),
            // A request that was certainly not applied may be retried, idempotent or not.
            ("429, once only", once(first(response(429))), wait(500)),
            ("503, once only", once(busy), wait(500)),
            (
                "connection refused, once only",
                once(no_connection),
                wait(500),
            ),
            ("504, once only", once(gateway), Err(NotIdempotent)),
            ("sent and lost, once only", once(lost), Err(NotIdempotent)),
            // Backoff: doubles up to a limit, with jitter in the upper half.
            ("second try", after(busy, 2), wait(1000)),
            ("third try", after(busy, 3), wait(2000)),
            ("last try", after(busy, 4), Err(attempts_exhausted)),
            (
                "beyond the last try",
                after(busy, u32::MAX),
                Err(attempts_exhausted),
            ),
            ("least jitter", jitter(busy, 0.0), wait(250)),
            // Retry-After, and up to a tenth more.
            (
                "told to wait",
                jitter(told(busy, secs(10)), 0.0),
                wait(10_000),
            ),
            ("told to wait, jitter", told(busy, secs(10)), wait(11_000)),
            // Usually a date that has passed.
            ("told not to wait", told(busy, secs(0)), wait(500)),
            (
                "told not to wait, later",
                after(told(busy, secs(0)), 3),
                wait(2000),
            ),
            (
                "told the longest wait",
                jitter(told(busy, secs(30)), 0.0),
                wait(30_000),
            ),
            (
                "told too long a wait",
                told(busy, secs(31)),
                Err(too_long(Duration::from_secs(31))),
            ),
            (
                "told to wait for ever",
                told(busy, Some(Duration::MAX)),
                Err(too_long(Duration::MAX)),
            ),
            (
                "told to wait, final",
                told(first(response(400)), secs(1)),
                Err(Final),
            ),
            // Time.
            (
                "just in time",
                jitter(late(told(busy, secs(9)), 50), 0.0),
                wait(9_000),
            ),
            (
                "too late after the wait",
                jitter(late(told(busy, secs(10)), 50), 0.0),
                Err(time_exhausted),
            ),
            ("too late already", late(busy, 61), Err(time_exhausted)),
            (
                "time without end",
                FailedAttempt {
                    elapsed: Duration::MAX,
                    ..busy
                },
                Err(time_exhausted),
            ),
        ];
        let policy = RetryPolicy::interactive();
        for (name, failed, expected) in rows {
            assert_eq!(next_wait(&policy, &failed), expected, "{name}");
        }
    }

    #[test]
    fn waits_stop_growing() {
        let policy = RetryPolicy {
            max_attempts: u32::MAX,
            max_total: Duration::MAX,
            ..RetryPolicy::default()
        };
        for attempts in [6, 40, u32::MAX - 1] {
            let failed = FailedAttempt {
                attempts,
                ..first(response(503))
            };
            assert_eq!(next_wait(&policy, &failed), wait(8_000), "try {attempts}");
        }
        let never = next_wait(&RetryPolicy::never(), &first(response(503)));
        let limit = RetryLimit::Attempts { max: 1 };
        assert_eq!(never, Err(GiveUpReason::Limit(limit)));
    }

    /// The longest waits that users report, and each policy's longest one, with all attempts timing out.
    #[test]
    fn the_longest_wait_fits_into_the_time_for_a_call() {
        for (policy, accepts) in [
            (RetryPolicy::default(), true),
            (RetryPolicy::patient(), true),
            (RetryPolicy::interactive(), false),
        ] {
            let longest_reported = FailedAttempt {
                retry_after: secs(315),
                ..first(response(429))
            };
            let longest = FailedAttempt {
                retry_after: Some(policy.max_retry_after),
                attempts: policy.max_attempts - 1,
                elapsed: Duration::from_secs(30) * (policy.max_attempts - 1),
                ..first(response(429))
            };
            assert_eq!(next_wait(&policy, &longest_reported).is_ok(), accepts);
            assert_eq!(next_wait(&policy, &longest).is_ok(), accepts, "{policy:?}");
        }
    }

    #[test]
    fn no_duration_panics() {
        let durations = [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_secs(u64::MAX),
            Duration::MAX,
        ];
        for base_delay in durations {
            for max in durations {
                let policy = RetryPolicy {
                    max_attempts: u32::MAX,
                    max_total: max,
                    base_delay,
                    max_delay: max,
                    max_retry_after: max,
                };
                for retry_after in durations.into_iter().map(Some).chain([None]) {
                    for jitter in [0.0, 0.5, 1.0] {
                        for attempts in [1, 2, 17, u32::MAX - 1] {
                            let failed = FailedAttempt {
                                retry_after,
                                attempts,
                                jitter,
                                ..first(response(429))
                            };
                            let _ = next_wait(&policy, &failed);
                        }
                    }
                }
            }
        }
        let policy = RetryPolicy {
            base_delay: Duration::MAX,
            max_delay: Duration::MAX,
            max_total: Duration::MAX,
            ..RetryPolicy::default()
        };
        assert_eq!(
            next_wait(&policy, &first(Failure::NotSent)),
            Err(GiveUpReason::Limit(RetryLimit::Total {
                max: Duration::MAX
            }))
        );
    }
}
