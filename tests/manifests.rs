//! The documentation lists exactly the dependencies and features of the manifests, and no dependency needs a newer
//! compiler than the packages promise.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--locked")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The packages of the workspace, as `cargo metadata` describes them.
fn packages() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--format-version=1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

fn read(path: impl AsRef<Path>) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap()
}

/// The code spans of a table's cell.
fn codes(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

#[test]
fn the_documented_dependencies_are_the_direct_ones() {
    let page = read("docs/dependencies.md");
    for package in packages() {
        let heading = format!("\n## `{}`\n", text(&package, "name"));
        let section = page.split(&heading).nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with('|'));
        // The first cell may continue with `(feature …)` or `with …`.
        let crates = rows
            .map(|row| row.split(" | ").next().unwrap())
            .map(|cell| cell.split([' ', '|']).filter(|word| !word.is_empty()))
            .flat_map(|words| words.take_while(|word| !word.starts_with('(') && *word != "with"))
            .flat_map(codes);
        let explained: BTreeSet<String> = crates.collect();
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let declared: BTreeSet<String> = dependencies
            .map(|dependency| text(dependency, "name").to_owned())
            .collect();
        assert_eq!(explained, declared, "{heading}");
    }
}

/// The counts are those of Linux. Other platforms need other crates.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn the_documented_counts_of_crates_are_right() {
    let page = read("docs/dependencies.md");
    let rows = page.lines().filter(|line| line.starts_with("| `msgraph-"));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [package, features, crates] = cells[..] else {
            continue;
        };
        let package = package.trim_matches('`');
        let mut arguments = vec!["tree", "-p", package, "-e", "normal,build", "--prefix=none"];
        let features = match features {
            "default" => None,
            features => Some(codes(features).collect::<Vec<_>>().join(",")),
        };
        if let Some(features) = &features {
            arguments.extend(["--no-default-features", "--features", features]);
        }
        let tree = cargo(&arguments);
        let tree: BTreeSet<Vec<&str>> = tree
            .lines()
            .map(|line| line.split(' ').take(2).collect())
            .collect();
        assert_eq!(crates, tree.len().to_string(), "{row}");
        count += 1;
    }
    assert!(count >= 5, "only {count} rows are found");
}

#[test]
fn the_front_page_of_each_crate_lists_its_features() {
    let published = packages();
    let published = published
        .iter()
        .filter(|package| package["publish"].is_null());
    for package in published {
        let manifest = Path::new(text(package, "manifest_path"));
        let front = read(manifest.with_file_name("src/lib.rs"));
        let features = package["features"].as_object().unwrap();
        let defaults = features.get("default").and_then(Value::as_array);
        let is_default = |name: &str| defaults.is_some_and(|all| all.iter().any(|one| one == name));
        let names = features.keys().filter(|name| *name != "default");
        let declared: BTreeSet<String> = names
            .map(|name| format!("`{name}` | {}", if is_default(name) { "yes" } else { "no" }))
            .collect();
        let table = front.split("//! | feature | default | contents |\n//! |---|---|---|\n");
        let rows = table.skip(1).flat_map(str::lines);
        let rows = rows.map_while(|line| line.strip_prefix("//! | "));
        let listed: BTreeSet<String> = rows
            .map(|row| row.split(" | ").take(2).collect::<Vec<_>>().join(" | "))
            .collect();
        assert_eq!(listed, declared, "{}", manifest.display());
        let none = front.contains("The crate has no Cargo features.");
        assert_eq!(none, declared.is_empty(), "{}", manifest.display());
    }
}

#[test]
fn no_dependency_needs_a_newer_compiler() {
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let platform = format!("--filter-platform={}", host.unwrap());
    let arguments = [
        "metadata",
        "--format-version=1",
        "--all-features",
        &platform,
    ];
    let metadata = cargo(&arguments);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    // `1.89.0` and `1.89` are the same version.
    let release = |package: &Value| -> Option<Vec<u32>> {
        let numbers = package["rust_version"].as_str()?.split('.').take(2);
        Some(numbers.map(|number| number.parse().unwrap()).collect())
    };
    let ours = packages().iter().find_map(release).unwrap();
    let all = metadata["packages"].as_array().unwrap();
    assert!(all.len() > 150, "only {} packages are found", all.len());
    let newer: Vec<&str> = all
        .iter()
        .filter(|package| release(package).is_some_and(|needed| needed > ours))
        .map(|package| text(package, "name"))
        .collect();
    assert!(newer.is_empty(), "newer than {ours:?}: {newer:?}");
}
