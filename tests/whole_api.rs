//! Generates the whole API and all policies from the published metadata, and checks that clippy and rustdoc report no
//! warnings in a crate that allows nothing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use msgraph_codegen::Config;

const INCLUDED: &str =
    "msgraph_runtime::include_graph!(\n    /// Included.\n    pub mod included;\n);\n";
const PRIVATE: &str = "msgraph_runtime::include_graph!(mod private);\n";
const CHECKED_IN: &str = "/// Checked in.\npub mod checked_in;\n";

const STRICT: &[&str] = &["-D", "warnings"];
const PEDANTIC: &[&str] = &[
    "-D",
    "warnings",
    "-D",
    "clippy::pedantic",
    "-D",
    "unreachable_pub",
    "-D",
    "unused_qualifications",
];

const EVERYTHING: &str = "[[resource]]\npath = \"/**\"\n[[call]]\npath = \"/**\"\n";
const POLICIES: &str = "[[resource]]\npath = \"/policies/**\"\n[[call]]\npath = \"/policies/**\"\n";

/// Every kind of operation and of type, and the names of the whole API.
#[test]
fn everything_from_the_corrected_metadata_is_clean() {
    let test = "whole_api::everything_from_the_corrected_metadata_is_clean";
    let Some(package) = package(test, "v1.0-global-clean.csdl", EVERYTHING, &[INCLUDED]) else {
        return;
    };
    clippy(test, &package, STRICT);
    rustdoc(test, &package);
}

/// The lints that a user may add, and the other ways to include the code.
#[test]
fn policies_are_clean_in_every_form_and_by_every_lint() {
    let test = "whole_api::policies_are_clean_in_every_form_and_by_every_lint";
    let forms = [INCLUDED, PRIVATE, CHECKED_IN];
    let Some(package) = package(test, "v1.0-global-clean.csdl", POLICIES, &forms) else {
        return;
    };
    clippy(test, &package, PEDANTIC);
    rustdoc(test, &package);
}

/// Other documents, and structs that are only sent.
#[test]
fn two_navigation_properties_from_each_other_document_are_clean() {
    let test = "whole_api::two_navigation_properties_from_each_other_document_are_clean";
    let manifest = "[[update]]\npath = \"/**\"\ndepth = 2\n";
    for document in [
        "v1.0-global.csdl",
        "v1.0-us-gov.csdl",
        "v1.0-china.csdl",
        "beta-usnat.csdl",
        "beta-global-2021-07-13.csdl",
    ] {
        let Some(package) = package(test, document, manifest, &[INCLUDED]) else {
            return;
        };
        clippy(test, &package, STRICT);
    }
}

/// A crate with the code that a manifest generates from a CSDL file, in these forms.
fn package(
    test: &str,
    document: &str,
    manifest: &str,
    forms: &[&str],
) -> Option<tempfile::TempDir> {
    let metadata = project("../shared/metadata").join(document);
    if !metadata.exists() {
        // The test harness hides the output of `eprintln!` if the test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED {test}: `{}` is absent",
            metadata.display()
        );
        return None;
    }
    let version = document.split_once('-').unwrap().0;
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    file(
        "graph.toml",
        &format!(
            "api-version = {version:?}\nmetadata = {{ {version:?} = {:?} }}\n{manifest}",
            metadata.to_str().unwrap()
        ),
    );
    let config = Config::new(directory.path().join("graph.toml"));
    let code = |checked_in| {
        let generated = config.clone().checked_in(checked_in).generate();
        generated
            .unwrap_or_else(|error| panic!("{document}: {error}"))
            .code
    };
    let included = code(false);
    let least = if manifest.contains("\"/**\"") {
        800
    } else {
        30
    };
    assert!(
        included.matches("__rt::patch(").count() > least,
        "{document}"
    );
    fs::create_dir(directory.path().join("src")).unwrap();
    file("graph.rs", &included);
    if forms.contains(&CHECKED_IN) {
        file("src/checked_in.rs", &code(true));
    }
    file(
        "src/lib.rs",
        &format!(
            "//! Everything.\n#![deny(missing_docs)]\n\n{}",
            forms.concat()
        ),
    );
    // In place of the generator, which has run here.
    file(
        "build.rs",
        "//! Copies the code.\nfn main() {\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
         std::fs::copy(\"graph.rs\", out + \"/graph.rs\").unwrap();\n}\n",
    );
    file(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"everything\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\nmsgraph-runtime = {{ path = {:?}, default-features = false, \
             features = [\"jiff\", \"uuid\", \"decimal\"] }}\n[workspace]\n",
            project("runtime")
        ),
    );
    fs::copy(project("Cargo.lock"), directory.path().join("Cargo.lock")).unwrap();
    Some(directory)
}

fn clippy(test: &str, package: &tempfile::TempDir, lints: &[&str]) {
    let arguments = ["clippy", "--offline", "--quiet", "--"];
    cargo(test, package, &[&arguments, lints].concat());
}

fn rustdoc(test: &str, package: &tempfile::TempDir) {
    cargo(test, package, &["doc", "--offline", "--quiet", "--no-deps"]);
}

fn cargo(test: &str, package: &tempfile::TempDir, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(package.path())
        .env("RUSTDOCFLAGS", "-D warnings")
        // The generated code is checked only once.
        .env("CARGO_INCREMENTAL", "0")
        // One folder per test, so that they can run at the same time.
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(test.replace("::", "-")),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
