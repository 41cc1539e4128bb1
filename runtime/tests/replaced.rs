//! Values that the service replaces instead of merging: an update copies the properties that it does not set.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

use msgraph_runtime::edm::{AnyOf, DerivesFrom, DynamicProperties, Reference, Untyped};
use msgraph_runtime::json::Structured;
use msgraph_runtime::request::diff;
use msgraph_runtime::{__private as __rt, Cloud, Nullable, Request};
use proptest::prelude::*;
use serde_json::{Map, json};

/// An open extension, written like emitted code.
struct Extension {
    name: Option<String>,
    dynamic: DynamicProperties,
}
__rt::body! {
    Extension: "microsoft.graph.openTypeExtension", typed, replaced;
    not_sent "id";
    "extensionName" name;
    ..dynamic;
}

fn extension(properties: Untyped) -> Extension {
    let mut extension = Extension::default();
    for (name, value) in properties.as_object().unwrap() {
        extension.dynamic.insert(name, value.clone()).unwrap();
    }
    extension
}

fn update(current: &Untyped, desired: &dyn Structured) -> Untyped {
    let mut update = diff(current, desired).unwrap().to_value().unwrap();
    update.as_object_mut().unwrap().remove("@odata.type");
    update
}

#[test]
fn an_open_extension_is_sent_whole() {
    let current = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('1')/extensions/$entity",
        "@odata.type": "#microsoft.graph.openTypeExtension",
        "id": "com.contoso.roaming",
        "extensionName": "com.contoso.roaming",
        "a": "1", "b": "3",
        "tags@odata.type": "#Collection(String)", "tags": ["x"],
        "place": {"@odata.type": "#microsoft.graph.place", "@odata.id": "x", "n": 1},
        "id@odata.type": "#String",
    });
    let rest = json!({
        "extensionName": "com.contoso.roaming", "a": "1",
        "tags@odata.type": "#Collection(String)", "tags": ["x"],
        "place": {"@odata.type": "#microsoft.graph.place", "n": 1},
    });
    let with = |name: &str, value: Untyped| {
        let mut update = rest.clone();
        update[name] = value;
        update
    };
    assert_eq!(
        update(&current, &extension(json!({"b": "2"}))),
        with("b", json!("2"))
    );
    assert_eq!(
        update(&current, &extension(json!({"b": null}))),
        with("b", json!(null))
    );
    let mut tagged = with("b", json!("3"));
    tagged["tags"] = json!(["y"]);
    tagged.as_object_mut().unwrap().remove("tags@odata.type");
    tagged["tags@odata.type"] = json!("Collection(Edm.String)");
    let desired = extension(json!({"tags": ["y"], "tags@odata.type": "Collection(Edm.String)"}));
    assert_eq!(update(&current, &desired), tagged);
    // No change: a missing property equals null.
    for same in [
        json!({"b": "3"}),
        json!({}),
        json!({"gone": null, "a": "1"}),
    ] {
        assert_eq!(update(&current, &extension(same)), json!({}));
    }
    // Not read: only the desired values are known.
    assert_eq!(
        update(&json!(null), &extension(json!({"b": "2"}))),
        json!({"b": "2"})
    );
    // Read as a whole, because each property is sent again.
    let desired = extension(json!({"b": "2"}));
    let request = Request::patch("v1.0", "/me/extensions/{id}", &[&"x"], &desired);
    let get = request.to_get().prepare(&Cloud::Global.into()).unwrap();
    assert_eq!(
        get.uri(),
        "https://graph.microsoft.com/v1.0/me/extensions/x"
    );
}

struct Hours {
    from: Option<Nullable<String>>,
    to: Option<Nullable<i32>>,
    days: Option<Vec<Day>>,
    inner: Option<Nullable<Box<Hours>>>,
    keeper: Option<Nullable<Reference>>,
}
__rt::body! {
    Hours: "microsoft.graph.hours";
    not_sent "computed";
    "from" from;
    "to" to;
    "days" days;
    "inner" inner;
    "keeper@odata.bind" keeper;
}

struct Day {
    name: Option<Nullable<String>>,
}
__rt::body! {
    Day: "microsoft.graph.day";
    "name" name;
}

/// A type that is always replaced, and a position that accepts several types.
struct Lock {
    keys: Option<Nullable<i32>>,
}
__rt::body! {
    Lock: "microsoft.graph.lock", typed, replaced;
    "keys" keys;
}
#[derive(Clone, Debug, PartialEq)]
enum AnyLock {}
impl DerivesFrom<AnyLock> for Lock {}

struct Room {
    name: Option<Nullable<String>>,
    /// Merged.
    plain: Option<Nullable<Hours>>,
    /// Replaced.
    hours: Option<Nullable<Hours>>,
    lock: Option<Nullable<AnyOf<AnyLock>>>,
    /// Merged, with all of them inside.
    room: Option<Nullable<Box<Room>>>,
}
__rt::body! {
    Room: "microsoft.graph.room";
    "name" name;
    "plain" plain;
    "hours" hours: replaced;
    "lock" lock;
    "room" room;
}

fn hours(from: &str) -> Hours {
    Hours {
        from: Some(from.into()),
        ..Hours::default()
    }
}

#[test]
fn a_replaced_property_is_completed_and_a_merged_one_is_not() {
    let value = json!({
        "@odata.type": "#microsoft.graph.hours", "from": "8", "to": 17, "computed": 5, "new": {"x": 1},
        "days": [{"name": "monday", "n": 1}], "inner": {"from": "a", "to": null},
        "keeper": {"id": "7"}, "new@odata.context": "x",
    });
    let current = json!({"plain": value, "hours": value, "name": "n"});
    let desired = Room {
        plain: Some(hours("9").into()),
        hours: Some(hours("9").into()),
        name: Some("n".into()),
        ..Room::default()
    };
    let completed = json!({
        "from": "9", "to": 17, "days": [{"name": "monday", "n": 1}],
        "inner": {"from": "a", "to": null}, "new": {"x": 1},
    });
    assert_eq!(
        update(&current, &desired),
        json!({"plain": {"from": "9"}, "hours": completed})
    );

    // Everything inside is replaced, whatever its types; a collection is not completed.
    let inside = Hours {
        inner: Some(hours("b").into()),
        days: Some(vec![Day {
            name: Some("tuesday".into()),
        }]),
        ..Hours::default()
    };
    let desired = Room {
        hours: Some(inside.into()),
        ..Room::default()
    };
    let completed = json!({
        "from": "8", "to": 17, "days": [{"name": "tuesday"}],
        "inner": {"from": "b", "to": null}, "new": {"x": 1},
    });
    assert_eq!(update(&current, &desired), json!({"hours": completed}));

    // Null inside the value, and instead of it.
    let cleared = Hours {
        from: Some(Nullable::Null),
        ..Hours::default()
    };
    let desired = Room {
        hours: Some(cleared.clone().into()),
        ..Room::default()
    };
    assert_eq!(update(&current, &desired)["hours"]["from"], json!(null));
    assert_eq!(update(&current, &desired)["hours"]["to"], 17);
    assert_eq!(
        update(&json!({"hours": {"to": 17}}), &desired),
        json!({}),
        "it is null already"
    );
    let none = Room {
        hours: Some(Nullable::Null),
        ..Room::default()
    };
    assert_eq!(update(&current, &none), json!({"hours": null}));
    // The property was missing, or was not read.
    let desired = Room {
        hours: Some(hours("9").into()),
        ..Room::default()
    };
    for current in [
        json!({}),
        json!({"hours": null}),
        json!({"hours": 5}),
        json!(null),
    ] {
        assert_eq!(update(&current, &desired), json!({"hours": {"from": "9"}}));
    }
}

#[test]
fn a_replaced_value_within_a_merged_one() {
    let inner =
        json!({"name": "n", "hours": {"from": "8", "to": 1}, "plain": {"from": "8", "to": 1}});
    let current = json!({"room": inner});
    let desired = Room {
        room: Some(Nullable::Value(Box::new(Room {
            plain: Some(hours("9").into()),
            hours: Some(hours("9").into()),
            ..Room::default()
        }))),
        ..Room::default()
    };
    let expected = json!({"room": {"plain": {"from": "9"}, "hours": {"from": "9", "to": 1}}});
    assert_eq!(update(&current, &desired), expected);
}

#[test]
fn a_replaced_type_in_every_position() {
    let lock = |keys: i32| Room {
        lock: Some(
            Lock {
                keys: Some(keys.into()),
            }
            .into(),
        ),
        ..Room::default()
    };
    let current = json!({"lock": {"@odata.type": "#microsoft.graph.lock", "keys": 1, "new": true}});
    let expected =
        json!({"lock": {"@odata.type": "#microsoft.graph.lock", "keys": 2, "new": true}});
    assert_eq!(update(&current, &lock(2)), expected);
    assert_eq!(update(&current, &lock(1)), json!({}));
    // Nothing is copied from a value of another type.
    let current =
        json!({"lock": {"@odata.type": "#microsoft.graph.codeLock", "keys": 1, "new": true}});
    let expected = json!({"lock": {"@odata.type": "#microsoft.graph.lock", "keys": 1}});
    assert_eq!(update(&current, &lock(1)), expected);
    // A value without `@odata.type` keeps the current type.
    let current =
        json!({"hours": {"@odata.type": "#microsoft.graph.longHours", "from": "8", "more": 1}});
    let desired = Room {
        hours: Some(hours("9").into()),
        ..Room::default()
    };
    let expected =
        json!({"hours": {"@odata.type": "#microsoft.graph.longHours", "from": "9", "more": 1}});
    assert_eq!(update(&current, &desired), expected);
}

#[test]
fn carried_over_members_may_require_a_header() {
    let current = json!({"hours": {"from": "8", "to": 1}});
    let desired = Room {
        hours: Some(hours("9").into()),
        ..Room::default()
    };
    let changes = diff(&current, &desired).unwrap();
    let headers = Request::patch("v1.0", "/rooms", &[], &changes)
        .headers()
        .unwrap();
    assert_eq!(headers["prefer"], "include-unknown-enum-members");
}

/// Applies an update like the emulator: `Room` merges, except for `hours` and `lock`.
fn apply(state: &mut Map<String, Untyped>, update: &Map<String, Untyped>) {
    for (name, value) in update {
        match (name.as_str(), value, state.get_mut(name)) {
            (
                "plain" | "room" | "inner",
                Untyped::Object(members),
                Some(Untyped::Object(there)),
            ) => {
                apply(there, members);
            }
            _ => {
                state.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Whether `state` has all values that `desired` sets.
fn has(state: &Untyped, desired: &Untyped) -> bool {
    match (state, desired) {
        (Untyped::Object(state), Untyped::Object(desired)) => desired
            .iter()
            .all(|(name, value)| has(state.get(name).unwrap_or(&Untyped::Null), value)),
        _ => state == desired,
    }
}

fn nullable<T>(value: Option<T>) -> Nullable<T> {
    value.map_or(Nullable::Null, Nullable::Value)
}

fn all_hours(depth: u32) -> BoxedStrategy<Nullable<Hours>> {
    let inner = match depth {
        0 => Just(None).boxed(),
        _ => proptest::option::of(all_hours(depth - 1)).boxed(),
    };
    let fields = (
        any::<Option<Option<bool>>>(),
        proptest::option::of(proptest::option::of(0..3)),
        proptest::option::of(proptest::collection::vec("[ab]", 0..2)),
        inner,
    );
    let hours = fields.prop_map(|(from, to, days, inner)| Hours {
        from: from.map(|from| nullable(from.map(|from| from.to_string()))),
        to: to.map(nullable),
        days: days.map(|days| {
            days.into_iter()
                .map(|name| Day {
                    name: Some(Nullable::Value(name)),
                })
                .collect()
        }),
        inner: inner.map(|inner| match inner {
            Nullable::Null => Nullable::Null,
            Nullable::Value(hours) => Nullable::Value(Box::new(hours)),
        }),
        keeper: None,
    });
    prop_oneof![1 => Just(Nullable::Null), 6 => hours.prop_map(Nullable::Value)].boxed()
}

fn rooms(depth: u32) -> BoxedStrategy<Room> {
    let room = match depth {
        0 => Just(None).boxed(),
        _ => proptest::option::of(rooms(depth - 1)).boxed(),
    };
    let lock = proptest::option::of(proptest::option::of(0..3));
    let hours = || proptest::option::of(all_hours(1));
    (any::<Option<Option<bool>>>(), hours(), hours(), lock, room)
        .prop_map(|(name, plain, hours, lock, room)| Room {
            name: name.map(|name| nullable(name.map(|name| name.to_string()))),
            plain,
            hours,
            lock: lock.map(|keys| {
                Lock {
                    keys: Some(nullable(keys)),
                }
                .into()
            }),
            room: room.map(|room| Nullable::Value(Box::new(room))),
        })
        .boxed()
}

fn bags() -> impl Strategy<Value = Untyped> {
    let value = prop_oneof![
        Just(json!(null)),
        (0..3).prop_map(|n| json!(n)),
        Just(json!({"x": 1}))
    ];
    proptest::collection::btree_map("[abc]", value, 0..4)
        .prop_map(|bag| bag.into_iter().collect::<Map<_, _>>().into())
}

proptest! {
    /// The update gives the desired state, removes no other property, and leaves no difference.
    #[test]
    fn nothing_is_lost_and_nothing_is_left(before in rooms(1), desired in rooms(1)) {
        let before = before.to_value().unwrap();
        let mut state = before.as_object().unwrap().clone();
        let changes = diff(&before, &desired).unwrap();
        apply(&mut state, changes.to_value().unwrap().as_object().unwrap());
        let state = Untyped::from(state);
        let wanted = desired.to_value().unwrap();
        prop_assert!(has(&state, &wanted), "{} -> {}", before, state);
        let again = diff(&state, &desired).unwrap();
        prop_assert!(again.is_empty(), "{} {}", state, again.to_json().unwrap());
        // Expected result if everything merged.
        let mut merged = before.clone();
        merge(&mut merged, &wanted);
        prop_assert_eq!(without_nulls(&state), without_nulls(&merged));
    }

    #[test]
    fn an_extension_keeps_what_is_not_set(before in bags(), desired in bags()) {
        let changes = diff(&before, &extension(desired.clone())).unwrap();
        let mut merged = before.clone();
        merge_top(&mut merged, &desired);
        // The service replaces the whole value; null removes a property.
        let state = match changes.is_empty() {
            true => before,
            false => changes.to_value().unwrap(),
        };
        let shown = |value: &Untyped| -> Map<String, Untyped> {
            let members = value.as_object().unwrap().clone().into_iter();
            members.filter(|(name, value)| !name.starts_with('@') && !value.is_null()).collect()
        };
        prop_assert_eq!(shown(&state), shown(&merged));
        let state = Untyped::from(shown(&state));
        prop_assert!(diff(&state, &extension(desired)).unwrap().is_empty());
    }
}

/// A missing property is null.
fn without_nulls(value: &Untyped) -> Untyped {
    match value {
        Untyped::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        other => other.clone(),
    }
}

fn merge(state: &mut Untyped, update: &Untyped) {
    match (state, update) {
        (Untyped::Object(state), Untyped::Object(update)) => {
            for (name, value) in update {
                merge(state.entry(name.clone()).or_insert(Untyped::Null), value);
            }
        }
        (state, update) => *state = update.clone(),
    }
}

fn merge_top(state: &mut Untyped, update: &Untyped) {
    for (name, value) in update.as_object().unwrap() {
        state[name] = value.clone();
    }
}
