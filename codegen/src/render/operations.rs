//! Operations as functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Item, Part, deprecation, docs, ident, permissions, types};
use crate::ir::{Api, Method, ODataType, Operation, OperationKind, Response};

pub(super) fn operation(item: &Operation, api: &Api) -> Item {
    let docs = docs::comment(&docs::operation(item, api));
    let deprecated = deprecation::attribute(deprecation::first_note(&item.deprecations));
    let name = ident(&item.rust.name);
    let keys = item.parameters.iter();
    let keys: Vec<_> = keys.map(|parameter| ident(&parameter.rust)).collect();
    let key_types = item.parameters.iter();
    let key_types = key_types.map(|parameter| types::argument(parameter.ty));
    let body = types::argument_of_body(item);
    // With a key in the path, or a type parameter, elision would tie the result to the wrong
    // argument or to none.
    let (generics, lifetime, of_request) = match (&body, keys.is_empty()) {
        (None, _) => (None, None, quote!('static)),
        (Some(_), true) => (None, None, quote!('_)),
        (Some(_), false) => (Some(quote!(<'a>)), Some(quote!('a)), quote!('a)),
    };
    let (parameter, value) = body
        .zip(item.kind.body_argument())
        .map(|(body, name)| {
            let name = ident(name);
            (quote!(#name: &#lifetime #body), quote!(, #name))
        })
        .unzip();
    let result = match item.kind {
        OperationKind::Reference => quote!(__rt::Reference),
        _ => {
            let response = response(item);
            quote!(__rt::Request<#of_request #response>)
        }
    };
    let constructor = ident(constructor(item));
    let (api_version, path) = (&api.api_version, &item.path);
    let settings = settings(item);
    let function = quote! {
        #docs
        #deprecated
        pub fn #name #generics(
            #(#keys: #key_types,)* #parameter
        ) -> #result {
            __rt::#constructor(#api_version, #path, &[#(&#keys),*] #value)
                #settings
        }
    };
    vec![Part::Rust(function)]
}

/// The function of the runtime that makes the request.
fn constructor(item: &Operation) -> &'static str {
    match (item.kind, item.method) {
        (OperationKind::Reference, _) => "reference",
        (OperationKind::AddRef, _) => "post_ref",
        (OperationKind::SetRef, _) => "put_ref",
        (OperationKind::PutContent, _) => "put_content",
        (_, Method::Get) if item.response == Response::Content => "get_content",
        (_, Method::Get) => "get",
        (_, Method::Post) if item.body.is_none() => "post_empty",
        (_, Method::Post) => "post",
        (_, Method::Patch) => "patch",
        (_, Method::Put) => "put",
        (_, Method::Delete) => "delete",
    }
}

/// The type of the response, if it is not the default of the runtime.
fn response(item: &Operation) -> Option<TokenStream> {
    (item.response != Response::UNTYPED).then(|| {
        let response = types::response(&item.response);
        quote!(, #response)
    })
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
    let permissions = permissions::settings(item.permissions.as_ref());
    let roles = list(&item.roles, "roles");
    let if_match = item.if_match.then(|| quote!(.if_match_required()));
    let idempotent = item.idempotent.then(|| quote!(.idempotent()));
    quote!(#types #permissions #roles #if_match #idempotent)
}
