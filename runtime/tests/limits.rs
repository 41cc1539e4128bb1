//! Limits of memory and time, and validation of tokens.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use loopback::{Loopback, answer};
use msgraph_runtime::auth::TokenRequest;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, ErrorKind, Fate, Nullable, Request, RetryPolicy,
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

fn update() -> Request<'static> {
    Request::patch("v1.0", "/policies/tap", &[], &PATCH)
}

fn client(server: &Loopback) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

/// Peak memory of this process in MiB; `None` if the system does not report it.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kib: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}

#[tokio::test]
async fn many_tiny_values_do_not_exhaust_memory() {
    for item in [
        "{\"a\":0}",
        "{}",
        "[0]",
        "[]",
        "0",
        "\"a\"",
        "{\"a\":{\"b\":[{}]}}",
    ] {
        let count = (15 << 20) / (item.len() + 1);
        let mut body = String::with_capacity(16 << 20);
        body.push_str("{\"value\":[");
        for at in 0..count {
            if at > 0 {
                body.push(',');
            }
            body.push_str(item);
        }
        body.push_str("]}");
        let json = ("content-type", "application/json");
        let server = Loopback::play([answer(200, &[json], &body)]).await;
        drop(body);
        let error = client(&server).send(update()).await.unwrap_err();
        assert_eq!(error.fate(), Fate::Applied, "{item}: {error}");
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{item}: {error}");
        assert!(
            error.to_string().contains("too many JSON values"),
            "{error}"
        );
        if let Some(peak) = peak() {
            assert!(peak < 300, "{item}: {peak} MiB");
        }
    }
}

#[tokio::test]
async fn a_large_response_of_ordinary_resources_is_read() {
    let user = r#"{"id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff","displayName":"Adele, Vance [x] {y}","mail":"adele@contoso.com","jobTitle":null,"businessPhones":["+1 425 555 0109"],"accountEnabled":true,"officeLocation":"18/2111"}"#;
    let count = (15 << 20) / (user.len() + 1);
    let body = format!("{{\"value\":[{}]}}", vec![user; count].join(","));
    let server =
        Loopback::play([answer(200, &[("content-type", "application/json")], &body)]).await;
    let outcome = client(&server).send(update().to_get()).await.unwrap();
    assert_eq!(outcome.value["value"].as_array().unwrap().len(), count);
}

#[tokio::test]
async fn unlimited_durations_do_not_panic() {
    let server = Loopback::play([answer(204, &[], "")]).await;
    let client = Client::builder(Cloud::Global, |_| async { AccessToken::new("t") })
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy {
            max_total: Duration::MAX,
            max_delay: Duration::MAX,
            base_delay: Duration::MAX,
            ..RetryPolicy::default()
        })
        .connect_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .token_timeout(Duration::MAX)
        .build()
        .unwrap();
    client.send(update()).await.unwrap();
}

#[tokio::test]
async fn a_401_does_not_wait_for_the_token_that_another_call_fetches() {
    let challenge = "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\"";
    let server = Loopback::play([
        answer(401, &[("www-authenticate", challenge)], ""),
        answer(401, &[], ""),
    ])
    .await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    // The first token comes at once. For the second, a person would have to sign in, but does not.
    let source = move |_: TokenRequest| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        async move {
            if number > 0 {
                std::future::pending::<()>().await;
            }
            AccessToken::new("the-first-token")
        }
    };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .token_timeout(Duration::from_secs(600))
        .build()
        .unwrap();
    // Both have the first token. One is challenged and requests a new token; the other is rejected.
    let slow = client.clone();
    let hanging = tokio::spawn(async move { slow.send(update()).await });
    while asked.load(Ordering::SeqCst) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    hanging.abort();
    let _ = hanging.await;

    // The same with both calls at the same time.
    let (release, held) = tokio::sync::oneshot::channel::<()>();
    let held = Arc::new(std::sync::Mutex::new(Some(held)));
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = move |_: TokenRequest| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        let held = Arc::clone(&held);
        async move {
            if number > 0 {
                let waiting = held.lock().unwrap().take();
                if let Some(waiting) = waiting {
                    let _ = waiting.await;
                }
                std::future::pending::<()>().await;
            }
            AccessToken::new("the-first-token")
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let fetching = Arc::clone(&asked);
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut first, _) = listener.accept().await.unwrap();
        let (mut second, _) = listener.accept().await.unwrap();
        let mut some = [0; 4096];
        let _ = first.read(&mut some).await;
        let _ = second.read(&mut some).await;
        let text =
            format!("HTTP/1.1 401 X\r\nwww-authenticate: {challenge}\r\ncontent-length: 0\r\n\r\n");
        let _ = first.write_all(text.as_bytes()).await;
        while fetching.load(Ordering::SeqCst) < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let _ = second
            .write_all(b"HTTP/1.1 401 X\r\ncontent-length: 0\r\n\r\n")
            .await;
        let _ = first.read(&mut some).await;
    });
    let client = Client::builder(Cloud::Global, source)
        .root(root.parse().unwrap())
        .token_timeout(Duration::from_secs(600))
        .build()
        .unwrap();
    let calls: Vec<_> = (0..2)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.send(update()).await })
        })
        .collect();
    let started = Instant::now();
    let refused = tokio::time::timeout(Duration::from_secs(5), async {
        loop {
            if let Some(done) = calls.iter().position(tokio::task::JoinHandle::is_finished) {
                return done;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let refused = refused.expect("the call that was refused has its answer");
    assert!(started.elapsed() < Duration::from_secs(5));
    let mut calls = calls;
    let error = calls.swap_remove(refused).await.unwrap().unwrap_err();
    assert_eq!(error.status(), Some(401), "{error}");
    drop(release);
    for call in calls {
        call.abort();
    }
}
