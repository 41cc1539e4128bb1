//! Each folder of `tests/cases` has a manifest and its output (`output.rs`, compiled with warnings denied) or its
//! errors (`errors.txt`).
//!
//! To update the expected files, run `MSGRAPH_REWRITE=1 cargo test -p msgraph-codegen --test cases`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use msgraph_codegen::{ALLOWED_LINTS, Config};

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir("tests/cases")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() > 10, "the cases are found");
    cases
}

fn is_error(case: &Path) -> bool {
    case.file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .starts_with("error_")
}

#[test]
fn each_case_gives_what_is_expected() {
    let rewrite = std::env::var_os("MSGRAPH_REWRITE").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let result = Config::new(case.join("graph.toml")).generate();
        let (file, text) = match (is_error(&case), result) {
            (false, Ok(generated)) => ("output.rs", generated.code),
            (true, Err(error)) => ("errors.txt", format!("{error}\n")),
            (false, Err(error)) => panic!("{}:\n{error}", case.display()),
            (true, Ok(_)) => panic!("{}: no error", case.display()),
        };
        let path = case.join(file);
        if rewrite {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", path.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "not as expected; `MSGRAPH_REWRITE=1 cargo test -p msgraph-codegen --test cases` writes \
         them anew, to be read as a diff:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn each_output_compiles_without_warnings() {
    let directory = tempfile::tempdir().unwrap();
    let compile = trybuild::TestCases::new();
    let allowed = ALLOWED_LINTS.join(", ");
    for case in cases().iter().filter(|case| !is_error(case)) {
        let name = case.file_name().unwrap().to_str().unwrap();
        let output = fs::canonicalize(case.join("output.rs")).unwrap();
        let path = directory.path().join(format!("{name}.rs"));
        let program = format!(
            "//! The output of a case.\n\
             #![deny(warnings, missing_docs)]\n\
             /// Generated.\n\
             #[allow({allowed})]\n\
             pub mod graph {{\n    include!({output:?});\n}}\n\
             fn main() {{}}\n"
        );
        fs::write(&path, program).unwrap();
        compile.pass(path);
    }
}
