//! Content that is not JSON, as request and response body.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod loopback;

use loopback::{Loopback, Play, answer};
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::error::{RequestError, ResponseError};
use msgraph_runtime::request::{Batch, Content};
use msgraph_runtime::sans_io::http::Response;
use msgraph_runtime::sans_io::{DryRun, parse_response};
use msgraph_runtime::{__private as __rt, AccessToken, Client, Cloud, Fate, Request, RetryPolicy};

fn client(server: &Loopback) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn photo() -> Request<'static, Content> {
    __rt::get_content("v1.0", "/users/{id}/photo/$value", &[&"a@b"])
}

fn replace(content: &Content) -> Request<'_, Option<Untyped>> {
    __rt::put_content("v1.0", "/users/{id}/photo/$value", &[&"a@b"], content)
}

#[tokio::test]
async fn content_is_read_whatever_it_is() {
    let image = Play::Answer(
        b"HTTP/1.1 200 X\r\nrequest-id: r-1\r\ncontent-type: image/jpeg\r\ncontent-length: 4\r\n\r\n\xff\xd8\x00\xff".to_vec(),
    );
    let json = answer(
        200,
        &[("content-type", "application/json")],
        r#"{"error":{"code":"a"}}"#,
    );
    let empty = answer(200, &[("request-id", "r-1")], "");
    let server = Loopback::play([image, json, empty]).await;
    let client = client(&server);
    let read = client.send(photo()).await.unwrap();
    assert_eq!(read.value, Content::new(*b"\xff\xd8\x00\xff", "image/jpeg"));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /v1.0/users/a@b/photo/$value HTTP/1.1");
    assert_eq!(seen.header("accept"), "*/*");
    // A file may look like an error, or be empty.
    let read = client.send(photo()).await.unwrap();
    assert_eq!(read.value.bytes, br#"{"error":{"code":"a"}}"#);
    assert_eq!(
        client.send(photo()).await.unwrap().value,
        Content::default()
    );
}

#[tokio::test]
async fn an_error_is_not_content() {
    let error = r#"{"error":{"code":"ImageNotFound","message":"…"}}"#;
    let portal = answer(
        200,
        &[("content-type", "text/html")],
        "<title>Sign in</title>",
    );
    let server = Loopback::play([answer(404, &[], error), portal]).await;
    let client = client(&server);
    let missing = client.send(photo()).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing}");
    assert_eq!(missing.code(), Some("ImageNotFound"));
    let foreign = client.send(photo()).await.unwrap_err();
    assert!(
        matches!(
            foreign.response_error(),
            Some(ResponseError::NotGraph { .. })
        ),
        "{foreign}"
    );
}

#[tokio::test]
async fn content_is_sent_with_its_media_type() {
    let server = Loopback::play([
        answer(200, &[("request-id", "r")], "{}"),
        answer(204, &[], ""),
    ])
    .await;
    let client = client(&server);
    let image = Content::new("not JSON", "image/png");
    client.send(replace(&image)).await.unwrap();
    client
        .send(replace(&Content::from(b"bytes".to_vec())))
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].line, "PUT /v1.0/users/a@b/photo/$value HTTP/1.1");
    assert_eq!(
        (seen[0].header("content-type"), seen[0].body.as_str()),
        ("image/png", "not JSON")
    );
    assert_eq!(seen[0].header("accept"), "application/json");
    assert_eq!(
        (seen[1].header("content-type"), seen[1].body.as_str()),
        ("application/octet-stream", "bytes")
    );
    let wrong = Content::new("", "a\nb");
    let error = replace(&wrong).prepare(&Cloud::Global.into()).unwrap_err();
    assert_eq!(
        error,
        RequestError::Header {
            name: "content-type".to_owned()
        }
    );
}

#[test]
fn content_is_read_without_the_client() {
    let response = Response::builder()
        .header("content-type", "image/png")
        .body([1, 2])
        .unwrap();
    assert_eq!(
        parse_response::<Content>(&response).unwrap().value,
        Content::new([1, 2], "image/png")
    );
    let redirect = Response::builder()
        .status(302)
        .header("location", "https://files.example/1")
        .body("")
        .unwrap();
    let error = parse_response::<Content>(&redirect).unwrap_err();
    assert!(
        matches!(error, ResponseError::Redirect { status: 302, .. }),
        "{error}"
    );
    assert_eq!(
        parse_response::<Content>(
            &Response::builder()
                .status(202)
                .header("request-id", "r")
                .body("")
                .unwrap()
        )
        .unwrap_err()
        .fate(),
        Fate::Unknown
    );
    let again = Request::get("v1.0", "/me/photo/$value", &[]).reading::<Content>();
    assert!(again.reads_content() && !again.reading::<Untyped>().reads_content());
}

#[test]
fn content_is_shown_by_its_size() {
    let image = Content::new(vec![7; 5000], "image/png");
    let request = replace(&image);
    let shown = DryRun::from(request.prepare(&Cloud::Global.into()).unwrap()).to_string();
    assert!(shown.contains("content-type: image/png\n"), "{shown}");
    assert!(shown.ends_with("\n\n(5000 bytes)"), "{shown}");
    let debug = format!("{request:?}");
    assert!(
        debug.contains(r#"body: Content { bytes: 5000, content_type: Some("image/png") }"#),
        "{debug}"
    );
}

#[tokio::test]
async fn content_is_not_batched() {
    let server = Loopback::play([]).await;
    let image = Content::new("a", "image/png");
    let mut batch = Batch::new();
    let (read, sent) = (batch.push(photo()), batch.push(replace(&image)));
    let mut responses = client(&server).send_batch(batch).await;
    let error = responses.take(read).unwrap_err();
    assert_eq!(error.request_error(), Some(&RequestError::ContentInBatch));
    assert_eq!(
        error.to_string(),
        "not sent: a request that sends or reads content cannot be part of a batch: send it alone"
    );
    assert_eq!(responses.take(sent).unwrap_err().fate(), Fate::NotSent);
    assert_eq!(server.seen().len(), 0);
}
