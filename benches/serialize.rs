//! Compares writing a body with a hand-written serde struct.
//!
//! Run `cargo bench --bench serialize`. To count instructions, see `docs/performance.md`.

#![allow(clippy::unwrap_used, reason = "a bench reports failures by panicking")]

use divan::{AllocProfiler, black_box};
use msgraph_tap::TemporaryAccessPassPatch;
use msgraph_tap::runtime::json::Structured;
use serde::Serialize;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// What a careful developer would write by hand.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ByHand {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Option<&'static str>>,
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
}

#[divan::bench]
fn by_hand() -> Vec<u8> {
    let patch = ByHand {
        odata_type: "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
        state: None,
        default_length: None,
        default_lifetime_in_minutes: None,
        is_usable_once: Some(Some(true)),
        maximum_lifetime_in_minutes: None,
        minimum_lifetime_in_minutes: None,
    };
    serde_json::to_vec(&black_box(patch)).unwrap()
}

#[divan::bench]
fn generated() -> String {
    let patch = TemporaryAccessPassPatch::new().with_is_usable_once(true);
    black_box(patch).to_json().unwrap()
}
