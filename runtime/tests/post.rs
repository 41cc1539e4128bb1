//! Creates, calls of actions, and references: on the wire, their retries, and what an error says about them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod loopback;

use std::time::{Duration, Instant};

use loopback::{Loopback, Play, answer};
use msgraph_runtime::edm::{Reference, Untyped};
use msgraph_runtime::request::{Batch, Changed};
use msgraph_runtime::sans_io::http::Response;
use msgraph_runtime::sans_io::parse_response;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Error, ErrorKind, Fate, Nullable, Outcome, Page,
    Request, RetryPolicy,
};

struct NewPass {
    is_usable_once: Option<Nullable<bool>>,
}
__rt::model! {
    NewPass: "microsoft.graph.pass", new;
    "isUsableOnce" is_usable_once;
}

struct CheckMemberGroups {
    group_ids: Option<Vec<String>>,
}
__rt::body! {
    CheckMemberGroups: "microsoft.graph.checkMemberGroups", parameters;
    "groupIds" group_ids;
}

static NEW: NewPass = NewPass {
    is_usable_once: Some(Nullable::Value(true)),
};
static PARAMETERS: CheckMemberGroups = CheckMemberGroups {
    group_ids: Some(Vec::new()),
};

fn create() -> Request<'static, Option<NewPass>> {
    __rt::post("v1.0", "/users/{id}/passes", &[&"a@b"], &NEW)
}

fn call() -> Request<'static, Option<Untyped>> {
    __rt::post(
        "v1.0",
        "/users/{id}/checkMemberGroups",
        &[&"a@b"],
        &PARAMETERS,
    )
}

fn revoke() -> Request<'static, bool> {
    __rt::post_empty("v1.0", "/users/{id}/revokeSignInSessions", &[&"a@b"])
}

fn member() -> Reference {
    __rt::reference("v1.0", "/directoryObjects/{id}", &[&"d-1"])
}

fn add(member: &Reference) -> Request<'_, ()> {
    __rt::post_ref("v1.0", "/groups/{id}/members/$ref", &[&"g-1"], member)
}

fn client(server: &Loopback) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy {
            base_delay: Duration::from_millis(2),
            max_total: Duration::from_secs(5),
            ..RetryPolicy::default()
        })
        .build()
        .unwrap()
}

const ID: &[(&str, &str)] = &[("request-id", "r-1")];

#[tokio::test]
async fn a_create_returns_value_and_location() {
    let location = "https://graph.microsoft.com/v1.0/users/a@b/passes/7";
    let created = answer(201, &[("location", location)], r#"{"isUsableOnce":true}"#);
    let server = Loopback::play([created]).await;
    let outcome = client(&server).send(create()).await.unwrap();
    assert_eq!((outcome.status, outcome.value), (201, Some(NEW.clone())));
    assert_eq!(outcome.location.as_deref(), Some(location));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /v1.0/users/a@b/passes HTTP/1.1");
    assert_eq!(seen.header("content-type"), "application/json");
    assert_eq!(seen.body, r#"{"isUsableOnce":true}"#);
}

#[tokio::test]
async fn an_action_without_parameters_sends_an_empty_body() {
    let server = Loopback::play([answer(200, ID, r#"{"value":true}"#)]).await;
    assert!(client(&server).send(revoke()).await.unwrap().value);
    let seen = &server.seen()[0];
    assert_eq!(
        seen.line,
        "POST /v1.0/users/a@b/revokeSignInSessions HTTP/1.1"
    );
    assert_eq!(seen.header("content-length"), "0");
    assert_eq!((seen.header("content-type"), seen.body.as_str()), ("", ""));
}

#[tokio::test]
async fn references_are_absolute_in_the_cloud_of_the_client() {
    let server = Loopback::play([answer(204, ID, ""), answer(204, ID, "")]).await;
    let client = client(&server);
    let member = member();
    client.send(add(&member)).await.unwrap();
    let beta = Reference::to("/users/{id}", &[&"a@b"]);
    let manager = __rt::put_ref("beta", "/users/{id}/manager/$ref", &[&"c@d"], &beta);
    client.send(manager).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /v1.0/groups/g-1/members/$ref HTTP/1.1");
    let root = &server.root;
    assert_eq!(
        seen[0].body,
        format!(r#"{{"@odata.id":"{root}/v1.0/directoryObjects/d-1"}}"#)
    );
    assert_eq!(seen[1].line, "PUT /beta/users/c@d/manager/$ref HTTP/1.1");
    assert_eq!(
        seen[1].body,
        format!(r#"{{"@odata.id":"{root}/beta/users/a@b"}}"#)
    );
}

#[test]
fn a_reference_with_an_invalid_key_is_not_sent() {
    let nobody = __rt::reference("v1.0", "/users/{id}", &[&""]);
    let error = add(&nobody).prepare(&Cloud::Global.into()).unwrap_err();
    assert!(
        error.to_string().contains("the key for {id} is empty"),
        "{error}"
    );
}

/// The message of a failed `request`, and how often it was sent.
async fn failure<R: msgraph_runtime::request::Response + std::fmt::Debug>(
    plays: Vec<Play>,
    request: Request<'_, R>,
) -> (Error, usize) {
    let server = Loopback::play(plays).await;
    let error = client(&server).send(request).await.unwrap_err();
    (error, server.seen().len())
}

#[tokio::test]
async fn a_post_that_may_have_been_applied_is_not_sent_again() {
    let half = || {
        Play::Half(
            b"HTTP/1.1 201 X\r\nrequest-id: r-1\r\ncontent-length: 99\r\n\r\n{\"id\":\"1\","
                .to_vec(),
        )
    };
    let html = answer(200, &[("content-type", "text/html")], "<html>");
    let other = answer(201, &[("client-request-id", "another")], "{}");
    for (play, fate) in [
        (Play::Drop, Fate::Unknown),
        (answer(500, ID, ""), Fate::Unknown),
        (answer(502, &[], ""), Fate::Unknown),
        (answer(503, &[], ""), Fate::Unknown),
        (answer(504, ID, ""), Fate::Unknown),
        (answer(408, &[], ""), Fate::Unknown),
        (html, Fate::Unknown),
        (other, Fate::Unknown),
        (half(), Fate::Applied),
        (answer(400, ID, ""), Fate::Rejected),
        (answer(409, ID, ""), Fate::Rejected),
    ] {
        let name = format!("{play:?}");
        let (error, sent) = failure(vec![play.clone()], create()).await;
        assert_eq!((error.fate(), sent), (fate, 1), "{name}: {error}");
        let (error, sent) = failure(vec![play.clone()], call()).await;
        assert_eq!((error.fate(), sent), (fate, 1), "{name}: {error}");
        let (error, sent) = failure(vec![play.clone()], revoke()).await;
        assert_eq!((error.fate(), sent), (fate, 1), "{name}: {error}");
        let (error, sent) = failure(vec![play], add(&member())).await;
        assert_eq!((error.fate(), sent), (fate, 1), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_post_that_was_certainly_not_applied_is_sent_again() {
    let conflict = r#"{"error":{"code":"Directory_ConcurrencyViolation","message":"…"}}"#;
    for play in [
        answer(429, ID, ""),
        answer(503, ID, ""),
        answer(409, ID, conflict),
    ] {
        let server = Loopback::play([play, answer(201, ID, r#"{"isUsableOnce":true}"#)]).await;
        let outcome = client(&server).send(create()).await.unwrap();
        assert_eq!((outcome.attempts, server.seen().len()), (2, 2));
    }
    let nobody = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root("http://127.0.0.1:9".parse().unwrap())
        .retry(RetryPolicy {
            base_delay: Duration::from_millis(1),
            ..RetryPolicy::default()
        })
        .build()
        .unwrap();
    let error = nobody.send(create()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::NotSent);
    assert_eq!(error.call().unwrap().attempts, 4);
}

#[tokio::test]
async fn an_idempotent_action_is_sent_again() {
    let server = Loopback::play([
        Play::Drop,
        answer(504, ID, ""),
        answer(200, ID, r#"{"value":true}"#),
    ])
    .await;
    let outcome = client(&server).send(revoke().idempotent()).await.unwrap();
    assert_eq!((outcome.value, outcome.attempts), (true, 3));
    assert!(!create().is_idempotent() && create().idempotent().is_idempotent());

    let mut attempts = RetryPolicy::default().start(&create());
    assert_eq!(attempts.after_loss(Fate::Unknown, Instant::now()), None);
    let mut attempts = RetryPolicy::default().start(&create().idempotent());
    assert!(attempts.after_loss(Fate::Unknown, Instant::now()).is_some());
}

#[tokio::test]
async fn an_error_names_what_may_have_happened_and_how_to_look() {
    let cut = || {
        Play::Half(
            b"HTTP/1.1 201 X\r\nrequest-id: r-1\r\ncontent-length: 99\r\n\r\n{\"id\":\"1\","
                .to_vec(),
        )
    };
    let reference = member();
    let lost = [
        (
            failure(vec![Play::Drop], create()).await.0,
            "; it may have been created: look for it with GET /v1.0/users/{id}/passes before sending it again; ",
        ),
        (
            failure(vec![Play::Drop], add(&reference)).await.0,
            "; it may have been added: look for it with GET /v1.0/groups/{id}/members before sending it again; ",
        ),
        (
            failure(vec![Play::Drop], call()).await.0,
            "; it may have been applied: check what the action did before sending it again; ",
        ),
        (
            failure(vec![Play::Drop], revoke()).await.0,
            "; it may have been applied: check what the action did before sending it again; ",
        ),
        (
            failure(vec![answer(504, ID, "")], create()).await.0,
            "; it may have been created: look for it",
        ),
    ];
    for (error, expected) in lost {
        let line = error.to_string();
        assert!(line.contains(expected), "{line}");
        assert!(
            line.ends_with("; not retried: the request is not idempotent"),
            "{line}"
        );
    }
    let line = failure(vec![cut()], create()).await.0.to_string();
    assert!(line.contains("; it was created; "), "{line}");
    let plays = vec![Play::Drop, answer(400, ID, "")];
    let line = failure(plays, revoke().idempotent()).await.0.to_string();
    let expected = "; after 2 attempts; an earlier attempt may have been applied: check what the action did before sending it again";
    assert!(line.ends_with(expected), "{line}");
}

#[tokio::test]
async fn a_required_value_that_is_missing_is_an_error_with_its_location() {
    let location = "https://graph.microsoft.com/v1.0/users/a@b/passes/7";
    let server = Loopback::play([answer(201, &[("location", location)], "")]).await;
    let outcome = client(&server).send(create()).await.unwrap();
    assert_eq!(outcome.value, None);
    let error = Error::from(outcome.required().unwrap_err());
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!((error.fate(), error.status()), (Fate::Applied, Some(201)));
    assert_eq!(
        error.to_string(),
        format!("201, but the response has no body to read; location {location}")
    );

    let accepted: Outcome<Option<NewPass>> = parse_response(
        &Response::builder()
            .status(202)
            .header("operation-location", format!("{location}?tempauth=secret"))
            .body("{}")
            .unwrap(),
    )
    .unwrap();
    let error = accepted.required().unwrap_err();
    assert_eq!(error.fate(), Fate::Unknown);
    assert_eq!(
        error.to_string(),
        format!(
            "202: accepted, but not applied yet, so there is no body to read; location {location}?***"
        )
    );

    let created: Outcome<Option<NewPass>> =
        parse_response(&Response::new(r#"{"isUsableOnce":true}"#)).unwrap();
    assert_eq!(created.required().unwrap().value, NEW);
}

#[test]
fn there_is_nothing_to_read_back() {
    let error = create()
        .to_get()
        .prepare(&Cloud::Global.into())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "POST /users/{id}/passes has no resource to read back"
    );
}

#[test]
fn the_next_page_of_an_action_is_read_by_a_get() {
    let link = "https://graph.microsoft.com/v1.0/next?$skiptoken=a";
    let pages = call().reading::<Page<String>>().at(link.parse().unwrap());
    let prepared = pages.prepare(&Cloud::Global.into()).unwrap();
    assert_eq!(
        (prepared.method().as_str(), prepared.body().len()),
        ("GET", 0)
    );
    assert_eq!(prepared.uri(), link);
    assert!(pages.is_idempotent());
}

#[tokio::test]
async fn creates_and_calls_are_batched_and_sent_as_a_whole() {
    let responses = r#"{"responses":[
        {"id":"0","status":201,"body":{"isUsableOnce":true}},
        {"id":"1","status":204},
        {"id":"2","status":200,"body":{"value":true}}
    ]}"#;
    let server = Loopback::play([answer(200, ID, responses), answer(201, ID, "")]).await;
    let member = member();
    let mut batch = Batch::new();
    let (created, added, revoked) = (
        batch.push(create()),
        batch.push(add(&member)),
        batch.push(revoke()),
    );
    let client = client(&server);
    let mut responses = client.send_batch(batch).await;
    assert_eq!(responses.take(created).unwrap().value, Some(NEW.clone()));
    responses.take(added).unwrap();
    assert!(responses.take(revoked).unwrap().value);
    let sent: Untyped = serde_json::from_str(&server.seen()[0].body).unwrap();
    let sent = &sent["requests"];
    assert_eq!(sent[0]["method"], "POST");
    assert_eq!(sent[0]["body"]["isUsableOnce"], true);
    assert_eq!(
        sent[1]["body"]["@odata.id"],
        format!("{}/v1.0/directoryObjects/d-1", server.root)
    );
    assert_eq!(sent[2].get("body"), None);
    // There is nothing to compare a create with.
    let changed = client.send_changes(create()).await.unwrap();
    assert!(matches!(changed, Changed::Sent(_)));
    assert_eq!(server.seen().len(), 2);
}
