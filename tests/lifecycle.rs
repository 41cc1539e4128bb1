//! The generated functions for passes and group members, against an emulated tenant.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use msgraph_emulator::{Creation, Emulator, Fault, Moment};
use msgraph_tap::runtime::{
    AccessToken, Client, Cloud, Error, ErrorKind, Fate, Get, Request, RetryPolicy,
};
use msgraph_tap::{
    NewPass, Pass, TemporaryAccessPassPatch, directory_objects, groups, pass,
    temporary_access_pass, update_temporary_access_pass, users,
};
use serde_json::json;

const USER: &str = "adele@contoso.com";
const CODE: &str = "T+5gN!w8cQ";
const PASSES: &str = "/v1.0/users/adele@contoso.com/authentication/temporaryAccessPassMethods";

async fn tenant() -> (Emulator, Client) {
    let complete = |creation: &mut Creation| {
        creation.entity.insert("isUsable".into(), json!(true));
        let code = json!(CODE);
        creation
            .returned_once
            .insert("temporaryAccessPass".into(), code);
    };
    let emulator = Emulator::builder()
        .folder(concat!(env!("CARGO_MANIFEST_DIR"), "/metadata"))
        .seed(format!("/v1.0/users/{USER}"), json!({}))
        .seed("/v1.0/groups/sales", json!({}))
        .on_create(
            "/users/{id}/authentication/temporaryAccessPassMethods",
            complete,
        )
        .start()
        .await
        .unwrap();
    let client = Client::builder(
        Cloud::Global,
        AccessToken::new("secret of the test").unwrap(),
    )
    .root(emulator.root().parse().unwrap())
    .retry(RetryPolicy {
        base_delay: std::time::Duration::from_millis(1),
        ..RetryPolicy::default()
    })
    .build()
    .unwrap();
    (emulator, client)
}

/// Method and path of each request.
fn requests(emulator: &Emulator) -> Vec<String> {
    let log = emulator.log();
    let requests = log.iter();
    requests
        .map(|exchange| format!("{} {}", exchange.method, exchange.path))
        .collect()
}

async fn ids(client: &Client) -> Vec<String> {
    let passes = client.pages(pass::list(USER)).collect_up_to(100).await;
    passes
        .unwrap()
        .into_iter()
        .map(|pass| pass.id.unwrap())
        .collect()
}

#[tokio::test]
async fn the_life_of_a_pass() {
    let (emulator, client) = tenant().await;
    let new = NewPass::new().with_lifetime_in_minutes(60);
    let created = client.send(pass::create(USER, &new)).await.unwrap();
    assert_eq!(created.status, 201);
    let created = created.required().unwrap();
    let issued = &created.value;
    assert_eq!(issued.temporary_access_pass.get().unwrap().expose(), CODE);
    let id = issued.id.clone().unwrap();
    let location = created.location.as_deref().unwrap();
    assert!(
        location.starts_with(&format!("{}{PASSES}", emulator.root())) && location.contains(&id),
        "{location}"
    );
    let shown = format!("{created:?} {issued:?}");
    assert!(!shown.contains(CODE), "{shown}");

    let read = client.send(pass::get(USER, &id)).await.unwrap().value;
    assert_eq!(read.lifetime_in_minutes.get(), Some(&60));
    assert_eq!(read.is_usable.get(), Some(&true));
    assert_eq!(read.temporary_access_pass, None);
    let selected = pass::list(USER).select([Pass::IS_USABLE]);
    let page = client.send(selected).await.unwrap().value;
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].lifetime_in_minutes, None);

    let deleted = client.send(pass::delete(USER, &id)).await.unwrap();
    assert_eq!(deleted.status, 204);
    let gone = client.send(pass::get(USER, &id)).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    assert_eq!(
        requests(&emulator),
        [
            format!("POST {PASSES}"),
            format!("GET {PASSES}/{id}"),
            format!("GET {PASSES}"),
            format!("DELETE {PASSES}/{id}"),
            format!("GET {PASSES}/{id}"),
        ]
    );
    assert_eq!(emulator.log()[0].body, r#"{"lifetimeInMinutes":60}"#);
}

#[tokio::test]
async fn the_policy_is_read_and_changed_by_what_differs() {
    let (emulator, client) = tenant().await;
    let read = client.send(temporary_access_pass::get()).await.unwrap();
    let policy = read.value;
    assert_eq!(policy.default_length.get(), Some(&8));

    // Nothing differs.
    let same = policy.to_patch();
    let update = update_temporary_access_pass(&same);
    let changed = client.send_changes_from(update, &policy).await.unwrap();
    assert!(changed.sent().is_none());
    let desired = policy.to_patch().with_default_length(12);
    let update = update_temporary_access_pass(&desired);
    let changed = client.send_changes_from(update, &policy).await.unwrap();
    assert!(changed.sent().is_some());
    let log = emulator.log();
    assert_eq!(
        log.last().unwrap().body,
        r##"{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","defaultLength":12}"##
    );
    assert_eq!(log.len(), 2);
    let update = TemporaryAccessPassPatch::new().with_default_length(16);
    let request = update_temporary_access_pass(&update);
    assert_eq!(client.send(request).await.unwrap().status, 204);
}

#[tokio::test]
async fn group_members_are_added_listed_and_removed_by_reference() {
    let (emulator, client) = tenant().await;
    let add = async |reference| {
        client
            .send(groups::members::add_ref("sales", &reference))
            .await
    };
    assert_eq!(add(users::reference(USER)).await.unwrap().status, 204);
    // Adding a member again is an error, also by its other name.
    let again = add(directory_objects::reference(USER)).await.unwrap_err();
    assert_eq!(again.status(), Some(400), "{again}");
    let list = || groups::members::list("sales");
    let members = client.send(list()).await.unwrap().value.items;
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].id.as_deref(), Some(USER));
    let remove = || groups::members::remove_ref("sales", USER);
    assert_eq!(client.send(remove()).await.unwrap().status, 204);
    assert!(client.send(list()).await.unwrap().value.items.is_empty());
    assert!(client.send(remove()).await.unwrap_err().is_not_found());
    let body = &emulator.log()[0].body;
    let root = emulator.root();
    assert_eq!(
        *body,
        format!(r#"{{"@odata.id":"{root}/v1.0/users/{USER}"}}"#)
    );
    // The user is still there.
    assert!(emulator.state(&format!("/v1.0/users/{USER}")).is_some());
}

/// A create that may have been applied is sent once, and the error tells how to look.
#[tokio::test]
async fn a_pass_is_never_issued_twice() {
    let new = NewPass::new();
    for (fault, sent, issued) in [
        (Fault::Throttle { retry_after: None }, 2, 1),
        (Fault::Unavailable { retry_after: None }, 2, 1),
        (Fault::GatewayTimeout { applied: false }, 1, 0),
        (Fault::GatewayTimeout { applied: true }, 1, 1),
        (
            Fault::Disconnect {
                moment: Moment::BeforeApplying,
            },
            1,
            0,
        ),
        (
            Fault::Disconnect {
                moment: Moment::AfterApplying,
            },
            1,
            1,
        ),
        (Fault::HalfResponse, 1, 1),
    ] {
        let (emulator, client) = tenant().await;
        let case = format!("{fault:?}");
        emulator.fault(fault);
        let result = client.send(pass::create(USER, &new)).await;
        assert_eq!(emulator.requests_seen(), sent, "{case}");
        match (&result, sent) {
            (Ok(outcome), 2) => assert!(outcome.value.is_some(), "{case}"),
            (Err(error), _) => says_how_to_look(error, &case),
            (Ok(_), _) => panic!("{case}: the outcome is unknown"),
        }
        emulator.clear_faults();
        assert_eq!(ids(&client).await.len(), issued, "{case}");
    }
}

fn says_how_to_look(error: &Error, case: &str) {
    assert!(
        matches!(error.fate(), Fate::Unknown | Fate::Applied),
        "{case}: {error}"
    );
    let text = error.to_string();
    assert!(!text.contains(CODE), "{case}: {text}");
    if error.fate() == Fate::Unknown {
        let advice = "may have been created: look for it with GET /v1.0/users/{id}/authentication/temporaryAccessPassMethods";
        assert!(text.contains(advice), "{case}: {text}");
    }
}

#[tokio::test]
async fn a_list_loses_and_repeats_nothing() {
    for fault in [
        Fault::Throttle { retry_after: None },
        Fault::GatewayTimeout { applied: false },
        Fault::Disconnect {
            moment: Moment::AfterApplying,
        },
        Fault::HalfResponse,
    ] {
        let (emulator, client) = tenant().await;
        for number in 0..5 {
            let path = format!("/v1.0/users/user-{number}");
            emulator.seed(&path, json!({})).unwrap();
            let member = users::reference(&format!("user-{number}"));
            let add = groups::members::add_ref("sales", &member);
            client.send(add).await.unwrap();
        }
        let mut pager = client.pages(groups::members::list("sales").top(2));
        let mut read = Vec::new();
        while let Some(page) = pager.next().await.unwrap() {
            read.extend(page.items.into_iter().map(|member| member.id.unwrap()));
            emulator.fault(fault.clone());
        }
        emulator.clear_faults();
        read.sort();
        let expected: Vec<_> = (0..5).map(|number| format!("user-{number}")).collect();
        assert_eq!(read, expected, "{fault:?}");
    }
}

#[tokio::test]
async fn a_delete_that_may_have_been_applied_is_not_repeated() {
    let (emulator, client) = tenant().await;
    let new = NewPass::new();
    client.send(pass::create(USER, &new)).await.unwrap();
    let id = ids(&client).await.remove(0);
    let before = emulator.requests_seen();
    emulator.fault(Fault::GatewayTimeout { applied: true });
    let error = client.send(pass::delete(USER, &id)).await.unwrap_err();
    assert_eq!(error.fate(), Fate::Unknown, "{error}");
    assert_eq!(emulator.requests_seen() - before, 1);
    assert!(ids(&client).await.is_empty());
}

/// The function of a 403 names the permission and the role that the facts document.
#[tokio::test]
async fn a_forbidden_create_names_the_permission() {
    let (emulator, client) = tenant().await;
    emulator.fault(Fault::Raw {
        status: 403,
        headers: Vec::new(),
        body: r#"{"error":{"code":"accessDenied","message":"Request Authorization failed."}}"#
            .into(),
    });
    let new = NewPass::new();
    let error = client.send(pass::create(USER, &new)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service, "{error}");
    let text = error.to_string();
    for expected in [
        "UserAuthMethod-TAP.ReadWrite.All or UserAuthenticationMethod.ReadWrite.All",
        "Authentication Administrator",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}

/// What the client sends is what the documented requests look like.
#[test]
fn requests_are_those_of_the_reference() {
    let url = |request: Request<'_, ()>| {
        let prepared = request.prepare(&Cloud::Global.into()).unwrap();
        format!("{} {}", prepared.method(), prepared.uri())
    };
    assert_eq!(
        url(groups::members::remove_ref("g/1", "o'2")),
        "DELETE https://graph.microsoft.com/v1.0/groups/g%2F1/members/o%272/$ref"
    );
    assert_eq!(
        url(pass::delete("adele@contoso.com", "1")),
        "DELETE https://graph.microsoft.com/v1.0/users/adele@contoso.com/authentication/temporaryAccessPassMethods/1"
    );
}
