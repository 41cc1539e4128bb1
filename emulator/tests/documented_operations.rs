//! With the whole metadata, the emulator serves the creates, deletes, reads, lists, references, calls and streams in
//! Graph's reference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use msgraph_csdl::model::{Schema, TypeId};
use msgraph_csdl::source::Sources;
use msgraph_emulator::{Builder, Emulator, InvocationResponse};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Method};
use serde_json::{Map, Value, json};

/// Characters allowed in a path in addition to letters and digits (RFC 3986 §3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'@')
    .remove(b':')
    .remove(b'$')
    .remove(b'=')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'');

/// Segments that pages write in another case than the metadata.
const SPELLINGS: [(&str, &str); 5] = [
    ("/eDiscoverycases", "/ediscoveryCases"),
    ("/noncustodialdatasources", "/noncustodialDataSources"),
    ("/calendargroups", "/calendarGroups"),
    ("/openshifts", "/openShifts"),
    ("/assignmentcategories", "/assignmentCategories"),
];

/// The metadata does not have the singleton `drive`.
const NO_DRIVE: &str = "Resource not found for the segment 'drive'";
/// The emulator does not support `root:/folder/file:`.
const ADDRESSED_BY_PATH: &str = "Addressing an item by its path";
/// The page has a placeholder or a malformed value.
const MALFORMED: &str = "to the expected type";
/// A documented request and its response.
struct Example {
    page: String,
    number: usize,
    /// With the API version.
    path: String,
    query: String,
    body: Value,
    response: Value,
    entity_type: String,
    operation: String,
}

struct Tenant {
    emulator: Emulator,
    client: Client,
    schema: Schema<'static>,
}

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared")
}

/// The examples of a kind. Returns `None` and prints `SKIPPED` if they are missing.
fn examples(test: &str, kind: &str) -> Option<Vec<Example>> {
    let file = shared().join(format!("examples/operations/{kind}.jsonl"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        // The test harness hides the output of `eprintln!` if the test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED {test}: documented requests are not in {}",
            file.display()
        );
        return None;
    };
    let examples = text.lines().enumerate().map(|(number, line)| {
        let example: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| example[name].as_str().unwrap_or("").to_owned();
        // Pages use the same placeholders for resources of different types.
        let mut path = text("path").replace('}', &format!("}}-{number}"));
        for (page, metadata) in SPELLINGS {
            path = path.replace(page, metadata);
        }
        Example {
            page: text("page"),
            number,
            path: format!("/v1.0{}", utf8_percent_encode(&path, SEGMENT)),
            query: text("query"),
            body: example["body"].clone(),
            response: example["response"].clone(),
            entity_type: text("entity_type"),
            operation: example["op"]["name"].as_str().unwrap_or("").to_owned(),
        }
    });
    Some(examples.collect())
}

fn builder() -> Builder {
    Emulator::builder()
        .metadata("v1.0", shared().join("metadata/v1.0-global-clean.csdl"))
        .log_limit(1)
}

fn schema() -> Schema<'static> {
    let sources: &'static mut Sources = Box::leak(Box::default());
    let file = shared().join("metadata/v1.0-global-clean.csdl");
    let id = msgraph_csdl::read::read_file(sources, &file).unwrap();
    msgraph_csdl::read::read_schema(sources, &[id]).unwrap()
}

impl Tenant {
    async fn start(builder: Builder) -> Self {
        Tenant {
            emulator: builder.start().await.unwrap(),
            client: Client::new(),
            schema: schema(),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = match path.starts_with("http") {
            true => path.to_owned(),
            false => format!("{}{path}", self.emulator.root()),
        };
        let mut request = self
            .client
            .request(method.clone(), url)
            .bearer_auth("token");
        request = request.header("ConsistencyLevel", "eventual");
        // With it, PUT creates nothing.
        if method != Method::PUT {
            request = request.header("If-Match", "*");
        }
        request = request.header("Prefer", "include-unknown-enum-members");
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get("location").cloned();
        let text = response.text().await.unwrap();
        let mut json: Value = serde_json::from_str(&text).unwrap_or(json!({ "text": text }));
        if let (Some(location), Some(object)) = (location, json.as_object_mut()) {
            object.insert("location".into(), location.to_str().unwrap().into());
        }
        (status, json)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send(Method::GET, path, None).await
    }

    /// The documented values of an entity that a seed may have: no annotations other than types, no key, and no
    /// navigation properties.
    fn seedable(&self, entity: &Value, declared: &str) -> Map<String, Value> {
        let named = entity["@odata.type"].as_str().unwrap_or(declared);
        let ty = self.schema.find(named.trim_start_matches('#')).unwrap();
        let key = self.schema.key(ty);
        let entity = entity.as_object().unwrap().iter();
        let mut kept: Map<String, Value> = entity
            .filter(|(name, _)| !name.contains('@'))
            .filter(|(name, _)| self.schema.navigation_property(ty, name).is_none())
            .filter(|(name, _)| key.iter().all(|key| key.text != **name))
            .map(|(name, value)| (name.clone(), without_annotations(value)))
            .collect();
        kept.insert("@odata.type".into(), self.concrete(named));
        kept
    }

    /// A type that an entity may have if this one is documented.
    fn concrete(&self, documented: &str) -> Value {
        let documented = self
            .schema
            .find(documented.trim_start_matches('#'))
            .unwrap();
        let mut types = std::iter::once(documented).chain(self.schema.subtypes(documented));
        let concrete = types.find(|ty| !self.schema.structured(*ty).unwrap().is_abstract);
        format!("#{}", self.schema[concrete.unwrap_or(documented)]).into()
    }

    /// The key of an item, unique for the example.
    fn key(&self, item: &Value, declared: &str, suffix: &str) -> String {
        let ty = self.schema.find(declared).unwrap();
        let [key] = self.schema.key(ty) else {
            return suffix.to_owned();
        };
        match &item[key.text.as_ref()] {
            Value::String(id) if id.len() == 36 && id.matches('-').count() == 4 => id.clone(),
            Value::String(id) => format!("{id}{suffix}"),
            other => format!("{other}{suffix}"),
        }
    }

    /// Creates what a path leads through.
    fn seed_parent(&self, path: &str) -> Result<(), String> {
        let parent = path.rsplit_once('/').unwrap().0;
        if parent.matches('/').count() < 2 {
            return Ok(());
        }
        let Err(error) = self.emulator.seed(parent, json!({})) else {
            return Ok(());
        };
        let error = error.to_string();
        if error.contains("does not lead to an entity") {
            // A collection needs only what is around it.
            return self.seed_parent(parent);
        }
        match error
            .split_once("The type '")
            .and_then(|(_, rest)| rest.split_once("' of the body"))
        {
            Some((declared, _)) => {
                let ty = json!({"@odata.type": self.concrete(declared)});
                let seeded = self.emulator.seed(parent, ty);
                seeded.map_err(|error| error.to_string())
            }
            None => Err(error),
        }
    }

    fn is_settable(&self, ty: TypeId, name: &str) -> bool {
        use msgraph_csdl::annotations::{computed, permissions};
        let Some(property) = self.schema.property(ty, name) else {
            return self.schema.navigation_property(ty, name).is_none();
        };
        let annotations = || {
            self.schema
                .property_annotations(ty, name, &property.annotations)
        };
        !computed::is_computed(annotations()) && !permissions::is_read_only(annotations())
    }
}

/// A value without the annotations in it, except types.
fn without_annotations(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .filter(|(name, _)| !name.contains('@') || *name == "@odata.type")
            .map(|(name, value)| match value.as_str() {
                // Pages omit the `#`.
                Some(ty) if name == "@odata.type" => {
                    let ty = ty.rsplit('#').next().unwrap();
                    (name.clone(), format!("#{ty}").into())
                }
                _ => (name.clone(), without_annotations(value)),
            })
            .collect(),
        Value::Array(items) => items.iter().map(without_annotations).collect(),
        other => other.clone(),
    }
}

/// The first difference of the properties that both have to have.
fn difference(expected: &Value, actual: &Value) -> Option<String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            expected.iter().find_map(|(name, value)| {
                let found = actual.get(name).unwrap_or(&Value::Null);
                let inner = difference(value, found)?;
                Some(format!("{name}: {inner}"))
            })
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            let mut pairs = expected.iter().zip(actual);
            pairs.find_map(|(expected, actual)| difference(expected, actual))
        }
        (expected, actual) if expected == actual => None,
        (expected, actual) => Some(format!("{actual} instead of {expected}")),
    }
}

/// Fails with the wrong examples, except as many as are known to have a reason.
fn check(wrong: &[(&Example, String)], known: &[(&str, usize)]) {
    let lines = wrong
        .iter()
        .filter(|(_, text)| !known.iter().any(|(reason, _)| text.contains(reason)));
    let lines = lines.map(|(example, reason)| {
        format!(
            "{} {} {}: {reason}",
            example.page, example.number, example.path
        )
    });
    let lines: Vec<String> = lines.collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    for (reason, count) in known {
        let found = wrong
            .iter()
            .filter(|(_, text)| text.contains(reason))
            .count();
        assert_eq!(found, *count, "{reason}");
    }
}

#[tokio::test]
async fn every_documented_entity_is_created_and_deleted() {
    let test = "every_documented_entity_is_created_and_deleted";
    let Some(examples) = examples(test, "create") else {
        return;
    };
    let tenant = Tenant::start(builder()).await;
    let mut wrong = Vec::new();
    for example in &examples {
        if let Err(error) = tenant.seed_parent(&example.path) {
            wrong.push((example, error));
            continue;
        }
        // Another page seeded an entity with the key that this one chooses.
        if let Some(id) = example.body["id"].as_str() {
            let path = format!("{}/{}", example.path, utf8_percent_encode(id, SEGMENT));
            tenant.send(Method::DELETE, &path, None).await;
        }
        let (status, created) = tenant
            .send(Method::POST, &example.path, Some(&example.body))
            .await;
        if status != 201 {
            wrong.push((example, format!("{status} {created}")));
            continue;
        }
        let ty = tenant.schema.find(&example.entity_type).unwrap();
        let mut expected = without_annotations(&example.body);
        expected
            .as_object_mut()
            .unwrap()
            .retain(|name, _| name != "@odata.type" && tenant.is_settable(ty, name));
        if let Some(difference) = difference(&expected, &created) {
            wrong.push((example, difference));
        }
        let location = created["location"].as_str().unwrap();
        let (status, read) = tenant.get(location).await;
        if status != 200 || read["id"] != created["id"] {
            wrong.push((example, format!("GET {location}: {status} {read}")));
        }
        let (status, text) = tenant.send(Method::DELETE, location, None).await;
        let gone = tenant.get(location).await.0;
        if (status, gone) != (204, 404) {
            wrong.push((
                example,
                format!("DELETE {location}: {status} {text}, then {gone}"),
            ));
        }
    }
    check(&wrong, &[(MALFORMED, 2), (NO_DRIVE, 1)]);
    assert_eq!(examples.len(), 44);
}

#[tokio::test]
async fn every_documented_deletion_is_possible() {
    let test = "every_documented_deletion_is_possible";
    let Some(examples) = examples(test, "delete") else {
        return;
    };
    let tenant = Tenant::start(builder()).await;
    let mut wrong = Vec::new();
    for example in &examples {
        let ty = json!({"@odata.type": tenant.concrete(&example.entity_type)});
        if let Err(error) = tenant.emulator.seed(&example.path, ty) {
            wrong.push((example, error.to_string()));
            continue;
        }
        let (status, text) = tenant.send(Method::DELETE, &example.path, None).await;
        if status != 204 {
            wrong.push((example, format!("{status} {text}")));
        }
    }
    check(&wrong, &[]);
    assert_eq!(examples.len(), 41);
}

#[tokio::test]
async fn every_documented_entity_is_read() {
    let Some(examples) = examples("every_documented_entity_is_read", "get_one") else {
        return;
    };
    let tenant = Tenant::start(builder()).await;
    let mut wrong = Vec::new();
    for example in &examples {
        let entity = tenant.seedable(&example.response, &example.entity_type);
        if let Err(error) = tenant.emulator.seed(&example.path, json!(entity)) {
            wrong.push((example, error.to_string()));
            continue;
        }
        let mut expected = entity.clone();
        expected.remove("@odata.type");
        let (status, read) = tenant.get(&example.path).await;
        let difference = difference(&json!(expected), &read);
        if status != 200 || difference.is_some() {
            wrong.push((example, format!("{status} {difference:?} {read}")));
        }
        let (status, text) = tenant
            .get(&format!("{}?{}", example.path, example.query))
            .await;
        if status != 200 {
            wrong.push((example, format!("?{}: {status} {text}", example.query)));
        }
    }
    check(&wrong, &[(MALFORMED, 2), (NO_DRIVE, 1)]);
    assert_eq!(examples.len(), 44);
}

#[tokio::test]
async fn every_documented_list_is_read() {
    let Some(examples) = examples("every_documented_list_is_read", "get_list") else {
        return;
    };
    let tenant = Tenant::start(builder()).await;
    let mut wrong = Vec::new();
    for example in &examples {
        if let Err(error) = tenant.seed_parent(&example.path) {
            wrong.push((example, error));
            continue;
        }
        let mut expected = Vec::new();
        for (index, item) in example.response["value"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            let entity = tenant.seedable(item, &example.entity_type);
            let suffix = format!("-{}-{index}", example.number);
            let key = tenant.key(item, &example.entity_type, &suffix);
            let path = format!("{}/{}", example.path, utf8_percent_encode(&key, SEGMENT));
            if let Err(error) = tenant.emulator.seed(&path, json!(entity)) {
                wrong.push((example, error.to_string()));
            }
            let mut values = entity;
            values.remove("@odata.type");
            expected.push(json!(values));
        }
        let (status, list) = tenant.get(&example.path).await;
        let items = list["value"].as_array().cloned().unwrap_or_default();
        let missing = expected.iter().find(|expected| {
            !items
                .iter()
                .any(|item| difference(expected, item).is_none())
        });
        if status != 200 || missing.is_some() {
            wrong.push((example, format!("{status}: no {missing:?}")));
        }
        let (status, text) = tenant
            .get(&format!("{}?{}", example.path, example.query))
            .await;
        if status != 200 {
            wrong.push((example, format!("?{}: {status} {text}", example.query)));
        }
    }
    check(&wrong, &[(ADDRESSED_BY_PATH, 1), (NO_DRIVE, 1)]);
    assert_eq!(examples.len(), 73);
}

#[tokio::test]
async fn every_documented_reference_is_changed() {
    let test = "every_documented_reference_is_changed";
    let mut wrong = Vec::new();
    let mut all = Vec::new();
    for kind in ["ref_add", "ref_put", "ref_delete"] {
        let Some(examples) = examples(test, kind) else {
            return;
        };
        all.extend(examples.into_iter().map(|example| (kind, example)));
    }
    let tenant = Tenant::start(builder()).await;
    for (kind, example) in &all {
        let navigation = example.path.strip_suffix("/$ref").unwrap();
        let (navigation, url) = match (*kind, example.query.strip_prefix("$id=")) {
            ("ref_delete", Some(url)) => (navigation, url.to_owned()),
            ("ref_delete", None) => {
                let (navigation, key) = navigation.rsplit_once('/').unwrap();
                // The entity may be anywhere; here, it is an item of the navigation property.
                (navigation, format!("seed:{key}"))
            }
            _ => {
                let url = example.body["@odata.id"].as_str().unwrap();
                (navigation, url.to_owned())
            }
        };
        let target = match url.split_once("/v1.0") {
            Some((_, path)) => format!("/v1.0{}", utf8_percent_encode(path, SEGMENT)),
            None => format!("{navigation}/{}", url.trim_start_matches("seed:")),
        };
        let ty = json!({"@odata.type": tenant.concrete(&example.entity_type)});
        let seeded = tenant.seed_parent(navigation).and_then(|()| {
            let seeded = tenant.emulator.seed(&target, ty);
            let untyped = seeded.or_else(|_| tenant.emulator.seed(&target, json!({})));
            untyped.map_err(|error| error.to_string())
        });
        if let Err(error) = seeded {
            wrong.push((example, error));
            continue;
        }
        let path = match example.query.as_str() {
            "" => example.path.clone(),
            query => format!("{}?{query}", example.path),
        };
        if !example.query.is_empty() {
            let body = json!({"@odata.id": url});
            tenant.send(Method::POST, &example.path, Some(&body)).await;
        }
        let (method, body) = match *kind {
            "ref_add" => (Method::POST, Some(&example.body)),
            "ref_put" => (Method::PUT, Some(&example.body)),
            _ => (Method::DELETE, None),
        };
        let (status, text) = tenant.send(method, &path, body).await;
        if status != 204 {
            wrong.push((example, format!("{status} {text}")));
        }
        let (_, linked) = tenant.get(&format!("{navigation}/$ref")).await;
        let is_linked = linked.to_string().contains("@odata.id");
        if is_linked == (*kind == "ref_delete") {
            wrong.push((example, format!("linked: {linked}")));
        }
    }
    check(&wrong, &[]);
    assert_eq!(all.len(), 12);
}

#[tokio::test]
async fn every_documented_call_reaches_its_closure() {
    let test = "every_documented_call_reaches_its_closure";
    let (Some(actions), Some(functions)) = (examples(test, "action"), examples(test, "function"))
    else {
        return;
    };
    let schema = schema();
    let examples: Vec<&Example> = actions.iter().chain(&functions).collect();
    let responses = examples
        .iter()
        .map(|example| (example.path.clone(), example.response.clone()));
    let responses: Arc<HashMap<String, Value>> = Arc::new(responses.collect());
    let names: BTreeSet<&str> = examples.iter().map(|it| it.operation.as_str()).collect();
    let mut builder = builder();
    for operation in schema.operations() {
        if names.contains(operation.name.text.as_ref()) {
            let responses = responses.clone();
            builder = builder.on(operation.qualified_name(), move |call| {
                match responses.get(&call.path) {
                    Some(response) => InvocationResponse::from(response.clone()),
                    None => InvocationResponse::error(500, "unexpected", &call.path),
                }
            });
        }
    }
    let tenant = Tenant::start(builder).await;
    let mut wrong = Vec::new();
    for (example, method) in actions
        .iter()
        .map(|it| (it, Method::POST))
        .chain(functions.iter().map(|it| (it, Method::GET)))
    {
        if let Err(error) = tenant.seed_parent(&example.path) {
            wrong.push((example, error));
            continue;
        }
        let body = Some(&example.body).filter(|body| !body.is_null());
        let path = format!("{}?{}", example.path, example.query);
        let (status, response) = tenant.send(method, &path, body).await;
        // Several examples of a page have one path.
        let is_expected = match responses.get(&example.path).unwrap() {
            Value::Null => status == 204,
            expected => status == 200 && difference(expected, &response).is_none(),
        };
        if !is_expected {
            wrong.push((example, format!("{status} {response}")));
        }
    }
    check(&wrong, &[(MALFORMED, 5)]);
    assert_eq!((actions.len(), functions.len()), (39, 16));
}

#[tokio::test]
async fn every_documented_stream_is_read_and_written() {
    let test = "every_documented_stream_is_read_and_written";
    let (Some(read), Some(written), Some(put)) = (
        examples(test, "media"),
        examples(test, "media_put"),
        examples(test, "put"),
    ) else {
        return;
    };
    let mut builder = builder();
    let is_report = |example: &&Example| example.path.starts_with("/v1.0/reports/");
    for example in &read {
        if !is_report(&example) {
            builder = builder.seed_content(&example.path, "text/plain", example.page.as_bytes());
        }
    }
    let reports = read.iter().filter(is_report);
    for name in reports.filter_map(|it| it.path.rsplit('/').next()?.split('(').next()) {
        builder = builder.on(format!("microsoft.graph.{name}"), |_| {
            InvocationResponse::content("text/csv", "a,b")
        });
    }
    let tenant = Tenant::start(builder).await;
    let mut wrong = Vec::new();
    for example in &read {
        let expected = match is_report(&example) {
            true => "a,b",
            false => &example.page,
        };
        let (status, text) = tenant.get(&example.path).await;
        if status != 200 || text["text"] != expected {
            wrong.push((example, format!("{status} {text}")));
        }
    }
    for example in &written {
        if let Err(error) = tenant.seed_parent(&example.path) {
            wrong.push((example, error));
        }
        let (status, text) = tenant
            .send(Method::PUT, &example.path, Some(&json!("bytes")))
            .await;
        let (read, content) = tenant.get(&example.path).await;
        if (status, read) != (204, 200) || content != json!("bytes") {
            wrong.push((example, format!("{status} {text}, then {read} {content}")));
        }
    }
    for example in &put {
        tenant.seed_parent(&example.path).unwrap();
        for expected in [201, 204] {
            let (status, text) = tenant
                .send(Method::PUT, &example.path, Some(&example.body))
                .await;
            if status != expected {
                wrong.push((example, format!("{status} {text}")));
            }
        }
    }
    check(&wrong, &[]);
    assert_eq!((read.len(), written.len(), put.len()), (11, 2, 1));
}
