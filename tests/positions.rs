//! For every position in the whole metadata, and every type that a value there may have: emitted code names the declared
//! type of the position, so that the runtime writes `@odata.type` if the two differ.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use msgraph_codegen::Config;
use serde_json::Value;

#[test]
fn every_position_of_the_whole_metadata_names_its_declared_type() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/metadata/v1.0-global-clean.csdl");
    if !file.exists() {
        // The test harness hides the output of `eprintln!` if the test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED positions: `{}` is absent",
            file.display()
        );
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("graph.toml");
    // The facts require `@odata.type` in more positions.
    let text = format!(
        "api-version = \"v1.0\"\nbuilt-in-facts = false\nmetadata = {{ \"v1.0\" = {:?} }}\nsetters = false\n[[update]]\npath = \"/**\"\n",
        file.to_str().unwrap()
    );
    std::fs::write(&manifest, text).unwrap();
    let generated = Config::new(manifest).index(true).generate().unwrap();
    let index: Value = serde_json::from_str(&generated.index).unwrap();
    let pairs = bodies(&generated.code, &index);
    assert!(pairs > 2_500, "{pairs}");
    let pairs = values(&index);
    assert!(pairs > 3_000, "{pairs}");
    let marked = bases(&generated.code, &index);
    assert!(marked > 50, "{marked}");
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().unwrap().iter()
}

/// Checks the body of each update: its function names the declared type if the body may have another.
fn bodies(code: &str, index: &Value) -> usize {
    let functions: BTreeMap<&str, &str> = code
        .split("pub fn ")
        .filter_map(|function| {
            let (_, request) = function.split_once("__rt::Request<")?;
            let template = request.split('"').find(|text| text.starts_with('/'))?;
            Some((template, request))
        })
        .collect();
    let mut pairs = 0;
    for operation in list(index, "operations") {
        let (path, declared) = (&operation["path"], operation["declared"].as_str().unwrap());
        // A long name is on a separate line.
        let function: String = functions[path.as_str().unwrap()]
            .split_whitespace()
            .collect();
        let is_collection = operation["takes"]
            .as_str()
            .unwrap()
            .starts_with("&CollectionBody");
        let differs = list(operation, "bodies").any(|body| body["type"] != declared);
        let mark = format!(".declared_type({declared:?}");
        assert_eq!(
            function.contains(&mark),
            differs && !is_collection,
            "{path}"
        );
        assert_eq!(
            function.contains(".declared_type("),
            differs && !is_collection,
            "{path}"
        );
        pairs += list(operation, "bodies").count();
    }
    pairs
}

/// Checks each structured field: a struct has the declared type, and a union is the one of the declared type.
fn values(index: &Value) -> usize {
    let mut types: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for ty in list(index, "types") {
        types.insert(
            ty["rust"].as_str().unwrap(),
            (ty["type"].as_str().unwrap(), 1),
        );
    }
    for union in list(index, "unions") {
        let members = list(union, "members").count();
        types.insert(
            union["rust"].as_str().unwrap(),
            (union["type"].as_str().unwrap(), members),
        );
    }
    let mut pairs = 0;
    for owner in list(index, "types") {
        for field in list(owner, "fields") {
            let rust = field["type"].as_str().unwrap();
            if field["wire"].as_str().unwrap().ends_with("@odata.bind") {
                continue;
            }
            let name = rust.rsplit('<').next().unwrap().trim_end_matches('>');
            let module = owner["rust"]
                .as_str()
                .unwrap()
                .rsplit_once("::")
                .map_or("", |(module, _)| module);
            let Some((ty, count)) = types.get(resolved(module, name).as_str()) else {
                continue;
            };
            let csdl = field["csdl"].as_str().unwrap();
            let declared = csdl.trim_start_matches("Collection(").trim_end_matches(')');
            assert_eq!(*ty, declared, "{}/{}", owner["type"], field["wire"]);
            pairs += count;
        }
    }
    pairs
}

/// Converts a path relative to a module into a path from the root.
fn resolved(module: &str, path: &str) -> String {
    let mut from: Vec<&str> = module.split("::").filter(|name| !name.is_empty()).collect();
    for name in path.split("::") {
        if name == "super" {
            from.pop();
        } else {
            from.push(name);
        }
    }
    from.join("::")
}

/// Checks that, of the types that a union accepts, only the declared one is marked as the base.
fn bases(code: &str, index: &Value) -> usize {
    let declared = list(index, "unions")
        .filter(|union| list(union, "members").any(|member| member["type"] == union["type"]));
    let mut marked = 0;
    for table in code.split("__rt::body! {").skip(1) {
        let (table, _) = table.split_once('}').unwrap();
        let name = table.trim_start().split(':').next().unwrap();
        for line in table.lines() {
            let Some(union) = line.trim_start().strip_prefix("base ") else {
                continue;
            };
            let union = union.trim_end_matches(';').rsplit("::").next().unwrap();
            assert_eq!(union, format!("Any{name}"));
            marked += 1;
        }
    }
    assert_eq!(marked, declared.count());
    marked
}
