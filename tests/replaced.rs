//! `send_changes` to a service that replaces values: nothing is lost, and a second call has nothing to send.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)] // a test may fail loudly

#[allow(dead_code, unreachable_pub)]
mod graph {
    include!("../codegen/tests/cases/replaces/output.rs");
}

use std::path::Path;

use graph::{Break, CodeLock, HallPatch, Hours, OpenTypeExtensionPatch, RoomPatch, halls, rooms};
use msgraph_emulator::Emulator;
use msgraph_tap::runtime::request::Changed;
use msgraph_tap::runtime::{AccessToken, Client, Cloud, Nullable};
use serde_json::{Map, Value, json};

const EXTENSIONS: &str = "/v1.0/rooms/1/extensions";

async fn start(seeds: &[(String, Value)]) -> (Emulator, Client) {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("codegen/tests/cases/replaces");
    let mut builder = Emulator::builder()
        .metadata("v1.0", case.join("metadata.csdl"))
        .facts(case.join("facts.toml"));
    for (path, value) in seeds {
        builder = builder.seed(path, value.clone());
    }
    let emulator = builder.start().await.unwrap();
    let client = Client::builder(Cloud::Global, AccessToken::new("t").unwrap())
        .root(emulator.root().parse().unwrap())
        .build()
        .unwrap();
    (emulator, client)
}

/// The properties that are not null, without annotations and the key.
fn shown(state: &Value) -> Map<String, Value> {
    let members = state.as_object().unwrap().clone().into_iter();
    members
        .filter(|(name, value)| !name.contains('@') && name != "id" && !value.is_null())
        .collect()
}

#[tokio::test]
async fn an_open_extension_keeps_what_is_not_set() {
    let before = [
        json!({}),
        json!({"a": "1"}),
        json!({"a": "1", "b": "3"}),
        json!({"a": null, "b": "2", "c": [1], "extensionName": "x"}),
        json!({"b": {"x": 1, "y": [{"z": null}]}, "c": [{"x": 1}], "n": 12345678901234567_i64}),
    ];
    let desired = [
        json!({"b": "2"}),
        json!({"b": null}),
        json!({"a": "1"}),
        json!({"c@odata.type": "#Collection(Int64)", "c": [1, 2]}),
        json!({"b": {"x": 1}, "new": true}),
    ];
    let mut rows = Vec::new();
    for before in &before {
        for desired in &desired {
            rows.push((format!("{EXTENSIONS}/{}", rows.len()), before, desired));
        }
    }
    let seeds = rows
        .iter()
        .map(|(path, before, _)| (path.clone(), (*before).clone()));
    let (emulator, client) = start(&seeds.collect::<Vec<_>>()).await;
    for (row, (path, before, desired)) in rows.iter().enumerate() {
        let mut patch = OpenTypeExtensionPatch::default();
        for (name, value) in desired.as_object().unwrap() {
            patch
                .dynamic_properties
                .insert(name, value.clone())
                .unwrap();
        }
        let (room, id) = ("1", row.to_string());
        let update = || rooms::extensions::update(room, &id, &patch);
        client.send_changes(update()).await.unwrap();
        let mut merged = (*before).clone();
        for (name, value) in desired.as_object().unwrap() {
            merged[name] = value.clone();
        }
        let state = emulator.state(path).unwrap();
        assert_eq!(shown(&state), shown(&merged), "{before} {desired}");
        assert!(
            client.send_changes(update()).await.unwrap() == Changed::AsDesired,
            "{state} {desired}"
        );
    }
}

#[tokio::test]
async fn a_replaced_value_keeps_what_is_not_set() {
    let hours = json!({
        "from": "8", "openedBy": "ada", "breaks": {"minutes": 5, "total": 7}, "days": [{}],
    });
    let code = json!({"@odata.type": "#microsoft.graph.codeLock", "code": "1", "usedAt": "2026-01-01T00:00:00Z"});
    let room = json!({"hours": hours, "lock": code, "merged": code});
    let seeds = ["rooms", "halls"].map(|set| (format!("/v1.0/{set}/1"), room.clone()));
    let (emulator, client) = start(&seeds).await;
    let hours = |minutes: i32| Hours {
        breaks: Some(
            Break {
                minutes: Some(minutes.into()),
                ..Break::default()
            }
            .into(),
        ),
        from: Some(Nullable::Null),
        ..Hours::default()
    };
    let lock = || CodeLock {
        code: Some("2".into()),
        ..CodeLock::default()
    };
    let patch = RoomPatch {
        hours: Some(hours(6).into()),
        lock: Some(lock().into()),
        merged: Some(lock().into()),
        ..RoomPatch::default()
    };
    let expected = json!({
        "from": null, "openedBy": "ada", "breaks": {"minutes": 6, "total": 7}, "days": [{}],
    });
    client
        .send_changes(rooms::update("1", &patch))
        .await
        .unwrap()
        .sent()
        .unwrap();
    let state = emulator.state("/v1.0/rooms/1").unwrap();
    assert_eq!(state["hours"], expected);
    for name in ["lock", "merged"] {
        assert_eq!(state[name]["code"], "2");
        assert_eq!(state[name]["usedAt"], "2026-01-01T00:00:00Z");
    }
    let again = client.send_changes(rooms::update("1", &patch)).await;
    assert_eq!(again.unwrap(), Changed::AsDesired);

    // `send` does not read first, so properties that the value omits are lost.
    client.send(rooms::update("1", &patch)).await.unwrap();
    let state = emulator.state("/v1.0/rooms/1").unwrap();
    assert_eq!(state["hours"]["days"], Value::Null);
    // For halls, the manifest says that the value merges but the service replaces it, so omitted properties are lost.
    let patch = HallPatch {
        hours: Some(hours(6).into()),
        ..HallPatch::default()
    };
    client
        .send_changes(halls::update("1", &patch))
        .await
        .unwrap()
        .sent()
        .unwrap();
    let state = emulator.state("/v1.0/halls/1").unwrap();
    assert_eq!(state["hours"]["days"], Value::Null);
}
