//! Elements on one side only, or on neither, and unreadable files.

use std::fs;

use serde_json::Value;

use super::{Revisions, eventful};

const POLICY: &str = "<NavigationProperty Name=\"authenticationMethodsPolicy\"";
const TAP: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

/// The new side has no `/policies/authenticationMethodsPolicy`.
fn without_policy() -> Revisions {
    Revisions::new(&[(POLICY, "<NavigationProperty Name=\"methodsPolicy\"")])
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn what_a_side_lacks_is_listed_once_with_its_path() {
    let revisions = without_policy();
    let why = "`microsoft.graph.policyRoot` has no property `authenticationMethodsPolicy`";
    for (arguments, side) in [(["old", "new"], "new"), (["new", "old"], "old")] {
        let text = revisions.diff(&arguments).out;
        let line = format!("  the {side} metadata lacks {TAP}: {why}\n");
        assert!(text.contains(&line), "{text}");
        assert_eq!(count(&text, why), 1, "{text}");
        let markdown = revisions.diff(&[&arguments[..], &["--format", "markdown"]].concat());
        assert_eq!(
            count(&markdown.out, "has no property"),
            1,
            "{}",
            markdown.out
        );
        let report = revisions
            .diff(&[&arguments[..], &["--format", "json"]].concat())
            .json();
        let missing = &report["sections"][0]["missing"];
        assert_eq!(missing[side][0], format!("{TAP}: {why}"));
        assert_eq!(missing[side].as_array().unwrap().len(), 1);
    }
}

/// The reason for all missing paths of a subtree is printed once.
#[test]
fn a_subtree_that_a_side_lacks_is_listed_once() {
    let revisions = without_policy();
    let manifest = revisions.folder.path().join("graph.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let (settings, _) = text.split_once("\n[[update]]\n").unwrap();
    let entry = "[[update]]\npath = \"/policies/authenticationMethodsPolicy/**\"\n";
    fs::write(&manifest, format!("{settings}\n{entry}")).unwrap();
    let output = revisions.diff(&["old", "new"]);
    let text = output.out;
    assert!(
        count(&text, "major removed PATCH /policies/") > 1,
        "{text}{}",
        output.err
    );
    assert_eq!(count(&text, "has no property"), 1, "{text}");
}

#[test]
fn a_removed_update_and_a_removed_reset_can_be_told_apart() {
    let revisions = without_policy();
    let report = revisions.diff(&["old", "new", "--format", "json"]).json();
    let changes = report["sections"][0]["changes"].as_array().unwrap();
    let removed: Vec<(&str, &str)> = changes
        .iter()
        .filter(|change| change["subject"] == "operation" && change["kind"] == "removed")
        .map(|change| {
            let text = |member: &str| change[member].as_str().unwrap();
            (text("method"), text("what"))
        })
        .collect();
    assert_eq!(
        removed,
        [
            ("DELETE", "there is no DELETE at this path"),
            ("GET", "there is no GET at this path"),
            ("PATCH", "there is no PATCH at this path"),
        ]
    );
    let text = revisions.diff(&["old", "new"]).out;
    assert_eq!(count(&text, "there is no DELETE at this path"), 1, "{text}");
    assert_eq!(count(&text, "there is no PATCH at this path"), 1, "{text}");
}

#[test]
fn a_path_that_neither_side_has_is_an_error_of_the_manifest() {
    let revisions = eventful();
    let manifest = revisions.folder.path().join("graph.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    for entry in [
        "[[update]]\npath = \"/policies/authenticationMethodPolicy\"\n",
        "[[struct]]\ntype = \"microsoft.graph.temporaryAccessPas\"\n",
    ] {
        fs::write(&manifest, format!("{text}\n{entry}")).unwrap();
        let output = revisions.diff(&["old", "new"]);
        assert_eq!(output.code, 3, "{}", output.out);
        assert_eq!(output.out, "");
        assert!(output.err.contains("--> graph.toml:"), "{}", output.err);
        assert_eq!(count(&output.err, "error: "), 1, "{}", output.err);
    }
}

/// One file in a folder may lack elements of another.
#[test]
fn a_path_that_one_cloud_has_is_no_error_for_another() {
    let revisions = Revisions::new(&[]);
    let folder = revisions.folder.path();
    let without = fs::read_to_string(folder.join("old/v1.0.csdl"))
        .unwrap()
        .replace(POLICY, "<NavigationProperty Name=\"methodsPolicy\"");
    for side in ["old", "new"] {
        fs::write(folder.join(side).join("china.csdl"), &without).unwrap();
    }
    let output = revisions.diff(&["old", "new"]);
    assert_eq!(output.code, 0, "{}", output.err);
    assert_eq!(
        count(&output.out, &format!("  neither side has {TAP}: ")),
        1,
        "{}",
        output.out
    );
    assert!(!output.out.contains("metadata lacks"), "{}", output.out);
}

#[test]
fn no_manifest_is_a_question_that_makes_no_sense() {
    let revisions = eventful();
    fs::remove_file(revisions.folder.path().join("graph.toml")).unwrap();
    let output = revisions.diff(&["old", "new"]);
    assert_eq!(output.code, 2, "{}", output.err);
    assert!(
        output.err.contains("there is no `graph.toml`"),
        "{}",
        output.err
    );
    assert_eq!(revisions.diff(&["old", "new", "--all"]).code, 0);
}

/// An error in a file that the manifest does not name; if both sides have errors, both are reported.
#[test]
fn a_document_that_cannot_be_read_is_named() {
    let revisions = eventful();
    let folder = revisions.folder.path();
    let old = fs::read(folder.join("old/v1.0.csdl")).unwrap();
    let halves = [
        ("truncated.csdl", old.get(..old.len() / 2).unwrap().to_vec()),
        ("no-utf16.csdl", b"\xff\xfe\x00".to_vec()),
        ("empty.csdl", Vec::new()),
    ];
    for (name, bytes) in &halves {
        fs::write(folder.join(name), bytes).unwrap();
        for arguments in [["old/v1.0.csdl", name], [name, "old/v1.0.csdl"]] {
            let output = revisions.diff(&arguments);
            assert_eq!(output.code, 3, "{arguments:?}: {}", output.err);
            assert!(output.err.contains(name), "{arguments:?}: {}", output.err);
            assert!(
                !output.err.contains("graph.toml"),
                "{arguments:?}: {}",
                output.err
            );
            assert!(
                !output.err.contains("old/v1.0.csdl"),
                "{arguments:?}: {}",
                output.err
            );
        }
    }
    let output = revisions.diff(&["truncated.csdl", "empty.csdl"]);
    for name in ["truncated.csdl", "empty.csdl"] {
        assert!(output.err.contains(name), "{}", output.err);
    }
}

#[test]
fn each_change_of_an_update_has_its_method() {
    let report = without_policy()
        .diff(&["new", "old", "--format", "json"])
        .json();
    let changes = report["sections"][0]["changes"].as_array().unwrap();
    let of_updates = changes
        .iter()
        .filter(|change| change["subject"] == "operation");
    let methods: Vec<&Value> = of_updates.map(|change| &change["method"]).collect();
    assert!(
        !methods.is_empty() && methods.iter().all(|method| method.is_string()),
        "{changes:#?}"
    );
    let mut others = changes
        .iter()
        .filter(|change| change["subject"] != "operation");
    assert!(
        others.all(|change| change["method"].is_null()),
        "{changes:#?}"
    );
}
