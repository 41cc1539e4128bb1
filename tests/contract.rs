//! Generated code depends on the contract only: `__private` and its macros. The test renames every trait of the runtime,
//! and every type that the macros expand to, in a copy of the runtime. Only the names in `__private` stay, as they would
//! in a later version. Generated code must still compile.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What a renamed item is called.
const SUFFIX: &str = "Renamed";

type Names = BTreeSet<String>;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below `directory`, sorted.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn tokens(source: &str) -> Vec<TokenTree> {
    let stream: TokenStream = source.parse().unwrap();
    stream.into_iter().collect()
}

fn is(token: Option<&TokenTree>, text: &str) -> bool {
    token.is_some_and(|token| token.to_string() == text)
}

/// An identifier of a source file.
#[derive(Clone)]
struct Word {
    text: String,
    start: usize,
    end: usize,
    /// The identifiers before it in its path: `crate`, `body`, `value`.
    path: Vec<String>,
    /// The identifier before it, outside its path.
    before: String,
    /// Whether the item is `use …` (`Some(false)`) or `pub use …` (`Some(true)`).
    import: Option<bool>,
    is_renamed_by_as: bool,
    is_in_block: bool,
}

/// Every identifier of a file in order.
fn words(source: &str) -> Vec<Word> {
    let mut words = Vec::new();
    collect(&tokens(source), &[], None, false, &mut words);
    words
}

fn collect(
    tokens: &[TokenTree],
    base: &[String],
    import: Option<bool>,
    is_in_block: bool,
    words: &mut Vec<Word>,
) {
    let mut import = import;
    let mut path = base.to_vec();
    let mut before = String::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) => {
                let text = ident.to_string();
                if text == "use" {
                    import = Some(before == "pub");
                }
                let range = ident.span().byte_range();
                words.push(Word {
                    text: text.clone(),
                    start: range.start,
                    end: range.end,
                    path: path.clone(),
                    before: before.clone(),
                    import,
                    is_renamed_by_as: is(tokens.get(index + 1), "as"),
                    is_in_block,
                });
                before.clone_from(&text);
                if is(tokens.get(index + 1), ":") && is(tokens.get(index + 2), ":") {
                    path.push(text);
                } else {
                    path = base.to_vec();
                }
            }
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_import = import.is_some() && group.delimiter() == Delimiter::Brace;
                let base: &[String] = if is_import { &path } else { &[] };
                collect(&inner, base, import.filter(|_| is_import), true, words);
                path = base_of(tokens, index, &path);
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            TokenTree::Punct(punct) => {
                if punct.as_char() == ';' {
                    import = None;
                }
                path = base.to_vec();
            }
            TokenTree::Literal(_) => path = base.to_vec(),
        }
    }
}

/// A group ends a path, unless `::` follows.
fn base_of(tokens: &[TokenTree], index: usize, path: &[String]) -> Vec<String> {
    if is(tokens.get(index + 1), ":") && is(tokens.get(index + 2), ":") {
        path.to_vec()
    } else {
        Vec::new()
    }
}

/// The traits that the runtime defines, and the types that its macros expand to.
fn behind_the_macros(runtime: &Path) -> Names {
    let mut names = Names::new();
    for file in sources(runtime) {
        let source = fs::read_to_string(&file).unwrap();
        let defined = words(&source).into_iter();
        names.extend(
            defined
                .filter(|word| word.before == "trait")
                .map(|word| word.text),
        );
    }
    let expansion = fs::read_to_string(runtime.join("private/expansion.rs")).unwrap();
    let exported = words(&expansion).into_iter().filter(|word| {
        word.path.first().is_some_and(|root| root == "crate")
            && word.text.starts_with(|c: char| c.is_ascii_uppercase())
    });
    names.extend(exported.map(|word| word.text));
    names
}

/// The crates that the runtime depends on, and the standard library's.
fn foreign_crates() -> Names {
    let manifest = fs::read_to_string(project().join("runtime/Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("[dependencies]\n").unwrap();
    let lines = dependencies
        .lines()
        .take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| Some(line.split_once(['.', ' '])?.0.replace('-', "_")));
    names
        .chain(["std", "core", "alloc"].map(str::to_owned))
        .collect()
}

/// The file with `names` renamed. `is_contract` is the module of the contract, whose exports keep their names.
fn renamed(source: &str, names: &Names, foreign: &Names, is_contract: bool) -> String {
    let words = words(source);
    let is_foreign = |word: &Word| word.path.first().is_some_and(|root| foreign.contains(root));
    // A name that the file imports from another crate means that item in the whole file.
    let imported = words
        .iter()
        .filter(|word| word.import.is_some() && is_foreign(word) && !word.is_renamed_by_as);
    let imported: Names = imported.map(|word| word.text.clone()).collect();
    // The name of an associated type belongs to its trait, which may be another crate's.
    let associated = words
        .iter()
        .filter(|word| word.before == "type" && word.is_in_block);
    let associated: Names = associated.map(|word| word.text.clone()).collect();
    let is_export = |word: &Word| is_contract && word.import == Some(true);
    let exports = words.iter().filter(|word| is_export(word));
    let exports: Names = exports.map(|word| word.text.clone()).collect();

    let mut text = source.to_owned();
    for word in words.iter().rev() {
        let is_of_contract = word.path.last().is_some_and(|module| module == "__private")
            || !is_export(word) && exports.contains(&word.text);
        let is_associated_type = associated.contains(&word.text)
            && (word.before == "type" || word.path.last().is_some_and(|root| root == "Self"));
        let is_kept = is_foreign(word)
            || is_associated_type
            || is_of_contract
            || imported.contains(&word.text);
        if is_kept || word.before == "as" || !names.contains(&word.text) {
            continue;
        }
        let old = &word.text;
        let new = if is_export(word) && !word.is_renamed_by_as {
            format!("{old}{SUFFIX} as {old}")
        } else {
            format!("{old}{SUFFIX}")
        };
        text.replace_range(word.start..word.end, &new);
    }
    text
}

/// A workspace with the renamed runtime, and a crate of generated code.
fn workspace(directory: &Path) -> Names {
    let source = project().join("runtime/src");
    let names = behind_the_macros(&source);
    let foreign = foreign_crates();
    for file in sources(&source) {
        let name = file.strip_prefix(&source).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let is_contract = name == Path::new("private/mod.rs");
        let text = renamed(&text, &names, &foreign, is_contract);
        write(&directory.join("runtime/src").join(name), &text);
    }

    let manifest = fs::read_to_string(project().join("Cargo.toml")).unwrap();
    let (manifest, _) = manifest.split_once("[package]\n").unwrap();
    let members = "members = [\"csdl\", \"codegen\", \"runtime\", \"emulator\", \"cli\"]";
    assert!(
        manifest.contains(members),
        "the workspace has other members"
    );
    let manifest = manifest.replace(members, "members = [\"runtime\", \"generated\"]");
    write(&directory.join("Cargo.toml"), &manifest);
    let manifest = fs::read_to_string(project().join("runtime/Cargo.toml")).unwrap();
    let (manifest, _) = manifest.split_once("[dev-dependencies]\n").unwrap();
    write(&directory.join("runtime/Cargo.toml"), manifest);
    fs::copy(project().join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();

    write(
        &directory.join("generated/Cargo.toml"),
        "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n\
         msgraph-runtime = { path = \"../runtime\", default-features = false, \
         features = [\"jiff\", \"uuid\", \"decimal\"] }\n",
    );
    write(&directory.join("generated/src/lib.rs"), &modules());
    names
}

/// A module for every checked-in output of the generator.
fn modules() -> String {
    let mut files = vec![project().join("generated/v1.0.rs")];
    let cases = fs::read_dir(project().join("codegen/tests/cases")).unwrap();
    files.extend(cases.map(|case| case.unwrap().path().join("output.rs")));
    files.retain(|file| file.exists());
    files.sort();
    assert!(files.len() > 15, "the cases are found");
    let modules = files.iter().enumerate().map(|(index, file)| {
        format!("#[allow(dead_code, deprecated)]\n#[path = {file:?}]\npub mod m{index};\n")
    });
    modules.collect()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn generated_code_compiles_with_a_runtime_whose_other_names_changed() {
    let directory = tempfile::tempdir().unwrap();
    let names = workspace(directory.path());
    for name in [
        "Structured",
        "Value",
        "Readable",
        "UnionMember",
        "Key",
        "IntoProperty",
    ] {
        assert!(names.contains(name), "{name} is not renamed: {names:?}");
    }
    let tables = directory.path().join("runtime/src/private/tables.rs");
    let tables = fs::read_to_string(tables).unwrap();
    assert!(tables.contains("expansion::StructuredRenamed"), "{tables}");
    assert!(
        tables.contains("__private::DynamicProperties::new()"),
        "{tables}"
    );

    // The dependencies are kept between runs.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--package", "generated"])
        .current_dir(directory.path())
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let output = (output.status, String::from_utf8_lossy(&output.stderr));
    assert!(output.0.success(), "{}", output.1);
}
