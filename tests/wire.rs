//! Generated code updates the Temporary Access Pass policy of an emulated tenant.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

#[path = "../codegen/tests/published/mod.rs"]
mod published;

use std::path::Path;

use msgraph_codegen::Config;
use msgraph_emulator::Emulator;
use msgraph_tap::runtime::edm::Untyped;
use msgraph_tap::runtime::json::Structured;
use msgraph_tap::runtime::request::Changed;
use msgraph_tap::runtime::{AccessToken, Client, Cloud, Fate, Null, Nullable};
use msgraph_tap::{
    AuthenticationMethodState, AuthenticationMethodTarget, AuthenticationMethodTargetType,
    ExcludeTarget, TemporaryAccessPassPatch, temporary_access_pass, update_temporary_access_pass,
};
use serde_json::json;

const POLICY: &str = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

async fn tenant() -> (Emulator, Client) {
    let metadata = concat!(env!("CARGO_MANIFEST_DIR"), "/metadata");
    let emulator = Emulator::start(metadata).await.unwrap();
    let client = Client::builder(
        Cloud::Global,
        AccessToken::new("secret of the test").unwrap(),
    )
    .root(emulator.root().parse().unwrap())
    .build()
    .unwrap();
    (emulator, client)
}

/// The emulator can run on a slice, and enforces what the slice contains.
#[tokio::test]
async fn an_emulator_on_a_slice() {
    let metadata = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata");
    let test = "wire::an_emulator_on_a_slice";
    let whole = published::shared(test, "metadata/v1.0-global-clean.csdl");
    for document in [Some(metadata.join("v1.0.csdl")), whole]
        .into_iter()
        .flatten()
    {
        let slice = Config::new(metadata.join("graph.toml"))
            .metadata([document])
            .slice()
            .unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("slice.csdl");
        std::fs::write(&path, slice.csdl).unwrap();
        let emulator = Emulator::builder()
            .metadata("v1.0", &path)
            .start()
            .await
            .unwrap();
        let client = Client::builder(
            Cloud::Global,
            AccessToken::new("secret of the test").unwrap(),
        )
        .root(emulator.root().parse().unwrap())
        .build()
        .unwrap();
        let patch = TemporaryAccessPassPatch::new().with_default_length(16);
        let outcome = client.send(update_temporary_access_pass(&patch)).await;
        assert_eq!(outcome.unwrap().status, 204);
        assert_eq!(policy(&emulator)["defaultLength"], json!(16));
        let wrong = TemporaryAccessPassPatch::new().with_default_length(7);
        let refused = client.send(update_temporary_access_pass(&wrong)).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("400"), "{refused}");
    }
}

fn policy(emulator: &Emulator) -> Untyped {
    emulator.state(POLICY).unwrap()
}

#[tokio::test]
async fn the_documented_update_goes_over_the_wire() {
    let (emulator, client) = tenant().await;
    let before = policy(&emulator);
    let patch = TemporaryAccessPassPatch {
        is_usable_once: Some(true.into()),
        ..Default::default()
    };
    let outcome = client
        .send(update_temporary_access_pass(&patch))
        .await
        .unwrap();
    assert_eq!((outcome.status, outcome.value), (204, None));

    let log = emulator.log();
    let [exchange] = log.as_slice() else {
        panic!("one request: {log:?}")
    };
    assert_eq!(
        (exchange.method.as_str(), exchange.path.as_str()),
        ("PATCH", POLICY)
    );
    assert_eq!(exchange.header("content-type"), Some("application/json"));
    assert_eq!(
        exchange.body,
        r##"{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","isUsableOnce":true}"##
    );

    // Omitted properties keep their values.
    let mut expected = before;
    expected["isUsableOnce"] = json!(true);
    let mut after = policy(&emulator);
    let _ = (expected["@odata.etag"].take(), after["@odata.etag"].take());
    assert_eq!(after, expected);
}

#[tokio::test]
async fn absent_null_and_value_are_three_things() {
    let (emulator, client) = tenant().await;
    let send = async |patch: TemporaryAccessPassPatch| {
        client
            .send(update_temporary_access_pass(&patch))
            .await
            .unwrap();
        policy(&emulator)
    };
    let state = send(
        TemporaryAccessPassPatch::new()
            .with_default_length(12)
            .with_state(AuthenticationMethodState::Enabled),
    )
    .await;
    assert_eq!(
        (&state["defaultLength"], &state["state"]),
        (&json!(12), &json!("enabled"))
    );
    let state =
        send(TemporaryAccessPassPatch::new().with_state(AuthenticationMethodState::Disabled)).await;
    assert_eq!(state["defaultLength"], json!(12), "absent keeps");
    let state = send(TemporaryAccessPassPatch::new().with_default_length(Null)).await;
    assert_eq!(state["defaultLength"], json!(null), "null clears");
    let state = send(TemporaryAccessPassPatch {
        default_length: Some(Nullable::Value(48)),
        ..Default::default()
    })
    .await;
    assert_eq!(state["defaultLength"], json!(48));
}

#[tokio::test]
async fn collections_are_replaced_whole() {
    let (emulator, client) = tenant().await;
    let target = |id: &str| {
        AuthenticationMethodTarget::new()
            .with_id(id)
            .with_is_registration_required(false)
            .with_target_type(AuthenticationMethodTargetType::Group)
    };
    for targets in [vec![target("a"), target("b")], vec![target("c")], vec![]] {
        let patch = TemporaryAccessPassPatch::new()
            .with_include_targets(targets.clone())
            .with_exclude_targets([ExcludeTarget::new()
                .with_id("x")
                .with_target_type(AuthenticationMethodTargetType::User)]);
        client
            .send(update_temporary_access_pass(&patch))
            .await
            .unwrap();
        let state = policy(&emulator);
        let ids: Vec<&str> = state["includeTargets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|target| target["id"].as_str().unwrap())
            .collect();
        let sent: Vec<&str> = targets
            .iter()
            .map(|target| target.id.as_deref().unwrap())
            .collect();
        assert_eq!(ids, sent);
        assert_eq!(state["excludeTargets"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_service_explains_a_refusal() {
    let (emulator, client) = tenant().await;
    let patch = TemporaryAccessPassPatch::new().with_default_length(7);
    let error = client
        .send(update_temporary_access_pass(&patch))
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(400));
    let text = error.to_string();
    assert!(text.contains("defaultLength"), "{text}");
    assert!(!format!("{text} {error:?}").contains("secret of the test"));
    assert_eq!(policy(&emulator)["defaultLength"], json!(8));
}

#[tokio::test]
async fn a_reset_brings_the_defaults_back() {
    let (emulator, client) = tenant().await;
    let before = policy(&emulator);
    let patch = TemporaryAccessPassPatch::new()
        .with_default_length(12)
        .with_state(AuthenticationMethodState::Enabled);
    client
        .send(update_temporary_access_pass(&patch))
        .await
        .unwrap();
    assert_eq!(policy(&emulator)["defaultLength"], json!(12));
    let outcome = client.send(temporary_access_pass::reset()).await.unwrap();
    assert_eq!(outcome.status, 204);
    let (mut expected, mut after) = (before, policy(&emulator));
    let _ = (expected["@odata.etag"].take(), after["@odata.etag"].take());
    assert_eq!(after, expected);
}

#[tokio::test]
async fn what_was_written_is_read_back_by_the_same_request() {
    let (emulator, client) = tenant().await;
    let patch = TemporaryAccessPassPatch::new()
        .with_default_length(12)
        .with_is_usable_once(true);
    let request = update_temporary_access_pass(&patch);
    let read = client.read_back(&request).await.unwrap();
    let resource = read.value;
    assert_eq!(
        (&resource["defaultLength"], &resource["isUsableOnce"]),
        (&json!(8), &json!(false))
    );
    assert_eq!(resource.get("minimumLifetimeInMinutes"), None);
    let log = emulator.log();
    assert_eq!(
        (log[0].method.as_str(), log[0].query.as_deref()),
        ("GET", Some("$select=defaultLength,isUsableOnce"))
    );
}

#[tokio::test]
async fn only_what_differs_is_sent() {
    let (emulator, client) = tenant().await;
    let patch = TemporaryAccessPassPatch::new()
        .with_default_length(8)
        .with_is_usable_once(true)
        .with_exclude_targets([]);
    let send = async || {
        let request = update_temporary_access_pass(&patch);
        client.send_changes(request).await.unwrap()
    };
    assert_eq!(send().await.sent().unwrap().status, 204);
    assert_eq!(
        emulator.log().last().unwrap().body,
        r##"{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","isUsableOnce":true}"##
    );
    assert_eq!(send().await, Changed::AsDesired);
    let methods: Vec<String> = emulator.log().into_iter().map(|one| one.method).collect();
    assert_eq!(methods, ["GET", "PATCH", "GET"]);

    let nothing = TemporaryAccessPassPatch::new();
    let unchanged = client
        .send_changes(update_temporary_access_pass(&nothing))
        .await;
    assert_eq!(unchanged.unwrap(), Changed::AsDesired);
    assert_eq!(emulator.log().len(), 3, "nothing was sent");
    emulator.fault(msgraph_emulator::Fault::Forbidden);
    let refused = client
        .send_changes(update_temporary_access_pass(&patch))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.status(), refused.fate()),
        (Some(403), Fate::ReadOnly)
    );
    assert_eq!(emulator.log().len(), 4);
}

#[tokio::test]
async fn an_update_of_nothing_is_not_sent() {
    let (emulator, client) = tenant().await;
    let patch = TemporaryAccessPassPatch::new();
    assert!(patch.is_empty());
    assert!(
        client
            .send(update_temporary_access_pass(&patch))
            .await
            .is_err()
    );
    assert!(emulator.log().is_empty());
}
