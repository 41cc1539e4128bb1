//! [`Api`] to tokens. Templates only: every decision is made before.

pub(crate) mod deprecation;
mod docs;
mod enumerations;
mod imports;
mod markdown;
pub(crate) mod modules;
mod operations;
mod structs;
pub(crate) mod types;
mod unions;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::ir::Api;
use modules::Items;

/// Renders the items of an API. `runtime` is the path of the runtime.
pub(crate) struct Renderer<'r> {
    pub(crate) api: &'r Api,
    pub(crate) runtime: &'r TokenStream,
}

impl Renderer<'_> {
    /// The items of a module one after another, its inner modules last. Parts are rendered on demand,
    /// so the tokens of the whole API are never in memory at once.
    pub(crate) fn module(&self, items: &Items<'_>) -> impl Iterator<Item = TokenStream> {
        let modules = items.modules.iter();
        self.items(items).chain(modules.map(|(name, inner)| {
            let (docs, name) = (module_docs(inner), ident(name));
            // A recursive iterator needs a box.
            let parts: Box<dyn Iterator<Item = TokenStream>> = Box::new(self.module(inner));
            quote! {
                #docs
                pub mod #name {
                    #(#parts)*
                }
            }
        }))
    }

    /// A module as a file of its own: declarations of its inner modules, and its items.
    pub(crate) fn file(&self, items: &Items<'_>) -> impl Iterator<Item = TokenStream> {
        let modules = items.modules.iter().map(|(name, inner)| {
            let (docs, name) = (module_docs(inner), ident(name));
            quote!(#docs pub mod #name;)
        });
        modules.chain(self.items(items))
    }

    /// The items of a module without its inner modules.
    fn items(&self, items: &Items<'_>) -> impl Iterator<Item = TokenStream> {
        let Renderer { api, runtime } = self;
        let names = imports::runtime_names(items, api);
        let imports = (!names.is_empty()).then(|| {
            let names = names.iter().map(|name| ident(name));
            quote!(use #runtime::{#(#names),*};)
        });
        let uses = items.module.iter().flat_map(|module| &module.imports);
        let uses = uses.map(|ty| {
            let path = types::RustType::from(ty);
            let allow = deprecation::allow(ty.is_deprecated);
            quote!(#allow use #path;)
        });
        imports
            .into_iter()
            .chain(uses)
            .chain(
                items
                    .operations
                    .iter()
                    .map(|item| operations::operation(item, api)),
            )
            .chain(
                items
                    .structs
                    .iter()
                    .map(|item| structs::structure(item, api)),
            )
            .chain(items.unions.iter().map(|item| unions::union(item, api)))
            .chain(
                items
                    .enumerations
                    .iter()
                    .map(|item| enumerations::enumeration(item)),
            )
    }
}

fn module_docs(items: &Items<'_>) -> TokenStream {
    let docs = docs::comment(&docs::module(items.module));
    // As in the URL: `/children/{id}/children`.
    let expect = items
        .repeats
        .then(|| quote!(#[expect(clippy::module_inception, reason = "it mirrors the URL")]));
    quote!(#docs #expect)
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
