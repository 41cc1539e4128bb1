//! Requests on the wire, and the results of responses, with a loopback server.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use loopback::{Loopback, Play, answer};
use msgraph_runtime::auth::TokenRequest;
use msgraph_runtime::error::ResponseError;
use msgraph_runtime::request::Root;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, ClientBuilder, Cloud, Error, Fate, Nullable, Request,
    RetryPolicy,
};

const TOKEN: &str = "eyJ0eXAi.token-that-must-not-leak";

struct Patch {
    length: Option<Nullable<i32>>,
}
__rt::body! {
    Patch: "microsoft.graph.policy";
    "defaultLength" length;
}

static PATCH: Patch = Patch {
    length: Some(Nullable::Value(12)),
};

fn update() -> Request<'static> {
    Request::patch("v1.0", "/policies/tap", &[], &PATCH)
        .permissions(&["Policy.ReadWrite.X"])
        .roles(&["Policy Admin"])
}

fn builder(server: &Loopback) -> ClientBuilder {
    Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(server.root.parse::<Root>().unwrap())
        .retry(quick_policy())
}

fn quick_policy() -> RetryPolicy {
    RetryPolicy {
        base_delay: Duration::from_millis(2),
        max_total: Duration::from_secs(5),
        ..RetryPolicy::default()
    }
}

async fn failed(server: &Loopback) -> Error {
    builder(server)
        .build()
        .unwrap()
        .send(update())
        .await
        .expect_err("the server refuses")
}

fn hides_the_token(error: &Error) {
    let mut shown = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(next) = source {
        shown.push_str(&format!("{next} {next:?}"));
        source = next.source();
    }
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn the_request_of_an_update() {
    let server = Loopback::play([answer(
        204,
        &[("request-id", "r-1"), ("etag", "W/\"2\"")],
        "",
    )])
    .await;
    let client = builder(&server).build().unwrap();
    let outcome = client.send(update()).await.unwrap();
    assert_eq!(
        (outcome.status, &outcome.value, outcome.attempts),
        (204, &None, 1)
    );
    assert_eq!(outcome.request_id.as_deref(), Some("r-1"));
    assert_eq!(outcome.etag.unwrap().as_str(), "W/\"2\"");

    let [request] = <[_; 1]>::try_from(server.seen()).unwrap();
    assert_eq!(request.line, "PATCH /v1.0/policies/tap HTTP/1.1");
    assert_eq!(request.body, r#"{"defaultLength":12}"#);
    assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(
        Some(request.header("client-request-id")),
        outcome.client_request_id.as_deref()
    );
    assert_eq!(request.header("client-request-id").len(), 36);
    assert_eq!(request.header("referer"), "");
    assert!(request.header("user-agent").starts_with("msgraph-runtime/"));
    assert!(!format!("{client:?}").contains(TOKEN));
}

#[tokio::test]
async fn kinds_of_success() {
    let server = Loopback::play([
        answer(
            200,
            &[("content-type", "application/json")],
            r#"{"@odata.etag":"W/\"7\"","defaultLength":12}"#,
        ),
        answer(
            202,
            &[("location", "https://graph.microsoft.com/v1.0/ops/1")],
            "",
        ),
        answer(
            200,
            &[("content-type", "text/html")],
            "<html><title>Sign in to WLAN</title></html>",
        ),
    ])
    .await;
    let client = builder(&server).build().unwrap();
    let returned = client.send(update()).await.unwrap();
    assert_eq!(returned.value.unwrap()["defaultLength"], 12);
    assert_eq!(returned.etag.unwrap().as_str(), "W/\"7\"");
    let accepted = client.send(update()).await.unwrap();
    assert_eq!((accepted.status, accepted.value), (202, None));
    let monitor = "https://graph.microsoft.com/v1.0/ops/1";
    assert_eq!(accepted.location.as_deref(), Some(monitor));
    let portal = client.send(update()).await.unwrap_err();
    assert!(portal.to_string().contains("Sign in to WLAN"), "{portal}");
    assert_eq!(portal.fate(), Fate::Unknown);
}

#[tokio::test]
async fn a_rejection_is_one_line_that_says_what_to_do() {
    let body = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient \"privileges\"\nto do it.",
        "innerError":{"date":"2026-01-01T00:00:00","request-id":"r-2","client-request-id":"c-2"}}}"#;
    let server = Loopback::play([answer(403, &[("content-type", "application/json")], body)]).await;
    let error = failed(&server).await;
    hides_the_token(&error);
    assert_eq!(
        error.to_string(),
        "PATCH /v1.0/policies/tap: 403 Forbidden, Authorization_RequestDenied: Insufficient \"privileges\" to do it; \
         the least privileged permission is Policy.ReadWrite.X, with role Policy Admin for a signed-in user; \
         higher ones also suffice (see `msgraph explain`); \
         request-id r-2"
    );
    assert_eq!(
        (error.status(), error.code()),
        (Some(403), Some("Authorization_RequestDenied"))
    );
    assert_eq!(error.call().unwrap().attempts, 1);
    assert_eq!(error.fate(), Fate::Rejected);
}

#[tokio::test]
async fn redirects_are_errors_and_not_followed() {
    let elsewhere = Loopback::play([answer(204, &[], "")]).await;
    let location = format!("{}/v1.0/policies/tap", elsewhere.root);
    for status in [301, 302, 303, 307, 308] {
        let server = Loopback::play([answer(status, &[("location", &location)], "")]).await;
        let error = failed(&server).await;
        assert!(
            matches!(error.response_error(), Some(ResponseError::Redirect { .. })),
            "{error}"
        );
        assert!(error.to_string().contains(&location), "{error}");
        assert_eq!(server.seen().len(), 1);
        hides_the_token(&error);
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn busy_responses_are_retried_with_the_same_request() {
    let server = Loopback::play([
        answer(
            429,
            &[("retry-after", "0")],
            r#"{"error":{"code":"TooManyRequests","message":"m"}}"#,
        ),
        answer(503, &[], ""),
        answer(
            409,
            &[],
            r#"{"error":{"code":"Directory_ConcurrencyViolation","message":"m"}}"#,
        ),
        answer(204, &[], ""),
    ])
    .await;
    let outcome = builder(&server)
        .build()
        .unwrap()
        .send(update().header("x-test", "kept"))
        .await
        .unwrap();
    assert_eq!(outcome.attempts, 4);
    let seen = server.seen();
    assert_eq!(seen.len(), 4);
    for request in &seen {
        let header = |name| request.header(name).to_owned();
        assert_eq!(request.body, seen[0].body);
        assert_eq!(
            (header("x-test"), header("authorization")),
            ("kept".into(), format!("Bearer {TOKEN}"))
        );
        assert_eq!(
            header("client-request-id"),
            seen[0].header("client-request-id")
        );
    }
}

#[tokio::test]
async fn attempts_and_waits_are_limited() {
    let busy = answer(503, &[], "");
    let server = Loopback::play(vec![busy; 10]).await;
    let error = failed(&server).await;
    assert_eq!(
        (server.seen().len(), error.call().unwrap().attempts),
        (4, 4)
    );

    let server = Loopback::play([answer(429, &[("retry-after", "86400")], "")]).await;
    let started = Instant::now();
    let error = failed(&server).await;
    assert!(
        error.to_string().contains("Graph asks to wait 86400s"),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_lost_update_is_retried_only_if_idempotent() {
    let script = [Play::Drop, answer(204, &[], "")];
    let server = Loopback::play(script.clone()).await;
    assert_eq!(
        builder(&server)
            .build()
            .unwrap()
            .send(update())
            .await
            .unwrap()
            .attempts,
        2
    );

    let with_tag = || update().if_match("\"1\"".parse().unwrap());
    for request in [
        with_tag(),
        update().not_idempotent(),
        Request::delete("v1.0", "/policies/tap", &[]).reading(),
    ] {
        let server = Loopback::play(script.clone()).await;
        let error = builder(&server)
            .build()
            .unwrap()
            .send(request)
            .await
            .unwrap_err();
        assert_eq!((error.fate(), server.seen().len()), (Fate::Unknown, 1));
        assert!(error.to_string().contains("not idempotent"), "{error}");
        assert!(
            error.to_string().contains("may have been applied"),
            "{error}"
        );
        hides_the_token(&error);
    }
}

#[tokio::test]
async fn a_truncated_success_is_applied() {
    let half = Play::Half(
        b"HTTP/1.1 200 OK\r\nrequest-id: r-1\r\ncontent-length: 100\r\n\r\n{\"a\":".to_vec(),
    );
    let server = Loopback::play([half]).await;
    let client = builder(&server)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.send(update()).await.unwrap_err();
    assert_eq!((error.fate(), error.status()), (Fate::Applied, Some(200)));
}

#[tokio::test]
async fn silence_ends_with_the_timeout() {
    let server = Loopback::play([Play::Hang(Duration::from_secs(20))]).await;
    let client = builder(&server)
        .retry(RetryPolicy::never())
        .attempt_timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let started = Instant::now();
    let error = client.send(update()).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(error.fate(), Fate::Unknown);
    assert!(
        error
            .to_string()
            .contains("timed out while waiting for the response"),
        "{error}"
    );
}

#[tokio::test]
async fn connection_refused_means_nothing_was_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(root.parse().unwrap())
        .retry(quick_policy())
        .build()
        .unwrap();
    let error = client.send(update()).await.unwrap_err();
    assert_eq!(
        (error.fate(), error.call().unwrap().attempts),
        (Fate::NotSent, 4)
    );
    assert!(error.to_string().contains("nothing was sent"), "{error}");
}

#[tokio::test]
async fn an_oversized_error_is_truncated() {
    let body = format!(
        r#"{{"error":{{"code":"x","message":"{}"}}}}"#,
        "m".repeat(1 << 20)
    );
    let server = Loopback::play([answer(400, &[], &body)]).await;
    let error = failed(&server).await;
    assert_eq!(error.status(), Some(400));
    assert!(format!("{error} {error:?}").len() < 4096);
}

#[tokio::test]
async fn a_claims_challenge_is_answered_once_with_a_new_token() {
    // base64 of {"access_token":{"nbf":{"essential":true,"value":"1"}}}
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
    let encoded = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxIn19fQ==";
    let header = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{encoded}\"");
    let challenge = answer(
        401,
        &[("www-authenticate", &header)],
        r#"{"error":{"code":"InvalidAuthenticationToken"}}"#,
    );
    let source = |asked: &Arc<AtomicUsize>| {
        let asked = Arc::clone(asked);
        move |request: TokenRequest| {
            let number = asked.fetch_add(1, Ordering::SeqCst);
            assert_eq!(request.scope, "https://graph.microsoft.com/.default");
            assert_eq!(request.claims.is_some(), number == 1, "{request:?}");
            assert!(request.claims.is_none_or(|asked| asked == claims));
            let expires_at = SystemTime::now() + Duration::from_secs(3600);
            async move { Ok(AccessToken::new(format!("token-{number}"))?.with_expiry(expires_at)) }
        }
    };
    let asked = Arc::new(AtomicUsize::new(0));
    let server = Loopback::play([
        challenge.clone(),
        answer(204, &[], ""),
        answer(204, &[], ""),
    ])
    .await;
    let client = Client::builder(Cloud::Global, source(&asked))
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    assert_eq!(client.send(update()).await.unwrap().attempts, 2);
    client.send(update()).await.unwrap();
    let used: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").to_owned())
        .collect();
    assert_eq!(used, ["Bearer token-0", "Bearer token-1", "Bearer token-1"]);

    let asked = Arc::new(AtomicUsize::new(0));
    let server = Loopback::play([challenge.clone(), challenge]).await;
    let client = Client::builder(Cloud::Global, source(&asked))
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let error = client.send(update()).await.unwrap_err();
    assert_eq!((server.seen().len(), error.status()), (2, Some(401)));
    assert!(error.to_string().contains("sign in again"), "{error}");
}

#[tokio::test]
async fn tokens_are_shared_and_renewed_before_they_expire() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = move |_| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            // The first token expires within the time in which the client already renews it.
            let lasts = if number == 0 { 60 } else { 3600 };
            let expires_at = SystemTime::now() + Duration::from_secs(lasts);
            Ok(AccessToken::new(format!("token-{number}"))?.with_expiry(expires_at))
        }
    };
    let server = Loopback::play(vec![answer(204, &[], ""); 20]).await;
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    client.send(update()).await.unwrap();
    let sending: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.send(update()).await })
        })
        .collect();
    for task in sending {
        task.await.unwrap().unwrap();
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        2,
        "one at first, one when it was about to end"
    );
}

#[tokio::test]
async fn no_token_no_request() {
    let server = Loopback::play([]).await;
    let source = |_| async { Err(msgraph_runtime::auth::TokenError::new("sign in first")) };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let error = client.send(update()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "PATCH /v1.0/policies/tap: no token: sign in first"
    );
    assert!(server.seen().is_empty());
}

#[test]
fn plain_http_is_for_loopback_only() {
    for root in [
        "http://127.0.0.1:1",
        "http://localhost",
        "http://[::1]:80/",
        "https://graph.example:8443",
    ] {
        assert!(root.parse::<Root>().is_ok(), "{root}");
    }
    for root in [
        "http://graph.microsoft.com",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://localhost.evil.example",
        "https://a/b",
        "https://a?b",
        "https://a#b",
        "https://",
        "https://a:99999",
        "https://a:",
        "https://a\\b",
        "ftp://127.0.0.1",
        "127.0.0.1",
        "HTTP://graph.microsoft.com",
    ] {
        assert!(root.parse::<Root>().is_err(), "{root}");
    }
}
