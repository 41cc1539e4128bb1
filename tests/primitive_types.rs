//! Adding a primitive type to the table in `csdl/src/model/edm.rs` makes the compiler report every place
//! that must handle it, in at most four files.

#![allow(clippy::unwrap_used, reason = "a test reports failures by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const TABLE: &str = "csdl/src/model/edm.rs";
const PACKAGES: [&str; 3] = ["csdl", "codegen", "emulator"];

#[test]
fn the_compiler_reports_every_place_of_a_new_primitive_type() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = tempfile::tempdir().unwrap();
    let mut users = BTreeSet::new();
    for package in ["csdl", "codegen", "emulator", "runtime", "cli"] {
        copy_package(root, copy.path(), Path::new(package));
        if mentions_primitive(&root.join(package).join("src")) {
            users.insert(package);
        }
    }
    // A package that depends on another with an error is not compiled, so its errors are not counted.
    assert_eq!(users, BTreeSet::from(PACKAGES));

    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let (workspace, _) = manifest.split_once("[package]").unwrap();
    fs::write(copy.path().join("Cargo.toml"), workspace).unwrap();
    fs::copy(root.join("Cargo.lock"), copy.path().join("Cargo.lock")).unwrap();
    let table = fs::read_to_string(root.join(TABLE)).unwrap();
    let line = "    Binary \"Binary\"";
    assert!(table.contains(line));
    let added = format!("    Novel \"Novel\" Literal::Other,\n{line}");
    fs::write(copy.path().join(TABLE), table.replace(line, &added)).unwrap();

    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--keep-going",
            "--offline",
            "--message-format=json",
        ])
        .args(["-p", "msgraph-codegen", "-p", "msgraph-emulator"])
        .arg("--target-dir")
        .arg(root.join("target/tests/primitive_types"))
        .current_dir(copy.path())
        .output()
        .unwrap();
    let mut files = BTreeSet::from([TABLE.to_owned()]);
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let message = &line["message"];
        if message["level"] == "error" && message["code"]["code"] == "E0004" {
            files.extend(
                message["spans"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|span| span["is_primary"] == true)
                    .map(|span| span["file_name"].as_str().unwrap().to_owned()),
            );
        }
    }
    assert!(!output.status.success());
    assert!((3..=4).contains(&files.len()), "{files:#?}");
}

fn copy_package(from: &Path, to: &Path, directory: &Path) {
    fs::create_dir_all(to.join(directory)).unwrap();
    for entry in fs::read_dir(from.join(directory)).unwrap() {
        let entry = entry.unwrap();
        let path = directory.join(entry.file_name());
        if entry.path().is_dir() {
            copy_package(from, to, &path);
        } else {
            fs::copy(entry.path(), to.join(path)).unwrap();
        }
    }
}

fn mentions_primitive(directory: &Path) -> bool {
    fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return mentions_primitive(&path);
        }
        fs::read_to_string(path).unwrap().contains("Primitive::")
    })
}
