//! The spans of a call, named as in OpenTelemetry's conventions, and the headers that continue a trace.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

mod logs;
mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use logs::Logs;
use loopback::{Loopback, Play, answer};
use msgraph_runtime::auth::{TokenError, TokenRequest};
use msgraph_runtime::request::{Batch, CollectionBody};
use msgraph_runtime::sans_io::http::HeaderMap;
use msgraph_runtime::{AccessToken, Client, ClientBuilder, Cloud, Request, RetryPolicy};

const TOKEN: &str = "eyJ0eXAi.token-that-must-not-leak";

fn builder(server: &Loopback) -> ClientBuilder {
    Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy {
            max_attempts: 2,
            base_delay: Duration::from_millis(1),
            ..RetryPolicy::interactive()
        })
        .attempt_timeout(Duration::from_millis(300))
}

fn read() -> Request<'static> {
    Request::get("v1.0", "/users/{id}", &[&"adele"])
        .query("$select", "secretQuery")
        .reading()
}

/// The lines of spans and what is recorded in them, with the port as `PORT`, and the id of the call as `ID`.
fn spans(logs: &Logs, server: &Loopback) -> Vec<String> {
    let port = server.root.rsplit_once(':').unwrap().1;
    let lines = logs.lines("").into_iter();
    let lines = lines.filter(|line| line.contains(" span ") || line.starts_with("record "));
    let shown = lines.map(|line| {
        let line = line.replace(port, "PORT");
        match line.split_once("client_request_id=") {
            Some((before, after)) => {
                let after = after.split_once(' ').map_or("", |(_, rest)| rest);
                format!("{before}client_request_id=ID {after}")
                    .trim_end()
                    .to_owned()
            }
            None => line,
        }
    });
    shown.collect()
}

/// What is recorded of a call with this script: of its last attempt, then of the call.
async fn recorded(script: impl IntoIterator<Item = Play>) -> [String; 2] {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.clone());
    let server = Loopback::play(script).await;
    let _ = builder(&server).build().unwrap().send(read()).await;
    let everything = logs.lines("").concat();
    for secret in ["adele", "secretQuery", TOKEN] {
        assert!(!everything.contains(secret), "{everything}");
    }
    let records = logs.lines("record ").join("");
    let records: Vec<&str> = records.split("record ").collect();
    let of_call = records
        .iter()
        .position(|line| line.starts_with("http.request.resend_count"))
        .unwrap();
    let (attempts, call) = records.split_at(of_call - 1);
    let status = |line: &&&str| line.starts_with("http.response.status_code");
    let last = attempts.iter().rposition(|line| status(&line)).unwrap_or(0);
    [attempts[last..].join(" "), call.join(" ")]
}

#[tokio::test]
async fn a_call_has_a_span_and_each_attempt_has_one() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.clone());
    let server = Loopback::play([
        answer(429, &[("retry-after", "0")], ""),
        answer(
            200,
            &[("content-type", "application/json"), ("request-id", "r-1")],
            "{}",
        ),
    ])
    .await;
    builder(&server)
        .build()
        .unwrap()
        .send(read())
        .await
        .unwrap();
    let of_request = "http.request.method=\"GET\" url.template=/v1.0/users/{id} \
                      server.address=\"127.0.0.1\" server.port=PORT";
    let attempt = format!(
        "INFO span graph_attempt otel.name=GET /v1.0/users/{{id}} otel.kind=\"client\" {of_request}"
    );
    let call = format!("INFO span graph_request {of_request} client_request_id=ID");
    let expected = [
        call.as_str(),
        &attempt,
        "record http.response.status_code=429",
        "record error.type=429",
        "record otel.status_code=\"ERROR\"",
        &format!("{attempt} http.request.resend_count=1"),
        "record http.response.status_code=200",
        "record http.response.status_code=200",
        "record http.request.resend_count=1",
        "record request_id=\"r-1\"",
    ];
    assert_eq!(spans(&logs, &server), expected);
    let events = logs.lines("retrying");
    assert!(
        events[0].contains("http.request.resend_count=1 http.response.status_code=429 wait_ms="),
        "{events:?}"
    );
}

#[tokio::test]
async fn the_error_type_is_the_status_or_what_failed() {
    let json = [("content-type", "application/json")];
    let html = [("content-type", "text/html")];
    let elsewhere = [("location", "https://elsewhere.example/?secretQuery")];
    let half = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    let scripts = [
        (vec![answer(404, &json, "{}")], "404"),
        (vec![answer(307, &elsewhere, "")], "redirect"),
        (vec![answer(200, &html, "<html>")], "invalid_response"),
        (vec![Play::Drop, Play::Drop], "connection"),
        (vec![Play::Half(half.to_vec()), Play::Drop], "connection"),
        (
            vec![
                Play::Hang(Duration::from_secs(5)),
                Play::Hang(Duration::from_secs(5)),
            ],
            "timeout",
        ),
    ];
    for (script, expected) in scripts {
        let expected = format!("error.type={expected}");
        for recorded in recorded(script).await {
            assert!(recorded.contains(&expected), "{expected}: {recorded}");
        }
    }
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.clone());
    let expired = |_: TokenRequest| async { Err(TokenError::new("expired")) };
    let client = Client::builder(Cloud::UsGovL4, expired).build().unwrap();
    client.send(read()).await.unwrap_err();
    assert_eq!(logs.lines("error.type=token").len(), 1);
    assert!(logs.lines("graph_attempt").is_empty());
    let address = "server.address=\"graph.microsoft.us\" server.port=443";
    assert_eq!(logs.lines(address).len(), 1);
}

#[tokio::test]
async fn a_batch_has_a_span_and_its_items_have_events() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.clone());
    let responses = r#"{"responses":[{"id":"0","status":204},{"id":"1","status":404,"body":{}}]}"#;
    let server = Loopback::play([answer(
        200,
        &[("content-type", "application/json")],
        responses,
    )])
    .await;
    let body = CollectionBody::from(["a".to_owned()]);
    let mut batch = Batch::new();
    batch.push(Request::put(
        "v1.0",
        "/domains/{id}/names",
        &[&"adele"],
        &body,
    ));
    batch.push(read());
    let client = builder(&server).build().unwrap();
    assert_eq!(client.send_batch(batch).await.into_rest().len(), 2);
    let of_request = "http.request.method=\"POST\" url.template=/v1.0/$batch \
                      server.address=\"127.0.0.1\" server.port=PORT";
    let expected = [
        &format!("INFO span graph_batch {of_request} items=2 client_request_id=ID"),
        &format!(
            "INFO span graph_attempt otel.name=POST /v1.0/$batch otel.kind=\"client\" {of_request}"
        ),
        "record http.response.status_code=200",
        "record http.response.status_code=200",
        "record http.request.resend_count=0",
    ];
    assert_eq!(spans(&logs, &server), expected);
    let items = logs.lines("message=item of a batch index");
    assert_eq!(items.len(), 2, "{items:?}");
    assert!(items[1].contains(
        "index=1 http.request.method=\"GET\" url.template=/v1.0/users/{id} \
         http.response.status_code=404 http.request.resend_count=0 error.type=\"404\""
    ));
}

#[tokio::test]
async fn each_attempt_gets_headers_of_its_own() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.clone());
    let batch_response = r#"{"responses":[{"id":"0","status":204}]}"#;
    let server = Loopback::play([
        answer(503, &[("request-id", "r")], ""),
        answer(200, &[("content-type", "application/json")], "{}"),
        answer(200, &[("content-type", "application/json")], batch_response),
    ])
    .await;
    let attempts = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&attempts);
    let client = builder(&server)
        .attempt_headers(move || {
            assert_eq!(logs.entered(), Some("graph_attempt"));
            let attempt = counter.fetch_add(1, Ordering::Relaxed);
            let mut headers = HeaderMap::new();
            let mut add = |name: &'static str, value: &str| {
                headers.append(name, value.parse().unwrap());
            };
            add(
                "traceparent",
                &format!("00-0af7651916cd43dd8448eb211c80319c-{attempt:016x}-01"),
            );
            add("tracestate", "a=1");
            add("tracestate", "b=2");
            add("prefer", "return=minimal");
            add("authorization", "Bearer other");
            add("host", "elsewhere.example");
            add("client-request-id", "other");
            headers
        })
        .build()
        .unwrap();
    client
        .send(read().header("prefer", "odata.maxpagesize=5"))
        .await
        .unwrap();
    let mut batch = Batch::new();
    batch.push(read());
    assert_eq!(client.send_batch(batch).await.into_rest().len(), 1);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for (attempt, request) in seen.iter().enumerate() {
        let expected = format!("00-0af7651916cd43dd8448eb211c80319c-{attempt:016x}-01");
        assert_eq!(request.header("traceparent"), expected);
        let states = request
            .headers
            .iter()
            .filter(|(name, _)| name == "tracestate");
        assert_eq!(states.count(), 2);
        assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
        assert!(request.header("host").starts_with("127.0.0.1"));
        assert_ne!(request.header("client-request-id"), "other");
    }
    assert_eq!(seen[0].header("prefer"), "odata.maxpagesize=5");
}
