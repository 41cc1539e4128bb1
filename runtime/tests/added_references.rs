//! A body that adds references to a collection, at any depth, is not idempotent.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use std::time::Duration;

use loopback::{Loopback, Play, answer};
use msgraph_runtime::edm::{DynamicProperties, Reference};
use msgraph_runtime::json::Structured;
use msgraph_runtime::request::{Batch, diff};
use msgraph_runtime::{__private as __rt, AccessToken, Client, Cloud, Fate, Request, RetryPolicy};
use serde_json::json;

struct Group {
    name: Option<String>,
    owner: Option<Reference>,
    members: Option<Vec<Reference>>,
    within: Option<Inner>,
    others: DynamicProperties,
}
__rt::body! {
    Group: "microsoft.graph.group";
    "displayName" name;
    "owner@odata.bind" owner;
    "members@odata.bind" members;
    "within" within;
    ..others;
}

struct Inner {
    members: Option<Vec<Reference>>,
}
__rt::body! {
    Inner: "microsoft.graph.inner";
    "members@odata.bind" members;
}

fn references() -> Vec<Reference> {
    vec![Reference::to("/users/{id}", &[&"1"])]
}

fn update(body: &dyn Structured) -> Request<'_> {
    Request::patch("v1.0", "/groups/{id}", &[&"7"], body)
}

/// Bodies that add references.
fn adding() -> Vec<Box<dyn Structured>> {
    let members = Group {
        members: Some(references()),
        ..Group::default()
    };
    let nested = Group {
        within: Some(Inner {
            members: Some(references()),
        }),
        ..Group::default()
    };
    let mut dynamic = Group::default();
    let value = json!({ "parts": [{ "members@odata.bind": ["users/1"] }] });
    dynamic.others.insert("extra", value).unwrap();
    let mut short = Group::default();
    let value = json!({ "members@bind": ["users/1"] });
    short.others.insert("extra", value).unwrap();
    let changes = |group| Box::new(diff(&json!({}), group).unwrap());
    vec![
        changes(&members),
        changes(&nested),
        Box::new(members),
        Box::new(nested),
        Box::new(dynamic),
        Box::new(short),
    ]
}

/// Bodies that add none.
fn others() -> Vec<Box<dyn Structured>> {
    let named = |name: &str| Group {
        name: Some(name.to_owned()),
        ..Group::default()
    };
    let owned = Group {
        owner: references().pop(),
        members: Some(Vec::new()),
        ..named("a")
    };
    let mut dynamic = named("a");
    dynamic.others.insert("bind", json!(["users/1"])).unwrap();
    vec![
        Box::new(named("a")),
        Box::new(named("\"members@odata.bind\":[\"users/1\"]")),
        Box::new(owned),
        Box::new(dynamic),
    ]
}

fn client(server: &Loopback) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy {
            base_delay: Duration::from_millis(2),
            ..RetryPolicy::default()
        })
        .build()
        .unwrap()
}

#[tokio::test]
async fn added_references_are_not_retried_if_they_may_exist() {
    for body in adding() {
        let request = update(&*body);
        assert!(!request.is_idempotent(), "{body:?}");
        for lost in [answer(504, &[], ""), answer(503, &[], ""), Play::Drop] {
            let server = Loopback::play([lost, answer(204, &[], "")]).await;
            let error = client(&server).send(request.clone()).await.unwrap_err();
            assert_eq!(error.fate(), Fate::Unknown, "{error}");
            assert_eq!(server.seen().len(), 1, "{error}");
        }
        let item = json!({ "responses": [{ "id": "0", "status": 504 }] }).to_string();
        for lost in [answer(200, &[], &item), Play::Drop] {
            let server = Loopback::play([lost]).await;
            let batch: Batch<'_> = [request.clone()].into_iter().collect();
            let results = client(&server).send_batch(batch).await.into_rest();
            let error = results[0].as_ref().unwrap_err();
            assert_eq!(error.fate(), Fate::Unknown, "{error}");
            assert_eq!(server.seen().len(), 1, "{error}");
        }
        // Graph did not process it.
        let busy = answer(429, &[("request-id", "r")], "");
        let server = Loopback::play([busy, answer(204, &[], "")]).await;
        assert_eq!(client(&server).send(request).await.unwrap().attempts, 2);
    }
}

#[tokio::test]
async fn other_bodies_are_idempotent() {
    for body in others() {
        assert!(update(&*body).is_idempotent(), "{body:?}");
        let server = Loopback::play([answer(504, &[], ""), answer(204, &[], "")]).await;
        let outcome = client(&server).send(update(&*body)).await.unwrap();
        assert_eq!(outcome.attempts, 2, "{body:?}");
    }
}
