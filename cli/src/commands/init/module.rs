//! The line `mod graph;` in the root file of a crate.

/// The line.
pub(super) const DECLARATION: &str = "mod graph;";

/// The name of the module.
pub(super) const NAME: &str = "graph";

/// Whether a file has a module of that name.
pub(super) fn is_declared(text: &str) -> bool {
    syn::parse_file(text).is_ok_and(|file| modules(&file).next().is_some())
}

/// Whether anything else at the root of a file has the name of that module, which would then be
/// defined twice.
pub(super) fn is_taken(text: &str) -> bool {
    syn::parse_file(text).is_ok_and(|file| {
        file.items.iter().any(|item| match item {
            syn::Item::Enum(item) => item.ident == NAME,
            syn::Item::Struct(item) => item.ident == NAME,
            syn::Item::Trait(item) => item.ident == NAME,
            syn::Item::TraitAlias(item) => item.ident == NAME,
            syn::Item::Type(item) => item.ident == NAME,
            syn::Item::Union(item) => item.ident == NAME,
            syn::Item::ExternCrate(item) => match &item.rename {
                Some((_, name)) => name == NAME,
                None => item.ident == NAME,
            },
            syn::Item::Use(item) => brings_in(&item.tree),
            _ => false,
        })
    })
}

/// Whether a `use` names something so. What a glob has gives way to a module.
fn brings_in(tree: &syn::UseTree) -> bool {
    // A stack, since nothing bounds the depth of the source.
    let mut open = vec![(tree, false)];
    while let Some((tree, below)) = open.pop() {
        match tree {
            syn::UseTree::Path(path) => open.push((&path.tree, path.ident == NAME)),
            syn::UseTree::Group(group) => open.extend(group.items.iter().map(|it| (it, below))),
            // `use other::graph::{self}`.
            syn::UseTree::Name(name) if name.ident == NAME || (below && name.ident == "self") => {
                return true;
            }
            syn::UseTree::Rename(rename) if rename.rename == NAME => return true,
            _ => {}
        }
    }
    false
}

/// The text with the line: behind the modules that are declared first, or before the first item.
/// `None` where neither this nor the end of the file is a place for it.
pub(super) fn declare(text: &str) -> Option<String> {
    let before = syn::parse_file(text).ok()?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let with = |place: usize, parts: &[&str]| {
        let mut new: String = lines.iter().take(place).copied().collect();
        if !new.is_empty() && !new.ends_with('\n') {
            new.push_str(end);
        }
        new.extend(parts.iter().copied());
        new.extend(lines.iter().skip(place).copied());
        // In a comment, in a literal, in another module, or between an attribute and its item, it
        // would not be one more item without attributes.
        let after = syn::parse_file(&new).ok()?;
        let is_one_more = after.items.len() == before.items.len() + 1
            && after.attrs.len() == before.attrs.len()
            && modules(&after).any(|module| module.attrs.is_empty());
        is_one_more.then_some(new)
    };
    let is_module = |line: &&str| {
        let line = line.trim_end();
        let name = line
            .strip_prefix("pub ")
            .unwrap_or(line)
            .strip_prefix("mod ");
        name.is_some_and(|name| name.ends_with(';'))
    };
    if let Some(first) = lines.iter().position(&is_module) {
        let run = lines.iter().skip(first).take_while(|line| is_module(line));
        if let Some(new) = with(first + run.count(), &[DECLARATION, end]) {
            return Some(new);
        }
    }
    let is_head = |line: &str| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//") || line.starts_with("#!")
    };
    if let Some(mut place) = lines.iter().position(|line| !is_head(line)) {
        // A comment right above an item belongs to it.
        while let Some(above) = place.checked_sub(1)
            && lines
                .get(above)
                .is_some_and(|line| line.starts_with("//") && !line.starts_with("//!"))
        {
            place = above;
        }
        if let Some(new) = with(place, &[DECLARATION, end, end]) {
            return Some(new);
        }
    }
    let gap = if text.trim().is_empty() { "" } else { end };
    with(lines.len(), &[gap, DECLARATION, end])
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
    fn the_line_goes_where_one_would_write_it() {
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
            // Where a line only looks like the place, the next place is tried.
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

    #[test]
    fn a_name_is_taken_by_every_kind_of_item() {
        for taken in [
            "use std::collections as graph;",
            "use a::{b, c::{graph}};",
            "use a::graph::{self, X};",
            "extern crate graph;",
            "extern crate petgraph as graph;",
            "type graph = u8;",
            "pub struct graph;",
            "trait graph {}",
        ] {
            assert!(is_taken(taken), "{taken}");
        }
        for free in [
            "use graph::X;",
            "use a::*;",
            "use graph as other;",
            "use graph::{inner::{self}, X};",
            "fn graph() {}",
            "extern crate graph as other;",
            "mod other { struct graph; }",
        ] {
            assert!(!is_taken(free), "{free}");
        }
    }
}
