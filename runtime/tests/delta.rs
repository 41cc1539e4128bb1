//! Nested deltas in bodies: writing, reading, comparing, and the headers of their requests.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use msgraph_runtime::edm::{DeltaItem, Removal};
use msgraph_runtime::json::{Structured, from_json};
use msgraph_runtime::request::diff;
use msgraph_runtime::{__private as __rt, Cloud, Request};
use serde_json::json;

struct Value {
    id: Option<String>,
    is_active: Option<bool>,
}

__rt::model! {
    Value: "microsoft.graph.allowedValue";
    "id" id;
    "isActive" is_active;
}

struct Definition {
    description: Option<String>,
    allowed_values_delta: Option<Vec<DeltaItem<Value>>>,
}

__rt::model! {
    Definition: "microsoft.graph.definition";
    "description" description;
    "allowedValues@delta" allowed_values_delta: delta;
}

/// The body of <https://learn.microsoft.com/graph/api/customsecurityattributedefinition-update>, and a removal.
const BODY: &str = concat!(
    r#"{"allowedValues@delta":[{"id":"Baker","isActive":false},{"id":"Skagit","isActive":true},"#,
    r#"{"@removed":{"reason":"changed"},"id":"Old"}]}"#
);

fn version(request: &Request<'_>) -> Option<String> {
    let headers = request.headers().unwrap();
    let mut found = headers.get_all("odata-version").iter();
    let value = found.next().map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(found.next(), None);
    value
}

#[test]
fn a_delta_is_read_strictly_and_written_unchanged() {
    let body: Definition = from_json(BODY).unwrap();
    let items = body.allowed_values_delta.as_ref().unwrap();
    assert!(matches!(&items[0], DeltaItem::Changed(value) if value.is_active == Some(false)));
    assert!(matches!(&items[2], DeltaItem::Removed(Removal::Changed, _)));
    assert_eq!(body.to_json().unwrap(), BODY);
}

#[test]
fn every_problem_in_an_item_has_its_position() {
    let error = from_json::<Definition>(
        r#"{"allowedValues@delta":[{"isActiv":true},{"@removed":{},"id":1},{"@removed":null},{"@remove":{}}]}"#,
    )
    .unwrap_err();
    let places: Vec<&str> = error
        .problems()
        .iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "/allowedValues@delta/0/isActiv",
            "/allowedValues@delta/1/@removed",
            "/allowedValues@delta/1/id",
            "/allowedValues@delta/2/@removed",
            "/allowedValues@delta/3/@remove",
        ]
    );
}

#[test]
fn a_request_with_a_delta_has_the_version_and_is_not_idempotent() {
    let path = "/definitions/{id}";
    let plain = Definition {
        description: Some("a".into()),
        ..Default::default()
    };
    let request = Request::patch("v1.0", path, &[&"7"], &plain);
    assert_eq!(version(&request), None);
    assert!(request.is_idempotent());

    for delta in [vec![], vec![DeltaItem::from(Value::default())]] {
        let body = Definition {
            allowed_values_delta: Some(delta),
            ..plain.clone()
        };
        let request = Request::patch("v1.0", path, &[&"7"], &body);
        assert_eq!(version(&request).as_deref(), Some("4.01"));
        assert!(!request.is_idempotent());
        let own = request.clone().header("OData-Version", "4.02");
        assert_eq!(version(&own).as_deref(), Some("4.02"));
    }
}

#[test]
fn a_delta_is_never_compared() {
    let body: Definition = from_json(BODY).unwrap();
    let current = json!({
        "description": null,
        "allowedValues": [{"id": "Baker", "isActive": false}, {"id": "Skagit", "isActive": true}],
        "allowedValues@delta": [
            {"id": "Baker", "isActive": false},
            {"id": "Skagit", "isActive": true},
            {"@removed": {"reason": "changed"}, "id": "Old"},
        ],
    });
    let changes = diff(&current, &body).unwrap();
    assert_eq!(changes.to_json().unwrap(), BODY);
    let request = Request::patch("v1.0", "/definitions/{id}", &[&"7"], &body).with_body(&changes);
    assert_eq!(version(&request).as_deref(), Some("4.01"));
    // The current value has no delta.
    let reading = request.to_get().prepare(&Cloud::Global.into()).unwrap();
    assert!(!reading.uri().to_string().contains("delta"), "{reading:?}");
}
