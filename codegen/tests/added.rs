//! Corrections of the metadata: by `type` in the manifest or the facts, and by another CSDL file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::path::Path;

use msgraph_codegen::Config;

/// The file with annotations from `docs/manifest.md`.
fn annotating(target: &str, term: &str) -> String {
    format!(
        r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
        <Schema Namespace="ours" xmlns="http://docs.oasis-open.org/odata/ns/edm">
        <Annotations Target="{target}"><Annotation Term="{term}" Bool="true" /></Annotations>
        </Schema></edmx:DataServices></edmx:Edmx>"#
    )
}

fn case() -> &'static Path {
    Path::new("tests/cases/added_properties")
}

/// The metadata, or a slice, may later contain the property that the manifest declares.
#[test]
fn a_declaration_of_the_same_type_changes_nothing() {
    let manifest = |more: &str| {
        format!(
            "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = \"metadata.csdl\" }}\n\
             [[update]]\npath = \"/key\"\n{more}"
        )
    };
    let generated = |more: &str| {
        let config = Config::new(case().join("graph.toml")).manifest_text(manifest(more));
        let generated = config.generate();
        generated.unwrap_or_else(|error| panic!("{error}")).code
    };
    let declared = "[property.\"microsoft.graph.method/state\"]\ntype = \"Edm.String\"\n";
    assert_eq!(generated(declared), generated(""));
}

#[test]
fn a_document_of_ones_own_annotates_the_published_one() {
    let directory = tempfile::tempdir().unwrap();
    let published = fs::canonicalize(case().join("metadata.csdl")).unwrap();
    let generated = |own: Option<String>| {
        let mut documents = vec![published.display().to_string()];
        if let Some(text) = own {
            fs::write(directory.path().join("ours.csdl"), text).unwrap();
            documents.push("ours.csdl".to_owned());
        }
        let manifest = directory.path().join("graph.toml");
        let text = format!(
            "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = {documents:?}\n[[update]]\npath = \"/key\"\n"
        );
        fs::write(&manifest, text).unwrap();
        let generated = Config::new(manifest).generate();
        generated.unwrap_or_else(|error| panic!("{error}")).code
    };
    let field = "pub state: __rt::Option<";
    assert!(generated(None).contains(field));
    let computed = annotating("microsoft.graph.method/state", "Org.OData.Core.V1.Computed");
    assert!(!generated(Some(computed)).contains(field));
}
