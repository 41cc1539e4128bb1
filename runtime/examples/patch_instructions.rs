//! Writes a small patch repeatedly, with the field table or with a serde struct, to count instructions:
//!
//! `valgrind --tool=callgrind target/release/examples/patch_instructions table 20000`, then `serde 20000`, and each again
//! with 10000. The difference is the cost of 10,000 bodies, without start-up.

use std::hint::black_box;

use msgraph_runtime::json::Structured;
use msgraph_runtime::{__private as __rt, Nullable};
use serde::Serialize;

const TYPE: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

#[derive(Clone)]
enum State {
    Enabled,
    UnknownValue(__rt::UnknownMember),
}
__rt::enumeration! {
    State: "microsoft.graph.authenticationMethodState";
    "enabled" Enabled;
}

struct Patch {
    exclude_targets: Option<Vec<Nested>>,
    state: Option<Nullable<State>>,
    default_length: Option<Nullable<i32>>,
    default_lifetime_in_minutes: Option<Nullable<i32>>,
    is_usable_once: Option<Nullable<bool>>,
    maximum_lifetime_in_minutes: Option<Nullable<i32>>,
    minimum_lifetime_in_minutes: Option<Nullable<i32>>,
    include_targets: Option<Vec<Nested>>,
}
__rt::body! {
    Patch: "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration", typed;
    "excludeTargets" exclude_targets;
    "state" state;
    "defaultLength" default_length;
    "defaultLifetimeInMinutes" default_lifetime_in_minutes;
    "isUsableOnce" is_usable_once;
    "maximumLifetimeInMinutes" maximum_lifetime_in_minutes;
    "minimumLifetimeInMinutes" minimum_lifetime_in_minutes;
    "includeTargets" include_targets;
}

struct Nested {
    id: Option<String>,
}
__rt::body! {
    Nested: "microsoft.graph.excludeTarget";
    "id" id;
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ByHand {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclude_targets: Option<Vec<NestedByHand>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_length: Option<Option<i32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_lifetime_in_minutes: Option<Option<i32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_usable_once: Option<Option<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_lifetime_in_minutes: Option<Option<i32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_lifetime_in_minutes: Option<Option<i32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    include_targets: Option<Vec<NestedByHand>>,
}

#[derive(Default, Serialize)]
struct NestedByHand {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let way = arguments.next().unwrap_or_default();
    let count: usize = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .unwrap_or(1);
    let table = Patch {
        is_usable_once: Some(true.into()),
        ..Patch::default()
    };
    let by_hand = ByHand {
        odata_type: TYPE,
        is_usable_once: Some(Some(true)),
        ..ByHand::default()
    };
    let mut written = 0;
    for _ in 0..count {
        written += match way.as_str() {
            "table" => black_box(&table)
                .to_json()
                .map_or(0, |body| black_box(body).len()),
            "serde" => {
                serde_json::to_vec(black_box(&by_hand)).map_or(0, |body| black_box(body).len())
            }
            _ => {
                eprintln!("usage: patch_instructions table|serde COUNT");
                std::process::exit(2);
            }
        };
    }
    println!("{written} bytes");
}
