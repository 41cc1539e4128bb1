//! Another team's crate, as a new user would write it: `build.rs`, `graph.toml`, path dependencies.
//! Cargo builds it, it sends an update to an emulator, and it regenerates only if its inputs change.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use msgraph_emulator::Emulator;
use serde_json::json;

const MAIN: &str = r#"//! Sends one update to the root in the first argument.

use msgraph_runtime::{AccessToken, Client, Cloud, include_graph};

include_graph!(mod graph);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).ok_or("usage: other-team ROOT")?;
    let client = Client::builder(Cloud::Global, AccessToken::new("token")?)
        .root(root.parse()?)
        .build()?;
    let patch = graph::TemporaryAccessPassAuthenticationMethodConfigurationPatch::new()
        .with_default_length(16);
    let request = graph::policies::authentication_methods_policy::authentication_method_configurations
        ::update_temporary_access_pass(&patch);
    println!("{} {}", request.api_version(), client.send(request).await?.status);
    Ok(())
}
"#;

struct Downstream {
    directory: tempfile::TempDir,
    /// The date for deprecation warnings, in seconds since 1970: 2026-11-24.
    today: &'static str,
}

impl Downstream {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let downstream = Downstream {
            directory,
            today: "1795478400",
        };
        downstream.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"other-team\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                 [dependencies]\n\
                 msgraph-runtime = {{ path = {:?}, default-features = false, features = [\"client\"] }}\n\
                 tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\
                 [build-dependencies]\nmsgraph-codegen = {{ path = {:?} }}\n\
                 [workspace]\n",
                project.join("runtime"),
                project.join("codegen"),
            ),
        );
        downstream.write(
            "build.rs",
            "//! Generates the updates of this crate.\n\nfn main() {\n    \
             msgraph_codegen::build(\"graph.toml\");\n}\n",
        );
        downstream.manifest("v1.0");
        for document in ["v1.0.csdl", "beta.csdl"] {
            let text = fs::read_to_string(project.join("metadata").join(document)).unwrap();
            downstream.write(document, &text);
        }
        downstream.write("src/main.rs", MAIN);
        fs::copy(project.join("Cargo.lock"), downstream.path("Cargo.lock")).unwrap();
        downstream
    }

    fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    fn manifest(&self, version: &str) {
        self.write(
            "graph.toml",
            &format!(
                "api-version = \"{version}\"\n\n[metadata]\n\"v1.0\" = \"v1.0.csdl\"\nbeta = \"beta.csdl\"\n\n\
                 [[update]]\n\
                 path = \"/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass\"\n\
                 type = \"microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration\"\n"
            ),
        );
    }

    /// Builds the crate. Returns Cargo's output, and whether the build succeeded.
    fn build(&self) -> (String, bool) {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--offline", "-vv"])
            .current_dir(self.directory.path())
            .env("CARGO_TARGET_DIR", target())
            .env("SOURCE_DATE_EPOCH", self.today)
            // The output shows whether the build script ran.
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (text, output.status.success())
    }

    fn built(&self) -> String {
        let (text, ok) = self.build();
        assert!(ok, "{text}");
        text
    }

    fn run(&self, root: &str) -> String {
        let output = Command::new(target().join("debug/other-team"))
            .arg(root)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The generated file.
    fn generated(&self) -> (PathBuf, String, SystemTime) {
        let builds = fs::read_dir(target().join("debug/build")).unwrap();
        let mut found: Vec<(SystemTime, PathBuf)> = builds
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                let is_ours = path.file_name()?.to_str()?.starts_with("other-team-");
                let file = path.join("out/graph.rs");
                let script_ran = fs::metadata(path.join("output")).ok()?.modified().ok()?;
                (is_ours && file.exists()).then_some((script_ran, file))
            })
            .collect();
        found.sort();
        let (_, path) = found.pop().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        (path, text, modified)
    }
}

/// Kept between runs, so that the dependencies are not rebuilt.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream")
}

fn compiled(output: &str) -> bool {
    output.contains("Compiling other-team")
}

fn script_ran(output: &str) -> bool {
    output.contains("other-team") && output.contains("build-script-build`")
}

#[tokio::test]
async fn another_teams_crate_generates_sends_and_regenerates() {
    let metadata = concat!(env!("CARGO_MANIFEST_DIR"), "/metadata");
    let emulator = Emulator::start(metadata).await.unwrap();
    let policy = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
    let mut crate_ = Downstream::new();

    let first = crate_.built();
    assert!(compiled(&first) && script_ran(&first), "{first}");
    let root = emulator.root().to_owned();
    assert_eq!(crate_.run(&root).trim(), "v1.0 204");
    let state = emulator.state(&format!("/v1.0{policy}")).unwrap();
    assert_eq!(state["defaultLength"], json!(16));

    let again = crate_.built();
    assert!(
        !compiled(&again) && !script_ran(&again),
        "no input changed:\n{again}"
    );

    // Cargo calls rustc for a crate whose build script ran, whatever the script did. If the file is
    // untouched, rustc finds everything in its incremental cache and writes the same program.
    let (path, text, modified) = crate_.generated();
    let program = fs::read(target().join("debug/other-team")).unwrap();
    let csdl = fs::read_to_string(crate_.path("v1.0.csdl")).unwrap();
    crate_.write("v1.0.csdl", &csdl.replace("\n      <", "\n\n        <"));
    let spaced = crate_.built();
    assert!(script_ran(&spaced), "the metadata changed:\n{spaced}");
    assert_eq!(
        crate_.generated(),
        (path, text.clone(), modified),
        "only white space changed, so the file is not written"
    );
    assert!(
        fs::read(target().join("debug/other-team")).unwrap() == program,
        "and the program is the same"
    );

    crate_.manifest("beta");
    let beta = crate_.built();
    assert!(compiled(&beta) && script_ran(&beta), "{beta}");
    let (_, now, _) = crate_.generated();
    assert_eq!(
        now,
        text.replace("\"v1.0\"", "\"beta\"")
            .replace("/v1.0/", "/beta/")
    );
    assert_eq!(crate_.run(&root).trim(), "beta 204");

    crate_.manifest("v2.0");
    let (wrong, ok) = crate_.build();
    assert!(!ok);
    assert!(wrong.contains("has no document for `v2.0`"), "{wrong}");
    assert!(wrong.contains("graph.toml:1:15"), "{wrong}");

    // A removal in half a year: rustc warns about the use of the setter, the build does not warn yet.
    crate_.manifest("v1.0");
    crate_.write("v1.0.csdl", &with_removal(&csdl));
    let deprecated = crate_.built();
    let says = "use of deprecated method";
    assert!(deprecated.contains(says), "{deprecated}");
    assert!(deprecated.contains(NOTE), "{deprecated}");
    let warning = "warning: other-team@0.0.0: `microsoft.graph.\
                   temporaryAccessPassAuthenticationMethodConfiguration/defaultLength` \
                   is to be removed from Graph on 2027-05-31: Take `length`.";
    assert!(!deprecated.contains(warning), "{deprecated}");
    crate_.today = "1803945600"; // 2027-03-02, 90 days before
    let soon = crate_.built();
    assert!(script_ran(&soon), "the date changed:\n{soon}");
    assert!(soon.contains(warning), "{soon}");
}

const NOTE: &str = "Graph removes it on 2027-05-31: Take `length`.";

/// The metadata with a removal date for `defaultLength`.
fn with_removal(csdl: &str) -> String {
    let property = "<Property Name=\"defaultLength\" Type=\"Edm.Int32\"";
    let (before, behind) = csdl.split_once(property).unwrap();
    let (_, behind) = behind.split_once("</Property>").unwrap();
    format!(
        "{before}{property}><Annotation Term=\"Org.OData.Core.V1.Revisions\"><Collection><Record>\
         <PropertyValue Property=\"Kind\" EnumMember=\"Org.OData.Core.V1.RevisionKind/Deprecated\" />\
         <PropertyValue Property=\"RemovalDate\" Date=\"2027-05-31\" />\
         <PropertyValue Property=\"Description\" String=\"Take `length`.\" />\
         </Record></Collection></Annotation></Property>{behind}"
    )
}
