//! With the whole metadata, the emulator accepts the updates in Graph's reference, and rejects each of them with an
//! invalid value.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::Write;
use std::path::{Path, PathBuf};

use msgraph_csdl::model::ItemType;
use msgraph_csdl::source::Sources;
use msgraph_emulator::Emulator;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Client;
use serde_json::{Map, Value, json};

/// Characters allowed in a path in addition to letters and digits (RFC 3986 §3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'@')
    .remove(b':')
    .remove(b'\'');

/// The pages send navigation properties of complex values in the body, and properties annotated as computed.
const FACTS: &str = r#"
[property."microsoft.graph.mobileApp/publishingState"]
send = true
source = "https://learn.microsoft.com/graph/api/intune-apps-androidlobapp-update"

[property."microsoft.graph.mobileLobApp/size"]
send = true
source = "https://learn.microsoft.com/graph/api/intune-apps-androidlobapp-update"

[type."microsoft.graph.documentSet"]
inline = ["sharedColumns", "welcomePageColumns"]
source = "https://learn.microsoft.com/graph/api/contenttype-update"
"#;

struct Example {
    page: String,
    path: String,
    body: Map<String, Value>,
    entity_type: String,
    /// Whether the page sends `If-Match`, with an ETag of its own.
    has_if_match: bool,
}

impl Example {
    fn read((number, line): (usize, &str)) -> Self {
        let example: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| example[name].as_str().unwrap().to_owned();
        // Pages use the same placeholders for resources of different types.
        let path = text("path").replace('}', &format!("}}-{number}"));
        let path = utf8_percent_encode(&path, SEGMENT);
        Example {
            page: text("page"),
            path: format!("/v1.0{path}"),
            body: example["body"].as_object().unwrap().clone(),
            entity_type: text("entity_type"),
            has_if_match: example["headers"].as_object().is_some_and(|headers| {
                headers
                    .keys()
                    .any(|name| name.eq_ignore_ascii_case("if-match"))
            }),
        }
    }
}

/// The files. Returns `None` and prints `SKIPPED` if they are missing.
fn shared(test: &str) -> Option<(PathBuf, Vec<Example>)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let metadata = shared.join("metadata/v1.0-global-clean.csdl");
    let examples = std::fs::read_to_string(shared.join("examples/v1.0-updates.jsonl"));
    match examples {
        Ok(examples) if metadata.exists() => Some((
            metadata,
            examples.lines().enumerate().map(Example::read).collect(),
        )),
        _ => {
            // The test harness hides the output of `eprintln!` if the test passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED {test}: Graph's metadata and documented updates are not in {}",
                shared.display()
            );
            None
        }
    }
}

async fn start(metadata: &Path) -> Emulator {
    let builder = Emulator::builder()
        .metadata("v1.0", metadata)
        .facts_text("documented.toml", FACTS);
    builder.start().await.unwrap()
}

/// Seeds the resource of each example. Returns the examples that could be seeded, and a line for each of the others, so
/// that a path missing in the metadata does not hide other results.
fn seed<'e>(emulator: &Emulator, examples: &'e [Example]) -> (Vec<&'e Example>, Vec<String>) {
    let mut seeded = Vec::new();
    let mut missing = Vec::new();
    for example in examples {
        let entity = json!({"@odata.type": format!("#{}", example.entity_type)});
        match emulator.seed(&example.path, entity) {
            Ok(()) => seeded.push(example),
            Err(error) => missing.push(format!("{}: {error}", example.page)),
        }
    }
    (seeded, missing)
}

#[tokio::test]
async fn what_cannot_be_seeded_is_reported_and_hides_nothing() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let example = |page: &str, path: &str, entity_type: &str| Example {
        page: page.to_owned(),
        path: path.to_owned(),
        body: Map::new(),
        entity_type: format!("microsoft.graph.{entity_type}"),
        has_if_match: false,
    };
    let examples = [
        example("no path", "/v1.0/nothing/1", "person"),
        example("no type", "/v1.0/people/1", "nothing"),
        example("of another type", "/v1.0/people/1", "part"),
        example("a collection", "/v1.0/people", "person"),
        example("good", "/v1.0/people/1", "person"),
    ];
    let model = Emulator::builder().metadata("v1.0", tests.join("model.csdl"));
    let emulator = model.start().await.unwrap();
    let (seeded, missing) = seed(&emulator, &examples);
    let pages = |examples: &[&Example]| -> Vec<String> {
        examples
            .iter()
            .map(|example| example.page.clone())
            .collect()
    };
    assert_eq!(pages(&seeded), ["good"]);
    for (example, line) in examples.iter().zip(&missing) {
        assert!(
            line.starts_with(&example.page) && line.contains(&example.path),
            "{line}"
        );
    }
    assert_eq!(missing.len(), 4, "{}", missing.join("\n"));
}

async fn patch(
    client: &Client,
    emulator: &Emulator,
    example: &Example,
    body: &Map<String, Value>,
) -> (u16, String) {
    let mut request = client
        .patch(format!("{}{}", emulator.root(), example.path))
        .bearer_auth("token")
        .json(body);
    if example.has_if_match {
        request = request.header("if-match", "*");
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn every_documented_update_is_accepted() {
    let Some((metadata, examples)) = shared("every_documented_update_is_accepted") else {
        return;
    };
    let emulator = start(&metadata).await;
    let client = Client::new();
    let (seeded, mut rejected) = seed(&emulator, &examples);
    for example in seeded {
        let (status, text) = patch(&client, &emulator, example, &example.body).await;
        if status != 204 {
            rejected.push(format!("{}: {status} {text}", example.page));
        }
    }
    assert!(rejected.is_empty(), "{}", rejected.join("\n"));
    assert_eq!(examples.len(), 48);
}

/// A value of a JSON type that no type of the model accepts in this position.
fn of_wrong_type(value: &Value) -> Value {
    match value {
        Value::String(_) => json!(17),
        _ => json!("no such thing"),
    }
}

#[tokio::test]
async fn every_documented_update_is_rejected_once_it_is_broken() {
    let Some((metadata, examples)) =
        shared("every_documented_update_is_rejected_once_it_is_broken")
    else {
        return;
    };
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::read_file(&mut sources, &metadata).unwrap();
    let schema = msgraph_csdl::read::read_schema(&sources, &[id]).unwrap();
    let emulator = start(&metadata).await;
    let client = Client::new();
    let (seeded, mut accepted) = seed(&emulator, &examples);
    let (mut renamed, mut mistyped, mut nulled) = (0, 0, 0);
    for example in seeded {
        let ty = schema.find(&example.entity_type).unwrap();
        let is_open = schema.structured(ty).unwrap().is_open;
        let before = emulator.state(&example.path);
        let mut broken: Vec<(String, Map<String, Value>)> = Vec::new();
        for (name, value) in &example.body {
            if name.contains('@') {
                continue;
            }
            let with = |name: &str, value: Value| {
                let mut body = example.body.clone();
                body.insert(name.to_owned(), value);
                (name.to_owned(), body)
            };
            if !is_open {
                let (misspelt, mut body) = with(&format!("{name}Q"), value.clone());
                body.remove(name);
                broken.push((misspelt, body));
                renamed += 1;
            }
            if let Some(property) = schema.property(ty, name) {
                // The values of a workbook are any JSON.
                let is_untyped =
                    matches!(property.ty.item, ItemType::Declared(id) if schema.is_untyped(id));
                if !is_untyped {
                    broken.push(with(name, of_wrong_type(value)));
                    mistyped += 1;
                }
                if property.ty.is_collection || !property.nullable {
                    broken.push(with(name, Value::Null));
                    nulled += 1;
                }
            }
        }
        let mut body = example.body.clone();
        body.insert("@odata.type".into(), "#microsoft.graph.noSuchType".into());
        broken.push(("noSuchType".into(), body));
        for (offender, body) in broken {
            let (status, text) = patch(&client, &emulator, example, &body).await;
            let response: Value = serde_json::from_str(&text).unwrap_or_default();
            let message = response["error"]["message"].as_str().unwrap_or("");
            if status != 400 || !message.contains(&offender) {
                accepted.push(format!("{} {offender}: {status} {text}", example.page));
            }
        }
        assert_eq!(before, emulator.state(&example.path), "{}", example.page);
    }
    assert!(accepted.is_empty(), "{}", accepted.join("\n"));
    assert!(
        renamed > 150 && mistyped > 150 && nulled > 50,
        "{renamed} {mistyped} {nulled}"
    );
}
