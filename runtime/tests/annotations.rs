//! `X@odata.type` is sent together with `X`.
#![allow(missing_docs, clippy::unwrap_used)] // a test may fail loudly

use msgraph_runtime::edm::{DynamicProperties, Untyped};
use msgraph_runtime::error::RequestError;
use msgraph_runtime::json::Structured;
use msgraph_runtime::request::diff;
use msgraph_runtime::{__private as __rt, Request};
use serde_json::json;

struct Extension {
    name: Option<String>,
    dynamic: DynamicProperties,
}
__rt::body! {
    Extension: "microsoft.graph.openTypeExtension";
    "extensionName" name;
    ..dynamic;
}

fn extension(properties: &[(&str, Untyped)]) -> Extension {
    let mut extension = Extension::default();
    for (name, value) in properties {
        extension.dynamic.insert(*name, value.clone()).unwrap();
    }
    extension
}

const STRINGS: &str = "Collection(Edm.String)";

#[test]
fn a_type_annotation_alone_is_no_difference() {
    let desired = extension(&[("tags@odata.type", json!(STRINGS)), ("tags", json!(["a"]))]);
    for current in [
        json!({"tags": ["a"]}),
        json!({"tags": ["a"], "tags@odata.type": "#Collection(String)"}),
        json!({"tags": ["a"], "tags@odata.type": STRINGS}),
        json!({"tags": ["a"], "tags@odata.type": "#Collection(Int32)"}),
    ] {
        assert!(diff(&current, &desired).unwrap().is_empty(), "{current}");
    }
    // Also within the value of a property. The type of an object is compared only if both values name it.
    let desired = extension(&[("place", json!({"at@odata.type": "#Double", "at": 1}))]);
    let current = json!({"place": {"@odata.type": "#microsoft.graph.place", "at": 1.0}});
    assert!(diff(&current, &desired).unwrap().is_empty());
    let desired = extension(&[("place", json!({"@odata.type": "graph.place", "at": 1}))]);
    assert!(diff(&current, &desired).unwrap().is_empty());
    let desired = extension(&[("place", json!({"@odata.type": "graph.room", "at": 1}))]);
    assert!(!diff(&current, &desired).unwrap().is_empty());
}

#[test]
fn a_type_annotation_is_sent_with_its_property() {
    let desired = extension(&[
        ("tags@odata.type", json!(STRINGS)),
        ("tags", json!(["a", "b"])),
        ("count@odata.type", json!("#Int64")),
        ("count", json!(5)),
    ]);
    let current = json!({"tags": ["a"], "tags@odata.type": STRINGS, "count": 5});
    let update = diff(&current, &desired).unwrap().to_json().unwrap();
    assert_eq!(
        update,
        r#"{"tags@odata.type":"Collection(Edm.String)","tags":["a","b"]}"#
    );

    // For a declared property.
    let mut desired = extension(&[("extensionName@odata.type", json!("#String"))]);
    desired.name = Some("a".into());
    let both = r##"{"extensionName":"a","extensionName@odata.type":"#String"}"##;
    assert_eq!(desired.to_json().unwrap(), both);
    assert_eq!(diff(&json!({}), &desired).unwrap().to_json().unwrap(), both);
    assert!(
        diff(&json!({"extensionName": "a"}), &desired)
            .unwrap()
            .is_empty()
    );

    // For an unknown property.
    let mut desired = extension(&[("gone@odata.type", json!("#String"))]);
    assert!(desired.is_empty());
    let request =
        Request::patch("v1.0", "/x", &[], &desired).prepare(&msgraph_runtime::Cloud::Global.into());
    assert!(matches!(request, Err(RequestError::EmptyPatch { .. })));
    desired.name = Some("a".into());
    assert_eq!(
        diff(&json!({}), &desired).unwrap().to_json().unwrap(),
        r#"{"extensionName":"a"}"#
    );
}
