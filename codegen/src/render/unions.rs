//! Marker types.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::RustType;
use super::{deprecation, docs, ident};
use crate::ir::{Api, Union};

pub(super) fn union(item: &Union, api: &Api) -> TokenStream {
    let docs = docs::comment(&docs::union(item));
    let name = ident(&item.rust.name);
    let reading = api.readable.then(|| reading(item));
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum #name {}
        #reading
    }
}

fn reading(item: &Union) -> TokenStream {
    let allow = deprecation::allow(item.members.iter().any(|member| member.is_deprecated));
    let name = ident(&item.rust.name);
    let members = item.members.iter().map(|member| {
        let ty = RustType::Output(member.rust.seen_from(&item.rust.module));
        let type_name = &member.ty;
        quote!(UnionMember::of::<#ty>(#type_name))
    });
    let declared = item.members.iter().find(|member| member.ty == item.ty);
    let declared = declared.map(|member| {
        let name = &member.ty;
        quote!(const DECLARED: Option<&'static str> = Some(#name);)
    });
    quote! {
        #allow
        impl Union for #name {
            const TYPES: &'static [UnionMember<Self>] = &[#(#members),*];
            #declared
        }
    }
}
