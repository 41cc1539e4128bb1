//! Nested deltas change, add and remove items of a collection by key, after all of them are validated.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::Emulator;
use serde_json::{Value, json};

const DEFINITION: &str = "/v1.0/definitions/7";
const VALUES: &str = "/v1.0/definitions/7/allowedValues";

async fn emulator() -> Emulator {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/cases/delta");
    Emulator::builder()
        .metadata("v1.0", case.join("metadata.csdl"))
        .facts(case.join("facts.toml"))
        .seed(DEFINITION, json!({"description": "before"}))
        .seed(format!("{VALUES}/Baker"), json!({"isActive": true}))
        .seed(format!("{VALUES}/Old"), json!({"isActive": true}))
        .seed(
            format!("{DEFINITION}/oldRules/t"),
            json!({"@odata.type": "#microsoft.graph.textRule", "text": "a"}),
        )
        .start()
        .await
        .unwrap()
}

async fn patch(emulator: &Emulator, version: Option<&str>, body: &Value) -> (u16, String) {
    let url = format!("{}{DEFINITION}", emulator.root());
    let mut request = reqwest::Client::new().patch(url).bearer_auth("t");
    if let Some(version) = version {
        request = request.header("OData-Version", version);
    }
    let response = request.json(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// The keys of the allowed values, and whether they are active.
fn values(emulator: &Emulator) -> Vec<(String, Value)> {
    let state = emulator.state(VALUES).unwrap();
    let items = state.as_array().unwrap().iter();
    items
        .map(|item| {
            (
                item["id"].as_str().unwrap().to_owned(),
                item["isActive"].clone(),
            )
        })
        .collect()
}

#[tokio::test]
async fn items_change_are_added_and_leave() {
    let emulator = emulator().await;
    let body = json!({"description": "after", "allowedValues@delta": [
        {"id": "Baker", "isActive": false},
        {"id": "Skagit", "isActive": true},
        {"@removed": {"reason": "deleted"}, "id": "Old"},
        {"isActive": null},
    ]});
    assert_eq!(patch(&emulator, Some("4.01"), &body).await.0, 204);
    let values = values(&emulator);
    assert_eq!(values.len(), 3, "{values:?}");
    assert_eq!(values[0], ("Baker".to_owned(), json!(false)));
    assert_eq!(values[1], ("Skagit".to_owned(), json!(true)));
    assert_eq!(values[2].1, json!(null));
    assert_eq!(emulator.state(DEFINITION).unwrap()["description"], "after");
    // The OData 4.0 form that Graph's education pages show.
    let context = "https://graph.microsoft.com/v1.0/$metadata#allowedValues/$deletedEntity";
    let removal = json!({"@odata.context": context, "id": "Baker", "reason": "deleted"});
    let body = json!({"allowedValues@odata.delta": [removal]});
    assert_eq!(patch(&emulator, Some("4.01"), &body).await.0, 204);
    let body = json!({"oldRules@delta": [
        {"id": "t", "text": "b"},
        {"id": "u", "@odata.type": "#microsoft.graph.textRule"},
    ]});
    assert_eq!(patch(&emulator, Some("4.01"), &body).await.0, 204);
    let rules = emulator.state(&format!("{DEFINITION}/oldRules")).unwrap();
    assert_eq!(
        (&rules[0]["text"], &rules[1]["id"]),
        (&json!("b"), &json!("u"))
    );
}

#[tokio::test]
async fn a_wrong_delta_is_rejected_and_changes_nothing() {
    let emulator = emulator().await;
    let before = values(&emulator);
    let good = json!({"id": "Baker", "isActive": false});
    for (version, body, message) in [
        (
            None,
            json!({"allowedValues@delta": [good]}),
            "requires the header 'OData-Version: 4.01'",
        ),
        (
            Some("4.0"),
            json!({"allowedValues@delta": []}),
            "requires the header",
        ),
        (
            Some("4.01"),
            json!({"allowedValues@delta": null}),
            "is not an array",
        ),
        (
            Some("4.01"),
            json!({"allowedValues@delta": [good, 1]}),
            "'allowedValues@delta[1]' is not an object",
        ),
        (
            Some("4.01"),
            json!({"allowedValues@delta": [{"id": "Baker", "isActive": "no"}]}),
            "allowedValues@delta[0].isActive",
        ),
        (
            Some("4.01"),
            json!({"allowedValues@delta": [good, {"id": "New", "isActiv": true}]}),
            "allowedValues@delta[1].isActiv",
        ),
        (
            Some("4.01"),
            json!({"allowedValues@delta": [good, {"@removed": {"reason": "deleted"}, "id": "None"}]}),
            "'None'",
        ),
        (
            Some("4.01"),
            json!({"allowedValues@delta": [good, {"@removed": {"reason": "deleted"}}]}),
            "has no key",
        ),
        (
            Some("4.01"),
            json!({"allowedValues@delta": [{"@removed": {}, "id": "Old"}]}),
            "'changed' or 'deleted'",
        ),
        (
            Some("4.01"),
            json!({"oldRules@delta": [{"id": "new"}]}),
            "is abstract",
        ),
        (
            Some("4.01"),
            json!({"description@delta": []}),
            "not a collection-valued navigation property",
        ),
        (
            Some("4.01"),
            json!({"unknown@delta": []}),
            "not a collection-valued navigation property",
        ),
    ] {
        let (status, text) = patch(&emulator, version, &body).await;
        assert_eq!(status, 400, "{body}");
        assert!(text.contains(message), "{body}: {text}");
        assert_eq!(values(&emulator), before, "{body}");
    }
}
