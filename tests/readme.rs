//! The Rust code in the README and the docs is formatted, and the programs in them work.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The page that shows how to set up a crate.
const GETTING_STARTED: &str = "docs/getting-started.md";

fn page(name: &str) -> String {
    fs::read_to_string(project().join(name)).unwrap()
}

/// The code blocks in `language`, without lines hidden by rustdoc.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(start)) if start == language => block = Some(String::new()),
            // A block in another language: skip it.
            (None, Some(start)) if !start.is_empty() => block = None,
            (Some(_), Some("")) => blocks.extend(block.take()),
            (Some(_), _) if line == "#" || line.starts_with("# ") => {}
            (Some(code), _) => {
                code.push_str(line);
                code.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

/// The output of rustfmt for a file; `None` if it does not parse.
fn formatted(code: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snippet.rs");
    fs::write(&file, code).unwrap();
    let output = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .arg(&file)
        .output()
        .unwrap();
    output
        .status
        .success()
        .then(|| fs::read_to_string(&file).unwrap())
}

/// Wraps statements in a function.
fn wrapped(statements: &str) -> String {
    let lines = statements.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("    {line}\n"),
    });
    format!("async fn snippet() {{\n{}}}\n", lines.collect::<String>())
}

#[test]
fn the_rust_of_the_documentation_is_formatted() {
    let found = Command::new("rustfmt").arg("--version").output();
    if !found.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED readme::the_rust_of_the_documentation_is_formatted: rustfmt is absent");
        return;
    }
    let docs = fs::read_dir(project().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = docs
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    files.push(project().join("README.md"));
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for block in blocks(&text, "rust") {
            count += 1;
            // Items form a file; statements need a function around them.
            let (code, expected) = match formatted(&block) {
                Some(expected) => (block, expected),
                None => {
                    let code = wrapped(&block);
                    let Some(expected) = formatted(&code) else {
                        panic!("{}: not valid Rust:\n{block}", file.display())
                    };
                    (code, expected)
                }
            };
            if code != expected {
                wrong.push(format!(
                    "{}: not formatted; expected:\n{expected}",
                    file.display()
                ));
            }
        }
    }
    assert!(count >= 6, "only {count} snippets are found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first block behind a line of a page that starts with `start`.
fn block_behind(name: &str, start: &str) -> String {
    let page = page(name);
    let mut behind = page.lines().skip_while(|line| !line.starts_with(start));
    let language = behind.find_map(|line| line.strip_prefix("```")).unwrap();
    let rest: Vec<&str> = behind.collect();
    let text = format!("```{language}\n{}", rest.join("\n"));
    blocks(&text, language).into_iter().next().unwrap()
}

/// The file that the page shows below its name.
fn file(name: &str) -> String {
    block_behind(GETTING_STARTED, &format!("`{name}`"))
}

/// A manifest with the dependencies in the page, on this checkout.
fn package(name: &str) -> String {
    let dependencies = file("Cargo.toml");
    assert!(
        dependencies.contains("\"../msgraph-codegen/"),
        "{dependencies}"
    );
    let clone = project().to_str().unwrap();
    let dependencies = dependencies.replace("../msgraph-codegen", clone);
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n{dependencies}\n"
    )
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn copy(from: &str, folder: &Path) {
    let from = project().join(from);
    let to = folder.join(from.file_name().unwrap());
    fs::copy(from, to).unwrap();
}

/// Builds what is in the folder, without a warning. Returns the folder of the programs.
fn build(folder: &Path) -> PathBuf {
    copy("Cargo.lock", folder);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--workspace", "--offline"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("warning"), "{said}");
    target.join("debug")
}

/// The crate that the pages show.
fn crate_of_the_readme() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let package = package("of-the-readme");
    write(at, "Cargo.toml", &format!("{package}[workspace]\n"));
    for name in ["build.rs", "graph.toml", "src/main.rs"] {
        write(at, name, &file(name));
    }
    // The first program is for the client in this repository. The README says what to change in another crate.
    let first = block_behind("README.md", "## A first program");
    let first = first.replace("msgraph_tap::runtime", "msgraph_runtime");
    let first = first.replace("msgraph_tap::", "crate::graph::");
    let first = format!("#![allow(dead_code)]\n\n{first}");
    write(at, "src/first.rs", &first);
    let main = file("src/main.rs");
    write(at, "src/main.rs", &format!("{main}\nmod first;\n"));
    copy("metadata/v1.0.csdl", at);
    folder
}

/// Two versions in one crate, which another crate of the workspace uses.
#[test]
fn two_versions_in_a_shared_crate() {
    const APP: &str = r#"
use our_graph::runtime::{Null, Request};
use our_graph::{beta, v1};

fn show(request: &Request<'_>) {
    println!("{} {}", request.api_version(), String::from_utf8_lossy(&request.body_json().unwrap().unwrap()));
}

fn main() {
    let one = v1::TemporaryAccessPassPatch::new().with_default_length(Null);
    show(&v1::update_temporary_access_pass(&one));
    let two = beta::TemporaryAccessPassPatch::new().with_default_length(8);
    show(&beta::update_temporary_access_pass(&two));
}
"#;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(
        at,
        "Cargo.toml",
        "[workspace]\nmembers = [\"our-graph\", \"app\"]\nresolver = \"3\"\n",
    );
    let shared = at.join("our-graph");
    write(&shared, "Cargo.toml", &package("our-graph"));
    let versions = "## Two API versions";
    write(
        &shared,
        "build.rs",
        &block_behind(GETTING_STARTED, versions),
    );
    write(
        &shared,
        "src/lib.rs",
        &block_behind(GETTING_STARTED, "To share the generated code"),
    );
    let manifest = file("graph.toml");
    let line = "\"v1.0\" = \"v1.0.csdl\"\n";
    assert!(manifest.contains(line), "{manifest}");
    let both = manifest.replace(line, &format!("{line}beta = \"beta.csdl\"\n"));
    write(&shared, "graph.toml", &both);
    for name in ["v1.0.csdl", "beta.csdl"] {
        copy(&format!("metadata/{name}"), &shared);
    }
    write(
        &at.join("app"),
        "Cargo.toml",
        "[package]\nname = \"app-of-the-readme\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nour-graph = { path = \"../our-graph\" }\n",
    );
    write(&at.join("app"), "src/main.rs", APP);
    let program = build(at).join("app-of-the-readme");
    let output = Command::new(program).output().unwrap();
    let body = |rest: &str| {
        format!(
            r##"{{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",{rest}}}"##
        )
    };
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!(
            "v1.0 {}\nbeta {}\n",
            body(r#""defaultLength":null"#),
            body(r#""defaultLength":8"#)
        )
    );
}

/// The exit code must tell a script that the update failed.
#[test]
fn the_program_of_the_readme_fails_when_the_update_fails() {
    let folder = crate_of_the_readme();
    let program = build(folder.path()).join("of-the-readme");
    // Nothing listens on this port, so the request cannot be sent.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let output = Command::new(program)
        .env("GRAPH_TOKEN", "token")
        .env("HTTPS_PROXY", proxy)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("PATCH /v1.0/policies/"), "{said}");
    assert!(output.stdout.is_empty());
}
