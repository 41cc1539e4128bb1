//! A 403 names the permissions that the request needs and those that the token has, and nothing else of the token.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod loopback;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loopback::{Loopback, Play, answer};
use msgraph_runtime::error::{ResponseError, ServiceError};
use msgraph_runtime::request::Batch;
use msgraph_runtime::sans_io::{http, parse_response};
use msgraph_runtime::{AccessToken, Client, Cloud, Error, Page, Request};
use proptest::prelude::*;
use serde_json::{Value as Untyped, json};

const DENIED: &str = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}"#;

/// An unsigned JWT.
fn jwt(claims: &Untyped) -> String {
    let part = |json: &Untyped| URL_SAFE_NO_PAD.encode(json.to_string());
    let header = json!({ "typ": "JWT", "alg": "none" });
    format!("{}.{}.", part(&header), part(claims))
}

fn token(claims: &Untyped) -> AccessToken {
    AccessToken::new(jwt(claims)).unwrap()
}

fn user(scp: &str) -> AccessToken {
    token(&json!({ "aud": "https://graph.microsoft.com", "upn": "adele@contoso.com", "scp": scp }))
}

fn app(roles: &[&str]) -> AccessToken {
    token(&json!({ "idtyp": "app", "app_displayname": "Payroll", "roles": roles }))
}

fn opaque() -> AccessToken {
    AccessToken::new("EwB4A8l6BAAUs5-opaque").unwrap()
}

fn get() -> Request<'static, Untyped> {
    Request::get("v1.0", "/me/messages", &[])
}

fn rejected(status: u16) -> ServiceError {
    let response = http::Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(DENIED)
        .unwrap();
    match parse_response::<()>(&response).unwrap_err() {
        ResponseError::Service(error) => *error,
        error => panic!("{error}"),
    }
}

/// The part of the message that compares the permissions.
fn advice<R>(request: &Request<'_, R>, token: &AccessToken) -> String {
    let error = rejected(403).for_request(request).for_token(token);
    let shown = error.to_string();
    assert!(!shown.contains('\n'), "{shown}");
    let (_, advice) = shown.split_once("the operation; ").expect(&shown);
    advice.to_owned()
}

#[test]
fn the_message_compares_the_permissions() {
    let both = || get().permissions(&["Mail.Read"]);
    let with_role = || both().roles(&["Global Reader"]);
    let different = || {
        get()
            .delegated_permissions(&["Mail.Read"])
            .application_permissions(&["Mail.Read.Shared", "Mail.ReadBasic.All and User.Read.All"])
    };
    let delegated = || {
        get()
            .delegated_permissions(&["Mail.Read"])
            .roles(&["Global Reader"])
    };
    for (request, token, expected) in [
        // The token cannot be read.
        (
            both(),
            opaque(),
            "the least privileged permission is Mail.Read; higher ones also suffice (see `msgraph explain`)",
        ),
        (
            with_role(),
            opaque(),
            "the least privileged permission is Mail.Read, with role Global Reader for a signed-in user; \
             higher ones also suffice (see `msgraph explain`)",
        ),
        (
            different(),
            opaque(),
            "the least privileged permission is Mail.Read (delegated) or \
             Mail.Read.Shared, or Mail.ReadBasic.All and User.Read.All (application); \
             higher ones also suffice (see `msgraph explain`)",
        ),
        (
            delegated(),
            opaque(),
            "the least privileged delegated permission is Mail.Read, with role Global Reader; \
             higher ones also suffice (see `msgraph explain`)",
        ),
        (
            get().application_permissions(&["Mail.Read"]),
            opaque(),
            "the least privileged application permission is Mail.Read; \
             higher ones also suffice (see `msgraph explain`)",
        ),
        (
            get().roles(&["Global Reader", "User Administrator"]),
            opaque(),
            "the least privileged role of a signed-in user is Global Reader or User Administrator",
        ),
        (
            get(),
            opaque(),
            "check the permission that the request needs, and the role of a signed-in user",
        ),
        // A user's token.
        (
            with_role(),
            user("openid User.Read profile Calendars.Read email"),
            "the least privileged delegated permission is Mail.Read, with role Global Reader; \
             the token has delegated permissions User.Read, Calendars.Read; \
             if that suffices (see `msgraph explain`), \
             check the roles of the signed-in user and the policies of the tenant",
        ),
        (
            different(),
            user("User.Read"),
            "the least privileged delegated permission is Mail.Read; \
             the token has delegated permission User.Read; \
             if that suffices (see `msgraph explain`), \
             check the roles of the signed-in user and the policies of the tenant",
        ),
        (
            both(),
            user("openid"),
            "the least privileged delegated permission is Mail.Read; the token has no delegated permissions",
        ),
        (
            get().application_permissions(&["Mail.Read"]),
            user("Mail.Read"),
            "the least privileged application permission is Mail.Read; \
             the token has delegated permission Mail.Read; \
             if that suffices (see `msgraph explain`), \
             check the roles of the signed-in user and the policies of the tenant",
        ),
        (
            get(),
            user("User.Read"),
            "check the permission that the request needs, and the role of a signed-in user; \
             the token has delegated permission User.Read",
        ),
        (
            with_role(),
            user("User.Read Mail.Read"),
            "the token has delegated permission Mail.Read, so check that the signed-in user has role Global Reader or a higher one, \
             and the policies of the tenant",
        ),
        (
            both(),
            user("Mail.Read"),
            "the token has delegated permission Mail.Read, so check the roles of the signed-in user \
             and the policies of the tenant",
        ),
        // An application's token.
        (
            different(),
            app(&["Mail.ReadBasic.All"]),
            "the least privileged application permission is Mail.Read.Shared, or Mail.ReadBasic.All and \
             User.Read.All; the token has application permission Mail.ReadBasic.All; \
             if that suffices (see `msgraph explain`), check the policies that restrict the application",
        ),
        (
            different(),
            app(&["User.Read.All", "Mail.ReadBasic.All"]),
            "the token has application permission Mail.ReadBasic.All and User.Read.All, \
             so check the policies that restrict the application",
        ),
        (
            delegated(),
            app(&["Mail.Read"]),
            "the least privileged delegated permission is Mail.Read; \
             the token has application permission Mail.Read; \
             if that suffices (see `msgraph explain`), check the policies that restrict the application",
        ),
        (
            with_role(),
            app(&[]),
            "the least privileged application permission is Mail.Read; the token has no application permissions",
        ),
        (
            get(),
            app(&["User.Read.All"]),
            "check the permission that the request needs, and the role of a signed-in user; \
             the token has application permission User.Read.All",
        ),
    ] {
        assert_eq!(advice(&request, &token), expected);
    }
}

#[test]
fn a_long_list_of_permissions_is_shortened() {
    let others = "A.Read B.Read C.Read D.Read E.Read F.Read G.Read H.Read I.Read J.Read Mail.Send";
    assert_eq!(
        advice(&get().permissions(&["Mail.Read"]), &user(others)),
        "the least privileged delegated permission is Mail.Read; the token has delegated permissions \
         Mail.Send, A.Read, B.Read, C.Read, D.Read, E.Read, F.Read, G.Read and 3 more; \
         if that suffices (see `msgraph explain`), \
         check the roles of the signed-in user and the policies of the tenant"
    );
}

/// How claims are read is tested together with the emulator, in `tests/token_claims.rs` of the workspace.
#[test]
fn only_names_of_permissions_are_kept() {
    let names = json!([
        "eDiscovery.Read.All",
        "Group-NestingSupport.ReadWrite.All",
        "Policy.Read.B2BManagementPolicy",
        "openid",
        "offline_access",
        "adele@contoso.com",
        "contoso.onmicrosoft.com",
        "Mail.Read\n",
        "Mail..Read",
        ".Read",
        "Mail.Read.",
        "Mail.Lesen\u{e9}",
        "Mail.\u{202e}Read",
        "https://graph.microsoft.com/Mail.Read",
        "A1.B234",
        "8ab3-X.Y",
        "X".repeat(90) + ".Read",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.EyJzY3AiOiJNYWlsLlJlYWQifQ"
    ]);
    let permissions = token(&json!({ "roles": names })).permissions().unwrap();
    assert_eq!(
        permissions.names(),
        [
            "eDiscovery.Read.All",
            "Group-NestingSupport.ReadWrite.All",
            "Policy.Read.B2BManagementPolicy"
        ]
    );
}

#[test]
fn claims_are_read_after_a_403_only() {
    let token = user("User.Read");
    for status in [400, 401, 404, 429, 500] {
        let error = rejected(status).for_token(&token);
        assert_eq!(error.token_permissions(), None);
        assert!(!error.to_string().contains("User.Read"), "{error}");
    }
    let error = rejected(403).for_token(&token);
    assert_eq!(error.token_permissions().unwrap().names(), ["User.Read"]);
}

/// A claim that must not be shown. All contain `Zq`.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}Zq[a-z]{0,6}@[a-z]{2,8}\\.Com",
        "Zq[0-9a-f]{4,8}-[0-9a-f]{4}-[0-9a-f]{12}",
        "[a-zA-Z0-9_/+]{0,20}Zq[a-zA-Z0-9_/+]{0,20}",
        "[a-z]{2,6}\\.Zq[a-z]{2,6}\\.[a-z]{2,4}",
        "\\PC{0,8}Zq\\PC{0,8}!",
    ]
}

fn name() -> impl Strategy<Value = String> {
    "[A-Y][a-y]{2,9}(\\.[A-Y][a-y]{2,9}){1,2}"
}

fn claims() -> impl Strategy<Value = Untyped> {
    let list = || proptest::collection::vec(prop_oneof![secret(), name()], 0..12);
    let others = proptest::collection::btree_map(secret(), secret(), 0..6);
    let kind = prop_oneof![Just(json!("app")), Just(json!("user")), Just(Untyped::Null)];
    (list(), list(), kind, others, secret()).prop_map(|(scp, roles, kind, others, name)| {
        // A string with spaces is several names.
        let scp: Vec<String> = scp.iter().map(|name| name.replace(char::is_whitespace, "")).collect();
        json!({ "scp": scp.join(" "), "roles": roles, "idtyp": kind, "name": name, "x": { "y": [others] } })
    })
}

proptest! {
    #[test]
    fn nothing_but_permissions_is_shown(claims in claims(), signature in "[a-zA-Z0-9_-]{20,60}", known in any::<bool>()) {
        let token = AccessToken::new(jwt(&claims) + &signature).unwrap();
        let request = if known { get().permissions(&["Mail.Read"]) } else { get() };
        let error = rejected(403).for_request(&request).for_token(&token);
        let permissions = error.token_permissions().unwrap();
        let shown = format!("{error} {error:?} {error:#?} {permissions:?} {token:?}");
        prop_assert!(!shown.contains("Zq"), "{}", shown);
        for part in token.secret().expose().split('.').filter(|part| !part.is_empty()) {
            prop_assert!(!shown.contains(part), "{}", shown);
        }
        let granted = if permissions.is_application() { &claims["roles"] } else { &claims["scp"] };
        for name in permissions.names() {
            prop_assert!(granted.to_string().contains(name.as_str()), "{name}");
        }
    }

    #[test]
    fn malformed_tokens_show_nothing(token in "[!-~]{1,40}(\\.[!-~]{0,60}){0,3}", cut in 0..400_usize, flip in any::<u8>()) {
        // Half of them are a JWT with one wrong character.
        let mut whole = jwt(&json!({ "scp": "Zq@contoso", "name": "Zqname", "oid": "Zq-6f9619ff-8b86-d011" })).into_bytes();
        let at = cut % whole.len();
        whole[at] = b'!' + flip % 90;
        for token in [token, String::from_utf8(whole).unwrap()] {
            let Ok(token) = AccessToken::new(token) else { continue };
            let error = rejected(403).for_request(&get()).for_token(&token);
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains("Zq"), "{}", shown);
            let names = error.token_permissions().map(|permissions| permissions.names().len());
            prop_assert!(names.unwrap_or_default() == 0, "{}", shown);
            let secret = token.secret().expose();
            prop_assert!(secret.len() < 16 || !shown.contains(secret), "{}", shown);
        }
    }
}

fn client(server: &Loopback, token: AccessToken) -> Client {
    Client::builder(Cloud::Global, token)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap()
}

fn compares(error: &Error, needed: &str, held: &str) {
    let shown = error.to_string();
    assert_eq!(error.status(), Some(403));
    assert!(shown.contains(needed) && shown.contains(held), "{shown}");
    assert!(!shown.contains("adele"), "{shown}");
    let permissions = error.service().unwrap().token_permissions().unwrap();
    assert_eq!(permissions.names(), ["User.Read"]);
}

/// A single request, a page, content, a batch, and an item of a batch.
#[tokio::test]
async fn every_way_of_sending_compares_the_permissions() {
    const JSON: (&str, &str) = ("content-type", "application/json");
    let denied = || answer(403, &[JSON], DENIED);
    let of_item = json!({ "responses": [
        { "id": "0", "status": 200, "body": {} },
        { "id": "1", "status": 403, "body": serde_json::from_str::<Untyped>(DENIED).unwrap() },
    ] });
    let of_item = answer(200, &[JSON], &of_item.to_string());
    let script: [Play; 5] = [denied(), denied(), denied(), denied(), of_item];
    let server = Loopback::play(script).await;
    let client = client(&server, user("User.Read"));
    let get = || get().permissions(&["Mail.Read"]);
    let (needed, held) = (
        "the least privileged delegated permission is Mail.Read",
        "the token has delegated permission User.Read",
    );
    compares(&client.send(get()).await.unwrap_err(), needed, held);
    let mut pager = client.pages(get().reading::<Page<Untyped>>());
    compares(&pager.next().await.unwrap_err(), needed, held);
    let photo = Request::get_content("v1.0", "/me/photo/$value", &[]).permissions(&["Mail.Read"]);
    compares(&client.send(photo).await.unwrap_err(), needed, held);
    for denied in [[true, true], [false, true]] {
        let batch: Batch<'_> = [get(), get()].into_iter().collect();
        let results = client.send_batch(batch).await.into_rest();
        for (result, is_denied) in results.iter().zip(denied) {
            assert_eq!(result.is_err(), is_denied);
            if let Err(error) = result {
                compares(error, needed, held);
            }
        }
    }
}
