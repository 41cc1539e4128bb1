//! The runtime's `include_graph!` allows the same lints as checked-in code.

#![allow(clippy::unwrap_used, reason = "a test reports failures by panicking")]

use std::fs;

use msgraph_codegen::ALLOWED_LINTS;

#[test]
fn included_and_checked_in_code_allow_the_same_lints() {
    let text = fs::read_to_string("../runtime/src/private/include.rs").unwrap();
    let (_, list) = text.split_once("#[allow(").unwrap();
    let (list, _) = list.split_once(")]").unwrap();
    let lints: Vec<&str> = list.split(',').map(str::trim).collect();
    assert_eq!(lints, ALLOWED_LINTS);
}
