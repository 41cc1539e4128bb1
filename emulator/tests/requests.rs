//! Requests and their responses, one line each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::Emulator;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::{Value, json};

struct Tenant {
    emulator: Emulator,
    client: Client,
}

/// Method, path, headers, body; status, code, part of the message.
type Row<'r> = (
    Method,
    &'r str,
    &'r [(&'r str, &'r str)],
    Option<&'r str>,
    u16,
    &'r str,
    &'r str,
);

struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or("")
    }
}

impl Tenant {
    async fn start() -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let emulator = Emulator::builder()
            .metadata("v1.0", tests.join("model.csdl"))
            .facts(tests.join("model.toml"))
            .seed(
                "/v1.0/devices/1",
                json!({
                    "name": "one",
                    "serial": "S/1",
                    "created": "2024-01-01T00:00:00Z",
                    "place": {"city": "Oslo", "zip": "0150"},
                    "parts": [{"id": "a", "count": 1}],
                }),
            )
            .seed(
                "/v1.0/devices/p",
                json!({"@odata.type": "#microsoft.graph.phone", "name": "phone"}),
            )
            .seed("/v1.0/people/ada", json!({"displayName": "Ada"}))
            .seed("/v1.0/guarded/ada", json!({}))
            .seed("/v1.0/fixed/ada", json!({}))
            .seed("/v1.0/put/ada", json!({}))
            .seed(
                "/v1.0/open/o",
                json!({"@odata.type": "#microsoft.graph.openType"}),
            )
            .seed(
                "/v1.0/rules/r",
                json!({"@odata.type": "#microsoft.graph.allowRule"}),
            )
            .seed("/v1.0/slots(row=1,column='b')", json!({"value": "x"}))
            .start()
            .await
            .unwrap();
        Tenant {
            emulator,
            client: Client::new(),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        let url = format!("{}{path}", self.emulator.root());
        let mut all = HeaderMap::new();
        all.insert("authorization", HeaderValue::from_static("Bearer token"));
        if body.is_some() {
            all.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            match *value {
                "" => all.remove(name),
                value => all.insert(name, value.parse().unwrap()),
            };
        }
        let mut request = self.client.request(method, url).headers(all);
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Reply {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }

    async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, &[], Some(&body.to_string()))
            .await
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    fn state(&self, path: &str) -> Value {
        self.emulator.state(path).unwrap()
    }
}

const ONE: &str = "/v1.0/devices/1";

#[tokio::test]
async fn bodies_that_are_rejected() {
    let tenant = Tenant::start().await;
    let before = tenant.state(ONE);
    let table = [
        // Names.
        (
            json!({"nam": "x"}),
            "The property 'nam' does not exist on type 'microsoft.graph.device'",
        ),
        (json!({"Name": "x"}), "'Name' does not exist"),
        (
            json!({"place": {"town": "x"}}),
            "'place.town' does not exist on type 'microsoft.graph.place'",
        ),
        (
            json!({"place": {"inner": {"town": "x"}}}),
            "'place.inner.town'",
        ),
        (
            json!({"places": [{"zip": "1"}, {"town": "x"}]}),
            "'places[1].town'",
        ),
        (json!({"number": "5"}), "'number' does not exist"),
        // Types.
        (
            json!({"boolean": "true"}),
            "'boolean' to the expected type 'Edm.Boolean'",
        ),
        (json!({"byte": 256}), "'byte'"),
        (json!({"int16": -32769}), "'int16'"),
        (json!({"int32": 2.5}), "'int32'"),
        (json!({"int32": "5"}), "'int32'"),
        (json!({"int64": "5"}), "'int64'"),
        (json!({"decimal": "1.5"}), "'decimal'"),
        (json!({"single": 1e39}), "'single'"),
        (json!({"double": "one"}), "'double'"),
        (json!({"binary": "%%"}), "'binary'"),
        (json!({"guid": "1"}), "'guid'"),
        (json!({"date": "2023-02-29"}), "'date'"),
        (json!({"time": "25:00"}), "'time'"),
        (json!({"moment": "2024-01-01T"}), "'moment'"),
        (json!({"span": "P1M"}), "'span'"),
        (json!({"stream": "x"}), "'stream'"),
        (json!({"defined": 5}), "'defined' to the expected type"),
        (json!({"name": ["x"]}), "'name'"),
        (
            json!({"tags": "x"}),
            "'tags' to the expected type 'Collection(Edm.String)'",
        ),
        (json!({"tags": ["x", 5]}), "'tags[1]'"),
        (
            json!({"place": "Oslo"}),
            "'place' to the expected type 'microsoft.graph.place'",
        ),
        (json!({"places": {"zip": "1"}}), "'places'"),
        // Null.
        (
            json!({"name": null}),
            "null value was found for the property named 'name'",
        ),
        (json!({"tags": null}), "'tags'"),
        (json!({"tags": [null]}), "'tags[0]'"),
        (json!({"places": null}), "'places'"),
        (json!({"place": {"zip": null}}), "'place.zip'"),
        (json!({"parts": null}), "'parts' is null"),
        // Enumerations.
        (
            json!({"color": "purple"}),
            "'purple' specified for property 'color'",
        ),
        (json!({"color": 0}), "'color'"),
        (json!({"color": "red,green"}), "'red,green'"),
        (json!({"color": "unknownFutureValue"}), "cannot be sent"),
        (
            json!({"color": "blue"}),
            "Prefer: include-unknown-enum-members",
        ),
        (json!({"abilities": "call,fly"}), "'fly'"),
        (json!({"abilities": ""}), "'abilities'"),
        (json!({"abilities": ["call"]}), "'abilities'"),
        // Types of values.
        (
            json!({"setting": {"number": 5}}),
            "'microsoft.graph.setting' of 'setting' is abstract",
        ),
        (
            json!({"setting": {"@odata.type": "#microsoft.graph.place"}}),
            "not assignable to the expected type 'microsoft.graph.setting'",
        ),
        (
            json!({"setting": {"@odata.type": "#microsoft.graph.no"}}),
            "'microsoft.graph.no' could not be resolved",
        ),
        (
            json!({"setting": {"@odata.type": "#microsoft.graph.color"}}),
            "could not be resolved",
        ),
        (json!({"setting": {"@odata.type": 5}}), "is not a string"),
        (
            json!({"@odata.type": "#microsoft.graph.person"}),
            "not assignable",
        ),
        (
            json!({"@odata.type": "#microsoft.graph.phone"}),
            "does not match the resource",
        ),
        (
            json!({"@odata.type": "#microsoft.graph.entity"}),
            "does not match the resource",
        ),
        // Navigation.
        (
            json!({"owner": {"id": "ada"}}),
            "'owner' of type 'microsoft.graph.device' is not updated in the body",
        ),
        (
            json!({"nobody@odata.bind": "people/ada"}),
            "'nobody@odata.bind' does not name a navigation property",
        ),
        (
            json!({"parts@odata.bind": ["people/ada"]}),
            "cannot be bound",
        ),
        (json!({"owner@odata.bind": 5}), "is not a string"),
        (
            json!({"users@odata.bind": "people/ada"}),
            "is not an array of strings",
        ),
        (
            json!({"owner@odata.bind": "devices/1"}),
            "'devices/1' is not the URL of an entity of type 'microsoft.graph.person'",
        ),
        (
            json!({"owner@odata.bind": "people"}),
            "'people' is not the URL",
        ),
        (
            json!({"owner@odata.bind": "https://example.com"}),
            "is not the URL",
        ),
        (
            json!({"parts": [{"id": "a", "count": "1"}]}),
            "'parts[0].count'",
        ),
        (
            json!({"parts": [{"id": "a", "count": null}]}),
            "'parts[0].count'",
        ),
        (json!({"parts": ["a"]}), "'parts[0]' is not an object"),
        (
            json!({"parts": [{"id": "a"}, {"id": "a"}]}),
            "more than one item with the key 'a'",
        ),
        (json!({"display": []}), "'display' is not an object"),
        // Facts.
        (
            json!({"small": 11}),
            "The value 11 of property 'small' is greater than the maximum 10",
        ),
        (json!({"small": -6}), "less than the minimum -5"),
        (
            json!({"low": 3, "high": 2}),
            "The value 3 of property 'low' is not between 'small' (0) and 'high' (2)",
        ),
        (
            json!({"small": 2}),
            "The value 1 of property 'low' is not between",
        ),
        // Properties that the service sets.
        (
            json!({"created": "2030-01-01T00:00:00Z"}),
            "Property 'created' is read-only and cannot be set",
        ),
        (json!({"created": null}), "'created' is read-only"),
        (json!({"created": 5}), "'created' to the expected type"),
        (json!({"id": "2"}), "'id' is read-only"),
        // The whole.
        (json!([]), "not a JSON object"),
        (json!(null), "not a JSON object"),
        (json!({"name": "changed", "int32": "wrong"}), "'int32'"),
    ];
    for (body, fragment) in table {
        let response = tenant.patch(ONE, body.clone()).await;
        assert_eq!(response.status, 400, "{body}: {}", response.body);
        assert_eq!(response.body["error"]["code"], "BadRequest", "{body}");
        assert!(
            response.message().contains(fragment),
            "{body}: {}",
            response.message()
        );
    }
    // An update is applied as a whole or not at all; the last one also had a valid property.
    assert_eq!(tenant.state(ONE), before);
    for (path, body, fragment) in [
        (
            "/v1.0/devices/p",
            json!({"name": "x"}),
            "must contain @odata.type '#microsoft.graph.phone'",
        ),
        (
            "/v1.0/open/o",
            json!({"x": 1}),
            "must contain @odata.type '#microsoft.graph.openType'",
        ),
        (
            "/v1.0/rules/r",
            json!({"note": "x"}),
            "must contain @odata.type",
        ),
        (
            "/v1.0/devices/1/place",
            json!({"town": "x"}),
            "'place.town'",
        ),
    ] {
        let response = tenant.patch(path, body).await;
        assert_eq!(response.status, 400, "{path}");
        assert!(
            response.message().contains(fragment),
            "{}",
            response.message()
        );
    }
}

#[tokio::test]
async fn bodies_that_are_accepted_and_what_they_leave() {
    let tenant = Tenant::start().await;
    let table = [
        (json!({}), json!({"name": "one"})),
        (
            json!({"@odata.type": "microsoft.graph.device", "name": "n"}),
            json!({"name": "n"}),
        ),
        (
            json!({"serial": null}),
            json!({"serial": null, "name": "n"}),
        ),
        (json!({"int64": i64::MAX}), json!({"int64": i64::MAX})),
        (
            json!({"double": "NaN", "single": 1.5}),
            json!({"double": "NaN", "single": 1.5}),
        ),
        (json!({"binary": "_-8="}), json!({"binary": "_-8="})),
        (json!({"any": {"a": [null]}}), json!({"any": {"a": [null]}})),
        (json!({"bag": {"x": 1}}), json!({"bag": {"x": 1}})),
        (json!({"defined": "d"}), json!({"defined": "d"})),
        (json!({"tags": ["a", "b"]}), json!({"tags": ["a", "b"]})),
        (
            json!({"tags": ["c"], "notes": [null]}),
            json!({"tags": ["c"], "notes": [null]}),
        ),
        (json!({"color": "green"}), json!({"color": "green"})),
        (
            json!({"abilities": "call, text"}),
            json!({"abilities": "call, text"}),
        ),
        // A complex value merges, property by property, at any depth.
        (
            json!({"place": {"inner": {"zip": "1"}}}),
            json!({"place": {"city": "Oslo", "zip": "0150", "inner": {"zip": "1"}}}),
        ),
        (
            json!({"place": {"city": null, "inner": {"city": "c"}}}),
            json!({"place": {"city": null, "zip": "0150", "inner": {"zip": "1", "city": "c"}}}),
        ),
        (json!({"place": null}), json!({"place": null})),
        // A value of the same type merges; a value of another type replaces.
        (
            json!({"setting": {"@odata.type": "#microsoft.graph.numberSetting", "number": 1, "unit": "m"}}),
            json!({"setting": {"@odata.type": "#microsoft.graph.numberSetting", "number": 1, "unit": "m"}}),
        ),
        (
            json!({"setting": {"@odata.type": "microsoft.graph.numberSetting", "number": 2}}),
            json!({"setting": {"@odata.type": "#microsoft.graph.numberSetting", "number": 2, "unit": "m"}}),
        ),
        (
            json!({"setting": {"@odata.type": "#microsoft.graph.textSetting", "text": "t"}}),
            json!({"setting": {"@odata.type": "#microsoft.graph.textSetting", "text": "t"}}),
        ),
        // Properties that the service sets, and the key, may be sent unchanged.
        (
            json!({"created": "2024-01-01T00:00:00Z", "id": "1"}),
            json!({"created": "2024-01-01T00:00:00Z", "id": "1"}),
        ),
        // Annotations have no effect.
        (
            json!({"@odata.etag": "x", "name": "n", "name@odata.type": "#String", "other@some.term": 1}),
            json!({"name": "n"}),
        ),
        // Inline navigation properties are replaced; the service chooses omitted keys.
        (
            json!({"parts": [{"id": "b", "count": 2}, {"id": "c", "count": 3}]}),
            json!({"parts": [{"id": "b", "count": 2}, {"id": "c", "count": 3}]}),
        ),
        (
            json!({"display": {"count": 7}}),
            json!({"display": {"count": 7}}),
        ),
        (json!({"parts": []}), json!({"parts": []})),
        (
            json!({"owner@odata.bind": "https://graph.microsoft.com/v1.0/people/ada"}),
            json!({"owner@odata.bind": ["https://graph.microsoft.com/v1.0/people/ada"]}),
        ),
        (
            json!({"users@odata.bind": ["https://graph.microsoft.com/v1.0/people('ada')"]}),
            json!({"users@odata.bind": ["https://graph.microsoft.com/v1.0/people('ada')"]}),
        ),
        (
            json!({"small": 0, "low": 0, "high": 0}),
            json!({"small": 0, "low": 0, "high": 0}),
        ),
    ];
    for (body, expected) in table {
        let response = tenant.patch(ONE, body.clone()).await;
        assert_eq!(response.status, 204, "{body}: {}", response.body);
        let state = tenant.state(ONE);
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&state[name], value, "{body}: {name}");
        }
    }
    let response = tenant.patch(ONE, json!({"owner@odata.bind": null})).await;
    assert_eq!(response.status, 204);
    assert_eq!(tenant.state(ONE).get("owner@odata.bind"), None);
    let phone = json!({"@odata.type": "#microsoft.graph.phone", "number": "5"});
    assert_eq!(tenant.patch("/v1.0/devices/p", phone).await.status, 204);
    let open = json!({"@odata.type": "#microsoft.graph.openType", "anything": {"x": 1}});
    assert_eq!(tenant.patch("/v1.0/open/o", open).await.status, 204);
    assert_eq!(tenant.state("/v1.0/open/o")["anything"], json!({"x": 1}));
}

#[tokio::test]
async fn what_a_complex_value_leads_to_travels_with_it() {
    let tenant = Tenant::start().await;
    let place = |keeper: Value| json!({"place": {"city": "Oslo", "zip": "0150", "keeper": keeper}});
    // Without a fact: the generator adds such a field for every complex type.
    for (body, expected) in [
        (
            json!({"place": {"keeper": {"id": "ada", "displayName": "Ada"}}}),
            place(json!({"id": "ada", "displayName": "Ada"})),
        ),
        (json!({"place": {"keeper": null}}), place(Value::Null)),
        (
            json!({"place": {"keeper": {"id": "bob"}}}),
            place(json!({"id": "bob"})),
        ),
        // It is removed with its value.
        (json!({"place": null}), json!({"place": null})),
        (
            json!({"place": {"city": "Oslo", "zip": "1"}}),
            json!({"place": {"city": "Oslo", "zip": "1"}}),
        ),
    ] {
        let response = tenant.patch(ONE, body.clone()).await;
        assert_eq!(response.status, 204, "{body}: {}", response.body);
        let read = tenant.get(ONE).await.body;
        assert_eq!(read["place"], expected["place"], "{body}");
    }
    let body = json!({"places": [{"zip": "1", "keeper": {"id": "ada"}}]});
    assert_eq!(tenant.patch(ONE, body.clone()).await.status, 204);
    assert_eq!(tenant.get(ONE).await.body["places"], body["places"]);
    let body = json!({"place": {"keeper": {"shown": "Ada"}}});
    let response = tenant.patch(ONE, body).await;
    assert_eq!(response.status, 400);
    assert!(
        response.message().contains("'place.keeper.shown'"),
        "{}",
        response.message()
    );
}

#[tokio::test]
async fn headers_change_how_a_body_is_read_and_answered() {
    let tenant = Tenant::start().await;
    let patch = async |headers: &[(&str, &str)], body: Value| {
        tenant
            .send(Method::PATCH, ONE, headers, Some(&body.to_string()))
            .await
    };
    let prefer = ("prefer", "include-unknown-enum-members, return=minimal");
    assert_eq!(patch(&[prefer], json!({"color": "blue"})).await.status, 204);

    assert_eq!(tenant.state(ONE)["color"], "blue");
    assert_eq!(tenant.get(ONE).await.body["color"], "unknownFutureValue");
    let evolved = tenant.send(Method::GET, ONE, &[prefer], None).await;
    assert_eq!(evolved.body["color"], "blue");

    let ieee = (
        "content-type",
        "Application/JSON; odata.metadata=minimal; IEEE754Compatible=true; charset=UTF-8",
    );
    let strings = json!({"int64": "9007199254740993", "decimal": "1.50"});
    assert_eq!(patch(&[ieee], strings).await.status, 204);
    assert_eq!(patch(&[ieee], json!({"int64": 5})).await.status, 400);

    let response = patch(&[("prefer", "return=representation")], json!({"name": "n"})).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.body["name"], "n");
    assert_eq!(
        response.headers["preference-applied"],
        "return=representation"
    );
    assert_eq!(
        response.body["@odata.etag"],
        response.headers["etag"].to_str().unwrap()
    );

    let response = patch(&[("client-request-id", "my-id")], json!({"no": 1})).await;
    assert_eq!(response.headers["client-request-id"], "my-id");
    let inner = &response.body["error"]["innerError"];
    assert_eq!(inner["client-request-id"], "my-id");
    assert_eq!(
        inner["request-id"],
        response.headers["request-id"].to_str().unwrap()
    );
    assert_eq!(inner["date"].as_str().unwrap().len(), 19);
}

#[tokio::test]
async fn requests_that_are_rejected_before_their_body_counts() {
    let tenant = Tenant::start().await;
    let body = Some(r#"{"name":"x"}"#);
    let patch = Method::PATCH;
    let table: &[Row<'_>] = &[
        (
            patch.clone(),
            ONE,
            &[("authorization", "")],
            body,
            401,
            "InvalidAuthenticationToken",
            "empty",
        ),
        (
            patch.clone(),
            ONE,
            &[("authorization", "Bearer ")],
            body,
            401,
            "InvalidAuthenticationToken",
            "",
        ),
        (
            patch.clone(),
            ONE,
            &[("authorization", "Basic eDp5")],
            body,
            401,
            "InvalidAuthenticationToken",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/nothing",
            &[("authorization", "")],
            body,
            401,
            "InvalidAuthenticationToken",
            "",
        ),
        (
            patch.clone(),
            ONE,
            &[("content-type", "")],
            body,
            415,
            "UnsupportedMediaType",
            "JSON",
        ),
        (
            patch.clone(),
            ONE,
            &[("content-type", "text/plain")],
            body,
            415,
            "UnsupportedMediaType",
            "JSON",
        ),
        (
            patch.clone(),
            ONE,
            &[("content-type", "application/jsonx")],
            body,
            415,
            "UnsupportedMediaType",
            "",
        ),
        (
            patch.clone(),
            ONE,
            &[("content-type", "application/json;charset=latin1")],
            body,
            415,
            "UnsupportedMediaType",
            "latin1",
        ),
        (
            patch.clone(),
            ONE,
            &[("content-encoding", "gzip")],
            body,
            415,
            "UnsupportedMediaType",
            "encoding",
        ),
        (
            patch.clone(),
            ONE,
            &[],
            Some(""),
            400,
            "BadRequest",
            "Empty Payload",
        ),
        (
            patch.clone(),
            ONE,
            &[],
            Some("{"),
            400,
            "BadRequest",
            "Unable to read JSON",
        ),
        (
            patch.clone(),
            ONE,
            &[],
            Some(r#"{"name":"x"} x"#),
            400,
            "BadRequest",
            "trailing characters",
        ),
        (
            patch.clone(),
            ONE,
            &[],
            Some(r#"{"name":"x","name":"y"}"#),
            400,
            "BadRequest",
            "'name' appears more than once",
        ),
        (
            patch.clone(),
            "/v2.0/devices/1",
            &[],
            body,
            400,
            "BadRequest",
            "Invalid version: v2.0",
        ),
        (
            patch.clone(),
            "/v1.0/nothing",
            &[],
            body,
            404,
            "ResourceNotFound",
            "segment 'nothing'",
        ),
        (
            patch.clone(),
            "/v1.0/Devices/1",
            &[],
            body,
            404,
            "ResourceNotFound",
            "segment 'Devices'",
        ),
        (
            patch.clone(),
            "/v1.0/devices/2",
            &[],
            body,
            404,
            "ResourceNotFound",
            "Resource '2' does not exist",
        ),
        (
            patch.clone(),
            "/v1.0/devices/1/nothing",
            &[],
            body,
            404,
            "ResourceNotFound",
            "segment 'nothing'",
        ),
        (
            patch.clone(),
            "/v1.0/devices//parts",
            &[],
            body,
            404,
            "ResourceNotFound",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/people/ADA",
            &[],
            body,
            404,
            "ResourceNotFound",
            "'ADA'",
        ),
        (
            patch.clone(),
            "/v1.0/devices/1/microsoft.graph.phone",
            &[],
            body,
            404,
            "ResourceNotFound",
            "phone",
        ),
        (
            patch.clone(),
            "/v1.0/devices/1/microsoft.graph.person",
            &[],
            body,
            404,
            "ResourceNotFound",
            "person",
        ),
        (
            patch.clone(),
            "/v1.0/devices('1",
            &[],
            body,
            404,
            "ResourceNotFound",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/devices(wrong='1')",
            &[],
            body,
            404,
            "ResourceNotFound",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/devices(serialNumber='no')",
            &[],
            body,
            404,
            "ResourceNotFound",
            "'no'",
        ),
        (
            patch.clone(),
            "/v1.0/slots(row='x',column='b')",
            &[],
            body,
            404,
            "ResourceNotFound",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/slots/1",
            &[],
            body,
            404,
            "ResourceNotFound",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/me('x')",
            &[],
            body,
            404,
            "ResourceNotFound",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/devices",
            &[],
            body,
            405,
            "MethodNotAllowed",
            "PATCH",
        ),
        (
            patch.clone(),
            "/v1.0/devices/1/name",
            &[],
            body,
            405,
            "MethodNotAllowed",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/devices/1/created",
            &[],
            body,
            405,
            "MethodNotAllowed",
            "",
        ),
        (
            patch.clone(),
            "/v1.0/fixed/ada",
            &[],
            body,
            405,
            "MethodNotAllowed",
            "",
        ),
        (
            Method::POST,
            "/v1.0/devices/1",
            &[],
            body,
            405,
            "MethodNotAllowed",
            "POST",
        ),
        (Method::PUT, ONE, &[], body, 405, "MethodNotAllowed", "PUT"),
        (
            Method::DELETE,
            "/v1.0/me",
            &[],
            None,
            405,
            "MethodNotAllowed",
            "",
        ),
        (
            Method::DELETE,
            "/v1.0/fixed/ada",
            &[],
            None,
            405,
            "MethodNotAllowed",
            "",
        ),
        (
            Method::DELETE,
            "/v1.0/devices/1/name",
            &[],
            None,
            405,
            "MethodNotAllowed",
            "",
        ),
        (
            Method::GET,
            "/v1.0/$batch",
            &[],
            None,
            405,
            "MethodNotAllowed",
            "",
        ),
        (
            Method::GET,
            "/v1.0/devices/1?$select=nam",
            &[],
            None,
            400,
            "BadRequest",
            "'nam' on type 'microsoft.graph.device'",
        ),
        (
            Method::GET,
            "/v1.0/devices?$apply=x",
            &[],
            None,
            501,
            "NotImplemented",
            "$apply",
        ),
        (
            patch.clone(),
            "/v1.0/guarded/ada",
            &[],
            Some("{}"),
            400,
            "BadRequest",
            "If-Match header must be specified",
        ),
        (
            patch.clone(),
            ONE,
            &[("if-match", "W/\"ffffffff\"")],
            body,
            412,
            "PreconditionFailed",
            "ETag",
        ),
    ];
    for (method, path, headers, body, status, code, fragment) in table {
        let response = tenant.send(method.clone(), path, headers, *body).await;
        let name = format!("{method} {path} {headers:?}: {}", response.body);
        assert_eq!(response.status, *status, "{name}");
        assert_eq!(response.body["error"]["code"], *code, "{name}");
        assert!(response.message().contains(fragment), "{name}");
        assert!(response.headers.contains_key("request-id"), "{name}");
        assert_eq!(
            response.headers.contains_key("www-authenticate"),
            *status == 401,
            "{name}"
        );
        assert_eq!(
            response.headers.contains_key("allow"),
            *status == 405,
            "{name}"
        );
    }
    assert_eq!(tenant.state(ONE)["name"], "one");
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(5 << 20));
    let response = tenant.send(patch, ONE, &[], Some(&large)).await;
    assert_eq!(response.status, 413);
    assert_eq!(response.body["error"]["code"], "RequestEntityTooLarge");
}

#[tokio::test]
async fn one_entity_by_all_its_names() {
    let tenant = Tenant::start().await;
    for path in [
        ONE,
        "/v1.0/devices('1')",
        "/v1.0/devices(%271%27)",
        "/v1.0/devices(id='1')",
        "/v1.0/devices/%31",
        "/v1.0/devices(serialNumber='S%2F1')",
        "/v1.0/devices/1/",
        "/v1.0/devices/microsoft.graph.device/1",
    ] {
        let response = tenant.get(path).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        assert_eq!(response.body["name"], "one", "{path}");
    }
    let phone = "/v1.0/devices/p/microsoft.graph.phone";
    let response = tenant.patch(phone, json!({"number": "7"})).await;
    assert_eq!(
        response.status, 204,
        "at a cast the type is known: {}",
        response.body
    );
    assert_eq!(tenant.state("/v1.0/devices/p")["number"], "7");
    let slot = "/v1.0/slots(column='b',row=1)";
    assert_eq!(tenant.patch(slot, json!({"value": "y"})).await.status, 204);
    assert_eq!(
        tenant.state("/v1.0/slots(row=1,column='b')"),
        json!({"row": 1, "column": "b", "value": "y"})
    );
    // Values that are sent in the body also have a URL.
    let part = "/v1.0/devices/1/parts/a";
    assert_eq!(tenant.patch(part, json!({"count": 9})).await.status, 204);
    assert_eq!(tenant.state(ONE)["parts"], json!([{"id": "a", "count": 9}]));
    // A function is part of the path.
    let largest = "/v1.0/devices/1/largest";
    assert_eq!(tenant.patch(largest, json!({"count": 2})).await.status, 204);
    assert_eq!(tenant.state("/v1.0/devices/1/largest")["count"], 2);
    // Singletons and single-valued navigation properties exist from the start.
    assert_eq!(
        tenant
            .patch("/v1.0/me", json!({"displayName": "I"}))
            .await
            .status,
        204
    );
    let owner = "/v1.0/devices/1/owner";
    assert_eq!(
        tenant
            .patch(owner, json!({"displayName": "O"}))
            .await
            .status,
        204
    );
    // With `UpdateMethod` PUT, an update replaces.
    let patch = json!({"displayName": "Ada"});
    assert_eq!(tenant.patch("/v1.0/put/ada", patch).await.status, 204);
    let put = tenant
        .send(
            Method::PUT,
            "/v1.0/put/ada",
            &[],
            Some(r#"{"displayName":"P"}"#),
        )
        .await;
    assert_eq!(put.status, 204);
    assert_eq!(tenant.state("/v1.0/put/ada")["displayName"], "P");
    let put = tenant
        .send(Method::PUT, "/v1.0/put/ada", &[], Some("{}"))
        .await;
    assert_eq!(put.status, 204);
    assert_eq!(tenant.state("/v1.0/put/ada"), json!({"id": "ada"}));
}

/// With `If-Match`, it is an update (OData Protocol 4.01 §11.4.4).
#[tokio::test]
async fn put_creates_a_missing_item_only_without_if_match() {
    let tenant = Tenant::start().await;
    let path = "/v1.0/put/eve";
    let put = async |headers: &[(&str, &str)]| {
        let body = Some(r#"{"displayName":"Eve"}"#);
        tenant.send(Method::PUT, path, headers, body).await
    };
    for etag in ["*", "W/\"1\""] {
        let reply = put(&[("if-match", etag)]).await;
        assert_eq!(reply.status, 412, "{etag}: {}", reply.body);
        assert_eq!(tenant.emulator.state(path), None, "{etag}");
    }
    let reply = put(&[]).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(put(&[("if-match", "*")]).await.status, 204);
}

#[tokio::test]
async fn a_complex_property_is_read_changed_and_cleared_by_its_own_url() {
    let tenant = Tenant::start().await;
    let place = "/v1.0/devices/1/place";
    let response = tenant.get(place).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.body["city"], "Oslo");
    assert_eq!(
        tenant.patch(place, json!({"city": "Bergen"})).await.status,
        204
    );
    assert_eq!(
        tenant.state(ONE)["place"],
        json!({"city": "Bergen", "zip": "0150"})
    );
    assert_eq!(
        tenant.get("/v1.0/devices/1/place/city").await.body["value"],
        "Bergen"
    );
    let inner = "/v1.0/devices/1/place/inner";
    assert_eq!(tenant.get(inner).await.status, 204);
    assert_eq!(tenant.patch(inner, json!({"zip": "1"})).await.status, 204);
    assert_eq!(tenant.state(ONE)["place"]["inner"], json!({"zip": "1"}));
    let delete = tenant.send(Method::DELETE, place, &[], None).await;
    assert_eq!(delete.status, 204);
    assert_eq!(tenant.state(ONE)["place"], Value::Null);
}

#[tokio::test]
async fn etags_follow_changes() {
    let tenant = Tenant::start().await;
    let guarded = "/v1.0/guarded/ada";
    let read = tenant.get(guarded).await;
    let first = read.headers["etag"].to_str().unwrap().to_owned();
    let with = async |etag: &str| {
        tenant
            .send(
                Method::PATCH,
                guarded,
                &[("if-match", etag)],
                Some(r#"{"displayName":"x"}"#),
            )
            .await
    };
    let changed = with(&first).await;
    assert_eq!(changed.status, 204);
    let second = changed.headers["etag"].to_str().unwrap();
    assert_ne!(first, second);
    assert_eq!(with(&first).await.status, 412);
    assert_eq!(with("*").await.status, 204);
    let current = tenant.get(guarded).await.body["@odata.etag"].clone();
    let list = format!("\"other\", {}", current.as_str().unwrap());
    assert_eq!(with(&list).await.status, 204);
    // Any update of a nested value changes the ETag.
    let before = tenant.get(ONE).await.headers["etag"].clone();
    tenant
        .patch("/v1.0/devices/1/parts/a", json!({"count": 4}))
        .await;
    assert_ne!(before, tenant.get(ONE).await.headers["etag"]);
    // Updating a linked resource does not.
    let before = tenant.get(ONE).await.headers["etag"].clone();
    tenant
        .patch("/v1.0/devices/1/owner", json!({"displayName": "O"}))
        .await;
    assert_eq!(before, tenant.get(ONE).await.headers["etag"]);
}

#[tokio::test]
async fn reading_selects_lists_and_names_derived_types() {
    let tenant = Tenant::start().await;
    let root = tenant.emulator.root().to_owned();
    let response = tenant
        .get("/v1.0/devices/1?$select=name,int32,tags&other=1")
        .await;
    let etag = response.headers["etag"].to_str().unwrap();
    assert_eq!(
        response.body,
        json!({
            "@odata.context": format!("{root}/v1.0/$metadata#devices(name,int32,tags)/$entity"),
            "@odata.etag": etag,
            "name": "one",
            "int32": null,
            "tags": [],
        })
    );
    for (path, context) in [
        ("/v1.0/devices('1')", "devices/$entity"),
        ("/v1.0/devices/1/parts/a", "devices('1')/parts/$entity"),
        ("/v1.0/devices/1/parts", "devices('1')/parts"),
        ("/v1.0/devices/1/owner", "devices('1')/owner/$entity"),
        ("/v1.0/devices/1/place/city", "devices('1')/place/city"),
        ("/v1.0/me", "me/$entity"),
    ] {
        let response = tenant.get(path).await;
        let expected = format!("{root}/v1.0/$metadata#{context}");
        assert_eq!(response.body["@odata.context"], expected, "{path}");
    }
    let list = tenant.get("/v1.0/devices?$select=name").await.body;
    assert_eq!(
        list["@odata.context"],
        format!("{root}/v1.0/$metadata#devices(name)")
    );
    let names: Vec<&Value> = list["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["name"])
        .collect();
    assert_eq!(names, ["one", "phone"]);
    assert_eq!(list["value"][1]["@odata.type"], "#microsoft.graph.phone");
    assert_eq!(list["value"][0].get("@odata.type"), None);
    let phones = tenant.get("/v1.0/devices/microsoft.graph.phone").await.body;
    assert_eq!(phones["value"].as_array().unwrap().len(), 1);
    let cast = "/v1.0/devices/p?$select=microsoft.graph.phone/number";
    assert_eq!(tenant.get(cast).await.body["number"], Value::Null);
}

#[tokio::test]
async fn facts_add_to_the_metadata_and_correct_it() {
    let tenant = Tenant::start().await;
    // Known keys exist if the metadata has their type in this set.
    let list = tenant.get("/v1.0/stated").await.body;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
    let known = "/v1.0/stated/known";
    let body = json!({"stated": null, "corrected": "b", "read": null});
    let rejected = tenant.patch(known, body.clone()).await;
    assert_eq!(rejected.status, 400);
    assert!(rejected.message().contains("If-Match"));
    let etag = tenant.get(known).await.headers["etag"].clone();
    let accepted = tenant
        .send(
            Method::PATCH,
            known,
            &[("if-match", etag.to_str().unwrap())],
            Some(&body.to_string()),
        )
        .await;
    assert_eq!(accepted.status, 204);
    assert_eq!(
        tenant.state(known),
        json!({"id": "Known", "corrected": "b"})
    );
    for name in ["stated", "read"] {
        let body = json!({ name: "x" }).to_string();
        let rejected = tenant
            .send(Method::PATCH, known, &[("if-match", "*")], Some(&body))
            .await;
        assert_eq!(rejected.status, 400, "{name}");
        assert!(rejected.message().contains("is read-only"), "{name}");
    }
}

#[tokio::test]
async fn depth_is_bounded() {
    let tenant = Tenant::start().await;
    let nested = |depth: usize| {
        let open = r#"{"inner":"#.repeat(depth);
        format!(r#"{{"place":{open}null{}}}"#, "}".repeat(depth))
    };
    let patch = async |body: &str| tenant.send(Method::PATCH, ONE, &[], Some(body)).await;
    assert_eq!(patch(&nested(120)).await.status, 204);
    assert_eq!(tenant.get(ONE).await.status, 200);
    let rejected = patch(&nested(130)).await;
    assert_eq!(rejected.status, 400);
    assert!(rejected.message().contains("recursion limit"));
    assert_eq!(patch(&nested(100_000)).await.status, 400);
    let deep = (0..500).fold(json!(null), |inner, _| json!({"inner": inner}));
    let seeded = tenant.emulator.seed(ONE, json!({"place": deep}));
    assert!(
        seeded
            .unwrap_err()
            .to_string()
            .contains("nested too deeply")
    );
}

/// Malformed requests must not close the connection or cause an internal error.
#[tokio::test]
async fn garbled_requests_are_answered() {
    let tenant = Tenant::start().await;
    let mut random = fastrand::Rng::with_seed(5);
    let bodies = [
        r##"{"@odata.type":"#microsoft.graph.device","name":"n","tags":["a"],"color":"red"}"##,
        r##"{"place":{"zip":"1","inner":{"zip":null}},"setting":{"@odata.type":"#microsoft.graph.textSetting"}}"##,
        r#"{"parts":[{"id":"a","count":1}],"owner@odata.bind":"people/ada","int64":-9,"moment":"2024-01-01T00:00:00Z"}"#,
    ];
    let paths = [
        "/v1.0/devices/1",
        "/v1.0/devices(serialNumber='S%2F1')/parts/a",
        "/v1.0/slots(row=1,column='b')",
        "/v1.0/devices/p/microsoft.graph.phone?$select=name",
        "/v1.0/devices/1/largest(x='y')/id",
    ];
    let scraps = [
        "'", "(", ")", "=", ",", "%00", "%ff", "%27", "/", "$", "#", ".", "é", "{", "@", "?",
    ];
    let mut statuses = std::collections::BTreeSet::new();
    for _ in 0..3_000 {
        let mut path = (*random.choice(&paths).unwrap()).to_owned();
        let mut body = random.choice(&bodies).unwrap().as_bytes().to_vec();
        if random.bool() {
            let at = random.usize(6..path.len());
            let end = random.usize(at..path.len());
            path.replace_range(at..end, random.choice(&scraps).unwrap());
        } else {
            let at = random.usize(..body.len());
            body[at] = random.u8(..);
        }
        let method =
            [Method::PATCH, Method::GET, Method::DELETE, Method::POST][random.usize(..4)].clone();
        let response = tenant
            .client
            .request(method.clone(), format!("{}{path}", tenant.emulator.root()))
            .bearer_auth("t")
            .header(CONTENT_TYPE, "application/json")
            .body(body.clone())
            .send()
            .await
            .unwrap_or_else(|error| panic!("{method} {path} {body:?}: {error:?}"));
        let status = response.status().as_u16();
        assert!(status < 500 || status == 501, "{method} {path}: {status}");
        statuses.insert(status);
    }
    for expected in [200, 204, 400, 404, 405] {
        assert!(statuses.contains(&expected), "{statuses:?}");
    }
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let tenant = Tenant::start().await;
    for path in [
        "/v1.0/devices/1/parts/a",
        "/v1.0/devices/1/owner",
        "/v1.0/devices/1",
    ] {
        let gone = tenant.send(Method::DELETE, path, &[], None).await;
        assert_eq!(gone.status, 204, "{path}");
        assert_eq!(tenant.get(path).await.status, 404, "{path}");
        let again = tenant.send(Method::DELETE, path, &[], None).await;
        assert_eq!(again.status, 404, "{path}");
        assert_eq!(tenant.emulator.state(path), None, "{path}");
    }
}

#[tokio::test]
async fn seeds_are_held_against_the_metadata() {
    let tenant = Tenant::start().await;
    let emulator = &tenant.emulator;
    // Parents are created too.
    emulator
        .seed("/v1.0/devices/new/parts/x", json!({"count": 1}))
        .unwrap();
    assert_eq!(emulator.state("/v1.0/devices/new").unwrap()["id"], "new");
    // Also a complex value, and an entity by its alternate key.
    let place = "/v1.0/devices/2/place";
    emulator
        .seed(place, json!({"city": "Bergen", "zip": "1"}))
        .unwrap();
    assert_eq!(emulator.state(place).unwrap()["city"], "Bergen");
    let serial = "/v1.0/devices(serialNumber='S%2F3')";
    for name in ["first", "second"] {
        emulator.seed(serial, json!({"name": name})).unwrap();
        let state = emulator.state(serial).unwrap();
        assert_eq!(
            (&state["name"], &state["serial"]),
            (&json!(name), &json!("S/3"))
        );
        let key = state["id"].as_str().unwrap();
        assert_eq!(
            emulator.state(&format!("/v1.0/devices/{key}")),
            Some(state.clone())
        );
    }
    for (path, entity, fragment) in [
        ("/v1.0/devices/2/place", json!({"zip": 1}), "'place.zip'"),
        ("/v1.0/devices/2/place", json!(null), "does not lead to"),
        ("/v1.0/devices/2/name", json!({}), "does not lead to"),
        ("/v1.0/devices/2/places", json!({}), "does not lead to"),
        ("/v1.0/nothing/1", json!({}), "segment 'nothing'"),
        ("/v1.0/devices", json!({}), "does not lead to an entity"),
        ("/v1.0/devices/9", json!({"int32": "x"}), "'int32'"),
        ("/v1.0/rules/9", json!({}), "is abstract"),
        ("/v3/rules/9", json!({}), "Invalid version"),
    ] {
        let error = emulator.seed(path, entity).unwrap_err().to_string();
        assert!(error.contains(fragment) && error.contains(path), "{error}");
    }
}

#[tokio::test]
async fn a_start_that_fails_says_why() {
    let failed =
        async |builder: msgraph_emulator::Builder| builder.start().await.unwrap_err().to_string();
    let empty = failed(Emulator::builder()).await;
    assert!(empty.contains("no metadata"), "{empty}");
    let missing = failed(Emulator::builder().metadata("v1.0", "no/such.csdl")).await;
    assert!(missing.contains("no/such.csdl"), "{missing}");
    let broken = failed(Emulator::builder().metadata_text("v1.0", "broken.csdl", "<x")).await;
    assert!(broken.contains("broken.csdl:1"), "{broken}");
    let facts = failed(Emulator::builder().facts_text("f.toml", "[type.x]\nodd = 1")).await;
    assert!(facts.contains("f.toml:2"), "{facts}");
    let tenant = Tenant::start().await;
    let port = tenant.emulator.root().rsplit_once(':').unwrap().1;
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let taken = Emulator::builder()
        .metadata("v1.0", tests.join("model.csdl"))
        .port(port.parse().unwrap());
    assert!(failed(taken).await.contains("cannot listen"));
}

/// Seeding stays fast with as many entities as in a large tenant.
#[tokio::test]
async fn seeding_takes_time_in_proportion() {
    let tenant = Tenant::start().await;
    let seed = |from: u32, to: u32| {
        let began = std::time::Instant::now();
        for number in from..to {
            let path = format!("/v1.0/people/{number}");
            tenant.emulator.seed(&path, json!({})).unwrap();
        }
        began.elapsed()
    };
    let first = seed(0, 2_000);
    seed(2_000, 30_000);
    let last = seed(30_000, 32_000);
    // Regression: it took about twenty times as long.
    assert!(last < first * 6, "{first:?}, then {last:?}");
    let parts: Vec<Value> = (0..20_000)
        .map(|id| json!({"id": id.to_string()}))
        .collect();
    let began = std::time::Instant::now();
    let items = json!({ "parts": parts });
    tenant.emulator.seed("/v1.0/devices/many", items).unwrap();
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}
