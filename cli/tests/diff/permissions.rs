//! Changes of the permissions that allow the selected operations.

use std::fs;

use super::*;

const MANIFEST: &str = "api-version = \"v1.0\"\nbuilt-in-facts = false\n[metadata]\n\"v1.0\" = \"loans.csdl\"\n\
    [[resource]]\npath = \"/loans\"\noperations = [\"list\", \"get\", \"create\", \"update\", \"delete\"]\n\
    [[call]]\npath = \"/loans/{id}/extend\"\n\
    [[call]]\npath = \"/loans/{id}/remind\"\n";

const OLD: &str = "/loans
  GET DA Loan.Read > Loan.ReadWrite
  POST D Loan.Create > Loan.ReadWrite Library.Manage
/loans/{}
  DELETE DA Loan.ReadWrite
  GET DA Loan.Read > Loan.ReadWrite
  PATCH DPA Loan.ReadWrite
/loans/{}/remind
  POST DA Loan.Remind > Loan.ReadWrite
# end: 6 operations
";

const NEW: &str = "/loans
  GET DA Loan.ReadBasic > Loan.Read Loan.ReadWrite
  POST D Loan.Create > Loan.ReadWrite
  POST A Loan.Create
/loans/{}
  DELETE DA Loan.Delete
  GET DA Loan.ReadBasic > Loan.Read Loan.ReadWrite
  PATCH DA Loan.Update Loan.Renew > Library.Manage
/loans/{}/extend
  POST DA Loan.Renew > Loan.ReadWrite
# end: 6 operations
";

const POLICY: &str = "/policies/authenticationMethodsPolicy";

/// A folder with a manifest, its metadata and permission data.
fn library(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let loans = project("cli/tests/pages/loans.csdl");
    fs::copy(loans, folder.path().join("loans.csdl")).unwrap();
    for (name, text) in [("graph.toml", MANIFEST), ("old.txt", old), ("new.txt", new)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const BOTH: [&str; 4] = [
    "--old-permissions",
    "old.txt",
    "--new-permissions",
    "new.txt",
];

fn diff(folder: &tempfile::TempDir, arguments: &[&str]) -> Ran {
    msgraph(folder.path(), &[&["diff"], arguments].concat())
}

#[test]
fn each_kind_of_change_has_its_verdict() {
    let folder = library(OLD, NEW);
    for (format, file) in [("text", "permissions.txt"), ("markdown", "permissions.md")] {
        let ran = diff(&folder, &[&BOTH[..], &["--format", format]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
        assert_report_file(file, &ran.out);
    }
}

#[test]
fn the_permissions_are_compared_together_with_the_metadata() {
    let folder = library(OLD, NEW);
    let old = fs::read_to_string(folder.path().join("loans.csdl")).unwrap();
    let new = old.replace("<Property Name=\"due\" Type=\"Edm.Date\" />", "");
    assert_ne!(old, new);
    fs::write(folder.path().join("new.csdl"), new).unwrap();
    let metadata = ["loans.csdl", "new.csdl"];
    let without = diff(&folder, &metadata);
    assert!(!without.out.contains("permissions of"), "{}", without.out);
    let with = diff(&folder, &[&metadata[..], &BOTH].concat());
    for change in ["major removed library.loan/due", "permissions of DELETE"] {
        assert!(with.out.contains(change), "{}", with.out);
    }
    // Every change of the metadata alone is in it, too.
    let all = diff(
        &folder,
        &[&metadata[..], &BOTH, &["--all", "--depth", "1"]].concat(),
    );
    assert!(all.out.contains("permissions of PATCH /loans/"), "{all:?}");
}

#[test]
fn json_names_schemes_and_consent() {
    let folder = library(OLD, NEW);
    let report = diff(&folder, &[&BOTH[..], &["--format", "json"]].concat()).json();
    assert_eq!(report["oldPermissions"], "old.txt");
    assert_eq!(report["newPermissions"], "new.txt");
    let section = &report["sections"][0];
    assert_eq!(section["document"], "graph.toml");
    assert_eq!(
        (&section["old"], &section["new"]),
        (&Value::Null, &Value::Null)
    );
    let changes = section["changes"].as_array().unwrap();
    let update = changes.iter().find(|it| it["method"] == "PATCH").unwrap();
    assert_eq!(update["verdict"], "major");
    assert_eq!(update["kind"], "permissions");
    assert_eq!(update["element"], "/loans/{loan-id}");
    // `extend` needs it, too.
    let consent = serde_json::json!(["Loan.Renew"]);
    let of_scheme = |scheme: &str| {
        let mut changes = changes.iter().filter(|it| it["method"] == "PATCH");
        let has_scheme = |schemes: &Value| schemes.as_array().unwrap().contains(&scheme.into());
        changes.find(|it| has_scheme(&it["schemes"])).unwrap()
    };
    assert_eq!(of_scheme("application")["consent"], consent);
    assert_eq!(of_scheme("personal")["consent"], serde_json::json!([]));
    assert_eq!(of_scheme("personal")["verdict"], "major");
    let consent = serde_json::json!([
        {
            "schemes": ["delegated", "application"],
            "removed": ["Loan.ReadWrite"],
            "added": ["Loan.Create", "Loan.Delete", "Loan.ReadBasic", "Loan.Renew"],
        },
        { "schemes": ["personal"], "removed": ["Loan.ReadWrite"], "added": [] },
    ]);
    assert_eq!(section["consent"], consent);
}

/// The old smallest set has no narrower permission for reading.
#[test]
fn rejecting_an_app_with_the_old_smallest_set_is_major() {
    let new = OLD.replace("GET DA Loan.Read > Loan.ReadWrite", "GET DA Loan.Read");
    let folder = library(OLD, &new);
    let ran = diff(&folder, &[&BOTH[..], &["--fail-on", "major"]].concat());
    assert_eq!(ran.code, 1, "{}", ran.out);
    for line in [
        "  consent (delegated and application): + Loan.Read\n",
        "major: apps with the old smallest set of permissions need consent to another one\n",
        "  help: consent to `Loan.Read`\n",
    ] {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
}

#[test]
fn the_exit_code_depends_on_the_verdict() {
    let fails = |old, new, verdict| {
        let folder = library(old, new);
        diff(&folder, &[&BOTH[..], &["--fail-on", verdict]].concat()).code
    };
    assert_eq!(fails(OLD, NEW, "major"), 1);
    assert_eq!(fails(OLD, OLD, "patch"), 0);
    let narrower = OLD.replace(
        "Loan.Read > Loan.ReadWrite",
        "Loan.ReadBasic > Loan.Read Loan.ReadWrite",
    );
    assert_eq!(fails(OLD, &narrower, "patch"), 1);
    assert_eq!(fails(OLD, &narrower, "minor"), 0);
    // Another order, and a wider permission more, affect no app.
    let wider = OLD.replace(
        "Loan.Remind > Loan.ReadWrite",
        "Loan.Remind > A.All Loan.ReadWrite",
    );
    assert_eq!(fails(OLD, &wider, "patch"), 0);
}

/// Permissions in the facts override the data on both sides.
#[test]
fn what_the_facts_document_does_not_change() {
    let folder = library(OLD, NEW);
    let facts = "[operation.\"PATCH /loans/{id}\"]\npermissions = [\"Loan.Own\"]\nsource = \"https://example.org\"\n";
    fs::write(folder.path().join("facts.toml"), facts).unwrap();
    let manifest = MANIFEST.replace(
        "built-in-facts = false\n",
        "built-in-facts = false\nfacts = \"facts.toml\"\n",
    );
    fs::write(folder.path().join("graph.toml"), manifest).unwrap();
    let ran = diff(&folder, &BOTH);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains("PATCH"), "{}", ran.out);
    assert!(ran.out.contains("DELETE"), "{}", ran.out);
}

/// The data that the crate uses is the side that is not named.
#[test]
fn a_side_that_is_not_named_is_that_of_the_manifest() {
    let folder = library(OLD, NEW);
    let manifest = MANIFEST.replace("[metadata]", "permissions = \"old.txt\"\n[metadata]");
    let named = diff(&folder, &BOTH);
    fs::write(folder.path().join("graph.toml"), manifest).unwrap();
    let ran = diff(&folder, &["--new-permissions", "new.txt"]);
    assert_eq!((ran.code, &ran.out), (0, &named.out));
    let same = diff(
        &folder,
        &["--new-permissions", "old.txt", "--fail-on", "patch"],
    );
    assert_eq!(same.code, 0, "{}", same.out);

    // Without a setting, it is the built-in data.
    let manifest = format!(
        "api-version = \"v1.0\"\nbuilt-in-facts = false\n[metadata]\n\"v1.0\" = {:?}\n[[update]]\npath = {POLICY:?}\n",
        project("metadata/v1.0.csdl")
    );
    fs::write(folder.path().join("graph.toml"), manifest).unwrap();
    let data = format!(
        "{}\n  PATCH DA Own.Write\n# end: 1 operations\n",
        POLICY.to_lowercase()
    );
    fs::write(folder.path().join("new.txt"), data).unwrap();
    let ran = diff(&folder, &["--new-permissions", "new.txt"]);
    let line = "delegated and application: `Policy.ReadWrite.AuthenticationMethod` → `Own.Write`\n";
    assert!(ran.out.contains(line), "{ran:?}");
    let back = diff(&folder, &["--old-permissions", "new.txt"]);
    let line = "delegated and application: `Own.Write` → `Policy.ReadWrite.AuthenticationMethod`\n";
    assert!(back.out.contains(line), "{back:?}");
}

#[test]
fn microsofts_document_is_read_as_it_is_published() {
    let folder = library(OLD, NEW);
    let document = |name: &str| {
        serde_json::json!({ "permissions": { name: {
            "schemes": { "DelegatedWork": { "requiresAdminConsent": true } },
            "pathSets": [{
                "schemeKeys": ["DelegatedWork"],
                "methods": ["PATCH"],
                "paths": { "/loans/{id}": "least=DelegatedWork" }
            }]
        } } })
    };
    for (file, name) in [("old.txt", "Loan.ReadWrite"), ("new.txt", "Loan.Update")] {
        let text = format!("\u{feff}{:#}", document(name));
        fs::write(folder.path().join(file), text).unwrap();
    }
    let ran = diff(&folder, &BOTH);
    let line = "major permissions of PATCH /loans/{loan-id}\n  delegated: `Loan.ReadWrite` → `Loan.Update`\n";
    assert!(ran.out.contains(line), "{ran:?}");
}

#[test]
fn an_error_names_the_file_and_the_location() {
    let folder = library(OLD, NEW);
    for (text, code, message) in [
        ("{ \"permissions\": 1 }", 3, "`new.txt`: "),
        ("{", 3, "line 1 column 1"),
        ("/loans\n  GET D A\nGET\n", 3, "`new.txt`: line 3: "),
        ("\u{1b}[31m", 3, "`new.txt`: "),
    ] {
        fs::write(folder.path().join("new.txt"), text).unwrap();
        let ran = diff(&folder, &BOTH);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{text}: {ran:?}");
        assert!(ran.err.contains(message), "{text}: {}", ran.err);
        assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    }
    fs::write(folder.path().join("new.txt"), [0xff]).unwrap();
    assert!(diff(&folder, &BOTH).err.contains("UTF-8"));
    fs::remove_file(folder.path().join("new.txt")).unwrap();
    let ran = diff(&folder, &BOTH);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("`new.txt`"), "{}", ran.err);
}

#[test]
fn there_must_be_something_to_compare() {
    let folder = library(OLD, NEW);
    for arguments in [
        &[][..],
        &["loans.csdl"],
        &["loans.csdl", "--new-permissions", "new.txt"],
    ] {
        let ran = diff(&folder, arguments);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{arguments:?}: {ran:?}"
        );
    }
    fs::remove_file(folder.path().join("graph.toml")).unwrap();
    let ran = diff(&folder, &[&BOTH[..], &["--all"]].concat());
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("there is no `graph.toml`"), "{}", ran.err);
}
