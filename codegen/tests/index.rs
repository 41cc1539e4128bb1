//! `docs/index.md` describes the index.

#![cfg(feature = "index")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeSet;

use msgraph_codegen::Config;
use serde_json::Value;

/// The names of properties, except in `default`, which is a value of the API.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Object(properties) => {
            for (name, value) in properties {
                found.insert(name.clone());
                if name != "default" {
                    names(value, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_page_describes_every_property_and_no_other() {
    let page = std::fs::read_to_string("../docs/index.md").unwrap();
    let mut found = BTreeSet::new();
    for manifest in [
        "../metadata/graph.toml",
        "tests/cases/unions/graph.toml",
        "tests/cases/paths/graph.toml",
    ] {
        let index = Config::new(manifest).generate().unwrap().index;
        names(&serde_json::from_str(&index).unwrap(), &mut found);
    }
    for name in &found {
        let quoted = format!("`{name}`");
        assert!(page.contains(&quoted), "{name} is not described");
    }
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    for row in rows {
        let (cell, _) = row.split_once(" | ").expect("two cells");
        for name in cell.split(", ").map(|name| name.trim_matches('`')) {
            assert!(found.contains(name), "{name} is not in the index");
        }
    }
}
