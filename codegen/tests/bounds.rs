//! Files made to be slow, deep or endless: each soon ends in an error that explains the problem.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use msgraph_codegen::Config;

/// Many times the usual time, because the machine may be busy with other tests.
const LIMIT: Duration = Duration::from_secs(60);

/// Generates from a file, and returns the error.
fn refused(schema: &str, manifest: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let document = format!(
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
         <edmx:DataServices><Schema Namespace=\"microsoft.graph\" \
         xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">{schema}</Schema></edmx:DataServices>\
         </edmx:Edmx>"
    );
    fs::write(directory.path().join("metadata.csdl"), document).unwrap();
    let path = directory.path().join("graph.toml");
    let head = "api-version = \"v1.0\"\nmetadata = { \"v1.0\" = \"metadata.csdl\" }\n";
    fs::write(&path, format!("{head}{manifest}")).unwrap();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let result = Config::new(path).generate();
        send.send(result.map(|_| ()).map_err(|error| error.to_string()))
    });
    match receive.recv_timeout(LIMIT) {
        Ok(Err(error)) => error,
        Ok(Ok(())) => panic!("nothing was wrong"),
        Err(why) => panic!("{why}: a panic, or a hang"),
    }
}

const EVERYTHING: &str = "[[update]]\npath = \"/**\"\n";

fn entity(name: &str, inner: &str) -> String {
    format!(
        "<EntityType Name=\"{name}\"><Key><PropertyRef Name=\"id\"/></Key>\
         <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/>{inner}</EntityType>"
    )
}

fn contained(name: &str, ty: &str) -> String {
    format!(
        "<NavigationProperty Name=\"{name}\" Type=\"microsoft.graph.{ty}\" ContainsTarget=\"true\"/>"
    )
}

fn container(ty: &str) -> String {
    format!(
        "<EntityContainer Name=\"c\"><Singleton Name=\"root\" Type=\"microsoft.graph.{ty}\"/></EntityContainer>"
    )
}

#[test]
fn a_chain_of_containment_is_bounded() {
    let mut schema: String = (0..1000)
        .map(|nth| {
            entity(
                &format!("t{nth}"),
                &contained(&format!("n{nth}"), &format!("t{}", nth + 1)),
            )
        })
        .collect();
    schema.push_str(&entity("t1000", ""));
    schema.push_str(&container("t0"));
    let error = refused(&schema, EVERYTHING);
    assert!(error.contains("more than 20000 paths below"), "{error}");
    let path: String = (0..1000).map(|nth| format!("/n{nth}")).collect();
    let error = refused(&schema, &format!("[[update]]\npath = \"/root{path}\"\n"));
    assert!(error.contains("more than 64 segments"), "{error}");
}

#[test]
fn complete_containment_is_bounded() {
    let types = 40;
    let mut schema: String = (0..types)
        .map(|from| {
            let inner: String = (0..types)
                .map(|to| contained(&format!("n{from}x{to}"), &format!("t{to}")))
                .collect();
            entity(&format!("t{from}"), &inner)
        })
        .collect();
    schema.push_str(&container("t0"));
    let error = refused(&schema, EVERYTHING);
    assert!(error.contains("more than 20000 paths below"), "{error}");
}

#[test]
fn a_line_of_base_types_is_bounded() {
    let schema: String = (0..20_000)
        .map(|nth| {
            format!(
                "<ComplexType Name=\"t{}\" BaseType=\"microsoft.graph.t{nth}\"/>",
                nth + 1
            )
        })
        .collect();
    let schema = format!("<ComplexType Name=\"t0\"/>{schema}");
    let error = refused(&schema, "[[struct]]\ntype = \"microsoft.graph.t9\"\n");
    assert!(error.contains("more than 100 base types"), "{error}");
}

#[test]
fn an_element_of_endless_attributes_is_refused() {
    let attributes: String = (0..100_000).map(|nth| format!(" a{nth}=\"\"")).collect();
    let error = refused(
        &format!("<ComplexType Name=\"t\"{attributes}/>"),
        EVERYTHING,
    );
    assert!(error.contains("more than 2000 attributes"), "{error}");
}

#[test]
fn a_flood_of_errors_is_cut_off() {
    let properties: String = (0..50_000)
        .map(|nth| format!("<Property Name=\"p{nth}\" Type=\"microsoft.graph.unknown{nth}\"/>"))
        .collect();
    let error = refused(
        &format!("<ComplexType Name=\"t\">{properties}</ComplexType>"),
        EVERYTHING,
    );
    assert_eq!(error.matches("unknown type").count(), 100);
    assert!(
        error.ends_with("error: and 49900 more of them"),
        "{}",
        error.len()
    );
}

#[test]
fn nested_annotations_are_bounded() {
    let depth = 5_000;
    let schema = format!(
        "<ComplexType Name=\"t\"><Annotation Term=\"a.b\">{}{}</Annotation></ComplexType>",
        "<Collection>".repeat(depth),
        "</Collection>".repeat(depth)
    );
    let error = refused(&schema, EVERYTHING);
    assert!(error.contains("nested more than 64 levels deep"), "{error}");
}
