//! Generates the whole API from the published metadata, and checks that clippy and rustdoc report no warnings.

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

#[test]
fn everything_from_the_corrected_metadata_is_clean() {
    let test = "whole_api::everything_from_the_corrected_metadata_is_clean";
    let Some(package) = generated(test, "v1.0-global-clean.csdl", "read = true", None) else {
        return;
    };
    cargo(
        test,
        &package,
        &["clippy", "--offline", "--quiet", "--", "-D", "warnings"],
    );
    cargo(
        test,
        &package,
        &["doc", "--offline", "--quiet", "--no-deps"],
    );
}

#[test]
fn two_navigation_properties_from_each_other_document_are_clean() {
    let test = "whole_api::two_navigation_properties_from_each_other_document_are_clean";
    for document in [
        "v1.0-global.csdl",
        "v1.0-us-gov.csdl",
        "v1.0-china.csdl",
        "beta-usnat.csdl",
        "beta-global-2021-07-13.csdl",
    ] {
        let Some(package) = generated(test, document, "", Some(2)) else {
            return;
        };
        cargo(
            test,
            &package,
            &["clippy", "--offline", "--quiet", "--", "-D", "warnings"],
        );
    }
}

/// Checks a crate with every update of a CSDL file, for paths of up to `depth` properties.
fn generated(
    test: &str,
    document: &str,
    settings: &str,
    depth: Option<usize>,
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
    let depth = depth.map(|depth| format!("depth = {depth}\n"));
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("graph.toml");
    fs::write(
        &manifest,
        format!(
            "api-version = {version:?}\nmetadata = {{ {version:?} = {:?} }}\n{settings}\n\
             [[update]]\npath = \"/**\"\n{}",
            metadata.to_str().unwrap(),
            depth.unwrap_or_default(),
        ),
    )
    .unwrap();
    let code = Config::new(&manifest)
        .generate()
        .unwrap_or_else(|error| panic!("{document}: {error}"))
        .code;
    assert!(code.matches("Request::patch(").count() > 800, "{document}");
    fs::create_dir(directory.path().join("src")).unwrap();
    fs::write(
        directory.path().join("src/lib.rs"),
        format!("//! Everything.\n#![deny(missing_docs)]\n\n{code}"),
    )
    .unwrap();
    fs::write(
        directory.path().join("Cargo.toml"),
        format!(
            "[package]\nname = \"everything\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\nmsgraph-runtime = {{ path = {:?}, default-features = false, \
             features = [\"jiff\", \"uuid\", \"decimal\"] }}\n[workspace]\n",
            project("runtime")
        ),
    )
    .unwrap();
    fs::copy(project("Cargo.lock"), directory.path().join("Cargo.lock")).unwrap();
    Some(directory)
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
