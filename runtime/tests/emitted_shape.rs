//! A hand-written patch like those that the generator emits: tests what the runtime guarantees to emitted code.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

use msgraph_runtime::edm::{AnyOf, Flags, Uuid};
use msgraph_runtime::error::{BodyProblem, RequestError};
use msgraph_runtime::json::Structured;
use msgraph_runtime::sans_io::DryRun;
use msgraph_runtime::sans_io::http::HeaderValue;
use msgraph_runtime::{Get, Null, Nullable, Request, null_if_none, unchanged_if_none};

use ::msgraph_runtime::__private as __rt;
__rt::emitted_by!(1);

/// Update of `microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration`.
#[must_use]
pub struct TemporaryAccessPassPatch {
    pub exclude_targets: __rt::Option<__rt::Vec<ExcludeTarget>>,
    pub state: __rt::Option<__rt::Nullable<AuthenticationMethodState>>,
    pub default_length: __rt::Option<__rt::Nullable<i32>>,
    pub is_usable_once: __rt::Option<__rt::Nullable<bool>>,
    pub include_targets: __rt::Option<__rt::Vec<AuthenticationMethodTarget>>,
    pub passcode: __rt::Option<__rt::Nullable<__rt::String>>,
}
impl TemporaryAccessPassPatch {
    pub fn with_exclude_targets(mut self, value: impl __rt::IntoItems<ExcludeTarget>) -> Self {
        self.exclude_targets = value.into_items();
        self
    }
    pub fn with_state(mut self, value: impl __rt::IntoProperty<AuthenticationMethodState>) -> Self {
        self.state = value.into_property();
        self
    }
    pub fn with_default_length(mut self, value: impl __rt::IntoProperty<i32>) -> Self {
        self.default_length = value.into_property();
        self
    }
    pub fn with_is_usable_once(mut self, value: impl __rt::IntoProperty<bool>) -> Self {
        self.is_usable_once = value.into_property();
        self
    }
    pub fn with_include_targets(
        mut self,
        value: impl __rt::IntoItems<AuthenticationMethodTarget>,
    ) -> Self {
        self.include_targets = value.into_items();
        self
    }
    pub fn with_passcode(mut self, value: impl __rt::IntoProperty<__rt::String>) -> Self {
        self.passcode = value.into_property();
        self
    }
}
__rt::body! {
    TemporaryAccessPassPatch: "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration", typed;
    is AnyDeviceConfiguration;
    "excludeTargets" exclude_targets;
    "state" state;
    "defaultLength" default_length;
    "isUsableOnce" is_usable_once;
    "includeTargets" include_targets;
    "passcode" passcode: secret;
}

/// `microsoft.graph.authenticationMethodState`, with an additional member after the sentinel.
#[derive(Clone)]
#[non_exhaustive]
pub enum AuthenticationMethodState {
    Enabled,
    Disabled,
    Supervised,
    UnknownValue(__rt::UnknownMember),
}
__rt::enumeration! {
    AuthenticationMethodState: "microsoft.graph.authenticationMethodState";
    "enabled" Enabled;
    "disabled" Disabled;
    evolved;
    "supervised" Supervised;
}

#[must_use]
pub struct ExcludeTarget {
    pub id: __rt::Option<__rt::String>,
    pub created: __rt::Option<__rt::Nullable<__rt::DateTimeOffset>>,
}
__rt::model! {
    ExcludeTarget: "microsoft.graph.excludeTarget";
    "id" id [ID];
    "created" created [CREATED]: read_only;
}

/// Recursive, open, and with one field of every kind of value.
#[must_use]
pub struct AuthenticationMethodTarget {
    pub name: __rt::Option<__rt::Nullable<__rt::String>>,
    pub parent: __rt::Option<__rt::Nullable<__rt::Box<AuthenticationMethodTarget>>>,
    pub days: __rt::Option<__rt::Flags<AuthenticationMethodState>>,
    pub any: __rt::Option<__rt::Vec<__rt::AnyOf<AnyDeviceConfiguration>>>,
    pub small: __rt::Option<i16>,
    pub large: __rt::Option<__rt::Nullable<i64>>,
    pub single: __rt::Option<f32>,
    pub double: __rt::Option<__rt::Nullable<f64>>,
    pub byte: __rt::Option<u8>,
    pub guid: __rt::Option<__rt::Nullable<__rt::Guid>>,
    pub decimal: __rt::Option<__rt::Decimal>,
    pub bytes: __rt::Option<__rt::Binary>,
    pub untyped: __rt::Option<__rt::Untyped>,
    pub when: __rt::Option<__rt::Nullable<__rt::DateTimeOffset>>,
    pub date: __rt::Option<__rt::Nullable<__rt::Date>>,
    pub time: __rt::Option<__rt::Nullable<__rt::TimeOfDay>>,
    pub length: __rt::Option<__rt::Nullable<__rt::Duration>>,
    pub names: __rt::Option<__rt::Vec<__rt::String>>,
    pub manager: __rt::Option<__rt::Reference>,
    pub dynamic_properties: __rt::DynamicProperties,
}
impl AuthenticationMethodTarget {
    pub fn with_name(mut self, value: impl __rt::IntoProperty<__rt::String>) -> Self {
        self.name = value.into_property();
        self
    }
    pub fn with_parent(
        mut self,
        value: impl __rt::IntoProperty<__rt::Box<AuthenticationMethodTarget>>,
    ) -> Self {
        self.parent = value.into_property();
        self
    }
    pub fn with_days(
        mut self,
        value: impl __rt::IntoValue<__rt::Flags<AuthenticationMethodState>>,
    ) -> Self {
        self.days = value.into_value();
        self
    }
    pub fn with_any(
        mut self,
        value: impl __rt::IntoItems<__rt::AnyOf<AnyDeviceConfiguration>>,
    ) -> Self {
        self.any = value.into_items();
        self
    }
    pub fn with_small(mut self, value: impl __rt::IntoValue<i16>) -> Self {
        self.small = value.into_value();
        self
    }
    pub fn with_large(mut self, value: impl __rt::IntoProperty<i64>) -> Self {
        self.large = value.into_property();
        self
    }
    pub fn with_double(mut self, value: impl __rt::IntoProperty<f64>) -> Self {
        self.double = value.into_property();
        self
    }
    pub fn with_guid(mut self, value: impl __rt::IntoProperty<__rt::Guid>) -> Self {
        self.guid = value.into_property();
        self
    }
    pub fn with_decimal(mut self, value: impl __rt::IntoValue<__rt::Decimal>) -> Self {
        self.decimal = value.into_value();
        self
    }
    pub fn with_bytes(mut self, value: impl __rt::IntoValue<__rt::Binary>) -> Self {
        self.bytes = value.into_value();
        self
    }
    pub fn with_untyped(mut self, value: impl __rt::IntoValue<__rt::Untyped>) -> Self {
        self.untyped = value.into_value();
        self
    }
    pub fn with_when(mut self, value: impl __rt::IntoProperty<__rt::DateTimeOffset>) -> Self {
        self.when = value.into_property();
        self
    }
    pub fn with_date(mut self, value: impl __rt::IntoProperty<__rt::Date>) -> Self {
        self.date = value.into_property();
        self
    }
    pub fn with_time(mut self, value: impl __rt::IntoProperty<__rt::TimeOfDay>) -> Self {
        self.time = value.into_property();
        self
    }
    pub fn with_length(mut self, value: impl __rt::IntoProperty<__rt::Duration>) -> Self {
        self.length = value.into_property();
        self
    }
    pub fn with_names(mut self, value: impl __rt::IntoItems<__rt::String>) -> Self {
        self.names = value.into_items();
        self
    }
    pub fn with_manager(mut self, value: impl __rt::IntoValue<__rt::Reference>) -> Self {
        self.manager = value.into_value();
        self
    }
}
__rt::body! {
    AuthenticationMethodTarget: "microsoft.graph.authenticationMethodTarget";
    "name" name;
    "parent" parent;
    "days" days;
    "any" any;
    "small" small;
    "large" large;
    "single" single;
    "double" double;
    "byte" byte;
    "guid" guid;
    "decimal" decimal;
    "bytes" bytes;
    "untyped" untyped;
    "when" when;
    "date" date;
    "time" time;
    "length" length;
    "names" names;
    "manager@odata.bind" manager;
    ..dynamic_properties;
}

/// Any type that derives from `microsoft.graph.deviceConfiguration`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AnyDeviceConfiguration {}

/// PATCH
pub fn update_temporary_access_pass(patch: &TemporaryAccessPassPatch) -> __rt::Request<'_> {
    __rt::patch(
        "v1.0",
        "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass",
        &[],
        patch,
    )
    .permissions(&["Policy.ReadWrite.AuthenticationMethod"])
    .roles(&["Authentication Policy Administrator"])
}
pub fn update<'a>(
    user_id: &str,
    configuration_id: __rt::Uuid,
    patch: &'a TemporaryAccessPassPatch,
) -> __rt::Request<'a> {
    __rt::patch(
        "v1.0",
        "/users/{id}/configurations/{id1}",
        &[&user_id, &configuration_id],
        patch,
    )
}
pub fn update_any<'a>(
    id: &str,
    patch: &'a impl __rt::DerivesFrom<AnyDeviceConfiguration>,
) -> __rt::Request<'a> {
    __rt::patch("v1.0", "/things/{id}", &[&id], patch)
}

const TAP: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

#[test]
fn documented_update_has_the_documented_body() {
    let by_field = TemporaryAccessPassPatch {
        is_usable_once: Some(true.into()),
        ..Default::default()
    };
    let by_setter = TemporaryAccessPassPatch::new().with_is_usable_once(true);
    assert_eq!(by_field, by_setter);
    assert_eq!(
        by_field.to_json().unwrap(),
        format!(r#"{{"@odata.type":"{TAP}","isUsableOnce":true}}"#)
    );
}

#[test]
fn three_states_and_order() {
    let patch = TemporaryAccessPassPatch::new()
        .with_default_length(Null)
        .with_state(AuthenticationMethodState::Enabled)
        .with_exclude_targets([
            ExcludeTarget {
                id: Some("a\"b".into()),
                ..Default::default()
            },
            ExcludeTarget::default(),
        ]);
    assert_eq!(
        patch.to_json().unwrap(),
        format!(
            r#"{{"@odata.type":"{TAP}","excludeTargets":[{{"id":"a\"b"}},{{}}],"state":"enabled","defaultLength":null}}"#
        )
    );
    assert_eq!(
        patch.set_fields(),
        ["excludeTargets", "state", "defaultLength"]
    );
    assert!(!patch.is_empty());
    assert!(TemporaryAccessPassPatch::new().is_empty());
    assert_eq!(patch.to_value().unwrap()["excludeTargets"][0]["id"], "a\"b");
}

#[test]
fn every_kind_of_value() {
    let mut target = AuthenticationMethodTarget::default()
        .with_name("n")
        .with_parent(AuthenticationMethodTarget::default().with_name(Null))
        .with_large(5)
        .with_double(1.5);
    target.days = Some(
        [
            AuthenticationMethodState::Enabled,
            AuthenticationMethodState::Disabled,
        ]
        .into(),
    );
    target.any = Some(vec![
        TemporaryAccessPassPatch::new()
            .with_is_usable_once(false)
            .into(),
    ]);
    target.small = Some(-2);
    target.single = Some(0.1);
    target.byte = Some(255);
    target.guid = Some(
        "6F9619FF-8B86-D011-B42D-00CF4FC964FF"
            .parse::<Uuid>()
            .unwrap()
            .into(),
    );
    target.decimal = Some("79228162514264337593543950335".parse().unwrap());
    target.bytes = Some(vec![0xfb, 0xff].into());
    target.untyped = Some(serde_json::json!({"a": [1, null]}));
    target.when = Some(
        "2016-12-31T23:58:36.6670033-08:00"
            .parse::<msgraph_runtime::edm::DateTimeOffset>()
            .unwrap()
            .into(),
    );
    target.manager = Some(msgraph_runtime::edm::Reference::to(
        "/users/{id}",
        &[&"a b"],
    ));
    target.dynamic_properties = [("extension_x", 1)].try_into().unwrap();
    assert_eq!(
        target.to_json().unwrap(),
        format!(
            concat!(
                r#"{{"name":"n","parent":{{"name":null}},"days":"enabled,disabled","#,
                r#""any":[{{"@odata.type":"{}","isUsableOnce":false}}],"small":-2,"large":5,"single":0.1,"double":1.5,"#,
                r#""byte":255,"guid":"6f9619ff-8b86-d011-b42d-00cf4fc964ff","#,
                r#""decimal":79228162514264337593543950335,"bytes":"+/8=","untyped":{{"a":[1,null]}},"#,
                r#""when":"2016-12-31T23:58:36.6670033-08:00","manager@odata.bind":"users/a%20b","extension_x":1}}"#
            ),
            TAP
        )
    );
    for (value, text) in [
        (f64::INFINITY, "\"INF\""),
        (f64::NEG_INFINITY, "\"-INF\""),
        (f64::NAN, "\"NaN\""),
    ] {
        let json = AuthenticationMethodTarget::default()
            .with_double(value)
            .to_json()
            .unwrap();
        assert_eq!(json, format!(r#"{{"double":{text}}}"#));
    }
}

#[test]
fn values_that_cannot_be_sent_have_a_path() {
    let mut outer = TemporaryAccessPassPatch::new();
    let broken = AuthenticationMethodTarget {
        days: Some(Flags::default()),
        ..Default::default()
    };
    outer.include_targets = Some(vec![
        AuthenticationMethodTarget::default(),
        AuthenticationMethodTarget::default().with_parent(broken),
    ]);
    let error = outer.to_json().unwrap_err();
    assert_eq!(
        (error.path(), error.problem()),
        ("includeTargets[1].parent.days", &BodyProblem::EmptyFlags)
    );

    let sentinel = AuthenticationMethodState::from_wire("unknownFutureValue");
    let error = TemporaryAccessPassPatch::new()
        .with_state(sentinel)
        .to_json()
        .unwrap_err();
    assert_eq!(error.to_string().split(':').next(), Some("state"));
    assert_eq!(error.problem(), &BodyProblem::SentinelMember);

    let mut twice = AuthenticationMethodTarget::default().with_name("n");
    twice.dynamic_properties = [("name", "m")].try_into().unwrap();
    assert_eq!(
        twice.to_json().unwrap_err().problem(),
        &BodyProblem::DuplicateProperty("name".into())
    );
}

#[test]
fn deep_nesting_is_an_error_and_not_an_overflow() {
    let mut nested = AuthenticationMethodTarget::default();
    for _ in 0..1000 {
        nested = AuthenticationMethodTarget::default().with_parent(nested);
    }
    assert_eq!(
        nested.to_json().unwrap_err().problem(),
        &BodyProblem::TooDeep
    );

    let mut untyped = serde_json::json!(1);
    for _ in 0..126 {
        untyped = serde_json::json!([untyped]);
    }
    let patch = |value: &serde_json::Value| AuthenticationMethodTarget {
        untyped: Some(value.clone()),
        ..Default::default()
    };
    patch(&untyped)
        .to_value()
        .expect("127 levels, the object included, are read back");
    let deeper = serde_json::json!([untyped]);
    assert_eq!(
        patch(&deeper).to_json().unwrap_err().problem(),
        &BodyProblem::TooDeep
    );
}

#[test]
fn members_after_the_sentinel_and_unknown_ones_require_a_header() {
    let prefer = |state: AuthenticationMethodState| {
        let patch = TemporaryAccessPassPatch::new().with_state(state);
        let headers = update_temporary_access_pass(&patch).headers().unwrap();
        headers.get("prefer").cloned()
    };
    assert_eq!(prefer(AuthenticationMethodState::Disabled), None);
    assert_eq!(
        prefer(AuthenticationMethodState::from_wire("Disabled")),
        None
    );
    let wanted = Some(HeaderValue::from_static("include-unknown-enum-members"));
    assert_eq!(prefer(AuthenticationMethodState::Supervised), wanted);
    assert_eq!(
        prefer(AuthenticationMethodState::from_wire("newer")),
        wanted
    );
}

#[test]
fn enumerations_keep_unknown_members() {
    let state = AuthenticationMethodState::from_wire("Enabled");
    assert_eq!(state.as_str(), "Enabled", "names are compared exactly");
    assert!(matches!(state, AuthenticationMethodState::UnknownValue(_)));
    assert_eq!(format!("{state:?}"), r#"UnknownValue("Enabled")"#);
    assert_eq!(AuthenticationMethodState::Supervised.as_str(), "supervised");
    let flags = Flags::<AuthenticationMethodState>::from_wire("disabled, newer,disabled");
    assert_eq!(flags.to_string(), "disabled,newer");
    assert!(
        (flags | AuthenticationMethodState::Enabled).contains(&AuthenticationMethodState::Enabled)
    );
}

#[test]
fn parsing_a_member_is_strict() {
    let parse = |name: &str| name.parse::<AuthenticationMethodState>();
    assert_eq!(
        parse("supervised"),
        Ok(AuthenticationMethodState::Supervised)
    );
    for (name, error) in [
        (
            "enabeld",
            "\"enabeld\" is not a member of microsoft.graph.authenticationMethodState; did you mean `enabled`?",
        ),
        (
            "unknownFutureValue",
            "`unknownFutureValue` of microsoft.graph.authenticationMethodState cannot be sent; expected one of \
             `enabled`, `disabled`, `supervised`",
        ),
    ] {
        assert_eq!(parse(name).unwrap_err().to_string(), error);
    }
}

#[test]
fn setters_accept_what_a_property_can_be_made_from() {
    let owned = "owned".to_owned();
    let at: jiff::Timestamp = "2024-02-29T12:00:00Z".parse().unwrap();
    let target = AuthenticationMethodTarget::new()
        .with_name(&owned)
        .with_parent(AuthenticationMethodTarget::new().with_name(owned.clone()))
        .with_days(AuthenticationMethodState::Enabled)
        .with_any([TemporaryAccessPassPatch::new()
            .with_is_usable_once(true)
            .into()])
        .with_small(3)
        .with_large(null_if_none(Some(4)))
        .with_double(null_if_none(None::<f64>))
        .with_guid(unchanged_if_none(None::<Uuid>))
        .with_decimal(5)
        .with_bytes([1, 2])
        .with_untyped(serde_json::json!([]))
        .with_when(at)
        .with_date(jiff::civil::date(2024, 2, 29))
        .with_time(jiff::civil::time(8, 30, 0, 0))
        .with_length(std::time::Duration::from_secs(90))
        .with_names(["a", "b"])
        .with_manager(unchanged_if_none(Some(
            msgraph_runtime::edm::Reference::to("/users/{id}", &[&"a"]),
        )));
    let json = target.to_json().unwrap();
    let days = target
        .clone()
        .with_days([
            AuthenticationMethodState::Enabled,
            AuthenticationMethodState::Disabled,
        ])
        .with_when(std::time::UNIX_EPOCH);
    assert!(
        days.to_json()
            .unwrap()
            .contains(r#""days":"enabled,disabled""#)
    );
    assert_eq!(
        days.when.get().map(ToString::to_string).as_deref(),
        Some("1970-01-01T00:00:00Z")
    );
    assert_eq!(
        json,
        format!(
            concat!(
                r#"{{"name":"owned","parent":{{"name":"owned"}},"days":"enabled","#,
                r#""any":[{{"@odata.type":"{}","isUsableOnce":true}}],"small":3,"large":4,"double":null,"#,
                r#""decimal":5,"bytes":"AQI=","untyped":[],"when":"2024-02-29T12:00:00Z","date":"2024-02-29","#,
                r#""time":"08:30:00","length":"PT1M30S","names":["a","b"],"manager@odata.bind":"users/a"}}"#
            ),
            TAP
        )
    );
}

#[test]
fn collections_are_arrays_vectors_or_slices() {
    let target = AuthenticationMethodTarget::new;
    let names = vec!["a".to_owned()];
    let one = target().with_names(["a"]);
    assert_eq!(one, target().with_names(&names));
    assert_eq!(one, target().with_names(names.as_slice()));
    assert_eq!(one, target().with_names(unchanged_if_none(Some(["a"]))));
    assert_eq!(
        target(),
        target().with_names(unchanged_if_none(None::<Vec<_>>))
    );
    assert_eq!(one, target().with_names(names));
    assert_eq!(target().with_names([]).names, Some(Vec::new()));
    assert_eq!(target().with_names(vec![]).names, Some(Vec::new()));
    let patch = TemporaryAccessPassPatch::new().with_exclude_targets([]);
    assert_eq!(patch.exclude_targets, Some(Vec::new()));
}

#[test]
fn a_property_of_another_value_is_copied_with_its_null() {
    let cleared = TemporaryAccessPassPatch::new().with_default_length(Null);
    let copy = TemporaryAccessPassPatch::new()
        .with_default_length(unchanged_if_none(cleared.default_length))
        .with_is_usable_once(unchanged_if_none(cleared.is_usable_once));
    assert_eq!(copy, cleared);
    assert_eq!(copy.default_length.get(), None);
    assert_eq!(copy.default_length, Some(Nullable::Null));
}

#[test]
fn read_only_properties_are_read_and_not_sent() {
    let resource = serde_json::json!({"id": "a", "created": "2024-02-29T12:00:00Z"});
    let read = msgraph_runtime::json::read::<ExcludeTarget>(&resource).value;
    let error = msgraph_runtime::json::from_value::<ExcludeTarget>(&resource).unwrap_err();
    assert_eq!(
        error.to_string(),
        "/created: not sent by this request: read-only"
    );
    assert!(read.created.get().is_some());
    assert_eq!(read.to_json().unwrap(), r#"{"id":"a"}"#);
    assert_eq!(read.set_fields(), ["id"]);
    let only_read = ExcludeTarget {
        id: None,
        ..read.clone()
    };
    assert!(only_read.is_empty());
    assert_eq!(ExcludeTarget::CREATED.as_str(), "created");

    let patch = TemporaryAccessPassPatch::new().with_exclude_targets([ExcludeTarget {
        id: Some("a".into()),
        created: None,
    }]);
    let current = serde_json::json!({
        "excludeTargets": [{"id": "a", "created": "2024-02-29T12:00:00Z"}]
    });
    let changes = msgraph_runtime::request::diff(&current, &patch).unwrap();
    assert!(changes.is_empty(), "{changes:?}");
}

#[test]
fn debug_shows_what_is_set_without_secrets() {
    let patch = TemporaryAccessPassPatch::new()
        .with_default_length(Null)
        .with_is_usable_once(true)
        .with_state(AuthenticationMethodState::Enabled)
        .with_exclude_targets([ExcludeTarget::new()])
        .with_passcode("hunter2");
    assert_eq!(
        format!("{patch:?}"),
        "TemporaryAccessPassPatch { excludeTargets: [ExcludeTarget], state: enabled, defaultLength: null, \
         isUsableOnce: true, passcode: *** }"
    );
    let changes = msgraph_runtime::request::diff(&serde_json::json!({}), &patch).unwrap();
    assert!(!format!("{changes:?}").contains("hunter2"));
}

#[test]
fn any_of_compares_by_type_and_properties() {
    let one: AnyOf<AnyDeviceConfiguration> = TemporaryAccessPassPatch::new()
        .with_default_length(9)
        .into();
    let same: AnyOf<AnyDeviceConfiguration> = TemporaryAccessPassPatch::new()
        .with_default_length(9)
        .into();
    let other: AnyOf<AnyDeviceConfiguration> = TemporaryAccessPassPatch::new().into();
    assert_eq!(one, same);
    assert_ne!(one, other);
    assert_eq!(one.clone(), one);
    assert!(format!("{one:?}").contains("defaultLength: 9"));
    // A member that cannot be sent, and a secret: the values have no JSON, and their `Debug` is the same.
    let unsent = |passcode: &str| -> AnyOf<AnyDeviceConfiguration> {
        TemporaryAccessPassPatch::new()
            .with_state(AuthenticationMethodState::from_wire("a,b"))
            .with_passcode(passcode)
            .into()
    };
    assert_eq!(unsent("a"), unsent("a"));
    assert_ne!(unsent("a"), unsent("b"));
}

#[test]
fn values_are_equal_if_every_property_is() {
    let target = || AuthenticationMethodTarget::new().with_name("a");
    assert_eq!(target(), target());
    assert_ne!(target(), AuthenticationMethodTarget::new());
    assert_ne!(target(), AuthenticationMethodTarget::new().with_name(Null));
    assert_ne!(target(), target().with_small(1));
    assert_eq!(
        target().with_parent(target()),
        target().with_parent(target())
    );
    assert_ne!(
        target().with_parent(target()),
        target().with_parent(target().with_name("b"))
    );
    assert_ne!(
        target().with_double(f64::NAN),
        target().with_double(f64::NAN)
    );
    let mut open = target();
    open.dynamic_properties = [("extension_x", 1)].try_into().unwrap();
    assert_eq!(open.clone(), open);
    assert_ne!(open, target());
    assert_ne!(target(), open);
    // Read-only properties are not sent, but they are part of the value.
    let read = ExcludeTarget {
        created: Some(Null),
        ..Default::default()
    };
    assert_ne!(read, ExcludeTarget::new());
}

#[test]
fn requests_are_values() {
    let patch = TemporaryAccessPassPatch::new().with_is_usable_once(true);
    let request = update_temporary_access_pass(&patch);
    assert_eq!(request.path().unwrap(), request.template());
    assert_eq!(
        request.known_permissions().delegated,
        ["Policy.ReadWrite.AuthenticationMethod"]
    );
    assert_eq!(
        request.body_json().unwrap().unwrap(),
        patch.to_json().unwrap().into_bytes()
    );

    let guid: Uuid = "6f9619ff-8b86-d011-b42d-00cf4fc964ff".parse().unwrap();
    assert_eq!(
        update("a/b@c.d", guid, &patch).path().unwrap(),
        "/users/a%2Fb@c.d/configurations/6f9619ff-8b86-d011-b42d-00cf4fc964ff"
    );
    assert_eq!(
        update("", guid, &patch).path(),
        Err(RequestError::EmptyKey {
            placeholder: "id".into()
        })
    );
    assert!(matches!(
        update_any("..", &patch).path(),
        Err(RequestError::DotKey { .. })
    ));
}

#[test]
fn a_dry_run_shows_the_whole_request_without_the_token() {
    let patch = TemporaryAccessPassPatch::new().with_is_usable_once(true);
    let request = update_temporary_access_pass(&patch)
        .returning(msgraph_runtime::request::Return::Representation)
        .if_match("W/\"1\"".parse().unwrap());
    let prepared = request.prepare(&msgraph_runtime::Cloud::UsGovL4.into());
    assert_eq!(
        DryRun::from(prepared.unwrap()).to_string(),
        format!(
            "PATCH https://graph.microsoft.us/v1.0/policies/authenticationMethodsPolicy/\
             authenticationMethodConfigurations/TemporaryAccessPass\n\
             authorization: Bearer ***\naccept: application/json\ncontent-type: application/json\nif-match: W/\"1\"\n\
             prefer: return=representation\n\n{{\"@odata.type\":\"{TAP}\",\"isUsableOnce\":true}}"
        )
    );
}

#[test]
fn invalid_requests_are_rejected() {
    let root = msgraph_runtime::request::Root::from(msgraph_runtime::Cloud::Global);
    let empty = TemporaryAccessPassPatch::new();
    let refused = update_temporary_access_pass(&empty)
        .prepare(&root)
        .unwrap_err();
    assert!(
        matches!(refused, RequestError::EmptyPatch { .. }),
        "{refused}"
    );

    let patch = TemporaryAccessPassPatch::new().with_is_usable_once(true);
    let refused = update_temporary_access_pass(&patch)
        .if_match_required()
        .prepare(&root)
        .unwrap_err();
    assert_eq!(refused, RequestError::MissingIfMatch);

    for (name, value) in [
        ("Authorization", "Bearer x"),
        ("host", "evil"),
        ("x", "a\r\nb: c"),
        ("a b", "c"),
        ("", "c"),
        ("x", "é"),
    ] {
        let refused = update_temporary_access_pass(&patch)
            .header(name, value)
            .prepare(&root)
            .unwrap_err();
        assert!(
            matches!(refused, RequestError::Header { .. }),
            "{name}: {refused}"
        );
    }
    let prepared = update_temporary_access_pass(&patch)
        .header("Prefer", "odata.continue-on-error")
        .returning(msgraph_runtime::request::Return::Minimal)
        .prepare(&root)
        .unwrap();
    assert_eq!(
        prepared.headers()["prefer"],
        "return=minimal, odata.continue-on-error"
    );
}

#[test]
fn reading_selects() {
    let patch = TemporaryAccessPassPatch::new()
        .with_is_usable_once(true)
        .with_default_length(8);
    let request = Request::get("v1.0", "/users/{id}", &[&"a"])
        .query("$select", &patch.set_fields().join(","))
        .query("$filter", "name eq 'a&b'");
    let prepared = request.prepare(&msgraph_runtime::Cloud::Global.into());
    assert_eq!(
        prepared.unwrap().uri(),
        "https://graph.microsoft.com/v1.0/users/a?$select=defaultLength,isUsableOnce&$filter=name%20eq%20%27a%26b%27"
    );
}
