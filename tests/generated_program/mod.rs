//! Programs with generated code, which tests build and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The path of a file in this package.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The rows of a file with a JSON value on each line.
pub(crate) fn read(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Builds and runs the program called `name` in a folder with its sources, and returns its output.
pub(crate) fn run(test: &str, name: &str, directory: &Path) -> String {
    fs::write(
        directory.join("Cargo.toml"),
        format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\nmsgraph-runtime = {{ path = {:?}, default-features = false, \
             features = [\"jiff\", \"uuid\", \"decimal\"] }}\nserde_json = \"1\"\n[workspace]\n",
            project("runtime")
        ),
    )
    .unwrap();
    fs::copy(project("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet"])
        .current_dir(directory)
        // One folder per test: they run at the same time, and their programs have the same name.
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(test.replace("::", "-")),
        )
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
