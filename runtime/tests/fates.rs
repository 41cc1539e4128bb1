//! The fate of an update after every kind of response, for a single request and for an item of a batch, and the effect of
//! later attempts.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod loopback;

use std::time::Duration;

use loopback::{Loopback, Play, answer};
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::request::Batch;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Error, Fate, Nullable, Request, RetryPolicy,
};
use serde_json::json;

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

fn delete() -> Request<'static, ()> {
    Request::delete("v1.0", "/policies/tap", &[])
}

fn with_policy(server: &Loopback, policy: RetryPolicy) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(server.root.parse().unwrap())
        .retry(policy)
        .attempt_timeout(Duration::from_millis(700))
        .build()
        .unwrap()
}

fn patient(server: &Loopback) -> Client {
    let policy = RetryPolicy {
        base_delay: Duration::from_millis(2),
        ..RetryPolicy::default()
    };
    with_policy(server, policy)
}

const SUCCESS: Option<Fate> = None;
const APPLIED: Option<Fate> = Some(Fate::Applied);
const UNKNOWN: Option<Fate> = Some(Fate::Unknown);
const REFUSED: Option<Fate> = Some(Fate::Rejected);

const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
const HTML: (&str, &str) = ("content-type", "text/html");
const TEXT: (&str, &str) = ("content-type", "text/plain");
const ID: (&str, &str) = ("request-id", "r-1");
const PAGE: &str = "<html><title>Sign in</title></html>";
const ERROR: &str = r#"{"error":{"code":"Odd","message":"No."}}"#;
const RESOURCE: &str = r#"{"defaultLength":12}"#;

type Headers = &'static [(&'static str, &'static str)];

/// Complete responses, and the fate that each proves; `None` is a success.
const WHOLE: &[(u16, Headers, &str, Option<Fate>)] = &[
    // Successes like those of Graph, or of an emulator.
    (200, &[JSON, ID], RESOURCE, SUCCESS),
    (
        200,
        &[("content-type", "application/problem+json"), ID],
        RESOURCE,
        SUCCESS,
    ),
    (200, &[], RESOURCE, SUCCESS),
    (201, &[JSON], RESOURCE, SUCCESS),
    (200, &[ID], "", SUCCESS),
    (200, &[], "", SUCCESS),
    (200, &[ID, TEXT], "", SUCCESS),
    (202, &[ID], "", SUCCESS),
    (202, &[], "", SUCCESS),
    (202, &[JSON], RESOURCE, SUCCESS),
    (204, &[ID], "", SUCCESS),
    (204, &[], "", SUCCESS),
    (204, &[TEXT], "", SUCCESS),
    // A byte order mark before a success is skipped; alone, it is not a body.
    (200, &[JSON, ID], "\u{feff}{\"defaultLength\":12}", SUCCESS),
    (200, &[JSON, ID], "\u{feff}", UNKNOWN),
    // Not from Graph, whatever the status is.
    (200, &[HTML], PAGE, UNKNOWN),
    (200, &[HTML], "", UNKNOWN),
    (200, &[HTML, ID], PAGE, UNKNOWN),
    (200, &[HTML, ID], "", UNKNOWN),
    (200, &[HTML], RESOURCE, UNKNOWN),
    (
        200,
        &[("content-type", "application/xhtml+xml")],
        "",
        UNKNOWN,
    ),
    (201, &[HTML], PAGE, UNKNOWN),
    (202, &[HTML], PAGE, UNKNOWN),
    (202, &[HTML], "", UNKNOWN),
    (202, &[HTML, ID], "", UNKNOWN),
    (202, &[], PAGE, UNKNOWN),
    (204, &[HTML], "", UNKNOWN),
    (204, &[HTML, ID], "", UNKNOWN),
    (203, &[HTML], PAGE, UNKNOWN),
    (200, &[], PAGE, UNKNOWN),
    (200, &[TEXT], "OK", UNKNOWN),
    (200, &[TEXT], "", UNKNOWN),
    (200, &[TEXT], "1", UNKNOWN),
    (200, &[JSON, ID], "{\"defaultLength\":", UNKNOWN),
    (
        200,
        &[JSON, ID, ("content-encoding", "gzip")],
        "\u{1f}\u{8b}",
        UNKNOWN,
    ),
    // A success whose body is an error.
    (200, &[JSON, ID], ERROR, UNKNOWN),
    (201, &[JSON, ID], ERROR, UNKNOWN),
    (202, &[JSON, ID], ERROR, UNKNOWN),
    (200, &[], ERROR, UNKNOWN),
    (200, &[JSON], r#"{"odata.error":{"code":"C"}}"#, UNKNOWN),
    (
        200,
        &[JSON],
        r#"{"error":"invalid_grant","error_description":"Expired."}"#,
        UNKNOWN,
    ),
    (
        200,
        &[JSON],
        r#"{"error":"invalid_grant","error_description":"AADSTS70008","error_codes":[70008],"timestamp":"2026-01-01 00:00:00Z","trace_id":"t","correlation_id":"c","error_uri":"u","suberror":"s"}"#,
        UNKNOWN,
    ),
    (
        200,
        &[JSON, ID],
        r#"{"error":{"code":"C","message":"No."},"request_id":"r"}"#,
        UNKNOWN,
    ),
    (
        200,
        &[JSON],
        r#"{"status":500,"requestId":"r","error":{"message":"No."}}"#,
        UNKNOWN,
    ),
    // ... and resources that have a property of that name.
    (200, &[JSON, ID], r#"{"error":{"count":1}}"#, SUCCESS),
    (200, &[JSON, ID], r#"{"error":{}}"#, SUCCESS),
    (200, &[JSON, ID], r#"{"id":"1","error":"none"}"#, SUCCESS),
    (
        200,
        &[JSON, ID],
        r#"{"@odata.etag":"e","error":{"code":"C","message":"No."},"timestamp":"t"}"#,
        SUCCESS,
    ),
    (
        200,
        &[JSON, ID],
        r#"{"status":"failed","error":{"code":"C","message":"No."}}"#,
        SUCCESS,
    ),
    (
        200,
        &[JSON, ID],
        r#"{"@odata.context":"c","error":{"code":"C"}}"#,
        SUCCESS,
    ),
    (
        200,
        &[JSON, ID],
        r#"{"id":"1","status":"failed","error":{"code":"C"}}"#,
        SUCCESS,
    ),
    (200, &[JSON, ID], r#"{"error":null}"#, SUCCESS),
    // Elsewhere.
    (301, &[("location", "https://a.example/")], "", REFUSED),
    (302, &[("location", "https://a.example/")], "", REFUSED),
    (307, &[("location", "https://a.example/")], "", REFUSED),
    (308, &[], "", REFUSED),
    (300, &[], "", UNKNOWN),
    (303, &[("location", "https://a.example/")], "", UNKNOWN),
    (304, &[ID], "", UNKNOWN),
    // Rejections by Graph, and by a proxy that did not forward the request.
    (400, &[JSON, ID], ERROR, REFUSED),
    (401, &[ID], "", REFUSED),
    (403, &[HTML], PAGE, REFUSED),
    (404, &[], "", REFUSED),
    (407, &[], "", REFUSED),
    (409, &[JSON, ID], ERROR, REFUSED),
    (412, &[JSON, ID], ERROR, REFUSED),
    (413, &[], "", REFUSED),
    (425, &[], "", REFUSED),
    (429, &[], "", REFUSED),
    (429, &[JSON, ID], ERROR, REFUSED),
    (431, &[], "", REFUSED),
    // Errors that are possible after the service applied the update.
    (408, &[JSON, ID], ERROR, UNKNOWN),
    (408, &[], "", UNKNOWN),
    (460, &[], "", UNKNOWN),
    (499, &[], "", UNKNOWN),
    (500, &[JSON, ID], ERROR, UNKNOWN),
    (500, &[], "", UNKNOWN),
    (502, &[HTML], PAGE, UNKNOWN),
    (504, &[JSON, ID], ERROR, UNKNOWN),
    (505, &[], "", UNKNOWN),
    (508, &[], "", UNKNOWN),
    (511, &[HTML], PAGE, UNKNOWN),
    (520, &[], "", UNKNOWN),
    (524, &[HTML], PAGE, UNKNOWN),
    (530, &[], "", UNKNOWN),
    (561, &[], "", UNKNOWN),
    (598, &[], "", UNKNOWN),
    (599, &[], "", UNKNOWN),
    // Errors of Graph that prove that it did not begin.
    (501, &[JSON, ID], ERROR, REFUSED),
    (507, &[JSON, ID], ERROR, REFUSED),
    (509, &[JSON, ID], ERROR, REFUSED),
    (503, &[ID], "", REFUSED),
    (503, &[JSON], ERROR, REFUSED),
    (503, &[HTML, ID], PAGE, REFUSED),
    (503, &[], "", UNKNOWN),
    (503, &[HTML], PAGE, UNKNOWN),
    (
        503,
        &[JSON],
        r#"{"message":"no healthy upstream"}"#,
        UNKNOWN,
    ),
    (503, &[JSON], r#"{"error":"down"}"#, UNKNOWN),
    // Empty headers prove nothing.
    (503, &[("request-id", "")], "", UNKNOWN),
    (503, &[("request-id", " ")], "", UNKNOWN),
    (503, &[JSON], r#"{"error":{}}"#, UNKNOWN),
    (503, &[JSON], r#"{"error":{"message":"down"}}"#, UNKNOWN),
    (503, &[JSON], r#"{"error":{"code":""}}"#, UNKNOWN),
    (503, &[JSON], r#"{"error":{"code":503}}"#, UNKNOWN),
];

fn fate_of(result: &Result<msgraph_runtime::Outcome<Option<Untyped>>, Error>) -> Option<Fate> {
    result.as_ref().err().map(Error::fate)
}

#[tokio::test]
async fn every_response_to_one_request() {
    for (status, headers, body, expected) in WHOLE {
        let server = Loopback::play([answer(*status, headers, body)]).await;
        let result = with_policy(&server, RetryPolicy::never())
            .send(update())
            .await;
        assert_eq!(
            fate_of(&result),
            *expected,
            "{status} {headers:?} {body:?}: {result:?}"
        );
        let said = result.err().map(|error| error.to_string());
        assert_eq!(
            said.as_deref()
                .is_some_and(|said| said.contains("may have been applied")),
            *expected == UNKNOWN,
            "{status} {headers:?} {body:?}: {said:?}"
        );
    }
    // Informational statuses, and statuses unknown to HTTP.
    for (status, headers) in [
        (101, "connection: upgrade\r\nupgrade: websocket\r\n"),
        (600, "content-length: 0\r\n"),
        (999, "content-length: 0\r\n"),
    ] {
        let bytes = format!("HTTP/1.1 {status} X\r\n{headers}\r\n");
        let server = Loopback::play([Play::Half(bytes.into_bytes())]).await;
        let result = with_policy(&server, RetryPolicy::never())
            .send(update())
            .await;
        assert_eq!(fate_of(&result), UNKNOWN, "{status}: {result:?}");
    }
}

#[tokio::test]
async fn every_response_to_an_item_of_a_batch() {
    for (status, headers, body, expected) in WHOLE {
        let headers: serde_json::Map<_, _> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        // In a batch, Graph writes bodies that are not JSON as base64.
        let item_body = match serde_json::from_str(body) {
            Ok(json) => json,
            Err(_) if body.is_empty() => json!(null),
            Err(_) => {
                json!(msgraph_runtime::edm::Binary::from(body.as_bytes().to_vec()).to_string())
            }
        };
        let item = json!({ "id": "0", "status": status, "headers": headers, "body": item_body });
        let text = json!({ "responses": [item] }).to_string();
        let server = Loopback::play([answer(200, &[JSON, ID], &text)]).await;
        let batch: Batch<'_> = [update()].into_iter().collect();
        let results = with_policy(&server, RetryPolicy::never())
            .send_batch(batch)
            .await
            .into_rest();
        assert_eq!(fate_of(&results[0]), *expected, "{text}: {results:?}");
    }
}

#[tokio::test]
async fn every_response_to_a_batch_as_a_whole() {
    for (status, headers, body, expected) in WHOLE {
        let server = Loopback::play([answer(*status, headers, body)]).await;
        let batch: Batch<'_> = [update(), update()].into_iter().collect();
        let results = with_policy(&server, RetryPolicy::never())
            .send_batch(batch)
            .await
            .into_rest();
        // After a success that is not a batch response, the fate of its items is unknown.
        let expected = expected.or(UNKNOWN);
        for result in &results {
            assert_eq!(
                fate_of(result),
                expected,
                "{status} {headers:?} {body:?}: {results:?}"
            );
        }
    }
}

/// A response that ends in the middle of its body.
fn broken(status: u16, headers: &[(&str, &str)]) -> Play {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: 100\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    Play::Half(format!("{head}\r\n{{\"a\":").into_bytes())
}

#[tokio::test]
async fn incomplete_responses() {
    let head = |status: u16, headers: &[(&str, &str)], more: &str| {
        let mut head = format!("HTTP/1.1 {status} X\r\n{more}\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{head}\r\n").into_bytes()
    };
    let drip = |status, headers: &[(&str, &str)]| {
        Play::Drip(
            head(status, headers, "content-length: 100000"),
            Duration::from_millis(50),
        )
    };
    let undecodable = |status, headers: &[(&str, &str)]| {
        let mut bytes = head(status, headers, "transfer-encoding: chunked");
        bytes.extend_from_slice(b"5\r\n{\"a\":\r\nnot-a-size\r\n");
        Play::Half(bytes)
    };
    let large =
        |headers: &[(&str, &str)]| answer(200, headers, &format!("\"{}\"", "x".repeat(17 << 20)));
    let cases = [
        ("json breaks off", broken(200, &[JSON]), APPLIED),
        ("id breaks off", broken(200, &[ID]), APPLIED),
        ("id and json break off", broken(201, &[ID, JSON]), APPLIED),
        ("page breaks off", broken(200, &[HTML]), UNKNOWN),
        (
            "page with an id breaks off",
            broken(200, &[HTML, ID]),
            UNKNOWN,
        ),
        ("unnamed breaks off", broken(200, &[]), UNKNOWN),
        ("text breaks off", broken(200, &[TEXT]), UNKNOWN),
        ("202 breaks off", broken(202, &[JSON, ID]), UNKNOWN),
        ("400 breaks off", broken(400, &[JSON, ID]), REFUSED),
        ("403 page breaks off", broken(403, &[HTML]), REFUSED),
        ("408 breaks off", broken(408, &[JSON, ID]), UNKNOWN),
        ("503 breaks off", broken(503, &[JSON]), UNKNOWN),
        ("503 with an id breaks off", broken(503, &[ID]), REFUSED),
        ("redirect breaks off", broken(307, &[]), REFUSED),
        ("json times out", drip(200, &[JSON]), APPLIED),
        ("page times out", drip(200, &[HTML]), UNKNOWN),
        ("unnamed times out", drip(200, &[]), UNKNOWN),
        ("400 times out", drip(400, &[]), REFUSED),
        ("json undecodable", undecodable(200, &[JSON]), APPLIED),
        ("page undecodable", undecodable(200, &[HTML]), UNKNOWN),
        ("unnamed undecodable", undecodable(200, &[]), UNKNOWN),
        ("json too large", large(&[JSON]), APPLIED),
        ("page too large", large(&[HTML]), UNKNOWN),
        ("unnamed too large", large(&[]), UNKNOWN),
        ("nothing", Play::Drop, UNKNOWN),
    ];
    let begins = |bytes: &str| {
        let mut head = head(200, &[JSON, ID], "content-length: 1000");
        head.extend_from_slice(bytes.as_bytes());
        Play::Half(head)
    };
    // The received part may be the start of an error, or is not the start of a resource.
    let beginnings = [
        (ERROR.get(..20).unwrap(), UNKNOWN),
        ("{\"error\": ", UNKNOWN),
        ("\u{feff} {\n \"error\" : {\"code\"", UNKNOWN),
        ("{\"odata.error\":{", UNKNOWN),
        ("{\"er", UNKNOWN),
        ("{\"error_description\":\"", UNKNOWN),
        ("{\"request_id\":\"r\",\"error\":{\"code\":", UNKNOWN),
        ("<html><head>", UNKNOWN),
        ("\r\n<!DOCTYPE html>", UNKNOWN),
        ("upstream connect", UNKNOWN),
        ("", APPLIED),
        ("{\"defaultLength\":", APPLIED),
        ("{\"@odata.context\":\"c\",\"id\":", APPLIED),
        ("{\"note\":\"an error: \\\"error\\\"", APPLIED),
    ];
    let beginnings = beginnings.map(|(bytes, expected)| (bytes, begins(bytes), expected));
    for (name, play, expected) in cases.into_iter().chain(beginnings) {
        let server = Loopback::play([play]).await;
        let result = with_policy(&server, RetryPolicy::never())
            .send(update())
            .await;
        assert_eq!(fate_of(&result), expected, "{name}: {result:?}");
    }
}

#[tokio::test]
async fn a_later_rejection_does_not_resolve_an_unknown_fate() {
    let refused = answer(403, &[JSON, ID], ERROR);
    for (name, first, expected) in [
        ("page breaks off", broken(200, &[HTML]), Fate::Unknown),
        ("unnamed breaks off", broken(200, &[]), Fate::Unknown),
        ("202 breaks off", broken(202, &[ID]), Fate::Unknown),
        ("503 of a gateway", answer(503, &[], ""), Fate::Unknown),
        ("nothing", Play::Drop, Fate::Unknown),
        ("json breaks off", broken(200, &[JSON]), Fate::Applied),
        ("503 of Graph", answer(503, &[ID], ""), Fate::Rejected),
    ] {
        let server = Loopback::play([first, refused.clone()]).await;
        let error = patient(&server).send(update()).await.unwrap_err();
        assert_eq!(
            (error.status(), error.fate()),
            (Some(403), expected),
            "{name}: {error}"
        );
        assert_eq!(server.seen().len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_503_that_is_not_graphs_is_a_504() {
    let tagged = || update().if_match("\"1\"".parse().unwrap());
    for request in [tagged, || delete().reading()] {
        for (gateway, status) in [
            (answer(503, &[HTML], PAGE), 503),
            (answer(503, &[], ""), 503),
        ] {
            let server = Loopback::play([gateway, answer(204, &[], "")]).await;
            let error = patient(&server).send(request()).await.unwrap_err();
            assert_eq!(
                (error.status(), error.fate()),
                (Some(status), Fate::Unknown),
                "{error}"
            );
            assert!(error.to_string().contains("not idempotent"), "{error}");
            assert_eq!(server.seen().len(), 1);
        }
        for graphs in [answer(503, &[ID], ""), answer(503, &[JSON], ERROR)] {
            let server = Loopback::play([graphs, answer(204, &[], "")]).await;
            assert_eq!(patient(&server).send(request()).await.unwrap().attempts, 2);
        }
    }
    let server = Loopback::play([answer(503, &[HTML], PAGE), answer(204, &[], "")]).await;
    assert_eq!(patient(&server).send(update()).await.unwrap().attempts, 2);
}

#[tokio::test]
async fn the_response_to_another_request_is_an_error() {
    let other = ("client-request-id", "6f9619ff-8b86-d011-b42d-00cf4fc964ff");
    for (status, body) in [
        (204, ""),
        (200, RESOURCE),
        (400, ERROR),
        (412, ERROR),
        (429, ERROR),
        (307, ""),
    ] {
        let server = Loopback::play([answer(status, &[JSON, ID, other], body)]).await;
        let error = with_policy(&server, RetryPolicy::never())
            .send(update())
            .await
            .unwrap_err();
        assert_eq!(error.fate(), Fate::Unknown, "{status}: {error}");
        let text = error.to_string();
        assert!(
            text.contains("another request") && text.contains(other.1),
            "{text}"
        );
        assert!(
            !text.contains("No."),
            "not what was said to the other: {text}"
        );

        let batch: Batch<'_> = [update()].into_iter().collect();
        let server = Loopback::play([answer(status, &[JSON, ID, other], body)]).await;
        let results = with_policy(&server, RetryPolicy::never())
            .send_batch(batch)
            .await
            .into_rest();
        assert_eq!(fate_of(&results[0]), UNKNOWN, "{status}: {results:?}");

        let item =
            json!({ "id": "0", "status": status, "headers": { "Client-Request-Id": other.1 } });
        let text = json!({ "responses": [item] }).to_string();
        let server = Loopback::play([answer(200, &[JSON, ID], &text)]).await;
        let batch: Batch<'_> = [update()].into_iter().collect();
        let results = with_policy(&server, RetryPolicy::never())
            .send_batch(batch)
            .await
            .into_rest();
        assert_eq!(fate_of(&results[0]), UNKNOWN, "{status}: {results:?}");
    }
    // A later matching response does not resolve the unknown fate of this one.
    let refused = answer(403, &[JSON, ID], ERROR);
    let server = Loopback::play([answer(204, &[ID, other], ""), refused]).await;
    let error = patient(&server).send(update()).await.unwrap_err();
    assert_eq!(
        (error.status(), error.fate()),
        (Some(403), Fate::Unknown),
        "{error}"
    );
    // A blank echo is ignored.
    let server = Loopback::play([answer(204, &[ID, ("client-request-id", "")], "")]).await;
    with_policy(&server, RetryPolicy::never())
        .send(update())
        .await
        .unwrap();
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    // Accepts connections but stays silent, so the TLS handshake does not end.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let client = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(root.parse().unwrap())
        .retry(RetryPolicy::never())
        .attempt_timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let own = || update().timeout(Duration::from_millis(50));
    for request in [
        update(),
        own(),
        delete().reading(),
        update().to_get().reading(),
    ] {
        let is_get = request.body().is_none() && request.method().as_str() == "GET";
        let error = client.send(request).await.unwrap_err();
        let fate = if is_get {
            Fate::ReadOnly
        } else {
            Fate::NotSent
        };
        assert_eq!(error.fate(), fate, "{error}");
        assert!(
            error.to_string().contains("timed out while connecting"),
            "{error}"
        );
    }
    let batch: Batch<'_> = [update()].into_iter().collect();
    let results = client.send_batch(batch).await.into_rest();
    assert_eq!(fate_of(&results[0]), Some(Fate::NotSent), "{results:?}");
    // A connection without a response: the fate is unknown.
    for request in [update(), delete().reading()] {
        let server = Loopback::play([Play::Hang(Duration::from_secs(5))]).await;
        let error = with_policy(&server, RetryPolicy::never())
            .send(request.timeout(Duration::from_millis(100)))
            .await
            .unwrap_err();
        assert_eq!(error.fate(), Fate::Unknown, "{error}");
    }
}

/// Responds with 204 to one request, with the `client-request-id` of `echo`.
async fn echoed(
    echo: fn(&str) -> String,
) -> Result<msgraph_runtime::Outcome<Option<Untyped>>, Error> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        while !request.ends_with('}') {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).await.unwrap();
            request.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        let id = request.split("client-request-id: ").nth(1).unwrap();
        let echo = echo(&id[..36]);
        let response = format!("HTTP/1.1 204 X\r\nclient-request-id: {echo}\r\n\r\n");
        stream.write_all(response.as_bytes()).await.unwrap();
    });
    let client = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(root.parse().unwrap())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    client.send(update()).await
}

#[tokio::test]
async fn the_own_id_is_recognized_in_any_notation() {
    let own: [fn(&str) -> String; 7] = [
        |id| id.to_uppercase(),
        |id| format!("{id}, {id}"),
        |id| format!("{id},{id},{id}"),
        |id| format!("\"{id}\""),
        |id| format!("{{{id}}}"),
        |id| format!("\"{{{id}}}\", {id}"),
        |id| format!("{id},"),
    ];
    for (nth, echo) in own.into_iter().enumerate() {
        let result = echoed(echo).await;
        assert!(result.is_ok(), "{nth}: {result:?}");
    }
    let others: [fn(&str) -> String; 3] = [
        |id| format!("{id}, 6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
        |id| format!("{id}0"),
        |id| format!("x{{{id}}}"),
    ];
    for (nth, echo) in others.into_iter().enumerate() {
        assert_eq!(fate_of(&echoed(echo).await), UNKNOWN, "{nth}");
    }
}
