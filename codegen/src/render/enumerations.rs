//! Enumeration types as enums.

use proc_macro2::TokenStream;
use quote::quote;

use super::{deprecation, docs, ident};
use crate::ir::{Deprecation, Enumeration};

pub(super) fn enumeration(item: &Enumeration) -> TokenStream {
    let docs = docs::comment(&docs::enumeration(item));
    let deprecated = deprecation::of(item.deprecation.as_ref());
    let (name, type_name) = (ident(&item.rust.name), &item.ty);
    let variants = item.members.iter().map(|member| {
        let docs = docs::comment(&docs::member(member));
        let deprecated = deprecation::of(member.deprecation.as_ref());
        let name = ident(&member.rust);
        quote!(#docs #deprecated #name,)
    });
    let members = item.members.iter().map(|member| {
        let (wire, name) = (&member.wire, ident(&member.rust));
        quote!((#wire, Self::#name))
    });
    let evolved_from = item.members.iter().position(|member| member.evolved);
    let evolved_from = evolved_from.map(|at| quote!(const EVOLVED_FROM: usize = #at;));
    let is_removal =
        |found: &Option<Deprecation>| found.as_ref().is_some_and(Deprecation::is_removal);
    let mut all = item.members.iter();
    let has_deprecated = all.any(|member| is_removal(&member.deprecation));
    let allow = deprecation::allow(deprecated.is_some());
    let allow_members = deprecation::allow(deprecated.is_none() && has_deprecated);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
        #allow
        impl Enumeration for #name {
            const TYPE_NAME: &'static str = #type_name;
            #allow_members
            const MEMBERS: &'static [(&'static str, Self)] = &[#(#members),*];
            #evolved_from
        }
    }
}
