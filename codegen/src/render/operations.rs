//! Updates and resets as functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::{deprecation, docs, ident, types};
use crate::ir::{Api, Method, ODataType, Operation};

/// From this many arguments before the body, clippy warns.
const MANY_ARGUMENTS: usize = 7;

pub(super) fn operation(item: &Operation, api: &Api) -> TokenStream {
    let docs = docs::comment(&docs::operation(item, &api.api_version));
    let deprecated = deprecation::attribute(deprecation::first_note(&item.deprecations));
    let uses_deprecated = item.body.as_ref().is_some_and(|body| body.ty.is_deprecated);
    let allow = deprecation::allow(uses_deprecated);
    let expect = (item.parameters.len() >= MANY_ARGUMENTS).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "the path has as many keys")]),
    );
    let name = ident(&item.rust.name);
    let keys = item.parameters.iter();
    let keys: Vec<_> = keys.map(|parameter| ident(&parameter.rust)).collect();
    let key_types = item.parameters.iter();
    let key_types = key_types.map(|parameter| types::argument(parameter.ty));
    // With a key in the path, or a type parameter, elision would tie the result to the wrong
    // argument or to none.
    let (generics, lifetime, of_request) = match (&item.body, keys.is_empty()) {
        (None, _) => (None, None, quote!('static, ())),
        (Some(_), true) => (None, None, quote!('_)),
        (Some(_), false) => (Some(quote!(<'a>)), Some(quote!('a)), quote!('a)),
    };
    let body = item.body.as_ref().map(types::body);
    let (parameter, value) = body
        .map(|body| (quote!(patch: &#lifetime #body), quote!(, patch)))
        .unzip();
    let method = ident(match item.method {
        Method::Patch => "patch",
        Method::Put => "put",
        Method::Delete => "delete",
    });
    let (api_version, path) = (&api.api_version, &item.path);
    let settings = settings(item);
    quote! {
        #docs
        #deprecated
        #allow
        #expect
        #[inline]
        pub fn #name #generics(#(#keys: #key_types,)* #parameter) -> Request<#of_request> {
            Request::#method(#api_version, #path, &[#(&#keys),*] #value)
                #settings
        }
    }
}

/// The calls on the request that follow its construction.
fn settings(item: &Operation) -> TokenStream {
    let declared = &item.declared;
    let types = match item.odata_type {
        ODataType::Nested => None,
        ODataType::Differing => Some(quote!(.declared_type(#declared))),
        ODataType::Body => Some(quote!(.body_type_required())),
        ODataType::All => Some(quote!(.all_types_required())),
    };
    let permissions = names(&quote!(.permissions), &item.permissions);
    let roles = names(&quote!(.roles), &item.roles);
    let if_match = item.if_match.then(|| quote!(.if_match_required()));
    quote! {
        #types
        #permissions
        #roles
        #if_match
    }
}

fn names(setter: &TokenStream, names: &[String]) -> Option<TokenStream> {
    (!names.is_empty()).then(|| quote!(#setter(&[#(#names),*])))
}
