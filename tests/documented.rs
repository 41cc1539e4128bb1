//! Example updates from Microsoft's reference, and our own with every form of body and path. For each, the
//! test selects the path, reads the body into the patch type, writes it again, and compares the body and the
//! expanded path. It also checks that an invalid body is rejected.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

mod generated_program;
#[path = "../codegen/tests/published/mod.rs"]
mod published;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use generated_program::{project, read, run};
use msgraph_codegen::Config;
use msgraph_csdl::path::template::same_template;
use published::shared;
use serde_json::{Value, json};

/// The start of the generated program. A call of `check` for each example follows.
const PROGRAM: &str = r##"//! Reads, writes and breaks documented bodies.
#[allow(dead_code)]
mod graph;

use msgraph_runtime::Request;
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::json::{PatchError, Structured, from_value};

/// A body without differences that do not matter: `@odata.type` has one spelling, numbers are compared by
/// value, and annotations that a patch need not send are removed.
fn bare(mut body: Untyped) -> Untyped {
    match &mut body {
        Untyped::Object(members) => {
            if let Some(Untyped::String(name)) = members.get_mut("@odata.type") {
                *name = name.trim_start_matches('#').to_owned();
            }
            members.retain(|name, _| name == "@odata.type" || !is_annotation(name));
            for value in members.values_mut() {
                *value = bare(value.take());
            }
        }
        Untyped::Array(items) => items.iter_mut().for_each(|item| *item = bare(item.take())),
        _ => body = by_value(body),
    }
    body
}

/// `@odata.type`, `day@odata.type`; but not `manager@odata.bind`, which is data.
fn is_annotation(name: &str) -> bool {
    let annotation = name.split_once('@').map(|(_, annotation)| annotation);
    annotation.is_some_and(|annotation| annotation.starts_with("odata.") && annotation != "odata.bind")
}

/// `85.0` and `85` are the same number.
fn by_value(value: Untyped) -> Untyped {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= EXACT);
    match whole {
        Some(number) if value.is_f64() => Untyped::from(number as i64),
        _ => value,
    }
}

/// Reports every failure, not only the first.
fn check<P: Structured, R>(
    page: &str,
    path: &str,
    (body, written): (&str, &str),
    (is_open, untyped): (bool, &[&str]),
    read: impl Fn(&Untyped) -> Result<P, PatchError>,
    update: impl Fn(&P) -> Request<'_, R>,
) {
    let run = || hold(page, path, (body, written), (is_open, untyped), read, update);
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
        Ok(()) => println!("ok {page}"),
        Err(reason) => {
            let text = reason.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| reason.downcast_ref::<String>().cloned());
            println!("failed {page}: {}", text.unwrap_or_default().escape_debug());
        }
    }
}

fn hold<P: Structured, R>(
    page: &str,
    path: &str,
    (body, expected): (&str, &str),
    (is_open, untyped): (bool, &[&str]),
    read: impl Fn(&Untyped) -> Result<P, PatchError>,
    update: impl Fn(&P) -> Request<'_, R>,
) {
    let expected: Untyped = serde_json::from_str(expected).expect("JSON");
    let body: Untyped = serde_json::from_str(body).expect("documented JSON");
    let patch = read(&body).unwrap_or_else(|error| panic!("{page}: {error}"));
    let request = update(&patch);
    let written = request.body_json().expect("what was read can be written").expect("a body");
    let written: Untyped = serde_json::from_slice(&written).expect("JSON");
    assert_eq!(bare(written), bare(expected), "{page}");
    let expanded = request.path().expect("a path").to_owned();
    assert_eq!(decoded(&expanded), decoded(path), "{page}");

    let refused = |broken: Untyped, what: &str| {
        assert!(read(&broken).is_err(), "{page}: {what} is read: {broken}");
    };
    let members = body.as_object().expect("an object");
    if body.get("@odata.type").is_some() {
        let mut broken = body.clone();
        broken["@odata.type"] = "#microsoft.graph.unrelatedThing".into();
        refused(broken, "an unrelated @odata.type");
    }
    for (name, value) in members.iter().filter(|(name, _)| !is_annotation(name)) {
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
        if is_declared && !untyped.contains(&name.as_str()) {
            refused(broken, "a value of another type");
        }
    }
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

fn rust_string(text: &str) -> String {
    format!("{text:?}")
}

#[test]
fn each_documented_update_is_typed() {
    let test = "documented::each_documented_update_is_typed";
    let Some(examples) = shared(test, "examples/v1.0-updates.jsonl") else {
        return;
    };
    let examples = read(&examples);
    assert!(examples.len() >= 48, "{}", examples.len());
    for metadata in ["v1.0-global-clean.csdl", "v1.0-global.csdl"] {
        let Some(metadata) = shared(test, &format!("metadata/{metadata}")) else {
            return;
        };
        hold(test, &examples, &metadata);
    }
}

/// Forms without an example in the sample of the reference: dynamic properties of every kind, derived types
/// in every position, keys in every notation, annotations, nulls.
#[test]
fn every_form_of_body_and_path_is_typed() {
    let test = "documented::every_form_of_body_and_path_is_typed";
    let examples = read(&project("tests/documented.jsonl"));
    if let Some(metadata) = shared(test, "metadata/v1.0-global-clean.csdl") {
        hold(test, &examples, &metadata);
    }
}

/// An example whose path does not resolve, or whose body does not match, is reported by name, and does not
/// hide others.
#[test]
fn every_example_that_fails_is_named() {
    const TAP: &str = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
    const TYPE: &str = "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";
    let example = |page: &str, path: &str, ty: &str, body: Value| json!({"page": page, "path": path, "entity_type": ty, "body": body});
    let examples = [
        example(
            "no-such-set.md",
            "/nowhere/{id}",
            TYPE,
            json!({"isUsableOnce": true}),
        ),
        example(
            "good.md",
            TAP,
            TYPE,
            json!({"@odata.type": format!("#{TYPE}"), "isUsableOnce": true, "defaultLength": 8, "isUsableOnce@odata.type": "#Boolean"}),
        ),
        example(
            "no-such-type.md",
            TAP,
            "microsoft.graph.nothing",
            json!({"isUsableOnce": true}),
        ),
        example("no-such-property.md", TAP, TYPE, json!({"isUsable": true})),
        example(
            "no-such-nested-type.md",
            TAP,
            TYPE,
            json!({"includeTargets": [{"@odata.type": "#microsoft.graph.nothing"}]}),
        ),
    ];
    let test = "documented::every_example_that_fails_is_named";
    let failures = failures(test, &examples, &project("metadata/v1.0.csdl"));
    let pages: Vec<&str> = failures.iter().map(|(page, _)| page.as_str()).collect();
    let expected = [
        "no-such-set.md",
        "no-such-type.md",
        "no-such-property.md",
        "no-such-nested-type.md",
    ];
    assert_eq!(pages, expected, "{failures:#?}");
    assert!(failures[0].1.contains("/nowhere/{id}"), "{failures:#?}");
}

fn hold(test: &str, examples: &[Value], metadata: &Path) {
    let failures = failures(test, examples, metadata);
    assert!(
        failures.is_empty(),
        "{} of {}: {failures:#?}",
        failures.len(),
        examples.len()
    );
}

/// Generates code for the examples and a program that checks them. Returns the pages that fail, with the
/// reasons: first those that are not generated, then those that the program reports.
fn failures(test: &str, examples: &[Value], metadata: &Path) -> Vec<(String, String)> {
    let directory = tempfile::tempdir().unwrap();
    let graph = directory.path().join("graph.toml");
    let config = |examples: &[&Value], declared: &BTreeSet<String>| {
        fs::write(&graph, manifest(examples, metadata, declared)).unwrap();
        Config::new(&graph)
    };
    // Paths and types that do not resolve are omitted from the program.
    let all: Vec<&Value> = examples.iter().collect();
    let none = BTreeSet::new();
    let survey = config(&all, &none)
        .survey()
        .unwrap_or_else(|error| panic!("{error}"));
    let known: BTreeSet<(&str, &str)> = survey
        .index
        .operations
        .iter()
        .flat_map(|operation| {
            operation
                .bodies
                .iter()
                .map(|body| (operation.path.as_str(), body.ty.as_str()))
        })
        .collect();
    // One function serves several entries of a path that differ in the names of placeholders.
    let is_known = |example: &&Value| {
        let ty = text(example, "entity_type");
        let mut known = known.iter();
        known.any(|(path, of)| *of == ty && same_template(path, text(example, "path")))
    };
    let (resolved, unresolved): (Vec<&Value>, Vec<&Value>) = all.into_iter().partition(is_known);
    let reasons: Vec<String> = survey
        .unavailable
        .iter()
        .map(|reason| reason.render(&survey.sources))
        .collect();
    let mut failures: Vec<(String, String)> = unresolved
        .into_iter()
        .map(|example| {
            let (path, ty) = (text(example, "path"), text(example, "entity_type"));
            let named = |reason: &&String| reason.contains(path) || reason.contains(ty);
            let reasons: Vec<&String> = reasons.iter().filter(named).collect();
            let reason = format!("`{path}` as `{ty}` is not generated: {reasons:?}");
            (text(example, "page").to_owned(), reason)
        })
        .collect();
    if resolved.is_empty() {
        return failures;
    }

    let declared: BTreeSet<String> = survey.types.keys().cloned().collect();
    let sources = directory.path().join("src");
    let generated = config(&resolved, &declared)
        .write(&sources)
        .unwrap_or_else(|error| panic!("{error}"));
    let index: Value = serde_json::from_str(&generated.index).unwrap();
    fs::write(sources.join("main.rs"), program(&resolved, &index)).unwrap();
    let said = run(test, "documented", directory.path());
    for example in resolved {
        let page = text(example, "page");
        if !said
            .lines()
            .any(|line| line.strip_prefix("ok ") == Some(page))
        {
            let failed = format!("failed {page}: ");
            let reason = said.lines().find_map(|line| line.strip_prefix(&failed));
            let reason = reason.unwrap_or("the program does not mention it");
            failures.push((page.to_owned(), reason.to_owned()));
        }
    }
    failures
}

/// A manifest that selects what the examples need. Nested types are included only if they are declared.
fn manifest(examples: &[&Value], metadata: &Path, declared: &BTreeSet<String>) -> String {
    let mut manifest = format!(
        "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = {:?} }}\n\
         send-read-only = true\nread = true\n",
        metadata.to_str().unwrap(),
    );
    let paths: BTreeSet<(&str, &str)> = examples
        .iter()
        .map(|example| (text(example, "path"), text(example, "entity_type")))
        .collect();
    for (path, ty) in &paths {
        manifest.push_str(&format!("[[update]]\npath = {path:?}\ntype = {ty:?}\n"));
    }
    let mut nested = BTreeSet::new();
    for example in examples {
        nested_types(&example["body"], &mut nested);
    }
    for ty in nested.intersection(declared) {
        manifest.push_str(&format!("[[struct]]\ntype = {ty:?}\n"));
    }
    manifest
}

/// The program that checks each example.
fn program(examples: &[&Value], index: &Value) -> String {
    let mut program = PROGRAM.to_owned();
    for example in examples {
        let (path, ty) = (text(example, "path"), text(example, "entity_type"));
        let operation = index["operations"]
            .as_array()
            .unwrap()
            .iter()
            .find(|operation| {
                operation["bodies"][0]["type"] == ty && same_template(text(operation, "path"), path)
            })
            .unwrap_or_else(|| panic!("{path} is generated"));
        let declared = index["types"].as_array().unwrap().iter();
        let declared = declared.clone().find(|item| item["type"] == ty).unwrap();
        let untyped: Vec<&str> = declared["fields"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|field| text(field, "type").contains("Untyped"))
            .map(|field| text(field, "wire"))
            .collect();
        // The value of each placeholder is the placeholder itself.
        let arguments: String = path
            .split('{')
            .skip(1)
            .map(|rest| format!("\"{{{}}}\", ", rest.split('}').next().unwrap()))
            .collect();
        // The declared type of a position is not written again, even if the body names it.
        let written = example.get("written").unwrap_or(&example["body"]);
        program.push_str(&format!(
            "    check(\n        {}, {},\n        ({}, {}),\n        ({}, &{untyped:?}), \
             from_value::<graph::{}>, |patch| graph::{}({arguments}patch),\n    );\n",
            rust_string(text(example, "page")),
            rust_string(path),
            rust_string(&example["body"].to_string()),
            rust_string(&written.to_string()),
            declared["open"],
            operation["bodies"][0]["rust"].as_str().unwrap(),
            operation["rust"].as_str().unwrap(),
        ));
    }
    program.push_str("}\n");
    program
}

/// The types that values in a body name. If the declared type is not abstract, they must be selected
/// explicitly.
fn nested_types(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                nested_types(member, found);
                let ty = member.as_str().filter(|_| name == "@odata.type");
                let ty = ty.map(|ty| ty.trim_start_matches('#'));
                found.extend(
                    ty.filter(|ty| ty.starts_with("microsoft.graph."))
                        .map(str::to_owned),
                );
            }
        }
        Value::Array(items) => items.iter().for_each(|item| nested_types(item, found)),
        _ => {}
    }
}

fn text<'v>(example: &'v Value, key: &str) -> &'v str {
    example[key].as_str().unwrap()
}
