//! The snippets in `docs/snippets.md` and `docs/coming-from.md` compile, and send the bodies that are printed below them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use msgraph_emulator::{Emulator, Exchange};
use serde_json::{Value, json};

/// At most this many lines per snippet.
const LONGEST: usize = 12;

const MAIN: &str = r#"
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let token = msgraph_runtime::AccessToken::new("any")?;
    let client = Client::builder(msgraph_runtime::Cloud::Global, token)
        .root(std::env::var("SNIPPET_ROOT")?.parse()?)
        .build()?;
    match std::env::var("SNIPPET")?.as_str() {
"#;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A section of the page.
#[derive(Default)]
struct Section {
    title: String,
    /// Blocks of items, which a program has once.
    items: Vec<String>,
    statements: Option<String>,
    bodies: Vec<Value>,
    /// The arguments of the program, from `With …:`.
    arguments: Vec<String>,
}

impl Section {
    fn add(&mut self, language: &str, block: String) {
        match language {
            "json" => self.bodies.push(serde_json::from_str(&block).unwrap()),
            "rust" if syn::parse_file(&block).is_ok() => self.items.push(block),
            "rust" => {
                let lines = block.lines().count();
                assert!(lines <= LONGEST, "{}: {lines} lines", self.title);
                let earlier = self.statements.replace(block);
                assert!(earlier.is_none(), "{}: two snippets", self.title);
            }
            _ => panic!("{}: a block in {language}", self.title),
        }
    }
}

/// The introduction, and the sections with a snippet.
fn sections(page: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut block: Option<(String, String)> = None;
    for line in page.lines() {
        let section = sections.last_mut().unwrap();
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(language)) => block = Some((language.to_owned(), String::new())),
            (Some(_), Some(_)) => {
                let (language, code) = block.take().unwrap();
                section.add(&language, code);
            }
            (Some((_, code)), None) => {
                code.push_str(line);
                code.push('\n');
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    sections.push(Section {
                        title: title.to_owned(),
                        ..Section::default()
                    });
                } else if let Some(arguments) = line
                    .strip_prefix("With `")
                    .and_then(|rest| rest.strip_suffix("`:"))
                {
                    let words = arguments.split(' ').map(str::to_owned);
                    section.arguments = words.collect();
                }
            }
        }
    }
    sections
}

/// A program that runs the snippet with the number in `SNIPPET`, counted from 1.
fn program(sections: &[Section]) -> String {
    let mut code = String::from("//! The snippets of the documentation.\n\n");
    let mut arms = String::new();
    for (number, section) in sections.iter().enumerate() {
        for items in &section.items {
            code.push_str(items);
            code.push('\n');
        }
        if let Some(statements) = &section.statements {
            code.push_str(&format!(
                "async fn snippet_{number}(client: &Client) -> Result<(), Box<dyn Error>> {{\n\
                 {statements}Ok(())\n}}\n\n"
            ));
            arms.push_str(&format!(
                "\"{number}\" => snippet_{number}(&client).await,\n"
            ));
        }
    }
    format!("{code}{MAIN}{arms}other => Err(format!(\"no snippet {{other}}\").into()),\n}}\n}}\n")
}

/// The folder of a crate with this name and program.
fn crate_of(name: &str, program: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("src")).unwrap();
    fs::write(path("src/main.rs"), program).unwrap();
    fs::write(
        path("build.rs"),
        "//! Generates.\n\nfn main() {\n    msgraph_codegen::build(\"graph.toml\");\n}\n",
    )
    .unwrap();
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\n\
         clap = {{ version = \"4\", features = [\"derive\"] }}\n\
         jiff = {{ version = \"1\", default-features = false, features = [\"std\"] }}\n\
         msgraph-runtime = {{ path = {:?} }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\
         [build-dependencies]\nmsgraph-codegen = {{ path = {:?} }}\n\
         [workspace]\n",
        project().join("runtime"),
        project().join("codegen"),
    );
    fs::write(path("Cargo.toml"), manifest).unwrap();
    for (from, to) in [
        (inputs().join("graph.toml"), "graph.toml"),
        (inputs().join("v1.0.csdl"), "v1.0.csdl"),
        (project().join("Cargo.lock"), "Cargo.lock"),
    ] {
        fs::copy(from, path(to)).unwrap();
    }
    folder
}

fn inputs() -> PathBuf {
    project().join("tests/snippets")
}

fn tenant() -> Emulator {
    let adele = json!({ "accountEnabled": true, "businessPhones": ["+1 425 555 0100"] });
    Emulator::builder()
        .metadata("v1.0", inputs().join("v1.0.csdl"))
        .seed("/v1.0/users/adele@contoso.com", adele)
        .seed("/v1.0/users/alex@contoso.com", json!({}))
        .seed(
            "/v1.0/users/eve_fabrikam.com%23EXT%23@contoso.com",
            json!({}),
        )
        .seed("/v1.0/groups/6e7b768e", json!({}))
        .on("microsoft.graph.checkMemberGroups", |_| json!(["6e7b768e"]))
        .seed(
            "/v1.0/identity/conditionalAccess/policies/b4c7a1f0",
            json!({}),
        )
        .start_blocking()
        .unwrap()
}

/// A batch without the headers of its requests, which have an id that is new each time. Other bodies unchanged.
fn without_headers(mut body: Value) -> Value {
    if let Some(requests) = body.get_mut("requests").and_then(Value::as_array_mut) {
        for request in requests {
            request.as_object_mut().unwrap().remove("headers");
        }
    }
    body
}

/// The JSON bodies that the emulator received.
fn bodies_of(emulator: &Emulator) -> Vec<Value> {
    let log = emulator.log();
    let is_json =
        |exchange: &&Exchange| exchange.header("content-type") == Some("application/json");
    let sent = log.iter().filter(is_json);
    sent.map(|exchange| exchange.body.replace(emulator.root(), "{root}"))
        .map(|body| without_headers(serde_json::from_str(&body).unwrap()))
        .collect()
}

#[test]
fn snippets_send_what_is_printed_below_them() {
    check("snippets", 16);
}

#[test]
fn the_twenty_mistakes_do_not_happen() {
    check("coming-from", 20);
}

/// Runs the snippets of a page in `docs/`.
fn check(page: &str, snippets: usize) {
    let text = fs::read_to_string(project().join(format!("docs/{page}.md"))).unwrap();
    let sections = sections(&text);
    assert_eq!(
        sections.len(),
        snippets + 1,
        "the introduction and the snippets"
    );
    let name = format!("page-{page}");
    let folder = crate_of(&name, &program(&sections));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--offline"])
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !said.contains("warning"),
        "{said}"
    );

    let mut wrong = Vec::new();
    for (number, section) in sections.iter().enumerate().skip(1) {
        let title = &section.title;
        assert!(section.statements.is_some(), "{title}: no snippet");
        let emulator = tenant();
        let output = Command::new(target.join("debug").join(&name))
            .args(&section.arguments)
            .env("SNIPPET", number.to_string())
            .env("SNIPPET_ROOT", emulator.root())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let sent = bodies_of(&emulator);
        let ok = output.status.success() && sent == section.bodies;
        if !ok {
            let sent = serde_json::to_string_pretty(&sent).unwrap();
            wrong.push(format!("{title}: {said}\nsent: {sent}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
