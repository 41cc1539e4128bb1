//! `msgraph init` in all kinds of crates: its output builds, existing files are never overwritten, and after an error
//! nothing is written.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TYPE: &str = "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";
const POLICY: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
const DECLARATION: &str = "msgraph_runtime::include_graph!(mod graph);";

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Another team's crate.
struct Crate(tempfile::TempDir);

impl Crate {
    /// The output of `cargo new`.
    fn new(kind: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO"))
            .args(["init", "--vcs", "none", "--name", "other-team", kind])
            .current_dir(directory.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let crate_ = Crate(directory);
        let metadata = fs::read_to_string(project().join("metadata/v1.0.csdl")).unwrap();
        crate_.write("metadata/v1.0.csdl", &metadata);
        crate_
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn init(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_msgraph"))
            .arg("init")
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// Sets the crate up, and returns the output.
    #[track_caller]
    fn set_up(&self, more: &[&str]) -> String {
        let output = self.init(&[&["--path", POLICY, "--type", TYPE, "--yes"], more].concat());
        let said = stdout(&output) + &stderr(&output);
        let code = i32::from(said.contains("by hand, shown above"));
        assert_eq!(output.status.code(), Some(code), "{said}");
        said
    }

    /// Nothing is written, and the output contains this.
    #[track_caller]
    fn refuses(&self, arguments: &[&str], code: i32, words: &[&str]) {
        let before = self.files();
        let output = self.init(&[arguments, &["--yes"]].concat());
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{message}");
        for word in words {
            assert!(message.contains(word), "no `{word}` in: {message}");
        }
        assert_eq!(self.files(), before);
    }

    /// All files with their contents.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut open = vec![self.0.path().to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }

    /// `cargo check`, with warnings denied in this crate.
    #[track_caller]
    fn checks(&self, file: &str, code: &str) {
        self.write(file, &(self.read(file) + code));
        // The runtime without `client` is enough, and saves minutes.
        let manifest = self.read("Cargo.toml");
        let lean = manifest.replace("/runtime\" }", "/runtime\", default-features = false }");
        assert_ne!(manifest, lean);
        self.write(
            "Cargo.toml",
            &format!("{lean}\n[lints.rust]\nwarnings = \"deny\"\n[workspace]\n"),
        );
        fs::copy(project().join("Cargo.lock"), self.path("Cargo.lock")).unwrap();
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "-q"])
            .current_dir(self.0.path())
            // Kept between runs, so that the dependencies are not rebuilt.
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("init"),
            )
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_fresh_crate_builds_and_is_not_set_up_twice() {
    let use_it = "\nuse msgraph_runtime::{AccessToken, Null, auth::TokenError};\n\n\
                  pub fn once() -> graph::TemporaryAccessPassPatch {\n    \
                  graph::TemporaryAccessPassPatch::new().with_is_usable_once(true).with_default_length(Null)\n}\n\
                  pub fn token(text: &str) -> Result<AccessToken, TokenError> {\n    AccessToken::new(text)\n}\n";
    for (kind, root) in [("--bin", "src/main.rs"), ("--lib", "src/lib.rs")] {
        let crate_ = Crate::new(kind);
        let original = crate_.read(root);
        let said = crate_.set_up(&["--name", "TemporaryAccessPass"]);
        let function = "`graph::update_temporary_access_pass`";
        assert!(
            said.contains(&format!(
                "written; `cargo build` generates {function}, which takes a \
                 `graph::TemporaryAccessPassPatch`"
            )),
            "{said}"
        );
        assert!(said.contains("+[build-dependencies]"), "{said}");
        assert_eq!(crate_.read(root), format!("{DECLARATION}\n\n{original}"));
        assert!(!crate_.path("src/graph.rs").exists());
        assert!(!crate_.path("facts.toml").exists());

        let before = crate_.files();
        let said = crate_.set_up(&["--name", "TemporaryAccessPass"]);
        assert!(said.contains("nothing to write"), "{said}");
        assert_eq!(crate_.files(), before, "a second time changes nothing");

        crate_.checks(root, if kind == "--bin" { "" } else { use_it });
    }
}

#[test]
fn nothing_is_written_unasked() {
    let crate_ = Crate::new("--bin");
    let before = crate_.files();
    let arguments = ["--path", POLICY, "--type", TYPE];
    let output = crate_.init(&arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains(&format!("+{DECLARATION}")),
        "{}",
        stdout(&output)
    );
    assert!(
        stderr(&output).contains("nothing was written; `--yes`"),
        "{}",
        stderr(&output)
    );
    assert_eq!(crate_.files(), before);

    let output = crate_.init(&[&arguments[..], &["--format", "json"]].concat());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["written"], false);
    assert_eq!(report["steps"][0]["action"], "create");
    assert_eq!(report["steps"][0]["path"], "graph.toml");
    let output = crate_.init(&[&arguments[..], &["--format", "markdown"]].concat());
    assert!(stdout(&output).starts_with("- `graph.toml`: create\n\n```diff\n"));
    assert_eq!(crate_.files(), before);
}

#[test]
fn a_type_alone_is_enough_where_it_has_one_path() {
    let crate_ = Crate::new("--bin");
    let output = crate_.init(&["--type", TYPE, "--yes"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let expected = format!("\n[[update]]\npath = \"{POLICY}\"\ntype = \"{TYPE}\"\n");
    let manifest = crate_.read("graph.toml");
    assert!(manifest.ends_with(&expected), "{manifest}");

    // No update, so only the struct.
    let crate_ = Crate::new("--bin");
    let output = crate_.init(&["--type", "microsoft.graph.excludeTarget", "--yes"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let manifest = crate_.read("graph.toml");
    assert!(
        manifest.contains("[[struct]]\ntype = \"microsoft.graph.excludeTarget\"\n"),
        "{manifest}"
    );

    // Metadata with endless paths.
    let crate_ = Crate::new("--bin");
    let csdl = crate_.read("metadata/v1.0.csdl");
    // Six types, each containing all others: too many paths to enumerate.
    let types: String = (0..6)
        .map(|from| {
            let navigation: String = (0..6)
                .map(|to| {
                    format!(
                        "<NavigationProperty Name=\"to{to}\" Type=\"graph.ring{to}\" \
                         ContainsTarget=\"true\" />\n"
                    )
                })
                .collect();
            format!("<EntityType Name=\"ring{from}\" BaseType=\"graph.entity\">{navigation}</EntityType>\n")
        })
        .collect();
    let policies = "<Singleton Name=\"policies\"";
    let ring = format!("<Singleton Name=\"ring\" Type=\"graph.ring0\" />\n{policies}");
    let root = "<EntityType Name=\"policyRoot\"";
    let endless = csdl
        .replace(root, &format!("{types}{root}"))
        .replace(policies, &ring);
    crate_.write("metadata/v1.0.csdl", &endless);
    let output = crate_.init(&["--type", TYPE, "--yes"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(crate_.read("graph.toml").ends_with(&expected));
    let output = crate_.init(&["--type", "microsoft.graph.excludeTarget"]);
    let message = stderr(&output);
    assert!(
        message.contains("none of the paths with up to 4 navigation properties"),
        "{message}"
    );

    // Several.
    let crate_ = Crate::new("--bin");
    let csdl = crate_.read("metadata/v1.0.csdl");
    let more = csdl.replace(
        "<Singleton Name=\"policies\"",
        "<Singleton Name=\"rules\" Type=\"microsoft.graph.policyRoot\" />\n<Singleton Name=\"policies\"",
    );
    assert_ne!(csdl, more);
    crate_.write("metadata/v1.0.csdl", &more);
    let words = ["is updated at 2 paths:\n  /policies\n  /rules\n", "--path"];
    crate_.refuses(&["--type", "microsoft.graph.policyRoot"], 2, &words);
}

#[test]
fn mistakes_are_told_before_anything_is_written() {
    let crate_ = Crate::new("--bin");
    let misspelt = POLICY.replace("MethodsPolicy", "MethodPolicy");
    let words = [
        "--> graph.toml (as it would be written):8:19",
        "did you mean `authenticationMethodsPolicy`?",
    ];
    crate_.refuses(&["--path", &misspelt], 2, &words);
    let words = ["unknown type", "did you mean `microsoft.graph.policyRoot`?"];
    crate_.refuses(&["--type", "microsoft.graph.policyRot"], 2, &words);
    let words = ["unknown type", "did you mean `policyRoot`?"];
    crate_.refuses(&["--type", "policyRot"], 2, &words);
    crate_.refuses(
        &["--path", POLICY, "--type", TYPE, "--name", "access_pass"],
        2,
        &["`access_pass` cannot name a type", "upper camel case"],
    );
    crate_.refuses(
        &["--path", POLICY, "--type", "microsoft.graph.policyRoot"],
        2,
        &["policyRoot"],
    );
    crate_.refuses(&["--path", "/a\"\n[b]"], 2, &["would be written):8"]);
    crate_.refuses(&[], 2, &["<--path <PATH>|--type <TYPE>>"]);
    let words = ["relative URL without a base", "cargo accepts `https://"];
    crate_.refuses(&["--path", POLICY, "--source", "git=foo"], 2, &words);
    let words = [
        "there is no `metadata/beta.csdl`",
        "msgraph fetch --api-version beta",
    ];
    crate_.refuses(&["--path", POLICY, "--api-version", "beta"], 2, &words);
    crate_.refuses(
        &["--path", POLICY, "--metadata", "none.csdl"],
        4,
        &["`none.csdl`"],
    );
    crate_.refuses(
        &["--path", POLICY, "--source", "path=src"],
        2,
        &["not a clone of this project"],
    );
    crate_.refuses(
        &["--path", POLICY, "--source", "clone"],
        2,
        &["`path=DIR` or `git=URL`"],
    );
    crate_.refuses(
        &["--path", POLICY, "--crate-dir", "src"],
        2,
        &["no `src/Cargo.toml`", "cargo new"],
    );
    crate_.write("metadata/v1.0.csdl", "<html/>");
    crate_.refuses(&["--path", POLICY], 3, &["metadata/v1.0.csdl:1:1"]);

    let virtual_ = Crate::new("--bin");
    virtual_.write("Cargo.toml", "[workspace]\nmembers = []\n");
    virtual_.refuses(
        &["--path", POLICY],
        2,
        &["is the manifest of a workspace", "--crate-dir"],
    );
    virtual_.write("Cargo.toml", "[package]\nname = \"old\"\n");
    virtual_.refuses(
        &["--path", POLICY],
        2,
        &["edition 2015", "`edition = \"2024\"`"],
    );
    virtual_.write("Cargo.toml", "[package\n");
    virtual_.refuses(&["--path", POLICY], 3, &["`Cargo.toml`", "line 1"]);
}

#[test]
fn what_is_there_stays_and_what_to_add_is_told() {
    let crate_ = Crate::new("--bin");
    crate_.write("build.rs", "fn main() {}\n");
    crate_.write("graph.toml", "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"metadata/v1.0.csdl\"\n[[update]]\npath = \"/policies\"\n");
    crate_.write("src/graph.rs", "pub fn draw() {}\n");
    crate_.write("src/main.rs", "mod graph;\nfn main() { graph::draw() }\n");
    let before = crate_.files();
    let own = crate_.read("graph.toml");
    let said = crate_.set_up(&[]);
    for word in [
        &format!("+[[update]]\n+path = \"{POLICY}\"\n"),
        "build.rs: exists and is not changed; add by hand\nin `main`:\n    msgraph_codegen::build(\"graph.toml\");\n",
        "src/main.rs: exists and is not changed; add by hand\nthe crate already has a `graph`",
        "    msgraph_runtime::include_graph!(mod graph_api = \"graph.rs\");\n",
        "written, except 2 changes to make by hand, shown above; then `cargo build` generates",
    ] {
        assert!(said.contains(word), "no {word} in {said}");
    }
    let mut after = crate_.files();
    let manifest = after.remove(&crate_.path("Cargo.toml")).unwrap();
    assert!(
        String::from_utf8(manifest)
            .unwrap()
            .contains("msgraph-codegen")
    );
    let mut before = before;
    before.remove(&crate_.path("Cargo.toml"));
    let manifest = after.remove(&crate_.path("graph.toml")).unwrap();
    before.remove(&crate_.path("graph.toml"));
    assert_eq!(after, before);
    let entry = format!("\n[[update]]\npath = \"{POLICY}\"\ntype = \"{TYPE}\"\n");
    assert_eq!(String::from_utf8(manifest).unwrap(), own + &entry);

    // The rest must be done by hand, so nothing is written.
    let output = crate_.init(&["--path", POLICY, "--type", TYPE, "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("nothing to write, except 2 changes to make by hand, shown above"),
        "{}",
        stderr(&output)
    );

    // Lines that the user added by hand are recognised.
    crate_.write(
        "build.rs",
        "fn main() { msgraph_codegen::build(\"graph.toml\"); }\n",
    );
    for module in [
        "msgraph_runtime::include_graph!(mod graph_api = \"graph.rs\");",
        "mod api {\n    msgraph_runtime::include_graph!(pub mod policies);\n}",
        "mod api {\n    include!(concat!(env!(\"OUT_DIR\"), \"/graph.rs\"));\n}",
    ] {
        crate_.write(
            "src/main.rs",
            &format!("mod graph;\n{module}\nfn main() {{}}\n"),
        );
        let said = crate_.set_up(&[]);
        assert!(
            said.contains("nothing to write") && !said.contains("by hand"),
            "{said}"
        );
    }
    // Also in the file of the module.
    crate_.write("src/main.rs", "mod graph;\nfn main() {}\n");
    crate_.write(
        "src/graph.rs",
        "msgraph_runtime::include_graph!(pub mod v1);\n",
    );
    let said = crate_.set_up(&[]);
    assert!(said.contains("nothing to write"), "{said}");
    // The code of another manifest is not that of this one.
    fs::remove_file(crate_.path("src/graph.rs")).unwrap();
    crate_.write(
        "src/main.rs",
        "msgraph_runtime::include_graph!(mod beta = \"graph_beta.rs\");\nfn main() {}\n",
    );
    let said = crate_.set_up(&[]);
    assert!(said.contains(&format!("+{DECLARATION}")), "{said}");
}

#[test]
fn crates_of_other_shapes() {
    // Without a root file.
    let crate_ = Crate::new("--bin");
    fs::rename(crate_.path("src/main.rs"), crate_.path("src/other.rs")).unwrap();
    let said = crate_.set_up(&[]);
    assert!(
        said.contains(&format!("in the root of the crate:\n    {DECLARATION}\n")),
        "{said}"
    );

    // The root file and the build script in other locations; a `Cargo.toml` with comments and CRLF.
    let crate_ = Crate::new("--lib");
    let manifest = "# Ours.\r\n[package]\r\nname = \"other-team\"  # short\r\nedition = \"2021\"\r\nbuild = \"make/build.rs\"\r\n\
                    [lib]\r\npath = \"lib/root.rs\"\r\n[build-dependencies]\r\n\
                    msgraph-codegen = { git = \"https://fork.example/x\" }\r\n";
    crate_.write("Cargo.toml", manifest);
    crate_.write("lib/root.rs", "//! Root.\n");
    crate_.set_up(&["--source", "git=https://example.org/msgraph"]);
    let added =
        "\r\n[dependencies]\r\nmsgraph-runtime = { git = \"https://example.org/msgraph\" }\r\n";
    assert_eq!(crate_.read("Cargo.toml"), format!("{manifest}{added}"));
    assert_eq!(
        crate_.read("lib/root.rs"),
        format!("//! Root.\n\n{DECLARATION}\n")
    );
    assert!(crate_.path("make/build.rs").exists());

    // The crate disables build scripts; a root file that is not Rust.
    let crate_ = Crate::new("--bin");
    crate_.write(
        "Cargo.toml",
        "[package]\nname = \"other-team\"\nedition = \"2018\"\nbuild = false\n",
    );
    crate_.write("src/main.rs", "fn main( {\n");
    let said = crate_.set_up(&[]);
    assert!(said.contains("`[package]` has `build = false`"), "{said}");
    assert!(
        said.contains(&format!("by hand\n    {DECLARATION}\n")),
        "{said}"
    );
    assert_eq!(crate_.read("src/main.rs"), "fn main( {\n");

    // A member of a workspace that shares the dependencies, named from outside.
    let workspace = Crate::new("--bin");
    workspace.write("Cargo.toml", "[workspace]\nmembers = [\"member\"]\n[workspace.package]\nversion = \"1.0.0\"\nedition = \"2024\"\n[workspace.dependencies]\nmsgraph-runtime = \"0.1\"\n");
    workspace.write(
        "member/Cargo.toml",
        "[package]\nname = \"member\"\nversion.workspace = true\nedition.workspace = true\n",
    );
    workspace.write("member/src/lib.rs", "");
    workspace.set_up(&["--crate-dir", "member", "--metadata", "metadata/v1.0.csdl"]);
    let manifest = workspace.read("member/Cargo.toml");
    assert!(
        manifest.contains("[dependencies]\nmsgraph-runtime = { workspace = true }\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("version.workspace = true\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("msgraph-codegen = { path = \""),
        "{manifest}"
    );
    assert!(
        workspace
            .read("member/graph.toml")
            .contains("= \"../metadata/v1.0.csdl\"\n")
    );
    assert_eq!(
        workspace.read("member/src/lib.rs"),
        format!("{DECLARATION}\n")
    );
}

/// If the name `graph` is already used for anything, it is not defined again.
#[test]
fn the_name_of_the_module_may_be_taken() {
    let by_hand = "the crate already has a `graph`; choose another name for the module:\n    \
                   msgraph_runtime::include_graph!(mod graph_api = \"graph.rs\");\n";
    let crate_ = Crate::new("--lib");
    crate_.write(
        "graph/Cargo.toml",
        "[package]\nname = \"graph\"\nedition = \"2024\"\n",
    );
    crate_.write("graph/src/lib.rs", "");
    let manifest = crate_.read("Cargo.toml");
    crate_.write(
        "Cargo.toml",
        &format!("{}\ngraph = {{ path = \"graph\" }}\n", manifest.trim_end()),
    );
    let said = crate_.set_up(&[]);
    assert!(said.contains(by_hand), "{said}");
}

/// Errors in `Cargo.toml` are reported precisely.
#[test]
fn manifests_of_cargo_that_do_not_do() {
    let wanted = ["--path", POLICY, "--type", TYPE];
    let crate_ = Crate::new("--lib");
    for (manifest, code, words) in [
        ("", 3, "it has neither `[package]` nor `[workspace]`"),
        ("package = 3\n", 3, "`package` is not a table"),
        ("[workspace]\n", 2, "is the manifest of a workspace"),
        (
            "[workspace.package]\nedition = \"2015\"\n[package]\nname = \"a\"\nedition.workspace = true\n",
            2,
            "has edition 2015",
        ),
        (
            "[workspace]\n[package]\nname = \"a\"\nedition.workspace = true\n",
            2,
            "has edition 2015",
        ),
    ] {
        crate_.write("Cargo.toml", manifest);
        crate_.refuses(&wanted, code, &["`Cargo.toml`", words]);
    }
    crate_.write(
        "Cargo.toml",
        "[package]\nname = \"a\"\nedition = \"2024\"\nbuild = [\"a.rs\", \"b.rs\"]\n",
    );
    let said = crate_.set_up(&[]);
    assert!(
        said.contains("`[package]` has `build = [\"a.rs\", \"b.rs\"]`"),
        "{said}"
    );
}

/// An inline array gets a new item, and a manifest without entries is not an error.
#[test]
fn manifests_without_entries() {
    let head =
        "# Ours.\r\napi-version = \"v1.0\"\r\nmetadata = { \"v1.0\" = \"metadata/v1.0.csdl\" }\r\n";
    let crate_ = Crate::new("--lib");
    crate_.write("graph.toml", head);
    crate_.set_up(&[]);
    let entry = format!("\r\n[[update]]\r\npath = \"{POLICY}\"\r\ntype = \"{TYPE}\"\r\n");
    assert_eq!(crate_.read("graph.toml"), format!("{head}{entry}"));
    let said = crate_.set_up(&[]);
    assert!(said.contains("nothing to write"), "{said}");

    let crate_ = Crate::new("--lib");
    crate_.write("graph.toml", head);
    crate_.refuses(&["--path", "/polices"], 2, &["did you mean `policies`"]);
    crate_.set_up(&[]);
}

/// Another update adds an entry; the rest of the manifest stays unchanged.
#[test]
fn another_update_is_added_to_the_manifest() {
    let crate_ = Crate::new("--bin");
    crate_.set_up(&[]);
    let own = format!("# Ours.\n{}# The end.", crate_.read("graph.toml")).replace('\n', "\r\n");
    crate_.write("graph.toml", &own);
    let output = crate_.init(&["--path", "/policies", "--yes"]);
    let said = stdout(&output) + &stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains(
            "generates `graph::policies::update`, which takes a `graph::PolicyRootPatch`"
        ),
        "{said}"
    );
    assert_eq!(
        crate_.read("graph.toml"),
        format!("{own}\r\n\r\n[[update]]\r\npath = \"/policies\"\r\n")
    );
    let output = crate_.init(&["--path", "/policies", "--yes"]);
    assert!(stderr(&output).contains("nothing to write"));
    let output = crate_.init(&["--type", "excludeTarget", "--yes"]);
    assert!(
        stderr(&output).ends_with("`cargo build` generates `graph::ExcludeTarget`\n"),
        "{}",
        stderr(&output)
    );
    // An invalid entry is not written, and earlier errors are not attributed to the new entry.
    crate_.refuses(&["--path", "/polices"], 2, &["did you mean `policies`?"]);
    crate_.write(
        "graph.toml",
        &own.replace("MethodsPolicy/", "MethodPolicy/"),
    );
    crate_.refuses(&["--path", "/policies"], 3, &["(as it would be written)"]);
}

/// A short name is accepted, as in `explain`.
#[test]
fn a_type_needs_no_namespace() {
    let (_, short) = TYPE.rsplit_once('.').unwrap();
    for more in [&[] as &[&str], &["--path", POLICY]] {
        let crate_ = Crate::new("--bin");
        let output = crate_.init(&[&["--type", short, "--yes"], more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(!stderr(&output).contains("warning"), "{}", stderr(&output));
        let manifest = crate_.read("graph.toml");
        assert!(
            manifest.ends_with(&format!("type = \"{TYPE}\"\n")),
            "{manifest}"
        );
    }
}

#[test]
fn metadata_outside_the_checkout_is_warned_of() {
    let outer = Crate::new("--bin");
    outer.write("member/Cargo.toml", &outer.read("Cargo.toml"));
    outer.write("member/src/lib.rs", "");
    let document = outer.path("metadata/v1.0.csdl");
    let arguments = [
        "--path",
        POLICY,
        "--crate-dir",
        "member",
        "--metadata",
        document.to_str().unwrap(),
    ];
    let message = stderr(&outer.init(&arguments));
    assert!(
        message.contains("`../metadata/v1.0.csdl` is outside the crate's repository"),
        "{message}"
    );
    assert!(message.contains("`msgraph fetch`"), "{message}");
    fs::create_dir(outer.path(".git")).unwrap();
    let message = stderr(&outer.init(&arguments));
    assert!(!message.contains("warning"), "{message}");
}

/// If a file cannot be written, the earlier ones are restored.
#[test]
fn all_of_it_or_nothing() {
    let crate_ = Crate::new("--bin");
    let manifest = crate_.path("Cargo.toml");
    let usual = fs::metadata(&manifest).unwrap().permissions();
    let mut protected = usual.clone();
    protected.set_readonly(true);
    fs::set_permissions(&manifest, protected).unwrap();
    crate_.refuses(&["--path", POLICY], 4, &["`Cargo.toml` is write-protected"]);
    fs::set_permissions(&manifest, usual).unwrap();
    // Files that need no change may be write-protected.
    crate_.write("build.rs", "fn main() {}\n");
    let script = crate_.path("build.rs");
    let mut protected = fs::metadata(&script).unwrap().permissions();
    protected.set_readonly(true);
    fs::set_permissions(&script, protected).unwrap();
    let output = crate_.init(&["--path", POLICY]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("build.rs: exists and is not changed"));
    fs::remove_file(&script).unwrap();

    // Files that are not UTF-8 are not changed.
    fs::write(crate_.path("src/main.rs"), b"// \xff\nfn main() {}\n").unwrap();
    crate_.refuses(&["--path", POLICY], 3, &["`src/main.rs` is not UTF-8"]);
    crate_.write("src/main.rs", "fn main() {}\n");

    // A file instead of a folder.
    crate_.write(
        "Cargo.toml",
        "[package]\nname = \"a\"\nedition = \"2021\"\nbuild = \"src/main.rs/build.rs\"\n",
    );
    crate_.refuses(&["--path", POLICY], 4, &["src/main.rs/build.rs"]);
}

#[test]
fn an_entry_may_be_of_a_resource_or_a_call() {
    let crate_ = Crate::new("--lib");
    let passes = "/users/{id}/authentication/temporaryAccessPassMethods";
    for (arguments, entry, said) in [
        (
            &["--path", passes, "--operations", "list,create,delete"][..],
            "\n[[resource]]\npath = \"/users/{id}/authentication/temporaryAccessPassMethods\"\n\
             operations = [\"list\", \"create\", \"delete\"]\n",
            "temporary_access_pass_methods::create`, which takes a `graph::NewTemporaryAccessPass",
        ),
        (
            &["--path", "/users/{id}/revokeSignInSessions"],
            "\n[[call]]\npath = \"/users/{id}/revokeSignInSessions\"\n",
            "`graph::users::revoke_sign_in_sessions`",
        ),
        // It cannot be updated.
        (
            &["--path", "/groups/{id}/members"],
            "\n[[resource]]\npath = \"/groups/{id}/members\"\n",
            "`graph::groups::members::",
        ),
    ] {
        let output = crate_.init(&[arguments, &["--yes"]].concat());
        let text = stdout(&output) + &stderr(&output);
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains(said), "no {said} in {text}");
        let manifest = crate_.read("graph.toml");
        assert!(manifest.ends_with(entry), "{manifest}");
        let again = crate_.init(&[arguments, &["--yes"]].concat());
        assert!(
            stderr(&again).contains("nothing to write"),
            "{}",
            stderr(&again)
        );
    }
    crate_.refuses(
        &["--path", passes, "--operations", "fly"],
        2,
        &["write some of list, get"],
    );
    crate_.refuses(
        &["--path", passes, "--operations", "set-ref"],
        2,
        &["`set-ref` does not apply"],
    );
}

/// An entry that would generate nothing new is not added.
#[test]
fn what_another_entry_generates_is_not_added() {
    let crate_ = Crate::new("--lib");
    let passes = "/users/{id}/authentication/temporaryAccessPassMethods";
    let operations = "list,get,create,delete";
    let first = [
        "--path",
        passes,
        "--name",
        "Pass",
        "--operations",
        operations,
        "--yes",
    ];
    let output = crate_.init(&first);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let before = crate_.files();
    for operations in [&[][..], &["--operations", "get,list"]] {
        let output = crate_.init(&[&["--path", passes, "--yes"], operations].concat());
        let text = stdout(&output) + &stderr(&output);
        assert!(text.contains("nothing to write"), "{text}");
        assert_eq!(crate_.files(), before);
    }
}
