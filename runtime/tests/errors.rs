//! What an error tells its user: the kind, the answers to the usual questions, and a message without repetitions.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod loopback;

use std::collections::BTreeSet;
use std::time::Duration;

use loopback::{Loopback, Play, answer};
use msgraph_runtime::auth::{TokenError, TokenSource};
use msgraph_runtime::error::{BodyError, BodyProblem, RequestError};
use msgraph_runtime::request::{Batch, Root};
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Error, ErrorKind, Fate, Nullable, Request,
    RetryPolicy,
};
use serde_json::json;

// A larger error makes clippy complain about the functions of users (`result_large_err`).
const _: () = assert!(size_of::<Error>() == size_of::<usize>());
const _: fn() = || {
    fn needs<T: std::error::Error + Send + Sync + 'static>() {}
    needs::<Error>();
};

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
static EMPTY: Patch = Patch { length: None };

fn update() -> Request<'static> {
    Request::patch("v1.0", "/policies/tap", &[], &PATCH).permissions(&["Policy.ReadWrite.X"])
}

fn client(root: &str, tokens: impl TokenSource) -> Client {
    let policy = RetryPolicy {
        max_attempts: 2,
        base_delay: Duration::from_millis(2),
        ..RetryPolicy::interactive()
    };
    Client::builder(Cloud::Global, tokens)
        .root(root.parse().unwrap())
        .retry(policy)
        .attempt_timeout(Duration::from_millis(300))
        .build()
        .unwrap()
}

/// The error of an update, to which the server responds like this.
async fn after(script: impl IntoIterator<Item = Play>) -> Error {
    let server = Loopback::play(script).await;
    let client = client(&server.root, AccessToken::new("eyJ0eXAi.a-token").unwrap());
    client.send(update()).await.unwrap_err()
}

async fn without_token(error: TokenError) -> Error {
    let source = move |_| {
        let error = error.clone();
        async { Err(error) }
    };
    let client = client("http://127.0.0.1:1", source);
    client.send(update()).await.unwrap_err()
}

async fn rejected(status: u16, code: &str) -> Error {
    let body = json!({ "error": { "code": code, "message": "The message." } }).to_string();
    let headers = [("request-id", "r-1"), ("retry-after", "40")];
    after([answer(status, &headers, &body)]).await
}

async fn of_batch(responses: serde_json::Value) -> Vec<Error> {
    let json = ("content-type", "application/json");
    let body = json!({ "responses": responses }).to_string();
    let server = Loopback::play([answer(200, &[json], &body)]).await;
    let client = client(&server.root, AccessToken::new("eyJ0eXAi.a-token").unwrap());
    let mut batch = Batch::new();
    let first = batch.push(update());
    batch.push_after(&[first.id()], update());
    let results = client.send_batch(batch).await.into_rest();
    results.into_iter().filter_map(Result::err).collect()
}

#[derive(Debug)]
struct Caused(&'static str, Option<Box<Caused>>);
impl std::fmt::Display for Caused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
impl std::error::Error for Caused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

fn dns() -> Caused {
    let cause = Caused("no such host", None);
    Caused("the sign-in service is unreachable", Some(Box::new(cause)))
}

async fn of_every_kind() -> Vec<Error> {
    let root = "http://graph.microsoft.com".parse::<Root>();
    let setup = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap());
    let lost = client(
        "http://127.0.0.1:1",
        AccessToken::new("eyJ0eXAi.a-token").unwrap(),
    );
    let header = update().header("authorization", "Bearer x");
    let json = ("content-type", "application/json");
    let body = BodyError::new(BodyProblem::SentinelMember).within("state");
    let costly = format!("[{}0]", "0,".repeat(5 << 20));
    let cut =
        b"HTTP/1.1 200 X\r\ncontent-length: 90\r\ncontent-type: application/json\r\n\r\n{\"a\":";
    let mut errors = vec![
        Error::from(root.unwrap_err()),
        setup.user_agent("a\nb").build().unwrap_err(),
        lost.send(header).await.unwrap_err(),
        lost.send(Request::patch("v1.0", "/policies/tap", &[], &EMPTY))
            .await
            .unwrap_err(),
        Error::from(RequestError::from(body)),
        lost.send(update()).await.unwrap_err(),
        lost.send(update().to_get()).await.unwrap_err(),
        without_token(TokenError::new("sign in first")).await,
        without_token(TokenError::with_source("sign in first", dns())).await,
        without_token(TokenError::with_source(dns().to_string(), dns())).await,
        without_token(TokenError::with_source("sign in: no such host", dns())).await,
        Error::from(TokenError::new("the token is empty")),
        Error::from(RequestError::LinkCycle),
        after([Play::Drop, Play::Drop]).await,
        after([Play::Hang(Duration::from_secs(2)), Play::Drop]).await,
        after([Play::Drop, answer(400, &[], "")]).await,
        after([Play::Half(cut.to_vec()), Play::Half(cut.to_vec())]).await,
        after([answer(200, &[json], &costly)]).await,
        after([answer(302, &[("location", "https://login.example")], "")]).await,
        after([answer(302, &[], "")]).await,
        after([answer(
            200,
            &[("content-type", "text/html")],
            "<title>Sign in</title>",
        )])
        .await,
        after([answer(204, &[("client-request-id", "another")], "")]).await,
        after([answer(200, &[json], "{\"error\":{\"code\":\"Odd\"}}")]).await,
        after([answer(
            404,
            &[("content-type", "text/html")],
            "<title>Proxy</title>",
        )])
        .await,
    ];
    for status in [400, 401, 403, 404, 409, 410, 412, 429, 500, 503, 504] {
        errors.push(rejected(status, "TheCode").await);
    }
    let missing = of_batch(json!([])).await;
    let failed = of_batch(json!([
        { "id": "0", "status": 400, "body": { "error": { "code": "Bad", "message": "No." } } },
        { "id": "1", "status": 424, "body": { "error": { "code": "FailedDependency" } } },
    ]))
    .await;
    errors.extend(missing.into_iter().chain(failed));
    errors
}

/// The parts of a message between its punctuation.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(['\n', ';', '(', ')']);
    let parts = parts.flat_map(|part| part.split(": "));
    parts
        .map(str::trim)
        .filter(|part| part.len() > 3 && !part.starts_with("Caused by"))
}

#[tokio::test]
async fn no_kind_of_error_repeats_a_sentence_under_anyhow() {
    let mut kinds = BTreeSet::new();
    for error in of_every_kind().await {
        let line = error.to_string();
        assert!(!line.contains('\n') && !line.is_empty(), "{line}");
        let kind = format!("{:?}", error.kind());
        let debug = format!("{error:?}");
        assert!(debug.starts_with(&format!("{line}\n")), "{debug}");
        kinds.insert(kind);
        let error = anyhow::Error::from(error);
        for shown in [format!("{error:#}"), format!("{error:?}")] {
            assert!(shown.starts_with(&line), "{shown}");
            // Follows if RUST_BACKTRACE is set.
            let shown = shown
                .split("\n\nStack backtrace")
                .next()
                .unwrap_or_default();
            for sentence in sentences(shown) {
                let count = shown.matches(sentence).count();
                assert_eq!(count, 1, "{sentence:?} is repeated in {shown}");
            }
        }
    }
    let expected = [
        ErrorKind::Setup,
        ErrorKind::Request,
        ErrorKind::Token,
        ErrorKind::Transport,
        ErrorKind::TooLarge,
        ErrorKind::Service,
        ErrorKind::Redirect,
        ErrorKind::InvalidResponse,
        ErrorKind::Dependency,
    ];
    assert_eq!(kinds, expected.map(|kind| format!("{kind:?}")).into());
}

#[tokio::test]
async fn causes_of_a_token_error_that_its_message_lacks_are_the_source() {
    for (message, expected) in [
        (
            "sign in first",
            "sign in first: the sign-in service is unreachable: no such host",
        ),
        (
            "sign in first: the sign-in service is unreachable",
            "sign in first: the sign-in service is unreachable: no such host",
        ),
        ("sign in: no such host", "sign in: no such host"),
    ] {
        let error = without_token(TokenError::with_source(message, dns())).await;
        let whole = error.token_error().and_then(std::error::Error::source);
        assert!(whole.is_some_and(|cause| cause.is::<Caused>()), "{error}");
        let shown = format!("{:#}", anyhow::Error::from(error));
        let expected = format!("PATCH /v1.0/policies/tap: no token: {expected}");
        assert_eq!(shown, expected);
    }
}

#[tokio::test]
async fn the_usual_questions() {
    for (status, answers) in [
        (400, ""),
        (401, "denied"),
        (403, "denied"),
        (404, "not found"),
        (409, "conflict"),
        (410, "not found"),
        (412, "conflict"),
        (429, "throttled"),
        (504, "timeout"),
    ] {
        let error = rejected(status, "TheCode").await;
        let yes = [
            (error.is_not_found(), "not found"),
            (error.is_denied(), "denied"),
            (error.is_conflict(), "conflict"),
            (error.is_throttled(), "throttled"),
            (error.is_timeout(), "timeout"),
        ];
        let yes = yes.iter().filter(|(is, _)| *is).map(|(_, name)| *name);
        assert_eq!(yes.collect::<String>(), answers, "{status}");
        assert_eq!(error.kind(), ErrorKind::Service);
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.code(), Some("TheCode"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(40)));
        assert_eq!(error.service().unwrap().message(), "The message.");
        assert_eq!(error.call().unwrap().attempts, 1);
    }
    let lost = after([
        Play::Hang(Duration::from_secs(2)),
        Play::Hang(Duration::from_secs(2)),
    ])
    .await;
    assert_eq!(
        (lost.kind(), lost.fate()),
        (ErrorKind::Transport, Fate::Unknown)
    );
    assert!(lost.is_timeout() && !lost.is_throttled(), "{lost}");
    assert_eq!(
        (lost.status(), lost.code(), lost.retry_after()),
        (None, None, None)
    );
}

#[tokio::test]
async fn a_404_of_a_proxy_does_not_mean_that_the_resource_is_missing() {
    for (headers, body) in [
        (
            &[("content-type", "text/html")][..],
            "<title>Not here</title>",
        ),
        (&[], ""),
    ] {
        let error = after([answer(404, headers, body)]).await;
        assert_eq!(error.status(), Some(404));
        assert!(!error.is_not_found(), "{error}");
    }
    assert!(
        after([answer(404, &[("request-id", "r-1")], "")])
            .await
            .is_not_found()
    );
}

#[tokio::test]
async fn debug_has_the_details_of_the_response() {
    let body = json!({ "error": { "code": "BadRequest", "message": "No.", "details": [
        { "code": "OutOfRange", "message": "8 to 48.", "target": "defaultLength" },
    ] } });
    let error = after([answer(400, &[], &body.to_string())]).await;
    assert!(!error.to_string().contains("8 to 48."), "{error}");
    assert!(format!("{error:?}").contains("8 to 48."), "{error:?}");
    assert!(format!("{error:#?}").contains("8 to 48."), "{error:#?}");
}
