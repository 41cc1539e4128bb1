//! `docs/index.md` describes the index.

#![cfg(feature = "index")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeSet;

use msgraph_codegen::Config;
use serde_json::{Value, json};

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

#[test]
fn an_operation_has_all_its_permissions() {
    let manifest = "tests/cases/permissions/graph.toml";
    let index = Config::new(manifest).generate().unwrap().index;
    let index: Value = serde_json::from_str(&index).unwrap();
    let permissions = |kind: &str, path: &str| {
        let mut operations = index["operations"].as_array().unwrap().iter();
        let is_it = |item: &&Value| item["kind"] == kind && item["path"] == path;
        operations.find(is_it).unwrap()["permissions"].clone()
    };
    let update = json!({
        "least": [],
        "higher": ["Book.ReadWrite.All", "Library.ReadWrite.All"],
        "partial": [{ "permission": "Book-Title.ReadWrite.All", "covers": "the property `title`" }],
    });
    assert_eq!(
        permissions("update", "/books/{book-id}"),
        json!({
            "delegated": update, "personal": null, "application": update,
            "origin": "map", "source": null,
        })
    );
    assert_eq!(
        permissions("get", "/books/{book-id}"),
        json!({
            "delegated": { "least": ["Book.Read"], "higher": ["Book.Read.All"], "partial": [] },
            "personal": null,
            "application": { "least": ["Book.Read.All and Place.Read.All"], "higher": [], "partial": [] },
            "origin": "facts",
            "source": "https://example.com/get-book",
        })
    );
    assert_eq!(permissions("list", "/places"), Value::Null);
}
