//! The line `msgraph_runtime::include_graph!(mod graph);` in the root file of a crate.

use syn::parse::{Parse, ParseStream};

pub(super) const NAME: &str = "graph";

pub(super) const DECLARATION: &str = "msgraph_runtime::include_graph!(mod graph);";

/// The same with another name, for a crate that has a `graph`.
pub(super) const OTHER_DECLARATION: &str =
    "msgraph_runtime::include_graph!(mod graph_api = \"graph.rs\");";

/// The file that the build script writes.
const FILE: &str = "graph.rs";

/// Whether a file has a module with the name.
pub(super) fn is_declared(text: &str) -> bool {
    syn::parse_file(text).is_ok_and(|file| modules(&file).next().is_some())
}

/// Whether a file includes the generated code, possibly in an inline module.
pub(super) fn is_included(text: &str) -> bool {
    match syn::parse_file(text) {
        Ok(file) => includes(&file.items),
        Err(_) => text.contains("include_graph!"),
    }
}

fn includes(items: &[syn::Item]) -> bool {
    items.iter().any(|item| match item {
        syn::Item::Mod(module) => {
            let content = module.content.as_ref();
            content.is_some_and(|(_, items)| includes(items))
        }
        syn::Item::Macro(item) if is_call(&item.mac, "include") => {
            item.mac.tokens.to_string().contains("/graph.rs\"")
        }
        syn::Item::Macro(item) => {
            Inclusion::of(&item.mac).is_some_and(|inclusion| inclusion.file == FILE)
        }
        _ => false,
    })
}

fn is_call(call: &syn::Macro, name: &str) -> bool {
    let last = call.path.segments.last();
    last.is_some_and(|last| last.ident == name)
}

/// The arguments of `include_graph!`.
struct Inclusion {
    name: syn::Ident,
    file: String,
}

impl Inclusion {
    fn of(call: &syn::Macro) -> Option<Self> {
        let inclusion = is_call(call, "include_graph").then(|| call.parse_body());
        inclusion?.ok()
    }
}

impl Parse for Inclusion {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        syn::Attribute::parse_outer(input)?;
        input.parse::<syn::Visibility>()?;
        input.parse::<syn::Token![mod]>()?;
        let name = input.parse()?;
        let file = match input.parse::<Option<syn::Token![=]>>()? {
            Some(_) => input.parse::<syn::LitStr>()?.value(),
            None => FILE.to_owned(),
        };
        input.parse::<Option<syn::Token![;]>>()?;
        Ok(Inclusion { name, file })
    }
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
            && modules(&after).any(<[_]>::is_empty);
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

/// The attributes of the modules with the name.
fn modules(file: &syn::File) -> impl Iterator<Item = &[syn::Attribute]> {
    file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) => (module.ident == NAME).then_some(&*module.attrs),
        syn::Item::Macro(item) => {
            let inclusion = Inclusion::of(&item.mac)?;
            (inclusion.name == NAME).then_some(&*item.attrs)
        }
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
            let after = after.map(|after| after.replace("mod graph;", DECLARATION));
            assert_eq!(declare(before), after, "{before}");
        }
    }

    #[test]
    fn existing_modules_are_recognized() {
        for (text, is_it) in [
            ("fn a() {}\npub mod graph { }", true),
            ("#[cfg(a)]\nmod graph;", true),
            ("msgraph_runtime::include_graph!(mod graph);", true),
            (
                "use msgraph_runtime::include_graph;\ninclude_graph! { pub mod graph = \"v1.rs\"; }",
                true,
            ),
            (
                "msgraph_runtime::include_graph!(mod api = \"graph.rs\");",
                false,
            ),
            ("// mod graph;\nmod other { mod graph {} }", false),
            ("other::macro_call!(mod graph);", false),
        ] {
            assert_eq!(is_declared(text), is_it, "{text}");
        }
    }

    #[test]
    fn generated_code_that_is_included_already_is_recognized() {
        for (text, is_it) in [
            ("msgraph_runtime::include_graph!(mod graph);", true),
            (
                "msgraph_runtime::include_graph! { /// Ours.\n #[cfg(a)] pub(crate) mod api; }",
                true,
            ),
            (
                "mod inner { msgraph_runtime::include_graph!(mod a = \"graph.rs\"); }",
                true,
            ),
            ("msgraph_runtime::include_graph!(mod graph", true),
            (
                "mod api { include!(concat!(env!(\"OUT_DIR\"), \"/graph.rs\")); }",
                true,
            ),
            (
                "msgraph_runtime::include_graph!(mod beta = \"graph_beta.rs\");",
                false,
            ),
            ("// msgraph_runtime::include_graph!(mod graph);", false),
            ("include!(\"other.rs\");", false),
            ("mod graph;", false),
        ] {
            assert_eq!(is_included(text), is_it, "{text}");
        }
    }
}
