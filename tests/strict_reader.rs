//! For every update that `/**` finds in Graph's metadata, generated code strictly reads a body with a value for each
//! property, and writes the same body again. A test of the emulator checks that it accepts such bodies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

#[path = "../emulator/tests/filled/mod.rs"]
mod filled;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use filled::object_of;
use msgraph_codegen::Config;
use msgraph_csdl::model::Schema;
use msgraph_csdl::source::Sources;
use serde_json::{Value, json};

/// The types without such a body, and why.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// The program: reads each body as its type, and writes it again. `BODIES` has one line of JSON per entry of `CHECKS`.
const PROGRAM: &str = r#"
//! Reads and writes bodies.
#[allow(unused)]
mod graph;
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::json::{PatchError, Structured, any_from_json, from_json};

type Check = fn(&str) -> Result<Untyped, String>;

fn written(value: Result<impl Structured, PatchError>) -> Result<Untyped, String> {
    let value = value.map_err(|error| error.to_string())?;
    value.to_value().map_err(|error| error.to_string())
}

/// Removes the `@odata.type` of the body, which only the request can write, because it depends on the path.
fn without_type(mut body: Untyped) -> Untyped {
    body.as_object_mut().expect("an object").remove("@odata.type");
    body
}

fn main() {
    for (body, (name, check)) in include_str!("bodies.jsonl").lines().zip(CHECKS) {
        let sent = serde_json::from_str(body).expect("JSON");
        match check(body) {
            Ok(written) if without_type(written.clone()) == without_type(sent) => {}
            Ok(written) => println!("{name}: {body} became {written}"),
            Err(error) => println!("{name}: {body}: {error}"),
        }
    }
}
"#;

#[test]
fn every_update_reads_a_filled_body_strictly() {
    let file = project("../shared/metadata/v1.0-global-clean.csdl");
    if !Path::new(&file).exists() {
        // The test harness hides the output of `eprintln!` if the test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED strict_reader: `{file}` is absent"
        );
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    // Include properties that the service sets, which the reader would otherwise reject as not sent.
    let manifest = format!(
        "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = {file:?} }}\nsetters = false\nread = true\n\
         send-read-only = true\n[[update]]\npath = \"/**\"\n"
    );
    fs::write(at("graph.toml"), manifest).unwrap();
    let config = Config::new(at("graph.toml")).index(true);
    let generated = config.generate().unwrap();
    let index: Value = serde_json::from_str(&generated.index).unwrap();
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::read_file(&mut sources, &file).unwrap();
    let schema = msgraph_csdl::read::read_schema(&sources, &[id]).unwrap();

    let (checks, bodies) = cases(&index, &schema);
    assert!(checks.len() > 900, "{}", checks.len());
    let table = format!(
        "{PROGRAM}\nconst CHECKS: &[(&str, Check)] = &[\n{}];\n",
        checks.concat()
    );
    fs::create_dir(at("src")).unwrap();
    fs::write(at("src/main.rs"), table).unwrap();
    fs::write(at("src/graph.rs"), generated.code).unwrap();
    fs::write(at("src/bodies.jsonl"), bodies.concat()).unwrap();
    let package = format!(
        "[package]\nname = \"strict-reader\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n\
         serde_json = \"1\"\nmsgraph-runtime = {{ path = {:?}, default-features = false, \
         features = [\"jiff\", \"uuid\", \"decimal\"] }}\n[workspace]\n[profile.dev]\ndebug = false\n",
        project("runtime")
    );
    fs::write(at("Cargo.toml"), package).unwrap();
    fs::copy(project("Cargo.lock"), at("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet"])
        .current_dir(directory.path())
        .env("CARGO_INCREMENTAL", "0")
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("strict-reader"),
        )
        .output()
        .unwrap();
    let wrong = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let excepted = |line: &&str| {
        EXCEPTIONS
            .iter()
            .any(|(ty, _)| line.starts_with(&format!("{ty}: ")))
    };
    let unexpected: Vec<&str> = wrong.lines().filter(|line| !excepted(line)).collect();
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    for (ty, why) in EXCEPTIONS {
        assert!(
            wrong
                .lines()
                .any(|line| excepted(&line) && line.starts_with(ty)),
            "{ty}: {why}"
        );
    }
}

/// An entry of `CHECKS` and a body for each type that an update function accepts.
fn cases(index: &Value, schema: &Schema<'_>) -> (Vec<String>, Vec<String>) {
    let mut seen = BTreeSet::new();
    let (mut checks, mut bodies) = (Vec::new(), Vec::new());
    for operation in index["operations"].as_array().unwrap() {
        let takes = operation["takes"].as_str().unwrap();
        for body in operation["bodies"].as_array().unwrap() {
            let name = body["type"].as_str().unwrap();
            let union = takes
                .contains("DerivesFrom")
                .then(|| union(index, operation));
            let ty = union.unwrap_or_else(|| body["rust"].as_str().unwrap());
            if !seen.insert((name.to_owned(), ty.to_owned())) {
                continue;
            }
            let read = if union.is_some() {
                "any_from_json"
            } else {
                "from_json"
            };
            let mut check = String::new();
            writeln!(
                check,
                "    ({name:?}, |text| written({read}::<graph::{ty}>(text))),"
            )
            .unwrap();
            checks.push(check);
            let mut filled = object_of(schema, schema.find(name).unwrap(), 1);
            filled.insert("@odata.type".into(), json!(format!("#{name}")));
            bodies.push(format!("{}\n", Value::Object(filled)));
        }
    }
    (checks, bodies)
}

/// The marker of the types that an update accepts.
fn union<'v>(index: &'v Value, operation: &Value) -> &'v str {
    let mut unions = index["unions"].as_array().unwrap().iter();
    let union = unions.find(|union| union["type"] == operation["declared"]);
    union.unwrap()["rust"].as_str().unwrap()
}

fn project(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}
