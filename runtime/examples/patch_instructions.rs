//! Writes a small patch repeatedly, with the field table or with a serde struct, to count instructions:
//!
//! `valgrind --tool=callgrind target/release/examples/patch_instructions table 20000`, then `serde 20000`, and each again
//! with 10000. The difference is the cost of 10,000 bodies, without start-up.

use std::hint::black_box;

use msgraph_runtime::{Enumeration, FieldVisitor, Nullable, Open, Structured, VisitResult};
use serde::Serialize;

const TYPE: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Enabled,
}
impl Enumeration for State {
    const TYPE_NAME: &'static str = "microsoft.graph.authenticationMethodState";
    const MEMBERS: &'static [(&'static str, Self)] = &[("enabled", Self::Enabled)];
}

#[derive(Debug, Default)]
struct Patch {
    exclude_targets: Option<Vec<Nested>>,
    state: Option<Nullable<Open<State>>>,
    default_length: Option<Nullable<i32>>,
    default_lifetime_in_minutes: Option<Nullable<i32>>,
    is_usable_once: Option<Nullable<bool>>,
    maximum_lifetime_in_minutes: Option<Nullable<i32>>,
    minimum_lifetime_in_minutes: Option<Nullable<i32>>,
    include_targets: Option<Vec<Nested>>,
}
impl Structured for Patch {
    #[inline]
    fn type_name(&self) -> &'static str {
        "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
    }
    #[inline]
    fn odata_type(&self) -> Option<&'static str> {
        Some(TYPE)
    }
    #[inline]
    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        visitor.fields(&[
            ("excludeTargets", &self.exclude_targets),
            ("state", &self.state),
            ("defaultLength", &self.default_length),
            (
                "defaultLifetimeInMinutes",
                &self.default_lifetime_in_minutes,
            ),
            ("isUsableOnce", &self.is_usable_once),
            (
                "maximumLifetimeInMinutes",
                &self.maximum_lifetime_in_minutes,
            ),
            (
                "minimumLifetimeInMinutes",
                &self.minimum_lifetime_in_minutes,
            ),
            ("includeTargets", &self.include_targets),
        ])
    }
}

#[derive(Debug, Default)]
struct Nested {
    id: Option<String>,
}
impl Structured for Nested {
    #[inline]
    fn type_name(&self) -> &'static str {
        "microsoft.graph.excludeTarget"
    }
    #[inline]
    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        visitor.fields(&[("id", &self.id)])
    }
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
