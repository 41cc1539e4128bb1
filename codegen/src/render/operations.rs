//! Updates and resets as functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Item, Part, deprecation, docs, ident, types};
use crate::ir::{Api, Method, ODataType, Operation};

pub(super) fn operation(item: &Operation, api: &Api) -> Item {
    let docs = docs::comment(&docs::operation(item, &api.api_version));
    let deprecated = deprecation::attribute(deprecation::first_note(&item.deprecations));
    let name = ident(&item.rust.name);
    let keys = item.parameters.iter();
    let keys: Vec<_> = keys.map(|parameter| ident(&parameter.rust)).collect();
    let key_types = item.parameters.iter();
    let key_types = key_types.map(|parameter| types::argument(parameter.ty));
    // With a key in the path, or a type parameter, elision would tie the result to the wrong
    // argument or to none.
    let (generics, lifetime, of_request) = match (&item.body, keys.is_empty()) {
        (None, _) => (None, None, quote!('static)),
        (Some(_), true) => (None, None, quote!('_)),
        (Some(_), false) => (Some(quote!(<'a>)), Some(quote!('a)), quote!('a)),
    };
    let body = item.body.as_ref().map(types::body);
    let (parameter, value) = body
        .map(|body| (quote!(patch: &#lifetime #body), quote!(, patch)))
        .unzip();
    let response = response(item);
    let method = ident(match item.method {
        Method::Patch => "patch",
        Method::Put => "put",
        Method::Delete => "delete",
    });
    let (api_version, path) = (&api.api_version, &item.path);
    let settings = settings(item);
    let function = quote! {
        #docs
        #deprecated
        pub fn #name #generics(
            #(#keys: #key_types,)* #parameter
        ) -> __rt::Request<#of_request #response> {
            __rt::#method(#api_version, #path, &[#(&#keys),*] #value)
                #settings
        }
    };
    vec![Part::Rust(function)]
}

/// The type of the response, if it is not that which every update has.
fn response(item: &Operation) -> Option<TokenStream> {
    match (&item.body, &item.response) {
        (None, _) => Some(quote!(, ())),
        (Some(_), None) => None,
        (Some(_), Some(response)) => {
            let value = types::response(response);
            Some(quote!(, __rt::Option<#value>))
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
    let list = |texts: &[String], method: &str| {
        let method = ident(method);
        (!texts.is_empty()).then(|| quote!(.#method(&[#(#texts),*])))
    };
    let permissions = list(&item.permissions, "permissions");
    let roles = list(&item.roles, "roles");
    let if_match = item.if_match.then(|| quote!(.if_match_required()));
    quote!(#types #permissions #roles #if_match)
}
