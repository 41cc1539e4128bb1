//! The program: its arguments, and what it prints.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use msgraph_emulator::token;
use serde_json::{Value, json};

const POLICY: &str = "/v1.0/policies/authenticationMethodsPolicy/\
                      authenticationMethodConfigurations/TemporaryAccessPass";

/// A running program; ends when dropped.
struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    root: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = command(folder, arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let root = lines.next().expect("it starts").unwrap();
        Program { child, lines, root }
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.root);
        let request = reqwest::Client::new().get(url).bearer_auth("t");
        request.send().await.unwrap().json().await.unwrap()
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msgraph-emulator"));
    command.current_dir(folder).args(arguments);
    command
}

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A new folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn seeds_are_there_and_each_request_has_a_line() {
    let folder = folder("seeds");
    fs::write(folder.join("bob.json"), r#"{"displayName": "Bob"}"#).unwrap();
    let all = json!({
        "/v1.0/people/cyd": {"displayName": "Cyd"},
        "/v1.0/slots(row=1,column='b=c')": {"value": "x"},
    });
    fs::write(folder.join("all.json"), format!("\u{feff}{all}")).unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model.csdl");
    let mut program = Program::start(
        &folder,
        &[
            "--metadata",
            model.to_str().unwrap(),
            "--seed",
            r#"/v1.0/people/ada={"displayName": "Ada"}"#,
            "--seed",
            "/v1.0/people/bob=@bob.json",
            "--seed",
            "@all.json",
            "--seed",
            r#"{"/v1.0/people/dot": {"displayName": "Dot"}}"#,
        ],
    );
    for (path, name, value) in [
        ("/v1.0/people/ada", "displayName", "Ada"),
        ("/v1.0/people/bob", "displayName", "Bob"),
        ("/v1.0/people/cyd", "displayName", "Cyd"),
        ("/v1.0/people/dot", "displayName", "Dot"),
        ("/v1.0/slots(row=1,column='b=c')", "value", "x"),
    ] {
        assert_eq!(program.get(path).await[name], value, "{path}");
        assert_eq!(program.line(), format!("GET {path} 200"));
    }
    let url = format!("{}/v1.0/people/ada?x=1", program.root);
    let patch = async |body: Value| {
        let request = reqwest::Client::new().patch(&url).bearer_auth("secret");
        request.json(&body).send().await.unwrap();
    };
    patch(json!({"displayName": "A"})).await;
    patch(json!({"no\nsuch\u{202e}": 1})).await;
    assert_eq!(program.line(), "PATCH /v1.0/people/ada?x=1 204");
    let line = program.line();
    let rejected = r"PATCH /v1.0/people/ada?x=1 400 BadRequest: The property 'no\u{a}such\u{202e}'";
    assert!(line.starts_with(rejected), "{line}");
    let batch = json!({"requests": [
        {"id": "1", "method": "GET", "url": "/people/ada"},
        {"id": "2", "method": "DELETE", "url": "/people/none"},
    ]});
    let url = format!("{}/v1.0/$batch", program.root);
    let request = reqwest::Client::new().post(url).bearer_auth("secret");
    request.json(&batch).send().await.unwrap();
    assert_eq!(program.line(), "POST /v1.0/$batch 200");
    assert_eq!(program.line(), "  GET /v1.0/people/ada 200");
    assert!(
        program
            .line()
            .starts_with("  DELETE /v1.0/people/none 404 ")
    );
}

/// Runs the command that `docs/emulator.md` shows, with another port.
#[tokio::test]
async fn the_documented_command_finds_what_init_writes() {
    let page = fs::read_to_string(checkout().join("docs/emulator.md")).unwrap();
    let shown = page
        .lines()
        .find_map(|line| line.strip_prefix("msgraph-emulator "))
        .expect("the page shows the command");
    let shown = shown.split('#').next().unwrap().replace("8080", "0");
    let arguments: Vec<&str> = shown.split_whitespace().collect();
    let metadata = checkout().join("metadata");
    let copy = |from: &str, to: PathBuf| {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(metadata.join(from), to).unwrap();
    };
    // The layouts written by `msgraph fetch` and `init`, by hand as documented, and in this checkout.
    let by_init = folder("by-init");
    copy("v1.0.csdl", by_init.join("metadata/v1.0.csdl"));
    let by_hand = folder("by-hand");
    copy("v1.0.csdl", by_hand.join("v1.0.csdl"));
    for folder in [by_init, by_hand, checkout()] {
        let program = Program::start(&folder, &arguments);
        let policy = program.get(POLICY).await;
        // A default that only the built-in facts have.
        assert_eq!(policy["defaultLength"], 8, "{}: {policy}", folder.display());
    }
}

#[test]
fn what_cannot_be_seeded_is_an_error() {
    let folder = folder("wrong");
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model.csdl");
    for (seed, message) in [
        ("/v1.0/people/ada", "no entity in"),
        ("@none.json", "cannot read `none.json`"),
        (r#"/v1.0/people/ada={"nam":1}"#, "'nam' does not exist"),
        (r#"/v1.0/nobody/ada={}"#, "segment 'nobody'"),
        (r#"/v1.0/people/ada={"a":"#, "is not a JSON object"),
    ] {
        let arguments = ["--metadata", model.to_str().unwrap(), "--seed", seed];
        let output = command(&folder, &arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{seed}: {error}");
        assert!(error.contains(message), "{seed}: {error}");
    }
}

#[test]
fn missing_metadata_is_an_error_that_names_the_files() {
    let folder = folder("no-metadata");
    fs::create_dir(folder.join("other")).unwrap();
    for (arguments, message) in [
        (
            &[] as &[&str],
            "error: no metadata to emulate: there is no `./v1.0.csdl` or `./beta.csdl`\n\
             help: name a CSDL file with `--metadata v1.0=FILE`\n",
        ),
        (
            &["--metadata", "other"],
            "error: no metadata to emulate: there is no `other/v1.0.csdl` or `other/beta.csdl`\n\
             help: name a CSDL file with `--metadata v1.0=FILE`\n",
        ),
    ] {
        let output = command(&folder, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), message);
    }
    let output = command(&folder, &["--metadata", "none.csdl"])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("help: check the path"), "{error}");
    assert!(!error.contains("manifest"), "{error}");
}

#[tokio::test]
async fn permissions_are_enforced_on_request() {
    let mut program = Program::start(&checkout(), &["--enforce-permissions"]);
    let url = format!("{}{POLICY}", program.root);
    let get = async |token: String| {
        let request = reqwest::Client::new().get(&url).bearer_auth(token);
        request.send().await.unwrap().status()
    };
    let delegated = |permissions: &str| token(&json!({ "scp": permissions }));
    assert_eq!(get("any".to_owned()).await, 401);
    program.line();
    assert_eq!(get(delegated("User.Read")).await, 403);
    let line = program.line();
    let lacks =
        "(the token lacks delegated permission Policy.Read.AuthenticationMethod or a higher one)";
    assert!(line.ends_with(lacks), "{line}");
    assert_eq!(
        get(delegated("Policy.ReadWrite.AuthenticationMethod")).await,
        200
    );
    // The token of the page.
    let page = fs::read_to_string(checkout().join("docs/emulator.md")).unwrap();
    let shown = page
        .lines()
        .find(|line| line.starts_with("token="))
        .unwrap();
    let script = format!("{shown}\nprintf %s \"$token\"");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(get(String::from_utf8(output.stdout).unwrap()).await, 200);
}
