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
    assert_eq!(after(&mut attempts, 429, "31"), None);
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
