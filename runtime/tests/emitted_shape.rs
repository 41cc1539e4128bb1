//! A hand-written patch like those that the generator emits: tests what the runtime guarantees to emitted code.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

use msgraph_runtime::sans_io::DryRun;
use msgraph_runtime::sans_io::http::HeaderValue;
use msgraph_runtime::{
    AnyOf, BodyProblem, DerivesFrom, DynamicProperties, Enumeration, Flags, Guid, Nullable, Open,
    Request, RequestError, Structured, Uuid,
};

/// Update of `microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TemporaryAccessPassPatch {
    pub exclude_targets: Option<Vec<ExcludeTarget>>,
    pub state:
        Option<::msgraph_runtime::Nullable<::msgraph_runtime::Open<AuthenticationMethodState>>>,
    pub default_length: Option<::msgraph_runtime::Nullable<i32>>,
    pub is_usable_once: Option<::msgraph_runtime::Nullable<bool>>,
    pub include_targets: Option<Vec<AuthenticationMethodTargetPatch>>,
}
impl TemporaryAccessPassPatch {
    /// An update that changes nothing yet.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }
    #[inline]
    pub fn exclude_targets(mut self, value: impl Into<Vec<ExcludeTarget>>) -> Self {
        self.exclude_targets = Some(value.into());
        self
    }
    #[inline]
    pub fn state(
        mut self,
        value: impl Into<
            ::msgraph_runtime::Nullable<::msgraph_runtime::Open<AuthenticationMethodState>>,
        >,
    ) -> Self {
        self.state = Some(value.into());
        self
    }
    #[inline]
    pub fn default_length(mut self, value: impl Into<::msgraph_runtime::Nullable<i32>>) -> Self {
        self.default_length = Some(value.into());
        self
    }
    #[inline]
    pub fn is_usable_once(mut self, value: impl Into<::msgraph_runtime::Nullable<bool>>) -> Self {
        self.is_usable_once = Some(value.into());
        self
    }
}
impl ::msgraph_runtime::Structured for TemporaryAccessPassPatch {
    #[inline]
    fn type_name(&self) -> &'static str {
        "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
    }
    #[inline]
    fn odata_type(&self) -> Option<&'static str> {
        Some("#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration")
    }
    #[inline]
    fn visit(
        &self,
        visitor: &mut dyn ::msgraph_runtime::FieldVisitor,
    ) -> ::msgraph_runtime::VisitResult {
        visitor.fields(&[
            ("excludeTargets", &self.exclude_targets),
            ("state", &self.state),
            ("defaultLength", &self.default_length),
            ("isUsableOnce", &self.is_usable_once),
            ("includeTargets", &self.include_targets),
        ])
    }
}

/// `microsoft.graph.authenticationMethodState`, with an additional member after the sentinel.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AuthenticationMethodState {
    Enabled,
    Disabled,
    Supervised,
}
impl ::msgraph_runtime::Enumeration for AuthenticationMethodState {
    const TYPE_NAME: &'static str = "microsoft.graph.authenticationMethodState";
    const MEMBERS: &'static [(&'static str, Self)] = &[
        ("enabled", Self::Enabled),
        ("disabled", Self::Disabled),
        ("supervised", Self::Supervised),
    ];
    const EVOLVED_FROM: usize = 2;
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExcludeTarget {
    pub id: Option<String>,
}
impl ::msgraph_runtime::Structured for ExcludeTarget {
    #[inline]
    fn type_name(&self) -> &'static str {
        "microsoft.graph.excludeTarget"
    }
    #[inline]
    fn visit(
        &self,
        visitor: &mut dyn ::msgraph_runtime::FieldVisitor,
    ) -> ::msgraph_runtime::VisitResult {
        visitor.fields(&[("id", &self.id)])
    }
}

/// Recursive, open, and with one field of every kind of value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuthenticationMethodTargetPatch {
    pub name: Option<Nullable<String>>,
    pub parent: Option<Nullable<Box<AuthenticationMethodTargetPatch>>>,
    pub days: Option<Flags<AuthenticationMethodState>>,
    pub any: Option<Vec<AnyOf<AnyDeviceConfiguration>>>,
    pub small: Option<i16>,
    pub large: Option<Nullable<i64>>,
    pub single: Option<f32>,
    pub double: Option<Nullable<f64>>,
    pub byte: Option<u8>,
    pub guid: Option<Nullable<Guid>>,
    pub decimal: Option<msgraph_runtime::Decimal>,
    pub bytes: Option<msgraph_runtime::Binary>,
    pub untyped: Option<msgraph_runtime::Untyped>,
    pub when: Option<Nullable<msgraph_runtime::DateTimeOffset>>,
    pub manager: Option<msgraph_runtime::Reference>,
    pub dynamic_properties: DynamicProperties,
}
impl AuthenticationMethodTargetPatch {
    pub fn name(mut self, value: impl Into<Nullable<String>>) -> Self {
        self.name = Some(value.into());
        self
    }
    pub fn parent(
        mut self,
        value: impl Into<Nullable<Box<AuthenticationMethodTargetPatch>>>,
    ) -> Self {
        self.parent = Some(value.into());
        self
    }
    pub fn large(mut self, value: impl Into<Nullable<i64>>) -> Self {
        self.large = Some(value.into());
        self
    }
    pub fn double(mut self, value: impl Into<Nullable<f64>>) -> Self {
        self.double = Some(value.into());
        self
    }
}
impl ::msgraph_runtime::Structured for AuthenticationMethodTargetPatch {
    fn type_name(&self) -> &'static str {
        "microsoft.graph.authenticationMethodTarget"
    }
    fn visit(
        &self,
        visitor: &mut dyn ::msgraph_runtime::FieldVisitor,
    ) -> ::msgraph_runtime::VisitResult {
        visitor.fields(&[
            ("name", &self.name),
            ("parent", &self.parent),
            ("days", &self.days),
            ("any", &self.any),
            ("small", &self.small),
            ("large", &self.large),
            ("single", &self.single),
            ("double", &self.double),
            ("byte", &self.byte),
            ("guid", &self.guid),
            ("decimal", &self.decimal),
            ("bytes", &self.bytes),
            ("untyped", &self.untyped),
            ("when", &self.when),
            ("manager@odata.bind", &self.manager),
        ])?;
        visitor.dynamic(&self.dynamic_properties)
    }
}

/// Any type that derives from `microsoft.graph.deviceConfiguration`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AnyDeviceConfiguration {}
impl DerivesFrom<AnyDeviceConfiguration> for TemporaryAccessPassPatch {}
/// PATCH
#[inline]
pub fn update_temporary_access_pass(
    patch: &TemporaryAccessPassPatch,
) -> ::msgraph_runtime::Request<'_> {
    ::msgraph_runtime::Request::patch(
        "v1.0",
        "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass",
        &[],
        patch,
    )
    .permissions(&["Policy.ReadWrite.AuthenticationMethod"])
    .roles(&["Authentication Policy Administrator"])
}
#[inline]
pub fn update<'a>(
    user_id: &str,
    configuration_id: ::msgraph_runtime::Uuid,
    patch: &'a TemporaryAccessPassPatch,
) -> ::msgraph_runtime::Request<'a> {
    ::msgraph_runtime::Request::patch(
        "v1.0",
        "/users/{id}/configurations/{id1}",
        &[&user_id, &configuration_id],
        patch,
    )
}
pub fn update_any<'a>(
    id: &str,
    patch: &'a impl ::msgraph_runtime::DerivesFrom<AnyDeviceConfiguration>,
) -> ::msgraph_runtime::Request<'a> {
    ::msgraph_runtime::Request::patch("v1.0", "/things/{id}", &[&id], patch)
}

const TAP: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

#[test]
fn documented_update_has_the_documented_body() {
    let by_field = TemporaryAccessPassPatch {
        is_usable_once: Some(true.into()),
        ..Default::default()
    };
    let by_setter = TemporaryAccessPassPatch::new().is_usable_once(true);
    assert_eq!(by_field, by_setter);
    assert_eq!(
        by_field.to_json().unwrap(),
        format!(r#"{{"@odata.type":"{TAP}","isUsableOnce":true}}"#)
    );
}

#[test]
fn three_states_and_order() {
    let patch = TemporaryAccessPassPatch::new()
        .default_length(None)
        .state(AuthenticationMethodState::Enabled)
        .exclude_targets([
            ExcludeTarget {
                id: Some("a\"b".into()),
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
    let mut target = AuthenticationMethodTargetPatch::default()
        .name("n")
        .parent(AuthenticationMethodTargetPatch::default().name(None))
        .large(5)
        .double(1.5);
    target.days = Some(
        [
            AuthenticationMethodState::Enabled,
            AuthenticationMethodState::Disabled,
        ]
        .into(),
    );
    target.any = Some(vec![
        TemporaryAccessPassPatch::new().is_usable_once(false).into(),
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
            .parse::<msgraph_runtime::DateTimeOffset>()
            .unwrap()
            .into(),
    );
    target.manager = Some(msgraph_runtime::Reference::to("/users/{id}", &[&"a b"]));
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
        let json = AuthenticationMethodTargetPatch::default()
            .double(value)
            .to_json()
            .unwrap();
        assert_eq!(json, format!(r#"{{"double":{text}}}"#));
    }
}

#[test]
fn values_that_cannot_be_sent_have_a_path() {
    let mut outer = TemporaryAccessPassPatch::new();
    let broken = AuthenticationMethodTargetPatch {
        days: Some(Flags::default()),
        ..Default::default()
    };
    outer.include_targets = Some(vec![
        AuthenticationMethodTargetPatch::default(),
        AuthenticationMethodTargetPatch::default().parent(broken),
    ]);
    let error = outer.to_json().unwrap_err();
    assert_eq!(
        (error.path(), error.problem()),
        ("includeTargets[1].parent.days", &BodyProblem::EmptyFlags)
    );

    let sentinel = Open::<AuthenticationMethodState>::from_wire("unknownFutureValue");
    let error = TemporaryAccessPassPatch::new()
        .state(sentinel)
        .to_json()
        .unwrap_err();
    assert_eq!(error.to_string().split(':').next(), Some("state"));
    assert_eq!(error.problem(), &BodyProblem::SentinelMember);

    let mut twice = AuthenticationMethodTargetPatch::default().name("n");
    twice.dynamic_properties = [("name", "m")].try_into().unwrap();
    assert_eq!(
        twice.to_json().unwrap_err().problem(),
        &BodyProblem::DuplicateProperty("name".into())
    );
}

#[test]
fn deep_nesting_is_an_error_and_not_an_overflow() {
    let mut nested = AuthenticationMethodTargetPatch::default();
    for _ in 0..1000 {
        nested = AuthenticationMethodTargetPatch::default().parent(nested);
    }
    assert_eq!(
        nested.to_json().unwrap_err().problem(),
        &BodyProblem::TooDeep
    );

    let mut untyped = serde_json::json!(1);
    for _ in 0..126 {
        untyped = serde_json::json!([untyped]);
    }
    let patch = |value: &serde_json::Value| AuthenticationMethodTargetPatch {
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
    let prefer = |state: Open<AuthenticationMethodState>| {
        let patch = TemporaryAccessPassPatch::new().state(state);
        let headers = update_temporary_access_pass(&patch).headers().unwrap();
        headers.get("prefer").cloned()
    };
    assert_eq!(prefer(AuthenticationMethodState::Disabled.into()), None);
    let wanted = Some(HeaderValue::from_static("include-unknown-enum-members"));
    assert_eq!(prefer(AuthenticationMethodState::Supervised.into()), wanted);
    assert_eq!(prefer(Open::from_wire("newer")), wanted);
}

#[test]
fn open_enumerations_keep_unknown_members() {
    let open = Open::<AuthenticationMethodState>::from_wire("Enabled");
    assert_eq!(open.as_str(), "Enabled", "names are compared exactly");
    assert_eq!(open.known(), None);
    assert_eq!(AuthenticationMethodState::Supervised.as_str(), "supervised");
    let flags = Flags::<AuthenticationMethodState>::from_wire("disabled, newer,disabled");
    assert_eq!(flags.to_string(), "disabled,newer");
    assert!(
        (flags | AuthenticationMethodState::Enabled).contains(AuthenticationMethodState::Enabled)
    );
}

#[test]
fn any_of_compares_by_type_and_json() {
    let one: AnyOf<AnyDeviceConfiguration> =
        TemporaryAccessPassPatch::new().default_length(9).into();
    let same: AnyOf<AnyDeviceConfiguration> =
        TemporaryAccessPassPatch::new().default_length(9).into();
    let other: AnyOf<AnyDeviceConfiguration> = TemporaryAccessPassPatch::new().into();
    assert_eq!(one, same);
    assert_ne!(one, other);
    assert_eq!(one.clone(), one);
    assert!(format!("{one:?}").contains("default_length: Some(Value(9))"));
}

#[test]
fn requests_are_values() {
    let patch = TemporaryAccessPassPatch::new().is_usable_once(true);
    let request = update_temporary_access_pass(&patch);
    assert_eq!(request.path().unwrap(), request.template());
    assert_eq!(
        request.known_permissions(),
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
    let patch = TemporaryAccessPassPatch::new().is_usable_once(true);
    let request = update_temporary_access_pass(&patch)
        .returning(msgraph_runtime::Return::Representation)
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
    let root = msgraph_runtime::Root::from(msgraph_runtime::Cloud::Global);
    let empty = TemporaryAccessPassPatch::new();
    let refused = update_temporary_access_pass(&empty)
        .prepare(&root)
        .unwrap_err();
    assert!(
        matches!(refused, RequestError::EmptyPatch { .. }),
        "{refused}"
    );

    let patch = TemporaryAccessPassPatch::new().is_usable_once(true);
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
        .returning(msgraph_runtime::Return::Minimal)
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
        .is_usable_once(true)
        .default_length(8);
    let request = Request::get("v1.0", "/users/{id}", &[&"a"])
        .query("$select", &patch.set_fields().join(","))
        .query("$filter", "name eq 'a&b'");
    let prepared = request.prepare(&msgraph_runtime::Cloud::Global.into());
    assert_eq!(
        prepared.unwrap().uri(),
        "https://graph.microsoft.com/v1.0/users/a?$select=defaultLength,isUsableOnce&$filter=name%20eq%20%27a%26b%27"
    );
}
