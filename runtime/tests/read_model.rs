//! Values that were read: nothing is lost, nothing is sent that must not be, and the update is what differs.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use msgraph_runtime::edm::{AnyOf, DateTimeOffset, Decimal, DynamicProperties, Flags};
use msgraph_runtime::json::{Structured, complete, from_json, read};
use msgraph_runtime::request::diff;
use msgraph_runtime::{__private as __rt, Get, Null, Nullable, Request, Secret};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

#[derive(Clone)]
enum State {
    Enabled,
    Disabled,
    UnknownValue(__rt::UnknownMember),
}
__rt::enumeration! {
    State: "microsoft.graph.state";
    "enabled" Enabled;
    "disabled" Disabled;
}

struct Pass {
    id: Option<String>,
    created: Option<Nullable<DateTimeOffset>>,
    start: Option<Nullable<DateTimeOffset>>,
    minutes: Option<Nullable<i32>>,
    pass: Option<Nullable<Secret>>,
    ratio: Option<f64>,
    amount: Option<Nullable<Decimal>>,
    state: Option<Nullable<State>>,
    states: Option<Flags<State>>,
    parent: Option<Nullable<Target>>,
    targets: Option<Vec<Target>>,
    any: Option<Vec<AnyOf<AnyTarget>>>,
    concrete: Option<Vec<AnyOf<AnyConcrete>>>,
    extra: Option<Nullable<Extra>>,
    unknown_properties: DynamicProperties,
}
__rt::model! {
    Pass: "microsoft.graph.pass";
    patch PassPatch;
    "id" id [ID];
    "createdDateTime" created [CREATED]: read_only;
    "startDateTime" start [START]: immutable;
    "minutes" minutes [MINUTES];
    "pass" pass [PASS]: secret;
    "ratio" ratio [RATIO];
    "amount" amount [AMOUNT];
    "state" state [STATE];
    "states" states [STATES];
    "parent" parent [PARENT];
    "targets" targets [TARGETS];
    "any" any [ANY];
    "concrete" concrete [CONCRETE];
    "extra" extra [EXTRA];
    +unknown_properties;
}

struct PassPatch {
    minutes: Option<Nullable<i32>>,
    pass: Option<Nullable<Secret>>,
    ratio: Option<f64>,
    amount: Option<Nullable<Decimal>>,
    state: Option<Nullable<State>>,
    states: Option<Flags<State>>,
    parent: Option<Nullable<Target>>,
    targets: Option<Vec<Target>>,
    any: Option<Vec<AnyOf<AnyTarget>>>,
    concrete: Option<Vec<AnyOf<AnyConcrete>>>,
    extra: Option<Nullable<Extra>>,
}
__rt::model! {
    PassPatch: "microsoft.graph.pass";
    left_out "id" "the key, which is in the path",
        "createdDateTime" "the service computes it",
        "startDateTime" "immutable";
    "minutes" minutes;
    "pass" pass: secret;
    "ratio" ratio;
    "amount" amount;
    "state" state;
    "states" states;
    "parent" parent;
    "targets" targets;
    "any" any;
    "concrete" concrete;
    "extra" extra;
}
impl PassPatch {
    fn with_pass(mut self, value: impl __rt::IntoProperty<Secret>) -> Self {
        self.pass = value.into_property();
        self
    }
}

struct NewPass {
    id: Option<String>,
    start: Option<Nullable<DateTimeOffset>>,
    targets: Option<Vec<Target>>,
}
__rt::model! {
    NewPass: "microsoft.graph.pass", new;
    "id" id;
    "startDateTime" start;
    "targets" targets;
}

/// The parameters of an action.
struct Assign {
    targets: Option<Vec<Target>>,
}
__rt::body! {
    Assign: "microsoft.graph.assign", parameters;
    "targets" targets;
}

struct Target {
    id: Option<String>,
    kind: Option<Nullable<String>>,
    origin: Option<Nullable<String>>,
    created: Option<Nullable<DateTimeOffset>>,
    unknown_properties: DynamicProperties,
}
__rt::model! {
    Target: "microsoft.graph.target";
    is AnyTarget;
    is AnyConcrete;
    "id" id;
    "kind" kind;
    "origin" origin: immutable;
    "createdDateTime" created: read_only;
    +unknown_properties;
}
/// Open, with a navigation property `manager`.
struct Extra {
    note: Option<Nullable<String>>,
    manager: Option<Nullable<__rt::Reference>>,
    dynamic_properties: DynamicProperties,
}
__rt::model! {
    Extra: "microsoft.graph.extra";
    left_out "reports" "a navigation property";
    base AnyConcrete;
    "note" note;
    "manager@odata.bind" manager;
    ..dynamic_properties;
}

enum AnyTarget {}
__rt::union! {
    AnyTarget;
    "microsoft.graph.target" Target;
}
enum AnyConcrete {}
__rt::union! {
    AnyConcrete: "microsoft.graph.extra";
    "microsoft.graph.target" Target;
    "microsoft.graph.extra" Extra;
}

fn pass(json: &Json) -> Pass {
    read(json).value
}

fn patched(value: &dyn Structured) -> Json {
    let body = Request::patch("v1.0", "/passes/{id}", &[&"1"], value).body_json();
    serde_json::from_slice(&body.unwrap().unwrap()).unwrap()
}

fn posted(value: &dyn Structured) -> Json {
    let body = Request::post("v1.0", "/passes", &[], value).body_json();
    serde_json::from_slice(&body.unwrap().unwrap()).unwrap()
}

#[test]
fn what_this_code_does_not_know_is_kept_and_reported() {
    let resource = json!({
        "@odata.context": "c", "@odata.etag": "W/1", "@odata.editLink": "passes('1')", "@removed": { "reason": "changed" },
        "id": "1", "id@odata.type": "#String", "@microsoft.graph.downloadUrl": "u",
        "members": [], "members@odata.context": "c", "members@odata.nextLink": "n",
        "newSince": [1], "newSince@odata.type": "#Collection(Int32)",
        "state": "paused", "minutes": "soon", "ratio": null,
        "parent": { "@odata.type": "#microsoft.graph.targetOfTomorrow", "id": "t", "newInTarget": true },
    });
    let read = read::<Pass>(&resource);
    let mut kept: Vec<_> = read.value.unknown_properties.iter().collect();
    // Their order depends on a feature of `serde_json`.
    kept.sort_by_key(|(name, _)| *name);
    assert_eq!(
        kept,
        [
            ("@microsoft.graph.downloadUrl", &json!("u")),
            ("@odata.etag", &json!("W/1")),
            ("@removed", &json!({ "reason": "changed" })),
            ("members", &json!([])),
            ("members@odata.nextLink", &json!("n")),
            ("minutes", &json!("soon")),
            ("newSince", &json!([1])),
            ("newSince@odata.type", &json!("#Collection(Int32)")),
            ("ratio", &Json::Null),
        ]
    );
    let parent = read.value.parent.get().unwrap();
    assert_eq!(
        parent.unknown_properties.odata_type(),
        Some("microsoft.graph.targetOfTomorrow")
    );
    let notes: Vec<String> = read.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "/minutes: expected a whole number (i32), found a string",
            "/ratio: expected a number, found null",
            "/state: unknown member \"paused\" of microsoft.graph.state",
            "/parent/@odata.type: expected type microsoft.graph.target, found \"microsoft.graph.targetOfTomorrow\"; \
             to read a derived type, name it in a `[[struct]]` of the manifest",
            "/parent/newInTarget: unknown property",
            "/members: unknown property",
            "/newSince: unknown property",
        ]
    );
    let shown = format!("{:?}", read.value);
    assert!(shown.contains("newSince: …"), "{shown}");
}

#[test]
fn of_what_was_read_only_known_properties_are_sent() {
    let mut read = pass(&json!({
        "id": "1", "createdDateTime": "2026-01-01T00:00:00Z", "startDateTime": "2026-01-02T00:00:00Z", "newSince": 1,
        "parent": {
            "@odata.type": "#microsoft.graph.targetOfTomorrow", "id": "t", "origin": "o", "newInTarget": true,
            "createdDateTime": "2026-01-01T00:00:00Z",
        },
    }));
    let parent = json!({ "@odata.type": "#microsoft.graph.targetOfTomorrow", "id": "t" });
    assert_eq!(patched(&read), json!({ "id": "1", "parent": parent }));
    assert_eq!(read.set_fields(), ["id", "parent"]);
    // A property that the caller inserts is sent.
    read.unknown_properties.insert("newSince", 2).unwrap();
    assert_eq!(patched(&read)["newSince"], 2);
    assert_eq!(read.unknown_properties.remove("newSince"), Some(json!(2)));
    assert_eq!(read.unknown_properties, DynamicProperties::new());
    assert!(pass(&json!({ "newSince": 1 })).is_empty());
}

#[test]
fn an_immutable_property_is_sent_by_a_post_only() {
    let start = "2026-01-02T00:00:00Z";
    let targets = json!([{ "id": "t", "origin": "o" }]);
    let new: NewPass =
        from_json(&json!({ "id": "1", "startDateTime": start, "targets": targets }).to_string())
            .unwrap();
    let whole = json!({ "id": "1", "startDateTime": start, "targets": targets });
    assert_eq!(posted(&new), whole);
    assert_eq!(new.to_value().unwrap(), whole);
    let assign = Assign {
        targets: new.targets.clone(),
    };
    assert_eq!(assign.to_value().unwrap(), json!({ "targets": targets }));
    let typed = Request::post("v1.0", "/passes/assign", &[], &assign).all_types_required();
    let typed: Json = serde_json::from_slice(&typed.body_json().unwrap().unwrap()).unwrap();
    let target = json!({ "@odata.type": "#microsoft.graph.target", "id": "t", "origin": "o" });
    assert_eq!(
        typed,
        json!({ "targets": [target] }),
        "an action is no type"
    );

    let patch = PassPatch {
        targets: new.targets,
        ..PassPatch::default()
    };
    assert_eq!(patched(&patch), json!({ "targets": [{ "id": "t" }] }));
    let error = from_json::<PassPatch>(&json!({ "targets": targets }).to_string()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "/targets/0/origin: not sent by this request: immutable"
    );
}

#[test]
fn an_update_starts_from_what_was_read() {
    let resource = json!({
        "id": "1", "createdDateTime": "2026-01-01T00:00:00Z", "minutes": 60, "state": "unknownFutureValue", "newSince": 1,
        "targets": [{ "id": "a", "newInTarget": 1 }, { "@odata.type": "#microsoft.graph.other", "id": "b", "origin": "o" }],
        "any": [{ "@odata.type": "#microsoft.graph.tomorrow", "x": { "y": 1 } }], "amount": 12345678901.125,
    });
    let read = pass(&resource);
    let mut desired = read.to_patch();
    assert!(diff(&read, &desired).unwrap().is_empty());
    assert!(diff(&resource, &desired).unwrap().is_empty());

    desired.minutes = Some(Null);
    desired.targets.as_mut().unwrap().push(Target {
        id: Some("c".into()),
        ..Target::default()
    });
    let changes = diff(&read, &desired).unwrap();
    assert_eq!(
        changes.to_value().unwrap(),
        json!({
            "minutes": null,
            "targets": [{ "id": "a" }, { "@odata.type": "#microsoft.graph.other", "id": "b" }, { "id": "c" }],
        })
    );
    // A list with an item of an unknown type keeps the item.
    desired = read.to_patch();
    desired
        .any
        .as_mut()
        .unwrap()
        .insert(0, AnyOf::new(Target::default()));
    assert_eq!(
        diff(&read, &desired).unwrap().to_value().unwrap(),
        json!({ "any": [
            { "@odata.type": "#microsoft.graph.target" },
            { "@odata.type": "#microsoft.graph.tomorrow", "x": { "y": 1 } },
        ]})
    );
}

#[test]
fn a_value_of_an_unknown_type_is_of_the_declared_type_unless_that_is_abstract() {
    let read = pass(&json!({ "concrete": [
        { "@odata.type": "#microsoft.graph.tomorrow", "note": "n", "x": 1 },
        { "note": "m" },
        { "@odata.type": "#microsoft.graph.target", "id": "t" },
    ]}));
    let items = read.concrete.as_ref().unwrap();
    let names: Vec<&str> = items.iter().map(AnyOf::type_name).collect();
    assert_eq!(
        names,
        [
            "microsoft.graph.tomorrow",
            "microsoft.graph.extra",
            "microsoft.graph.target"
        ]
    );
    let base: &Extra = items[0].downcast_ref().unwrap();
    assert_eq!(base.note.get().unwrap(), "n");
    assert_eq!(items[2].downcast_ref::<Extra>().map(|_| ()), None);
    let mut other = items[0].downcast_ref::<Extra>().unwrap().clone();
    assert_eq!(AnyOf::<AnyConcrete>::new(other.clone()), items[0]);
    other.dynamic_properties.insert("x", 2).unwrap();
    assert_ne!(AnyOf::<AnyConcrete>::new(other), items[0]);
}

#[test]
fn an_open_value_sends_its_dynamic_properties_but_no_navigation_property() {
    let read = pass(&json!({ "extra": {
        "@odata.etag": "e", "note": "n", "colour": "red", "colour@odata.type": "#String",
        "manager": { "id": "m" }, "reports": [{ "id": "r" }], "peers": [{ "id": "p" }], "peers@odata.context": "c",
    }}));
    let extra = read.extra.get().unwrap();
    assert_eq!(
        extra.dynamic_properties.get("manager"),
        Some(&json!({ "id": "m" }))
    );
    assert_eq!(
        patched(&read.to_patch()),
        json!({ "extra": { "note": "n", "colour": "red", "colour@odata.type": "#String" } })
    );
    let mut desired = read.to_patch();
    assert!(diff(&read, &desired).unwrap().is_empty());
    let Some(Nullable::Value(extra)) = &mut desired.extra else {
        unreachable!()
    };
    extra.dynamic_properties.insert("colour", "blue").unwrap();
    assert_eq!(
        diff(&read, &desired).unwrap().to_value().unwrap(),
        json!({ "extra": { "note": "n", "colour": "blue", "colour@odata.type": "#String" } })
    );
}

#[test]
fn a_secret_appears_in_the_request_only() {
    let read = pass(&json!({ "pass": "s3cret" }));
    assert_eq!(read.pass.get().map(Secret::expose), Some("s3cret"));
    let patch = PassPatch::default().with_pass("s3cret");
    for same in [
        PassPatch::default().with_pass("s3cret".to_owned()),
        PassPatch::default().with_pass(Secret::new("s3cret")),
        PassPatch {
            pass: Some("s3cret".into()),
            ..PassPatch::default()
        },
    ] {
        assert_eq!(same, patch);
    }
    assert_eq!(read.to_patch(), patch);
    assert_eq!(patched(&patch), json!({ "pass": "s3cret" }));
    assert_eq!(complete(&read).unwrap(), json!({ "pass": "s3cret" }));
    assert!(diff(&read, &patch).unwrap().is_empty());

    let changes = diff(&json!({}), &patch).unwrap();
    let number = msgraph_runtime::json::read::<Pass>(&json!({ "pass": 53_110_815 }));
    let strict = from_json::<PassPatch>(r#"{"pass":53110815}"#).unwrap_err();
    let shown = format!(
        "{read:?} {patch:?} {:?} {changes:?} {number:?} {} {strict:?} {strict}",
        read.pass, number.notes[0]
    );
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(!shown.contains("53110815"), "{shown}");
    assert!(shown.contains("Pass { pass: *** }"), "{shown}");
}

#[test]
fn none_is_no_dynamic_property() {
    let mut properties = DynamicProperties::new();
    properties.insert("a", Null).unwrap();
    let none: Option<&str> = None;
    properties
        .insert("b", msgraph_runtime::null_if_none(none))
        .unwrap();
    properties
        .insert("c", msgraph_runtime::null_if_none(Some(1)))
        .unwrap();
    properties.insert("d", vec!["x"]).unwrap();
    properties.insert("e", [1.5, f64::NAN]).unwrap();
    properties.insert("f", 0.1_f32).unwrap();
    let values: Vec<String> = properties
        .iter()
        .map(|(_, value)| value.to_string())
        .collect();
    assert_eq!(
        values,
        ["null", "null", "1", r#"["x"]"#, r#"[1.5,"NaN"]"#, "0.1"]
    );
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        "[a-z ]{0,4}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            proptest::collection::btree_map("[a-z]{1,3}", inner, 0..3)
                .prop_map(|object| Json::Object(object.into_iter().collect())),
        ]
    })
}

/// An object with some of these properties.
fn object(
    properties: Vec<(&'static str, BoxedStrategy<Json>)>,
) -> impl Strategy<Value = Json> + Clone {
    let properties: Vec<_> = properties
        .into_iter()
        .map(|(name, value)| {
            proptest::option::of(value).prop_map(move |value| Some((name.to_owned(), value?)))
        })
        .collect();
    properties.prop_map(|properties| {
        Json::Object(properties.into_iter().flatten().collect::<Map<_, _>>())
    })
}

fn one_of(values: &[Json]) -> BoxedStrategy<Json> {
    proptest::sample::select(values.to_vec()).boxed()
}

fn target() -> BoxedStrategy<Json> {
    object(vec![
        ("@odata.type", one_of(&[json!("#microsoft.graph.other")])),
        ("id", "[a-c]".prop_map(Json::from).boxed()),
        ("kind", one_of(&[json!("user"), Json::Null, json!(1)])),
        ("origin", one_of(&[json!("o"), Json::Null])),
        (
            "createdDateTime",
            one_of(&[json!("2026-01-01T00:00:00.1230000Z"), json!("yesterday")]),
        ),
        ("newInTarget", any_json().boxed()),
    ])
    .boxed()
}

/// What Graph may respond with, now and later.
fn resources() -> impl Strategy<Value = Json> {
    let list = |item: BoxedStrategy<Json>| {
        proptest::collection::vec(item, 0..3)
            .prop_map(Json::from)
            .boxed()
    };
    let typed = |names: &[Json]| {
        let names = one_of(names);
        (target(), names)
            .prop_map(|(mut target, name)| {
                target["@odata.type"] = name;
                target
            })
            .boxed()
    };
    let names = [
        json!("#microsoft.graph.target"),
        json!("#microsoft.graph.tomorrow"),
    ];
    let extra = object(vec![
        ("note", one_of(&[json!("n"), Json::Null, json!([])])),
        ("manager", any_json().boxed()),
        ("reports", any_json().boxed()),
        ("colour", any_json().boxed()),
    ]);
    object(vec![
        (
            "@odata.type",
            one_of(&[json!("#microsoft.graph.passOfTomorrow")]),
        ),
        ("id", one_of(&[json!("1"), Json::Null])),
        ("createdDateTime", one_of(&[json!("2026-01-01T00:00:00Z")])),
        (
            "startDateTime",
            one_of(&[json!("9999-12-31T23:59:59.9999999Z"), Json::Null]),
        ),
        ("minutes", one_of(&[json!(8), Json::Null, json!("soon")])),
        ("pass", one_of(&[json!("s3cret"), Json::Null, json!(7)])),
        (
            "ratio",
            one_of(&[json!(0.5), json!(-3), json!("INF"), Json::Null]),
        ),
        (
            "amount",
            one_of(&[json!(1.25), json!(7), Json::Null, json!(true)]),
        ),
        (
            "state",
            one_of(&[
                json!("enabled"),
                json!("paused"),
                json!("unknownFutureValue"),
                Json::Null,
            ]),
        ),
        (
            "states",
            one_of(&[
                json!("enabled,disabled"),
                json!("enabled,paused"),
                json!(""),
            ]),
        ),
        ("parent", target()),
        ("targets", list(target())),
        ("any", list(typed(&names))),
        ("concrete", list(typed(&names))),
        ("extra", prop_oneof![extra, Just(Json::Null)].boxed()),
        ("newSince", any_json().boxed()),
    ])
}

proptest! {
    #[test]
    fn what_is_read_can_be_written_again(resource in resources()) {
        let read = pass(&resource);
        let written = complete(&read).unwrap();
        prop_assert_eq!(&written, &resource);
        prop_assert_eq!(pass(&written), read);
    }

    #[test]
    fn an_update_to_what_was_read_changes_nothing(resource in resources()) {
        let read = pass(&resource);
        let patch = read.to_patch();
        for changes in [diff(&read, &patch).unwrap(), diff(&resource, &patch).unwrap()] {
            prop_assert!(changes.is_empty(), "{}", changes.to_json().unwrap());
        }
    }

    /// The patch is what the resource has, without what an update cannot change.
    #[test]
    fn a_patch_has_every_property_that_it_can_send(resource in resources()) {
        let names = pass(&resource).to_patch().set_fields();
        let read = pass(&resource).set_fields();
        prop_assert_eq!(names, read.into_iter().filter(|name| *name != "id").collect::<Vec<_>>());
    }
}
