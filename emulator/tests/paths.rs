//! Path segments other than names and keys: functions, and types by alias.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::Emulator;
use reqwest::{Client, Method};
use serde_json::{Value, json};

async fn start() -> Emulator {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let part = json!({"parts": [{"id": "a", "count": 1}]});
    Emulator::builder()
        .metadata("v1.0", tests.join("model.csdl"))
        .facts(tests.join("model.toml"))
        .seed("/v1.0/devices/1", part)
        .seed("/v1.0/devices/p", json!({"@odata.type": "#graph.phone"}))
        .start()
        .await
        .unwrap()
}

async fn send(emulator: &Emulator, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = Client::new().request(method, format!("{}{path}", emulator.root()));
    let response = request.bearer_auth("t").json(&body).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

async fn patch(emulator: &Emulator, path: &str, body: Value) -> u16 {
    send(emulator, Method::PATCH, path, body).await.0
}

async fn get(emulator: &Emulator, path: &str) -> (u16, Value) {
    send(emulator, Method::GET, path, json!({})).await
}

#[tokio::test]
async fn a_function_of_a_collection_is_a_place() {
    let emulator = start().await;
    let first = "/v1.0/devices/1/parts/itemAt(index=0)";
    assert_eq!(patch(&emulator, first, json!({"count": 7})).await, 204);
    // In every notation.
    for same in [
        first,
        "/v1.0/devices/1/parts/itemAt(index=00)",
        "/v1.0/devices/1/parts/microsoft.graph.itemAt(index=0)",
        "/v1.0/devices/1/parts/graph.itemAt(index=0)",
        "/v1.0/devices('1')/parts/itemAt%28index%3D0%29",
    ] {
        assert_eq!(get(&emulator, same).await.1["count"], 7, "{same}");
    }
    let other = "/v1.0/devices/1/parts/itemAt(index=1)";
    assert_eq!(get(&emulator, other).await.1.get("count"), None);
    assert_eq!(patch(&emulator, first, json!({"count": "x"})).await, 400);
    // It is not an item of the collection; its binding determines the result.
    let parts = emulator.state("/v1.0/devices/1/parts");
    assert_eq!(parts.unwrap(), json!([{"id": "a", "count": 1}]));
    let person = "/v1.0/people/itemAt(index=0)";
    assert_eq!(
        patch(&emulator, person, json!({"displayName": "x"})).await,
        204
    );
    let named = "/v1.0/devices/1/parts/named(name='a/b''c,d')";
    emulator
        .seed(
            &format!("{}/k", named.replace("a/", "a%2F")),
            json!({"count": 3}),
        )
        .unwrap();
    let list = get(&emulator, &named.replace("a/", "a%2F")).await.1;
    assert_eq!(list["value"][0]["count"], 3);
    let (status, _) = send(&emulator, Method::DELETE, first, json!({})).await;
    assert_eq!((status, get(&emulator, first).await.0), (204, 404));
}

#[tokio::test]
async fn arguments_are_those_of_the_function() {
    let emulator = start().await;
    for (path, count) in [
        ("largest", "count"),
        ("largest()", "count"),
        ("graph.largest", "count"),
        ("largest(color='red',over=5)", "size"),
        ("largest(over=05,color='red')", "size"),
    ] {
        let path = format!("/v1.0/devices/1/{path}");
        let body = match count {
            "size" => json!({"size": 9}),
            _ => json!({"count": 9}),
        };
        assert_eq!(patch(&emulator, &path, body).await, 204, "{path}");
    }
    let state = |path: &str| emulator.state(&format!("/v1.0/devices/1/{path}")).unwrap();
    assert_eq!(state("largest")["count"], 9);
    assert_eq!(state("largest(over=5,color='red')")["size"], 9);
    assert_eq!(state("largest(over=5,color='red')").get("count"), None);
    for path in [
        "devices/1/parts/itemAt",
        "devices/1/parts/itemAt()",
        "devices/1/parts/itemAt(index='x')",
        "devices/1/parts/itemAt(at=0)",
        "devices/1/parts/itemAt(index=0,at=0)",
        "devices/1/parts/itemAt(0)",
        "devices/1/largest(color='red')",
        "devices/1/largest(color='red',over=5,more=1)",
        "devices/1/itemAt(index=0)",
        "devices/itemAt(index=0)",
    ] {
        let status = patch(&emulator, &format!("/v1.0/{path}"), json!({"count": 1})).await;
        assert_eq!(status, 404, "{path}");
    }
}

#[tokio::test]
async fn types_are_named_by_namespace_or_alias() {
    let emulator = start().await;
    for cast in ["microsoft.graph.phone", "graph.phone"] {
        let path = format!("/v1.0/devices/p/{cast}");
        assert_eq!(patch(&emulator, &path, json!({"number": cast})).await, 204);
        assert_eq!(get(&emulator, &path).await.1["number"], cast);
        let list = get(&emulator, &format!("/v1.0/devices/{cast}")).await.1;
        assert_eq!(list["value"].as_array().unwrap().len(), 1, "{cast}");
        let selected = format!("/v1.0/devices/p?$select={cast}/number");
        assert_eq!(get(&emulator, &selected).await.1["number"], cast);
        let other = format!("/v1.0/devices/1/{cast}");
        assert_eq!(patch(&emulator, &other, json!({"number": "5"})).await, 404);
    }
    for name in [
        "#microsoft.graph.phone",
        "microsoft.graph.phone",
        "#graph.phone",
        "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.phone",
    ] {
        let body = json!({"@odata.type": name, "number": name});
        assert_eq!(
            patch(&emulator, "/v1.0/devices/p", body).await,
            204,
            "{name}"
        );
    }
    let setting = json!({"@odata.type": "#graph.numberSetting", "number": 1});
    assert_eq!(
        patch(&emulator, "/v1.0/devices/1", json!({"setting": setting})).await,
        204
    );
    let stored = &emulator.state("/v1.0/devices/1").unwrap()["setting"];
    assert_eq!(stored["@odata.type"], "#microsoft.graph.numberSetting");
    for name in ["#phone", "#grap.phone", "#graph.graph.phone"] {
        let body = json!({"@odata.type": name});
        assert_eq!(
            patch(&emulator, "/v1.0/devices/p", body).await,
            400,
            "{name}"
        );
    }
}
