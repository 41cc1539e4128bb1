//! The built-in facts and permissions, and the settings that replace them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::path::Path;

use msgraph_codegen::{Config, Generated};
use tempfile::TempDir;

const POLICY: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

/// A folder with the project's own metadata, and a manifest with these settings that selects the policy of passes.
fn folder(settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let metadata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metadata/v1.0.csdl");
    fs::copy(metadata, folder.path().join("v1.0.csdl")).unwrap();
    let manifest = format!(
        "api-version = \"v1.0\"\n{settings}\nmetadata = {{ \"v1.0\" = \"v1.0.csdl\" }}\n\
         [[resource]]\npath = \"{POLICY}\"\noperations = [\"update\", \"delete\"]\nname = \"Policy\"\n"
    );
    fs::write(folder.path().join("graph.toml"), manifest).unwrap();
    folder
}

fn generate(folder: &TempDir) -> Generated {
    Config::new(folder.path().join("graph.toml"))
        .generate()
        .unwrap()
}

#[test]
fn facts_and_permissions_are_built_in() {
    let folder = folder("");
    let generated = generate(&folder);
    assert!(generated.code.contains("Range: 8 to 48") || generated.code.contains("8 to 48"));
    assert!(generated.code.contains("pub fn reset()"));
    assert!(
        generated
            .code
            .contains("Policy.ReadWrite.AuthenticationMethod")
    );
    // Cargo would run the build script each time if it depended on a file that does not exist.
    assert_eq!(generated.inputs.len(), 2);
    assert!(generated.inputs.iter().all(|input| input.exists()));
}

#[test]
fn they_can_be_turned_off() {
    let generated = generate(&folder("built-in-facts = false\npermissions = false"));
    for absent in [
        "8 to 48",
        "pub fn reset()",
        "Policy.ReadWrite.AuthenticationMethod",
    ] {
        assert!(!generated.code.contains(absent), "{absent}");
    }
}

#[test]
fn own_facts_add_to_the_built_in_ones() {
    let folder = folder("facts = \"facts.toml\"");
    let property = "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";
    let facts = format!(
        "[property.\"{property}/defaultLength\"]\nminimum = 12\nsource = \"https://example.org\"\n"
    );
    fs::write(folder.path().join("facts.toml"), facts).unwrap();
    let generated = generate(&folder);
    assert!(generated.code.contains("at least 12"), "{}", generated.code);
    assert!(!generated.code.contains("8 to 48"));
    assert!(generated.code.contains("pub fn reset()"));
    assert!(
        generated
            .inputs
            .iter()
            .any(|input| input.ends_with("facts.toml"))
    );
}

#[test]
fn own_facts_about_a_path_that_the_metadata_lacks_are_a_warning() {
    let folder = folder("facts = \"facts.toml\"");
    let warnings = |entry: &str| {
        let facts = format!("\n{entry}\nsource = \"s\"\n");
        fs::write(folder.path().join("facts.toml"), facts).unwrap();
        let generated = generate(&folder);
        generated.likely_mistakes.render(&generated.sources)
    };
    let operation = |path: &str| warnings(&format!("[operation.\"{path}\"]"));
    let methods = "/users/{id}/authentication/temporaryAccessPassMethods";
    for (entry, expected) in [
        (operation("GET /userz/{id}"), "did you mean `users`?"),
        (operation("/userz/**"), "did you mean `users`?"),
        (
            operation(&methods.replace("Access", "Acess")),
            "has no property `temporaryAcessPassMethods`",
        ),
        (
            operation("POST /users/{id}/revokeSignInSesions"),
            "did you mean `revokeSignInSessions`?",
        ),
        (
            warnings("[keys.\"/userz\"]\nvalues = {}"),
            "did you mean `users`?",
        ),
        (
            warnings("[permission.\"A\"]\npartial = \"p\"\npaths = [\"/userz/{id}\"]"),
            "did you mean `users`?",
        ),
    ] {
        assert!(entry.contains(expected), "{entry}");
        assert!(entry.contains("facts.toml:"), "{entry}");
    }
    for known in [
        POLICY.to_owned(),
        POLICY.to_lowercase(),
        methods.replace("/{id}", "('{id}')"),
        format!("DELETE {methods}/{{key}}"),
        "POST /users/{id}/microsoft.graph.revokeSignInSessions".to_owned(),
        "/**".to_owned(),
    ] {
        assert_eq!(operation(&known), "", "{known}");
    }
}

#[test]
fn a_file_replaces_the_permissions() {
    let folder = folder("permissions = \"permissions.txt\"");
    let write = |text: &str| fs::write(folder.path().join("permissions.txt"), text).unwrap();
    write(&format!(
        "{}\n  PATCH A Passes.Write\n# end: 1 operations\n",
        POLICY.to_lowercase()
    ));
    let generated = generate(&folder);
    assert!(
        generated.code.contains("Passes.Write"),
        "{}",
        generated.code
    );
    assert!(
        !generated
            .code
            .contains("Policy.ReadWrite.AuthenticationMethod")
    );
    assert!(
        generated
            .inputs
            .iter()
            .any(|input| input.ends_with("permissions.txt"))
    );

    write("# Ours.\n/policies\n  GET A Ours.Read\n  PATCH nobody\n");
    let error = Config::new(folder.path().join("graph.toml"))
        .generate()
        .unwrap_err();
    let error = error.to_string();
    assert!(error.contains("permissions.txt:4:1"), "{error}");
    assert!(error.contains("`msgraph permissions import`"), "{error}");

    fs::remove_file(folder.path().join("permissions.txt")).unwrap();
    let error = Config::new(folder.path().join("graph.toml"))
        .generate()
        .unwrap_err();
    assert!(error.to_string().contains("graph.toml:2:"), "{error}");
}
