//! The built-in facts mark the values that Graph replaces.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports failures by panicking"
)]

mod published;

use std::path::Path;

use msgraph_codegen::Config;

/// Generates from a manifest with these entries, the published metadata and the built-in facts.
fn generated(metadata: &Path, entries: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("graph.toml");
    let text = format!("api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = {metadata:?}\n{entries}");
    std::fs::write(&manifest, text).unwrap();
    Config::new(&manifest).generate().unwrap().code
}

/// The table of a type.
fn table<'c>(code: &'c str, name: &str) -> &'c str {
    let (_, rest) = code.split_once(&format!(" {name}: \"")).unwrap();
    rest.split("}\n").next().unwrap()
}

#[test]
fn what_graph_replaces_is_marked() {
    let Some(metadata) = published::shared(
        "replaces::what_graph_replaces_is_marked",
        "metadata/v1.0-global.csdl",
    ) else {
        return;
    };
    let code = generated(
        &metadata,
        "[[update]]\npath = \"/users/{id}/extensions/{extension}\"\n\
         [[update]]\npath = \"/external/connections/{id}/items/{item}\"\n\
         [[update]]\npath = \"/organization/{id}\"\n",
    );
    let extension = table(&code, "OpenTypeExtensionPatch");
    let (head, rest) = extension.split_once('\n').unwrap();
    assert!(head.ends_with(", replaced;"), "{extension}");
    assert!(
        rest.trim_start().starts_with("not_sent \"id\";"),
        "{extension}"
    );
    let item = table(&code, "ExternalItemPatch");
    assert!(
        item.contains("\"properties\" properties: replaced;"),
        "{item}"
    );
    // No others are marked.
    assert_eq!(code.matches(", replaced;").count(), 1);
    assert_eq!(code.matches(": replaced;").count(), 1);
    assert_eq!(code.matches("/// Replaced as a whole: ").count(), 2);
}
