//! Each fault, once and always, against a create, a page in the middle of a list, an action and a delete: how often the
//! request is sent, how often it is applied, and what the caller gets. `lifecycle_faults.txt` has the expected results. In
//! every case, nothing is applied twice, no item is lost or repeated, and the fate is true.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod directory;
#[allow(dead_code)] // each test file uses its part
mod loopback;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use directory::{Directory, Fault, USERS, foreign, respond};
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Error, ErrorKind, Fate, Outcome, Page, Request,
    RetryPolicy,
};

const RENEW: &str = "MSGRAPH_REWRITE=1 cargo test -p msgraph-runtime --test lifecycle_faults";
/// The time limit of an attempt that meets a longer delay.
const SHORT: Duration = Duration::from_millis(600);

struct NewUser {
    display_name: Option<String>,
}
__rt::body! {
    NewUser: "microsoft.graph.user";
    "displayName" display_name;
}

/// The request that meets the fault.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Create,
    ListPage,
    Action,
    IdempotentAction,
    Delete,
}

const TARGETS: [(Target, &str, &str); 5] = [
    (Target::Create, "create", "POST /v1.0/users "),
    (
        Target::ListPage,
        "second page of a list",
        "GET /v1.0/users?$skiptoken=2 ",
    ),
    (
        Target::Action,
        "action",
        "POST /v1.0/users/1/revokeSignInSessions ",
    ),
    (
        Target::IdempotentAction,
        "idempotent action",
        "POST /v1.0/users/1/revokeSignInSessions ",
    ),
    (Target::Delete, "delete", "DELETE /v1.0/users/1 "),
];

/// `None`: the connection is refused.
fn faults() -> Vec<(&'static str, Option<Fault>)> {
    const ERROR: &str = r#"{"error":{"code":"TheCode","message":"The message."}}"#;
    const VIOLATION: &str = r#"{"error":{"code":"Directory_ConcurrencyViolation"}}"#;
    let html = [("content-type", "text/html")];
    let page = "<title>Sign in</title>";
    let other = [("client-request-id", "6f9619ff-8b86-d011-b42d-00cf4fc964ff")];
    let redirect = [("location", "https://elsewhere.example/v1.0/users")];
    vec![
        ("connection refused", None),
        ("429", Some(Fault::Respond(respond(429, &[], ERROR)))),
        (
            "429 with a long `Retry-After`",
            Some(Fault::Respond(respond(
                429,
                &[("retry-after", "86400")],
                ERROR,
            ))),
        ),
        ("503", Some(Fault::Respond(respond(503, &[], ERROR)))),
        (
            "503 from a gateway, not applied",
            Some(Fault::Respond(foreign(503, &html, page))),
        ),
        (
            "503 from a gateway, but applied",
            Some(Fault::ApplyAndRespond(foreign(503, &html, page))),
        ),
        (
            "504, not applied",
            Some(Fault::Respond(foreign(504, &[], ""))),
        ),
        (
            "504, but applied",
            Some(Fault::ApplyAndRespond(foreign(504, &[], ""))),
        ),
        (
            "500, but applied",
            Some(Fault::ApplyAndRespond(respond(500, &[], ERROR))),
        ),
        (
            "409 `Directory_ConcurrencyViolation`",
            Some(Fault::Respond(respond(409, &[], VIOLATION))),
        ),
        ("403", Some(Fault::Respond(respond(403, &[], ERROR)))),
        (
            "connection lost while reading the request",
            Some(Fault::CloseWhileReading),
        ),
        (
            "connection lost before applying",
            Some(Fault::CloseBeforeApplying),
        ),
        (
            "connection lost after applying",
            Some(Fault::CloseAfterApplying),
        ),
        ("half of the head of the response", Some(Fault::HalfHead)),
        ("half of the body of the response", Some(Fault::HalfBody)),
        (
            "200 with JSON cut short, but applied",
            Some(Fault::ApplyAndRespond(respond(
                200,
                &[],
                r#"{"value":[{"id":"#,
            ))),
        ),
        (
            "200 with an error object",
            Some(Fault::Respond(respond(200, &[], ERROR))),
        ),
        (
            "HTML with 200",
            Some(Fault::Respond(foreign(200, &html, page))),
        ),
        (
            "the response to another request, not applied",
            Some(Fault::Respond(respond(200, &other, r#"{"value":[]}"#))),
        ),
        (
            "a redirect",
            Some(Fault::Respond(foreign(307, &redirect, ""))),
        ),
        (
            "a delay within the time limit",
            Some(Fault::Delay(Duration::from_millis(30))),
        ),
        (
            "a delay beyond the time limit",
            Some(Fault::Delay(SHORT * 2)),
        ),
    ]
}

/// What the caller gets.
struct Got {
    status: u16,
    attempts: u32,
    value: String,
}

impl<R> From<(Outcome<R>, String)> for Got {
    fn from((outcome, value): (Outcome<R>, String)) -> Self {
        Self {
            status: outcome.status,
            attempts: outcome.attempts,
            value,
        }
    }
}

fn client(directory: &Directory, base_delay: u64) -> Client {
    Client::builder(
        Cloud::Global,
        AccessToken::new("eyJ0eXAi.the-token-itself").unwrap(),
    )
    .root(directory.root().parse().unwrap())
    .retry(RetryPolicy {
        max_attempts: 3,
        base_delay: Duration::from_millis(base_delay),
        ..RetryPolicy::default()
    })
    .attempt_timeout(SHORT)
    // Each request has its own connection, so that a fault meets only one.
    .pool_max_idle_per_host(0)
    .build()
    .unwrap()
}

async fn call(client: &Client, target: Target) -> Result<Got, Error> {
    let new = NewUser {
        display_name: Some("Adele Vance".to_owned()),
    };
    let revoke = || -> Request<'static, Option<bool>> {
        __rt::post_empty("v1.0", "/users/{id}/revokeSignInSessions", &[&"1"])
    };
    match target {
        Target::Create => {
            let create: Request<'_, Option<Untyped>> = __rt::post("v1.0", "/users", &[], &new);
            let outcome = client.send(create).await?;
            let location = outcome.location.as_deref().unwrap_or_default();
            assert!(location.ends_with("/v1.0/users/new6"), "{location}");
            let shown = outcome
                .value
                .as_ref()
                .map_or("nothing", |_| "the user")
                .to_owned();
            Ok((outcome, shown).into())
        }
        Target::Action | Target::IdempotentAction => {
            let request = match target {
                Target::IdempotentAction => revoke().idempotent(),
                _ => revoke(),
            };
            let outcome = client.send(request).await?;
            let shown = format!("{:?}", outcome.value);
            Ok((outcome, shown).into())
        }
        Target::Delete => {
            let outcome = client
                .send(Request::delete("v1.0", "/users/{id}", &[&"1"]))
                .await?;
            Ok((outcome, "deleted".to_owned()).into())
        }
        Target::ListPage => unreachable!("read by `list`"),
    }
}

/// Reads the whole list. After the first error, which it returns, the fault ends.
async fn list(client: &Client, directory: &Directory) -> Result<Got, Error> {
    let request: Request<'static, Page<Untyped>> = __rt::get("v1.0", "/users", &[]);
    let mut items = client.pages(request).items();
    let mut ids = Vec::new();
    let mut first_error = None;
    loop {
        match items.next().await {
            Ok(Some(item)) => ids.push(item["id"].as_str().unwrap().to_owned()),
            Ok(None) => break,
            Err(error) => {
                assert!(first_error.replace(error).is_none(), "two errors");
                directory.recover();
            }
        }
    }
    let all: Vec<_> = (1..=USERS).map(|id| id.to_string()).collect();
    assert_eq!(ids, all, "{first_error:?}");
    let got = Got {
        status: 200,
        attempts: 0,
        value: "every item once".to_owned(),
    };
    first_error.map_or(Ok(got), Err)
}

/// A directory that listens, and its client. A client is costly to build, so the cases of a target share it.
struct Connected {
    directory: Directory,
    client: Client,
}

impl Connected {
    fn new() -> Self {
        let directory = Directory::reserve();
        directory.listen();
        let client = client(&directory, 2);
        Self { directory, client }
    }

    /// Plays one case, and returns its line.
    async fn play(&self, target: Target, line: &'static str, fault: &Fault, times: u32) -> String {
        let Self { directory, client } = self;
        directory.reset(line, Some(fault.clone()), times);
        let result = match target {
            Target::ListPage => list(client, directory).await,
            _ => call(client, target).await,
        };
        let case = format!("{target:?} meets {times} times {fault:?}");
        let line = checked(&case, target, directory, &result).await;
        match target {
            Target::ListPage if result.is_err() => format!("{line}; then every item once"),
            _ => line,
        }
    }
}

/// The first connection, or each one, is refused.
async fn refused(target: Target, line: &'static str, times: u32) -> String {
    let directory = Directory::reserve();
    directory.reset(line, None, 0);
    // Long enough to listen before the second attempt.
    let client = client(&directory, if times == 1 { 800 } else { 2 });
    if times == 1 {
        let directory = directory.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            directory.listen();
        });
    }
    let result = match target {
        // There is no first page to continue from.
        Target::ListPage if times > 1 => {
            let request: Request<'static, Page<Untyped>> = __rt::get("v1.0", "/users", &[]);
            Err(client.pages(request).next().await.unwrap_err())
        }
        Target::ListPage => list(&client, &directory).await,
        _ => call(&client, target).await,
    };
    let case = format!("{target:?} is refused {times} times");
    checked(&case, target, &directory, &result).await
}

async fn checked(
    case: &str,
    target: Target,
    directory: &Directory,
    result: &Result<Got, Error>,
) -> String {
    let (sent, applied) = directory.counts().await;
    check(case, target, result, applied);
    format!("{sent} | {applied} | {}", shown(case, result))
}

/// The rules for every case.
fn check(case: &str, target: Target, result: &Result<Got, Error>, applied: u32) {
    match target {
        Target::ListPage => assert_eq!(applied, 0, "{case}"),
        Target::IdempotentAction => {}
        _ => assert!(applied <= 1, "{case}: applied {applied} times"),
    }
    let error = match result {
        Ok(_) if target == Target::ListPage => return,
        Ok(_) => return assert!(applied >= 1, "{case}: a success, but not applied"),
        Err(error) => error,
    };
    match error.fate() {
        Fate::ReadOnly => assert_eq!(target, Target::ListPage, "{case}"),
        Fate::Applied => assert!(applied >= 1, "{case}: {error}"),
        Fate::NotSent | Fate::Rejected => assert_eq!(applied, 0, "{case}: {error}"),
        Fate::Unknown => {
            let expected = match target {
                Target::Create => "may have been created: look for it with GET /v1.0/users",
                _ => "may have been applied",
            };
            assert!(error.to_string().contains(expected), "{case}: {error}");
        }
        other => panic!("{case}: {other:?}"),
    }
}

fn shown(case: &str, result: &Result<Got, Error>) -> String {
    let (text, attempts) = match result {
        Ok(got) => (format!("{} {}", got.status, got.value), got.attempts),
        Err(error) => {
            let kind = match (error.kind(), error.status()) {
                (ErrorKind::Transport, _) if error.is_timeout() => "timeout".to_owned(),
                (ErrorKind::Transport, _) => "lost".to_owned(),
                (_, Some(status)) => status.to_string(),
                (_, None) => panic!("{case}: {error}"),
            };
            let text = error.to_string();
            let reason = text.split_once("; not retried: ").map(|(_, reason)| reason);
            let reason = reason
                .map(|reason| format!(" ({reason})"))
                .unwrap_or_default();
            let attempts = error.call().unwrap().attempts;
            (format!("{kind} {:?}{reason}", error.fate()), attempts)
        }
    };
    match attempts {
        0 | 1 => text,
        attempts => format!("{text} after {attempts}"),
    }
}

#[tokio::test]
async fn every_fault_and_every_operation() {
    let targets = TARGETS.map(|(target, name, line)| {
        tokio::spawn(async move {
            let connected = Connected::new();
            let mut lines = Vec::new();
            for (_, fault) in faults() {
                let (once, always) = match &fault {
                    None => (
                        refused(target, line, 1).await,
                        refused(target, line, 1000).await,
                    ),
                    Some(fault) => (
                        connected.play(target, line, fault, 1).await,
                        connected.play(target, line, fault, 1000).await,
                    ),
                };
                lines.push(match once == always {
                    true => format!("{name} | once or always | {once}\n"),
                    false => format!("{name} | once | {once}\n{name} | always | {always}\n"),
                });
            }
            lines
        })
    });
    let mut of_targets = Vec::new();
    for target in targets {
        of_targets.push(target.await.unwrap());
    }
    let mut found = String::from("request | fault | sent | applied | result\n");
    for (nth, (name, _)) in faults().into_iter().enumerate() {
        write!(found, "\n{name}\n").unwrap();
        found.extend(of_targets.iter().map(|lines| lines[nth].as_str()));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lifecycle_faults.txt");
    if std::env::var_os("MSGRAPH_REWRITE").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected, "renew lifecycle_faults.txt with `{RENEW}`");
    }
    assert_eq!(found.len(), expected.len(), "renew it with `{RENEW}`");
}
