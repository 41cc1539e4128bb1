//! Documented requests of every kind with their responses, and our own. For each, the test derives what a manifest
//! selects, generates the code, builds the request with it, and reads the response: the method, path, query options and
//! body are as documented, and the response is written again without loss.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

#[path = "operations/derive.rs"]
mod derive;
mod generated_program;
#[path = "operations/program.rs"]
mod program;
#[path = "../codegen/tests/published/mod.rs"]
mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use derive::{Derived, derive, referenced};
use generated_program::{project, read, run};
use msgraph_codegen::Config;
use msgraph_csdl::read::{read_file, read_schema};
use msgraph_csdl::source::Sources;
use published::shared;
use serde_json::Value;

const CLEAN: &str = "v1.0-global-clean.csdl";
const SERVED: &str = "v1.0-global.csdl";

/// A documented request that fails, and why.
struct Exception {
    /// Where it fails.
    metadata: &'static [&'static str],
    page: &'static str,
    /// The number of the example on the page.
    n: u64,
    /// A part of the failure that the test reports.
    failure: &'static str,
    /// Why it cannot be otherwise.
    #[allow(dead_code, reason = "for the reader")]
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        metadata: &[CLEAN],
        page: "driveitem-get-content.md",
        n: 1,
        failure: "no entity set or singleton `drive`",
        reason: "the corrected metadata lacks the singleton `drive`",
    },
    Exception {
        metadata: &[CLEAN],
        page: "workbook-list-comments.md",
        n: 0,
        failure: "no entity set or singleton `drive`",
        reason: "the corrected metadata lacks the singleton `drive`",
    },
    Exception {
        metadata: &[CLEAN],
        page: "workbookcomment-post-replies.md",
        n: 0,
        failure: "no entity set or singleton `drive`",
        reason: "the corrected metadata lacks the singleton `drive`",
    },
    Exception {
        metadata: &[CLEAN, SERVED],
        page: "driveitem-list-children.md",
        n: 2,
        failure: "addresses an item by its path, which is not supported",
        reason: "the generator does not address items of a drive by their paths; the id of the item does",
    },
    Exception {
        metadata: &[CLEAN, SERVED],
        page: "group-delete-rejectedsenders.md",
        n: 0,
        failure: "is not generated",
        reason: "the reference is removed by its key, `/rejectedSenders/{id}/$ref`, not by `$id` in the query",
    },
    Exception {
        metadata: &[CLEAN, SERVED],
        page: "certificatebasedauthconfiguration-post-certificatebasedauthconfiguration.md",
        n: 0,
        failure: "/certificateAuthorities/0/certificate: expected base64",
        reason: "the page shows the placeholder `Binary` instead of base64",
    },
    Exception {
        metadata: &[CLEAN, SERVED],
        page: "educationclass-delete-members.md",
        n: 0,
        failure: "is linked, not contained",
        reason: "the page omits `/$ref`: the request removes the member from the class",
    },
];

#[test]
fn each_documented_operation_is_typed_by_the_corrected_metadata() {
    let test = "operations::each_documented_operation_is_typed_by_the_corrected_metadata";
    check_documented(test, CLEAN);
}

#[test]
fn each_documented_operation_is_typed_by_the_metadata_as_served() {
    let test = "operations::each_documented_operation_is_typed_by_the_metadata_as_served";
    check_documented(test, SERVED);
}

fn check_documented(test: &str, metadata: &str) {
    let Some(folder) = shared(test, "examples/operations") else {
        return;
    };
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    files.sort();
    let rows: Vec<Value> = files.iter().flat_map(|file| read(file)).collect();
    assert!(rows.len() >= 283, "{}", rows.len());
    if let Some(path) = shared(test, &format!("metadata/{metadata}")) {
        check(test, metadata, &rows, &path);
    }
}

/// Forms without an example in the sample of the reference.
#[test]
fn every_form_of_operation_is_typed() {
    let test = "operations::every_form_of_operation_is_typed";
    let rows = read(&project("tests/operations.jsonl"));
    if let Some(path) = shared(test, &format!("metadata/{CLEAN}")) {
        check(test, "", &rows, &path);
    }
}

/// Compares the failures with the exceptions.
fn check(test: &str, metadata: &str, rows: &[Value], path: &Path) {
    let mut failures = failures(test, rows, path);
    let mut wrong = Vec::new();
    for exception in EXCEPTIONS
        .iter()
        .filter(|exception| exception.metadata.contains(&metadata))
    {
        let Exception {
            page, n, failure, ..
        } = exception;
        match failures.remove(&format!("{page}#{n}")) {
            Some(found) if found.contains(failure) => {}
            Some(found) => wrong.push(format!("{page}#{n} fails with {found:?}, not {failure:?}")),
            None => wrong.push(format!("{page}#{n} is an exception, but passes")),
        }
    }
    let failed = failures.len();
    wrong.extend(
        failures
            .iter()
            .map(|(row, failure)| format!("{row}: {failure}")),
    );
    assert!(
        wrong.is_empty(),
        "{failed} of {}, {metadata}: {wrong:#?}",
        rows.len()
    );
}

/// Generates code for the rows and a program that checks them. Returns the rows that fail, and why: those that are
/// not generated, and those that the program reports.
fn failures(test: &str, rows: &[Value], metadata: &Path) -> BTreeMap<String, String> {
    let mut failures = BTreeMap::new();
    let mut derived = Vec::new();
    let mut sources = Sources::default();
    let file = read_file(&mut sources, metadata).unwrap();
    let schema = read_schema(&sources, &[file]).unwrap();
    for row in rows {
        match derive(&schema, row) {
            Ok(needs) => derived.push((row, needs)),
            Err(problem) => drop(failures.insert(name(row), problem)),
        }
    }
    let references: Vec<(String, Vec<String>)> = rows
        .iter()
        .filter_map(|row| referenced(&schema, program::reference(row)?).ok())
        .collect();
    let known: BTreeSet<String> = schema.types().map(|(_, ty)| ty.qualified_name()).collect();

    let directory = tempfile::tempdir().unwrap();
    let graph = directory.path().join("graph.toml");
    let config = |derived: &[(&Value, Derived)]| {
        let text = manifest(derived, &references, &known, metadata);
        fs::write(&graph, text).unwrap();
        Config::new(&graph)
    };
    let survey = config(&derived).survey();
    let survey = survey.unwrap_or_else(|error| panic!("{error}"));
    let index: Value = serde_json::from_str(&survey.index.to_json()).unwrap();
    let reasons: Vec<String> = survey
        .unavailable
        .iter()
        .map(|reason| reason.render(&survey.sources))
        .collect();
    derived.retain(|(row, needs)| {
        let is_generated = program::operation(&index, row, needs).is_some();
        if !is_generated {
            let named = |reason: &&String| reason.contains(&needs.path);
            let reasons: Vec<&String> = reasons.iter().filter(named).collect();
            let template = &needs.template;
            failures.insert(
                name(row),
                format!("`{template}` is not generated: {reasons:?}"),
            );
        }
        is_generated
    });
    let sources = directory.path().join("src");
    let generated = config(&derived).write(&sources);
    let generated = generated.unwrap_or_else(|error| panic!("{error}"));
    let index: Value = serde_json::from_str(&generated.index).unwrap();
    let program = program::program(&derived, &index, &references);
    fs::write(sources.join("main.rs"), program).unwrap();
    let said = run(test, "operations", directory.path());
    for (row, _) in derived {
        let name = name(row);
        if said
            .lines()
            .any(|line| line.strip_prefix("ok ") == Some(&name))
        {
            continue;
        }
        let failed = format!("failed {name}: ");
        let failure = said.lines().find_map(|line| line.strip_prefix(&failed));
        let failure = failure.unwrap_or("the program does not mention it");
        failures.insert(name, failure.to_owned());
    }
    failures
}

/// A manifest that selects what the rows need.
fn manifest(
    derived: &[(&Value, Derived)],
    references: &[(String, Vec<String>)],
    known: &BTreeSet<String>,
    metadata: &Path,
) -> String {
    let mut manifest = format!(
        "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = {:?} }}\nread = true\n",
        metadata.to_str().unwrap(),
    );
    let mut calls = BTreeSet::new();
    let mut resources: BTreeMap<(&str, Option<&str>), BTreeSet<&str>> = BTreeMap::new();
    let mut inline: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut nested = BTreeSet::new();
    for (_, needs) in derived {
        match needs.operation {
            Some(operation) => {
                let ty = needs.body_type.as_deref().filter(|_| needs.is_named);
                let resource = (needs.path.as_str(), ty);
                resources.entry(resource).or_default().insert(operation);
            }
            None => drop(calls.insert(&needs.path)),
        }
        for (ty, property) in &needs.inline {
            inline.entry(ty).or_default().insert(property);
        }
        nested.extend(&needs.nested);
    }
    for (path, _) in references {
        let resource = (path.as_str(), None);
        resources.entry(resource).or_default().insert("reference");
    }
    for ((path, ty), operations) in resources {
        let ty = ty.map(|ty| format!("type = {ty:?}\n")).unwrap_or_default();
        let operations: Vec<&str> = operations.into_iter().collect();
        manifest.push_str(&format!(
            "[[resource]]\npath = {path:?}\n{ty}operations = {operations:?}\n"
        ));
    }
    for path in calls {
        manifest.push_str(&format!("[[call]]\npath = {path:?}\n"));
    }
    for ty in nested.into_iter().filter(|ty| known.contains(*ty)) {
        manifest.push_str(&format!("[[struct]]\ntype = {ty:?}\n"));
    }
    for (ty, properties) in inline {
        let properties: Vec<&str> = properties.into_iter().collect();
        manifest.push_str(&format!("[type.{ty:?}]\ninline = {properties:?}\n"));
    }
    manifest
}

/// `PAGE#N`: the page and the number of the example on it.
fn name(row: &Value) -> String {
    format!("{}#{}", row["page"].as_str().unwrap(), row["n"])
}
