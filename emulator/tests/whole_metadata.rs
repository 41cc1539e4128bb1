//! For every type of Graph that containment reaches from the service root, a body with a value for each property is
//! accepted and read back, and rejected if any one value is invalid.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod filled;

use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::path::Path;

use filled::{needs_derived_type, object_of, value_of};
use msgraph_csdl::document::ContainerChildKind;
use msgraph_csdl::model::{ItemType, Primitive, Schema, TypeId};
use msgraph_csdl::source::Sources;
use msgraph_emulator::Emulator;
use serde_json::{Map, Value, json};

/// The key of the only entity of a type.
fn key_of(schema: &Schema<'_>, ty: TypeId) -> String {
    let key = schema.property(ty, &schema.key(ty)[0].text).unwrap();
    match value_of(schema, key.ty, 0) {
        Value::String(text) if text == "text" => schema[ty].name.text.to_string(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[tokio::test]
async fn every_property_of_every_resource_is_checked() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/metadata");
    for name in ["v1.0-global-clean.csdl", "beta-usnat.csdl"] {
        let file = shared.join(name);
        if !file.exists() {
            // The test harness hides the output of `eprintln!` if the test passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED every_property_of_every_resource_is_checked: no {}",
                file.display()
            );
            continue;
        }
        let (types, properties) = check(&file).await;
        assert!(
            types > 500 && properties > 4_000,
            "{name}: {types} {properties}"
        );
    }
}

/// The body without one property, which may be nested: `outer.name`.
fn without(mut body: Map<String, Value>, name: &str) -> Map<String, Value> {
    match name.split_once('.') {
        None => assert!(body.remove(name).is_some(), "{name}"),
        Some((outer, inner)) => {
            let value = body[outer].as_object().unwrap().clone();
            body.insert(outer.to_owned(), Value::Object(without(value, inner)));
        }
    }
    body
}

/// The path of a resource, and its declared type.
struct Place {
    path: String,
    declared: TypeId,
    is_item: bool,
}

async fn check(file: &Path) -> (usize, usize) {
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::read_file(&mut sources, file).unwrap();
    let schema = msgraph_csdl::read::read_schema(&sources, &[id]).unwrap();
    // The values ignore limits.
    let builder = Emulator::builder().without_built_in_facts();
    let builder = builder.metadata("v1.0", file).log_limit(1);
    let emulator = builder.start().await.unwrap();
    let client = reqwest::Client::new();
    let patch = async |path: &str, body: &Map<String, Value>| {
        let url = format!("{}{path}", emulator.root());
        // Some resources ask for it; any version of the resource will do here.
        let request = client.patch(url).bearer_auth("t").header("if-match", "*");
        let response = request.json(body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let mut places: VecDeque<Place> = schema
        .container()
        .iter()
        .map(|child| Place {
            path: format!("/v1.0/{}", child.name.text),
            declared: child.ty,
            is_item: child.kind == ContainerChildKind::EntitySet,
        })
        .collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let (mut types, mut broken, mut read_only) = (0, 0, 0);
    while let Some(place) = places.pop_front() {
        let mut candidates = vec![place.declared];
        if place.is_item {
            candidates.extend(schema.subtypes(place.declared));
        }
        for ty in candidates {
            let has_one_key = schema.key(ty).len() == 1;
            if needs_derived_type(&schema, ty)
                || (place.is_item && !has_one_key)
                || !seen.insert(ty)
            {
                continue;
            }
            let path = match place.is_item {
                true => format!("{}/{}", place.path, key_of(&schema, ty)),
                false => place.path.clone(),
            };
            let odata_type = json!(format!("#{}", schema[ty]));
            let seed = json!({"@odata.type": odata_type});
            emulator.seed(&path, seed).unwrap();
            let inner = match ty == place.declared {
                true => path.clone(),
                false => format!("{path}/{}", schema[ty]),
            };
            let contained = schema.navigation_properties(ty);
            let contained = contained.iter().filter(|(_, to)| to.contains_target);
            places.extend(contained.map(|(_, navigation)| Place {
                path: format!("{inner}/{}", navigation.name.text),
                declared: navigation.target,
                is_item: navigation.is_collection,
            }));
            let mut body = object_of(&schema, ty, 1);
            body.insert("@odata.type".into(), odata_type);
            let (mut status, mut text) = patch(&path, &body).await;
            // The caller may not send properties that the service sets; the message names the first one.
            while let Some((before, _)) = text.split_once("' is read-only") {
                let (_, name) = before.rsplit_once('\'').unwrap();
                body = without(body, name);
                read_only += 1;
                (status, text) = patch(&path, &body).await;
            }
            if status == 405 {
                // The metadata marks it as not updatable.
                continue;
            }
            types += 1;
            if status != 204 {
                wrong.push(format!("{path}: {status} {text}"));
                continue;
            }
            let state = emulator.state(&path).unwrap();
            let keys = schema.key(ty);
            for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
                let is_key = keys.iter().any(|key| key.text == *name);
                // Properties that the service sets are not in the state.
                let kept = state.get(name).filter(|_| !is_key);
                let is_scalar = !value.is_object() && !value.is_array();
                if kept.is_some_and(|kept| is_scalar && kept != value) {
                    wrong.push(format!("{path} {name}: {value} became {kept:?}"));
                }
                let property = schema.property(ty, name).unwrap();
                let any = match property.ty.item {
                    ItemType::Primitive(primitive) => primitive == Primitive::Untyped,
                    ItemType::Declared(id) => schema.is_untyped(id),
                };
                if any && !property.ty.is_collection {
                    continue;
                }
                let bad = if value.is_string() {
                    json!(false)
                } else {
                    json!("§")
                };
                let mut body = body.clone();
                body.insert(name.clone(), bad);
                let (status, text) = patch(&path, &body).await;
                if status != 400 || !text.contains(&format!("'{name}'")) {
                    wrong.push(format!("{path} {name}: {status} {text}"));
                }
                broken += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!((50..3_000).contains(&read_only), "{read_only}");
    (types, broken)
}
