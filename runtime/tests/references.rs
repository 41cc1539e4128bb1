//! References are absolute on the wire, in any position, and are not sent again if they are already bound.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

mod loopback;

use loopback::{Loopback, answer};
use msgraph_runtime::edm::{Reference, Untyped};
use msgraph_runtime::json::{Structured, from_json};
use msgraph_runtime::request::{Batch, Changed, Root, diff};
use msgraph_runtime::{__private as __rt, AccessToken, Client, Cloud, Nullable, Request};
use serde_json::{Value, json};

struct Group {
    name: Option<String>,
    manager: Option<Nullable<Reference>>,
    members: Option<Vec<Reference>>,
    nested: Option<Vec<Group>>,
}
__rt::model! {
    Group: "microsoft.graph.group";
    "displayName" name;
    "manager@odata.bind" manager;
    "members@odata.bind" members;
    "nested" nested;
}
fn reference(url: &str) -> Reference {
    url.parse().unwrap()
}

fn members(urls: &[&str]) -> Group {
    Group {
        members: Some(urls.iter().map(|url| reference(url)).collect()),
        ..Group::default()
    }
}

fn body_at(root: &Root, version: &'static str, body: &dyn Structured) -> Value {
    let request = Request::patch(version, "/groups/{id}", &[&"7"], body);
    let body = request.prepare(root).unwrap().into_body();
    serde_json::from_slice(&body).unwrap()
}

#[test]
fn a_relative_reference_is_sent_absolute() {
    let global = Root::from(Cloud::Global);
    let table = [
        (
            "directoryObjects/1",
            "https://graph.microsoft.com/v1.0/directoryObjects/1",
        ),
        (
            "/directoryObjects/1",
            "https://graph.microsoft.com/v1.0/directoryObjects/1",
        ),
        (
            "/v1.0/directoryObjects/1",
            "https://graph.microsoft.com/v1.0/directoryObjects/1",
        ),
        (
            "beta/directoryObjects/1",
            "https://graph.microsoft.com/beta/directoryObjects/1",
        ),
        (
            "directoryObjects('a''b')",
            "https://graph.microsoft.com/v1.0/directoryObjects('a''b')",
        ),
        ("users/a:b", "https://graph.microsoft.com/v1.0/users/a:b"),
        // Below any root.
        (
            "//evil.example/1",
            "https://graph.microsoft.com/v1.0/evil.example/1",
        ),
        (
            "@evil.example/1",
            "https://graph.microsoft.com/v1.0/@evil.example/1",
        ),
        (":80/1", "https://graph.microsoft.com/v1.0/:80/1"),
        (r#"a"/b\c"#, r#"https://graph.microsoft.com/v1.0/a"/b\c"#),
        (
            "1://evil.example",
            "https://graph.microsoft.com/v1.0/1://evil.example",
        ),
        // Unchanged.
        (
            "https://elsewhere.example/x/1",
            "https://elsewhere.example/x/1",
        ),
        (
            "HTTPS://graph.microsoft.us/v1.0/users/1",
            "HTTPS://graph.microsoft.us/v1.0/users/1",
        ),
    ];
    for (given, sent) in table {
        let body = body_at(&global, "v1.0", &members(&[given, given]));
        assert_eq!(body, json!({"members@odata.bind": [sent, sent]}), "{given}");
        // Read from JSON instead of parsed.
        let text = json!({"manager@odata.bind": given}).to_string();
        let patch: Group = from_json(&text).unwrap();
        assert_eq!(
            body_at(&global, "v1.0", &patch),
            json!({"manager@odata.bind": sent})
        );
    }
}

#[test]
fn references_use_the_root_and_version_of_the_request() {
    let to = Reference::to("/users/{id}", &[&"ä/b@contoso.com"]);
    let patch = Group {
        name: Some("{\"a\":[\"é".into()),
        manager: Some(Nullable::Value(to.clone())),
        nested: Some(vec![Group {
            members: Some(vec![to]),
            ..Group::default()
        }]),
        ..Group::default()
    };
    let local: Root = "http://127.0.0.1:8080".parse().unwrap();
    let roots = [
        (Root::from(Cloud::Global), "https://graph.microsoft.com"),
        (
            Root::from(Cloud::China),
            "https://microsoftgraph.chinacloudapi.cn",
        ),
        (Root::from(Cloud::UsGovL4), "https://graph.microsoft.us"),
        (Root::from(Cloud::UsGovL5), "https://dod-graph.microsoft.us"),
        (local, "http://127.0.0.1:8080"),
    ];
    for (root, start) in roots {
        for version in ["v1.0", "beta"] {
            let url = format!("{start}/{version}/users/%C3%A4%2Fb@contoso.com");
            let expected = json!({
                "displayName": "{\"a\":[\"é",
                "manager@odata.bind": url,
                "nested": [{"members@odata.bind": [url]}],
            });
            assert_eq!(body_at(&root, version, &patch), expected);
            // A body reduced to its changes has the same URLs.
            let changes = diff(&json!({"displayName": "b"}), &patch).unwrap();
            assert_eq!(body_at(&root, version, &changes), expected);
        }
    }
}

#[test]
fn bound_references_are_not_sent_again() {
    let current = json!({
        "manager": {"@odata.type": "#microsoft.graph.user", "id": "m"},
        "members": [
            {"id": "6F9619FF-8B86-D011-B42D-00CF4FC964FF"},
            {"id": "2", "@odata.id": "https://graph.microsoft.com/v2/t/directoryObjects/2/Microsoft.DirectoryServices.User"},
        ],
    });
    let by_reference = json!({
        "manager@odata.bind": "https://graph.microsoft.com/v1.0/directoryObjects/m",
        "members@odata.bind": [
            "https://graph.microsoft.com/v1.0/directoryObjects/6F9619FF-8B86-D011-B42D-00CF4FC964FF",
            "/directoryObjects('2')",
        ],
    });
    let first =
        "https://graph.microsoft.com/v1.0/directoryObjects/6f9619ff-8b86-d011-b42d-00cf4fc964ff";
    let mut desired = members(&[
        first,
        "directoryObjects/2",
        "directoryObjects/3",
        "/directoryObjects/3",
    ]);
    desired.manager = Some(Nullable::Value(reference("directoryObjects/m")));
    for current in [&current, &by_reference] {
        let changes = diff(current, &desired).unwrap();
        assert_eq!(
            changes.to_json().unwrap(),
            r#"{"members@odata.bind":["directoryObjects/3"]}"#
        );
        let there = members(&["/directoryObjects/2", first]);
        assert!(diff(current, &there).unwrap().is_empty());
        assert!(diff(current, &members(&[])).unwrap().is_empty());
        let unbound = Group {
            manager: Some(Nullable::Null),
            ..Group::default()
        };
        assert_eq!(
            diff(current, &unbound).unwrap().to_json().unwrap(),
            r#"{"manager@odata.bind":null}"#
        );
    }
    // All are sent, whether the collection was not read, or is empty.
    for current in [json!({}), json!({"members": [], "manager": null})] {
        let sent = diff(&current, &desired).unwrap().to_value().unwrap();
        assert_eq!(sent["members@odata.bind"].as_array().unwrap().len(), 3);
        assert_eq!(sent["manager@odata.bind"], "directoryObjects/m");
    }
    let none = Group {
        manager: Some(Nullable::Null),
        ..Group::default()
    };
    assert!(diff(&json!({"manager": null}), &none).unwrap().is_empty());
}

fn client(server: &Loopback) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("t").unwrap())
        .root(server.root.parse().unwrap())
        .build()
        .unwrap()
}

fn sent(server: &Loopback, at: usize) -> Untyped {
    serde_json::from_str(&server.seen()[at].body).unwrap()
}

#[test]
fn an_invalid_reference_is_an_error_of_the_body() {
    for (key, problem) in [
        ("", "the key for {id} is empty"),
        (
            "..",
            "the key for {id} is \"..\", which is not allowed as a path segment",
        ),
    ] {
        let patch = Group {
            members: Some(vec![
                "users/1".parse().unwrap(),
                Reference::to("/users/{id}", &[&key]),
            ]),
            ..Group::default()
        };
        let request = Request::patch("v1.0", "/groups/{id}", &[&"7"], &patch);
        let error = request.prepare(&Cloud::Global.into()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot write the body: members@odata.bind[1]: invalid reference: {problem}")
        );
        assert!(diff(&json!({}), &patch).is_err());
    }
}

#[tokio::test]
async fn references_in_batch_items_are_absolute() {
    let done = json!({"responses": [{"id": "0", "status": 204}]}).to_string();
    let json_body = [("content-type", "application/json")];
    let server = Loopback::play([answer(200, &json_body, &done)]).await;
    let patch = members(&["directoryObjects/1"]);
    let mut batch = Batch::new();
    batch.push(Request::patch("beta", "/groups/{id}", &[&"7"], &patch));
    client(&server).send_batch(batch).await.into_rest();
    let url = format!("{}/beta/directoryObjects/1", server.root);
    assert_eq!(
        sent(&server, 0)["requests"][0]["body"],
        json!({"members@odata.bind": [url]})
    );
}

#[tokio::test]
async fn changes_against_a_resource_that_the_caller_read() {
    let none = answer(204, &[("request-id", "r")], "");
    let server = Loopback::play([none]).await;
    let current = json!({
        "@odata.etag": "W/\"3\"",
        "displayName": "a",
        "members": [{"id": "1"}],
    });
    let mut patch = members(&["directoryObjects/1", "directoryObjects/2"]);
    patch.name = Some("a".into());
    let update = |patch| Request::patch("v1.0", "/groups/{id}", &[&"7"], patch).if_match_required();
    let outcome = client(&server)
        .send_changes_from(update(&patch), &current)
        .await;
    assert_eq!(outcome.unwrap().sent().unwrap().status, 204);
    let url = format!("{}/v1.0/directoryObjects/2", server.root);
    assert_eq!(sent(&server, 0), json!({"members@odata.bind": [url]}));
    assert_eq!(server.seen()[0].header("if-match"), "W/\"3\"");

    let patch = members(&["directoryObjects/1"]);
    let outcome = client(&server)
        .send_changes_from(update(&patch), &current)
        .await;
    assert_eq!(outcome.unwrap(), Changed::AsDesired);
    let empty = Group::default();
    let unchanged = client(&server)
        .send_changes_from(update(&empty), &current)
        .await;
    assert_eq!(unchanged.unwrap(), Changed::AsDesired);
    assert_eq!(server.seen().len(), 1);
}
