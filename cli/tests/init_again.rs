//! `msgraph init` in a crate that is already set up: an option that would have no effect is an error.
#![allow(clippy::expect_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::fs;
use std::path::Path;
use std::process::Command;

use command::{Ran, msgraph};
use tempfile::TempDir;

fn crate_() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let library = fs::read_to_string(pages.join("library.csdl")).expect("read");
    write("metadata/v1.0.csdl", &library);
    write("metadata/beta.csdl", &library);
    write(
        "Cargo.toml",
        "[package]\nname = \"a\"\nedition = \"2024\"\n",
    );
    write("src/lib.rs", "");
    folder
}

fn init(folder: &TempDir, more: &[&str]) -> Ran {
    let start = ["init", "--path", "/books/{id}", "--yes"];
    msgraph(folder.path(), &[&start[..], more].concat())
}

#[track_caller]
fn rejects(folder: &TempDir, more: &[&str], words: &[&str]) {
    let read = |name| fs::read_to_string(folder.path().join(name)).expect("read");
    let before = (read("graph.toml"), read("Cargo.toml"));
    let ran = msgraph(
        folder.path(),
        &[&["init", "--path", "/people/{id}", "--yes"], more].concat(),
    );
    assert_eq!(ran.code, 2, "{ran:?}");
    for word in words {
        assert!(ran.err.contains(word), "no `{word}` in: {}", ran.err);
    }
    assert_eq!((read("graph.toml"), read("Cargo.toml")), before);
}

#[test]
fn another_api_version_than_the_manifests_is_an_error() {
    let folder = crate_();
    assert_eq!(init(&folder, &[]).code, 0);
    let words = [
        "`graph.toml` has the API version `v1.0`, not `beta`",
        "help: ",
    ];
    rejects(&folder, &["--api-version", "beta"], &words);
    let beta = crate_();
    assert_eq!(init(&beta, &["--api-version", "beta"]).code, 0);
    rejects(&beta, &["--api-version", "v1.0"], &["`beta`, not `v1.0`"]);
}

#[test]
fn other_metadata_than_the_manifests_is_an_error() {
    let folder = crate_();
    assert_eq!(init(&folder, &[]).code, 0);
    let words = [
        "`graph.toml` does not generate from `metadata/beta.csdl`",
        "help: ",
    ];
    rejects(&folder, &["--metadata", "metadata/beta.csdl"], &words);
    rejects(&folder, &["--metadata", "absent.csdl"], &["`absent.csdl`"]);
}

/// Options that match the existing files are accepted: running the same command again changes nothing.
#[test]
fn options_that_agree_are_no_error() {
    for more in [
        &["--api-version", "v1.0"] as &[&str],
        &["--api-version", "beta", "--metadata", "metadata/v1.0.csdl"],
        &[
            "--metadata",
            "./metadata/v1.0.csdl",
            "--source",
            "git=https://example.org/x",
        ],
    ] {
        let folder = crate_();
        assert_eq!(init(&folder, more).code, 0, "{more:?}");
        let again = init(&folder, more);
        assert_eq!(again.code, 0, "{again:?}");
        assert_eq!(again.err, "nothing to write\n");
    }
}

#[test]
fn another_source_than_the_dependencies_have_is_an_error() {
    let folder = crate_();
    assert_eq!(
        init(&folder, &["--source", "git=https://example.org/x"]).code,
        0
    );
    let words = ["`Cargo.toml` already has the dependencies", "help: "];
    rejects(&folder, &["--source", "git=https://example.org/y"], &words);
}

/// The written files pass the checks of a crate.
#[test]
fn what_is_written_is_formatted() {
    let folder = crate_();
    assert_eq!(init(&folder, &[]).code, 0);
    for file in ["build.rs", "src/lib.rs"] {
        let path = folder.path().join(file);
        let before = fs::read(&path).expect("read");
        let formatted = Command::new("rustfmt")
            .args(["--edition", "2024"])
            .arg(&path)
            .status();
        assert!(formatted.is_ok_and(|status| status.success()), "{file}");
        assert_eq!(fs::read(&path).expect("read"), before, "{file}");
    }
}
