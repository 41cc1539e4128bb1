//! The names of placeholders do not matter, in `exclude` or in the facts, or in parentheses.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports failures by panicking"
)]

use std::fs;

use msgraph_codegen::Config;

/// Generates from the metadata of the case `paths`.
fn generated(manifest: &str, facts: &[&str]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for (nth, text) in facts.iter().enumerate() {
        let name = format!("facts{nth}.toml");
        fs::write(folder.path().join(&name), text).unwrap();
        names.push(name);
    }
    let path = folder.path().join("graph.toml");
    fs::write(
        &path,
        format!(
            "api-version = \"v1.0\"\nfacts = {names:?}\n[metadata]\n\"v1.0\" = []\n[[update]]\n{manifest}"
        ),
    )
    .unwrap();
    let config = Config::new(path).metadata(["tests/cases/paths/metadata.csdl"]);
    let generated = config.generate().map_err(|error| error.to_string())?;
    Ok(generated.code)
}

fn note(path: &str, note: &str) -> String {
    format!("[operation.\"{path}\"]\nnote = \"{note}\"\nsource = \"https://example.org\"\n")
}

const FORMAT: &str = "/books/{number}/worksheets/{id}/range(address='{address}')/format";
const THE_SAME: &str = "/books/{b}/worksheets/{w}/range(address='{where}')/format";

#[test]
fn what_is_excluded_may_call_its_placeholders_anything() {
    let whole = generated("path = \"/**\"\n", &[]).unwrap();
    let without = |exclude: &str| {
        generated(&format!("path = \"/**\"\nexclude = {exclude:?}\n"), &[]).unwrap()
    };
    for (exclude, gone) in [
        (THE_SAME, "pub mod range_by_address"),
        (
            "/books/{b}/worksheets/{w}/range(address='{where}')/**",
            "pub mod range_by_address",
        ),
        ("/applications(appId='{x}')", "pub fn update_by_app_id"),
        ("/applications(appId='{x}')/**", "pub fn update_by_app_id"),
    ] {
        assert!(whole.contains(gone), "{gone}: {whole}");
        assert!(!without(exclude).contains(gone), "{exclude}");
    }
    // The name of a parameter matters.
    let other = generated(
        "path = \"/**\"\nexclude = \"/applications(app='{appId}')\"\n",
        &[],
    );
    let error = other.unwrap_err();
    assert!(error.contains("excludes nothing"), "{error}");
}

#[test]
fn facts_may_call_placeholders_anything_and_the_later_document_overrides() {
    let update = format!("path = \"{FORMAT}\"\n");
    let first = note(FORMAT, "The first.");
    let second = note(THE_SAME, "The second.");
    let code = generated(&update, &[&second]).unwrap();
    assert!(code.contains("The second."), "{code}");
    let code = generated(&update, &[&first, &second]).unwrap();
    assert!(code.contains("The second."), "{code}");
    assert!(!code.contains("The first."), "{code}");

    let known = |set: &str, ty: &str| {
        format!(
            "[keys.\"{set}\"]\nvalues = {{ Front = \"microsoft.graph.{ty}\" }}\nsource = \"https://example.org\"\n"
        )
    };
    let update = "path = \"/policies/Front\"\n";
    let code = generated(
        update,
        &[
            &known("/policies", "user"),
            &known("/policies", "application"),
        ],
    );
    assert!(code.unwrap().contains("ApplicationPatch"));
}

#[test]
fn facts_speak_of_a_path_once() {
    let twice = note(FORMAT, "The first.") + &note(THE_SAME, "The second.");
    let error = generated(&format!("path = \"{FORMAT}\"\n"), &[&twice]).unwrap_err();
    assert!(
        error.contains(&format!(
            "`{THE_SAME}` is the same path as `{FORMAT}`, which already has an entry"
        )),
        "{error}"
    );
    assert!(error.contains("facts0.toml:4:"), "{error}");
}

#[test]
fn a_key_that_is_nearly_a_known_one_is_warned_of() {
    const FACTS: &str = "[keys.\"/users\"]\nsource = \"https://example.org\"\nvalues = { \"Atlas\" = \"microsoft.graph.user\" }\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph.toml");
    fs::write(folder.path().join("facts.toml"), FACTS).unwrap();
    for (key, warned) in [
        ("Atlas", false),
        ("atlas", false),
        ("Atlass", true),
        ("Fables", false),
    ] {
        let manifest = format!(
            "api-version = \"v1.0\"\nfacts = \"facts.toml\"\n[metadata]\n\"v1.0\" = []\n[[update]]\npath = \"/users/{key}\"\n"
        );
        fs::write(&path, manifest).unwrap();
        let config = Config::new(&path).metadata(["tests/cases/paths/metadata.csdl"]);
        let generated = config.generate().unwrap();
        let slips = generated.likely_mistakes.render(&generated.sources);
        assert_eq!(
            slips.contains("did you mean `Atlas`?"),
            warned,
            "{key}: {slips}"
        );
        assert_eq!(slips.is_empty(), !warned, "{slips}");
    }
}
