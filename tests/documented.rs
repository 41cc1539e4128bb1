//! The updates that Microsoft's reference documents: each is selected by its path, its body is read
//! into the patch type, written again, and sent to the path that the update function expands; then it
//! is broken, and refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use msgraph_codegen::Config;
use serde_json::Value;

/// What the program of the test begins with; a call of `check` for each example follows.
const PROGRAM: &str = r##"//! Reads, writes and breaks documented bodies.
#[allow(dead_code)]
mod graph;

use msgraph_runtime::{Document, ReadValue, Request, Structured, Untyped, from_value};

/// Without `@odata.type` of the type itself, which the patch writes or not by its own rule.
fn bare(mut body: Untyped) -> Untyped {
    match &mut body {
        Untyped::Object(members) => {
            members.remove("@odata.type");
            for value in members.values_mut() {
                *value = bare(value.take());
            }
        }
        Untyped::Array(items) => items.iter_mut().for_each(|item| *item = bare(item.take())),
        _ => {}
    }
    body
}

fn check<P: ReadValue + Structured>(
    page: &str,
    path: &str,
    body: &str,
    is_open: bool,
    update: impl Fn(&P) -> Request<'_>,
) {
    let body: Untyped = serde_json::from_str(body).expect("documented JSON");
    let patch: P = from_value(&body).unwrap_or_else(|error| panic!("{page}: {error}"));
    let written = patch.to_value().expect("what was read can be written");
    assert_eq!(bare(written), bare(body.clone()), "{page}");
    let document = Document::<P>::from_value(body.clone()).expect("a document of the same");
    assert_eq!(document.to_value().expect("written"), body, "{page}: as a document");
    let request = update(&patch);
    let expanded = request.path().expect("a path").to_owned();
    assert_eq!(decoded(&expanded), path, "{page}");

    let refused = |broken: Untyped, what: &str| {
        assert!(from_value::<P>(&broken).is_err(), "{page}: {what} is read: {broken}");
    };
    let members = body.as_object().expect("an object");
    if patch.odata_type().is_some() || body.get("@odata.type").is_some() {
        let mut broken = body.clone();
        broken["@odata.type"] = "#microsoft.graph.unrelatedThing".into();
        refused(broken, "an unrelated @odata.type");
    }
    for (name, value) in members.iter().filter(|(name, _)| !name.starts_with('@')) {
        if !is_open {
            let mut broken = members.clone();
            broken.remove(name);
            broken.insert(format!("{name}X"), value.clone());
            refused(broken.into(), "a renamed property");
        }
        let is_declared = patch.set_fields().contains(&name.as_str());
        let mut broken = body.clone();
        broken[name] = match value {
            Untyped::Object(_) => Untyped::from(17),
            _ => serde_json::json!({"no": "value of this type"}),
        };
        if is_declared {
            refused(broken, "a value of another type");
        }
    }
    println!("ok {page}");
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        match code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn main() {
"##;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn rust_string(text: &str) -> String {
    format!("{text:?}")
}

#[test]
fn each_documented_update_is_typed() {
    let test = "documented::each_documented_update_is_typed";
    let examples = project("../shared/examples/v1.0-updates.jsonl");
    let metadata = project("../shared/metadata/v1.0-global-clean.csdl");
    for file in [&examples, &metadata] {
        if !file.exists() {
            // Not `eprintln!`, which the test harness keeps to itself when a test passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED {test}: `{}` is absent",
                file.display()
            );
            return;
        }
    }
    let examples: Vec<Value> = fs::read_to_string(examples)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(examples.len() >= 48, "{}", examples.len());

    let directory = tempfile::tempdir().unwrap();
    let mut manifest = format!(
        "api-version = \"v1.0\"\nfacts = {:?}\nmetadata = {{ \"v1.0\" = {:?} }}\n\
         send-read-only = true\nread = true\n",
        project("metadata/facts.toml").to_str().unwrap(),
        metadata.to_str().unwrap(),
    );
    let paths: BTreeMap<(&str, &str), ()> = examples
        .iter()
        .map(|example| ((text(example, "path"), text(example, "entity_type")), ()))
        .collect();
    for (path, ty) in paths.keys() {
        manifest.push_str(&format!("[[update]]\npath = {path:?}\ntype = {ty:?}\n"));
    }
    let graph = directory.path().join("graph.toml");
    fs::write(&graph, manifest).unwrap();
    let sources = directory.path().join("src");
    let generated = Config::new(&graph)
        .write(&sources)
        .unwrap_or_else(|error| panic!("{error}"));
    let index: Value = serde_json::from_str(&generated.index).unwrap();

    let mut program = PROGRAM.to_owned();
    for example in &examples {
        let (path, ty) = (text(example, "path"), text(example, "entity_type"));
        let operation = index["operations"]
            .as_array()
            .unwrap()
            .iter()
            .find(|operation| operation["path"] == path && operation["bodies"][0]["type"] == ty)
            .unwrap_or_else(|| panic!("{path} is generated"));
        let declared = index["types"].as_array().unwrap().iter();
        let is_open = declared
            .clone()
            .any(|item| item["type"] == ty && item["open"] == true);
        // A placeholder stands for itself.
        let arguments: String = path
            .split('{')
            .skip(1)
            .map(|rest| format!("\"{{{}}}\", ", rest.split('}').next().unwrap()))
            .collect();
        program.push_str(&format!(
            "    check::<graph::{}>(\n        {}, {},\n        {},\n        {is_open}, |patch| graph::{}({arguments}patch),\n    );\n",
            operation["bodies"][0]["rust"].as_str().unwrap(),
            rust_string(text(example, "page")),
            rust_string(path),
            rust_string(&example["body"].to_string()),
            operation["rust"].as_str().unwrap(),
        ));
    }
    program.push_str("}\n");
    fs::write(sources.join("main.rs"), program).unwrap();
    fs::write(
        directory.path().join("Cargo.toml"),
        format!(
            "[package]\nname = \"documented\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\nmsgraph-runtime = {{ path = {:?}, default-features = false, \
             features = [\"jiff\", \"uuid\", \"decimal\"] }}\nserde_json = \"1\"\n[workspace]\n",
            project("runtime")
        ),
    )
    .unwrap();
    fs::copy(project("Cargo.lock"), directory.path().join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet"])
        .current_dir(directory.path())
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented"),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(said.matches("ok ").count(), examples.len());
}

fn text<'v>(example: &'v Value, key: &str) -> &'v str {
    example[key].as_str().unwrap()
}
