//! The emulator serves any number of clients on this machine, but no web pages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use msgraph_emulator::{Emulator, Fault};
use serde_json::json;

const ADA: &str = "/v1.0/people/ada";

async fn start() -> Emulator {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    Emulator::builder()
        .metadata("v1.0", tests.join("model.csdl"))
        .facts(tests.join("model.toml"))
        .seed(ADA, json!({"displayName": "Ada"}))
        .start()
        .await
        .unwrap()
}

fn connect(emulator: &Emulator) -> TcpStream {
    let stream = TcpStream::connect(emulator.root().strip_prefix("http://").unwrap()).unwrap();
    let timeout = Some(Duration::from_secs(10));
    stream.set_read_timeout(timeout).unwrap();
    stream
}

/// The head and body of the response to one request.
fn send(emulator: &Emulator, head: &str) -> String {
    let mut stream = connect(emulator);
    let request = format!("{head}authorization: Bearer t\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[tokio::test]
async fn only_loopback_hosts_are_served() {
    let emulator = start().await;
    let host = |host: &str| {
        send(
            &emulator,
            &format!("GET {ADA} HTTP/1.1\r\nhost: {host}\r\n"),
        )
    };
    for served in ["localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:8080"] {
        let response = host(served);
        assert!(
            response.starts_with("HTTP/1.1 200 "),
            "{served}: {response}"
        );
    }
    // A planned fault applies to the next request that is served.
    emulator.fault(Fault::ExpiredToken);
    for other in [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "",
    ] {
        let response = host(other);
        assert!(response.starts_with("HTTP/1.1 421 "), "{other}: {response}");
        assert!(!response.contains("Ada"), "{response}");
    }
    for head in [
        format!("GET {ADA} HTTP/1.1\r\n"),
        format!("GET {ADA} HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n"),
        format!("GET http://evil.example{ADA} HTTP/1.1\r\nhost: localhost\r\n"),
    ] {
        let response = send(&emulator, &head);
        assert!(response.starts_with("HTTP/1.1 4"), "{head}: {response}");
    }
    assert_eq!(emulator.pending_faults(), 1);
    assert_eq!(emulator.log().last().unwrap().status(), Some(421));
}

#[tokio::test]
async fn idle_connections_keep_nobody_out() {
    let emulator = start().await;
    // Idle pooled connections, clients that sent nothing, and some that sent half of a header.
    let mut idle = Vec::new();
    for number in 0..720 {
        let mut stream = connect(&emulator);
        let text = match number % 3 {
            0 => {
                format!("GET {ADA} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer t\r\n\r\n")
            }
            1 => String::new(),
            _ => format!("GET {ADA} HTTP/1.1\r\nhost: local"),
        };
        stream.write_all(text.as_bytes()).unwrap();
        idle.push(stream);
    }
    let began = Instant::now();
    let response = send(
        &emulator,
        &format!("GET {ADA} HTTP/1.1\r\nhost: localhost\r\n"),
    );
    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
    // Every complete request got its response.
    assert_eq!(emulator.requests_seen(), 241);
}

#[tokio::test]
async fn requests_in_progress_are_not_closed_for_others() {
    let emulator = start().await;
    let request =
        format!("GET {ADA} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer t\r\n\r\n");
    let duration = Duration::from_millis(1_500);
    emulator.fault(Fault::Delay { duration });
    let mut slow = connect(&emulator);
    slow.write_all(request.as_bytes()).unwrap();
    while emulator.pending_faults() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let idle: Vec<TcpStream> = (0..600).map(|_| connect(&emulator)).collect();
    let mut start = [0; 12];
    slow.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    drop(idle);
}
