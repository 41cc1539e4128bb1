//! Tolerant reading: responses of a newer service are read as far as possible, with notes about the rest.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

use msgraph_runtime::edm::{Binary, DynamicProperties, Flags};
use msgraph_runtime::json::{ReadFinding, Structured, read};
use msgraph_runtime::sans_io::{http::Response, parse_response};
use msgraph_runtime::{__private as __rt, Nullable};
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Clone)]
enum State {
    Enabled,
    UnknownValue(__rt::UnknownMember),
}
__rt::enumeration! {
    State: "microsoft.graph.state";
    "enabled" Enabled;
}

struct Policy {
    length: Option<Nullable<i32>>,
    once: Option<bool>,
    state: Option<Nullable<State>>,
    states: Option<Flags<State>>,
    ratio: Option<f64>,
    bytes: Option<Binary>,
    parent: Option<Nullable<Box<Policy>>>,
    targets: Option<Vec<Extensible>>,
}
__rt::model! {
    Policy: "microsoft.graph.policy";
    "length" length;
    "once" once;
    "state" state;
    "states" states;
    "ratio" ratio;
    "bytes" bytes;
    "parent" parent;
    "targets" targets;
}
struct Extensible {
    id: Option<String>,
    dynamic_properties: DynamicProperties,
}
__rt::model! {
    Extensible: "microsoft.graph.extensible";
    "id" id;
    ..dynamic_properties;
}
#[test]
fn known_properties_are_read_and_others_noted() {
    let resource = json!({
        "@odata.context": "c", "@odata.type": "#microsoft.graph.policyOfTomorrow", "id": "p", "length": null,
        "once": null, "state": "paused", "states": "enabled, other", "ratio": "INF", "bytes": "+/8=",
        "parent": { "length": "12", "once": "yes" },
        "targets": [{ "id": "a", "id@odata.type": "#String", "extra": [1] }],
    });
    let got = parse_response::<Policy>(&Response::new(resource.to_string())).unwrap();
    let expected = Policy {
        length: Some(Nullable::Null),
        once: None,
        state: Some(Nullable::Value(State::from_wire("paused"))),
        states: Some(Flags::from_wire("enabled,other")),
        ratio: Some(f64::INFINITY),
        bytes: Some(vec![0xfb, 0xff].into()),
        parent: Some(
            Policy {
                length: Some(12.into()),
                ..Policy::default()
            }
            .into(),
        ),
        targets: Some(vec![Extensible {
            id: Some("a".into()),
            dynamic_properties: [("extra", json!([1]))].try_into().unwrap(),
        }]),
    };
    assert_eq!(got.value, expected);
    let told: Vec<String> = got.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "/@odata.type: expected type microsoft.graph.policy, found \"microsoft.graph.policyOfTomorrow\"; to read a derived type, name it in a `[[struct]]` of the manifest",
            "/once: expected true or false, found null",
            "/state: unknown member \"paused\" of microsoft.graph.state",
            "/states: unknown member \"other\" of microsoft.graph.state",
            "/parent/once: expected true or false, found a string",
            "/id: unknown property",
        ]
    );
}

#[test]
fn a_collection_with_an_invalid_item_is_not_set() {
    let got = read::<Policy>(&json!({ "targets": [{ "id": "a" }, null, 7] }));
    assert_eq!(got.value, Policy::default());
    assert_eq!(got.notes[0].pointer, "/targets/1");
    assert_eq!(
        got.notes[0].finding,
        ReadFinding::UnexpectedNull {
            expected: "an object"
        }
    );
    assert_eq!(
        got.notes[1].finding,
        ReadFinding::Unfit {
            expected: "an object",
            found: "the number 7".into(),
        }
    );
    assert_eq!(read::<Policy>(&Value::Null).value, Policy::default());
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(enabled|unknownFutureValue|[a-z,]{0,4})".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(
                "(length|once|state|states|ratio|bytes|parent|targets|id|x@y|@odata.type|new)",
                inner,
                0..6
            )
            .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Reading never fails, and a value that was read and can be written is read back unchanged.
    #[test]
    fn reading_takes_everything(resource in json_values()) {
        let got = read::<Policy>(&resource);
        if let Ok(written) = got.value.to_value() {
            prop_assert_eq!(read::<Policy>(&written).value, got.value);
        }
    }
}
