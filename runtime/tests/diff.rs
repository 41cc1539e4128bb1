//! The smallest update: values that count as equal, and no difference after applying it.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

use msgraph_runtime::edm::{
    Binary, DateTimeOffset, Decimal, Duration, DynamicProperties, Flags, Guid, Untyped,
};
use msgraph_runtime::json::Structured;
use msgraph_runtime::request::diff;
use msgraph_runtime::{__private as __rt, Nullable, Request};
use proptest::prelude::*;
use serde_json::json;

#[derive(Clone)]
enum Day {
    Monday,
    Tuesday,
    UnknownValue(__rt::UnknownMember),
}
__rt::enumeration! {
    Day: "microsoft.graph.day";
    "monday" Monday;
    "tuesday" Tuesday;
}

struct Policy {
    length: Option<Nullable<i32>>,
    ratio: Option<f64>,
    name: Option<Nullable<String>>,
    day: Option<Nullable<Day>>,
    days: Option<Flags<Day>>,
    id: Option<Guid>,
    amount: Option<Decimal>,
    bytes: Option<Binary>,
    when: Option<DateTimeOffset>,
    lasts: Option<Duration>,
    nested: Option<Nullable<Target>>,
    targets: Option<Vec<Target>>,
    names: Option<Vec<String>>,
    dynamic: DynamicProperties,
}
__rt::body! {
    Policy: "microsoft.graph.policy", typed;
    "length" length;
    "ratio" ratio;
    "name" name;
    "day" day;
    "days" days;
    "id" id;
    "amount" amount;
    "bytes" bytes;
    "when" when;
    "lasts" lasts;
    "nested" nested;
    "targets" targets;
    "names" names;
    ..dynamic;
}

struct Target {
    id: Option<String>,
    kind: Option<Nullable<String>>,
}
__rt::body! {
    Target: "microsoft.graph.target", typed;
    "id" id;
    "kind" kind;
}

fn target(id: &str) -> Target {
    Target {
        id: Some(id.into()),
        kind: None,
    }
}

fn desired() -> Policy {
    Policy {
        length: Some(8.into()),
        ratio: Some(2.0),
        name: Some(Nullable::Null),
        day: Some(Day::Monday.into()),
        days: Some([Day::Monday, Day::Tuesday].into()),
        id: Some("6f9619ff-8b86-d011-b42d-00cf4fc964ff".parse().unwrap()),
        amount: Some("1.10".parse().unwrap()),
        bytes: Some(vec![0xfb, 0xff].into()),
        when: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        lasts: Some("PT1H".parse().unwrap()),
        nested: Some(target("a").into()),
        targets: Some(vec![target("a"), target("b")]),
        names: Some(vec!["x".into()]),
        dynamic: [("extension", json!({"a": 1}))].try_into().unwrap(),
    }
}

/// The same state in other notations, with properties that only the service sets.
fn other_spelling() -> Untyped {
    json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#policy",
        "@odata.type": "#microsoft.graph.policy",
        "length": 8.0,
        "ratio": 2,
        "name": null,
        "day": "monday",
        "days": "tuesday, monday",
        "id": "6F9619FF-8B86-D011-B42D-00CF4FC964FF",
        "amount": 1.1,
        "bytes": "+/8",
        "when": "2026-01-01T01:00:00.000+01:00",
        "lasts": "PT60M",
        "nested": { "id": "a", "kind": "user", "new": true },
        "targets": [
            { "@odata.type": "#microsoft.graph.target", "id": "a", "kind": null },
            { "id": "b", "kind@odata.type": "#String" },
        ],
        "names": ["x"],
        "extension": { "a": 1.0 },
        "unknown": [1, 2, 3],
    })
}

#[test]
fn spelling_makes_no_difference() {
    let changes = diff(&other_spelling(), &desired()).unwrap();
    assert!(changes.is_empty(), "{}", changes.to_json().unwrap());
}

#[test]
fn each_difference_is_found_alone() {
    let rows = [
        ("length", json!(9)),
        ("length", json!("8")),
        ("ratio", json!(2.5)),
        ("name", json!("")),
        ("day", json!("Monday")),
        ("day", Untyped::Null),
        ("days", json!("monday")),
        ("id", json!("6F9619FF-8B86-D011-B42D-00CF4FC964FE")),
        ("amount", json!(1.11)),
        ("bytes", json!("AAAA")),
        ("when", json!("2026-01-01T00:00:00+01:00")),
        ("lasts", json!("PT61M")),
        ("nested", json!({ "id": "c" })),
        (
            "nested",
            json!({ "@odata.type": "#microsoft.graph.other", "id": "a" }),
        ),
        ("targets", json!([{ "id": "b" }, { "id": "a" }])),
        ("targets", json!([{ "id": "a" }])),
        (
            "targets",
            json!([{ "id": "a", "kind": "user" }, { "id": "b" }]),
        ),
        ("targets", json!({ "id": "a" })),
        ("names", json!([])),
        ("extension", json!({ "a": 1, "b": 2 })),
    ];
    for (name, there) in rows {
        let mut current = other_spelling();
        current[name] = there.clone();
        let update = diff(&current, &desired()).unwrap().to_value().unwrap();
        let names: Vec<&str> = update
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(names, ["@odata.type", name], "{name}: {there}");
        let whole = desired().to_value().unwrap();
        assert_eq!(
            update[name], whole[name],
            "as the desired one has it, whole"
        );
    }
    let mut unread = other_spelling();
    unread.as_object_mut().unwrap().remove("length");
    assert_eq!(diff(&unread, &desired()).unwrap().set_fields(), ["length"]);
    assert_eq!(
        diff(&Untyped::Null, &desired()).unwrap().to_json(),
        desired().to_json()
    );
}

#[test]
fn a_decimal_keeps_its_digits() {
    let amount = Some("79228162514264337593543950.335".parse().unwrap());
    let changes = diff(
        &json!({}),
        &Policy {
            amount,
            ..Policy::default()
        },
    )
    .unwrap();
    assert!(
        changes
            .to_json()
            .unwrap()
            .ends_with(r#""amount":79228162514264337593543950.335}"#)
    );
}

#[test]
fn changes_replace_the_body() {
    let whole = desired();
    let request = Request::patch("v1.0", "/policies/{id}", &[&"p"], &whole).permissions(&["P"]);
    let reading = request
        .to_get()
        .prepare(&msgraph_runtime::Cloud::Global.into())
        .unwrap();
    assert_eq!(
        reading.uri(),
        "https://graph.microsoft.com/v1.0/policies/p?$select=length,ratio,name,day,days,id,amount,bytes,when,lasts,\
         nested,targets,names,extension"
    );
    assert_eq!(
        (reading.method().as_str(), reading.body().len()),
        ("GET", 0)
    );
    assert_eq!(reading.headers()["prefer"], "include-unknown-enum-members");

    let mut current = other_spelling();
    current["length"] = json!(9);
    let changes = diff(&current, &whole).unwrap();
    let body = request.with_body(&changes).body_json().unwrap().unwrap();
    assert_eq!(
        String::from_utf8(body).unwrap(),
        r##"{"@odata.type":"#microsoft.graph.policy","length":8}"##
    );
}

fn or_null<T>(value: Option<T>) -> Nullable<T> {
    value.map_or(Nullable::Null, Nullable::Value)
}

fn policies() -> impl Strategy<Value = Policy> {
    let nullable = |present: Option<Option<i32>>| present.map(or_null);
    (
        any::<Option<Option<i32>>>().prop_map(nullable),
        proptest::option::of(-1e300..1e300_f64),
        any::<Option<Option<String>>>().prop_map(|name| name.map(or_null)),
        any::<Option<[Option<bool>; 2]>>(),
        proptest::option::of(proptest::collection::vec("[ab]{1,2}", 0..3)),
    )
        .prop_map(|(length, ratio, name, targets, names)| Policy {
            length,
            ratio,
            name,
            targets: targets.map(|ids| {
                ids.iter()
                    .flatten()
                    .map(|id| target(&id.to_string()))
                    .collect()
            }),
            names,
            ..Policy::default()
        })
}

proptest! {
    /// Applied like a PATCH in Graph, the update gives the desired state and leaves no difference.
    #[test]
    fn applying_the_update_leaves_nothing_to_do(before in policies(), desired in policies()) {
        let mut state = before.to_value().unwrap();
        let update = diff(&state, &desired).unwrap();
        prop_assert!(update.set_fields().len() <= desired.set_fields().len());
        for (name, value) in update.to_value().unwrap().as_object().unwrap() {
            state[name] = value.clone();
        }
        prop_assert!(diff(&state, &desired).unwrap().is_empty());
    }
}
