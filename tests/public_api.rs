//! The public API of the runtime: its root is small, and it names no type of `reqwest`, whose 0.x versions break: only
//! behind the feature that is named after its version.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may fail loudly

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Fields, ImplItem, Item, Signature, TraitItem, UseTree, Visibility};

const CRATE: &str = "reqwest";
const FEATURE: &str = "feature = \"reqwest_0_13\"";

#[test]
fn reqwest_is_not_in_the_public_api() {
    let mut files = Vec::new();
    read(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/src")),
        &mut files,
    );
    assert!(files.len() > 50, "only {} files", files.len());
    let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
    assert!(texts.iter().any(|text| text.contains(CRATE)));
    let found = violations(&texts);
    let found: Vec<String> = found
        .into_iter()
        .map(|(file, item)| format!("{}: {item}", files[file].0))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_root_is_small() {
    let source = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/src"));
    let root = std::fs::read_to_string(source.join("lib.rs")).unwrap();
    let (modules, mut names) = public_names(&root);
    let mut files = Vec::new();
    read(source, &mut files);
    for (_, text) in &files {
        names.extend(exported_macros(text));
    }
    assert_eq!(
        modules,
        BTreeSet::from(["auth", "edm", "error", "json", "request", "sans_io"].map(str::to_owned))
    );
    for name in ["Client", "Error", "Null", "include_graph"] {
        assert!(names.contains(name), "{name} is not in {names:?}");
    }
    assert!(names.len() <= 20, "{} names: {names:?}", names.len());
}

/// The public modules and the other public names that a file declares or re-exports, without hidden ones.
fn public_names(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut modules, mut names) = (BTreeSet::new(), BTreeSet::new());
    for item in syn::parse_file(text).unwrap().items {
        match item {
            Item::Use(item) if is_public(&item.vis) => leaves(&item.tree, &mut names),
            Item::Mod(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                modules.insert(item.ident.to_string());
            }
            Item::Use(_) | Item::Mod(_) => {}
            _ => panic!("lib.rs declares modules and exports names, and nothing else"),
        }
    }
    (modules, names)
}

fn leaves(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Name(name) => _ = names.insert(name.ident.to_string()),
        UseTree::Rename(rename) => _ = names.insert(rename.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Glob(_) => panic!("a glob at the root"),
    }
}

/// The macros at the root, wherever they are declared.
fn exported_macros(text: &str) -> impl Iterator<Item = String> {
    let items = syn::parse_file(text).unwrap().items.into_iter();
    items.filter_map(|item| match item {
        Item::Macro(item) if !is_hidden(&item.attrs) => {
            let is_exported = item.attrs.iter().any(|a| a.path().is_ident("macro_export"));
            item.ident
                .filter(|_| is_exported)
                .map(|name| name.to_string())
        }
        _ => None,
    })
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "hidden")
    })
}

#[test]
fn every_way_to_expose_a_type_is_found() {
    for exposed in [
        "pub fn f(http: reqwest::Client) {}",
        "pub fn f() -> Result<(), ::reqwest::Error> { Ok(()) }",
        "pub fn f<T: Into<reqwest::Body>>(body: T) {}",
        "pub fn f<T>(body: T) where T: Into<reqwest::Body> {}",
        "pub fn f(body: impl Into<reqwest::Body>) {}",
        "use reqwest::Client; pub fn f(http: Client) {}",
        "use reqwest::{Client as Http}; pub fn f(http: &Http) {}",
        "use reqwest::header; pub fn f(headers: header::HeaderMap) {}",
        "use reqwest as http; pub fn f(http: http::Client) {}",
        "use reqwest::*;",
        "pub use reqwest::Client;",
        "pub use reqwest;",
        "pub extern crate reqwest;",
        "extern crate reqwest as http; pub fn f(http: http::Client) {}",
        "type Http = reqwest::Client; pub struct S(pub Http);",
        "type A = reqwest::Client; type B = Vec<A>; pub struct S { pub http: B }",
        "use reqwest::Client; pub(crate) use self::Client as Http; pub fn f(http: Http) {}",
        "pub struct S { pub http: reqwest::Client }",
        "pub struct S<T: Into<reqwest::Body>>(T);",
        "pub enum E { Http(reqwest::Error) }",
        "pub type Http = reqwest::Client;",
        "pub const TIMEOUT: fn(reqwest::Client) = f;",
        "pub trait T { fn f(&self, http: reqwest::Client); }",
        "pub trait T { type Http: Into<reqwest::Client>; }",
        "pub struct S; impl S { pub fn f(self, http: reqwest::ClientBuilder) {} }",
        "pub struct S; impl S { pub const F: fn(reqwest::Client) = f; }",
        "pub struct S; impl From<reqwest::Error> for S { fn from(_: reqwest::Error) -> S { S } }",
        "pub struct S; impl From<S> for reqwest::Body { fn from(_: S) -> Self { f() } }",
        "pub struct S; impl Deref for S { type Target = reqwest::Client; }",
        "pub mod m { pub fn f(http: reqwest::Client) {} }",
        "#[macro_export] macro_rules! m { () => { $crate::reqwest::Client } }",
        "define! { pub fn f(http: reqwest::Client) {} }",
        "#[cfg(not(feature = \"reqwest_0_13\"))] pub fn f(http: reqwest::Client) {}",
        "#[cfg(any(feature = \"reqwest_0_13\", unix))] pub fn f(http: reqwest::Client) {}",
        "#[cfg(feature = \"reqwest\")] pub fn f(http: reqwest::Client) {}",
    ] {
        assert_eq!(violations(&[exposed]).len(), 1, "{exposed}");
    }
    let in_another_file = [
        "pub(crate) type Http = reqwest::Client;",
        "use super::Http; pub fn f(http: Http) {}",
    ];
    assert_eq!(violations(&in_another_file).len(), 1);
}

#[test]
fn private_items_and_the_feature_are_allowed() {
    for hidden in [
        "fn f(http: reqwest::Client) {}",
        "pub(crate) fn f(http: reqwest::Client) {}",
        "pub fn f() { let http = reqwest::Client::new(); }",
        "use reqwest::Client; pub struct S { http: Client }",
        "pub struct S; impl S { pub(super) fn f(http: reqwest::Client) {} }",
        "#[cfg(feature = \"reqwest_0_13\")] pub fn f(http: reqwest::Client) {}",
        "pub struct S; impl S { #[cfg(feature = \"reqwest_0_13\")] pub fn f(http: reqwest::Client) {} }",
        "#[cfg(test)] mod tests { pub fn f(http: reqwest::Client) {} }",
        "/// Based on reqwest.\npub struct S;",
    ] {
        assert_eq!(violations(&[hidden]), [], "{hidden}");
    }
}

fn read(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path.display().to_string(), text));
        }
    }
}

/// The public items that name a type of the crate: the index of the file, and the item.
fn violations(texts: &[&str]) -> Vec<(usize, String)> {
    let parsed: Vec<syn::File> = texts
        .iter()
        .map(|text| syn::parse_file(text).unwrap())
        .collect();
    // An alias may name another alias, in any order.
    let mut everywhere = BTreeSet::new();
    loop {
        let known = everywhere.len();
        for file in &parsed {
            let names = Names::of_file(file, &everywhere);
            everywhere.extend(names.local.into_iter().filter(|name| name != CRATE));
        }
        if everywhere.len() == known {
            break;
        }
    }
    let mut found = Vec::new();
    for (index, file) in parsed.iter().enumerate() {
        let mut reader = PublicItems {
            names: Names::of_file(file, &everywhere),
            found: Vec::new(),
        };
        reader.items(&file.items);
        found.extend(reader.found.into_iter().map(|item| (index, item)));
    }
    found
}

/// Crates that have types with the same names.
const OTHERS: [&str; 4] = ["core", "http", "http_body", "std"];

/// The names of types of the crate, from imports and type aliases.
struct Names {
    local: BTreeSet<String>,
    /// Those of all files.
    everywhere: BTreeSet<String>,
}

impl Names {
    fn of_file(file: &syn::File, everywhere: &BTreeSet<String>) -> Self {
        let mut names = Self {
            local: BTreeSet::from([CRATE.to_owned()]),
            everywhere: everywhere.clone(),
        };
        loop {
            let known = names.local.len();
            names.collect(&file.items);
            if names.local.len() == known {
                return names;
            }
        }
    }

    fn collect(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Use(item) => self.collect_imports(&item.tree, &mut Vec::new()),
                Item::ExternCrate(item) if item.ident == CRATE => {
                    let alias = item.rename.as_ref();
                    self.local.extend(alias.map(|(_, name)| name.to_string()));
                }
                Item::Type(item) if self.are_in(|path| path.visit_type(&item.ty)) => {
                    self.local.insert(item.ident.to_string());
                }
                Item::Mod(item) => {
                    if let Some((_, items)) = &item.content {
                        self.collect(items);
                    }
                }
                _ => {}
            }
        }
    }

    fn collect_imports(&mut self, tree: &UseTree, path: &mut Vec<String>) {
        let (name, alias) = match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.collect_imports(&tree.tree, path);
                path.pop();
                return;
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.collect_imports(tree, path);
                }
                return;
            }
            UseTree::Name(name) => (&name.ident, &name.ident),
            UseTree::Rename(name) => (&name.ident, &name.rename),
            UseTree::Glob(_) => return,
        };
        path.push(name.to_string());
        if alias != "self" && self.contains(path) {
            self.local.insert(alias.to_string());
        }
        path.pop();
    }

    fn contains(&self, path: &[String]) -> bool {
        let (Some(first), Some(last)) = (path.first(), path.last()) else {
            return false;
        };
        let is_ours = path.len() > 1 && !OTHERS.contains(&first.as_str());
        self.local.contains(first) || is_ours && self.everywhere.contains(last)
    }

    /// Whether what `visit` visits has one of the names.
    fn are_in(&self, visit: impl FnOnce(&mut Paths<'_>)) -> bool {
        let mut paths = Paths {
            names: self,
            found: false,
        };
        visit(&mut paths);
        paths.found
    }

    fn are_in_tokens(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => self.are_in_tokens(group.stream()),
            TokenTree::Ident(name) => self.local.contains(&name.to_string()),
            _ => false,
        })
    }
}

struct Paths<'n> {
    names: &'n Names,
    found: bool,
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        let segments: Vec<String> = segments.map(|segment| segment.ident.to_string()).collect();
        self.found |= self.names.contains(&segments);
        visit::visit_path(self, path);
    }
}

struct PublicItems {
    names: Names,
    found: Vec<String>,
}

impl PublicItems {
    fn check(&mut self, item: &impl ToString, visit: impl FnOnce(&mut Paths<'_>)) {
        if self.names.are_in(visit) {
            self.found.push(item.to_string());
        }
    }

    fn check_signature(&mut self, signature: &Signature) {
        self.check(&signature.ident, |paths| paths.visit_signature(signature));
    }

    fn check_fields(&mut self, item: &syn::Ident, fields: &Fields, all: bool) {
        for field in fields {
            if all || is_public(&field.vis) {
                self.check(item, |paths| paths.visit_type(&field.ty));
            }
        }
    }

    fn check_tokens(&mut self, tokens: TokenStream) {
        if self.names.are_in_tokens(tokens) {
            self.found.push("a macro".to_owned());
        }
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        if is_excluded(attributes(item)) {
            return;
        }
        match item {
            Item::Fn(item) if is_public(&item.vis) => self.check_signature(&item.sig),
            Item::Struct(item) if is_public(&item.vis) => {
                self.check(&item.ident, |paths| paths.visit_generics(&item.generics));
                self.check_fields(&item.ident, &item.fields, false);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                self.check(&item.ident, |paths| paths.visit_generics(&item.generics));
                for variant in &item.variants {
                    self.check_fields(&item.ident, &variant.fields, true);
                }
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.check(&item.ident, |paths| paths.visit_type(&item.ty));
            }
            Item::Const(item) if is_public(&item.vis) => {
                self.check(&item.ident, |paths| paths.visit_type(&item.ty));
            }
            Item::Static(item) if is_public(&item.vis) => {
                self.check(&item.ident, |paths| paths.visit_type(&item.ty));
            }
            Item::Trait(item) if is_public(&item.vis) => {
                self.check(&item.ident, |paths| {
                    paths.visit_generics(&item.generics);
                    let supertraits = item.supertraits.iter();
                    supertraits.for_each(|bound| paths.visit_type_param_bound(bound));
                });
                for item in &item.items {
                    match item {
                        TraitItem::Fn(item) => self.check_signature(&item.sig),
                        other => self.check(&"a trait", |paths| paths.visit_trait_item(other)),
                    }
                }
            }
            Item::Impl(item) => self.implementation(item),
            Item::Mod(item) => {
                if let Some((_, items)) = &item.content {
                    self.items(items);
                }
            }
            Item::ExternCrate(item) if is_public(&item.vis) && item.ident == CRATE => {
                self.found.push(item.ident.to_string());
            }
            Item::Use(item) => {
                self.import(&item.tree, &mut Vec::new(), is_public(&item.vis));
            }
            Item::Macro(item) => self.check_tokens(item.mac.tokens.clone()),
            _ => {}
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        let is_trait = item.trait_.is_some();
        let in_header = self.names.are_in(|paths| {
            paths.visit_generics(&item.generics);
            paths.visit_type(&item.self_ty);
            if let Some((path, _)) = &item.trait_ {
                paths.visit_path(path);
            }
        });
        if in_header {
            self.found.push("an implementation".to_owned());
            return;
        }
        for item in &item.items {
            match item {
                ImplItem::Fn(item) if is_excluded(&item.attrs) => {}
                ImplItem::Fn(item) if is_trait || is_public(&item.vis) => {
                    self.check_signature(&item.sig);
                }
                ImplItem::Const(item) if is_trait || is_public(&item.vis) => {
                    self.check(&item.ident, |paths| paths.visit_type(&item.ty));
                }
                ImplItem::Type(item) => {
                    self.check(&item.ident, |paths| paths.visit_type(&item.ty));
                }
                ImplItem::Macro(item) => self.check_tokens(item.mac.tokens.clone()),
                _ => {}
            }
        }
    }

    /// A glob hides what it imports, so none of the crate is allowed.
    fn import(&mut self, tree: &UseTree, path: &mut Vec<String>, public: bool) {
        match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.import(&tree.tree, path, public);
                path.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, path, public);
                }
            }
            UseTree::Glob(_) => {
                if self.names.contains(path) {
                    self.found.push("a glob import".to_owned());
                }
            }
            UseTree::Name(syn::UseName { ident, .. })
            | UseTree::Rename(syn::UseRename { ident, .. }) => {
                path.push(ident.to_string());
                if public && self.names.contains(path) {
                    self.found.push(format!("pub use {}", path.join("::")));
                }
                path.pop();
            }
        }
    }
}

const fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether the item is behind the feature, or only in tests.
fn is_excluded(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let condition = match &attribute.meta {
            syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
            _ => return false,
        };
        condition == FEATURE || condition == "test"
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
