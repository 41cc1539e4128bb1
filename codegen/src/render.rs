//! [`Api`] to items. Templates only: every decision is made before.
//!
//! Emitted code names everything of the runtime by the path `__rt`, so no name of Graph can shadow it.

pub(crate) mod deprecation;
mod docs;
mod enumerations;
mod markdown;
pub(crate) mod modules;
mod operations;
mod permissions;
mod structs;
mod table;
pub(crate) mod types;
mod unions;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::ir::Api;
use modules::Items;

/// The version of the contract between emitted code and the runtime's `__private`.
const CONTRACT: u32 = 1;

/// A type or a function with what belongs to it, in order.
pub(crate) type Item = Vec<Part>;

/// A part of an item.
pub(crate) enum Part {
    /// Rust that is still to be formatted.
    Rust(TokenStream),
    /// Formatted code.
    Text(String),
}

/// Renders the items of an API. `runtime` is the path of the runtime.
pub(crate) struct Renderer<'r> {
    pub(crate) api: &'r Api,
    pub(crate) runtime: &'r TokenStream,
}

impl Renderer<'_> {
    /// The items of a module without its inner modules. They are rendered on demand, so the tokens of
    /// the whole API are never in memory at once.
    pub(crate) fn items(&self, items: &Items<'_>, is_root: bool) -> impl Iterator<Item = Item> {
        let api = self.api;
        let preamble = self.preamble(items, is_root);
        let operations = items.operations.iter();
        let structs = items.structs.iter();
        let unions = items.unions.iter();
        let enumerations = items.enumerations.iter();
        preamble
            .into_iter()
            .chain(operations.map(|item| operations::operation(item, api)))
            .chain(structs.map(|item| structs::structure(item)))
            .chain(unions.map(|item| unions::union(item)))
            .chain(enumerations.map(|item| enumerations::enumeration(item)))
    }

    /// The imports, and in the root the check of the runtime's version.
    fn preamble(&self, items: &Items<'_>, is_root: bool) -> Option<Item> {
        let runtime = self.runtime;
        let uses_runtime = is_root
            || !items.operations.is_empty()
            || !items.structs.is_empty()
            || !items.enumerations.is_empty()
            || items.unions.iter().any(|union| union.is_read);
        let runtime = uses_runtime.then(|| quote!(use #runtime::__private as __rt;));
        let types = items.module.iter().flat_map(|module| &module.imports);
        let types = types.map(types::RustType::from);
        let check = is_root.then(|| {
            let version = Literal::u32_unsuffixed(CONTRACT);
            quote!(__rt::emitted_by!(#version);)
        });
        let tokens = quote!(#runtime #(use #types;)* #check);
        (!tokens.is_empty()).then(|| vec![Part::Rust(tokens)])
    }
}

/// The declaration of a module, `pub mod name;` with its doc comment.
pub(crate) fn declaration(name: &str, items: &Items<'_>) -> TokenStream {
    let (docs, name) = (docs::comment(&docs::module(items.module)), ident(name));
    quote!(#docs pub mod #name;)
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
