//! The effect of each fault on the client, and on the state.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use msgraph_emulator::{Emulator, Fault, Moment, RandomFaults, RetryAfter};
use reqwest::{Client, Response};
use serde_json::{Value, json};

const ADA: &str = "/v1.0/people/ada";

async fn start() -> Emulator {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    Emulator::builder()
        .metadata("v1.0", tests.join("model.csdl"))
        .seed(ADA, json!({"displayName": "Ada"}))
        .start()
        .await
        .unwrap()
}

fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap()
}

/// An update that sets the name of the person to the fault.
async fn patch(emulator: &Emulator, name: &str) -> Result<Response, reqwest::Error> {
    client()
        .patch(format!("{}{ADA}", emulator.root()))
        .bearer_auth("token")
        .json(&json!({"displayName": name}))
        .send()
        .await
}

fn name(emulator: &Emulator) -> Value {
    emulator.state(ADA).unwrap()["displayName"].clone()
}

/// Waits for a condition in the emulator's thread, because the machine may be busy.
async fn until(what: &str, happened: impl Fn() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < Duration::from_secs(60), "never: {what}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn errors_of_the_service_are_graphs_and_change_nothing() {
    let emulator = start().await;
    let seconds = || Some(RetryAfter::Seconds(7));
    for (fault, status, code) in [
        (
            Fault::Throttle {
                retry_after: seconds(),
            },
            429,
            "TooManyRequests",
        ),
        (
            Fault::Unavailable {
                retry_after: seconds(),
            },
            503,
            "ServiceUnavailable",
        ),
        (
            Fault::GatewayTimeout { applied: false },
            504,
            "GatewayTimeout",
        ),
        (Fault::ExpiredToken, 401, "InvalidAuthenticationToken"),
        (Fault::Forbidden, 403, "Authorization_RequestDenied"),
        (
            Fault::ConcurrencyViolation,
            409,
            "Directory_ConcurrencyViolation",
        ),
    ] {
        emulator.fault(fault.clone());
        let response = patch(&emulator, "changed").await.unwrap();
        assert_eq!(response.status(), status);
        assert!(response.headers().contains_key("request-id"));
        if status == 429 || status == 503 {
            assert_eq!(response.headers()["retry-after"], "7");
        }
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"]["code"], code);
        assert_eq!(name(&emulator), "Ada");
        assert_eq!(emulator.log().last().unwrap().fault, Some(fault));
        // It applied once.
        assert_eq!(patch(&emulator, "Ada").await.unwrap().status(), 204);
    }
    for (retry_after, expected) in [
        (None, None),
        (Some(RetryAfter::Text("soon".into())), Some("soon")),
    ] {
        emulator.fault(Fault::Throttle { retry_after });
        let response = patch(&emulator, "x").await.unwrap();
        let value = response.headers().get("retry-after");
        assert_eq!(value.map(|value| value.to_str().unwrap()), expected);
    }
}

#[tokio::test]
async fn a_gateway_may_give_up_on_what_was_applied() {
    let emulator = start().await;
    emulator.fault(Fault::GatewayTimeout { applied: true });
    let response = patch(&emulator, "gateway").await.unwrap();
    assert_eq!(response.status(), 504);
    assert_eq!(name(&emulator), "gateway");
}

#[tokio::test]
async fn connections_break_off_at_the_moment_asked_for() {
    let emulator = start().await;
    for (number, (fault, applied)) in [
        (
            Fault::Disconnect {
                moment: Moment::WhileReading,
            },
            false,
        ),
        (
            Fault::Disconnect {
                moment: Moment::BeforeApplying,
            },
            false,
        ),
        (
            Fault::Disconnect {
                moment: Moment::AfterApplying,
            },
            true,
        ),
        (Fault::HalfResponse, true),
    ]
    .into_iter()
    .enumerate()
    {
        let new = format!("name {number}");
        let before = name(&emulator);
        emulator.fault(fault.clone());
        let error = patch(&emulator, &new).await.unwrap_err();
        assert!(
            error.is_request() && !error.is_timeout(),
            "{fault:?}: {error:?}"
        );
        let expected = if applied { json!(new) } else { before };
        assert_eq!(name(&emulator), expected, "{fault:?}");
        let log = emulator.log();
        assert_eq!(log.len(), number + 1, "the client did not send again");
        assert_eq!(
            log[number].response.is_some(),
            fault == Fault::HalfResponse,
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn half_a_response_is_half_of_its_bytes() {
    let emulator = start().await;
    let address = emulator.root().strip_prefix("http://").unwrap();
    let read = || {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!(
            "GET {ADA} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer t\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        // A connection reset at the end counts as closed.
        let _ = stream.read_to_end(&mut response);
        response.len()
    };
    let whole = read();
    emulator.fault(Fault::HalfResponse);
    let half = read();
    assert!(
        whole > 100 && half.abs_diff(whole / 2) <= 1,
        "{half} of {whole}"
    );
}

#[tokio::test]
async fn what_is_begun_is_done_when_the_client_has_left() {
    let emulator = start().await;
    // Much longer than reading the state takes.
    emulator.fault(Fault::Delay {
        duration: Duration::from_secs(2),
    });
    let mut stream = TcpStream::connect(emulator.root().strip_prefix("http://").unwrap()).unwrap();
    let body = json!({"displayName": "late"}).to_string();
    let request = format!(
        "PATCH {ADA} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer t\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    // Headers and body arrive together.
    stream.write_all(request.as_bytes()).unwrap();
    until("the fault struck", || emulator.pending_faults() == 0).await;
    drop(stream);
    assert_eq!(
        (name(&emulator), emulator.updates_applied()),
        (json!("Ada"), 0)
    );
    until("it is logged", || emulator.requests_seen() > 0).await;
    assert_eq!(
        (name(&emulator), emulator.updates_applied()),
        (json!("late"), 1)
    );
}

#[tokio::test]
async fn a_delay_only_delays() {
    let emulator = start().await;
    let duration = Duration::from_millis(120);
    emulator.fault(Fault::Delay { duration });
    let began = Instant::now();
    assert_eq!(patch(&emulator, "late").await.unwrap().status(), 204);
    assert!(began.elapsed() >= duration);
    assert_eq!(name(&emulator), "late");
    // Shutdown does not wait for it.
    emulator.fault(Fault::Delay {
        duration: Duration::from_secs(60),
    });
    let root = emulator.root().to_owned();
    let pending = tokio::spawn(async move { client().get(root).send().await });
    until("the fault struck", || emulator.pending_faults() == 0).await;
    let began = Instant::now();
    drop(emulator);
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert!(pending.await.unwrap().is_err());
}

#[tokio::test]
async fn answers_that_are_not_graphs() {
    let emulator = start().await;
    emulator.fault(Fault::Page { status: 200 });
    let response = patch(&emulator, "x").await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(!response.headers().contains_key("request-id"));
    assert!(
        response
            .text()
            .await
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );

    emulator.fault(Fault::Redirect {
        status: 307,
        location: "http://example.com/".into(),
    });
    let response = patch(&emulator, "x").await.unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], "http://example.com/");

    emulator.fault(Fault::Raw {
        status: 400,
        headers: vec![("content-type".into(), "application/json".into())],
        body: r#"{"error":"#.into(),
    });
    let response = patch(&emulator, "x").await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(response.text().await.unwrap(), r#"{"error":"#);
    assert_eq!(name(&emulator), "Ada");
}

#[tokio::test]
async fn an_oversized_error_is_as_long_as_asked_and_breaks_nothing() {
    let emulator = start().await;
    let bytes = 3_000_001;
    emulator.fault(Fault::OversizedError { bytes });
    let response = patch(&emulator, "x").await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(
        response.content_length(),
        None,
        "the client cannot see it coming"
    );
    let body: Value = response.json().await.unwrap();
    let message = body["error"]["message"].as_str().unwrap();
    assert_eq!(message.len() as u64, bytes);
    // An endless response: the client stops reading, the emulator continues.
    emulator.fault(Fault::OversizedError { bytes: u64::MAX });
    let mut response = patch(&emulator, "x").await.unwrap();
    assert!(response.chunk().await.unwrap().is_some());
    drop(response);
    assert_eq!(patch(&emulator, "after").await.unwrap().status(), 204);
}

#[tokio::test]
async fn a_claims_challenge_carries_its_claims() {
    let emulator = start().await;
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
    emulator.fault(Fault::ClaimsChallenge {
        claims: claims.into(),
    });
    let response = patch(&emulator, "x").await.unwrap();
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains(r#"error="insufficient_claims""#));
    let encoded = challenge.split(r#"claims=""#).nth(1).unwrap();
    let encoded = encoded.split('"').next().unwrap();
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded)
        .unwrap();
    assert_eq!(decoded, claims.as_bytes());
}

#[tokio::test]
async fn another_writer_is_met_by_the_etag() {
    let emulator = start().await;
    let url = format!("{}{ADA}", emulator.root());
    let read = client().get(&url).bearer_auth("t").send().await.unwrap();
    let etag = read.headers()["etag"].clone();
    emulator.fault(Fault::EtagConflict);
    let with_etag = client()
        .patch(&url)
        .bearer_auth("t")
        .header("if-match", etag.clone())
        .json(&json!({"displayName": "x"}));
    assert_eq!(with_etag.send().await.unwrap().status(), 412);
    let read = client().get(&url).bearer_auth("t").send().await.unwrap();
    assert_ne!(read.headers()["etag"], etag);
    // Without If-Match, the conflict is not detected.
    emulator.fault(Fault::EtagConflict);
    assert_eq!(patch(&emulator, "x").await.unwrap().status(), 204);
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let run = async |seed| {
        let emulator = start().await;
        emulator.random_faults(RandomFaults {
            seed,
            percent: 40,
            faults: vec![
                Fault::ConcurrencyViolation,
                Fault::Throttle { retry_after: None },
                Fault::Disconnect {
                    moment: Moment::AfterApplying,
                },
            ],
        });
        let mut statuses = Vec::new();
        for number in 0..40 {
            let response = patch(&emulator, &number.to_string()).await;
            statuses.push(response.ok().map(|response| response.status().as_u16()));
        }
        emulator.clear_faults();
        assert_eq!(patch(&emulator, "end").await.unwrap().status(), 204);
        statuses
    };
    let statuses = run(11).await;
    assert_eq!(statuses, run(11).await);
    for expected in [None, Some(204), Some(409), Some(429)] {
        assert!(statuses.contains(&expected), "{expected:?}: {statuses:?}");
    }
}

#[tokio::test]
async fn many_at_once_under_faults_leave_what_was_acknowledged() {
    const CLIENTS: usize = 32;
    const UPDATES: usize = 20;
    let emulator = start().await;
    emulator.random_faults(RandomFaults {
        seed: 3,
        percent: 25,
        faults: vec![
            Fault::Throttle { retry_after: None },
            Fault::GatewayTimeout { applied: true },
            Fault::Disconnect {
                moment: Moment::WhileReading,
            },
            Fault::Disconnect {
                moment: Moment::AfterApplying,
            },
            Fault::HalfResponse,
            Fault::Delay {
                duration: Duration::from_millis(2),
            },
            Fault::Page { status: 502 },
            Fault::OversizedError { bytes: 100_000 },
        ],
    });
    let http = client();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..CLIENTS {
        let path = format!("/v1.0/people/{number}");
        emulator.seed(&path, json!({})).unwrap();
        let url = format!("{}{path}", emulator.root());
        let http = http.clone();
        tasks.spawn(async move {
            let mut acknowledged = None;
            for update in 0..UPDATES {
                let body = json!({"displayName": update.to_string()});
                let request = http.patch(&url).bearer_auth("t").json(&body);
                match request.send().await {
                    Ok(response) if response.status() == 204 => acknowledged = Some(update),
                    _ => {}
                }
            }
            (path, acknowledged)
        });
    }
    while let Some(done) = tasks.join_next().await {
        let (path, acknowledged) = done.unwrap();
        let state = emulator.state(&path).unwrap();
        let last = state["displayName"]
            .as_str()
            .map(|text| text.parse().unwrap());
        // An update that was applied but not acknowledged may be later.
        assert!(last >= acknowledged, "{path}: {last:?} {acknowledged:?}");
    }
    let struck = emulator
        .log()
        .iter()
        .filter(|one| one.fault.is_some())
        .count();
    assert_eq!(emulator.requests_seen() as usize, CLIENTS * UPDATES);
    assert!((100..240).contains(&struck), "{struck}");
}

async fn batch(emulator: &Emulator, body: Value) -> (u16, Value) {
    let response = client()
        .post(format!("{}/v1.0/$batch", emulator.root()))
        .bearer_auth("token")
        .json(&body)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn item(id: &str, url: &str, name: &str, depends_on: &[&str]) -> Value {
    json!({
        "id": id,
        "method": "PATCH",
        "url": url,
        "headers": {"Content-Type": "application/json"},
        "body": {"displayName": name},
        "dependsOn": depends_on,
    })
}

#[tokio::test]
async fn a_batch_responds_to_each_request_for_itself() {
    let emulator = start().await;
    let (status, response) = batch(
        &emulator,
        json!({"requests": [
            item("late", "/people/ada", "second", &["early"]),
            item("early", "people/ada", "first", &[]),
            item("bad", "/people/nobody", "x", &[]),
            item("skipped", "/people/ada", "never", &["bad"]),
            {"id": "read", "method": "GET", "url": "/people/ada?$select=displayName",
             "dependsOn": ["late"]},
        ]}),
    )
    .await;
    assert_eq!(status, 200, "{response}");
    let of = |id: &str| {
        let responses = response["responses"].as_array().unwrap();
        let found = responses.iter().find(|response| response["id"] == id);
        found.unwrap().clone()
    };
    assert_eq!(of("early")["status"], 204);
    assert_eq!(of("early").get("body"), None);
    assert_eq!(of("late")["status"], 204);
    assert_eq!(of("bad")["status"], 404);
    assert_eq!(of("bad")["body"]["error"]["code"], "ResourceNotFound");
    assert_eq!(of("skipped")["status"], 424);
    assert_eq!(of("read")["body"]["displayName"], "second");
    assert!(of("read")["headers"]["Content-Type"].is_string());
    assert_eq!(name(&emulator), "second");
}

#[tokio::test]
async fn faults_reach_single_requests_of_a_batch() {
    let emulator = start().await;
    emulator.seed("/v1.0/people/bob", json!({})).unwrap();
    let throttle = Fault::Throttle {
        retry_after: Some(RetryAfter::Seconds(3)),
    };
    emulator.fault(throttle.on("/people/bob"));
    emulator.fault(
        Fault::Disconnect {
            moment: Moment::AfterApplying,
        }
        .on("/people/ada"),
    );
    let requests = json!({"requests": [
        item("1", "/people/ada", "new", &[]),
        item("2", "/people/bob", "new", &[]),
    ]});
    let (status, response) = batch(&emulator, requests).await;
    assert_eq!(status, 200);
    assert_eq!(response["responses"][0]["status"], 504);
    assert_eq!(name(&emulator), "new");
    assert_eq!(response["responses"][1]["status"], 429);
    assert_eq!(response["responses"][1]["headers"]["Retry-After"], "3");
    // A fault without a path applies to the whole batch.
    emulator.fault(Fault::Unavailable { retry_after: None });
    let requests = json!({"requests": [item("1", "/people/ada", "newer", &[])]});
    assert_eq!(batch(&emulator, requests).await.0, 503);
    assert_eq!(name(&emulator), "new");
}

#[tokio::test]
async fn batches_that_are_rejected_as_a_whole() {
    let emulator = start().await;
    let many: Vec<Value> = (0..21)
        .map(|id| item(&id.to_string(), "/people/ada", "x", &[]))
        .collect();
    let good = item("1", "/people/ada", "x", &[]);
    for (body, fragment) in [
        (json!({}), "The batch has no array 'requests'."),
        (json!(5), "The batch has no array 'requests'."),
        (json!([[good]]), "The batch has no array 'requests'."),
        (
            json!({"requests": [5]}),
            "A request of the batch has no string 'id'.",
        ),
        (
            json!({"requests": [["1", "GET", "/me", null, null, null]]}),
            "A request of the batch has no string 'id'.",
        ),
        (json!({"requests": []}), "1 to 20"),
        (json!({"requests": many}), "not 21"),
        (
            json!({"requests": [good, good]}),
            "two requests with the id '1'",
        ),
        (
            json!({"requests": [item("1", "/people/ada", "x", &["2"])]}),
            "'2', which is not in the batch",
        ),
        (
            json!({"requests": [
                item("1", "/people/ada", "x", &["2"]),
                item("2", "/people/ada", "x", &["1"]),
            ]}),
            "dependency cycle",
        ),
        (
            json!({"requests": [{"id": "1", "method": "GET"}]}),
            "The request '1' of the batch has no string 'url'.",
        ),
        (
            json!({"requests": [{"id": 1, "method": "GET", "url": "/me"}]}),
            "A request of the batch has no string 'id'.",
        ),
        (
            json!({"requests": [{"id": "1", "method": 5, "url": "/me"}]}),
            "The request '1' of the batch has no string 'method'.",
        ),
        (
            json!({"requests": [{"id": "1", "method": "G T", "url": "/me"}]}),
            "no HTTP method",
        ),
        (
            json!({"requests": [{"id": "1", "method": "GET", "url": "https://x/me"}]}),
            "not relative",
        ),
        (
            json!({"requests": [{"id": "1", "method": "POST", "url": "/%24batch"}]}),
            "a batch itself",
        ),
        (
            json!({"requests": [{"id": "1", "method": "PATCH", "url": "/me", "body": {}}]}),
            "The request '1' of the batch has a body and no header 'Content-Type'.",
        ),
        (
            json!({"requests": [{"id": "1", "method": "PATCH", "url": "/me", "body": null}]}),
            "The request '1' of the batch has a body and no header 'Content-Type'.",
        ),
        (
            json!({"requests": [{"id": "1", "method": "GET", "url": "/me", "headers": {"a": 1}}]}),
            "The request '1' of the batch has headers that are not an object of strings.",
        ),
        (
            json!({"requests": [{"id": "1", "method": "GET", "url": "/me", "headers": ["a"]}]}),
            "The request '1' of the batch has headers that are not an object of strings.",
        ),
        (
            json!({"requests": [{"id": "1", "method": "GET", "url": "/me", "headers": {"a b": "c"}}]}),
            "The request '1' of the batch has an invalid header: 'a b'.",
        ),
        (
            json!({"requests": [{"id": "1", "method": "GET", "url": "/me", "dependsOn": "2"}]}),
            "The request '1' of the batch has a 'dependsOn' that is not an array of strings.",
        ),
        (
            json!({"requests": [{"id": "1", "method": "GET", "url": "/me", "dependsOn": [2]}]}),
            "The request '1' of the batch has a 'dependsOn' that is not an array of strings.",
        ),
    ] {
        let (status, response) = batch(&emulator, body.clone()).await;
        assert_eq!(status, 400, "{body}");
        let message = response["error"]["message"].as_str().unwrap();
        assert!(message.contains(fragment), "{body}: {message}");
    }
    assert_eq!(name(&emulator), "Ada");
}
