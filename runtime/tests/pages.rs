//! Pages, and values that are not objects, as response types.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

use msgraph_runtime::edm::{AnyOf, DeltaItem, Flags, Removal, Untyped};
use msgraph_runtime::error::ResponseError;
use msgraph_runtime::request::{Accepted, PageLink, Response};
use msgraph_runtime::sans_io::{DryRun, http, parse_response};
use msgraph_runtime::{__private as __rt, Cloud, Fate, Nullable, Outcome, Page, Request};
use serde_json::json;

struct User {
    id: Option<String>,
    mail: Option<Nullable<String>>,
}
__rt::model! {
    User: "microsoft.graph.user";
    is AnyDirectoryObject;
    "id" id [ID];
    "mail" mail [MAIL];
}

struct Group {
    visibility: Option<Nullable<String>>,
}
__rt::model! {
    Group: "microsoft.graph.group";
    is AnyDirectoryObject;
    "visibility" visibility [VISIBILITY];
}

enum AnyDirectoryObject {}
__rt::union! {
    AnyDirectoryObject;
    "microsoft.graph.group" Group;
    "microsoft.graph.user" User;
}

#[derive(Clone)]
enum State {
    Enabled,
    Disabled,
    UnknownValue(__rt::UnknownMember),
}
__rt::enumeration! {
    State: "microsoft.graph.state";
    "enabled" Enabled;
    "disabled" Disabled;
}

fn parsed<R: Response>(status: u16, body: &str) -> Result<Outcome<R>, ResponseError> {
    let response = http::Response::builder()
        .status(status)
        .header("request-id", "r-1");
    parse_response(&response.body(body).unwrap())
}

fn read<R: Response>(body: &Untyped) -> Outcome<R> {
    parsed(200, &body.to_string()).unwrap()
}

fn message<R: Response + std::fmt::Debug>(body: &Untyped) -> String {
    parsed::<R>(200, &body.to_string()).unwrap_err().to_string()
}

fn user(id: &str) -> User {
    User {
        id: Some(id.to_owned()),
        mail: None,
    }
}

#[test]
fn a_page_has_items_count_and_links() {
    let outcome = read::<Page<User>>(&json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users",
        "@odata.count": 7,
        "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=a",
        "@microsoft.graph.tips": "…",
        "value": [{ "id": "1" }, { "id": "2", "new": true }],
        "hasMore": true
    }));
    let page = outcome.value;
    assert_eq!(page.items, [user("1"), user("2")]);
    assert_eq!(page.count, Some(7));
    let next = page.next_link.unwrap();
    assert_eq!(
        next.as_str(),
        "https://graph.microsoft.com/v1.0/users?$skiptoken=a"
    );
    assert_eq!(page.delta_link, None);
    let notes: Vec<String> = outcome.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "/value/1/new: unknown property",
            "/hasMore: unknown property"
        ]
    );

    let last = read::<Page<Untyped>>(
        &json!({ "value": [], "@odata.deltaLink": "https://graph.microsoft.com/v1.0/d?$deltatoken=b" }),
    );
    assert_eq!(last.value.items.len(), 0);
    assert_eq!(last.value.next_link, None);
    assert!(last.value.delta_link.is_some() && last.notes.is_empty());
}

#[test]
fn items_may_be_primitive_or_deleted() {
    let groups = read::<Page<String>>(&json!({ "value": ["g-1", "g-2"] }));
    assert_eq!(groups.value.items, ["g-1", "g-2"]);
    let states = read::<Page<State>>(&json!({ "value": ["enabled", "later"] }));
    assert_eq!(states.value.items[0], State::Enabled);
    assert_eq!(states.value.items[1].as_str(), "later");
    let changes = read::<Page<DeltaItem<User>>>(
        &json!({ "value": [{ "id": "1" }, { "id": "2", "@removed": { "reason": "deleted" } }] }),
    );
    assert_eq!(changes.value.items[0], DeltaItem::Changed(user("1")));
    let deleted = DeltaItem::Removed(Removal::Deleted, user("2"));
    assert_eq!(changes.value.items[1], deleted);
    assert!(changes.notes.is_empty());
}

#[test]
fn an_item_that_is_removed_for_an_unknown_reason_is_not_lost() {
    let changes = read::<Page<DeltaItem<User>>>(
        &json!({ "value": [{ "id": "1", "@removed": { "reason": "moved" } }] }),
    );
    let removed = DeltaItem::Removed(Removal::Changed, user("1"));
    assert_eq!(changes.value.items, [removed]);
    assert_eq!(changes.notes.len(), 1);
    assert!(
        changes.notes[0]
            .to_string()
            .starts_with("/value/0/@removed: ")
    );
}

#[test]
fn a_page_that_would_be_incomplete_is_an_error() {
    assert_eq!(
        message::<Page<User>>(&json!({ "value": [{ "id": "1" }, 2] })),
        "200, but the body cannot be read: /value/1: expected an object, found the number 2"
    );
    assert_eq!(
        message::<Page<User>>(&json!({ "id": "1" })),
        "200, but the body cannot be read: /value: expected an array, found null"
    );
    assert_eq!(
        message::<Page<User>>(&json!({ "value": [], "@odata.nextLink": 7 })),
        "200, but the body cannot be read: /@odata.nextLink: expected a URL, found the number 7"
    );
    let missing = parsed::<Page<User>>(204, "").unwrap_err();
    assert_eq!(
        missing.to_string(),
        "204, but the response has no body to read"
    );
    assert_eq!(missing.fate(), Fate::Applied);
}

#[test]
fn a_value_that_is_no_object_is_read_from_the_property_value() {
    let context = "https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean";
    let truth = json!({ "@odata.context": context, "value": true });
    assert!(read::<bool>(&truth).value);
    assert_eq!(read::<Option<bool>>(&truth).value, Some(true));
    assert_eq!(read::<i32>(&json!({ "value": 7 })).value, 7);
    assert_eq!(read::<String>(&json!({ "value": "a" })).value, "a");
    assert_eq!(
        read::<State>(&json!({ "value": "disabled" })).value,
        State::Disabled
    );
    let flags = read::<Flags<State>>(&json!({ "value": "enabled,disabled" }));
    assert!(flags.value.contains(&State::Disabled));
    assert_eq!(read::<Vec<i32>>(&json!({ "value": [1, 2] })).value, [1, 2]);
    // A structured value is the body itself, and may have a property with this name.
    assert_eq!(read::<User>(&json!({ "id": "1" })).value, user("1"));
    assert_eq!(read::<Untyped>(&truth).value, truth);

    assert_eq!(parsed::<Option<bool>>(204, "").unwrap().value, None);
    assert_eq!(read::<Option<bool>>(&json!({ "value": null })).value, None);
    assert_eq!(
        message::<bool>(&json!({ "value": "yes" })),
        "200, but the body cannot be read: /value: expected true or false, found a string"
    );
}

#[test]
fn properties_are_selected_of_the_items() {
    let get = || Request::get("v1.0", "/x", &[]);
    let query = |headers: http::Uri| headers.query().unwrap().to_owned();
    let uri = |request: Request<'_, Page<User>>| {
        request
            .prepare(&msgraph_runtime::Cloud::Global.into())
            .unwrap()
            .uri()
            .clone()
    };
    let users = get()
        .reading::<Page<User>>()
        .select([User::ID])
        .select([User::MAIL]);
    assert_eq!(query(uri(users)), "$select=id,mail");
    let changes = get().reading::<Page<DeltaItem<User>>>().select([User::ID]);
    assert_eq!(query(uri(changes.reading())), "$select=id");
    let members = get().reading::<Page<AnyOf<AnyDirectoryObject>>>();
    let members = members.select([User::MAIL]).select([Group::VISIBILITY]);
    assert_eq!(query(uri(members.reading())), "$select=mail,visibility");
}

#[test]
fn debug_hides_the_token_of_a_link_also_in_the_arguments_of_a_function() {
    for (link, shown) in [
        (
            "https://graph.microsoft.com/v1.0/drives/d/root/delta(token='T0K3N')?$top=5",
            "https://graph.microsoft.com/v1.0/drives/d/root/delta(***",
        ),
        (
            "https://graph.microsoft.com/v1.0/users?$skiptoken=T0K3N",
            "https://graph.microsoft.com/v1.0/users?***",
        ),
    ] {
        let link: PageLink = link.parse().unwrap();
        assert_eq!(format!("{link:?}"), format!("PageLink({shown:?})"));
        let list = Request::get("v1.0", "/users", &[]).reading::<Page<Untyped>>();
        let prepared = list.at(link).prepare(&Cloud::Global.into()).unwrap();
        let shown = format!("{:?}", DryRun::from(prepared));
        assert!(!shown.contains("T0K3N"), "{shown}");
    }
}

/// The URL to monitor a copy of a file works without a token.
#[test]
fn debug_hides_the_query_of_a_location() {
    let response = |status: u16| {
        let url = "https://contoso.sharepoint.com/monitor/1?tempauth=T0K3N";
        let response = http::Response::builder().status(status);
        response.header("location", url).body("").unwrap()
    };
    let accepted = parse_response::<Option<Untyped>>(&response(202)).unwrap();
    let shown = [
        format!("{accepted:?}"),
        format!("{:?}", accepted.required().unwrap_err()),
        format!("{:?}", parse_response::<()>(&response(302)).unwrap_err()),
        format!(
            "{:?}",
            parse_response::<Accepted>(&response(202)).unwrap().value
        ),
    ];
    for shown in shown {
        assert!(shown.contains("/monitor/1?***"), "{shown}");
        assert!(!shown.contains("T0K3N"), "{shown}");
    }
}
