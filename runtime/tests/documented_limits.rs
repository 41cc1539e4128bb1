//! Ranges and bounds of numbers, checked before a request is sent.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

mod logs;
mod loopback;

use logs::Logs;
use loopback::{Loopback, answer};
use msgraph_runtime::error::RequestError;
use msgraph_runtime::request::{Batch, LimitCheck};
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Error, Fate, Null, Nullable, Request,
};
use serde_json::{Value as Untyped, json};

struct Policy {
    shortest: Option<Nullable<i32>>,
    longest: Option<Nullable<i32>>,
    default: Option<Nullable<i32>>,
    window: Option<Nullable<Window>>,
    windows: Option<Vec<Window>>,
}
__rt::body! {
    Policy: "microsoft.graph.policy";
    limits "shortest" Minimum 10,
        "longest" Maximum 43200,
        "default" Between "shortest" "longest";
    "shortest" shortest;
    "longest" longest;
    "default" default;
    "window" window;
    "windows" windows;
}

struct Window {
    from: Option<Nullable<f64>>,
    to: Option<Nullable<f64>>,
}
__rt::body! {
    Window: "microsoft.graph.window";
    limits "from" Minimum -5,
        "to" Between "from" "from";
    "from" from;
    "to" to;
}

fn policy(shortest: i32, default: i32, longest: i32) -> Policy {
    let value = |number: i32| (number != 0).then_some(Nullable::Value(number));
    Policy {
        shortest: value(shortest),
        longest: value(longest),
        default: value(default),
        ..Policy::default()
    }
}

fn window(from: f64, to: Option<f64>) -> Window {
    Window {
        from: Some(from.into()),
        to: to.map(Nullable::Value),
    }
}

fn update(policy: &Policy) -> Request<'_> {
    Request::patch("v1.0", "/policy/{id}", &[&"secret-key"], policy)
}

fn violations(policy: &Policy, current: &Untyped) -> Vec<String> {
    let found = update(policy).limit_violations_from(current).unwrap();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn the_body_alone_is_checked() {
    let rows: [(Policy, &[&str]); 7] = [
        (policy(10, 60, 43_200), &[]),
        (policy(0, 60, 0), &[]),
        (
            policy(9, 0, 43_201),
            &[
                "`shortest` is 9, less than its minimum 10",
                "`longest` is 43201, more than its maximum 43200",
            ],
        ),
        (
            policy(10, 60, 50),
            &["`default` is 60, more than `longest`, which is 50"],
        ),
        (
            policy(70, 60, 0),
            &["`default` is 60, less than `shortest`, which is 70"],
        ),
        (
            Policy {
                window: Some(Nullable::Value(window(-5.5, Some(-5.25)))),
                windows: Some(vec![window(-5.0, None), window(-6.0, None)]),
                ..Policy::default()
            },
            &[
                "`from` is -5.5, less than its minimum -5",
                "`to` is -5.25, more than `from`, which is -5.5",
                "`from` is -6, less than its minimum -5",
            ],
        ),
        (
            Policy {
                shortest: Some(Null),
                ..policy(0, 1, 0)
            },
            &[],
        ),
    ];
    for (policy, expected) in rows {
        assert_eq!(violations(&policy, &Untyped::Null), expected, "{policy:?}");
    }
}

#[test]
fn the_state_after_the_update_is_checked() {
    let current = json!({
        "shortest": 30, "default": 60, "longest": 480, "window": { "from": 1, "to": 1 }
    });
    // The bound and the value may each be the current one.
    let longer = violations(&policy(0, 481, 0), &current);
    assert_eq!(
        longer,
        ["`default` is 481, more than `longest`, which is 480"]
    );
    let shorter = violations(&policy(0, 0, 59), &current);
    assert_eq!(
        shorter,
        ["`default` is 60, more than `longest`, which is 59"]
    );
    assert!(violations(&policy(20, 25, 0), &current).is_empty());
    let nested = Policy {
        window: Some(Nullable::Value(window(2.0, None))),
        ..Policy::default()
    };
    assert_eq!(
        violations(&nested, &current),
        ["`to` is 1, less than `from`, which is 2"]
    );
    // Not changed by the update, so the limit is outdated or the value is older than it.
    let unusual = json!({ "shortest": 5, "default": 600, "longest": 480 });
    assert!(violations(&policy(5, 0, 0), &unusual).is_empty());
    assert!(violations(&policy(5, 600, 480), &unusual).is_empty());
    // A cleared bound.
    let cleared = Policy {
        longest: Some(Null),
        ..policy(0, 481, 0)
    };
    assert!(violations(&cleared, &current).is_empty());
    // A PUT replaces the resource, so the current bounds are gone.
    let body = policy(0, 481, 0);
    let put = Request::put("v1.0", "/policy", &[], &body);
    assert!(put.limit_violations_from(&current).unwrap().is_empty());
}

fn client(server: &Loopback, check: LimitCheck) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi").unwrap())
        .root(server.root.parse().unwrap())
        .limit_check(check)
        .build()
        .unwrap()
}

fn is_of_limits(error: &Error) -> bool {
    matches!(error.request_error(), Some(RequestError::Limits(_))) && error.fate() == Fate::NotSent
}

#[tokio::test]
async fn a_warning_names_the_limit_but_no_value() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.clone());
    let server = Loopback::play([answer(204, &[], "")]).await;
    let client = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi").unwrap())
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    client.send(update(&policy(7, 60, 50))).await.unwrap();
    assert_eq!(server.seen().len(), 1);
    let warnings = logs.lines("WARN");
    assert_eq!(
        warnings,
        [
            "WARN event message=the request violates a documented limit \
             http.request.method=\"PATCH\" url.template=/v1.0/policy/{id} \
             type=\"microsoft.graph.policy\" property=\"shortest\" limit=\"minimum 10\"",
            "WARN event message=the request violates a documented limit \
             http.request.method=\"PATCH\" url.template=/v1.0/policy/{id} \
             type=\"microsoft.graph.policy\" property=\"default\" limit=\"at most `longest`\"",
        ]
    );
    let off = Loopback::play([answer(204, &[], "")]).await;
    let sent = self::client(&off, LimitCheck::Off)
        .send(update(&policy(7, 0, 0)))
        .await;
    assert_eq!(sent.unwrap().status, 204);
    assert_eq!(logs.lines("WARN").len(), 2);
}

#[tokio::test]
async fn a_rejected_request_is_not_sent() {
    let server = Loopback::play([answer(
        200,
        &[("content-type", "application/json")],
        r#"{"responses":[{"id":"1","status":204}]}"#,
    )])
    .await;
    let client = client(&server, LimitCheck::Reject);
    let (wrong, right) = (policy(7, 0, 43_201), policy(10, 0, 0));
    let error = client.send(update(&wrong)).await.unwrap_err();
    assert!(is_of_limits(&error));
    assert_eq!(
        error.to_string(),
        "not sent: the body violates a documented limit: `shortest` is 7, less than its minimum 10; \
         `longest` is 43201, more than its maximum 43200"
    );
    let mut batch = Batch::new();
    let rejected = batch.push(update(&wrong));
    let sent = batch.push(update(&right));
    let mut responses = client.send_batch(batch).await;
    assert!(is_of_limits(&responses.take(rejected).unwrap_err()));
    assert_eq!(responses.take(sent).unwrap().status, 204);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn send_changes_reads_the_bounds() {
    let json = [("content-type", "application/json")];
    let current = r#"{"default":60,"shortest":10,"longest":480}"#;
    let server = Loopback::play([
        answer(200, &json, current),
        answer(200, &json, current),
        answer(204, &[], ""),
        answer(200, &json, current),
        answer(204, &[], ""),
    ])
    .await;
    let reject = client(&server, LimitCheck::Reject);
    let too_long = policy(0, 481, 0);
    let error = reject.send_changes(update(&too_long)).await.unwrap_err();
    assert!(is_of_limits(&error), "{error}");
    let longer = policy(0, 90, 0);
    let changed = reject.send_changes(update(&longer)).await.unwrap();
    assert!(changed.sent().is_some());
    let off = client(&server, LimitCheck::Off);
    off.send_changes(update(&too_long)).await.unwrap();
    let lines: Vec<String> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(
        lines,
        [
            "GET /v1.0/policy/secret-key?$select=default,longest,shortest HTTP/1.1",
            "GET /v1.0/policy/secret-key?$select=default,longest,shortest HTTP/1.1",
            "PATCH /v1.0/policy/secret-key HTTP/1.1",
            "GET /v1.0/policy/secret-key?$select=default HTTP/1.1",
            "PATCH /v1.0/policy/secret-key HTTP/1.1",
        ]
    );
    let known = json!({ "shortest": 10, "longest": 480 });
    let error = reject.send_changes_from(update(&too_long), &known).await;
    assert!(is_of_limits(&error.unwrap_err()));
}
