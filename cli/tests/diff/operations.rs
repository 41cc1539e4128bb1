//! Changes of resources, actions and functions.

use std::fs;

use super::*;

const MANIFEST: &str = "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"old.csdl\"\n\
    [[resource]]\npath = \"/loans\"\noperations = [\"list\", \"get\", \"create\", \"update\", \"delete\"]\n\
    [[call]]\npath = \"/loans/{id}/extend\"\n\
    [[call]]\npath = \"/loans/{id}/remind\"\n\
    [[call]]\npath = \"/loans/{id}/fine\"\n";

/// The report about loans with a replacement.
fn report(from: &str, to: &str) -> String {
    report_of(MANIFEST, from, to)
}

fn report_of(manifest: &str, from: &str, to: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let old = fs::read_to_string(project("cli/tests/pages/loans.csdl")).unwrap();
    assert!(old.contains(from), "no {from}");
    fs::write(folder.path().join("new.csdl"), old.replace(from, to)).unwrap();
    fs::write(folder.path().join("old.csdl"), old).unwrap();
    fs::write(folder.path().join("graph.toml"), manifest).unwrap();
    let ran = msgraph(folder.path(), &["diff", "old.csdl", "new.csdl"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    ran.out
}

#[track_caller]
fn assert_report((from, to): (&str, &str), parts: &[&str]) {
    let report = report(from, to);
    for part in parts {
        assert!(report.contains(part), "no {part} in\n{report}");
    }
}

#[test]
fn a_removed_action_is_major() {
    assert_report(
        ("Action Name=\"remind\"", "Action Name=\"recall\""),
        &[
            "major removed POST /loans/{id}/remind\n  there is no POST at this path\n  \
             Rust: removes function `loans::remind`\n",
            "verdict: major",
        ],
    );
}

#[test]
fn another_response_is_major() {
    assert_report(
        (
            "<ReturnType Type=\"library.loan\" />",
            "<ReturnType Type=\"library.reader\" />",
        ),
        &[
            "major retyped POST /loans/{id}/extend\n  the response is no longer read as `library.loan`\n  \
           Rust: `loans::extend` returns `Option<Loan>` → `Option<Reader>`\n",
        ],
    );
    assert_report(
        ("<ReturnType Type=\"library.loan\" />", ""),
        &["the response is `Option<Loan>` → `()`\n", "verdict: major"],
    );
    assert_report(
        ("Type=\"Edm.Decimal\"", "Type=\"Edm.Double\""),
        &[
            "major retyped GET /loans/{id}/fine(on={on})\n",
            "verdict: major",
        ],
    );
}

#[test]
fn parameters_have_their_verdicts() {
    // The first parameter changes the signature.
    assert_report(
        (
            "<Parameter Name=\"loan\" Type=\"library.loan\" />\n      </Action>\n      <Action Name=\"close\">",
            "<Parameter Name=\"loan\" Type=\"library.loan\" /><Parameter Name=\"text\" Type=\"Edm.String\" />\n      \
             </Action>\n      <Action Name=\"close\">",
        ),
        &[
            "major retyped POST /loans/{id}/remind\n  has parameters\n  Rust: `loans::remind` takes `&Remind`\n",
        ],
    );
    // Another one does not, but the service may require it.
    assert_report(
        (
            "<Parameter Name=\"days\" Type=\"Edm.Int32\" Nullable=\"false\" />",
            "<Parameter Name=\"days\" Type=\"Edm.Int32\" Nullable=\"false\" />\
             <Parameter Name=\"reason\" Type=\"Edm.String\" Nullable=\"false\" />",
        ),
        &[
            "minor added library.extend/reason\n",
            "wire: the service may reject a request without it\n",
            "verdict: minor",
        ],
    );
    // A function has its parameters in the path.
    assert_report(
        (
            "<Parameter Name=\"on\" Type=\"Edm.Date\" Nullable=\"false\" />",
            "<Parameter Name=\"on\" Type=\"Edm.Date\" Nullable=\"false\" />\
             <Parameter Name=\"rate\" Type=\"Edm.Int32\" Nullable=\"false\" />",
        ),
        &[
            "major removed GET /loans/{id}/fine(on={on})\n",
            "verdict: major",
        ],
    );
}

#[test]
fn what_creation_takes_has_its_verdict() {
    let due = "<Property Name=\"due\" Type=\"Edm.Date\" />";
    let annotated = |term: &str| {
        format!(
            "<Property Name=\"due\" Type=\"Edm.Date\"><Annotation Term=\"Org.OData.Core.V1.{term}\" Bool=\"true\"/>\
             </Property>"
        )
    };
    assert_report(
        (due, &annotated("Computed")),
        &[
            "major restrictions of library.loan/due\n  is no longer sent: computed by the service\n",
            "removes field `due`, in `LoanPatch` and 1 more",
        ],
    );
    // Creation still takes it, and an update does not.
    assert_report(
        (due, &annotated("Immutable")),
        &[
            "is no longer sent: set on creation only\n",
            "removes field `due`, in `LoanPatch`\n",
            "verdict: major",
        ],
    );
}

#[test]
fn a_removed_collection_takes_its_operations_along() {
    let report = report("EntitySet Name=\"loans\"", "EntitySet Name=\"lendings\"");
    for method in ["GET", "POST", "PATCH", "DELETE"] {
        assert!(
            report.contains(&format!("there is no {method} at this path")),
            "{report}"
        );
    }
    assert_eq!(
        report.matches("the new metadata lacks").count(),
        4,
        "{report}"
    );
}

/// A property that only responses have has no effect on requests.
#[test]
fn what_is_only_read_is_not_said_to_be_sent() {
    let (settings, _) = MANIFEST.split_once("[[resource]]").unwrap();
    let manifest = format!("{settings}[[resource]]\npath = \"/loans\"\noperations = [\"get\"]\n");
    let due = "<Property Name=\"due\" Type=\"Edm.Date\" />";
    let removed = report_of(&manifest, due, "");
    assert!(removed.contains("removes field `due`"), "{removed}");
    assert!(!removed.contains("wire:"), "{removed}");
    assert!(report(due, "").contains("wire: the service does not accept it"));
    let other = "<Property Name=\"due\" Type=\"Edm.String\" Nullable=\"false\" />";
    let retyped = report_of(&manifest, due, other);
    let reason = "major: code that uses it as the old type no longer compiles";
    assert!(retyped.contains(reason), "{retyped}");
    assert!(!retyped.contains("wire:"), "{retyped}");
}

/// Two entries for one path are one line, although their reasons differ.
#[test]
fn a_path_that_two_entries_select_is_missing_once() {
    let manifest = format!(
        "{MANIFEST}[[update]]\npath = \"/loans/{{id}}\"\n\
                            [[resource]]\npath = \"/loans/{{id}}\"\noperations = [\"get\"]\n"
    );
    let report = report_of(
        &manifest,
        "EntitySet Name=\"loans\"",
        "EntitySet Name=\"lendings\"",
    );
    let line = "the new metadata lacks /loans/{id}: ";
    assert_eq!(report.matches(line).count(), 1, "{report}");
}
