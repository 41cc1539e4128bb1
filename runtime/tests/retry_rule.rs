//! Retrying without the client: what `Attempts` decides.
#![allow(missing_docs, clippy::unwrap_used)] // a test may fail loudly

use std::time::{Duration, Instant};

use msgraph_runtime::request::CollectionBody;
use msgraph_runtime::sans_io::http::Response;
use msgraph_runtime::sans_io::{Attempts, parse_response};
use msgraph_runtime::{Fate, Request, RetryPolicy};

/// One call of an update.
fn update(policy: &RetryPolicy) -> Attempts {
    let body = CollectionBody::from(["a".to_owned()]);
    policy.start(&Request::put("v1.0", "/domains/names", &[], &body))
}

fn delete(policy: &RetryPolicy) -> Attempts {
    policy.start(&Request::delete("v1.0", "/domains/names", &[]))
}

fn after(attempts: &mut Attempts, status: u16, retry_after: &str) -> Option<Duration> {
    let response = Response::builder().status(status);
    let response = response.header("retry-after", retry_after).body("");
    attempts.after(&parse_response::<()>(&response.unwrap()), Instant::now())
}

#[test]
fn a_success_ends_the_call() {
    let mut attempts = update(&RetryPolicy::default());
    assert!(after(&mut attempts, 429, "").is_some());
    assert_eq!(after(&mut attempts, 204, ""), None);
    assert_eq!(attempts.made(), 2);
}

#[test]
fn waits_double_and_the_attempts_end() {
    let mut attempts = update(&RetryPolicy::default());
    for longest in [500, 1000, 2000] {
        let wait = after(&mut attempts, 429, "").unwrap();
        let longest = Duration::from_millis(longest);
        assert!((longest / 2..=longest).contains(&wait), "{wait:?}");
    }
    assert_eq!(after(&mut attempts, 429, ""), None);
    assert_eq!(attempts.made(), 4);
    assert_eq!(after(&mut update(&RetryPolicy::never()), 429, ""), None);
}

#[test]
fn the_wait_that_graph_asks_for_is_kept() {
    let mut attempts = update(&RetryPolicy::default());
    let wait = after(&mut attempts, 429, "10").unwrap();
    let (asked, most) = (Duration::from_secs(10), Duration::from_secs(11));
    assert!((asked..=most).contains(&wait), "{wait:?}");
    assert_eq!(after(&mut attempts, 429, "361"), None);
}

#[test]
fn the_limit_that_ended_the_call_is_known() {
    let limit = |policy: RetryPolicy, asked: &str, now| {
        let mut attempts = update(&policy);
        assert_eq!(attempts.retry_limit(), None);
        let response = Response::builder().status(429).header("retry-after", asked);
        let result = parse_response::<()>(&response.body("").unwrap());
        let wait = attempts.after(&result, now);
        assert_eq!(wait.is_none(), attempts.retry_limit().is_some());
        attempts.retry_limit().map(|limit| limit.to_string())
    };
    let now = Instant::now();
    // Graph is reported to ask for up to 315 s.
    assert_eq!(limit(RetryPolicy::default(), "315", now), None);
    assert_eq!(limit(RetryPolicy::patient(), "600", now), None);
    for (policy, asked, at, expected) in [
        (
            RetryPolicy::interactive(),
            "315",
            now,
            "Graph asks to wait 315s, but `max_retry_after` is 30s",
        ),
        (RetryPolicy::never(), "1", now, "`max_attempts` is 1"),
        (
            RetryPolicy::default(),
            "300",
            now + Duration::from_secs(500),
            "the next attempt would begin after `max_total`, which is 600s",
        ),
    ] {
        assert_eq!(limit(policy, asked, at).as_deref(), Some(expected));
    }
    // A limit is not the reason if no attempt would help.
    let mut attempts = update(&RetryPolicy::never());
    assert_eq!(after(&mut attempts, 400, ""), None);
    assert_eq!(attempts.retry_limit(), None);
}

#[test]
fn only_an_idempotent_request_is_retried_if_it_may_have_been_applied() {
    let policy = RetryPolicy::default();
    let now = Instant::now();
    assert!(after(&mut update(&policy), 504, "").is_some());
    assert!(update(&policy).after_loss(Fate::Unknown, now).is_some());
    assert_eq!(after(&mut delete(&policy), 504, ""), None);
    assert_eq!(delete(&policy).after_loss(Fate::Unknown, now), None);
    assert!(delete(&policy).after_loss(Fate::NotSent, now).is_some());
    // Not from Graph.
    assert_eq!(after(&mut delete(&policy), 503, ""), None);
}

#[test]
fn the_time_for_a_call_is_limited() {
    let policy = RetryPolicy::default();
    let late = Instant::now() + policy.max_total;
    assert_eq!(update(&policy).after_loss(Fate::NotSent, late), None);
}
