//! The retry rule as a table: one row for each kind of failure.
#![allow(missing_docs)]

use std::time::Duration;

use msgraph_runtime::{FailedAttempt, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};

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

const fn wait(millis: u64) -> NextStep {
    NextStep::RetryAfter(Duration::from_millis(millis))
}

const fn secs(seconds: u64) -> Option<Duration> {
    Some(Duration::from_secs(seconds))
}

#[test]
fn table() {
    use GiveUpReason::{AttemptsExhausted, Final, NotIdempotent, TimeExhausted, WaitTooLong};
    use NextStep::GiveUp;

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
            GiveUp(Final),
        ),
        ("400", first(response(400)), GiveUp(Final)),
        ("401", first(response(401)), GiveUp(Final)),
        ("403", first(response(403)), GiveUp(Final)),
        ("404", first(response(404)), GiveUp(Final)),
        ("412", first(response(412)), GiveUp(Final)),
        ("500", first(response(500)), GiveUp(Final)),
        ("502", first(response(502)), GiveUp(Final)),
        ("redirect", first(response(307)), GiveUp(Final)),
        ("not Graph", first(response(200)), GiveUp(Final)),
        // A request that was certainly not applied may be retried, idempotent or not.
        ("429, once only", once(first(response(429))), wait(500)),
        ("503, once only", once(busy), wait(500)),
        (
            "connection refused, once only",
            once(no_connection),
            wait(500),
        ),
        ("504, once only", once(gateway), GiveUp(NotIdempotent)),
        (
            "sent and lost, once only",
            once(lost),
            GiveUp(NotIdempotent),
        ),
        // Backoff: doubles up to a limit, with jitter in the upper half.
        ("second try", after(busy, 2), wait(1000)),
        ("third try", after(busy, 3), wait(2000)),
        ("last try", after(busy, 4), GiveUp(AttemptsExhausted)),
        (
            "beyond the last try",
            after(busy, u32::MAX),
            GiveUp(AttemptsExhausted),
        ),
        ("least jitter", jitter(busy, 0.0), wait(250)),
        (
            "jitter that is no number",
            jitter(busy, f64::NAN),
            wait(250),
        ),
        ("jitter beyond its range", jitter(busy, 7.0), wait(500)),
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
            GiveUp(WaitTooLong),
        ),
        (
            "told to wait for ever",
            told(busy, Some(Duration::MAX)),
            GiveUp(WaitTooLong),
        ),
        (
            "told to wait, final",
            told(first(response(400)), secs(1)),
            GiveUp(Final),
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
            GiveUp(TimeExhausted),
        ),
        ("too late already", late(busy, 61), GiveUp(TimeExhausted)),
        (
            "time without end",
            FailedAttempt {
                elapsed: Duration::MAX,
                ..busy
            },
            GiveUp(TimeExhausted),
        ),
    ];
    let policy = RetryPolicy::default();
    for (name, failed, expected) in rows {
        assert_eq!(next_step(&policy, &failed), expected, "{name}");
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
        assert_eq!(next_step(&policy, &failed), wait(8_000), "try {attempts}");
    }
    let never = next_step(&RetryPolicy::never(), &first(response(503)));
    assert_eq!(never, NextStep::GiveUp(GiveUpReason::AttemptsExhausted));
}
