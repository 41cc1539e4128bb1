//! For every create, deletion, list, reference, call and stream that the paths of Graph's metadata offer, the emulator
//! resolves the path and accepts the request.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod filled;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use filled::{concrete, filled_path, object_of, value_of};
use msgraph_csdl::document::OperationKind;
use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::{ItemType, Operation, Primitive, Schema, TypeKind, TypeReference};
use msgraph_csdl::path::{
    Bounds, Call, ResourceOperation, ResourcePath, TargetKind, calls, enumerate,
};
use msgraph_csdl::source::Sources;
use msgraph_emulator::Emulator;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Map, Value, json};

struct Api<'s> {
    emulator: Emulator,
    client: Client,
    schema: &'s Schema<'s>,
    wrong: Vec<String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Api<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = match path.starts_with("http") {
            true => path.to_owned(),
            false => format!("{}{path}", self.emulator.root()),
        };
        let request = self.client.request(method, url).bearer_auth("t");
        let request = request.header("if-match", "*");
        let mut request = request.header("consistencylevel", "eventual");
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get("location").cloned();
        let text = response.text().await.unwrap();
        match location {
            Some(location) if status == 201 => (status, location.to_str().unwrap().into()),
            _ => (status, text.into()),
        }
    }

    fn check(
        &mut self,
        name: &'static str,
        path: &str,
        (status, text): (u16, Value),
        expected: u16,
    ) {
        *self.counts.entry(name).or_default() += 1;
        if status != expected {
            self.wrong.push(format!("{name} {path}: {status} {text}"));
        }
    }

    /// The path with keys that its types allow, and the entities on the way. `None` if no body could seed them.
    fn seeded(&mut self, path: &ResourcePath, number: usize) -> Option<String> {
        let template = path.template();
        let mut entity = json!({});
        if is_entity(path) {
            let ty = concrete(self.schema, path.target.ty);
            entity = json!({"@odata.type": format!("#{}", self.schema[ty])});
        }
        let mut error = String::new();
        for is_guid in [false, true] {
            let filled = filled_path(&template, number, is_guid);
            let seed = match (is_entity(path), path.target.is_collection) {
                (true, false) => filled.clone(),
                (true, true) if is_guid => format!("{filled}/00000000-0000-0000-0000-000000000001"),
                (true, true) => format!("{filled}/1"),
                // The entity with the stream or value.
                (false, _) => filled.rsplit_once('/').unwrap().0.to_owned(),
            };
            match self.emulator.seed(&seed, entity.clone()) {
                Ok(()) => return Some(filled),
                Err(other) => error = other.to_string(),
            }
        }
        // The type of the entity around a complex value may be abstract.
        if is_entity(path) {
            self.wrong.push(format!("{template}: {error}"));
        }
        None
    }

    async fn create(&mut self, path: &ResourcePath, filled: &str) {
        let ty = concrete(self.schema, path.target.ty);
        let mut body: Map<String, Value> = object_of(self.schema, ty, 1);
        for key in self.schema.key(ty) {
            body.remove(key.text.as_ref());
        }
        body.insert("@odata.type".into(), format!("#{}", self.schema[ty]).into());
        // Facts have its least value.
        if body.contains_key("lifetimeInMinutes") {
            body.insert("lifetimeInMinutes".into(), json!(60));
        }
        let created = self.send(Method::POST, filled, Some(&json!(body))).await;
        let location = created.1.as_str().unwrap_or("").to_owned();
        let is_created = created.0 == 201;
        self.check("create", filled, created, 201);
        if is_created {
            let read = self.send(Method::GET, &location, None).await;
            // Some collections are listed, but their items are not readable.
            if read.0 != 405 {
                self.check("get", &location, read, 200);
            }
        }
    }

    async fn call(&mut self, call: &Call<'_, '_>, number: usize) {
        let template = match &call.binding {
            Some(path) => match self.seeded(path, number) {
                Some(filled) => filled,
                None => return,
            },
            None => "/v1.0".to_owned(),
        };
        let (arguments, query) = arguments(self.schema, call.operation);
        let name = call.operation.name.text.as_ref();
        let (method, path, body) = match call.operation.kind {
            OperationKind::Action => {
                let parameters = call.operation.arguments().iter();
                let body: Map<String, Value> = parameters
                    .map(|it| (it.name.text.to_string(), value_of(self.schema, it.ty, 1)))
                    .collect();
                (
                    Method::POST,
                    format!("{template}/{name}"),
                    Some(json!(body)),
                )
            }
            OperationKind::Function => (
                Method::GET,
                format!("{template}/{name}{arguments}{query}"),
                None,
            ),
        };
        let response = self.send(method, &path, body.as_ref()).await;
        // No closure responds.
        self.check("call", &path, response, 501);
    }
}

/// Whether a path leads to an entity or entities, not to a stream or a complex value.
fn is_entity(path: &ResourcePath) -> bool {
    !matches!(path.target.kind, TargetKind::Stream | TargetKind::Complex)
}

/// The type of one item of a collection of complex values.
fn item_type(path: &ResourcePath) -> TypeReference {
    TypeReference {
        item: ItemType::Declared(path.target.ty),
        is_collection: false,
    }
}

/// The arguments of a function in parentheses, and the values of aliases in a query.
fn arguments(schema: &Schema<'_>, operation: &Operation<'_>) -> (String, String) {
    let (mut arguments, mut query) = (Vec::new(), Vec::new());
    for parameter in operation.arguments() {
        let value = value_of(schema, parameter.ty, 0);
        let name = &parameter.name.text;
        let is_quoted = match parameter.ty.item {
            ItemType::Primitive(primitive) => primitive == Primitive::String,
            ItemType::Declared(ty) => !matches!(schema[ty].kind, TypeKind::Structured(_)),
        };
        let argument = match &value {
            Value::String(text) if is_quoted => format!("'{text}'"),
            Value::Array(_) | Value::Object(_) => {
                query.push(format!("@{name}={value}"));
                format!("@{name}")
            }
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        arguments.push(format!("{name}={argument}"));
    }
    let arguments = match arguments.as_slice() {
        [] => String::new(),
        arguments => format!("({})", arguments.join(",")),
    };
    let query = match query.as_slice() {
        [] => String::new(),
        query => format!("?{}", query.join("&")),
    };
    (arguments, query)
}

fn read_facts() -> Facts {
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::add_built_in_facts(&mut sources);
    msgraph_csdl::read::read_facts(&sources, &[id]).unwrap()
}

#[tokio::test]
async fn every_offered_operation_is_served() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/metadata");
    let file = shared.join("v1.0-global-clean.csdl");
    if !file.exists() {
        // The test harness hides the output of `eprintln!` if the test passes.
        let test = "every_offered_operation_is_served";
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no {}", file.display());
        return;
    }
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::read_file(&mut sources, &file).unwrap();
    let schema = msgraph_csdl::read::read_schema(&sources, &[id]).unwrap();
    let facts = read_facts();
    let bounds = Bounds {
        navigations: Some(2),
        paths: 100_000,
    };
    let paths = enumerate(&schema, &facts, None, bounds).unwrap();
    let builder = Emulator::builder().metadata("v1.0", &file).log_limit(1);
    let mut api = Api {
        emulator: builder.start().await.unwrap(),
        client: Client::new(),
        schema: &schema,
        wrong: Vec::new(),
        counts: BTreeMap::new(),
    };
    for (number, path) in paths.iter().enumerate() {
        let offers = |operation| path.target.offers(operation);
        let Some(filled) = api.seeded(path, number) else {
            continue;
        };
        if offers(ResourceOperation::PutContent) && !is_entity(path) {
            let body = json!("content");
            let put = api.send(Method::PUT, &filled, Some(&body)).await;
            api.check("put-content", &filled, put, 200);
            let read = api.send(Method::GET, &filled, None).await;
            api.check("get-content", &filled, read, 200);
        }
        if offers(ResourceOperation::List) {
            let listed = api.send(Method::GET, &filled, None).await;
            api.check("list", &filled, listed, 200);
        }
        match (offers(ResourceOperation::Create), is_entity(path)) {
            (true, true) => api.create(path, &filled).await,
            (true, false) => {
                let item = value_of(api.schema, item_type(path), 1);
                let added = api.send(Method::POST, &filled, Some(&item)).await;
                api.check("add", &filled, added, 200);
            }
            (false, _) => {}
        }
        if offers(ResourceOperation::AddRef) {
            let body = json!({});
            let path = format!("{filled}/$ref");
            let added = api.send(Method::POST, &path, Some(&body)).await;
            // The path is right; the body has no URL.
            api.check("add-ref", &path, added, StatusCode::BAD_REQUEST.as_u16());
        }
        for call in calls(&schema, path) {
            api.call(&call, number).await;
        }
        if offers(ResourceOperation::Delete) {
            let deleted = api.send(Method::DELETE, &filled, None).await;
            api.check("delete", &filled, deleted, 204);
        }
    }
    let found = api.wrong.len();
    api.wrong.truncate(60);
    assert!(
        found == 0,
        "{found}\n{}\n{:?}",
        api.wrong.join("\n"),
        api.counts
    );
    let least = [
        ("create", 800),
        ("list", 900),
        ("delete", 900),
        ("call", 1_700),
    ];
    for (name, least) in [
        &least[..],
        &[("add-ref", 40), ("put-content", 8), ("add", 1)],
    ]
    .concat()
    {
        assert!(api.counts[name] >= least, "{:?}", api.counts);
    }
}
