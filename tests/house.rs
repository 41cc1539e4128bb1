//! Checks the structure of the source code: a package has no import cycle, a file at most 400 lines, and a
//! function at most 60. Ambiguous type names are declared at most once in the workspace. Tests are not
//! counted.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 60;
const PACKAGES: [&str; 6] = ["", "csdl", "codegen", "runtime", "emulator", "cli"];

/// A second type of one of these names means something else, so it needs a name of its own.
const AMBIGUOUS: [&str; 7] = [
    "Document", "Field", "Report", "Request", "Source", "Step", "Value",
];

/// A path from the crate root to a module or item: `["client", "builder"]`.
type Names = Vec<String>;

#[test]
fn no_circles_no_large_files_no_long_functions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = BTreeSet::new();
    for package in PACKAGES {
        check_package(root, &root.join(package).join("src"), &mut faults);
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn an_ambiguous_type_name_is_declared_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in PACKAGES {
        for file in rust_files(&root.join(package).join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            let mut module = Module::default();
            module.visit_file(&syn::parse_file(&text).unwrap());
            let name = file.strip_prefix(root).unwrap().display().to_string();
            for ty in module.types {
                declared.entry(ty).or_default().push(name.clone());
            }
        }
    }
    declared.retain(|name, files| AMBIGUOUS.contains(&name.as_str()) && files.len() > 1);
    assert!(declared.is_empty(), "{declared:#?}");
}

fn check_package(root: &Path, source: &Path, faults: &mut BTreeSet<String>) {
    let mut modules = BTreeMap::new();
    for file in rust_files(source) {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(root).unwrap().display().to_string();
        let mut module = Module::default();
        module.visit_file(&syn::parse_file(&text).unwrap());
        let lines = text.lines().count() - module.test_lines;
        if lines > LONGEST_FILE {
            faults.insert(format!("{name} is too long"));
        }
        for function in &module.long_functions {
            faults.insert(format!("{name}: `{function}` is too long"));
        }
        modules.insert(module_name(source, &file), module);
    }
    for circle in circles(&modules) {
        let names: Vec<String> = circle.iter().map(|module| module.join("::")).collect();
        let package = source.strip_prefix(root).unwrap().display();
        faults.insert(format!("{package}: circle of {}", names.join(", ")));
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn module_name(source: &Path, file: &Path) -> Names {
    let path = file.strip_prefix(source).unwrap().with_extension("");
    let mut names: Names = path
        .iter()
        .map(|name| name.to_str().unwrap().to_owned())
        .collect();
    if ["lib", "main", "mod"].contains(&names.last().unwrap().as_str()) {
        names.pop();
    }
    names
}

/// The imports and declarations of one file, without its tests.
#[derive(Default)]
struct Module {
    /// Imported paths that begin with `crate`, `super` or `self`.
    imports: Vec<Names>,
    /// Re-exports: the local name, and the path of the original.
    exports: BTreeMap<String, Names>,
    test_lines: usize,
    long_functions: Vec<String>,
    /// Names of the structs, enumerations, traits and aliases that it declares.
    types: Vec<String>,
}

impl Module {
    fn function(&mut self, name: &syn::Ident, span: Span) {
        let lines = span.end().line - name.span().start().line + 1;
        if lines > LONGEST_FUNCTION {
            self.long_functions.push(name.to_string());
        }
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Mod(module) = item
            && module.attrs.iter().any(is_test)
        {
            self.test_lines += item.span().end().line - item.span().start().line + 1;
        } else {
            let declared = match item {
                Item::Struct(item) => Some(&item.ident),
                Item::Enum(item) => Some(&item.ident),
                Item::Trait(item) => Some(&item.ident),
                Item::Type(item) => Some(&item.ident),
                _ => None,
            };
            self.types.extend(declared.map(ToString::to_string));
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut leaves = Vec::new();
        use_leaves(&mut Vec::new(), &item.tree, &mut leaves);
        for (name, path) in leaves {
            if !matches!(item.vis, syn::Visibility::Inherited) {
                self.exports.insert(name, path.clone());
            }
            if is_local(&path) {
                self.imports.push(path);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if names.len() > 1 && is_local(&names) {
            self.imports.push(names);
        }
        visit::visit_path(self, path);
    }

    /// `syn` does not parse macro arguments, but a path in them is an import too.
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        let text = item.tokens.to_string().replace(" :: ", "::");
        let paths = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        for path in paths.filter(|path| path.starts_with("crate::")) {
            self.imports
                .push(path.split("::").map(str::to_owned).collect());
        }
        visit::visit_macro(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig.ident, item.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, item.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(&item.sig.ident, item.span());
        visit::visit_trait_item_fn(self, item);
    }
}

fn is_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .meta
            .require_list()
            .is_ok_and(|list| list.tokens.to_string().contains("test"))
}

fn is_local(path: &[String]) -> bool {
    ["crate", "super", "self"].contains(&path[0].as_str())
}

/// Each name imported by a `use`, with its full path.
fn use_leaves(prefix: &mut Names, tree: &UseTree, leaves: &mut Vec<(String, Names)>) {
    let mut leaf = |name: &syn::Ident, original: &syn::Ident| {
        let mut path = prefix.clone();
        path.push(original.to_string());
        leaves.push((name.to_string(), path));
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            use_leaves(prefix, &path.tree, leaves);
            prefix.pop();
        }
        UseTree::Name(name) => leaf(&name.ident, &name.ident),
        UseTree::Rename(rename) => leaf(&rename.rename, &rename.ident),
        UseTree::Glob(_) => leaves.push(("*".to_owned(), prefix.clone())),
        UseTree::Group(group) => {
            for tree in &group.items {
                use_leaves(prefix, tree, leaves);
            }
        }
    }
}

/// Import cycles between files. Imports between a file and its submodules (`path.rs`, `path/keys.rs`) do
/// not count.
fn circles(modules: &BTreeMap<Names, Module>) -> Vec<Vec<Names>> {
    let names: Vec<&Names> = modules.keys().collect();
    let position = |name: &Names| names.binary_search(&name).unwrap();
    let mut graph = DiGraphMap::<usize, ()>::new();
    for (name, module) in modules {
        for import in &module.imports {
            let target = defining_module(modules, absolute(name, import));
            let same_part = target.starts_with(name) || name.starts_with(&target);
            if !same_part {
                graph.add_edge(position(name), position(&target), ());
            }
        }
    }
    tarjan_scc(&graph)
        .into_iter()
        .filter(|circle| circle.len() > 1)
        .map(|circle| {
            let members: BTreeSet<usize> = circle.into_iter().collect();
            members.into_iter().map(|at| names[at].clone()).collect()
        })
        .collect()
}

fn absolute(module: &[String], path: &[String]) -> Names {
    let mut base = module.to_vec();
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "crate" => base.clear(),
            "super" => {
                base.pop();
            }
            "self" => {}
            _ => break,
        }
        rest = after;
    }
    base.extend_from_slice(rest);
    base
}

/// The file that defines the item of a path. Follows re-exports, so that `lib.rs` cannot hide a cycle.
fn defining_module(modules: &BTreeMap<Names, Module>, mut path: Names) -> Names {
    loop {
        let owner = (0..=path.len())
            .rev()
            .map(|length| path[..length].to_vec())
            .find(|names| modules.contains_key(names))
            .unwrap();
        let exported = path
            .get(owner.len())
            .and_then(|name| modules[&owner].exports.get(name));
        let Some(original) = exported else {
            return owner;
        };
        let mut next = if is_local(original) {
            absolute(&owner, original)
        } else {
            [owner.clone(), original.clone()].concat()
        };
        next.extend_from_slice(&path[owner.len() + 1..]);
        if next == path {
            return owner;
        }
        path = next;
    }
}
