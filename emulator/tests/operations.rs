//! Creates, lists, references, calls, streams and their log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use msgraph_emulator::{Builder, Emulator, InvocationResponse};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::{Value, json};

struct Tenant {
    emulator: Emulator,
    client: Client,
}

struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or("")
    }

    /// A property of each item.
    fn values(&self, name: &str) -> Vec<&str> {
        let items = self.body["value"].as_array().unwrap().iter();
        items
            .map(|item| item[name].as_str().unwrap_or(""))
            .collect()
    }
}

fn builder() -> Builder {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    Emulator::builder()
        .metadata("v1.0", tests.join("operations.csdl"))
        .seed(
            "/v1.0/users/ada",
            json!({"displayName": "Ada", "userPrincipalName": "ada@x.y"}),
        )
        .seed("/v1.0/users/eve", json!({"displayName": "eve"}))
        .seed("/v1.0/groups/g", json!({"displayName": "Group"}))
}

impl Tenant {
    async fn start(builder: Builder) -> Self {
        Tenant {
            emulator: builder.start().await.unwrap(),
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let url = match path.starts_with("http") {
            true => path.to_owned(),
            false => format!("{}{path}", self.emulator.root()),
        };
        let mut request = self.client.request(method, url).bearer_auth("token");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Reply {
            status,
            headers,
            body,
        }
    }

    async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path, &[], None).await
    }

    async fn eventual(&self, path: &str) -> Reply {
        let headers = [("ConsistencyLevel", "eventual")];
        self.request(Method::GET, path, &headers, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.request(Method::POST, path, &[], Some(body)).await
    }

    async fn put(&self, path: &str, body: Value) -> Reply {
        self.request(Method::PUT, path, &[], Some(body)).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.request(Method::DELETE, path, &[], None).await
    }
}

#[tokio::test]
async fn a_created_entity_has_a_key_a_location_and_an_etag() {
    let tenant = Tenant::start(builder()).await;
    let body = json!({
        "displayName": "Bob",
        "userPrincipalName": "bob@x.y",
        "immutableId": "set on creation only",
        "createdDateTime": "1999-01-01T00:00:00Z",
    });
    let created = tenant.post("/v1.0/users", body).await;
    assert_eq!(created.status, 201, "{}", created.body);
    assert_eq!(created.body["displayName"], "Bob");
    assert_eq!(created.body["immutableId"], "set on creation only");
    // The service computes it, and ignores the value in the body.
    assert_eq!(created.body.get("createdDateTime"), None);
    let id = created.body["id"].as_str().unwrap();
    let root = tenant.emulator.root();
    let location = created.headers["location"].to_str().unwrap();
    assert_eq!(location, format!("{root}/v1.0/users('{id}')"));
    assert_eq!(
        created.headers["etag"],
        created.body["@odata.etag"].as_str().unwrap()
    );
    let context = format!("{root}/v1.0/$metadata#users/$entity");
    assert_eq!(created.body["@odata.context"], context);

    let read = tenant.get(location).await;
    assert_eq!((read.status, &read.body["id"]), (200, &created.body["id"]));
    assert_eq!(tenant.emulator.updates_applied(), 1);
    assert_eq!(tenant.delete(location).await.status, 204);
    assert_eq!(tenant.get(location).await.status, 404);
}

#[tokio::test]
async fn keys_and_alternate_keys_are_unique() {
    let tenant = Tenant::start(builder()).await;
    for (path, body, property) in [
        ("/v1.0/users", json!({"id": "ada"}), "id"),
        (
            "/v1.0/users",
            json!({"userPrincipalName": "ADA@x.y"}),
            "userPrincipalName",
        ),
    ] {
        let conflict = tenant.post(path, body).await;
        assert_eq!(conflict.status, 409, "{}", conflict.body);
        assert!(conflict.message().contains(property), "{}", conflict.body);
    }
    let slot = json!({"row": 1, "column": "a/b"});
    let created = tenant.post("/v1.0/slots", slot.clone()).await;
    let location = created.headers["location"].to_str().unwrap();
    assert!(
        location.ends_with("/v1.0/slots(row=1,column='a%2Fb')"),
        "{location}"
    );
    assert_eq!(tenant.get(location).await.body["column"], "a/b");
    assert_eq!(tenant.post("/v1.0/slots", slot).await.status, 409);
}

#[tokio::test]
async fn creates_that_are_rejected() {
    let tenant = Tenant::start(builder()).await;
    for (path, body, status, fragment) in [
        (
            "/v1.0/users",
            json!({"displayNam": "x"}),
            400,
            "'displayNam' does not exist",
        ),
        (
            "/v1.0/users",
            json!({"displayName": 5}),
            400,
            "'displayName'",
        ),
        ("/v1.0/users", json!([]), 400, "not a JSON object"),
        (
            "/v1.0/users",
            json!({"manager": {}}),
            400,
            "manager@odata.bind",
        ),
        (
            "/v1.0/users/ada/events/e/attachments",
            json!({}),
            404,
            "'e'",
        ),
        ("/v1.0/users/none/events", json!({}), 404, "'none'"),
        ("/v1.0/users/ada", json!({}), 405, "GET, PATCH, DELETE"),
        ("/v1.0/closed", json!({}), 405, "POST"),
        ("/v1.0/groups/g/members", json!({}), 405, "POST"),
        ("/v1.0/nothing", json!({}), 404, "'nothing'"),
    ] {
        let reply = tenant.post(path, body).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        assert!(reply.message().contains(fragment), "{path}: {}", reply.body);
    }
    assert_eq!(tenant.emulator.updates_applied(), 0);
    assert_eq!(tenant.get("/v1.0/closed").await.status, 405);
    let abstract_type = tenant
        .post(
            "/v1.0/users/ada/events",
            json!({"attachments": [{"name": "x"}]}),
        )
        .await;
    assert!(
        abstract_type.message().contains("is abstract"),
        "{}",
        abstract_type.body
    );
}

#[tokio::test]
async fn a_create_may_contain_entities_and_references() {
    let tenant = Tenant::start(builder()).await;
    let file = json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "f", "size": 1});
    let event = json!({"subject": "s", "attachments": [file]});
    let created = tenant.post("/v1.0/users/ada/events", event).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let path = format!(
        "/v1.0/users/ada/events/{}",
        created.body["id"].as_str().unwrap()
    );
    let attachments = tenant.get(&format!("{path}/attachments")).await;
    assert_eq!(attachments.values("name"), ["f"]);
    let expanded = tenant
        .get(&format!("{path}?$expand=attachments($select=name)"))
        .await;
    let attachment = &expanded.body["attachments"][0];
    assert_eq!(
        (&attachment["name"], attachment.get("size")),
        (&json!("f"), None)
    );

    let members = json!({"displayName": "n", "members@odata.bind": ["users/ada"]});
    let created = tenant.post("/v1.0/groups", members).await;
    let path = format!(
        "/v1.0/groups/{}/members",
        created.body["id"].as_str().unwrap()
    );
    let listed = tenant.get(&path).await;
    assert_eq!(listed.values("displayName"), ["Ada"]);
    assert_eq!(listed.values("@odata.type"), ["#microsoft.graph.user"]);
}

#[tokio::test]
async fn the_service_completes_what_is_created() {
    let tenant = builder().on_create("/users/{id}/events", |creation| {
        creation.entity.insert("size".into(), json!(5));
        creation
            .returned_once
            .insert("subject".into(), json!("secret"));
    });
    let tenant = Tenant::start(tenant).await;
    let created = tenant.post("/v1.0/users/ada/events", json!({})).await;
    assert_eq!(
        (&created.body["size"], &created.body["subject"]),
        (&json!(5), &json!("secret"))
    );
    let read = tenant
        .get(created.headers["location"].to_str().unwrap())
        .await;
    assert_eq!(
        (&read.body["size"], read.body.get("subject")),
        (&json!(5), None)
    );
}

async fn with_events() -> Tenant {
    let mut builder = builder();
    for (id, subject, size) in [
        ("1", "b", 30),
        ("2", "A", 10),
        ("3", "c", 20),
        ("4", "A", 40),
    ] {
        let event = json!({
            "subject": subject, "size": size, "place": {"city": format!("O'{id}")},
            "start": format!("2024-01-0{id}T00:00:00Z"),
        });
        builder = builder.seed(format!("/v1.0/users/ada/events/{id}"), event);
    }
    Tenant::start(builder.seed("/v1.0/users/ada/events/5", json!({}))).await
}

#[tokio::test]
async fn a_list_is_filtered_and_ordered() {
    let tenant = with_events().await;
    for (query, ids) in [
        ("", "1 2 3 4 5"),
        ("?$filter=subject eq 'a'", "2 4"),
        ("?$filter=subject eq 'a' and size gt 10", "4"),
        (
            "?$filter=subject eq 'b' or (size le 20 and not(size eq 10))",
            "1 3",
        ),
        ("?$filter=subject eq null", "5"),
        ("?$filter=subject ne null", "1 2 3 4"),
        ("?$filter=place/city eq 'O''1'", "1"),
        ("?$filter=startswith(subject,'B')", "1"),
        ("?$filter=id in ('1', '3')", "1 3"),
        ("?$filter=start ge 2024-01-03T01:00:00%2B01:00", "3 4"),
        ("?$orderby=subject", "5 2 4 1 3"),
        ("?$orderby=subject,size desc", "5 4 2 1 3"),
        ("?$orderby=start desc", "4 3 2 1 5"),
        ("?$skip=3", "4 5"),
    ] {
        let reply = tenant.get(&format!("/v1.0/users/ada/events{query}")).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.body);
        assert_eq!(reply.values("id").join(" "), ids, "{query}");
    }
    for (query, status, fragment) in [
        (
            "$filter=subjec eq 'a'",
            400,
            "'subjec' on type 'microsoft.graph.event'",
        ),
        ("$filter=subject eq 5", 400, "incompatible types"),
        ("$filter=size eq '5'", 400, "incompatible types"),
        ("$filter=subject eq 'a", 400, "Unterminated"),
        ("$filter=subject eq 'a' 'b'", 400, "Syntax error at ''b''"),
        ("$filter=subject", 501, "operator"),
        (
            "$filter=attachments/any(a:a/name eq 'x')",
            501,
            "attachments",
        ),
        ("$filter=length(subject) eq 1", 501, "length"),
        ("$orderby=subjec", 400, "'subjec'"),
        ("$orderby=subject up", 400, "'subject up'"),
        ("$top=0", 400, "Must be between 1 and 999"),
        ("$top=1000", 400, "Must be between 1 and 999"),
        ("$skip=-1", 400, "$skip"),
        ("$skiptoken=x", 400, "Skip token"),
        ("$count=yes", 400, "$count"),
        ("$expand=attachment", 400, "'attachment'"),
        ("$expand=attachments($top=1)", 501, "$expand"),
        ("$search=\"a\"", 501, "$search"),
        ("$apply=x", 501, "$apply"),
    ] {
        let reply = tenant.get(&format!("/v1.0/users/ada/events?{query}")).await;
        assert_eq!(reply.status, status, "{query}: {}", reply.body);
        assert!(
            reply.message().contains(fragment),
            "{query}: {}",
            reply.body
        );
    }
    let single = tenant.get("/v1.0/users/ada?$top=1").await;
    assert!(
        single.message().contains("only on collections"),
        "{}",
        single.body
    );
}

#[tokio::test]
async fn pages_lose_and_repeat_nothing() {
    let tenant = with_events().await;
    let mut page = tenant
        .get("/v1.0/users/ada/events?$top=2&$count=true&$orderby=size desc&$select=id")
        .await;
    assert_eq!(page.body["@odata.count"], 5);
    let mut ids = Vec::new();
    loop {
        ids.extend(page.values("id").iter().map(|id| (*id).to_owned()));
        if ids.len() == 2 {
            // Neither the last item of the page, nor new ones, move the others.
            tenant.delete("/v1.0/users/ada/events/1").await;
            let new = json!({"id": "6", "size": 99});
            tenant.post("/v1.0/users/ada/events", new).await;
        }
        let Some(next) = page.body["@odata.nextLink"].as_str().map(str::to_owned) else {
            break;
        };
        assert!(next.contains("$skiptoken="), "{next}");
        page = tenant.get(&next).await;
        assert_eq!(page.body.get("@odata.count"), None);
    }
    assert_eq!(ids.join(" "), "4 1 3 2 5");
    let preferred = [("Prefer", "odata.maxpagesize=3")];
    let page = tenant
        .request(Method::GET, "/v1.0/users/ada/events", &preferred, None)
        .await;
    assert_eq!(page.values("id").len(), 3);
    assert_eq!(page.headers["preference-applied"], "odata.maxpagesize=3");
    assert_eq!(
        tenant.get("/v1.0/users/ada/events/$count").await.body,
        json!(5)
    );
}

#[tokio::test]
async fn advanced_queries_of_the_directory_need_a_header() {
    let tenant = Tenant::start(builder()).await;
    for (path, status, fragment) in [
        (
            "/v1.0/users/$count",
            400,
            "$count is not currently supported",
        ),
        (
            "/v1.0/users?$search=\"x\"",
            400,
            "ConsistencyLevel: eventual",
        ),
        (
            "/v1.0/users?$filter=id eq 'x'&$orderby=id",
            400,
            "Sorting not supported",
        ),
        (
            "/v1.0/users?$filter=id eq 'x'&$orderby=id&$count=true",
            400,
            "Sorting",
        ),
    ] {
        let reply = tenant.get(path).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        assert!(reply.message().contains(fragment), "{path}: {}", reply.body);
    }
    let ignored = tenant.get("/v1.0/users?$count=true").await;
    assert_eq!(
        (ignored.status, ignored.body.get("@odata.count")),
        (200, None)
    );
    let counted = tenant.eventual("/v1.0/users?$count=true").await;
    assert_eq!(counted.body["@odata.count"], 2);
    assert_eq!(tenant.eventual("/v1.0/users/$count").await.body, json!(2));
    let sorted = "/v1.0/users?$filter=startswith(id,'e')&$orderby=id&$count=true";
    assert_eq!(tenant.eventual(sorted).await.values("id"), ["eve"]);
}

#[tokio::test]
async fn references_are_added_and_removed() {
    let tenant = Tenant::start(builder()).await;
    let root = tenant.emulator.root().to_owned();
    let members = "/v1.0/groups/g/members";
    let reference = |url: &str| json!({ "@odata.id": url });
    let add = |url: String| tenant.post("/v1.0/groups/g/members/$ref", reference(&url));
    assert_eq!(add(format!("{root}/v1.0/users/ada")).await.status, 204);
    // The entity of a base type's set is the item of a derived type's set.
    let eve = "https://graph.microsoft.com/v1.0/directoryObjects/eve".to_owned();
    assert_eq!(add(eve.clone()).await.status, 204);
    let twice = add(eve).await;
    assert_eq!(twice.status, 400);
    assert!(twice.message().contains("already exist"), "{}", twice.body);
    assert_eq!(
        tenant.get(members).await.values("displayName"),
        ["Ada", "eve"]
    );
    let page = tenant.get(&format!("{members}?$top=1")).await;
    let rest = tenant
        .get(page.body["@odata.nextLink"].as_str().unwrap())
        .await;
    assert_eq!(
        (page.values("id"), rest.values("id")),
        (vec!["ada"], vec!["eve"])
    );
    let users = tenant.get(&format!("{members}/microsoft.graph.user")).await;
    assert_eq!(users.values("id"), ["ada", "eve"]);
    let references = tenant.get(&format!("{members}/$ref")).await;
    assert!(references.values("@odata.id")[0].ends_with("/users/ada"));
    assert_eq!(
        tenant.get(&format!("{members}/ada")).await.body["displayName"],
        "Ada"
    );
    let state = tenant.emulator.state(members).unwrap();
    assert_eq!(state[1]["displayName"], "eve");
    let expanded = tenant.get("/v1.0/groups/g?$expand=members").await;
    assert_eq!(expanded.body["members"][1]["displayName"], "eve");

    assert_eq!(
        tenant.delete(&format!("{members}/ada/$ref")).await.status,
        204
    );
    assert_eq!(
        tenant.delete(&format!("{members}/ada/$ref")).await.status,
        404
    );
    // The entity itself remains.
    assert_eq!(tenant.get("/v1.0/users/ada").await.status, 200);
    let by_url = format!("{members}/$ref?$id={root}/v1.0/users/eve");
    assert_eq!(tenant.delete(&by_url).await.status, 204);
    assert_eq!(tenant.get(members).await.values("id"), [""; 0]);
    // A deleted entity is no longer a member, and without `$ref` the entity is deleted.
    assert_eq!(add(format!("{root}/v1.0/users/ada")).await.status, 204);
    assert_eq!(tenant.delete(&format!("{members}/ada")).await.status, 204);
    assert_eq!(tenant.get("/v1.0/users/ada").await.status, 404);
    assert_eq!(tenant.get(members).await.values("id"), [""; 0]);
}

#[tokio::test]
async fn a_single_reference_is_set_and_removed() {
    let tenant = Tenant::start(builder()).await;
    let manager = "/v1.0/users/eve/manager";
    let ada = json!({"@odata.id": format!("{}/v1.0/users/ada", tenant.emulator.root())});
    let path = format!("{manager}/$ref");
    assert_eq!(tenant.get(&path).await.status, 404);
    assert_eq!(tenant.put(&path, ada.clone()).await.status, 204);
    assert_eq!(tenant.get(manager).await.body["displayName"], "Ada");
    assert_eq!(tenant.get(&path).await.body["@odata.id"], ada["@odata.id"]);
    assert_eq!(tenant.post(&path, ada).await.status, 405);
    assert_eq!(tenant.delete(&path).await.status, 204);
    assert_eq!(tenant.get(manager).await.status, 404);
}

#[tokio::test]
async fn references_that_are_rejected() {
    let tenant = Tenant::start(builder()).await;
    let url = |path: &str| json!({"@odata.id": format!("https://graph.microsoft.com/v1.0{path}")});
    for (path, body, status, fragment) in [
        (
            "groups/g/members/$ref",
            url("/users/none"),
            404,
            "'none' does not exist",
        ),
        (
            "groups/g/members/$ref",
            url("/users"),
            400,
            "is not the URL of an entity",
        ),
        (
            "groups/g/members/$ref",
            url("/slots(row=1,column='x')"),
            400,
            "directoryObject",
        ),
        (
            "groups/g/members/$ref",
            json!({"id": "ada"}),
            400,
            "'id' does not exist",
        ),
        ("groups/g/members/$ref", json!({}), 400, "'@odata.id'"),
        ("groups/none/members/$ref", url("/users/ada"), 404, "'none'"),
        (
            "groups/g/members/ada/$ref",
            url("/users/ada"),
            405,
            "DELETE",
        ),
        (
            "users/ada/events/$ref",
            url("/users/ada"),
            400,
            "contains its entities",
        ),
        ("users/$ref", url("/users/ada"), 400, "has no references"),
    ] {
        let reply = tenant.post(&format!("/v1.0/{path}"), body).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        assert!(reply.message().contains(fragment), "{path}: {}", reply.body);
    }
    let without_id = tenant.delete("/v1.0/groups/g/members/$ref").await;
    assert!(without_id.message().contains("$id"), "{}", without_id.body);
}

#[tokio::test]
async fn a_complex_value_is_added_to_a_collection() {
    let tenant = Tenant::start(builder()).await;
    let event = "/v1.0/users/ada/events/e";
    tenant.emulator.seed(event, json!({})).unwrap();
    let places = format!("{event}/places");
    let first = tenant.post(&places, json!({"city": "Oslo"})).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(first.body["value"], json!([{"city": "Oslo"}]));
    let second = tenant.post(&places, json!({"city": "Rome"})).await;
    let both = json!([{"city": "Oslo"}, {"city": "Rome"}]);
    assert_eq!(second.body["value"], both);
    assert_eq!(tenant.get(&places).await.body["value"], both);
    for (property, body, status) in [
        ("places", json!({"town": "Oslo"}), 400),
        ("places", json!([]), 400),
        ("formerPlaces", json!({"city": "Oslo"}), 405),
        ("place", json!({"city": "Oslo"}), 405),
    ] {
        let path = format!("{event}/{property}");
        let reply = tenant.post(&path, body).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
    }
}

#[tokio::test]
async fn closures_respond_to_actions_and_functions() {
    let builder = builder()
        .on("microsoft.graph.revokeSignInSessions", |_| json!(true))
        .on("/users/{id}/checkMemberGroups", |call| {
            call.parameters["groupIds"].clone()
        })
        .on(
            "/users/{id}/sendMail",
            |call| match call.parameters["event"]["subject"].as_str() {
                Some("later") => InvocationResponse::accepted("https://x.y/1"),
                Some("fail") => InvocationResponse::error(410, "resyncRequired", "Start again."),
                _ => InvocationResponse::no_content(),
            },
        )
        .on("/users/delta", |call| match &call.query {
            None => json!({
                "value": [{"id": "1"}],
                "@odata.nextLink": format!("{}/v1.0/users/delta?$skiptoken=2", call.root),
            }),
            Some(_) => json!({"value": [{"id": "2"}], "@odata.deltaLink": "https://x.y/delta"}),
        })
        .on("microsoft.graph.reminders", |call| {
            json!(call.parameters.len())
        })
        .on("/version", |_| json!("1.2"));
    let tenant = Tenant::start(builder).await;
    let ada = "/v1.0/users/ada";
    let revoked = tenant
        .request(
            Method::POST,
            &format!("{ada}/revokeSignInSessions"),
            &[],
            None,
        )
        .await;
    assert_eq!(
        (revoked.status, &revoked.body["value"]),
        (200, &json!(true))
    );
    assert!(revoked.body["@odata.context"].is_string());
    for name in ["checkMemberGroups", "microsoft.graph.checkMemberGroups"] {
        let body = json!({"groupIds": ["a", "b"]});
        let checked = tenant.post(&format!("{ada}/{name}"), body).await;
        assert_eq!(checked.body["value"], json!(["a", "b"]));
    }
    for (subject, status) in [("now", 204), ("later", 202), ("fail", 410)] {
        let body = json!({"event": {"subject": subject}, "saved": null});
        let sent = tenant.post(&format!("{ada}/sendMail"), body).await;
        assert_eq!(sent.status, status, "{}", sent.body);
        assert_eq!(sent.headers.contains_key("location"), status == 202);
    }
    let page = tenant.get("/v1.0/users/delta").await;
    let last = tenant
        .get(page.body["@odata.nextLink"].as_str().unwrap())
        .await;
    assert_eq!(
        (page.values("id"), last.values("id")),
        (vec!["1"], vec!["2"])
    );
    for (call, parameters) in [
        ("reminders(from='x')", 1),
        ("reminders(days=5,from='x')", 2),
        ("microsoft.graph.reminders(from=@f)?@f='x'", 1),
    ] {
        let reply = tenant.get(&format!("{ada}/{call}")).await;
        assert_eq!(reply.body["value"], parameters, "{call}: {}", reply.body);
    }
    assert_eq!(tenant.get("/v1.0/version").await.body["value"], "1.2");
    // Through a reference.
    let ada = json!({"@odata.id": format!("{}/v1.0/users/ada", tenant.emulator.root())});
    tenant.put("/v1.0/users/eve/manager/$ref", ada).await;
    let path = "/v1.0/users/eve/manager/microsoft.graph.user/revokeSignInSessions";
    assert_eq!(tenant.post(path, json!({})).await.status, 200);
    tenant.delete("/v1.0/users/ada").await;
    let path = "/v1.0/users/ada/revokeSignInSessions";
    assert_eq!(tenant.post(path, json!({})).await.status, 404);
}

#[tokio::test]
async fn calls_that_are_rejected() {
    let tenant = Tenant::start(builder()).await;
    for (method, path, body, status, fragment) in [
        (
            Method::POST,
            "users/ada/revokeSignInSessions",
            json!({}),
            501,
            "revokeSignInSessions",
        ),
        (
            Method::POST,
            "users/ada/revokeSignInSessions",
            json!({"x": 1}),
            400,
            "'x'",
        ),
        (
            Method::GET,
            "users/ada/revokeSignInSessions",
            json!({}),
            405,
            "POST",
        ),
        (
            Method::POST,
            "users/none/revokeSignInSessions",
            json!({}),
            404,
            "'none'",
        ),
        (
            Method::POST,
            "groups/g/revokeSignInSessions",
            json!({}),
            404,
            "revokeSignIn",
        ),
        (
            Method::POST,
            "users/revokeSignInSessions",
            json!({}),
            405,
            "POST",
        ),
        (
            Method::POST,
            "users/ada/checkMemberGroups",
            json!({"groupIds": [1]}),
            400,
            "groupIds[0]",
        ),
        (
            Method::POST,
            "users/ada/checkMemberGroups",
            json!([]),
            400,
            "not a JSON object",
        ),
        (
            Method::POST,
            "users/ada/sendMail",
            json!({}),
            400,
            "'event'",
        ),
        (
            Method::POST,
            "users/ada/sendMail",
            json!({"event": {"subjec": ""}}),
            400,
            "subjec",
        ),
        (
            Method::GET,
            "users/ada/reminders(from='x')",
            json!({}),
            501,
            "reminders",
        ),
        (
            Method::POST,
            "users/ada/reminders(from='x')",
            json!({}),
            405,
            "GET",
        ),
        (
            Method::GET,
            "users/ada/reminders",
            json!({}),
            404,
            "reminders",
        ),
        (
            Method::GET,
            "users/ada/reminders(from=@f)",
            json!({}),
            400,
            "'@f'",
        ),
        (Method::GET, "users/delta", json!({}), 501, "delta"),
    ] {
        let path = format!("/v1.0/{path}");
        let reply = tenant.request(method, &path, &[], Some(body)).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        assert!(reply.message().contains(fragment), "{path}: {}", reply.body);
    }
    for name in [
        "microsoft.graph.revokeSessions",
        "revokeSignInSessions",
        "/users/{id}/revoke",
    ] {
        let unknown = builder().on(name, |_| json!(true)).start().await;
        let error = unknown.unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}`")), "{error}");
    }
}

#[tokio::test]
async fn content_is_written_and_read() {
    let builder = builder()
        .seed_content("/v1.0/users/ada/photo/$value", "image/png", [0x89, b'P'])
        .seed("/v1.0/users/ada/drive/items/i", json!({"name": "i"}));
    let tenant = Tenant::start(builder).await;
    let photo = format!("{}/v1.0/users/ada/photo/$value", tenant.emulator.root());
    let read = tenant
        .client
        .get(&photo)
        .bearer_auth("t")
        .send()
        .await
        .unwrap();
    assert_eq!(read.headers()["content-type"], "image/png");
    assert_eq!(read.bytes().await.unwrap().as_ref(), [0x89, b'P']);
    let put = |url: &str| {
        let request = tenant.client.put(url).bearer_auth("t");
        request
            .header("content-type", "text/plain")
            .body("text")
            .send()
    };
    assert_eq!(put(&photo).await.unwrap().status(), 204);
    assert_eq!(tenant.get(&photo).await.body, "text");
    let file = format!(
        "{}/v1.0/users/ada/drive/items/i/content",
        tenant.emulator.root()
    );
    assert_eq!(tenant.get(&file).await.status, 404);
    let written = put(&file).await.unwrap();
    assert_eq!(written.status(), 200);
    assert_eq!(written.json::<Value>().await.unwrap()["name"], "i");
    assert_eq!(tenant.get(&file).await.body, "text");
    assert_eq!(tenant.delete(&photo).await.status, 204);
    assert_eq!(tenant.get(&photo).await.status, 404);
    assert_eq!(tenant.get("/v1.0/users/ada/$value").await.status, 404);
    assert_eq!(tenant.post(&photo, json!({})).await.status, 405);
}

#[tokio::test]
async fn redirected_content_is_read_without_a_token() {
    let file = "/v1.0/users/ada/drive/items/i/content";
    let builder = builder()
        .redirect_content(true)
        .seed_content(file, "text/plain", "text");
    let tenant = Tenant::start(builder).await;
    let redirected = tenant.get(file).await;
    assert_eq!(redirected.status, 302);
    let url = redirected.headers["location"].to_str().unwrap();
    assert_eq!(tenant.get(url).await.status, 401);
    let read = tenant.client.get(url).send().await.unwrap();
    assert_eq!(
        (read.status().as_u16(), read.text().await.unwrap().as_str()),
        (200, "text")
    );
}

#[tokio::test]
async fn the_log_of_a_batch_has_its_requests() {
    let tenant = Tenant::start(builder()).await;
    let batch = json!({"requests": [
        {"id": "1", "method": "POST", "url": "/users", "body": {"displayName": "x"},
         "headers": {"Content-Type": "application/json"}},
        {"id": "2", "method": "GET", "url": "/users/none?$select=id"},
        {"id": "3", "method": "PUT", "url": "/users/ada/photo/$value", "body": "dGV4dA==",
         "headers": {"Content-Type": "text/plain"}},
        {"id": "4", "method": "GET", "url": "/users/ada/photo/$value"},
    ]});
    let reply = tenant.post("/v1.0/$batch", batch).await;
    assert_eq!(reply.body["responses"][3]["body"], "dGV4dA==");
    let log = tenant.emulator.log();
    let [exchange] = log.as_slice() else {
        panic!("{log:?}");
    };
    let items: Vec<String> = exchange
        .items
        .iter()
        .map(|item| format!("{} {} {}", item.method, item.path, item.status().unwrap()))
        .collect();
    assert_eq!(
        items,
        [
            "POST /v1.0/users 201",
            "GET /v1.0/users/none 404",
            "PUT /v1.0/users/ada/photo/$value 204",
            "GET /v1.0/users/ada/photo/$value 200",
        ]
    );
    assert_eq!(exchange.items[1].query.as_deref(), Some("$select=id"));
    assert_eq!(tenant.emulator.requests_seen(), 1);
}
