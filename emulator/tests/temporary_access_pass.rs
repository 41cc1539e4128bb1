//! Updates of the Temporary Access Pass policy in the project's own metadata.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::Emulator;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

const POLICY: &str = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/\
                      TemporaryAccessPass";
const TYPE: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

async fn start() -> Emulator {
    let metadata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metadata");
    Emulator::start(metadata).await.unwrap()
}

async fn send(emulator: &Emulator, method: Method, path: &str, body: Option<Value>) -> Response {
    let url = format!("{}{path}", emulator.root());
    let mut request = Client::new().request(method, url).bearer_auth("secret-7");
    if let Some(body) = body {
        request = request.json(&body);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_documented_update_changes_the_policy_and_delete_restores_it() {
    let emulator = start().await;
    for version in ["/v1.0", "/beta"] {
        let path = format!("{version}{POLICY}");
        let defaults = json!({
            "@odata.type": TYPE,
            "id": "TemporaryAccessPass",
            "state": "disabled",
            "defaultLength": 8,
            "defaultLifetimeInMinutes": 60,
            "isUsableOnce": false,
            "maximumLifetimeInMinutes": 480,
            "minimumLifetimeInMinutes": 60,
            "excludeTargets": [],
            "includeTargets": [],
        });
        assert_eq!(emulator.state(&path).unwrap(), defaults);

        let update = json!({"@odata.type": TYPE, "isUsableOnce": true});
        let response = send(&emulator, Method::PATCH, &path, Some(update)).await;
        assert_eq!(response.status(), 204);
        assert!(response.headers().contains_key("request-id"));
        assert_eq!(response.text().await.unwrap(), "");
        let mut expected = defaults.clone();
        expected["isUsableOnce"] = json!(true);
        assert_eq!(emulator.state(&path).unwrap(), expected);

        let response = send(&emulator, Method::GET, &path, None).await;
        assert_eq!(response.status(), 200);
        let read: Value = response.json().await.unwrap();
        assert_eq!(read["isUsableOnce"], true);
        assert_eq!(
            read["@odata.context"],
            format!(
                "{}{version}/$metadata#policies/authenticationMethodsPolicy/\
                 authenticationMethodConfigurations/$entity",
                emulator.root()
            )
        );

        // Also by its other paths, and with every property that an update can change.
        let other = path.replace(
            "/TemporaryAccessPass",
            &format!("('temporaryaccesspass')/{}", &TYPE[1..]),
        );
        let targets =
            json!([{"id": "all_users", "targetType": "group", "isRegistrationRequired": false}]);
        let excluded = json!([{"id": "1", "targetType": "group"}]);
        let update = json!({
            "@odata.type": TYPE,
            "state": "enabled",
            "minimumLifetimeInMinutes": 10,
            "defaultLifetimeInMinutes": null,
            "includeTargets": targets,
            "excludeTargets": excluded,
        });
        let response = send(&emulator, Method::PATCH, &other, Some(update)).await;
        assert_eq!(response.status(), 204);
        let state = emulator.state(&path).unwrap();
        assert_eq!(state["includeTargets"], targets);
        assert_eq!(state["excludeTargets"], excluded);
        assert_eq!(state["defaultLifetimeInMinutes"], Value::Null);
        let response = send(&emulator, Method::DELETE, &other, None).await;
        assert_eq!(response.status(), 204);
        assert_eq!(emulator.state(&path).unwrap(), defaults);
    }
    assert_eq!(emulator.requests_seen(), 8);
}

#[tokio::test]
async fn updates_against_the_facts_are_rejected() {
    let emulator = start().await;
    let path = format!("/v1.0{POLICY}");
    for (body, fragment) in [
        (json!({"isUsableOnce": true}), "must contain @odata.type"),
        (
            json!({"@odata.type": TYPE, "defaultLength": 7}),
            "less than the minimum 8",
        ),
        (
            json!({"@odata.type": TYPE, "defaultLength": 49}),
            "greater than the maximum 48",
        ),
        (
            json!({"@odata.type": TYPE, "defaultLifetimeInMinutes": 481}),
            "is not between",
        ),
        (
            json!({"@odata.type": TYPE, "minimumLifetimeInMinutes": 61}),
            "is not between",
        ),
        (
            json!({"@odata.type": "#microsoft.graph.authenticationMethodTarget"}),
            "not assignable",
        ),
        (
            json!({"@odata.type": TYPE, "includeTargets": [{"targetType": "unknownFutureValue"}]}),
            "'includeTargets[0].targetType'",
        ),
    ] {
        let response = send(&emulator, Method::PATCH, &path, Some(body.clone())).await;
        assert_eq!(response.status(), 400, "{body}");
        let response: Value = response.json().await.unwrap();
        let message = response["error"]["message"].as_str().unwrap();
        assert!(message.contains(fragment), "{body}: {message}");
    }
}

#[tokio::test]
async fn the_log_shows_all_but_the_token() {
    let emulator = start().await;
    let body = json!({"@odata.type": TYPE, "defaultLength": 12});
    send(
        &emulator,
        Method::PATCH,
        &format!("/v1.0{POLICY}"),
        Some(body.clone()),
    )
    .await;
    let log = emulator.log();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].method, "PATCH");
    assert_eq!(log[0].path, format!("/v1.0{POLICY}"));
    assert_eq!(log[0].header("authorization"), Some("Bearer ***"));
    assert_eq!(serde_json::from_str::<Value>(&log[0].body).unwrap(), body);
    assert_eq!(log[0].status(), Some(204));
    assert!(!format!("{log:?}").contains("secret-7"));
}

#[tokio::test]
async fn the_port_is_free_again_after_the_end() {
    let emulator = start().await;
    let address = emulator.root().strip_prefix("http://").unwrap().to_owned();
    // A kept-alive connection does not delay the shutdown.
    let client = Client::new();
    client.get(emulator.root()).send().await.unwrap();
    let began = std::time::Instant::now();
    drop(emulator);
    assert!(began.elapsed().as_secs() < 2, "{:?}", began.elapsed());
    assert!(std::net::TcpStream::connect(address).is_err());
}
