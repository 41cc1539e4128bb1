//! Each fault of the emulator, once and repeatedly, against each kind of request: how often the request is sent, how often it
//! is applied, and what the caller gets. `fault_matrix.txt` has the expected results. In addition, some rules hold for every
//! case, and nothing that is shown or logged contains the token. `docs/faults.md` is the summary for readers.

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
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use msgraph_emulator::{Emulator, Fault, Moment, RetryAfter};
use msgraph_tap::runtime::auth::TokenRequest;
use msgraph_tap::runtime::edm::Untyped;
use msgraph_tap::runtime::request::Batch;
use msgraph_tap::runtime::{
    AccessToken, Client, Cloud, Error, ErrorKind, Fate, Outcome, Request, RetryPolicy,
};
use serde_json::json;
use tenant::{PERSON, PersonPatch, WELCOME, create, tenant, update, welcome};
use tokio::sync::Semaphore;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

const RENEW: &str = "MSGRAPH_REWRITE=1 cargo test --test fault_matrix";
const TOKEN: &str = "eyJ0eXAi-token-that-must-not-leak";
/// A `client-request-id` that no request has.
const OTHER: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
/// The time limit of an attempt that meets a longer delay. Long enough for a request to arrive on a busy machine.
const SHORT: Duration = Duration::from_millis(1200);
/// The time limit of every case, including its waits.
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
        ("429 with an invalid `Retry-After`", retry_after(text("-1"))),
        (
            "429 with a long `Retry-After`",
            retry_after(seconds(86_400)),
        ),
        ("503", Fault::Unavailable { retry_after: None }),
        ("503 from a gateway", Fault::Page { status: 503 }),
        ("504, not applied", Fault::GatewayTimeout { applied: false }),
        ("504, but applied", Fault::GatewayTimeout { applied: true }),
        (
            "a delay within the time limit",
            Fault::Delay {
                duration: Duration::from_millis(30),
            },
        ),
        (
            "a delay beyond the time limit",
            Fault::Delay {
                duration: SHORT * 2,
            },
        ),
        (
            "connection lost while reading the request",
            disconnect(Moment::WhileReading),
        ),
        (
            "connection lost before applying",
            disconnect(Moment::BeforeApplying),
        ),
        (
            "connection lost after applying",
            disconnect(Moment::AfterApplying),
        ),
        ("half a response", Fault::HalfResponse),
        ("HTML with 200", Fault::Page { status: 200 }),
        ("HTML with 202", Fault::Page { status: 202 }),
        ("HTML with 502", Fault::Page { status: 502 }),
        ("HTML with 520", Fault::Page { status: 520 }),
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
        ("the ETag changed meanwhile", Fault::EtagConflict),
        (
            "409 `Directory_ConcurrencyViolation`",
            Fault::ConcurrencyViolation,
        ),
    ]
}

/// The request that meets the fault.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Update,
    UpdateIfMatch,
    Read,
    Delete,
    Create,
    Action,
    Batch,
    BatchItem,
}

impl Target {
    /// Method and template.
    fn operation(self) -> (&'static str, &'static str) {
        match self {
            Self::Read => ("GET", PERSON),
            Self::Delete => ("DELETE", PERSON),
            Self::Create => ("POST", "/people"),
            Self::Action => ("POST", WELCOME),
            Self::Update | Self::UpdateIfMatch | Self::Batch | Self::BatchItem => ("PATCH", PERSON),
        }
    }

    /// How a message begins that does not know whether the request was applied.
    fn unknown(self) -> &'static str {
        match self {
            Self::Create => "may have been created: look for it with GET /v1.0/people",
            Self::Action => "may have been applied: check what the action did",
            _ => "may have been applied",
        }
    }
}

const TARGETS: [(Target, &str); 8] = [
    (Target::Update, "update"),
    (Target::UpdateIfMatch, "update with `If-Match`"),
    (Target::Read, "read"),
    (Target::Delete, "delete"),
    (Target::Create, "create"),
    (Target::Action, "action"),
    (Target::Batch, "whole batch"),
    (Target::BatchItem, "second item of a batch"),
];

/// The result of one case.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    sent: u64,
    applied: u64,
    results: String,
}

/// Collects everything that is logged.
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
    // A new token each time, as a claims challenge requires.
    let asked = Mutex::new(0);
    let source = move |_: TokenRequest| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        let token = AccessToken::new(format!("{TOKEN}-{asked}"));
        async move { token }
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
async fn play(target: Target, fault: &Fault, times: u32, shown: &Mutex<String>) -> Row {
    let mut tenant = tenant();
    for id in ["ada", "bob", "eve"] {
        tenant = tenant.seed(
            format!("/v1.0/people/{id}"),
            json!({"displayName": "before"}),
        );
    }
    let welcomed = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&welcomed);
    let tenant = tenant.on("microsoft.graph.welcome", move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        json!(true)
    });
    let emulator = tenant.start().await.unwrap();
    let name = |id: &str| {
        let state = emulator.state(&format!("/v1.0/people/{id}"))?;
        Some(state["displayName"].as_str()?.to_owned())
    };
    let client = client(&emulator, fault);
    let patch = PersonPatch::named("after");
    let before = client.send(update("ada", &patch).to_get()).await.unwrap();
    let seen = || emulator.requests_seen() - 1;
    emulator.fault(match target {
        Target::Update | Target::UpdateIfMatch => fault.clone().with_method("PATCH").times(times),
        Target::Read => fault.clone().with_method("GET").times(times),
        Target::Delete => fault.clone().with_method("DELETE").times(times),
        Target::Create | Target::Action | Target::Batch => {
            fault.clone().with_method("POST").times(times)
        }
        Target::BatchItem => fault.clone().on("/people/ada").times(times),
    });
    let request = || match target {
        Target::UpdateIfMatch => update("ada", &patch).if_match(before.etag.clone().unwrap()),
        Target::Read => update("ada", &patch).to_get().reading(),
        Target::Delete => Request::delete("v1.0", PERSON, &[&"ada"]).reading(),
        Target::Create => create(&patch),
        Target::Action => welcome("ada"),
        _ => update("ada", &patch),
    };
    let batch = || {
        let mut batch = Batch::new();
        batch.push(update("bob", &patch));
        let second = batch.push(request());
        batch.push_after(&[second.id()], update("eve", &patch));
        batch
    };
    let is_batch = matches!(target, Target::Batch | Target::BatchItem);
    let calling = async {
        match is_batch {
            true => client.send_batch(batch()).await.into_rest(),
            false => vec![client.send(request()).await],
        }
    };
    let results = tokio::time::timeout(BOUND, calling)
        .await
        .unwrap_or_else(|_| panic!("{target:?} {fault:?}: not done within {BOUND:?}"));

    // Requests that the client stopped waiting for are still in progress.
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
    let case = format!("{target:?} meets {times} times {fault:?}");
    for (id, result) in ids.iter().zip(&results) {
        let changed = match target {
            Target::Delete => name(id).is_none(),
            Target::Create => applied == 1,
            Target::Action => welcomed.load(Ordering::Relaxed) == 1,
            _ => name(id).as_deref() == Some("after"),
        };
        check(&case, target, result, changed);
    }
    assert_eq!(
        u64::from(attempts),
        seen,
        "{case}: every attempt is counted"
    );
    if fault_is_sure(fault) || !matches!(target, Target::Update | Target::Batch | Target::BatchItem)
    {
        let most = ids.len() as u64;
        assert!(applied <= most, "{case}: applied {applied} times");
    }
    let told: Vec<String> = results
        .iter()
        .map(|result| told(&case, target, result))
        .collect();
    let alike = is_batch && told.iter().all(|one| *one == told[0]);
    Row {
        sent: seen,
        applied,
        results: match alike {
            true => format!("each: {}", told[0]),
            false => told.join("; "),
        },
    }
}

/// Whether a request that meets it is certainly not applied.
fn fault_is_sure(fault: &Fault) -> bool {
    !matches!(
        fault,
        Fault::GatewayTimeout { .. }
            | Fault::Delay { .. }
            | Fault::Disconnect { .. }
            | Fault::HalfResponse
    )
}

/// The rules for every call.
fn check(
    case: &str,
    target: Target,
    result: &Result<Outcome<Option<Untyped>>, Error>,
    changed: bool,
) {
    match result {
        Ok(_) if target == Target::Read => assert!(!changed, "{case}"),
        Ok(_) => assert!(changed, "{case}: acknowledged, but not applied"),
        Err(error) => match error.fate() {
            Fate::Applied => assert!(changed, "{case}: reported as applied: {error}"),
            Fate::NotSent | Fate::Rejected | Fate::ReadOnly => {
                assert!(!changed, "{case}: reported as not applied: {error}");
            }
            Fate::Unknown => assert!(
                error.to_string().contains(target.unknown()),
                "{case}: {error}"
            ),
            other => panic!("{case}: {other:?}"),
        },
    }
}

fn attempts(result: &Result<Outcome<Option<Untyped>>, Error>) -> u32 {
    match result {
        Ok(outcome) => outcome.attempts,
        Err(error) => error.call().map_or(0, |call| call.attempts),
    }
}

/// What the caller gets, without texts and ids.
fn told(case: &str, target: Target, result: &Result<Outcome<Option<Untyped>>, Error>) -> String {
    let (result, attempts) = match result {
        Ok(outcome) => {
            let effect = match &outcome.value {
                _ if outcome.status == 202 => "accepted",
                None => "done",
                Some(_) => "resource",
            };
            (format!("{} {effect}", outcome.status), outcome.attempts)
        }
        Err(error) => {
            let (method, template) = target.operation();
            let operation = format!("{method} /v1.0{template}: ");
            assert!(error.to_string().starts_with(&operation), "{case}: {error}");
            let kind = match (error.kind(), error.status()) {
                (ErrorKind::Transport, _) if error.is_timeout() => "timeout".to_owned(),
                (ErrorKind::Transport | ErrorKind::TooLarge, _) => "lost".to_owned(),
                (ErrorKind::Dependency, _) => "dependency".to_owned(),
                (_, Some(status)) => status.to_string(),
                (_, None) => panic!("{case}: {error}"),
            };
            let call = error.call().unwrap();
            let text = error.to_string();
            let reason = text.split_once("; not retried: ").map(|(_, reason)| reason);
            let reason = reason
                .map(|reason| format!(" ({reason})"))
                .unwrap_or_default();
            let end = format!("{kind} {:?}{reason}", error.fate());
            (end, call.attempts)
        }
    };
    match attempts {
        1 => result,
        attempts => format!("{result} after {attempts}"),
    }
}

fn table(rows: &BTreeMap<(usize, usize), [Row; 2]>) -> String {
    let mut text = String::from("request | fault | sent | applied | results\n");
    for (nth, (fault, _)) in faults().iter().enumerate() {
        write!(text, "\n{fault}\n").unwrap();
        for (kind, (_, name)) in TARGETS.iter().enumerate() {
            let [once, always] = &rows[&(nth, kind)];
            let mut line = |times: &str, row: &Row| {
                let Row {
                    sent,
                    applied,
                    results,
                } = row;
                writeln!(text, "{name} | {times} | {sent} | {applied} | {results}").unwrap();
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
    // For this thread, which makes all calls.
    let _guard = tracing::subscriber::set_default(listener);
    let shown = Arc::new(Mutex::new(String::new()));
    let at_a_time = Arc::new(Semaphore::new(16));
    let mut cases = tokio::task::JoinSet::new();
    for (nth, (_, fault)) in faults().into_iter().enumerate() {
        for (kind, (target, _)) in TARGETS.into_iter().enumerate() {
            let (fault, shown, turn) = (fault.clone(), Arc::clone(&shown), Arc::clone(&at_a_time));
            cases.spawn(async move {
                let _turn = turn.acquire().await.unwrap();
                let once = play(target, &fault, 1, &shown).await;
                let always = play(target, &fault, 1000, &shown).await;
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
        "response body",
        "displayName",
        "item of a batch failed",
    ] {
        assert!(heard.contains(expected), "{expected} is not logged");
    }
    let shown = shown.lock().unwrap();
    for (what, text) in [("logged", &*heard), ("shown", &*shown)] {
        if let Some(at) = text.find(TOKEN) {
            let around = text[..at].rfind('\n').unwrap_or(0);
            panic!("the token is {what}: {}", &text[around..at + TOKEN.len()]);
        }
    }

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fault_matrix.txt");
    let found = table(&rows);
    if std::env::var_os("MSGRAPH_REWRITE").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected, "renew fault_matrix.txt with `{RENEW}`");
    }
    assert_eq!(found.len(), expected.len(), "renew it with `{RENEW}`");
}
