//! The verdict of `msgraph diff` agrees with the compiler: a program that uses the whole old output compiles against the
//! new output exactly if the verdict is not major.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

mod causes;
mod edits;
mod program;
#[path = "../../../codegen/tests/published/mod.rs"]
mod published;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use msgraph_cli::diff::change::{Change, Kind, Verdict};
use msgraph_cli::diff::compare;
use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;

/// A selection, before and after.
struct Case {
    name: String,
    old: Config,
    new: Config,
}

impl Case {
    fn compared(&self) -> (Survey, Vec<Change>) {
        let old = survey(&self.name, &self.old);
        let changes = compare(&old, &survey(&self.name, &self.new)).changes;
        (old, changes)
    }
}

fn survey(name: &str, config: &Config) -> Survey {
    config
        .survey()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn verdict(changes: &[Change]) -> Verdict {
    let verdicts = changes.iter().map(|change| change.verdict);
    verdicts.max().unwrap_or_default()
}

/// The compiler detects neither that a name now means another element of the same type, nor that another permission is
/// needed.
fn breaks_compilation(change: &Change) -> bool {
    change.verdict == Verdict::Major
        && change.kind != Kind::Permissions
        && !change.reason.starts_with("compiles and sends another")
}

/// For each case, compiles the program for the old output against the old and the new output, and compares the result with
/// the verdict. The package names contain `test`, because tests share a target directory, which does not distinguish
/// packages of the same name in different workspaces.
fn prove(test: &str, cases: &[Case]) {
    let folder = tempfile::tempdir().unwrap();
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let runtime = project.join("runtime");
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let mut members = Vec::new();
    for (nth, case) in cases.iter().enumerate() {
        let (old, _) = case.compared();
        for (side, config) in [("old", &case.old), ("new", &case.new)] {
            // Removed updates are not in the new output, as expected.
            let code = match config.generate() {
                Ok(generated) => generated.code,
                Err(error) => panic!("{}, {side}: {error}", case.name),
            };
            let package = format!("{test}-{nth}-{side}");
            write(
                folder.path().join(&package).join("Cargo.toml"),
                &format!(
                    "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                     [lib]\nname = \"graph\"\n\
                     [dependencies]\nmsgraph-runtime = {{ path = {runtime:?}, default-features = false, \
                     features = [\"jiff\", \"uuid\", \"decimal\"] }}\n"
                ),
            );
            write(folder.path().join(&package).join("src/lib.rs"), &code);
            let main = folder.path().join(&package).join("src/main.rs");
            write(main, &program::program(&old.index));
            members.push(package);
        }
    }
    write(
        folder.path().join("Cargo.toml"),
        &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"),
    );
    fs::copy(project.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--workspace",
            "--keep-going",
            "--message-format=short",
        ])
        .current_dir(folder.path())
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("verdicts"),
        )
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let failed: BTreeSet<&str> = said
        .lines()
        .filter_map(|line| {
            line.strip_prefix("error: could not compile `")?
                .split('`')
                .next()
        })
        .collect();
    assert!(
        output.status.success() == failed.is_empty(),
        "cargo failed otherwise than by a package: {said}"
    );
    let errors_of = |package: &str| {
        let lines = said
            .lines()
            .filter(|line| line.starts_with(&format!("{package}/")));
        let lines: Vec<&str> = lines.take(5).collect();
        lines.join("\n")
    };
    let mut wrong = Vec::new();
    for (nth, case) in cases.iter().enumerate() {
        let (_, changes) = case.compared();
        let verdict = verdict(&changes);
        let (old, new) = (format!("{test}-{nth}-old"), format!("{test}-{nth}-new"));
        if failed.contains(old.as_str()) {
            wrong.push(format!(
                "{}: the program does not compile against the old output:\n{}",
                case.name,
                errors_of(&old)
            ));
        }
        let breaks = failed.contains(new.as_str());
        if breaks != changes.iter().any(breaks_compilation) {
            wrong.push(format!(
                "{}: the verdict is {verdict}, and against the new output the program {}\n{}\n{changes:#?}",
                case.name,
                if breaks { "does not compile" } else { "compiles" },
                errors_of(&new)
            ));
        }
    }
    assert!(wrong.is_empty(), "{test}: {}", wrong.join("\n"));
}

/// `verdict kind element` for each change.
fn listed(changes: &[Change]) -> Vec<String> {
    let listed = changes.iter().map(|change| {
        let kind = serde_json::to_value(change.kind).unwrap();
        let kind = kind.as_str().unwrap();
        format!("{} {kind} {}", change.verdict, change.element)
    });
    listed.collect()
}

/// A change that causes others is reported once, and its verdict also agrees with the compiler.
#[test]
fn a_cause_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    let mut wrong = Vec::new();
    for told in causes::all() {
        let case = causes::case(folder.path(), told);
        let (_, changes) = case.compared();
        let found = listed(&changes);
        let text = serde_json::to_string(&changes)
            .unwrap()
            .replace("\\\"", "\"");
        let mut once = told.once.iter();
        let is_once = once.all(|said| text.matches(said).count() == 1);
        if found != told.changes || !is_once {
            wrong.push(format!(
                "{}:\n  expected {:#?}, once {:#?}\n  found {found:#?}\n{changes:#?}",
                told.name, told.changes, told.once
            ));
        }
        cases.push(case);
    }
    for case in causes::ways_out(folder.path()) {
        let (_, changes) = case.compared();
        if verdict(&changes) == Verdict::Major {
            wrong.push(format!("{}: {changes:#?}", case.name));
        }
        cases.push(case);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    prove("causes", &cases);
}

/// Each edit of a small model gives exactly its changes, and its verdict agrees with the compiler.
#[test]
fn an_edit_gives_its_changes_and_the_compilers_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    let mut wrong = Vec::new();
    for edit in edits::edits() {
        let case = edits::case(folder.path(), &edit);
        let (_, changes) = case.compared();
        let found = listed(&changes);
        if found != edit.changes {
            wrong.push(format!(
                "{}:\n  expected {:#?}\n  found {found:#?}",
                edit.name, edit.changes
            ));
        }
        cases.push(case);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    prove("edits", &cases);
}

/// Real revisions, for selections of all sizes.
#[test]
fn the_verdicts_of_real_revisions_are_the_compilers() {
    let test = "verdicts::the_verdicts_of_real_revisions_are_the_compilers";
    let Some(shared) = published::shared(test, "metadata") else {
        return;
    };
    let methods = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations";
    let revisions = [
        ("v1.0-global-before-2026-03-24.csdl", "v1.0-global.csdl"),
        ("v1.0-usnat.csdl", "beta-usnat.csdl"),
    ];
    let selections = [
        format!("[[update]]\npath = \"{methods}/TemporaryAccessPass\""),
        format!("[[update]]\npath = \"{methods}/**\""),
        "[[update]]\npath = \"/policies/**\"\ndepth = 1".to_owned(),
        "[[update]]\npath = \"/users/{id}\"".to_owned(),
        "[[update]]\npath = \"/users/{id}/mailboxSettings\"".to_owned(),
        "[[update]]\npath = \"/applications/{id}\"".to_owned(),
    ];
    let mut cases = Vec::new();
    for (old, new) in revisions {
        for selection in &selections {
            let manifest =
                format!("api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = []\n{selection}\n");
            let config = |document: &str| {
                Config::new("graph.toml")
                    .manifest_text(&manifest)
                    .metadata([shared.join(document)])
            };
            cases.push(Case {
                name: format!("{old} to {new}, {selection}"),
                old: config(old),
                new: config(new),
            });
        }
    }
    let verdicts: BTreeSet<Verdict> = cases
        .iter()
        .map(|case| verdict(&case.compared().1))
        .collect();
    assert_eq!(
        verdicts.len(),
        3,
        "all verdicts are among the cases: {verdicts:?}"
    );
    prove("revisions", &cases);
}
