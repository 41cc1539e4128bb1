//! One file and a tree of files contain the same code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports failures by panicking"
)]

use std::fs;

use msgraph_codegen::Config;
use proc_macro2::{TokenStream, TokenTree};

/// The identifiers and literals of the code, sorted: they are the same in both layouts.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut open = vec![text.parse::<TokenStream>().unwrap()];
    while let Some(tokens) = open.pop() {
        for token in tokens {
            match token {
                TokenTree::Group(group) => open.push(group.stream()),
                TokenTree::Punct(_) => {}
                word => words.push(word.to_string()),
            }
        }
    }
    words.sort();
    words
}

#[test]
fn a_tree_has_the_items_of_the_file_and_compiles() {
    let directory = tempfile::tempdir().unwrap();
    let compile = trybuild::TestCases::new();
    for case in ["restrictions", "unions", "paths", "names", "deprecations"] {
        let config = Config::new(format!("tests/cases/{case}/graph.toml")).checked_in(true);
        let single = config.generate().unwrap();
        assert!(single.modules.is_empty());
        let folder = directory.path().join(case);
        let tree = config
            .tree(true)
            .file_name("mod.rs")
            .write(&folder)
            .unwrap();
        let all: String = tree.modules.values().cloned().collect::<String>() + &tree.code;
        assert!(words(&all) == words(&single.code), "{case}");
        for path in tree.modules.keys() {
            assert!(folder.join(path).exists(), "{path}");
        }
        let program = directory.path().join(format!("{case}.rs"));
        let root = folder.join("mod.rs");
        fs::write(
            &program,
            format!(
                "//! A tree.\n#![deny(warnings, missing_docs)]\n/// Generated.\n#[path = {root:?}]\n\
                 pub mod graph;\nfn main() {{}}\n"
            ),
        )
        .unwrap();
        compile.pass(program);
    }
}

#[test]
fn nothing_is_written_when_anything_is_wrong_and_nothing_twice() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let wrong = Config::new("tests/cases/error_names/graph.toml");
    wrong.write(&out).unwrap_err();
    assert!(!out.exists());
    let right = Config::new("tests/cases/recursion/graph.toml");
    right.write(&out).unwrap();
    let file = out.join("graph.rs");
    let modified = || fs::metadata(&file).unwrap().modified().unwrap();
    let before = modified();
    right.write(&out).unwrap();
    assert_eq!(modified(), before);
    assert_eq!(
        fs::read_dir(&out).unwrap().count(),
        1,
        "no temporary file is left"
    );
}

#[test]
#[cfg(feature = "index")]
fn code_and_index_are_never_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    for name in ["graph.json", "Graph.JSON"] {
        let config = Config::new("tests/cases/recursion/graph.toml").file_name(name);
        let error = config.clone().index(true).write(&out).unwrap_err();
        let expected = format!("`{name}` would be both the code and its index");
        assert!(error.to_string().contains(&expected), "{error}");
        assert!(!out.exists());
        assert_eq!(config.files(&config.generate().unwrap()).len(), 1);
    }
}

#[test]
#[cfg(feature = "index")]
fn the_index_sorts_updates_of_one_path_by_function() {
    let config = Config::new("tests/cases/paths/graph.toml");
    let index = config.generate().unwrap().index;
    let of_fixed = index
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("\"rust\": \"") && line.contains("update_fixed"));
    assert_eq!(
        of_fixed.collect::<Vec<_>>(),
        [
            "\"rust\": \"policies::update_fixed\",",
            "\"rust\": \"update_fixed_application\",",
        ]
    );
}
