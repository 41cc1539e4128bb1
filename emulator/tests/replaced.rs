//! Effect of an update on properties that it omits from a value marked `replaces`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::Emulator;
use serde_json::{Value, json};

const ROOM: &str = "/v1.0/rooms/1";
const EXTENSION: &str = "/v1.0/rooms/1/extensions/x";
const MERGED: &str = "/v1.0/rooms/1/oldExtensions/x";

async fn emulator() -> Emulator {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/cases/replaces");
    let hours = json!({
        "from": "8", "openedBy": "ada", "breaks": {"minutes": 5, "total": 7}, "days": [{"total": 1}],
    });
    Emulator::builder()
        .metadata("v1.0", case.join("metadata.csdl"))
        .facts(case.join("facts.toml"))
        .seed(
            ROOM,
            json!({
                "hours": hours, "otherHours": hours, "address": {"street": "a"},
                "lock": {"@odata.type": "#microsoft.graph.codeLock", "code": "1", "usedAt": "2026-01-01T00:00:00Z"},
                "merged": {"@odata.type": "#microsoft.graph.codeLock", "code": "1"},
            }),
        )
        .seed(EXTENSION, json!({"extensionName": "x", "a": "1", "b": {"c": 1, "d": 2}}))
        .seed(MERGED, json!({"a": "1", "b": "2"}))
        .start()
        .await
        .unwrap()
}

/// The state after a PATCH.
async fn patched(emulator: &Emulator, path: &str, mut body: Value) -> Value {
    if path != ROOM {
        let name = ["openTypeExtension", "mergedExtension"][usize::from(path == MERGED)];
        body["@odata.type"] = json!(format!("#microsoft.graph.{name}"));
    }
    let request = reqwest::Client::new().patch(format!("{}{path}", emulator.root()));
    let response = request.bearer_auth("t").json(&body).send().await.unwrap();
    assert_eq!(response.status(), 204, "{body}");
    let mut state = emulator.state(path).unwrap();
    state
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !name.starts_with('@'));
    state
}

#[tokio::test]
async fn an_entity_of_a_replaced_type_loses_what_is_left_out() {
    let emulator = emulator().await;
    let state = patched(
        &emulator,
        EXTENSION,
        json!({"extensionName": "x", "b": {"c": 2}}),
    )
    .await;
    assert_eq!(
        state,
        json!({"id": "x", "extensionName": "x", "b": {"c": 2}})
    );
    let state = patched(&emulator, EXTENSION, json!({"a": null})).await;
    assert_eq!(state, json!({"id": "x", "a": null}));
    // A fact of a derived type overrides the fact of its base type.
    let state = patched(&emulator, MERGED, json!({"b": "3"})).await;
    assert_eq!(state, json!({"id": "x", "a": "1", "b": "3"}));
}

#[tokio::test]
async fn a_replaced_value_loses_what_is_left_out_and_keeps_what_the_service_sets() {
    let emulator = emulator().await;
    let update = json!({"from": "9", "breaks": {"minutes": 6}});
    let state = patched(
        &emulator,
        ROOM,
        json!({"hours": update, "otherHours": update}),
    )
    .await;
    let replaced = json!({"from": "9", "openedBy": "ada", "breaks": {"minutes": 6, "total": 7}});
    assert_eq!(state["hours"], replaced);
    let merged = json!({
        "from": "9", "openedBy": "ada", "breaks": {"minutes": 6, "total": 7}, "days": [{"total": 1}],
    });
    assert_eq!(state["otherHours"], merged);
    let state = patched(&emulator, ROOM, json!({"hours": {}})).await;
    assert_eq!(state["hours"], json!({"openedBy": "ada"}));

    // A lock of the same type keeps the properties that the service sets; a lock of another type keeps nothing.
    let code = json!({"@odata.type": "#microsoft.graph.codeLock"});
    let state = patched(&emulator, ROOM, json!({"lock": code, "merged": code})).await;
    assert_eq!(
        state["lock"],
        json!({"@odata.type": "#microsoft.graph.codeLock", "usedAt": "2026-01-01T00:00:00Z"})
    );
    assert_eq!(state["merged"]["code"], "1");
    let key = json!({"@odata.type": "#microsoft.graph.keyLock", "keys": 1});
    let state = patched(&emulator, ROOM, json!({"lock": key})).await;
    assert_eq!(state["lock"], key);
    // A replaced type.
    let state = patched(&emulator, ROOM, json!({"address": {}})).await;
    assert_eq!(state["address"], json!({}));
}

/// A required property can be neither removed nor null, so a replacement keeps it: Graph keeps the `extensionName` of an open
/// extension.
#[tokio::test]
async fn a_replaced_entity_keeps_its_required_properties() {
    let csdl = r#"
        <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
          <Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
            <EntityType Name="openTypeExtension" OpenType="true">
              <Key><PropertyRef Name="id" /></Key>
              <Property Name="id" Type="Edm.String" Nullable="false" />
              <Property Name="extensionName" Type="Edm.String" Nullable="false" />
            </EntityType>
            <EntityContainer Name="GraphService">
              <EntitySet Name="extensions" EntityType="microsoft.graph.openTypeExtension" />
            </EntityContainer>
          </Schema>
        </edmx:DataServices></edmx:Edmx>"#;
    let facts = "[type.\"microsoft.graph.openTypeExtension\"]\nreplaces = true\nsource = \"https://example.org\"";
    let path = "/v1.0/extensions/x";
    let emulator = Emulator::builder()
        .metadata_text("v1.0", "one.csdl", csdl)
        .facts_text("facts.toml", facts)
        .seed(path, json!({"extensionName": "x", "a": "1"}))
        .start()
        .await
        .unwrap();
    let state = patched(&emulator, path, json!({"b": "2"})).await;
    assert_eq!(state, json!({"id": "x", "extensionName": "x", "b": "2"}));
}
