//! Every public type, trait and function of the runtime and the emulator has an example, which the doctests run.

#![allow(clippy::panic, reason = "a test says what is wrong by panicking")]

use std::path::Path;

/// What a public item at the top of a file begins with; `unreachable_pub` sees to it that each of them is public indeed.
const ITEMS: [&str; 6] = [
    "pub struct ",
    "pub enum ",
    "pub trait ",
    "pub type ",
    "pub fn ",
    "pub const fn ",
];

#[test]
fn every_public_item_has_an_example() {
    let mut items = 0;
    let mut without = Vec::new();
    for package in ["runtime", "emulator"] {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(package)
            .join("src");
        let mut folders = vec![sources];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                panic!("cannot read {}", folder.display())
            };
            for path in entries.flatten().map(|entry| entry.path()) {
                match std::fs::read_to_string(&path) {
                    Ok(text) => {
                        items += look_at(&text, &path, &mut without);
                    }
                    Err(_) => folders.push(path),
                }
            }
        }
    }
    assert!(items > 80, "only {items} items are found");
    without.sort();
    assert!(
        without.is_empty(),
        "without an example:\n{}",
        without.join("\n")
    );
}

/// How many public items a file has; those without an example go to `without`.
fn look_at(text: &str, path: &Path, without: &mut Vec<String>) -> usize {
    let mut items = 0;
    // Of the doc comment above: whether it goes on, whether the line is code, and whether any code is compiled.
    let (mut in_docs, mut in_code, mut has_example) = (false, false, false);
    for line in text.lines() {
        if let Some(docs) = line.strip_prefix("///") {
            if !in_docs {
                (in_code, has_example) = (false, false);
            }
            in_docs = true;
            if let Some(language) = docs.trim().strip_prefix("```") {
                has_example |= !in_code && matches!(language, "" | "no_run");
                in_code = !in_code;
            }
            continue;
        }
        if let Some(item) = ITEMS.iter().find_map(|start| line.strip_prefix(start)) {
            items += 1;
            if !has_example {
                let name = item
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next();
                without.push(format!("{}: {}", path.display(), name.unwrap_or(item)));
            }
        }
        // Attributes stand between a comment and its item.
        let attribute = line.starts_with("#[") || line.starts_with(")]") || line.starts_with(' ');
        in_docs = false;
        has_example &= attribute;
    }
    items
}
