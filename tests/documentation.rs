//! Every relative link in the README, in `docs/`, and in the other Markdown files at the root leads to an existing file,
//! and to an existing heading of it.

#![allow(clippy::unwrap_used, reason = "a test reports failures by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn relative_links_resolve() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut count, mut broken) = (0, Vec::new());
    for file in pages(root).into_iter().chain(pages(&root.join("docs"))) {
        for link in links(&prose(&file)) {
            if link.contains("://") {
                continue;
            }
            count += 1;
            if !resolves(&file, &link) {
                broken.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(count > 80, "only {count} links are found");
    assert!(broken.is_empty(), "broken links:\n{}", broken.join("\n"));
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// A page without its code blocks.
fn prose(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let blocks = text.split("\n```");
    blocks.step_by(2).collect::<Vec<_>>().join("\n")
}

fn links(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link.to_owned())
        .collect()
}

fn resolves(page: &Path, link: &str) -> bool {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => page.to_owned(),
        path => page.with_file_name("").join(path),
    };
    target.exists()
        && (heading.is_empty()
            || prose(&target)
                .lines()
                .filter(|line| line.starts_with('#'))
                .any(|line| anchor(line) == heading))
}

/// The anchor that GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c))
        .map(|c| if c == ' ' { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}
