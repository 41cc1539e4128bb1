//! Redirects to stored content, and the size limit of content.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use std::time::Duration;

use loopback::{Loopback, Play, answer};
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::request::Content;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, ClientBuilder, Cloud, ErrorKind, Fate, Request,
    RetryPolicy,
};

const TOKEN: &str = "eyJ0eXAi.the-token-itself";
const PNG: (&str, &str) = ("content-type", "image/png");
const ID: (&str, &str) = ("request-id", "of-graph");

fn file() -> Request<'static, Content> {
    __rt::get_content("v1.0", "/drives/{id}/items/{id}/content", &[&"d", &"i"])
}

fn builder(server: &Loopback) -> ClientBuilder {
    Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy {
            base_delay: Duration::from_millis(1),
            ..RetryPolicy::default()
        })
}

fn client(server: &Loopback) -> Client {
    builder(server).build().unwrap()
}

fn redirect(status: u16, to: &str) -> Play {
    answer(status, &[ID, ("location", to)], "")
}

#[tokio::test]
async fn a_redirect_is_followed_without_the_token() {
    // A file may be HTML, and has no headers of Graph.
    for (status, content_type, bytes) in [
        (302, "text/html", "<title>Home</title>"),
        (307, "application/json", "{\"error\":{}}"),
        (303, "application/octet-stream", ""),
    ] {
        let stored = answer(200, &[("content-type", content_type)], bytes);
        let storage = Loopback::play([stored]).await;
        let to = format!("{}/file?tempauth=secret", storage.root);
        let server = Loopback::play([redirect(status, &to)]).await;
        let request = file().header("range", "bytes=0-99").header("x-own", "1");
        let outcome = client(&server).send(request).await.unwrap();
        assert_eq!(outcome.value.bytes, bytes.as_bytes());
        assert_eq!(outcome.value.content_type.as_deref(), Some(content_type));
        assert_eq!(outcome.request_id.as_deref(), Some("of-graph"));
        assert_eq!(outcome.attempts, 1);

        let asked = &server.seen()[0];
        assert_eq!(asked.line, "GET /v1.0/drives/d/items/i/content HTTP/1.1");
        assert_eq!(asked.header("authorization"), format!("Bearer {TOKEN}"));
        let [followed] = &storage.seen()[..] else {
            panic!("{:?}", storage.seen())
        };
        assert_eq!(followed.line, "GET /file?tempauth=secret HTTP/1.1");
        assert_eq!(followed.header("range"), "bytes=0-99");
        for name in [
            "authorization",
            "client-request-id",
            "x-own",
            "referer",
            "cookie",
        ] {
            assert_eq!(followed.header(name), "", "{name}");
        }
    }
}

#[tokio::test]
async fn redirects_of_content_within_the_root_lose_the_token_too() {
    let server = Loopback::play([
        redirect(302, "/elsewhere/a?x=1"),
        redirect(301, "b"),
        answer(206, &[PNG], "bytes"),
    ])
    .await;
    let outcome = client(&server).send(file()).await.unwrap();
    assert_eq!(
        (outcome.status, outcome.value.bytes.as_slice()),
        (206, &b"bytes"[..])
    );
    let seen = server.seen();
    assert_eq!(seen[2].line, "GET /elsewhere/b HTTP/1.1");
    assert_eq!(seen[1].header("authorization"), "");
    assert_eq!(seen[2].header("authorization"), "");
}

#[tokio::test]
async fn an_unsafe_redirect_is_not_followed() {
    let server = Loopback::play_at(|root| {
        let targets = [
            "http://files.example/secret-path?tempauth=secret",
            "ftp://files.example/secret-path",
            "https://user:secret@files.example/",
            "file:///secret-path",
            "javascript:secret",
        ];
        let mut script: Vec<_> = targets.iter().map(|to| redirect(302, to)).collect();
        // A loop ends after five redirects.
        let again = format!("{root}/secret-path");
        script.extend((0..6).map(|_| redirect(302, &again)));
        script
    })
    .await;
    let client = client(&server);
    for _ in 0..6 {
        let error = client.send(file()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.fate()),
            (ErrorKind::Redirect, Fate::ReadOnly),
            "{error}"
        );
        let shown = format!("{error}{error:?}");
        assert!(!shown.contains("secret"), "{shown}");
    }
    assert_eq!(server.seen().len(), 11);

    let server = Loopback::play([redirect(302, "/x")]).await;
    let json = Request::get("v1.0", "/me", &[]);
    let error = self::client(&server).send(json).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Redirect,
        "only content is followed: {error}"
    );
}

#[tokio::test]
async fn a_failure_of_the_storage_is_retried_with_a_new_redirect() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec();
    for fault in [Play::Half(half), Play::Drop, answer(503, &[], "busy")] {
        let storage = Loopback::play([fault, answer(200, &[PNG], "whole")]).await;
        let to = |ticket| format!("{}/file?ticket={ticket}", storage.root);
        let server = Loopback::play([redirect(302, &to(1)), redirect(302, &to(2))]).await;
        let outcome = client(&server).send(file()).await.unwrap();
        assert_eq!(
            (outcome.value.bytes, outcome.attempts),
            (b"whole".to_vec(), 2)
        );
        assert_eq!(storage.seen()[1].line, "GET /file?ticket=2 HTTP/1.1");
    }
    // A challenge of the storage does not lead to a new token.
    let claims = r#"Bearer error="insufficient_claims", claims="e30=""#;
    let storage = Loopback::play([answer(401, &[("www-authenticate", claims)], "{}")]).await;
    let server = Loopback::play([redirect(302, &storage.root)]).await;
    let error = client(&server).send(file()).await.unwrap_err();
    assert_eq!(
        (error.status(), server.seen().len()),
        (Some(401), 1),
        "{error}"
    );
}

#[tokio::test]
async fn content_has_its_own_limit() {
    let large = "x".repeat(17 << 20);
    let announced = || answer(200, &[PNG, ID], &large);
    let chunked = || {
        let head = "HTTP/1.1 200 OK\r\nrequest-id: r\r\ntransfer-encoding: chunked\r\n\r\n";
        Play::Answer(format!("{head}{:x}\r\n{large}\r\n0\r\n\r\n", large.len()).into_bytes())
    };
    for play in [announced(), chunked()] {
        let server = Loopback::play([play]).await;
        let outcome = client(&server).send(file()).await.unwrap();
        assert_eq!(
            outcome.value.bytes.len(),
            large.len(),
            "more than the 16 MiB of JSON"
        );
    }
    for play in [announced(), chunked()] {
        let server = Loopback::play([play]).await;
        let small = builder(&server).content_limit(1 << 20).build().unwrap();
        let error = small.send(file()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        let text = error.to_string();
        assert!(
            text.contains("1048576 bytes") && text.contains("content_limit"),
            "{text}"
        );
        assert_eq!(server.seen().len(), 1, "a retry would be as large");
    }
    for (length, fits) in [(8, true), (9, false)] {
        let server = Loopback::play([answer(200, &[PNG, ID], &"x".repeat(length))]).await;
        let exact = builder(&server).content_limit(8).build().unwrap();
        assert_eq!(exact.send(file()).await.is_ok(), fits, "{length}");
    }
}

#[tokio::test]
async fn an_upload_never_follows_a_redirect() {
    let other = Loopback::play([]).await;
    let server = Loopback::play([redirect(307, &other.root), redirect(302, &other.root)]).await;
    let client = client(&server);
    for _ in 0..2 {
        let content = Content::new("bytes", "text/plain");
        let upload: Request<'_, Option<Untyped>> =
            __rt::put_content("v1.0", "/me/photo/$value", &[], &content);
        let error = client.send(upload).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.fate()),
            (ErrorKind::Redirect, Fate::Rejected),
            "{error}"
        );
    }
    assert!(other.seen().is_empty());
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.header("content-type"), seen.body.as_str()),
        ("text/plain", "bytes")
    );
}
