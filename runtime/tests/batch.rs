//! Batches on the wire; the failure of an item does not hide the success of another.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

mod loopback;

use std::time::Duration;

use loopback::{Loopback, Play, answer};
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::error::RequestError;
use msgraph_runtime::request::{Batch, PageLink};
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Fate, Nullable, Page, Request, RetryPolicy,
};
use serde_json::{Value, json};

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
static EMPTY: Patch = Patch { length: None };

fn update() -> Request<'static> {
    Request::patch("v1.0", "/policies/tap", &[], &PATCH).permissions(&["Policy.ReadWrite.X"])
}

fn client(server: &Loopback) -> Client {
    let policy = RetryPolicy {
        base_delay: Duration::from_millis(2),
        max_total: Duration::from_secs(5),
        ..RetryPolicy::default()
    };
    Client::builder(Cloud::Global, AccessToken::new("t").unwrap())
        .root(server.root.parse().unwrap())
        .retry(policy)
        .build()
        .unwrap()
}

fn answers(entries: Value) -> Play {
    answer(
        200,
        &[("content-type", "application/json")],
        &json!({ "responses": entries }).to_string(),
    )
}

fn done(ids: impl IntoIterator<Item = usize>) -> Play {
    answers(
        ids.into_iter()
            .map(|id| json!({ "id": id.to_string(), "status": 204 }))
            .collect(),
    )
}

fn sent(server: &Loopback, at: usize) -> Value {
    serde_json::from_str(&server.seen()[at].body).unwrap()
}

fn ids(server: &Loopback, at: usize) -> Vec<String> {
    let requests = sent(server, at);
    requests["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_request_of_a_batch() {
    let server = Loopback::play([done([1, 0])]).await;
    let mut batch = Batch::new();
    let first = batch.push(update().if_match("\"1\"".parse().unwrap()));
    batch.push_after(
        &[first.id()],
        Request::get("v1.0", "/users/{id}", &[&"a b"]).query("$select", "id"),
    );
    let outcomes = client(&server).send_batch(batch).await.into_rest();
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.as_ref().unwrap().value.is_none())
    );

    assert_eq!(server.seen()[0].line, "POST /v1.0/$batch HTTP/1.1");
    let mut body = sent(&server, 0);
    for (index, outcome) in outcomes.iter().enumerate() {
        let id = body["requests"][index]["headers"]
            .as_object_mut()
            .unwrap()
            .remove("client-request-id")
            .unwrap();
        assert_eq!(
            id.as_str(),
            outcome.as_ref().unwrap().client_request_id.as_deref()
        );
    }
    let expected = json!({ "requests": [
        {
            "id": "0", "method": "PATCH", "url": "/policies/tap",
            "headers": { "accept": "application/json", "content-type": "application/json", "if-match": "\"1\"" },
            "body": { "defaultLength": 12 },
        },
        {
            "id": "1", "method": "GET", "url": "/users/a%20b?$select=id",
            "headers": { "accept": "application/json" }, "dependsOn": ["0"],
        },
    ] });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn each_item_has_its_own_outcome() {
    let refused = json!({ "error": { "code": "Forbidden", "message": "No." } });
    let server = Loopback::play([answers(json!([
        { "id": "3", "status": 200, "headers": { "request-id": "r-3" }, "body": { "defaultLength": 12 } },
        { "id": "0", "status": "204" },
        { "id": "1", "status": 403, "headers": { "content-type": "application/json" }, "body": refused },
    ]))])
    .await;
    let mut batch: Batch<'_> = [update(), update()].into_iter().collect();
    batch.push(Request::patch("v1.0", "/policies/tap", &[], &EMPTY));
    batch.push(update());
    batch.push(update());
    let outcomes = client(&server).send_batch(batch).await.into_rest();
    assert_eq!(outcomes.len(), 5);
    assert_eq!(outcomes[0].as_ref().unwrap().value, None);
    let text = outcomes[1].as_ref().unwrap_err().to_string();
    assert!(
        text.contains("403") && text.contains("Policy.ReadWrite.X"),
        "{text}"
    );
    assert!(
        outcomes[2].as_ref().unwrap_err().request_error().is_some(),
        "refused before sending, and the rest was sent"
    );
    assert_eq!(
        outcomes[3].as_ref().unwrap().value.as_ref().unwrap()["defaultLength"],
        12
    );
    assert_eq!(
        outcomes[3].as_ref().unwrap().request_id.as_deref(),
        Some("r-3")
    );
    assert!(
        outcomes[4]
            .as_ref()
            .unwrap_err()
            .to_string()
            .contains("no entry 4")
    );
    assert_eq!(ids(&server, 0), ["0", "1", "3", "4"]);
}

#[tokio::test]
async fn large_batches_are_split_also_by_api_version() {
    let server = Loopback::play([done(0..20), done(20..40), done(40..41), done(41..42)]).await;
    let mut batch = Batch::new();
    let first = batch.push(update());
    for _ in 1..40 {
        batch.push(update());
    }
    batch.push_after(&[first.id()], update());
    batch.push(Request::patch("beta", "/policies/tap", &[], &PATCH));
    let outcomes = client(&server).send_batch(batch).await.into_rest();
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(
        [0, 1, 2, 3].map(|at| ids(&server, at).len()),
        [20, 20, 1, 1]
    );
    assert_eq!(
        sent(&server, 2)["requests"][0].get("dependsOn"),
        None,
        "what went before is done"
    );
    assert!(server.seen()[3].line.starts_with("POST /beta/$batch"));
}

/// A batch has one API version, and its URLs are relative to it.
#[tokio::test]
async fn a_link_to_another_api_version_is_not_batched() {
    let server = Loopback::play([]).await;
    let link: PageLink = format!("{}/beta/users?$skiptoken=a", server.root)
        .parse()
        .unwrap();
    let list: Request<'_, Page<Untyped>> = __rt::get("v1.0", "/users", &[]);
    let mut batch = Batch::new();
    let page = batch.push(list.at(link));
    let mut responses = client(&server).send_batch(batch).await;
    let error = responses.take(page).unwrap_err();
    assert_eq!(
        error.request_error(),
        Some(&RequestError::OtherVersionInBatch)
    );
    assert_eq!(error.fate(), Fate::NotSent);
}

#[tokio::test]
async fn throttled_items_are_retried_with_their_dependents() {
    let server = Loopback::play([
        answers(json!([
            { "id": "0", "status": 204 },
            { "id": "1", "status": 429, "headers": { "Retry-After": "0" }, "body": { "error": { "code": "Throttled" } } },
            { "id": "2", "status": 424, "body": { "error": { "code": "FailedDependency" } } },
        ])),
        done([1, 2]),
    ])
    .await;
    let mut batch = Batch::new();
    let zero = batch.push(update());
    let one = batch.push(update());
    batch.push_after(&[zero.id(), one.id()], update());
    let outcomes = client(&server).send_batch(batch).await.into_rest();
    let attempts: Vec<u32> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().unwrap().attempts)
        .collect();
    assert_eq!(attempts, [1, 2, 2]);
    assert_eq!(ids(&server, 1), ["1", "2"]);
    assert_eq!(sent(&server, 1)["requests"][1]["dependsOn"], json!(["1"]));
}

#[tokio::test]
async fn dependents_of_a_failed_item_are_skipped() {
    let refused =
        json!({ "id": "0", "status": 400, "body": { "error": { "code": "Bad", "message": "m" } } });
    let server = Loopback::play([
        answers(json!([refused, { "id": "1", "status": 424, "body": { "error": { "code": "FailedDependency" } } }])),
    ])
    .await;
    let mut batch = Batch::new();
    let zero = batch.push(update());
    let one = batch.push_after(&[zero.id()], update());
    let invalid = batch.push(Request::patch("v1.0", "/policies/tap", &[], &EMPTY));
    batch.push_after(&[invalid.id()], update());
    batch.push_after(
        &[one.id()],
        Request::patch("beta", "/policies/tap", &[], &PATCH),
    );
    let outcomes = client(&server).send_batch(batch).await.into_rest();
    assert_eq!(outcomes[0].as_ref().unwrap_err().status(), Some(400));
    for (place, cause) in [(1, 0), (3, 2), (4, 1)] {
        let error = outcomes[place].as_ref().unwrap_err();
        assert_eq!(error.failed_dependency(), Some(cause), "{place}: {error}");
        assert_eq!(error.fate(), Fate::NotSent);
    }
    assert_eq!(
        server.seen().len(),
        1,
        "the one of the other version was never sent"
    );
}

#[tokio::test]
async fn a_lost_batch_retries_idempotent_items_only() {
    let server = Loopback::play([Play::Drop, done([0])]).await;
    let mut batch = Batch::new();
    batch.push(update());
    batch.push(update().if_match("\"1\"".parse().unwrap()));
    let outcomes = client(&server).send_batch(batch).await.into_rest();
    assert_eq!(outcomes[0].as_ref().unwrap().attempts, 2);
    assert_eq!(outcomes[1].as_ref().unwrap_err().fate(), Fate::Unknown);
    assert_eq!(ids(&server, 1), ["0"]);
}

#[tokio::test]
async fn a_rejected_batch_is_the_error_of_every_item() {
    let server = Loopback::play([answer(
        403,
        &[],
        r#"{"error":{"code":"Forbidden","message":"No."}}"#,
    )])
    .await;
    let outcomes = client(&server)
        .send_batch([update(), update()].into_iter().collect())
        .await
        .into_rest();
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.as_ref().unwrap_err().status() == Some(403))
    );
    assert!(
        client(&server)
            .send_batch(Batch::new())
            .await
            .into_rest()
            .is_empty()
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_ticket_takes_the_response_type_of_its_request() {
    let body = json!({ "displayName": "Adele", "tags": ["a"] });
    let server = Loopback::play([answers(json!([
        { "id": "0", "status": 200, "headers": { "request-id": "r-0" }, "body": body },
        { "id": "1", "status": 204, "headers": { "request-id": "r-1" } },
        { "id": "2", "status": 204, "headers": { "request-id": "r-2" } },
        { "id": "3", "status": 204, "headers": { "request-id": "r-3" } },
    ]))])
    .await;
    let mut batch = Batch::new();
    let user = batch.push(Request::get("v1.0", "/users/1", &[]));
    let deleted = batch.push(Request::delete("v1.0", "/users/2", &[]));
    let empty = batch.push(update().reading::<Value>());
    batch.push_after(&[user.id(), deleted.id()], update());
    let mut responses = client(&server).send_batch(batch).await;
    // In any order.
    let error = responses.take(empty).unwrap_err();
    assert_eq!((error.status(), error.fate()), (Some(204), Fate::Applied));
    assert_eq!(
        error.call().unwrap().operation(),
        "PATCH /v1.0/policies/tap"
    );
    let () = responses.take(deleted).unwrap().value;
    let user = responses.take(user).unwrap();
    assert_eq!(user.value["displayName"], "Adele");
    assert_eq!(user.request_id.as_deref(), Some("r-0"));
    assert_eq!(
        format!("{responses:?}"),
        "BatchResponses {3: Some(204)}",
        "no values"
    );
    let rest = responses.into_rest();
    assert!(matches!(rest.as_slice(), [Ok(last)] if last.value.is_none()));
}

#[tokio::test]
async fn a_ticket_of_another_batch_is_an_error() {
    let server = Loopback::play([done([1])]).await;
    let mut other = Batch::new();
    let foreign = other.push(update());
    let mut batch = Batch::new();
    let misplaced = batch.push_after(&[foreign.id()], update());
    let sent = batch.push(update());
    let mut responses = client(&server).send_batch(batch).await;

    // The other batch may have been sent.
    let error = responses.take(foreign).unwrap_err();
    assert_eq!(error.fate(), Fate::Unknown);
    assert_eq!(error.to_string(), "the ticket belongs to another batch");
    let error = responses.take(misplaced).unwrap_err();
    assert_eq!(error.fate(), Fate::NotSent);
    assert_eq!(
        error.to_string(),
        "not sent: the request depends on a request of another batch"
    );
    responses.take(sent).unwrap();
    assert_eq!(ids(&server, 0), ["1"]);
}
