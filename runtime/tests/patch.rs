//! Strict reading: every kind of problem with its position, every kind of value, and unions. The types are written by hand
//! in the shape that the generator emits.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

use msgraph_runtime::edm::{
    AnyOf, Binary, Date, DateTimeOffset, Decimal, Duration, DynamicProperties, Flags, Guid,
    Reference, TimeOfDay, Untyped, Uuid,
};
use msgraph_runtime::json::{
    PatchError, ReadFinding, Structured, any_from_json, from_json, from_value,
};
use msgraph_runtime::request::{CollectionBody, diff};
use msgraph_runtime::{__private as __rt, Get, Nullable, Request, null_if_none};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A struct in the shape of emitted code.
macro_rules! emitted {
    (
        $name:ident, $type_name:literal $(, $setting:ident)? $(; open $dynamic:ident)?
        $(; without $($left_out:literal $why:literal),+)? $(; base $base:ident)* $(; is $marker:ident)*;
        $($wire:literal $field:ident: $kind:ty),* $(,)?
    ) => {
        struct $name {
            $($field: Option<$kind>,)*
            $($dynamic: DynamicProperties,)?
        }
        __rt::model! {
            $name: $type_name $(, $setting)?;
            $(left_out $($left_out $why),+;)?
            $(base $base;)*
            $(is $marker;)*
            $($wire $field;)*
            $(..$dynamic;)?
        }
    };
}

#[derive(Clone)]
enum TargetType {
    User,
    Group,
    Device,
    UnknownValue(__rt::UnknownMember),
}
__rt::enumeration! {
    TargetType: "microsoft.graph.targetType";
    "user" User;
    "group" Group;
    evolved;
    "device" Device;
}

emitted! { Everything, "microsoft.graph.everything", typed;
    "text" text: Nullable<String>,
    "flag" flag: bool,
    "byte" byte: u8,
    "sbyte" sbyte: i8,
    "int16" int16: i16,
    "int32" int32: Nullable<i32>,
    "int64" int64: i64,
    "single" single: f32,
    "double" double: Nullable<f64>,
    "decimal" decimal: Nullable<Decimal>,
    "guid" guid: Guid,
    "date" date: Date,
    "instant" instant: Nullable<DateTimeOffset>,
    "time" time: TimeOfDay,
    "lapse" lapse: Duration,
    "bytes" bytes: Nullable<Binary>,
    "kind" kind: Nullable<TargetType>,
    "kinds" kinds: Flags<TargetType>,
    "json" json: Nullable<Untyped>,
    "jsons" jsons: Vec<Untyped>,
    "manager@odata.bind" manager: Nullable<Reference>,
    "members@odata.bind" members: Vec<Reference>,
    "parent" parent: Nullable<Box<Everything>>,
    "twin" twin: Box<Everything>,
    "target" target: Nullable<AnyOf<AnyTarget>>,
    "targets" targets: Vec<AnyOf<AnyTarget>>,
    "extras" extras: Vec<Extras>,
    "texts" texts: Vec<Nullable<String>>,
    "guids" guids: Vec<Guid>,
    "kindList" kind_list: Vec<TargetType>,
    "doubles" doubles: Vec<f64>,
    "decimals" decimals: Vec<Nullable<Decimal>>,
}

emitted! { Event, "microsoft.graph.event"; open dynamic_properties; without "id" "the key, which is in the path", "created" "computed by the service";
    "subject" subject: String,
}

/// A property that an update does not send is neither unknown nor dynamic.
#[test]
fn properties_that_are_not_sent_have_a_reason() {
    let answer =
        json!({"created": "now", "id": "1", "subject": "x", "mine": 1, "id@odata.type": "#String"});
    let error = from_value::<Event>(&answer).unwrap_err().to_string();
    assert_eq!(
        error,
        "/created: not sent by this request: computed by the service\n\
         /id: not sent by this request: the key, which is in the path"
    );
    let read = msgraph_runtime::json::read::<Event>(&answer);
    assert_eq!(read.notes, []);
    assert_eq!(
        read.value.to_value().unwrap(),
        json!({"subject": "x", "mine": 1})
    );
}

emitted! { Extras, "microsoft.graph.extras"; open dynamic_properties;
    "id" id: String,
}

emitted! { Target, "microsoft.graph.target"; is AnyConcreteTarget; "name" name: Nullable<String> }
emitted! { AllTarget, "microsoft.graph.allTarget", typed; is AnyTarget; }
emitted! { GroupTarget, "microsoft.graph.groupTarget", typed; is AnyTarget; is AnyConcreteTarget;
    "groupId" group_id: String,
    "fallback" fallback: Nullable<AnyOf<AnyTarget>>,
}

/// The marker of an abstract type.
#[derive(Clone, Copy, Debug, PartialEq)]
enum AnyTarget {}
__rt::union! {
    AnyTarget;
    "microsoft.graph.allTarget" AllTarget;
    "microsoft.graph.groupTarget" GroupTarget;
}

/// The marker of a type that is not abstract.
#[derive(Clone, Copy, Debug, PartialEq)]
enum AnyConcreteTarget {}
__rt::union! {
    AnyConcreteTarget: "microsoft.graph.target";
    "microsoft.graph.target" Target;
    "microsoft.graph.groupTarget" GroupTarget;
}

fn update_target<'a>(id: &str, patch: &'a impl __rt::DerivesFrom<AnyTarget>) -> Request<'a> {
    Request::patch("v1.0", "/targets/{id}", &[&id], patch)
}

fn told(error: &PatchError) -> Vec<String> {
    error.to_string().lines().map(str::to_owned).collect()
}

fn problems(text: &str) -> Vec<String> {
    told(&from_json::<Everything>(text).expect_err(text))
}

#[test]
fn every_problem_has_its_position() {
    let table: &[(&str, &[&str])] = &[
        // names
        (
            r#"{"int23":1}"#,
            &["/int23: unknown property; did you mean `int32`, `int16` or `int64`?"],
        ),
        (
            r#"{"Text":"a","manger@odata.bind":"x"}"#,
            &[
                "/Text: unknown property; did you mean `text` or `texts`?",
                "/manger@odata.bind: unknown property; did you mean `manager@odata.bind`?",
            ],
        ),
        (
            r#"{"parent":{"a/b~c":1},"extras":[{"":1}]}"#,
            &[
                "/parent/a~1b~0c: unknown property; expected one of `text`, `flag`, `byte`, `sbyte`, `int16`, `int32`, `int64`, `single`, `double`, `decimal`, `guid`, `date` and 20 more; to read a navigation property, name it in `inline` of the manifest",
                "/extras/0/: unknown property; expected one of `id`; to read a navigation property, name it in `inline` of the manifest",
            ],
        ),
        // An open type accepts any name, except one that is certainly a typo.
        (
            r#"{"extras":[{"ID":1}]}"#,
            &["/extras/0/ID: unknown property; did you mean `id`?"],
        ),
        // types
        (
            r#"{"text":5,"flag":"true","byte":256,"sbyte":-129,"int16":1.5,"int32":"1","int64":9223372036854775808}"#,
            &[
                "/text: expected a string, found the number 5",
                "/flag: expected true or false, found a string",
                "/byte: expected a whole number (u8), found the number 256",
                "/sbyte: expected a whole number (i8), found the number -129",
                "/int16: expected a whole number (i16), found the number 1.5",
                "/int32: expected a whole number (i32), found a string",
                "/int64: expected a whole number (i64), found the number 9223372036854775808",
            ],
        ),
        (
            r#"{"int64":"1","single":1e39,"double":"1","decimal":"1","guid":"x","bytes":"~","kind":1,"kinds":["user"]}"#,
            &[
                "/int64: expected a whole number (i64), found a string",
                "/single: expected a number of single precision, found the number 1e+39",
                "/double: expected a number, found a string",
                "/decimal: expected a decimal number of at most 28 digits, found a string",
                "/guid: expected a GUID, found \"x\"",
                "/bytes: expected base64, found a string",
                "/kind: expected microsoft.graph.targetType, found the number 1",
                "/kinds: expected microsoft.graph.targetType, found an array",
            ],
        ),
        (
            r#"{"decimal":0.12345678901234567890123456789012345,"decimals":[1e-5,1e99]}"#,
            &[
                "/decimal: expected a decimal number of at most 28 digits, found the number 0.12345678901234567890123456789012345",
                "/decimals/1: expected a decimal number of at most 28 digits, found the number 1e+99",
            ],
        ),
        (
            r#"{"date":"2024-02-30","instant":"2024-02-29T","time":"24:00","lapse":"1D","manager@odata.bind":"a b"}"#,
            &[
                "/date: expected a date (2024-02-29), found \"2024-02-30\"",
                "/instant: expected a date with time and offset (2024-02-29T23:59:59Z), found \"2024-02-29T\"",
                "/time: expected a time of day (23:59:59), found \"24:00\"",
                "/lapse: expected a duration (P1DT12H30M), found \"1D\"",
                "/manager@odata.bind: expected a URL, found \"a b\"",
            ],
        ),
        (
            r#"{"parent":[],"targets":{},"extras":[1,{"id":[]}]}"#,
            &[
                "/parent: expected an object, found an array",
                "/targets: expected an array, found an object",
                "/extras/0: expected an object, found the number 1",
                "/extras/1/id: expected a string, found an array",
            ],
        ),
        ("7", &["expected an object, found the number 7"]),
        // null
        (
            r#"{"text":null,"flag":null,"twin":null,"targets":[null],"texts":[null],"guids":[null],"kinds":null}"#,
            &[
                "/flag: expected true or false, found null",
                "/kinds: expected microsoft.graph.targetType, found null",
                "/twin: expected an object, found null",
                "/targets/0: expected an object, found null",
                "/guids/0: expected a GUID, found null",
            ],
        ),
        // enumerations
        (
            r#"{"kind":"grup","kinds":"user, unknownFutureValue","kindList":["User","somebody"]}"#,
            &[
                "/kind: unknown member \"grup\" of microsoft.graph.targetType; did you mean `group`?",
                "/kinds: `unknownFutureValue` of microsoft.graph.targetType cannot be sent",
                "/kindList/1: unknown member \"somebody\" of microsoft.graph.targetType; expected one of `user`, `group`, `device`",
            ],
        ),
        (
            r#"{"kinds":""}"#,
            &["/kinds: expected microsoft.graph.targetType, found \"\""],
        ),
        // @odata.type
        (
            r##"{"@odata.type":"#microsoft.graph.nothing","parent":{"@odata.type":5}}"##,
            &[
                "/@odata.type: expected type microsoft.graph.everything, found \"microsoft.graph.nothing\"; to read a derived type, name it in a `[[struct]]` of the manifest",
                "/parent/@odata.type: expected the name of a type, found the number 5",
            ],
        ),
        // Not generated: the message says how to generate it.
        (
            r##"{"target":{"@odata.type":"#microsoft.graph.device"}}"##,
            &[
                "/target/@odata.type: unexpected type \"microsoft.graph.device\"; expected one of `microsoft.graph.allTarget`, `microsoft.graph.groupTarget`; to read a derived type, name it in a `[[struct]]` of the manifest",
            ],
        ),
        (
            r##"{"target":{},"targets":[{"@odata.type":"#microsoft.graph.gruopTarget"},{"@odata.type":null}]}"##,
            &[
                "/target/@odata.type: required, because several types are allowed here; expected one of `microsoft.graph.allTarget`, `microsoft.graph.groupTarget`",
                "/targets/0/@odata.type: unexpected type \"microsoft.graph.gruopTarget\"; did you mean `microsoft.graph.groupTarget`?",
                "/targets/1/@odata.type: expected the name of a type, found null",
            ],
        ),
        (
            r##"{"targets":[{"@odata.type":"#microsoft.graph.groupTarget","groupID":"g","fallback":{"@odata.type":"graph.allTarget","groupId":"g"}}]}"##,
            &[
                "/targets/0/fallback/groupId: unknown property",
                "/targets/0/groupID: unknown property; did you mean `groupId`?",
            ],
        ),
        // annotations
        (
            r#"{"@odata.tpye":"x","@type":"x","text@odata.contxt":"x","text@odata.bind":"x","@microsoft.graph.conflictBehavior":"rename"}"#,
            &[
                "/@microsoft.graph.conflictBehavior: the type has no field for this annotation, so it would not be sent",
                "/@odata.tpye: unknown annotation; did you mean `@odata.type`?",
                "/@type: unknown annotation; expected one of `@odata.type`, `@odata.bind`, `@odata.id`, `@odata.context`, `@odata.count`, `@odata.etag`, `@odata.editLink`, `@odata.navigationLink`, `@odata.nextLink`, `@odata.readLink`, `@odata.associationLink`, `@odata.deltaLink` and 6 more",
                "/text@odata.bind: the type has no field for this annotation, so it would not be sent",
                "/text@odata.contxt: unknown annotation; did you mean `@odata.context`?",
            ],
        ),
        (
            r##"{"parent":{"@odata.id":"users/1"},"json@odata.type":"#Int64","json":1,"text@odata.type":5}"##,
            &[
                "/parent/@odata.id: the type has no field for this annotation, so it would not be sent",
                "/json@odata.type: the type has no field for this annotation, so it would not be sent",
                "/text@odata.type: expected the name of a type, found the number 5",
            ],
        ),
        // the text
        (
            r#"{"text":"a","parent":{"flag":true,"flag":false},"text":"b"}"#,
            &[
                "/parent/flag: duplicate property",
                "/text: duplicate property",
            ],
        ),
        (
            r#"{"text":}"#,
            &["invalid JSON: expected value at line 1 column 9"],
        ),
        (
            "{} {}",
            &["invalid JSON: trailing characters at line 1 column 4"],
        ),
        (
            "",
            &["invalid JSON: EOF while parsing a value at line 1 column 0"],
        ),
    ];
    for (text, expected) in table {
        // The order depends on the feature `preserve_order` of `serde_json`.
        let mut sorted = problems(text);
        sorted.sort();
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(sorted, expected, "{text}");
        if let Ok(json) = serde_json::from_str::<Value>(text)
            // A parsed tree no longer has the duplicate.
            && !expected
                .iter()
                .any(|line| line.ends_with("duplicate property"))
            && !text.contains("0.1234567890")
        {
            let error = from_value::<Everything>(&json).unwrap_err();
            assert_eq!(error.problems().len(), expected.len(), "{text}");
        }
    }
}

#[test]
fn strings_that_may_be_secret_are_not_shown() {
    for text in [
        r#"{"int32":"hunter2"}"#,
        r#"{"bytes":"hunter2!"}"#,
        r#"{"parent":"hunter2"}"#,
    ] {
        assert!(!problems(text).concat().contains("hunter2"), "{text}");
    }
}

#[test]
fn json_that_is_nested_too_deep_is_an_error() {
    let deep = |levels: usize| {
        let mut json = json!({});
        for _ in 0..levels {
            json = json!({ "parent": json });
        }
        json
    };
    let error = from_value::<Everything>(&deep(300)).unwrap_err();
    assert_eq!(error.problems()[0].finding, ReadFinding::TooDeep);
    assert!(from_value::<Everything>(&deep(126)).is_ok());
    let text = deep(300).to_string();
    assert!(matches!(
        from_json::<Everything>(&text).unwrap_err().problems()[0].finding,
        ReadFinding::NotJson(_)
    ));
}

emitted! { Large, "microsoft.graph.large"; is AnyLarge;
    "children" children: Vec<Large>,
    "boxed" boxed: Nullable<Box<Large>>,
    "others" others: Vec<AnyOf<AnyLarge>>,
    "a" a: Others, "b" b: Others, "c" c: Others, "d" d: Others, "e" e: Others, "f" f: Others,
    "g" g: Others, "h" h: Others, "i" i: Others, "j" j: Others, "k" k: Others, "l" l: Others,
    "m" m: Others, "n" n: Others, "o" o: Others, "p" p: Others, "q" q: Others, "r" r: Others,
}
emitted! { Others, "microsoft.graph.others";
    "a" a: Nullable<String>, "b" b: Nullable<String>, "c" c: Nullable<String>, "d" d: Nullable<String>,
    "e" e: Nullable<String>, "f" f: Nullable<String>, "g" g: Nullable<String>, "h" h: Nullable<String>,
    "i" i: Nullable<String>, "j" j: Nullable<String>, "k" k: Nullable<String>, "l" l: Nullable<String>,
    "m" m: Nullable<String>, "n" n: Nullable<String>, "o" o: Nullable<String>, "p" p: Nullable<String>,
}
#[derive(Clone, Copy, Debug, PartialEq)]
enum AnyLarge {}
__rt::union! {
    AnyLarge;
    "microsoft.graph.large" Large;
}

/// On a stack of 2 MB, the default of a thread.
#[test]
fn large_types_nested_deep_do_not_overflow_the_stack() {
    assert!(size_of::<Large>() > 6000);
    for (name, is_cut) in [("children", true), ("boxed", false), ("others", true)] {
        let mut json = json!({ "@odata.type": "#microsoft.graph.large" });
        let mut greatest = 0;
        for levels in 1..62 {
            let below = if name == "boxed" { json } else { json!([json]) };
            json = json!({ "@odata.type": "#microsoft.graph.large", name: below });
            match from_value::<Large>(&json) {
                Ok(_) => greatest = levels,
                Err(error) => {
                    assert_eq!(error.problems()[0].finding, ReadFinding::TooDeep, "{error}");
                }
            }
        }
        assert!(greatest >= 30, "{name}: {greatest}");
        assert_eq!(greatest < 61, is_cut, "{name}: {greatest}");
    }
}

#[test]
fn a_type_may_be_named_in_every_form() {
    for name in [
        "#microsoft.graph.everything",
        "microsoft.graph.everything",
        "#graph.everything",
        "graph.everything",
        "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.everything",
    ] {
        let text = json!({ "@odata.type": name, "flag": true }).to_string();
        let patch: Everything = from_json(&text).unwrap();
        assert_eq!(patch.flag, Some(true));
    }
    let with_mark: Everything = from_json("\u{feff}{\"flag\":true}").unwrap();
    assert_eq!(with_mark.flag, Some(true));
}

#[test]
fn a_union_is_read_by_its_type() {
    let text = r##"{"@odata.type":"microsoft.graph.groupTarget","groupId":"g","fallback":{"@odata.type":"#graph.allTarget"}}"##;
    let any = any_from_json::<AnyTarget>(text).unwrap();
    let expected = GroupTarget {
        group_id: Some("g".into()),
        fallback: Some(AllTarget::default().into()),
    };
    assert_eq!(any, AnyOf::new(expected.clone()));
    assert_eq!(
        String::from_utf8(update_target("1", &any).body_json().unwrap().unwrap()).unwrap(),
        expected.to_json().unwrap()
    );

    // Without `@odata.type`, the value has the declared type, if that is not abstract.
    let declared = any_from_json::<AnyConcreteTarget>(r#"{"name":"n"}"#).unwrap();
    assert_eq!(declared.type_name(), "microsoft.graph.target");
    let nothing = any_from_json::<AnyTarget>(r#"{"groupId":"g"}"#).unwrap_err();
    assert!(matches!(
        nothing.problems()[0].finding,
        ReadFinding::MissingType(_)
    ));
    let number = any_from_json::<AnyTarget>("7").unwrap_err();
    assert_eq!(told(&number), ["expected an object, found the number 7"]);

    // A response may have a type that this build does not have. The value is kept, and sent as it was read.
    let read = msgraph_runtime::json::read::<Everything>(&json!({
        "target": { "@odata.type": "#microsoft.graph.targetOfTomorrow" },
        "targets": [{ "@odata.type": "#microsoft.graph.allTarget", "new": 1 }],
    }));
    let target = read.value.target.get().unwrap();
    assert_eq!(target.type_name(), "microsoft.graph.targetOfTomorrow");
    assert_eq!(target.downcast_ref::<AllTarget>(), None);
    assert_eq!(
        target.to_json().unwrap(),
        r##"{"@odata.type":"#microsoft.graph.targetOfTomorrow"}"##
    );
    assert_eq!(read.value.targets, Some(vec![AnyOf::new(AllTarget {})]));
    assert_eq!(
        read.notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [
            "/target/@odata.type: unexpected type \"microsoft.graph.targetOfTomorrow\"",
            "/targets/0/new: unknown property",
        ]
    );
}

#[test]
fn a_nullable_union_takes_each_of_its_types() {
    fn target(
        value: impl __rt::IntoProperty<AnyOf<AnyTarget>>,
    ) -> Option<Nullable<AnyOf<AnyTarget>>> {
        value.into_property()
    }
    let any: AnyOf<AnyTarget> = AnyOf::new(AllTarget::default());
    for same in [
        target(AllTarget::default()),
        target(any.clone()),
        target(null_if_none(Some(any.clone()))),
        target(Nullable::Value(any)),
    ] {
        assert_eq!(same, Some(Nullable::Value(AnyOf::new(AllTarget {}))));
    }
    assert_eq!(target(Nullable::Null), Some(Nullable::Null));
}

#[test]
fn the_body_of_a_put_is_a_collection() {
    let body = CollectionBody::from([GroupTarget {
        group_id: Some("g".into()),
        fallback: None,
    }]);
    let text = r##"{"value":[{"@odata.type":"#microsoft.graph.groupTarget","groupId":"g"}]}"##;
    assert_eq!(body.to_json().unwrap(), text);
    assert_eq!(
        from_json::<CollectionBody<GroupTarget>>(text).unwrap(),
        body
    );
    let any: CollectionBody<AnyOf<AnyTarget>> = from_json(text).unwrap();
    assert_eq!(any.to_json().unwrap(), text);
    assert_eq!(any.type_name(), "Collection(Edm.ComplexType)");
    let typed = r##"{"@odata.type":"#Collection(microsoft.graph.groupTarget)","value":[]}"##;
    let empty: CollectionBody<GroupTarget> = from_json(typed).unwrap();
    assert_eq!(empty.to_json().unwrap(), r#"{"value":[]}"#);

    let request = Request::put("v1.0", "/things/{id}/targets", &[&"1"], &body);
    assert_eq!(request.body_json().unwrap().unwrap(), text.as_bytes());
    let current: Untyped = serde_json::from_str(text).unwrap();
    assert!(diff(&current, &body).unwrap().is_empty());
    let error = from_json::<CollectionBody<GroupTarget>>(r#"{"value":[{"groupId":1}]}"#);
    assert_eq!(
        told(&error.unwrap_err()),
        ["/value/0/groupId: expected a string, found the number 1"]
    );
}

#[test]
fn annotations_that_describe_a_response_are_ignored() {
    let text = r##"{"@odata.context":"c","@odata.etag":"e","@odata.id":"i","text@odata.type":"#String","text":"a","parent@odata.context":"p","parent":{"@odata.etag":"e"},"manager@odata.navigationLink":"n"}"##;
    let patch: Everything = from_json(text).unwrap();
    assert_eq!(
        patch.to_json().unwrap(),
        r##"{"@odata.type":"#microsoft.graph.everything","text":"a","parent":{"@odata.type":"#microsoft.graph.everything"}}"##
    );
}

#[test]
fn every_digit_of_a_decimal_is_read() {
    let text = r#"{"text":"1.2345678901234567890 \" 5\\","decimal":0.1234567890123456789012345678,"decimals":[79228162514264337593543950335,null,-1.5,12345678901234567890.5],"double":1.2345678901234567890}"#;
    let patch: Everything = from_json(text).unwrap();
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(
        patch.decimal,
        Some(decimal("0.1234567890123456789012345678").into())
    );
    assert_eq!(
        patch.decimals.as_ref().unwrap()[..],
        [
            decimal("79228162514264337593543950335").into(),
            Nullable::Null,
            decimal("-1.5").into(),
            decimal("12345678901234567890.5").into(),
        ]
    );
    assert!(patch.to_json().unwrap().contains(
        r#""decimals":[79228162514264337593543950335,null,-1.5,12345678901234567890.5]"#
    ));
}

// Documented updates of five kinds.

emitted! { CountryNamedLocation, "microsoft.graph.countryNamedLocation", typed; is AnyNamedLocation;
    "displayName" display_name: String,
    "countriesAndRegions" countries_and_regions: Vec<String>,
    "includeUnknownCountriesAndRegions" include_unknown: bool,
}
#[derive(Clone, Copy, Debug, PartialEq)]
enum AnyNamedLocation {}
__rt::union! {
    AnyNamedLocation;
    "microsoft.graph.countryNamedLocation" CountryNamedLocation;
}

emitted! { AndroidLobAppPatch, "microsoft.graph.androidLobApp", typed;
    "displayName" display_name: Nullable<String>,
    "largeIcon" large_icon: Nullable<MimeContent>,
    "isFeatured" is_featured: bool,
    "size" size: i64,
    "minimumSupportedOperatingSystem" minimum: Nullable<AndroidMinimumOperatingSystem>,
}
emitted! { MimeContent, "microsoft.graph.mimeContent"; "type" type_: Nullable<String>, "value" value: Nullable<Binary> }
emitted! { AndroidMinimumOperatingSystem, "microsoft.graph.androidMinimumOperatingSystem"; "v4_0" v4_0: bool, "v10_0" v10_0: bool }

emitted! { WindowsUpdatePatch, "microsoft.graph.windowsUpdateForBusinessConfiguration", typed;
    "version" version: i32,
    "installationSchedule" installation_schedule: Nullable<AnyOf<AnyInstallSchedule>>,
    "qualityUpdatesPauseExpiryDateTime" pause_expiry: DateTimeOffset,
}
emitted! { ScheduledInstall, "microsoft.graph.windowsUpdateScheduledInstall", typed; is AnyInstallSchedule;
    "scheduledInstallTime" scheduled_install_time: TimeOfDay,
}
#[derive(Clone, Copy, Debug, PartialEq)]
enum AnyInstallSchedule {}
__rt::union! {
    AnyInstallSchedule;
    "microsoft.graph.windowsUpdateScheduledInstall" ScheduledInstall;
}

emitted! { CustomSecurityAttributeValue, "microsoft.graph.customSecurityAttributeValue"; open dynamic_properties; }

#[test]
fn documented_bodies_are_read() {
    let location: AnyOf<AnyNamedLocation> = from_json(
        r##"{"@odata.type":"#microsoft.graph.countryNamedLocation","displayName":"Updated named location without unknown countries and regions","countriesAndRegions":["CA","IN"],"includeUnknownCountriesAndRegions":false}"##,
    )
    .unwrap();
    assert_eq!(location.type_name(), "microsoft.graph.countryNamedLocation");
    let app: AndroidLobAppPatch = from_json(
        r##"{"@odata.type":"#microsoft.graph.androidLobApp","displayName":"Display Name value","largeIcon":{"@odata.type":"microsoft.graph.mimeContent","type":"Type value","value":"dmFsdWU="},"isFeatured":true,"size":4,"minimumSupportedOperatingSystem":{"@odata.type":"microsoft.graph.androidMinimumOperatingSystem","v4_0":true,"v10_0":true}}"##,
    )
    .unwrap();
    assert_eq!(app.size, Some(4));
    let update: WindowsUpdatePatch = from_json(
        r##"{"@odata.type":"#microsoft.graph.windowsUpdateForBusinessConfiguration","version":7,"installationSchedule":{"@odata.type":"microsoft.graph.windowsUpdateScheduledInstall","scheduledInstallTime":"11:59:31.3170000"},"qualityUpdatesPauseExpiryDateTime":"2017-01-01T00:00:22.9594683-08:00"}"##,
    )
    .unwrap();
    assert_eq!(
        update.to_json().unwrap(),
        r##"{"@odata.type":"#microsoft.graph.windowsUpdateForBusinessConfiguration","version":7,"installationSchedule":{"@odata.type":"#microsoft.graph.windowsUpdateScheduledInstall","scheduledInstallTime":"11:59:31.3170000"},"qualityUpdatesPauseExpiryDateTime":"2017-01-01T00:00:22.9594683-08:00"}"##
    );
    let attributes = r##"{"Engineering":{"@odata.type":"#Microsoft.DirectoryServices.CustomSecurityAttributeValue","Project@odata.type":"#Collection(String)","Project":["Baker"]},"Level@odata.type":"#Int32","Level":5}"##;
    let value: CustomSecurityAttributeValue = from_json(attributes).unwrap();
    assert_eq!(
        value.to_value().unwrap(),
        serde_json::from_str::<Value>(attributes).unwrap()
    );
}

#[test]
fn a_documented_body_with_a_typo_is_rejected() {
    let body = json!({
        "@odata.type": "#microsoft.graph.androidLobApp",
        "displayName": "Display Name value",
        "largeIcon": { "@odata.type": "microsoft.graph.mimeContent", "value": "dmFsdWU=" },
        "isFeatured": true,
        "size": 4,
    });
    let pointers = [
        "/displayName",
        "/largeIcon",
        "/largeIcon/value",
        "/isFeatured",
        "/size",
    ];
    for pointer in pointers {
        let mut renamed = body.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let object = renamed
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        let value = object.remove(name).unwrap();
        object.insert(format!("{name}X"), value);
        let mut retyped = body.clone();
        *retyped.pointer_mut(pointer).unwrap() = json!([[]]);
        for (wrong, place) in [
            (renamed, format!("{pointer}X")),
            (retyped, pointer.to_owned()),
        ] {
            let error = from_value::<AndroidLobAppPatch>(&wrong).unwrap_err();
            assert_eq!(error.problems()[0].pointer, place);
            assert_eq!(error.problems().len(), 1, "{error}");
        }
    }
    for pointer in ["/@odata.type", "/largeIcon/@odata.type"] {
        let mut other = body.clone();
        *other.pointer_mut(pointer).unwrap() = json!("#microsoft.graph.user");
        let error = from_value::<AndroidLobAppPatch>(&other).unwrap_err();
        assert_eq!(error.problems()[0].pointer, pointer);
    }
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z@.]{0,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn or_null<T>(value: Option<T>) -> Nullable<T> {
    value.map_or(Nullable::Null, Nullable::Value)
}

fn nullable<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<Nullable<T>>> {
    proptest::option::of(proptest::option::of(value).prop_map(or_null))
}

fn decimals() -> impl Strategy<Value = Decimal> {
    (any::<i128>(), 0_u32..=28).prop_map(|(mantissa, scale)| {
        Decimal::from_i128_with_scale(mantissa % 79_228_162_514_264_337_593_543_950_336, scale)
    })
}

fn doubles() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("NaN is no value's equal", |number| !number.is_nan())
}

fn kinds() -> impl Strategy<Value = TargetType> {
    prop_oneof![
        Just(TargetType::User),
        Just(TargetType::Group),
        Just(TargetType::Device)
    ]
}

fn targets() -> impl Strategy<Value = AnyOf<AnyTarget>> {
    let group = |fallback: BoxedStrategy<Option<Nullable<AnyOf<AnyTarget>>>>| {
        (proptest::option::of(any::<String>()), fallback)
            .prop_map(|(group_id, fallback)| AnyOf::new(GroupTarget { group_id, fallback }))
    };
    prop_oneof![
        Just(AnyOf::new(AllTarget {})),
        group(Just(None).boxed()),
        group(nullable(group(Just(None).boxed())).boxed()),
    ]
}

fn flat() -> BoxedStrategy<Everything> {
    let numbers = (
        proptest::option::of(any::<u8>()),
        proptest::option::of(any::<i8>()),
        proptest::option::of(any::<i16>()),
        nullable(any::<i32>()),
        proptest::option::of(any::<i64>()),
        proptest::option::of(any::<f32>().prop_filter("as above", |number| !number.is_nan())),
        nullable(doubles()),
        nullable(decimals()),
    );
    let texts = (
        nullable(any::<String>()),
        proptest::option::of(any::<u128>().prop_map(|value| Guid::from(Uuid::from_u128(value)))),
        proptest::option::of("[0-9]{4}-0[1-9]-[01][1-9]".prop_map(|text| text.parse().unwrap())),
        nullable("20[0-9]{2}-0[1-9]-1[0-9]T1[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,12})?(Z|[+-]0[0-9]:30)"
            .prop_map(|text| text.parse().unwrap())),
        proptest::option::of("1[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,12})?".prop_map(|text| text.parse().unwrap())),
        proptest::option::of("-?P[0-9]{1,3}DT[0-9]{1,3}M".prop_map(|text| text.parse().unwrap())),
        nullable(any::<Vec<u8>>().prop_map(Binary::from)),
    );
    let named = (
        nullable(kinds()),
        proptest::option::of(
            proptest::collection::vec(kinds(), 1..4)
                .prop_map(|kinds| kinds.into_iter().collect::<Flags<_>>()),
        ),
        nullable("[a-z/:{}.]{1,9}".prop_map(|text| text.parse::<Reference>().unwrap())),
        proptest::option::of(proptest::collection::vec(
            "[a-z]{1,3}".prop_map(|text| text.parse::<Reference>().unwrap()),
            0..3,
        )),
        nullable(targets()),
        proptest::option::of(proptest::collection::vec(targets(), 0..3)),
    );
    let lists = (
        nullable(json_values().prop_filter("null is the other one", |json| !json.is_null())),
        proptest::option::of(proptest::collection::vec(json_values(), 0..3)),
        proptest::option::of(proptest::collection::vec(
            proptest::option::of(any::<String>()).prop_map(or_null),
            0..3,
        )),
        proptest::option::of(proptest::collection::vec(doubles(), 0..3)),
        proptest::option::of(proptest::collection::vec(
            proptest::option::of(decimals()).prop_map(or_null),
            0..3,
        )),
        proptest::collection::btree_map("[a-hj-z]{1,4}(@odata\\.type)?", any::<String>(), 0..3),
    );
    let (numbers, texts) = (numbers.boxed(), texts.boxed());
    let (named, lists) = (named.boxed(), lists.boxed());
    (any::<bool>(), numbers, texts, named, lists)
        .prop_map(|(flag, numbers, texts, named, lists)| {
            let mut dynamic_properties = DynamicProperties::new();
            for (name, value) in lists.5 {
                dynamic_properties.insert(name, value).unwrap();
            }
            Everything {
                flag: Some(flag),
                byte: numbers.0,
                sbyte: numbers.1,
                int16: numbers.2,
                int32: numbers.3,
                int64: numbers.4,
                single: numbers.5,
                double: numbers.6,
                decimal: numbers.7,
                text: texts.0,
                guid: texts.1,
                guids: texts.1.map(|guid| vec![guid, guid]),
                date: texts.2,
                instant: texts.3,
                time: texts.4,
                lapse: texts.5,
                bytes: texts.6,
                kind_list: named
                    .1
                    .as_ref()
                    .map(|kinds| kinds.iter().cloned().collect()),
                kind: named.0,
                kinds: named.1,
                manager: named.2,
                members: named.3,
                target: named.4,
                targets: named.5,
                json: lists.0,
                jsons: lists.1,
                texts: lists.2,
                doubles: lists.3,
                decimals: lists.4,
                extras: Some(vec![Extras {
                    id: None,
                    dynamic_properties,
                }]),
                parent: None,
                twin: None,
            }
        })
        .boxed()
}

proptest! {
    /// What is written can be read, and is equal.
    #[test]
    fn what_is_written_is_read(whole in flat(), parent in nullable(flat()), twin in proptest::option::of(flat())) {
        let patch = Everything {
            parent: match parent {
                Some(Nullable::Value(parent)) => Some(parent.into()),
                Some(Nullable::Null) => Some(Nullable::Null),
                None => None,
            },
            twin: twin.map(Box::new),
            ..whole
        };
        let text = patch.to_json().unwrap();
        let read: Everything = from_json(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(&read, &patch);
    }

    /// Strict reading ends for any input, and tolerant reading accepts everything that it accepts.
    #[test]
    fn no_text_makes_strict_reading_panic(text in any::<String>(), json in json_values()) {
        let _ = from_json::<Everything>(&text).map_err(|error| error.to_string());
        let json = json!({ "text": json, "parent": { "json": json }, "extras": [json] });
        for text in [json.to_string(), json!({ "extras": [json] }).to_string()] {
            if let Ok(strict) = from_json::<Everything>(&text) {
                let tolerant = msgraph_runtime::json::read::<Everything>(&serde_json::from_str(&text).unwrap());
                prop_assert_eq!(tolerant.notes, vec![]);
                prop_assert_eq!(tolerant.value, strict);
            }
        }
    }
}
