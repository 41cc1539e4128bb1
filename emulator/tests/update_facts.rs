//! Facts override the metadata about updates: method, `If-Match`, whether an update exists, and the properties that it
//! sends.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::Emulator;
use reqwest::{Client, Method};
use serde_json::{Value, json};

async fn emulator() -> Emulator {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/cases/update_facts");
    Emulator::builder()
        .metadata("v1.0", case.join("metadata.csdl"))
        .facts(case.join("facts.toml"))
        .seed("/v1.0/rotas/1", json!({"title": "Week 1"}))
        .seed("/v1.0/rotas/1/shifts/1", json!({"text": "early"}))
        .seed("/v1.0/rotas/1/items/1", json!({"text": "early"}))
        .seed("/v1.0/rotas/1/tasks/1", json!({"text": "clean"}))
        .seed("/v1.0/catalog/1", json!({"text": "fixed"}))
        .seed("/v1.0/policy", json!({"text": "old"}))
        .start()
        .await
        .unwrap()
}

async fn send(
    emulator: &Emulator,
    method: Method,
    path: &str,
    if_match: Option<&str>,
    body: &Value,
) -> (u16, String) {
    let request = Client::new().request(method, format!("{}/v1.0{path}", emulator.root()));
    let request = match if_match {
        Some(etag) => request.header("If-Match", etag),
        None => request,
    };
    let response = request.bearer_auth("any").json(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn put_is_taken_where_the_facts_say_so() {
    let emulator = emulator().await;
    let body = json!({"text": "late"});
    // A fact of the path, and of the property that leads there.
    for path in ["/policy", "/rotas/1/shifts/1"] {
        let (status, text) = send(&emulator, Method::PUT, path, Some("*"), &body).await;
        assert_eq!(status, 204, "{path}: {text}");
        assert_eq!(
            emulator.state(&format!("/v1.0{path}")).unwrap()["text"],
            "late"
        );
    }
    let (status, _) = send(&emulator, Method::PUT, "/rotas/1", None, &json!({})).await;
    assert_eq!(status, 405, "no fact about it");
}

#[tokio::test]
async fn put_replaces_a_collection_of_complex_values() {
    let emulator = emulator().await;
    let path = "/rotas/1/notes";
    let notes = json!([{"on": true}, {"on": false}]);
    let (status, text) = send(&emulator, Method::PUT, path, None, &json!({"value": notes})).await;
    assert_eq!(status, 204, "{text}");
    assert_eq!(emulator.state("/v1.0/rotas/1").unwrap()["notes"], notes);
    let (status, _) = send(&emulator, Method::PUT, path, None, &json!({"notes": notes})).await;
    assert_eq!(status, 400);
    let (status, _) = send(&emulator, Method::PATCH, path, None, &json!({"value": []})).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn if_match_is_required_by_path_property_and_type() {
    let emulator = emulator().await;
    let body = json!({"text": "late"});
    for (method, path) in [
        (Method::PUT, "/policy"),
        (Method::PATCH, "/rotas/1/items/1"),
        (Method::PATCH, "/rotas/1/tasks/1"),
    ] {
        let (status, text) = send(&emulator, method.clone(), path, None, &body).await;
        assert_eq!(status, 400, "{path}");
        assert!(text.contains("If-Match"), "{text}");
        let (status, text) = send(&emulator, method, path, Some("*"), &body).await;
        assert_eq!(status, 204, "{path}: {text}");
    }
}

#[tokio::test]
async fn what_the_facts_call_not_updatable_is_405() {
    let emulator = emulator().await;
    let (status, _) = send(
        &emulator,
        Method::PATCH,
        "/catalog/1",
        None,
        &json!({"text": "x"}),
    )
    .await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn what_the_facts_call_read_only_is_rejected() {
    let emulator = emulator().await;
    let body = json!({"createdDateTime": "2026-01-01T00:00:00Z"});
    let (status, text) = send(&emulator, Method::PATCH, "/rotas/1", None, &body).await;
    assert_eq!(status, 400);
    assert!(text.contains("createdDateTime"), "{text}");
    // A fact of the base type.
    let body = json!({"count": 3});
    let (status, _) = send(
        &emulator,
        Method::PATCH,
        "/rotas/1/tasks/1",
        Some("*"),
        &body,
    )
    .await;
    assert_eq!(status, 400);
}
