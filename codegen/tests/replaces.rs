//! The shipped facts mark the values that Graph replaces.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports failures by panicking"
)]

mod published;

use std::path::Path;

use msgraph_codegen::Config;

/// Generates from a manifest with these entries, the published metadata and the shipped facts.
fn generated(metadata: &Path, entries: &str) -> String {
    let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metadata/facts.toml");
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("graph.toml");
    let text = format!(
        "api-version = \"v1.0\"\nfacts = {facts:?}\n[metadata]\n\"v1.0\" = {metadata:?}\n{entries}"
    );
    std::fs::write(&manifest, text).unwrap();
    Config::new(&manifest).generate().unwrap().code
}

/// The `impl Structured` of a type.
fn implementation<'c>(code: &'c str, name: &str) -> &'c str {
    let (_, rest) = code
        .split_once(&format!("impl Structured for {name} {{"))
        .unwrap();
    rest.split("\n}\n").next().unwrap()
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
    let extension = implementation(&code, "OpenTypeExtensionPatch");
    assert!(
        extension.contains("fn replaces(&self) -> bool"),
        "{extension}"
    );
    assert!(extension.contains("&[\"id\"]"), "{extension}");
    let item = implementation(&code, "ExternalItemPatch");
    assert!(
        item.contains("(\"properties\", &Replaced(&self.properties))"),
        "{item}"
    );
    // No others are marked.
    assert_eq!(code.matches("fn replaces(").count(), 1);
    assert_eq!(code.matches("&Replaced(").count(), 1);
    assert_eq!(code.matches("/// Replaced as a whole: ").count(), 2);
}
