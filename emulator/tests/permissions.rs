//! Permissions, which the emulator checks on request.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use msgraph_emulator::{Builder, Emulator, Fault, token};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Method};
use serde_json::{Value, json};

const POLICY: &str = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/\
                      TemporaryAccessPass";

/// One permission for each kind of path, named after the path.
const FACTS: &str = r#"
    [operation."GET /users/{id}"]
    permissions = { delegated = ["Read", "Directory.Read and User.Basic"], application = ["User.Read.All"] }
    source = "the model of this test"
    [operation."GET /users(userPrincipalName='{name}')"]
    permissions = ["Alternate"]
    source = "the model of this test"
    [operation."/users/{id}"]
    permissions = ["Update"]
    source = "the model of this test"
    [operation."GET /users/{id}/events/special"]
    permissions = ["Literal"]
    source = "the model of this test"
    [operation."GET /users/{id}/events/{id}"]
    permissions = ["Placeholder"]
    source = "the model of this test"
    [operation."GET /users/{id}/photo/$value"]
    permissions = ["Content"]
    source = "the model of this test"
    [operation."GET /users/{id}/events/$count"]
    permissions = ["Count"]
    source = "the model of this test"
    [operation."GET /users/{id}/events/{id}/place"]
    permissions = ["Complex"]
    source = "the model of this test"
    [operation."POST /users/{id}/revokeSignInSessions"]
    permissions = ["Action"]
    source = "the model of this test"
    [operation."GET /users/{id}/reminders(from='{from}')"]
    permissions = ["Function"]
    source = "the model of this test"
    [operation."GET /users/delta"]
    permissions = ["Delta"]
    source = "the model of this test"
    [operation."POST /groups/{id}/members/$ref"]
    permissions = ["AddReference"]
    source = "the model of this test"
    [operation."DELETE /groups/{id}/members/{id}/$ref"]
    permissions = ["RemoveReference"]
    source = "the model of this test"
    [operation."GET /groups/{id}/members/microsoft.graph.user"]
    permissions = ["Cast"]
    source = "the model of this test"
    [operation."/groups/{id}"]
    permissions = ["Update", "Rename", "Undelete"]
    source = "the model of this test"
    [permission."Rename"]
    properties = ["displayName"]
    also = ["Basic"]
    source = "the model of this test"
    [permission."Undelete"]
    properties = ["deletedDateTime"]
    source = "the model of this test"
"#;

struct Tenant {
    emulator: Emulator,
    client: Client,
}

impl Tenant {
    async fn start(builder: Builder) -> Self {
        let emulator = builder.enforce_permissions().start().await.unwrap();
        let client = Client::new();
        Tenant { emulator, client }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("{}{path}", self.emulator.root());
        let request = self.client.request(method, url).bearer_auth(token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await.unwrap();
        let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
        (status, serde_json::from_str(&text).unwrap_or_default())
    }
}

fn delegated(permissions: &str) -> String {
    token(&json!({ "scp": permissions }))
}

fn application(permissions: &[&str]) -> String {
    token(&json!({ "roles": permissions }))
}

fn model() -> Builder {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/operations.csdl");
    Emulator::builder()
        .metadata("v1.0", model)
        .facts_text("permissions.toml", FACTS)
        .on("microsoft.graph.revokeSignInSessions", |_| json!(true))
        .on("microsoft.graph.reminders", |_| json!(1))
        .on("microsoft.graph.delta", |_| json!([]))
        .seed(
            "/v1.0/users/ada",
            json!({"userPrincipalName": "ada@x.y", "displayName": "Ada"}),
        )
        .seed(
            "/v1.0/users/ada/events/special",
            json!({"place": {"city": "Oslo"}}),
        )
        .seed(
            "/v1.0/users/ada/events/e",
            json!({"place": {"city": "Oslo"}}),
        )
        .seed_content("/v1.0/users/ada/photo/$value", "image/png", "photo")
        .seed("/v1.0/groups/g", json!({}))
}

fn project() -> Builder {
    let metadata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metadata");
    Emulator::builder().folder(metadata)
}

#[tokio::test]
async fn a_token_must_grant_a_permission_of_its_kind() {
    let tenant = Tenant::start(model()).await;
    for (token, status) in [
        (delegated("Read"), 200),
        (delegated("openid Read profile"), 200),
        // Both are needed together.
        (delegated("User.Basic Directory.Read"), 200),
        (delegated("Directory.Read"), 403),
        (delegated("read"), 403),
        (delegated("User.Read.All"), 403),
        (delegated(""), 403),
        (application(&["User.Read.All"]), 200),
        (application(&["Read"]), 403),
        (application(&[]), 403),
        (token(&json!({})), 403),
        // Graph rejects these, too.
        ("any token".to_owned(), 401),
        ("a.b.c".to_owned(), 401),
    ] {
        for path in ["/v1.0/users/ada", "/v1.0/users('ada')?$select=displayName"] {
            let (found, body) = tenant.send(Method::GET, path, &token, None).await;
            assert_eq!(found, status, "{path} {token}: {body}");
        }
    }
    // What a caller may not read is not revealed.
    let (status, _) = tenant
        .send(Method::GET, "/v1.0/users/bob", &delegated("Update"), None)
        .await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn a_missing_permission_is_rejected_as_graph_does_and_nothing_is_applied() {
    let tenant = Tenant::start(model()).await;
    let path = "/v1.0/users/ada";
    let patch = async |token: &str| {
        let body = json!({"displayName": "Eve"});
        tenant.send(Method::PATCH, path, token, Some(body)).await
    };
    let (status, body) = patch(&delegated("Read")).await;
    assert_eq!(status, 403);
    assert_eq!(body["error"]["code"], "Authorization_RequestDenied");
    let message = "Insufficient privileges to complete the operation.";
    assert_eq!(body["error"]["message"], message);
    tenant.emulator.fault(Fault::Forbidden);
    let (_, fault) = patch(&delegated("Update")).await;
    for name in ["code", "message"] {
        assert_eq!(fault["error"][name], body["error"][name]);
    }
    assert_eq!(tenant.emulator.state(path).unwrap()["displayName"], "Ada");
    assert_eq!(tenant.emulator.updates_applied(), 0);
    assert_eq!(patch(&delegated("Update")).await.0, 204);
    assert_eq!(tenant.emulator.updates_applied(), 1);
}

#[tokio::test]
async fn every_kind_of_path_has_its_own_permissions() {
    let tenant = Tenant::start(model()).await;
    let ada = json!({"@odata.id": format!("{}/v1.0/users/ada", tenant.emulator.root())});
    for (method, path, body, permission, status) in [
        (
            "GET",
            "/users(userPrincipalName='ada@x.y')",
            None,
            "Alternate",
            200,
        ),
        ("GET", "/users/ada/events/special", None, "Literal", 200),
        ("GET", "/users/ada/events/e", None, "Placeholder", 200),
        ("GET", "/users/ada/photo/$value", None, "Content", 200),
        ("GET", "/users/ada/events/$count", None, "Count", 200),
        (
            "GET",
            "/users('ada')/events('e')/place",
            None,
            "Complex",
            200,
        ),
        (
            "POST",
            "/users/ada/revokeSignInSessions",
            None,
            "Action",
            200,
        ),
        (
            "POST",
            "/users/ada/microsoft.graph.revokeSignInSessions",
            None,
            "Action",
            200,
        ),
        (
            "GET",
            "/users/ada/reminders(from='x%2Fy')",
            None,
            "Function",
            200,
        ),
        ("GET", "/users/delta", None, "Delta", 200),
        ("GET", "/users/microsoft.graph.delta()", None, "Delta", 200),
        (
            "POST",
            "/groups/g/members/$ref",
            Some(ada),
            "AddReference",
            204,
        ),
        ("GET", "/groups/g/members/graph.user", None, "Cast", 200),
        (
            "DELETE",
            "/groups/g/members/ada/$ref",
            None,
            "RemoveReference",
            204,
        ),
    ] {
        let method: Method = method.parse().unwrap();
        let path = format!("/v1.0{path}");
        let send = async |token: &str| {
            let sent = tenant.send(method.clone(), &path, token, body.clone());
            sent.await.0
        };
        let all = "Read Update Other";
        assert_eq!(send(&delegated(all)).await, 403, "{method} {path}");
        assert_eq!(
            send(&delegated(permission)).await,
            status,
            "{method} {path}"
        );
    }
}

/// The permissions of the lists are those in Microsoft's data.
#[tokio::test]
async fn parts_need_the_permission_of_what_they_belong_to() {
    let tenant = Tenant::start(model()).await;
    for (method, path, permission) in [
        ("GET", "/users/ada/displayName", "Read"),
        ("GET", "/users/$count", "User.ReadBasic.All"),
        ("GET", "/users/graph.user/$count", "User.ReadBasic.All"),
        ("GET", "/users/graph.user", "User.ReadBasic.All"),
        ("GET", "/groups/g/members/graph.user/$count", "Cast"),
        (
            "GET",
            "/groups/g/members/graph.group",
            "GroupMember.ReadBasic.All",
        ),
        ("GET", "/users/ada/events/e/place/city", "Complex"),
        ("GET", "/users/ada/events/e/subject", "Placeholder"),
        ("PATCH", "/users/ada/events/e/place", "Calendars.ReadWrite"),
        ("DELETE", "/users/ada/displayName", "Update"),
    ] {
        let method: Method = method.parse().unwrap();
        let body = (method == Method::PATCH).then(|| json!({"city": "Rome"}));
        let path = format!("/v1.0{path}");
        let send = async |permissions: &str| {
            let token = delegated(permissions);
            tenant
                .send(method.clone(), &path, &token, body.clone())
                .await
                .0
        };
        assert_eq!(send("Other").await, 403, "{method} {path}");
        // A count of the directory also needs a header.
        let status = send(permission).await;
        assert!(
            status < 300 || path.ends_with("$count") && status == 400,
            "{method} {path}: {status}"
        );
    }
}

/// The data for `/groups/{id}/members/{id}` is about the reference.
#[tokio::test]
async fn a_permission_for_references_does_not_delete_what_they_refer_to() {
    let tenant = Tenant::start(model()).await;
    for token in [
        delegated("GroupMember.ReadWrite.All RemoveReference"),
        application(&["GroupMember.ReadWrite.All", "RemoveReference"]),
    ] {
        let path = "/v1.0/groups/g/members/ada";
        let (status, _) = tenant.send(Method::DELETE, path, &token, None).await;
        assert_eq!(status, 403);
    }
    let token = delegated("Read");
    let read = tenant.send(Method::GET, "/v1.0/users/ada", &token, None);
    assert_eq!(read.await.0, 200);
}

#[tokio::test]
async fn expanded_entities_need_permissions_of_their_own() {
    let tenant = Tenant::start(model()).await;
    for (path, permissions, status) in [
        ("/users?$expand=manager", "User.ReadBasic.All", 403),
        ("/users?$expand=manager", "User.Read.All", 200),
        ("/users/ada?$expand=manager", "Read", 403),
        (
            "/users/ada?$expand=manager($select=id)",
            "Read User.Read.All",
            200,
        ),
        ("/users/ada?$expand=photo", "Read Content", 403),
        (
            "/users/ada/events/e?$expand=attachments",
            "Placeholder",
            403,
        ),
        // The data has no entry for it.
        ("/users/ada?$expand=drive", "Read", 403),
    ] {
        let path = format!("/v1.0{path}");
        let token = delegated(permissions);
        let (found, body) = tenant.send(Method::GET, &path, &token, None).await;
        assert_eq!(found, status, "{path} {permissions}: {body}");
    }
}

#[tokio::test]
async fn the_log_names_what_the_response_does_not() {
    let tenant = Tenant::start(model()).await;
    let lacks = "the token lacks delegated permission Read or a higher one";
    for (path, token, status, note) in [
        ("/users/ada", delegated("Other"), 403, Some(lacks)),
        ("/users/ada", delegated("Read"), 200, None),
        (
            "/users/ada/drive",
            token(&json!({"scp": "Other", "tid": "9188040d-6c67-4c5b-b112-36a304b66dad"})),
            403,
            Some("the token lacks personal permission Files.Read or a higher one"),
        ),
        (
            "/me/events",
            token(&json!({"scp": ""})),
            403,
            Some("the token lacks delegated permission Calendars.ReadBasic or a higher one"),
        ),
        // An operation that is not in the data is allowed.
        (
            "/slots",
            delegated(""),
            200,
            Some("no permission data, so permissions are not checked"),
        ),
    ] {
        let path = format!("/v1.0{path}");
        let (found, body) = tenant.send(Method::GET, &path, &token, None).await;
        assert_eq!(found, status, "{path}: {body}");
        assert!(!body.to_string().contains("lacks"), "{body}");
        let log = tenant.emulator.log();
        assert_eq!(log.last().unwrap().note.as_deref(), note, "{path}");
    }
}

#[tokio::test]
async fn a_partial_permission_allows_an_update_of_its_properties() {
    let tenant = Tenant::start(model()).await;
    let name = json!({"@odata.type": "#microsoft.graph.group", "displayName": "G"});
    let deleted = json!({"displayName": "G", "deletedDateTime": null});
    let members = json!({"displayName": "G", "members@odata.bind": []});
    for (permissions, body, status) in [
        ("Update", &deleted, 204),
        ("Rename Basic", &name, 204),
        ("Rename", &name, 403),
        ("Basic", &name, 403),
        ("Rename Basic", &deleted, 403),
        ("Rename Basic Undelete", &deleted, 204),
        ("Rename Undelete", &deleted, 403),
        ("Rename Basic", &members, 403),
        (
            "Rename Basic",
            &json!({"@odata.type": "#microsoft.graph.group"}),
            403,
        ),
        ("Rename Basic", &json!([]), 403),
    ] {
        let token = delegated(permissions);
        let sent = tenant.send(Method::PATCH, "/v1.0/groups/g", &token, Some(body.clone()));
        let (found, answer) = sent.await;
        assert_eq!(found, status, "{permissions} {body}: {answer}");
    }
    let log = tenant.emulator.log();
    let note = "the token lacks delegated permission Update; \
                Rename allows only the property `displayName`, together with Basic";
    assert_eq!(log.last().unwrap().note.as_deref(), Some(note));
}

#[tokio::test]
async fn a_permission_for_the_signed_in_user_does_not_suffice_for_others() {
    let passes = "/v1.0/users/ada/authentication/temporaryAccessPassMethods";
    let tenant = Tenant::start(project().seed("/v1.0/users/ada", json!({}))).await;
    for (permission, status) in [
        ("UserAuthMethod-TAP.Read", 403),
        ("UserAuthMethod-TAP.Read.All", 200),
    ] {
        let token = delegated(permission);
        let (found, body) = tenant.send(Method::GET, passes, &token, None).await;
        assert_eq!(found, status, "{body}");
    }
    let log = tenant.emulator.log();
    let note = log[0].note.as_deref().unwrap();
    assert!(
        note.ends_with("; UserAuthMethod-TAP.Read allows only the signed-in user"),
        "{note}"
    );
}

#[tokio::test]
async fn an_application_has_no_me() {
    let tenant = Tenant::start(model()).await;
    for (token, status) in [
        (application(&["Calendars.Read"]), 400),
        (delegated("Calendars.Read"), 200),
    ] {
        let sent = tenant.send(Method::GET, "/v1.0/me/events", &token, None);
        let (found, body) = sent.await;
        assert_eq!(found, status, "{body}");
        if status == 400 {
            let message = "/me request is only valid with delegated authentication flow.";
            assert_eq!(body["error"]["message"], message);
        }
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_read_is_rejected_before_anything_else() {
    let tenant = Tenant::start(model()).await;
    for (path, token) in [
        ("/users/ada", ""),
        ("/users/ada", "opaque"),
        ("/nothing", "opaque"),
        ("/$batch", "opaque"),
    ] {
        let path = format!("/v1.0{path}");
        let (status, body) = tenant.send(Method::GET, &path, token, None).await;
        assert_eq!(status, 401, "{path}");
        assert_eq!(body["error"]["code"], "InvalidAuthenticationToken");
        let message = body["error"]["message"].as_str().unwrap();
        assert!(
            token.is_empty() || message.contains("`msgraph_emulator::token`"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn the_requests_of_a_batch_are_checked_one_by_one() {
    let tenant = Tenant::start(model()).await;
    let other = format!("Bearer {}", application(&["Update"]));
    let batch = json!({"requests": [
        {"id": "1", "method": "GET", "url": "/users/ada"},
        {"id": "2", "method": "PATCH", "url": "/users/ada", "body": {"displayName": "Eve"},
         "headers": {"Content-Type": "application/json"}},
        {"id": "3", "method": "GET", "url": "/users/ada", "dependsOn": ["2"]},
        {"id": "4", "method": "PATCH", "url": "/users/ada", "body": {"displayName": "Bob"},
         "headers": {"Content-Type": "application/json", "Authorization": other}},
    ]});
    let (status, body) = tenant
        .send(
            Method::POST,
            "/v1.0/$batch",
            &delegated("Read"),
            Some(batch),
        )
        .await;
    assert_eq!(status, 200);
    let responses = body["responses"].as_array().unwrap();
    let status = |id: &str| {
        let mut responses = responses.iter();
        responses.find(|it| it["id"] == id).unwrap()["status"].clone()
    };
    let statuses = ["1", "2", "3", "4"].map(status);
    assert_eq!(statuses, [json!(200), json!(403), json!(424), json!(204)]);
    let state = tenant.emulator.state("/v1.0/users/ada").unwrap();
    assert_eq!(state["displayName"], "Bob");
}

#[tokio::test]
async fn permissions_are_not_checked_by_default() {
    let emulator = model().start().await.unwrap();
    let url = format!("{}/v1.0/users/ada", emulator.root());
    let request = Client::new().get(url).bearer_auth(delegated("Other"));
    assert_eq!(request.send().await.unwrap().status(), 200);
}

/// Without facts, the permissions are those in Microsoft's data.
#[tokio::test]
async fn the_policy_of_temporary_access_passes_needs_its_permission() {
    let tenant = Tenant::start(project()).await;
    let personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let least = "Policy.ReadWrite.AuthenticationMethod";
    let body = json!({
        "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
        "isUsableOnce": true,
    });
    for (token, status) in [
        (delegated(least), 204),
        (application(&[least]), 204),
        (token(&json!({"scp": least, "tid": personal})), 403),
        (delegated("Policy.Read.All User.ReadWrite.All"), 403),
        (application(&["Policy.Read.All"]), 403),
    ] {
        for path in [
            POLICY,
            &POLICY.replace("/Temp", "('temp").replace("Pass", "Pass')"),
        ] {
            let sent = tenant.send(Method::PATCH, path, &token, Some(body.clone()));
            let (found, body) = sent.await;
            assert_eq!(found, status, "{path}: {body}");
        }
    }
}

/// Characters allowed in a path in addition to letters and digits (RFC 3986 §3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'@')
    .remove(b':')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b'=')
    .remove(b'\'');

/// The documented requests by kind: method and path.
fn documented(shared: &Path) -> Option<BTreeMap<String, Vec<(Method, String)>>> {
    let examples = shared.join("examples");
    let mut files: Vec<PathBuf> = std::fs::read_dir(examples.join("operations"))
        .ok()?
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    files.push(examples.join("v1.0-updates.jsonl"));
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).unwrap();
        let requests = text.lines().map(|line| {
            let example: Value = serde_json::from_str(line).unwrap();
            let method = example["method"].as_str().unwrap_or("PATCH");
            let path = utf8_percent_encode(example["path"].as_str().unwrap(), SEGMENT);
            (method.parse().unwrap(), format!("/v1.0{path}"))
        });
        let kind = file.file_stem().unwrap().to_string_lossy().into_owned();
        (kind, requests.collect())
    };
    Some(files.into_iter().map(read).collect())
}

/// The emulator finds the permissions of documented requests in Microsoft's data: a token without any is
/// rejected.
#[tokio::test]
async fn documented_requests_need_a_permission() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let metadata = shared.join("metadata/v1.0-global-clean.csdl");
    let Some(documented) = documented(&shared).filter(|_| metadata.exists()) else {
        // The test harness hides the output of `eprintln!` if the test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED documented_requests_need_a_permission: Graph's metadata and documented requests are \
             not in {}",
            shared.display()
        );
        return;
    };
    let tenant = Tenant::start(Emulator::builder().metadata("v1.0", metadata)).await;
    let (mut found, mut without) = (0, Vec::new());
    for (kind, requests) in documented {
        for (method, path) in requests {
            let token = delegated("");
            let (status, body) = tenant.send(method.clone(), &path, &token, None).await;
            let message = body["error"]["message"].as_str().unwrap_or("");
            match status {
                403 => found += 1,
                // The page misspells a segment, or the path is `root:/folder/file:`.
                404 if message.starts_with("Resource not found for the segment") => {}
                501 if message.starts_with("Addressing an item") => {}
                _ => without.push(format!("{kind} {method} {path}")),
            }
        }
    }
    let all = found + without.len();
    let without = without.join("\n");
    assert!(found * 100 >= all * 85, "{found} of {all}:\n{without}");
    assert!(all > 300, "{all}");
}
