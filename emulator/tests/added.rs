//! Properties that only the facts declare.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use msgraph_emulator::Emulator;
use serde_json::json;

#[tokio::test]
async fn a_property_that_the_facts_declare_is_accepted() {
    let case = "../codegen/tests/cases/added_properties";
    let emulator = Emulator::builder()
        .metadata("v1.0", format!("{case}/metadata.csdl"))
        .facts(format!("{case}/facts.toml"))
        .start()
        .await
        .unwrap();
    let client = reqwest::Client::new();
    let url = format!("{}/v1.0/key", emulator.root());
    let patch = async |body| {
        let request = client.patch(&url).bearer_auth("t").json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    let target = json!({"@odata.type": "#microsoft.graph.keyTarget", "id": "1"});
    assert_eq!(
        patch(json!({"includeTargets": [{"id": "2"}, target]})).await,
        204
    );
    assert_eq!(patch(json!({"includeTargets": [{"id": 2}]})).await, 400);
    assert_eq!(patch(json!({"excludeTargets": []})).await, 400);
}
