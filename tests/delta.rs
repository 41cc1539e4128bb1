//! Generated code sends a nested delta with `send`, with `send_changes`, and in a batch.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)] // a test may fail loudly

#[allow(dead_code, unreachable_pub)]
mod graph {
    include!("../codegen/tests/cases/delta/output.rs");
}

use std::path::Path;

use graph::{AllowedValue, DefinitionPatch, TextRule, definitions};
use msgraph_emulator::Emulator;
use msgraph_tap::runtime::edm::{AnyOf, DeltaItem, Removal};
use msgraph_tap::runtime::json::{Structured, from_json};
use msgraph_tap::runtime::request::Batch;
use msgraph_tap::runtime::{AccessToken, Client, Cloud};
use serde_json::{Value, json};

/// The example in <https://learn.microsoft.com/graph/api/customsecurityattributedefinition-update>.
const DOCUMENTED: &str =
    r#"{"allowedValues@delta":[{"id":"Baker","isActive":false},{"id":"Skagit","isActive":true}]}"#;

async fn start() -> (Emulator, Client) {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("codegen/tests/cases/delta");
    let emulator = Emulator::builder()
        .metadata("v1.0", case.join("metadata.csdl"))
        .facts(case.join("facts.toml"))
        .seed("/v1.0/definitions/7", json!({"description": "same"}))
        .seed(
            "/v1.0/definitions/7/allowedValues/Baker",
            json!({"isActive": true}),
        )
        .seed(
            "/v1.0/definitions/7/allowedValues/Old",
            json!({"isActive": true}),
        )
        .start()
        .await
        .unwrap();
    let client = Client::builder(Cloud::Global, AccessToken::new("t").unwrap())
        .root(emulator.root().parse().unwrap())
        .build()
        .unwrap();
    (emulator, client)
}

fn values(emulator: &Emulator) -> Vec<Value> {
    let state = emulator.state("/v1.0/definitions/7/allowedValues").unwrap();
    let items = state.as_array().unwrap().iter();
    items
        .map(|item| json!([item["id"], item["isActive"]]))
        .collect()
}

#[tokio::test]
async fn the_documented_body_changes_one_item_and_adds_one() {
    let (emulator, client) = start().await;
    let patch = DefinitionPatch::new().with_allowed_values_delta([
        AllowedValue::new()
            .with_id("Baker")
            .with_is_active(false)
            .into(),
        AllowedValue::new()
            .with_id("Skagit")
            .with_is_active(true)
            .into(),
    ]);
    assert_eq!(patch.to_json().unwrap(), DOCUMENTED);
    assert_eq!(from_json::<DefinitionPatch>(DOCUMENTED).unwrap(), patch);
    client.send(definitions::update("7", &patch)).await.unwrap();
    let expected = [
        json!(["Baker", false]),
        json!(["Old", true]),
        json!(["Skagit", true]),
    ];
    assert_eq!(values(&emulator), expected);
}

#[tokio::test]
async fn send_changes_sends_a_delta_each_time_and_nothing_that_is_the_same() {
    let (emulator, client) = start().await;
    let old = AllowedValue::new().with_id("Baker").with_is_active(true);
    let patch = DefinitionPatch::new()
        .with_description("same")
        .with_allowed_values_delta([old.into()]);
    for _ in 0..2 {
        client
            .send_changes(definitions::update("7", &patch))
            .await
            .unwrap();
    }
    let log = emulator.log();
    let updates = log.iter().filter(|exchange| exchange.method == "PATCH");
    let sent: Vec<&str> = updates.map(|exchange| exchange.body.as_str()).collect();
    let delta = r#"{"allowedValues@delta":[{"id":"Baker","isActive":true}]}"#;
    assert_eq!(sent, [delta, delta]);
}

#[tokio::test]
async fn a_batch_item_names_the_version_of_its_own() {
    let (emulator, client) = start().await;
    let old = AllowedValue::new().with_id("Old");
    let removal = DefinitionPatch::new()
        .with_allowed_values_delta([DeltaItem::Removed(Removal::Deleted, old)]);
    let rule = TextRule::new().with_id("r").with_text("a");
    let rules = DefinitionPatch::new().with_rules_delta([AnyOf::new(rule).into()]);
    let plain = DefinitionPatch::new().with_description("a");
    let mut batch = Batch::new();
    batch.push(definitions::update("7", &removal));
    batch.push(definitions::update("7", &rules));
    batch.push(definitions::update("7", &plain));
    let responses = client.send_batch(batch).await.into_rest();
    assert!(responses.iter().all(Result::is_ok), "{responses:?}");
    assert_eq!(values(&emulator), [json!(["Baker", true])]);
    let rules = emulator.state("/v1.0/definitions/7/rules").unwrap();
    assert_eq!(rules[0]["text"], "a");
}
