//! Bindings, repeated values and annotations in bodies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::{Builder, Emulator};
use reqwest::{Client, Method};
use serde_json::{Value, json};

const ONE: &str = "/v1.0/devices/1";
const GRAPH: &str = "https://graph.microsoft.com/v1.0";

fn builder() -> Builder {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let device = json!({
        "name": "one",
        "created": "2024-01-01T00:00:00Z",
        "place": {"city": "Oslo", "zip": "0150"},
    });
    Emulator::builder()
        .metadata("v1.0", tests.join("model.csdl"))
        .facts(tests.join("model.toml"))
        .seed(ONE, device)
}

/// Status and message.
async fn send(emulator: &Emulator, method: Method, path: &str, body: &Value) -> (u16, String) {
    let request = Client::new().request(method, format!("{}{path}", emulator.root()));
    let response = request.bearer_auth("t").header("if-match", "*").json(body);
    let response = response.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    let message = body["error"]["message"].as_str().unwrap_or("").to_owned();
    (status, message)
}

async fn patch(emulator: &Emulator, path: &str, body: Value) -> (u16, String) {
    send(emulator, Method::PATCH, path, &body).await
}

async fn accepted(emulator: &Emulator, path: &str, body: Value) {
    let (status, message) = patch(emulator, path, body.clone()).await;
    assert_eq!(status, 204, "{path} {body}: {message}");
}

async fn rejected(emulator: &Emulator, path: &str, body: Value, fragment: &str) {
    let before = emulator.state(path);
    let (status, message) = patch(emulator, path, body.clone()).await;
    assert_eq!(status, 400, "{path} {body}");
    assert!(message.contains(fragment), "{path} {body}: {message}");
    assert_eq!(emulator.state(path), before, "{path} {body}");
}

#[tokio::test]
async fn a_bind_on_a_collection_adds() {
    let emulator = builder().start().await.unwrap();
    let users = || emulator.state(ONE).unwrap()["users@odata.bind"].clone();
    let people = |keys: &[&str]| -> Vec<String> {
        keys.iter()
            .map(|key| format!("{GRAPH}/people/{key}"))
            .collect()
    };
    accepted(
        &emulator,
        ONE,
        json!({"users@odata.bind": people(&["a", "b"])}),
    )
    .await;
    accepted(&emulator, ONE, json!({"users@odata.bind": people(&["c"])})).await;
    assert_eq!(users(), json!(people(&["a", "b", "c"])));
    accepted(&emulator, ONE, json!({"users@odata.bind": []})).await;
    assert_eq!(users(), json!(people(&["a", "b", "c"])));
    // In every notation of its URL.
    let own = format!("{}/v1.0/people/a", emulator.root());
    for there in [
        people(&["a"]),
        people(&["d", "c"]),
        people(&["d", "d"]),
        vec![format!("{GRAPH}/people('a')")],
        vec![format!("{GRAPH}/people(id='a')")],
        vec![format!("{GRAPH}/people/%61")],
        vec![format!("{GRAPH}/people/microsoft.graph.person/a")],
        vec!["https://graph.microsoft.us/v1.0/people/a".to_owned()],
        vec!["../people/a".to_owned()],
        vec![own],
    ] {
        let body = json!({"name": "changed", "users@odata.bind": there});
        rejected(&emulator, ONE, body, "already exist for the following").await;
    }
    // Keys are case-sensitive.
    accepted(&emulator, ONE, json!({"users@odata.bind": people(&["A"])})).await;
    // A single-valued reference is replaced, and may be sent again.
    for _ in 0..2 {
        let owner = format!("{GRAPH}/people/a");
        accepted(&emulator, ONE, json!({"owner@odata.bind": owner})).await;
    }
    accepted(
        &emulator,
        ONE,
        json!({"owner@odata.bind": format!("{GRAPH}/me")}),
    )
    .await;
    let bound = &emulator.state(ONE).unwrap()["owner@odata.bind"];
    assert_eq!(*bound, json!([format!("{GRAPH}/me")]));
    rejected(
        &emulator,
        ONE,
        json!({"users@odata.bind": null}),
        "array of strings",
    )
    .await;
}

#[tokio::test]
async fn relative_references_are_relative_to_the_request_or_to_a_context() {
    let emulator = builder().start().await.unwrap();
    let root = emulator.root().to_owned();
    let owner = |url: &str| json!({"owner@odata.bind": url});
    for (url, leads_to) in [
        ("people/ada", "/v1.0/devices/people/ada"),
        ("/people/ada", "/people/ada"),
        ("v1.0/people/ada", "/v1.0/devices/v1.0/people/ada"),
        ("../../people/ada", "/people/ada"),
    ] {
        let fragment = format!("(it resolves to {root}{leads_to})");
        rejected(&emulator, ONE, owner(url), &fragment).await;
    }
    let ada = json!([format!("{root}/v1.0/people/ada")]);
    for url in [
        "../people/ada",
        "/v1.0/people/ada",
        "../../v1.0/people('ada')",
    ] {
        accepted(&emulator, ONE, owner(url)).await;
        let bound = emulator.state(ONE).unwrap()["owner@odata.bind"][0].clone();
        let bound = bound.as_str().unwrap().replace("('ada')", "/ada");
        assert_eq!(json!([bound]), ada, "{url}");
    }
    let with =
        |context: &str, url: &str| json!({"@odata.context": context, "owner@odata.bind": url});
    for context in [
        "https://graph.microsoft.com/v1.0/$metadata#devices/$entity",
        "/v1.0/$metadata",
        "../$metadata",
    ] {
        accepted(&emulator, ONE, with(context, "people/eve")).await;
    }
    let bound = &emulator.state(ONE).unwrap()["owner@odata.bind"];
    assert_eq!(*bound, json!([format!("{root}/v1.0/people/eve")]));
    let body = with("https://graph.microsoft.com/$metadata", "people/ada");
    rejected(
        &emulator,
        ONE,
        body,
        "it resolves to https://graph.microsoft.com/people/ada",
    )
    .await;
    // The nearest context applies. In a batch, it is relative to the request in the batch.
    let nested = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata",
        "place": {"@odata.context": "https://graph.microsoft.com/x/$metadata", "keeper@odata.bind": "people/ada"},
    });
    rejected(
        &emulator,
        ONE,
        nested,
        "it resolves to https://graph.microsoft.com/x/people/ada",
    )
    .await;
    rejected(&emulator, ONE, json!({"@odata.context": 5}), "not a URL").await;
    let request = |id: &str, url: &str| {
        let headers = json!({"content-type": "application/json"});
        json!({"id": id, "method": "PATCH", "url": "/devices/1", "headers": headers, "body": owner(url)})
    };
    let requests = [request("1", "../people/ada"), request("2", "people/ada")];
    let (status, _) = send(
        &emulator,
        Method::POST,
        "/v1.0/$batch",
        &json!({"requests": requests}),
    )
    .await;
    assert_eq!(status, 200);
    let log = emulator.log();
    let batch: Value =
        serde_json::from_str(&log.last().unwrap().response.as_ref().unwrap().body).unwrap();
    let statuses = [0, 1].map(|item: usize| batch["responses"][item]["status"].clone());
    assert_eq!(statuses, [json!(204), json!(400)]);
}

#[tokio::test]
async fn a_key_in_the_body_is_that_of_the_path() {
    let guid = "36b5b404-7a1e-4b8f-9f0f-3e1f1b6c0a11";
    let emulator = builder()
        .seed(
            "/v1.0/slots(row=1,column='b')",
            json!({"row": 1, "column": "b"}),
        )
        .seed(format!("/v1.0/tickets/{guid}"), json!({}))
        .start()
        .await
        .unwrap();
    for id in ["Known", "known", "KNOWN"] {
        accepted(&emulator, "/v1.0/stated/kNOWN", json!({"id": id})).await;
        assert_eq!(emulator.state("/v1.0/stated/known").unwrap()["id"], "Known");
    }
    rejected(
        &emulator,
        "/v1.0/stated/known",
        json!({"id": "Know"}),
        "'id' is read-only",
    )
    .await;
    accepted(&emulator, ONE, json!({"id": "1"})).await;
    rejected(&emulator, ONE, json!({"id": "01"}), "'id' is read-only").await;
    let slot = "/v1.0/slots(row=01,column='b')";
    accepted(
        &emulator,
        slot,
        json!({"row": 1, "column": "b", "value": "x"}),
    )
    .await;
    rejected(&emulator, slot, json!({"row": 2}), "'row' is read-only").await;
    rejected(
        &emulator,
        slot,
        json!({"column": "B"}),
        "'column' is read-only",
    )
    .await;
    let ticket = format!("/v1.0/tickets/{}", guid.to_uppercase());
    accepted(&emulator, &ticket, json!({"id": guid})).await;
    accepted(&emulator, &ticket, json!({"id": guid.to_uppercase()})).await;
    let other = guid.replace('a', "b");
    rejected(
        &emulator,
        &ticket,
        json!({"id": other}),
        "'id' is read-only",
    )
    .await;
    // The key of a seed must match, too.
    let error = emulator.seed(ONE, json!({"id": "2"})).unwrap_err();
    assert!(error.to_string().contains("'id'"), "{error}");
    emulator
        .seed("/v1.0/stated/KNOWN", json!({"id": "known"}))
        .unwrap();
    assert_eq!(
        emulator
            .state("/v1.0/stated")
            .unwrap()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    emulator
        .seed("/v1.0/me", json!({"id": "me", "read": "x"}))
        .unwrap();
    assert_eq!(emulator.state("/v1.0/me").unwrap()["id"], "me");
}

#[tokio::test]
async fn a_type_annotation_needs_the_value_that_it_describes() {
    let emulator = builder()
        .seed(
            "/v1.0/open/o",
            json!({"@odata.type": "#microsoft.graph.openType"}),
        )
        .start()
        .await
        .unwrap();
    for (body, fragment) in [
        (
            json!({"tags@odata.type": "#Collection(String)"}),
            "'tags@odata.type'",
        ),
        (
            json!({"place": {"zip": "1", "city@odata.type": "#String"}}),
            "'place.city@odata.type'",
        ),
        (
            json!({"places": [{"zip": "1", "city@odata.type": "#String"}]}),
            "'places[0].city@odata.type'",
        ),
        (
            json!({"parts": [{"id": "a", "count@odata.type": "#Int32"}]}),
            "'parts[0].count@odata.type'",
        ),
        (
            json!({"nothing@odata.type": "#String"}),
            "'nothing@odata.type'",
        ),
    ] {
        rejected(&emulator, ONE, body, fragment).await;
    }
    let open = |mut body: Value| {
        body["@odata.type"] = json!("#microsoft.graph.openType");
        body
    };
    let body = open(json!({"x@odata.type": "#Collection(String)"}));
    rejected(&emulator, "/v1.0/open/o", body, "'x@odata.type'").await;
    let nested = open(json!({"x": [{"y": {"z@odata.type": "#Collection(String)"}}]}));
    rejected(&emulator, "/v1.0/open/o", nested, "'x.y.z@odata.type'").await;
    let body = open(json!({"x@odata.type": "#Collection(String)", "x": ["a"]}));
    accepted(&emulator, "/v1.0/open/o", body).await;
    for spelling in [
        "#Collection(String)",
        "Collection(Edm.String)",
        "#Collection(Edm.String)",
    ] {
        let body = json!({"tags@odata.type": spelling, "tags": ["a"], "place": {"city": null, "city@odata.type": "#String"}});
        accepted(&emulator, ONE, body).await;
    }
}

/// Some abstract types of Graph have no concrete subtype in the metadata. The generator emits structs for them,
/// because the reference documents their updates.
#[tokio::test]
async fn an_abstract_type_without_a_concrete_one_has_values() {
    let veil = "/v1.0/veils/v";
    let emulator = builder().seed(veil, json!({})).start().await.unwrap();
    for body in [
        json!({"hidden": {"shown": "x"}}),
        json!({"hidden": {"@odata.type": "#microsoft.graph.hidden", "shown": "x"}}),
        json!({"hiddens": [{"shown": "x"}, {}]}),
    ] {
        accepted(&emulator, ONE, body).await;
    }
    rejected(
        &emulator,
        ONE,
        json!({"hidden": {"other": 1}}),
        "'hidden.other'",
    )
    .await;
    rejected(&emulator, ONE, json!({"setting": {}}), "is abstract").await;
    accepted(&emulator, veil, json!({"note": "x"})).await;
    let named = json!({"@odata.type": "#microsoft.graph.veiled", "note": "y"});
    accepted(&emulator, veil, named).await;
    assert_eq!(
        emulator.state(veil).unwrap(),
        json!({"id": "v", "note": "y"})
    );
}

#[tokio::test]
async fn read_only_properties_are_rejected_or_ignored() {
    let body = json!({
        "id": "2",
        "created": "2030-01-01T00:00:00Z",
        "name": "new",
    });
    let strict = builder().start().await.unwrap();
    rejected(&strict, ONE, body.clone(), "is read-only and cannot be set").await;
    let lenient = builder().ignore_read_only(true).start().await.unwrap();
    accepted(&lenient, ONE, body).await;
    let state = lenient.state(ONE).unwrap();
    assert_eq!(state["created"], "2024-01-01T00:00:00Z");
    assert_eq!((&state["id"], &state["name"]), (&json!("1"), &json!("new")));
    // Their values still have a type.
    rejected(
        &lenient,
        ONE,
        json!({"created": 5}),
        "'created' to the expected type",
    )
    .await;
    // PUT replaces all updatable properties.
    let put = json!({"id": "x", "read": "y", "displayName": "P"});
    lenient.seed("/v1.0/put/ada", json!({"read": "r"})).unwrap();
    let (status, message) = send(&lenient, Method::PUT, "/v1.0/put/ada", &put).await;
    assert_eq!(status, 204, "{message}");
    let expected = json!({"id": "ada", "read": "r", "displayName": "P"});
    assert_eq!(lenient.state("/v1.0/put/ada").unwrap(), expected);
}

/// A value without `@odata.type` has the declared type of its position. The emulator applies this rule everywhere,
/// so it finds a generator that does not.
#[tokio::test]
async fn a_derived_value_that_does_not_name_its_type_is_found() {
    let emulator = builder()
        .seed(
            "/v1.0/devices/p",
            json!({"@odata.type": "#microsoft.graph.phone"}),
        )
        .start()
        .await
        .unwrap();
    let number = |named: bool| match named {
        true => json!({"@odata.type": "#microsoft.graph.tallPlace", "zip": "1", "floor": 2}),
        false => json!({"zip": "1", "floor": 2}),
    };
    let body = |named: bool| -> [Value; 4] {
        [
            json!({"place": number(named)}),
            json!({"places": [{"zip": "0"}, number(named)]}),
            json!({"place": {"zip": "1", "inner": number(named)}}),
            json!({"places": [{"zip": "1", "inner": number(named)}]}),
        ]
    };
    for (with, without) in body(true).into_iter().zip(body(false)) {
        accepted(&emulator, ONE, with).await;
        let fragment = "floor' does not exist on type 'microsoft.graph.place'";
        rejected(&emulator, ONE, without, fragment).await;
    }
    // The same applies to a resource whose declared type is not abstract.
    rejected(
        &emulator,
        "/v1.0/devices/p",
        json!({"number": "5"}),
        "@odata.type",
    )
    .await;
    let named = json!({"@odata.type": "#microsoft.graph.phone", "number": "5"});
    accepted(&emulator, "/v1.0/devices/p", named).await;
    let parts =
        json!({"parts": [{"@odata.type": "#microsoft.graph.bigPart", "id": "a", "size": 2}]});
    accepted(&emulator, ONE, parts).await;
    let parts = json!({"parts": [{"id": "a", "size": 2}]});
    rejected(&emulator, ONE, parts, "'parts[0].size' does not exist").await;
}

#[tokio::test]
async fn a_type_annotation_must_fit_its_value() {
    let emulator = builder()
        .seed(
            "/v1.0/open/o",
            json!({"@odata.type": "#microsoft.graph.openType"}),
        )
        .start()
        .await
        .unwrap();
    let open = |mut body: Value| {
        body["@odata.type"] = json!("#microsoft.graph.openType");
        body
    };
    for (ty, value) in [
        ("#Int32", json!(5)),
        ("Edm.Int32", json!(5)),
        ("#Int32", json!(null)),
        ("#Guid", json!("36b5b404-7a1e-4b8f-9f0f-3e1f1b6c0a11")),
        ("#Collection(String)", json!(["a", null])),
        ("#Collection(Edm.String)", json!([])),
        ("#microsoft.graph.unknown", json!("x")),
    ] {
        let body = json!({"x@odata.type": ty, "x": value});
        accepted(&emulator, "/v1.0/open/o", open(body.clone())).await;
        accepted(&emulator, "/v1.0/open/o", open(json!({"y": [body]}))).await;
    }
    for (ty, value, reason) in [
        ("#Int32", json!("x"), "not an integer of 32 bits"),
        ("Edm.Int32", json!(1.5), "not an integer of 32 bits"),
        ("#DateTimeOffset", json!("yesterday"), "not a date and time"),
        ("#String", json!(["a"]), "not a string"),
        ("#Collection(String)", json!("a"), "not an array"),
        ("#Collection(Int32)", json!([1, "2"]), "not an integer"),
    ] {
        let body = json!({"x@odata.type": ty, "x": value});
        rejected(&emulator, "/v1.0/open/o", open(body.clone()), reason).await;
        let nested = open(json!({"y": {"z": body}}));
        rejected(&emulator, "/v1.0/open/o", nested, "'y.z.x@odata.type'").await;
    }
    let declared = json!({"name@odata.type": "#Int32", "name": "n"});
    rejected(&emulator, ONE, declared, "'name@odata.type'").await;
    let unknown = json!({"nosuch@odata.type": "#String", "nosuch": 5});
    rejected(&emulator, ONE, unknown, "'nosuch' does not exist on type").await;
    let parts = json!({"parts@odata.type": "#Int32", "parts": []});
    rejected(&emulator, ONE, parts, "'parts@odata.type'").await;
}

#[tokio::test]
async fn names_on_an_open_type_differ_in_more_than_case() {
    let emulator = builder()
        .seed(
            "/v1.0/open/o",
            json!({"@odata.type": "#microsoft.graph.openType"}),
        )
        .start()
        .await
        .unwrap();
    for (body, fragment) in [
        (json!({"Color": 1, "color": 2}), "'Color' and 'color'"),
        (json!({"ID": "o"}), "'id' and 'ID'"),
    ] {
        let mut body = body;
        body["@odata.type"] = json!("#microsoft.graph.openType");
        rejected(&emulator, "/v1.0/open/o", body, fragment).await;
    }
}
