//! The client with a hostile network, a misbehaving service, or a careless caller.
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
use msgraph_runtime::auth::{TokenError, TokenRequest};
use msgraph_runtime::error::RequestError;
use msgraph_runtime::request::{Batch, Changed, ETag};
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, ClientBuilder, Cloud, ErrorKind, Fate, Nullable,
    Request, RetryPolicy,
};
use serde_json::{Value, json};

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
}

fn quick() -> RetryPolicy {
    RetryPolicy {
        base_delay: Duration::from_millis(2),
        max_total: Duration::from_secs(5),
        ..RetryPolicy::default()
    }
}

fn builder(server: &Loopback) -> ClientBuilder {
    Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(server.root.parse().unwrap())
        .retry(quick())
}

fn client(server: &Loopback) -> Client {
    builder(server).build().unwrap()
}

fn answers(entries: Value) -> Play {
    answer(
        200,
        &[("content-type", "application/json")],
        &json!({ "responses": entries }).to_string(),
    )
}

fn of<const N: usize>(requests: [Request<'static>; N]) -> Batch<'static> {
    requests.into_iter().collect()
}

/// A token source with this token lifetime, and the number of its calls.
fn source(
    lasts: Duration,
    takes: Duration,
) -> (impl msgraph_runtime::auth::TokenSource, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = move |_: TokenRequest| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(takes).await;
            let token = AccessToken::new(format!("token-{number}"))?;
            Ok(token.with_expiry(SystemTime::now() + lasts))
        }
    };
    (source, asked)
}

// The fate of a request covers all of its attempts.

#[tokio::test]
async fn rejection_after_a_lost_attempt_is_unknown() {
    let busy = answer(429, &[], "");
    for script in [
        vec![Play::Drop, answer(400, &[], ""), answer(204, &[], "")],
        vec![answer(504, &[], ""), answer(403, &[], "")],
        vec![Play::Drop, busy.clone(), busy.clone(), busy],
    ] {
        let server = Loopback::play(script).await;
        let error = client(&server).send(update()).await.unwrap_err();
        assert_eq!(error.fate(), Fate::Unknown, "{error}");
        let text = error.to_string();
        assert!(
            text.contains("an earlier attempt may have been applied"),
            "{text}"
        );
    }
    let server = Loopback::play([answer(429, &[], ""), answer(400, &[], "")]).await;
    let error = client(&server).send(update()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::Rejected, "{error}");
}

#[tokio::test]
async fn no_connection_after_a_lost_attempt_is_unknown() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut some = [0; 16];
        tokio::io::AsyncReadExt::read(&mut stream, &mut some)
            .await
            .unwrap();
    });
    let client = Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(root.parse().unwrap())
        .retry(quick())
        .build()
        .unwrap();
    let error = client.send(update()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::Unknown, "{error}");
    let text = error.to_string();
    assert!(
        text.contains("no connection") && !text.contains("nothing was sent"),
        "{text}"
    );
}

#[tokio::test]
async fn no_token_after_a_lost_attempt_is_unknown() {
    let server = Loopback::play([Play::Drop]).await;
    let asked = AtomicUsize::new(0);
    let source = move |_| {
        let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if first {
                Ok(AccessToken::new(TOKEN)?.with_expiry(SystemTime::now()))
            } else {
                Err(TokenError::new("signed out"))
            }
        }
    };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .retry(quick())
        .build()
        .unwrap();
    let error = client.send(update()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token, "{error}");
    assert_eq!(error.fate(), Fate::Unknown, "{error}");
}

#[tokio::test]
async fn items_of_a_lost_batch_keep_its_fate() {
    let refused = json!({ "id": "0", "status": 400, "body": { "error": { "code": "Bad" } } });
    let server = Loopback::play([Play::Drop, answers(json!([refused]))]).await;
    let mut batch = Batch::new();
    let first = batch.push(update());
    batch.push_after(&[first.id()], update());
    let outcomes = client(&server).send_batch(batch).await.into_rest();
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error.fate(), Fate::Unknown, "{error}");
    }
}

// Time.

#[tokio::test]
async fn getting_a_token_does_not_count_towards_the_time_limit() {
    let server = Loopback::play([
        answer(503, &[], ""),
        answer(503, &[], ""),
        answer(503, &[], ""),
        answer(204, &[], ""),
    ])
    .await;
    let (source, asked) = source(Duration::ZERO, Duration::from_millis(300));
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy {
            max_total: Duration::from_millis(500),
            ..quick()
        })
        .build()
        .unwrap();
    assert_eq!(client.send(update()).await.unwrap().attempts, 4);
    assert_eq!(asked.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn invalid_retry_after_neither_hangs_nor_hammers() {
    let now = SystemTime::now();
    let past = httpdate::fmt_http_date(now - Duration::from_secs(86_400));
    for value in ["-5", "0", "1e9", "", "soon", "NaN", "0x10", "1,2", &past] {
        let busy = answer(429, &[("retry-after", value)], "<html>busy</html>");
        let server = Loopback::play(vec![busy; 4]).await;
        let started = Instant::now();
        let error = builder(&server)
            .retry(RetryPolicy {
                base_delay: Duration::from_millis(40),
                ..quick()
            })
            .build()
            .unwrap()
            .send(update())
            .await
            .unwrap_err();
        assert_eq!(error.call().unwrap().attempts, 4, "{value}: {error}");
        // At least 20, 40 and 80 ms.
        let took = started.elapsed();
        assert!(
            (Duration::from_millis(140)..Duration::from_secs(3)).contains(&took),
            "{value}: {took:?}"
        );
    }
    let far = httpdate::fmt_http_date(now + Duration::from_secs(1 << 33));
    for value in ["99999999999999999999999999", "18446744073709551615", &far] {
        let server = Loopback::play([answer(429, &[("retry-after", value)], "")]).await;
        let error = client(&server).send(update()).await.unwrap_err();
        assert_eq!(server.seen().len(), 1, "{value}");
        let text = error.to_string();
        assert!(text.contains("but `max_retry_after` is"), "{text}");
    }
}

#[tokio::test]
async fn slow_bodies_end_with_the_timeout() {
    for (status, of, fate) in [
        (200, "application/json", Fate::Applied),
        (200, "text/html", Fate::Unknown),
        (400, "text/html", Fate::Rejected),
    ] {
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-type: {of}\r\ncontent-length: 100000\r\n\r\n");
        let server =
            Loopback::play([Play::Drip(head.into_bytes(), Duration::from_millis(20))]).await;
        let started = Instant::now();
        let error = builder(&server)
            .retry(RetryPolicy::never())
            .attempt_timeout(Duration::from_millis(150))
            .build()
            .unwrap()
            .send(update())
            .await
            .unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(3));
        assert_eq!(
            (error.status(), error.fate()),
            (Some(status), fate),
            "{error}"
        );
    }
}

#[tokio::test]
async fn cancelling_between_attempts_sends_nothing() {
    let busy = answer(503, &[("retry-after", "2")], "");
    let server = Loopback::play([busy, answer(204, &[], "")]).await;
    let client = client(&server);
    let call = tokio::time::timeout(Duration::from_millis(300), client.send(update()));
    assert!(call.await.is_err());
    assert_eq!(server.seen().len(), 1);
    assert_eq!(client.send(update()).await.unwrap().attempts, 1);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn cancelling_while_fetching_a_token_leaves_no_lock() {
    let server = Loopback::play([answer(204, &[], "")]).await;
    let (source, asked) = source(Duration::from_secs(3600), Duration::from_millis(200));
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let call = tokio::time::timeout(Duration::from_millis(20), client.send(update()));
    assert!(call.await.is_err());
    assert_eq!(client.send(update()).await.unwrap().attempts, 1);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_client_outlives_its_async_runtime() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    let serving = runtime();
    let server = serving.block_on(Loopback::play(vec![answer(204, &[], ""); 2]));
    let client = client(&server);
    for _ in 0..2 {
        let outcome = runtime().block_on(client.send(update())).unwrap();
        assert_eq!(outcome.status, 204);
    }
}

// Tokens.

#[tokio::test]
async fn calls_waiting_for_a_token_share_its_failure() {
    let server = Loopback::play([]).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Err(TokenError::new("the window was closed"))
        }
    };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.send(update()).await })
        })
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(
            error.to_string().contains("the window was closed"),
            "{error}"
        );
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        1,
        "nobody is asked 16 times to sign in"
    );
    client.send(update()).await.unwrap_err();
    assert_eq!(asked.load(Ordering::SeqCst), 2, "a later call asks again");
}

#[tokio::test]
async fn a_hanging_token_source_times_out() {
    let server = Loopback::play([]).await;
    let client = Client::builder(Cloud::Global, |_| std::future::pending())
        .root(server.root.parse().unwrap())
        .token_timeout(Duration::from_millis(80))
        .build()
        .unwrap();
    let started = Instant::now();
    let error = client.send(update()).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(
        error.to_string().contains("did not respond within 80ms"),
        "{error}"
    );
    assert!(error.is_timeout(), "{error}");
    assert_eq!((error.fate(), server.seen().len()), (Fate::NotSent, 0));
}

#[tokio::test]
async fn malformed_challenges_fetch_no_token() {
    for challenge in [
        "Bearer claims=\"",
        "Bearer claims=",
        "Bearer error=\"insufficient_claims\", claims=\"%%%\"",
        "Bearer claims=\"W10=\"",
        "Bearer claims=\"bnVsbA==\"",
    ] {
        let server = Loopback::play([
            answer(401, &[("www-authenticate", challenge)], ""),
            answer(204, &[], ""),
        ])
        .await;
        let (source, asked) = source(Duration::from_secs(3600), Duration::ZERO);
        let client = Client::builder(Cloud::Global, source)
            .root(server.root.parse().unwrap())
            .build()
            .unwrap();
        let error = client.send(update()).await.unwrap_err();
        assert_eq!(error.status(), Some(401), "{challenge}");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert_eq!(client.send(update()).await.unwrap().attempts, 1);
        assert_eq!(
            asked.load(Ordering::SeqCst),
            2,
            "the refused token is not used again"
        );
    }
}

#[tokio::test]
async fn a_challenge_to_one_item_of_a_batch_is_answered_once() {
    let challenge = "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\"";
    let challenged = json!({ "id": "1", "status": 401,
        "headers": { "WWW-Authenticate": challenge }, "body": { "error": { "code": "InvalidAuthenticationToken" } } });
    let server = Loopback::play([
        answers(json!([{ "id": "0", "status": 204 }, challenged])),
        answers(json!([{ "id": "1", "status": 204 }])),
    ])
    .await;
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let source = move |request: TokenRequest| {
        heard.lock().unwrap().push(request.claims);
        let number = heard.lock().unwrap().len();
        async move { AccessToken::new(format!("token-{number}")) }
    };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let outcomes = client
        .send_batch(of([update(), update()]))
        .await
        .into_rest();
    let attempts: Vec<u32> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().unwrap().attempts)
        .collect();
    assert_eq!(attempts, [1, 2]);
    assert_eq!(*asked.lock().unwrap(), [None, Some("{\"a\":1}".to_owned())]);
    assert_eq!(server.seen()[1].header("authorization"), "Bearer token-2");

    let again = [answers(json!([challenged])), answers(json!([challenged]))];
    let server = Loopback::play(again).await;
    let (source, asked) = self::source(Duration::from_secs(3600), Duration::ZERO);
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let mut batch = of([Request::patch(
        "v1.0",
        "/policies/tap",
        &[],
        &Patch { length: None },
    )]);
    batch.push(update());
    let outcomes = client.send_batch(batch).await.into_rest();
    assert_eq!(outcomes[1].as_ref().unwrap_err().status(), Some(401));
    assert_eq!((server.seen().len(), asked.load(Ordering::SeqCst)), (2, 2));
}

#[tokio::test]
async fn an_echoed_token_is_not_in_the_error() {
    let said = format!("you sent: authorization: Bearer {TOKEN}");
    let graph = json!({ "error": { "code": "Bad", "message": said, "target": TOKEN } }).to_string();
    let elsewhere = format!("https://elsewhere.example/?token={TOKEN}");
    let item = json!([{ "id": "0", "status": 400, "body": { "error": { "message": said } } }]);
    let server = Loopback::play([
        answer(400, &[], &graph),
        answer(404, &[("content-type", "text/html")], &said),
        answer(200, &[("content-type", "text/html")], &said),
        answer(307, &[("location", &elsewhere)], ""),
        answer(400, &[("request-id", TOKEN)], ""),
        answers(item),
    ])
    .await;
    let client = client(&server);
    let mut errors = Vec::new();
    for _ in 0..5 {
        errors.push(client.send(update()).await.unwrap_err());
    }
    errors.extend(
        client
            .send_batch(of([update()]))
            .await
            .into_rest()
            .into_iter()
            .map(Result::unwrap_err),
    );
    for error in errors {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(TOKEN) && shown.contains("***"), "{shown}");
    }
}

// Responses.

#[tokio::test]
async fn a_truncated_or_garbled_success_is_an_error() {
    for body in [
        "{\"defaultLength\":1",
        "{\"a\":}",
        "\u{feff}",
        "[1,2",
        "nul",
    ] {
        let server =
            Loopback::play([answer(200, &[("content-type", "application/json")], body)]).await;
        let error = client(&server).send(update()).await.unwrap_err();
        assert_eq!(
            (error.status(), error.fate()),
            (Some(200), Fate::Unknown),
            "{body}: {error}"
        );
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn unrequested_compression_is_not_decoded() {
    // The beginning of 10 MB of zeros in gzip. The client never requests gzip.
    let bomb = "\u{1f}\u{fffd}\u{8}\u{0}".repeat(1 << 15);
    for status in [200, 400] {
        let server = Loopback::play([answer(status, &[("content-encoding", "gzip")], &bomb)]).await;
        let error = client(&server).send(update()).await.unwrap_err();
        assert_eq!(server.seen()[0].header("accept-encoding"), "");
        assert!(format!("{error} {error:?}").len() < 4096, "{error}");
    }
}

#[tokio::test]
async fn messages_are_one_line_of_limited_length() {
    let long = "x".repeat(8000);
    let location = format!("https://elsewhere.example/{long}");
    let server = Loopback::play([
        answer(302, &[("location", &location)], ""),
        answer(200, &[("content-type", &long)], "<html>"),
        answer(400, &[("request-id", &long)], ""),
    ])
    .await;
    let client = client(&server);
    for _ in 0..3 {
        let text = client.send(update()).await.unwrap_err().to_string();
        assert!(text.len() < 1000, "{} bytes", text.len());
    }
    let signs_out = |_| async { Err(TokenError::new("first line\nsecond line\r\n\u{1b}[31m")) };
    let client = Client::builder(Cloud::Global, signs_out)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let text = client.send(update()).await.unwrap_err().to_string();
    assert!(
        text.contains("first line second line") && !text.contains('\u{1b}'),
        "{text:?}"
    );
}

#[tokio::test]
async fn invalid_batch_responses_are_errors_of_their_items() {
    let ok = |id: Value| json!({ "id": id, "status": 204 });
    for (entries, problem) in [
        (json!([ok(json!("0"))]), "no entry"),
        (
            json!([ok(json!("0")), ok(json!("1")), { "id": "1", "status": 400 }]),
            "two entries",
        ),
        (json!([ok(json!("0")), { "id": "1" }]), "no status"),
        (
            json!([ok(json!("0")), { "id": "1", "status": 99_999 }]),
            "no status",
        ),
        (
            json!([ok(json!("0")), { "id": "1", "status": -1 }]),
            "no status",
        ),
        (json!([7, null, ok(json!(0)), ok(json!("2"))]), "no entry"),
        (
            json!([ok(json!("0")), { "id": "1", "status": 102 }]),
            "status 102",
        ),
    ] {
        let server = Loopback::play([answers(entries.clone())]).await;
        let outcomes = client(&server)
            .send_batch(of([update(), update()]))
            .await
            .into_rest();
        assert_eq!(outcomes[0].as_ref().unwrap().status, 204, "{entries}");
        let error = outcomes[1].as_ref().unwrap_err();
        assert_eq!(error.fate(), Fate::Unknown, "{entries}: {error}");
        let text = error.to_string();
        assert!(
            text.contains(problem) && !text.contains("not JSON"),
            "{entries}: {text}"
        );
    }
    for body in ["{}", "[]", "{\"responses\":{}}", "null", ""] {
        let server = Loopback::play([answer(200, &[], body)]).await;
        let outcomes = client(&server).send_batch(of([update()])).await.into_rest();
        let error = outcomes[0].as_ref().unwrap_err();
        assert_eq!(error.fate(), Fate::Unknown, "{body}: {error}");
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}: {error}");
    }
}

#[tokio::test]
async fn an_item_that_is_not_json_is_decoded_from_base64() {
    // Graph writes a body that is not JSON as base64: here of <html><title>Bad gateway</title></html>
    let page = "PGh0bWw+PHRpdGxlPkJhZCBnYXRld2F5PC90aXRsZT48L2h0bWw+";
    let html = json!({ "Content-Type": "text/html" });
    let server = Loopback::play([answers(json!([
        { "id": "0", "status": 502, "headers": html, "body": page },
        { "id": "1", "status": 200, "headers": html, "body": page },
    ]))])
    .await;
    let outcomes = client(&server)
        .send_batch(of([update(), update()]))
        .await
        .into_rest();
    for outcome in outcomes {
        let text = outcome.unwrap_err().to_string();
        assert!(text.contains("Bad gateway"), "{text}");
    }
}

// Input of the caller.

#[tokio::test]
async fn no_input_breaks_out_of_a_header_or_path() {
    let evil = "a\r\nx-injected: 1/../..?$select=x#y%2e\u{0}\u{2028}é";
    let server = Loopback::play([answer(204, &[], "")]).await;
    let client = client(&server);
    let request = Request::patch("v1.0", "/users/{id}", &[&evil], &PATCH)
        .query("$filter", evil)
        .query(evil, "v")
        .query("$select", evil);
    client.send(request).await.unwrap();
    let [seen] = <[_; 1]>::try_from(server.seen()).unwrap();
    assert_eq!(seen.header("x-injected"), "");
    let target = seen.line.split(' ').nth(1).unwrap();
    assert_eq!(seen.line.split(' ').count(), 3, "{}", seen.line);
    let (path, _) = target.split_once('?').unwrap();
    assert_eq!(path.matches('/').count(), 3, "{target}");
    assert_eq!(target.matches('?').count(), 1, "{target}");

    for (name, value) in [
        ("x-a", evil),
        (evil, "v"),
        ("", "v"),
        ("x a", "v"),
        ("x-a", "\u{7f}"),
        ("Authorization", "Bearer other"),
        ("user-agent", "other"),
        ("Referer", "https://contoso.com/secret"),
        ("expect", "100-continue"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("content-encoding", "gzip"),
    ] {
        let error = client.send(update().header(name, value)).await.unwrap_err();
        assert!(
            matches!(error.request_error(), Some(RequestError::Header { .. })),
            "{name}: {error}"
        );
    }
    for tag in [evil, "", "\"", "\"a\r\n\"", "W/", "a\"b\"", "\"a\" , \"b\""] {
        assert!(tag.parse::<ETag>().is_err(), "{tag:?}");
    }
    let agent = builder(&server).user_agent(evil).build().unwrap_err();
    assert_eq!(agent.kind(), ErrorKind::Setup, "{agent}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn batch_items_with_if_match_are_not_retried() {
    let server = Loopback::play([answers(json!([
        { "id": "0", "status": 412, "body": { "error": { "code": "PreconditionFailed" } } },
        { "id": "1", "status": 504, "body": { "error": { "code": "GatewayTimeout" } } },
    ]))])
    .await;
    let tagged = || update().if_match("W/\"7\"".parse().unwrap());
    let outcomes = client(&server)
        .send_batch(of([tagged(), tagged()]))
        .await
        .into_rest();
    let body: Value = serde_json::from_str(&server.seen()[0].body).unwrap();
    assert_eq!(body["requests"][1]["headers"]["if-match"], "W/\"7\"");
    let of = |at: usize| outcomes[at].as_ref().unwrap_err();
    assert_eq!((of(0).status(), of(0).fate()), (Some(412), Fate::Rejected));
    assert_eq!((of(1).status(), of(1).fate()), (Some(504), Fate::Unknown));
    assert_eq!(server.seen().len(), 1);
}

// Reading before writing.

#[tokio::test]
async fn a_put_is_sent_whole_with_the_etag_that_was_read() {
    let found = |body: &str| answer(200, &[("etag", "W/\"7\"")], body);
    let server = Loopback::play([
        found("{\"defaultLength\":8,\"kept\":1}"),
        answer(204, &[], ""),
        found("{\"defaultLength\":12.0}"),
        found("[]"),
        answer(204, &[], ""),
    ])
    .await;
    let client = client(&server);
    let put = || Request::put("v1.0", "/policies/tap", &[], &PATCH).if_match_required();
    let sent = client.send_changes(put()).await.unwrap();
    assert!(matches!(sent, Changed::Sent(_)));
    let unchanged = client.send_changes(put()).await.unwrap();
    assert_eq!(unchanged, Changed::AsDesired);
    let sent = client.send_changes(update()).await.unwrap();
    assert!(matches!(sent, Changed::Sent(_)));
    let seen = server.seen();
    let tags: Vec<&str> = seen.iter().map(|one| one.header("if-match")).collect();
    assert_eq!(tags, ["", "W/\"7\"", "", "", ""]);
    assert_eq!(
        seen[0].line,
        "GET /v1.0/policies/tap?$select=defaultLength HTTP/1.1"
    );
    assert_eq!(seen[1].body, r#"{"defaultLength":12}"#);
    assert!(seen[1].line.starts_with("PUT "), "{}", seen[1].line);
}

#[tokio::test]
async fn a_lost_read_is_read_only() {
    let server = Loopback::play([Play::Drop, answer(504, &[], ""), answer(400, &[], "")]).await;
    let client = client(&server);
    let error = client.send(update().to_get()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::ReadOnly);
    assert!(!error.to_string().contains("applied"), "{error}");
}

#[test]
fn items_of_a_collection_are_not_selected() {
    let body = msgraph_runtime::request::CollectionBody::from(["a".to_owned()]);
    let request = Request::put("v1.0", "/policies/tap/names", &[], &body).to_get();
    let prepared = request.prepare(&Cloud::Global.into()).unwrap();
    assert_eq!(prepared.uri().query(), None);
}

#[tokio::test]
async fn a_response_that_is_too_large_is_not_retried() {
    let large = format!("\"{}\"", "x".repeat(17 << 20));
    let json = ("content-type", "application/json");
    let server = Loopback::play(vec![answer(200, &[json], &large); 4]).await;
    let error = client(&server).send(update()).await.unwrap_err();
    assert_eq!((server.seen().len(), error.fate()), (1, Fate::Applied));
    let text = error.to_string();
    assert!(
        text.contains("the response is larger than 16 MiB") && text.contains("it was applied"),
        "{text}"
    );
    assert!(!text.contains("lost"), "{text}");
    let error = client(&server).send(update().to_get()).await.unwrap_err();
    assert_eq!((server.seen().len(), error.fate()), (2, Fate::ReadOnly));
}

#[tokio::test]
async fn a_request_can_set_its_own_timeout() {
    let server = Loopback::play([Play::Hang(Duration::from_secs(20))]).await;
    let client = builder(&server)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let started = Instant::now();
    let request = update().timeout(Duration::from_millis(80));
    let error = client.send(request).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(3), "{error}");
}

#[test]
fn a_client_is_send_and_sync() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Client>();
}
