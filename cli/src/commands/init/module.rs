//! The line `mod graph;` in the root file of a crate.

pub(super) const NAME: &str = "graph";

pub(super) const DECLARATION: &str = "mod graph;";

/// Whether a file declares the module.
pub(super) fn is_declared(text: &str) -> bool {
    syn::parse_file(text).is_ok_and(|file| modules(&file).next().is_some())
}

/// Adds the line after the first block of module declarations, before the first item, or at the end.
/// `None` if it would not be a declaration anywhere.
pub(super) fn declare(text: &str) -> Option<String> {
    let before = syn::parse_file(text).ok()?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let insert = |line: usize, parts: &[&str]| {
        let mut new: String = lines.iter().take(line).copied().collect();
        if !new.is_empty() && !new.ends_with('\n') {
            new.push_str(end);
        }
        new.extend(parts.iter().copied());
        new.extend(lines.iter().skip(line).copied());
        // The line may be inside a comment, a literal or another module, or between an attribute and its
        // item.
        let after = syn::parse_file(&new).ok()?;
        let is_one_more = after.items.len() == before.items.len() + 1
            && after.attrs.len() == before.attrs.len()
            && modules(&after).any(|module| module.attrs.is_empty());
        is_one_more.then_some(new)
    };
    let is_module = |line: &&str| {
        let line = line.trim_end();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.starts_with("mod ") && line.ends_with(';')
    };
    if let Some(first) = lines.iter().position(&is_module) {
        let block = lines.iter().skip(first).take_while(|line| is_module(line));
        if let Some(new) = insert(first + block.count(), &[DECLARATION, end]) {
            return Some(new);
        }
    }
    let is_head = |line: &str| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//") || line.starts_with("#!")
    };
    if let Some(item) = lines.iter().position(|line| !is_head(line)) {
        // Comments directly above an item belong to it.
        let head = lines.iter().take(item).rev();
        let comments = head.take_while(|line| line.starts_with("//") && !line.starts_with("//!"));
        if let Some(new) = insert(item - comments.count(), &[DECLARATION, end, end]) {
            return Some(new);
        }
    }
    let gap = if text.trim().is_empty() { "" } else { end };
    insert(lines.len(), &[gap, DECLARATION, end])
}

fn modules(file: &syn::File) -> impl Iterator<Item = &syn::ItemMod> {
    file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.ident == NAME => Some(module),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_added_where_a_person_would() {
        for (before, after) in [
            ("", Some("mod graph;\n")),
            ("fn main() {}\n", Some("mod graph;\n\nfn main() {}\n")),
            (
                "#!/usr/bin/env x\n//! Doc.\n#![allow(dead_code)]\n\n// On run.\n/// Runs.\nfn main() {}",
                Some(
                    "#!/usr/bin/env x\n//! Doc.\n#![allow(dead_code)]\n\nmod graph;\n\n\
                     // On run.\n/// Runs.\nfn main() {}",
                ),
            ),
            (
                "//! Doc.\r\nmod a;\r\npub mod b;\r\nuse a::A;\r\n",
                Some("//! Doc.\r\nmod a;\r\npub mod b;\r\nmod graph;\r\nuse a::A;\r\n"),
            ),
            // If a line only looks like a declaration, the next position is tried.
            (
                "#![allow(\n    dead_code\n)]\nfn main() {}",
                Some("#![allow(\n    dead_code\n)]\nfn main() {}\n\nmod graph;\n"),
            ),
            (
                "const A: &str = \"\nmod a;\n\";\n",
                Some("mod graph;\n\nconst A: &str = \"\nmod a;\n\";\n"),
            ),
            ("/*\nmod a;\n*/\n", Some("mod graph;\n\n/*\nmod a;\n*/\n")),
            ("/*! Root. */\n", Some("/*! Root. */\n\nmod graph;\n")),
            ("//! Only words.", Some("//! Only words.\n\nmod graph;\n")),
            ("fn main( {", None),
        ] {
            assert_eq!(declare(before).as_deref(), after, "{before}");
        }
        assert!(is_declared("fn a() {}\npub mod graph { }"));
        assert!(!is_declared("// mod graph;\nmod other { mod graph {} }"));
    }
}
