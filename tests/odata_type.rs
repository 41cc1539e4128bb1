//! Positions in which emitted code writes `@odata.type`: sends the requests of the case `odata_type`.

#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use msgraph_runtime::Request;
use msgraph_runtime::edm::{AnyOf, DynamicProperties};
use msgraph_runtime::json::Structured;
use msgraph_runtime::request::{CollectionBody, diff};
use serde_json::{Value, json};

mod graph {
    include!("../codegen/tests/cases/odata_type/output.rs");
}

use graph::{
    Address, Circle, EnrollmentEventPatch, EventPatch, GuestPatch, HomeSettingPatch, Mark, Place,
    TypedAddress, bookings, events, management, places, settings,
};

fn sent(request: &Request<'_>) -> Value {
    let json = request.body_json().unwrap().unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn place() -> Place {
    Place::new().with_city(String::from("Oslo"))
}

fn typed() -> TypedAddress {
    TypedAddress::new().with_kind(String::from("home"))
}

fn plain() -> Address {
    Address::new().with_street(String::from("High St"))
}

#[test]
fn the_body_writes_a_type_that_the_path_does_not_declare() {
    let event = EventPatch::new().with_name(String::from("a"));
    assert_eq!(sent(&events::update("1", &event)), json!({"name": "a"}));
    let derived = EnrollmentEventPatch::new().with_seats(2);
    assert_eq!(
        sent(&events::update_enrollment_event("1", &derived)),
        json!({"@odata.type": "#microsoft.graph.enrollmentEvent", "seats": 2})
    );
    // A cast in the path declares the type.
    assert_eq!(
        sent(&events::as_enrollment_event::update("1", &derived)),
        json!({"seats": 2})
    );
    let setting = HomeSettingPatch::new().with_address(AnyOf::new(plain()));
    let expected = json!({
        "@odata.type": "#microsoft.graph.homeSetting",
        "address": {"street": "High St"},
    });
    assert_eq!(sent(&settings::update("1", &setting)), expected);
    assert_eq!(
        sent(&settings::update("1", &AnyOf::from(setting))),
        expected
    );
}

#[test]
fn a_nested_value_writes_a_type_that_its_position_does_not_declare() {
    let event = EventPatch::new()
        .with_place(place())
        .with_address(typed())
        .with_addresses([plain().into(), typed().into()])
        .with_shape(Circle::new().with_center(place()))
        .with_shapes([Circle::new().into()])
        .with_mark(Mark::new().with_text(String::from("m")));
    let expected = json!({
        "place": {"city": "Oslo"},
        "address": {"@odata.type": "#microsoft.graph.typedAddress", "kind": "home"},
        "addresses": [
            {"street": "High St"},
            {"@odata.type": "#microsoft.graph.typedAddress", "kind": "home"},
        ],
        "shape": {"@odata.type": "#microsoft.graph.circle", "center": {"city": "Oslo"}},
        "shapes": [{"@odata.type": "#microsoft.graph.circle"}],
        // The facts require it in every position.
        "mark": {"@odata.type": "#microsoft.graph.mark", "text": "m"},
    });
    assert_eq!(sent(&events::update("1", &event)), expected);
    assert_eq!(event.to_value().unwrap(), expected);
    let items = CollectionBody::from([AnyOf::from(plain()), typed().into()]);
    assert_eq!(
        sent(&events::addresses::replace("1", &items)),
        json!({"value": expected["addresses"]})
    );
}

#[test]
fn the_facts_ask_for_every_type_of_a_body() {
    let event = EventPatch::new()
        .with_place(place())
        .with_addresses([plain().into(), typed().into()])
        .with_shape(Circle::new().with_center(place()));
    let expected = json!({
        "@odata.type": "#microsoft.graph.event",
        "place": {"@odata.type": "#microsoft.graph.place", "city": "Oslo"},
        "addresses": [
            {"@odata.type": "#microsoft.graph.address", "street": "High St"},
            {"@odata.type": "#microsoft.graph.typedAddress", "kind": "home"},
        ],
        "shape": {
            "@odata.type": "#microsoft.graph.circle",
            "center": {"@odata.type": "#microsoft.graph.place", "city": "Oslo"},
        },
    });
    // Facts of a subtree, and of a path.
    assert_eq!(sent(&management::update(&event)), expected);
    assert_eq!(sent(&bookings::update(&event)), expected);
    // Facts that require the type of the body only.
    let event = EventPatch::new().with_place(place());
    assert_eq!(
        sent(&places::update_7(&event)),
        json!({"@odata.type": "#microsoft.graph.event", "place": {"city": "Oslo"}})
    );
    // The entry of a path overrides the entry of its subtree.
    let guest = GuestPatch::new().with_name(String::from("g"));
    assert_eq!(
        sent(&management::guests::update("1", &guest)),
        json!({"name": "g"})
    );
}

#[test]
fn changes_write_the_same_types() {
    let event = EventPatch::new()
        .with_name(String::from("a"))
        .with_place(place())
        .with_addresses([plain().into(), typed().into()]);
    for (request, whole) in [
        (events::update("1", &event), false),
        (management::update(&event), true),
    ] {
        let body = sent(&request);
        let unlike = json!({"name": "b", "place": {"city": "Bergen"}});
        let changes = diff(&unlike, &event).unwrap();
        assert_eq!(sent(&request.clone().with_body(&changes)), body, "{whole}");
        // What was read names the types that differ from the declared ones.
        let current = json!({
            "name": "a",
            "place": {"city": "Oslo"},
            "addresses": body["addresses"],
        });
        assert!(diff(&current, &event).unwrap().is_empty());
    }
    let current = json!({"addresses": [{"kind": "home"}]});
    let one = EventPatch::new().with_addresses([typed().into()]);
    assert!(diff(&current, &one).unwrap().is_empty());
    // Another type there, of the same properties.
    let other =
        json!({"address": {"@odata.type": "#microsoft.graph.typedAddress", "street": "High St"}});
    let one = EventPatch::new().with_address(plain());
    assert!(!diff(&other, &one).unwrap().is_empty());
    // A derived body keeps its type when it is cut down.
    let derived = EnrollmentEventPatch::new().with_seats(2);
    let changes = diff(&json!({}), &derived).unwrap();
    assert_eq!(
        sent(&events::update_enrollment_event("1", &derived).with_body(&changes)),
        json!({"@odata.type": "#microsoft.graph.enrollmentEvent", "seats": 2})
    );
}

#[test]
fn an_undeclared_property_writes_the_type_of_its_value() {
    let mut event = EventPatch::new();
    let properties: &mut DynamicProperties = &mut event.dynamic_properties;
    properties.insert_structured("depot", &place()).unwrap();
    let circle = Circle::new().with_center(place());
    properties.insert_structured("area", &circle).unwrap();
    let expected = json!({
        "depot": {"@odata.type": "#microsoft.graph.place", "city": "Oslo"},
        // The position within it is declared.
        "area": {"@odata.type": "#microsoft.graph.circle", "center": {"city": "Oslo"}},
    });
    assert_eq!(sent(&events::update("1", &event)), expected);
    let mut properties = event.dynamic_properties.clone();
    assert!(properties.insert_structured("a@b", &place()).is_err());
}

#[test]
fn a_request_made_by_hand_names_the_type_that_its_path_declares() {
    let derived = EnrollmentEventPatch::new().with_seats(2);
    let request = || Request::patch("v1.0", "/events/{id}", &[&"1"], &derived);
    assert_eq!(sent(&request()), json!({"seats": 2}));
    assert_eq!(
        sent(&request().declared_type("microsoft.graph.event")),
        json!({"@odata.type": "#microsoft.graph.enrollmentEvent", "seats": 2})
    );
    assert_eq!(
        sent(&request().all_types_required()),
        json!({"@odata.type": "#microsoft.graph.enrollmentEvent", "seats": 2})
    );
}
