//! Each fault that the emulator knows, struck once and over and over, against each kind of request: how often it was sent,
//! how often it was applied, what the caller is told. `docs/faults.md` is the table, and this test holds it; what must hold
//! for every row whatever the table says is checked besides. And nothing that is shown on the way holds the token.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

mod tenant;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use msgraph_emulator::{Emulator, Fault, Moment, RetryAfter};
use msgraph_tap::runtime::{
    Batch, Client, Cloud, Effect, Error, Fate, Outcome, Request, RetryPolicy, Secret, Token,
    TokenRequest,
};
use serde_json::json;
use tenant::{PERSON, PersonPatch, tenant, update};
use tokio::sync::Semaphore;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

const RENEW: &str = "MSGRAPH_REWRITE=1 cargo test --test fault_matrix";
/// What each token of the test begins with.
const TOKEN: &str = "eyJ0eXAi-token-that-must-not-leak";
/// The `client-request-id` of nobody's request.
const OTHER: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
/// How long a try may take, where a fault is longer: long enough for a request to arrive on a machine that is busy.
const SHORT: Duration = Duration::from_millis(1200);
/// What every case ends within, the waits that it is told to make included.
const BOUND: Duration = Duration::from_secs(20);

fn faults() -> Vec<(&'static str, Fault)> {
    let seconds = |seconds| Some(RetryAfter::Seconds(seconds));
    let text = |text: &str| Some(RetryAfter::Text(text.to_owned()));
    let raw = |status, body: &str| Fault::Raw {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_owned(),
    };
    let disconnect = |moment| Fault::Disconnect { moment };
    let retry_after = |retry_after| Fault::Throttle { retry_after };
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
    vec![
        ("429 with `Retry-After: 1`", retry_after(seconds(1))),
        (
            "429 with `Retry-After` as a date",
            retry_after(Some(RetryAfter::DateIn(Duration::from_secs(1)))),
        ),
        ("429 without `Retry-After`", retry_after(None)),
        (
            "429 with a `Retry-After` that is none",
            retry_after(text("-1")),
        ),
        (
            "429 with an overlong `Retry-After`",
            retry_after(seconds(86_400)),
        ),
        ("503", Fault::Unavailable { retry_after: None }),
        ("503 of a gateway", Fault::Page { status: 503 }),
        ("504, not applied", Fault::GatewayTimeout { applied: false }),
        (
            "504, and yet applied",
            Fault::GatewayTimeout { applied: true },
        ),
        (
            "a delay within the time of a try",
            Fault::Delay {
                duration: Duration::from_millis(30),
            },
        ),
        (
            "a delay beyond the time of a try",
            Fault::Delay {
                duration: SHORT * 2,
            },
        ),
        (
            "connection lost while the request is read",
            disconnect(Moment::WhileReading),
        ),
        (
            "connection lost before it is applied",
            disconnect(Moment::BeforeApplying),
        ),
        (
            "connection lost after it was applied",
            disconnect(Moment::AfterApplying),
        ),
        ("half a response", Fault::HalfResponse),
        ("a page of HTML with 200", Fault::Page { status: 200 }),
        ("a page of HTML with 202", Fault::Page { status: 202 }),
        ("a page of HTML with 502", Fault::Page { status: 502 }),
        ("a page of HTML with 520", Fault::Page { status: 520 }),
        ("408", raw(408, "")),
        (
            "200 with an error object",
            raw(200, r#"{"error":{"code":"Odd","message":"No."}}"#),
        ),
        (
            "the response to another request",
            Fault::Raw {
                status: 204,
                headers: vec![("client-request-id".to_owned(), OTHER.to_owned())],
                body: String::new(),
            },
        ),
        ("200 with JSON cut short", raw(200, r#"{"displayName":"#)),
        ("an error of 1 MB", Fault::OversizedError { bytes: 1 << 20 }),
        (
            "a redirect to another origin",
            Fault::Redirect {
                status: 307,
                location: "https://elsewhere.example/v1.0/people".to_owned(),
            },
        ),
        ("an expired token", Fault::ExpiredToken),
        (
            "a claims challenge",
            Fault::ClaimsChallenge {
                claims: claims.to_owned(),
            },
        ),
        ("403", Fault::Forbidden),
        ("a change of the ETag by somebody else", Fault::EtagConflict),
        (
            "409 `Directory_ConcurrencyViolation`",
            Fault::ConcurrencyViolation,
        ),
    ]
}

/// What is struck.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Struck {
    Update,
    UpdateIfMatch,
    Read,
    Delete,
    Batch,
    BatchItem,
}

const STRUCK: [(Struck, &str); 6] = [
    (Struck::Update, "update"),
    (Struck::UpdateIfMatch, "update with `If-Match`"),
    (Struck::Read, "read"),
    (Struck::Delete, "delete"),
    (Struck::Batch, "batch as a whole"),
    (Struck::BatchItem, "second item of a batch"),
];

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    seen: u64,
    applied: u64,
    told: String,
}

/// Everything that could be shown to somebody, by anyone.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut heard = self.0.lock().unwrap();
        write!(heard, "\nspan {}", span.metadata().name()).unwrap();
        span.record(&mut Line(&mut heard));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut heard = self.0.lock().unwrap();
        write!(
            heard,
            "\n{} {}",
            event.metadata().level(),
            event.metadata().target()
        )
        .unwrap();
        event.record(&mut Line(&mut heard));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn client(emulator: &Emulator, fault: &Fault) -> Client {
    // A new token each time, as claims ask for.
    let asked = Mutex::new(0);
    let source = move |_: TokenRequest| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        let secret = Secret::new(format!("{TOKEN}-{asked}"));
        async move {
            Ok(Token {
                secret,
                expires_at: None,
            })
        }
    };
    let too_long = matches!(fault, Fault::Delay { duration } if *duration > SHORT);
    Client::builder(Cloud::Global, source)
        .root(emulator.root().parse().unwrap())
        .retry(RetryPolicy {
            base_delay: Duration::from_millis(2),
            max_retry_after: Duration::from_secs(3),
            ..RetryPolicy::default()
        })
        .attempt_timeout(if too_long { SHORT } else { BOUND / 2 })
        .log_bodies(true)
        .build()
        .unwrap()
}

/// Plays one case.
async fn play(struck: Struck, fault: &Fault, times: u32, shown: &Mutex<String>) -> Row {
    let mut tenant = tenant();
    for id in ["ada", "bob", "eve"] {
        tenant = tenant.seed(
            format!("/v1.0/people/{id}"),
            json!({"displayName": "before"}),
        );
    }
    let emulator = tenant.start().await.unwrap();
    let name = |id: &str| {
        let state = emulator.state(&format!("/v1.0/people/{id}"))?;
        Some(state["displayName"].as_str()?.to_owned())
    };
    let client = client(&emulator, fault);
    let patch = PersonPatch::named("after");
    let before = client.send(update("ada", &patch).to_get()).await.unwrap();
    let seen = || emulator.requests_seen() - 1;
    emulator.fault(match struck {
        Struck::Update | Struck::UpdateIfMatch => fault.clone().with_method("PATCH").times(times),
        Struck::Read => fault.clone().with_method("GET").times(times),
        Struck::Delete => fault.clone().with_method("DELETE").times(times),
        Struck::Batch => fault.clone().with_method("POST").times(times),
        Struck::BatchItem => fault.clone().on("/people/ada").times(times),
    });
    let request = || match struck {
        Struck::UpdateIfMatch => update("ada", &patch).if_match(before.etag.clone().unwrap()),
        Struck::Read => update("ada", &patch).to_get(),
        Struck::Delete => Request::delete("v1.0", PERSON, &[&"ada"]),
        _ => update("ada", &patch),
    };
    let batch = || {
        let mut batch = Batch::new();
        batch.push(update("bob", &patch));
        let second = batch.push(request());
        batch.push_after(&[second], update("eve", &patch));
        batch
    };
    let is_batch = matches!(struck, Struck::Batch | Struck::BatchItem);
    let calling = async {
        match is_batch {
            true => client.send_batch(&batch()).await,
            false => vec![client.send(request()).await],
        }
    };
    let results = tokio::time::timeout(BOUND, calling)
        .await
        .unwrap_or_else(|_| panic!("{struck:?} {fault:?}: no end within {BOUND:?}"));

    // What the client gave up waiting for is still under way.
    let attempts = results.iter().map(attempts).max().unwrap();
    for _ in 0..200 {
        if seen() >= u64::from(attempts) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let seen = seen();
    let applied = emulator.updates_applied();

    let mut all = format!(
        "{client:?}{:?}{}{:?}",
        request(),
        client.dry_run(&request()).unwrap(),
        client.dry_run(&request()).unwrap()
    );
    write!(all, "{results:?}{:?}{emulator:?}", emulator.log()).unwrap();
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            write!(all, "\n{error} {error:?}").unwrap();
            cause = error.source();
        }
    }
    shown.lock().unwrap().push_str(&all);

    let ids: &[&str] = match is_batch {
        true => &["bob", "ada", "eve"],
        false => &["ada"],
    };
    let case = format!("{struck:?} struck {times} times by {fault:?}");
    for (id, result) in ids.iter().zip(&results) {
        let changed = match struck {
            Struck::Delete => name(id).is_none(),
            _ => name(id).as_deref() == Some("after"),
        };
        holds(&case, struck, result, changed);
    }
    assert_eq!(u64::from(attempts), seen, "{case}: every try is told of");
    if fault_is_sure(fault) || matches!(struck, Struck::UpdateIfMatch | Struck::Delete) {
        let most = ids.len() as u64;
        assert!(applied <= most, "{case}: applied {applied} times");
    }
    let told: Vec<String> = results
        .iter()
        .map(|result| told(&case, struck, result))
        .collect();
    let alike = is_batch && told.iter().all(|one| *one == told[0]);
    Row {
        seen,
        applied,
        told: match alike {
            true => format!("each: {}", told[0]),
            false => told.join("<br>"),
        },
    }
}

/// Whether nobody can take a request struck by it for applied.
fn fault_is_sure(fault: &Fault) -> bool {
    !matches!(
        fault,
        Fault::GatewayTimeout { .. }
            | Fault::Delay { .. }
            | Fault::Disconnect { .. }
            | Fault::HalfResponse
    )
}

/// What holds for every call, whatever the table says.
fn holds(case: &str, struck: Struck, result: &Result<Outcome, Error>, changed: bool) {
    match result {
        Ok(_) if struck == Struck::Read => assert!(!changed, "{case}"),
        Ok(_) => assert!(changed, "{case}: acknowledged, and not there"),
        Err(error) => match error.fate() {
            Fate::Applied => assert!(changed, "{case}: said to be applied: {error}"),
            Fate::NotSent | Fate::Rejected | Fate::ReadOnly => {
                assert!(!changed, "{case}: said not to be applied: {error}");
            }
            Fate::Unknown => assert!(
                error.to_string().contains("may have been applied"),
                "{case}: {error}"
            ),
            other => panic!("{case}: {other:?}"),
        },
    }
}

fn attempts(result: &Result<Outcome, Error>) -> u32 {
    match result {
        Ok(outcome) => outcome.attempts,
        Err(error) => error.call().map_or(0, |call| call.attempts),
    }
}

/// What the caller is told, without what is another in each run.
fn told(case: &str, struck: Struck, result: &Result<Outcome, Error>) -> String {
    let text = match result {
        Ok(outcome) => {
            let effect = match &outcome.effect {
                Effect::Done => "done",
                Effect::Resource(_) => "the resource",
                _ => "accepted",
            };
            match outcome.attempts {
                1 => format!("{}, {effect}", outcome.status),
                attempts => format!("{}, {effect}; after {attempts} attempts", outcome.status),
            }
        }
        Err(error) => {
            let method = match struck {
                Struck::Read => "GET",
                Struck::Delete => "DELETE",
                _ => "PATCH",
            };
            let text = error.to_string();
            // The same in every row.
            let operation = format!("{method} /v1.0{PERSON}: ");
            let Some(text) = text.strip_prefix(&operation) else {
                panic!("{case}: does not begin with the operation: {text}")
            };
            format!("{text} → `{:?}`", error.fate())
        }
    };
    // What the system calls a lost connection, and ids.
    let text = match text.split_once("the connection was lost (") {
        Some((before, after)) => {
            let after = after.find("); ").map_or(after, |end| &after[end..]);
            format!("{before}the connection was lost (…{after}")
        }
        None => text,
    };
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("request-id ") {
        let id = at + "request-id ".len();
        shown.push_str(&rest[..id]);
        shown.push('…');
        rest = &rest[id + 36..];
    }
    shown.push_str(rest);
    shown.replace("xxxxxxxxxx", "").replace('|', "\\|")
}

/// The document that holds the table.
fn document(rows: &BTreeMap<(usize, usize), [Row; 2]>) -> String {
    let mut text = String::from(include_str!("fault_matrix_head.md"));
    for (nth, (fault, _)) in faults().iter().enumerate() {
        write!(
            text,
            "\n## {}{}\n\n| request | struck | sent | applied | what the caller is told |\n|---|---|---|---|---|\n",
            fault[..1].to_uppercase(),
            &fault[1..]
        )
        .unwrap();
        for (kind, (_, name)) in STRUCK.iter().enumerate() {
            let [once, always] = &rows[&(nth, kind)];
            let mut line = |struck: &str,
                            Row {
                                seen,
                                applied,
                                told,
                            }: &Row| {
                writeln!(text, "| {name} | {struck} | {seen} | {applied} | {told} |").unwrap();
            };
            if once == always {
                line("once or always", once);
            } else {
                line("once", once);
                line("always", always);
            }
        }
    }
    text
}

#[tokio::test]
async fn every_fault_and_every_request() {
    let listener = Listener::default();
    let heard = Arc::clone(&listener.0);
    // Of this thread, which all the calls are made on.
    let _guard = tracing::subscriber::set_default(listener);
    let shown = Arc::new(Mutex::new(String::new()));
    let at_a_time = Arc::new(Semaphore::new(16));
    let mut cases = tokio::task::JoinSet::new();
    for (nth, (_, fault)) in faults().into_iter().enumerate() {
        for (kind, (struck, _)) in STRUCK.into_iter().enumerate() {
            let (fault, shown, turn) = (fault.clone(), Arc::clone(&shown), Arc::clone(&at_a_time));
            cases.spawn(async move {
                let _turn = turn.acquire().await.unwrap();
                let once = play(struck, &fault, 1, &shown).await;
                let always = play(struck, &fault, 1000, &shown).await;
                ((nth, kind), [once, always])
            });
        }
    }
    let mut rows = BTreeMap::new();
    while let Some(case) = cases.join_next().await {
        let (at, row) = case.unwrap();
        rows.insert(at, row);
    }

    let heard = heard.lock().unwrap();
    for expected in [
        "span graph_request",
        "span graph_batch",
        "retrying",
        "claims challenge",
        "request body",
        "answer body",
        "displayName",
        "item of a batch failed",
    ] {
        assert!(
            heard.contains(expected),
            "{expected} is not among what is heard"
        );
    }
    let shown = shown.lock().unwrap();
    for (what, text) in [("logged", &*heard), ("shown", &*shown)] {
        if let Some(at) = text.find(TOKEN) {
            let around = text[..at].rfind('\n').unwrap_or(0);
            panic!("the token is {what}: {}", &text[around..at + TOKEN.len()]);
        }
    }

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faults.md");
    let found = document(&rows);
    if std::env::var_os("MSGRAPH_REWRITE").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((found, expected)) = found
        .lines()
        .map(Some)
        .chain([None])
        .zip(expected.lines().map(Some).chain([None]))
        .find(|(found, expected)| found != expected)
    {
        panic!(
            "docs/faults.md does not hold any more: renew it with `{RENEW}` and read the difference\nexpected: {expected:?}\nfound: {found:?}"
        );
    }
}
