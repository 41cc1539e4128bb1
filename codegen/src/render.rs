//! [`Module`] to syntax. Templates only: what is printed was decided before.

pub(crate) mod docs;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::ir::{
    Argument, Body, Enumeration, Field, Function, Module, RustType, Struct, TypeAnnotation, Union,
};

/// From how many keys on, beside the patch, clippy objects to a function.
const MOST_ARGUMENTS: usize = 7;

/// The items of a module one after another, its inner modules last. Each part is a few items that
/// belong together: of the whole API, nobody needs to hold more at a time.
pub(crate) fn module<'m>(
    module: &'m Module,
    runtime: &'m TokenStream,
) -> impl Iterator<Item = TokenStream> + 'm {
    let modules = module
        .modules
        .iter()
        .map(|(name, inner)| inner_module(name, inner, runtime));
    items(module, runtime).chain(modules)
}

fn inner_module(name: &str, inner: &Module, runtime: &TokenStream) -> TokenStream {
    let docs = module_docs(inner);
    let name = ident(name);
    // Boxed, since an iterator cannot hold itself.
    let parts: Box<dyn Iterator<Item = TokenStream> + '_> = Box::new(module(inner, runtime));
    quote! {
        #docs
        pub mod #name {
            #(#parts)*
        }
    }
}

fn module_docs(module: &Module) -> TokenStream {
    let docs = docs(&module.docs);
    // The URL says so: `/children/{id}/children`.
    let expect = module
        .repeats
        .then(|| quote!(#[expect(clippy::module_inception, reason = "it mirrors the URL")]));
    quote!(#docs #expect)
}

/// A module as a file of its own: where its inner modules are, and its items.
pub(crate) fn file<'m>(
    module: &'m Module,
    runtime: &'m TokenStream,
) -> impl Iterator<Item = TokenStream> + 'm {
    let modules = module.modules.iter().map(|(name, inner)| {
        let docs = module_docs(inner);
        // A file is named like its module; a keyword has got its ending long before.
        let name = ident(name);
        quote!(#docs pub mod #name;)
    });
    modules.chain(items(module, runtime))
}

/// The items of a module without its inner modules.
fn items<'m>(
    module: &'m Module,
    runtime: &'m TokenStream,
) -> impl Iterator<Item = TokenStream> + 'm {
    let imports = (!module.runtime.is_empty()).then(|| {
        let names = module.runtime.iter().map(|name| ident(name));
        quote!(use #runtime::{#(#names),*};)
    });
    let uses = module.uses.iter().map(|(path, is_deprecated)| {
        let path = path.iter().map(|segment| ident(segment));
        let allow = allow_deprecated(*is_deprecated);
        quote!(#allow use #(#path)::*;)
    });
    imports
        .into_iter()
        .chain(uses)
        .chain(module.functions.iter().map(function))
        .chain(module.structs.iter().map(structure))
        .chain(module.unions.iter().map(union))
        .chain(module.enumerations.iter().map(enumeration))
}

fn function(item: &Function) -> TokenStream {
    let Function {
        api_version,
        template,
        ..
    } = item;
    let docs = docs(&item.docs);
    let name = ident(&item.name);
    let method = ident(item.method);
    let arguments = item.arguments.iter().map(|Argument { name, ty }| {
        let (name, ty) = (ident(name), rust_type(ty));
        quote!(#name: #ty,)
    });
    let keys = item.arguments.iter().map(|argument| ident(&argument.name));
    let patch = item.body.as_ref().map(|body| match body {
        Body::Type(ty) => rust_type(ty),
        Body::AnyOf(union) => {
            let union = rust_type(union);
            quote!(impl DerivesFrom<#union>)
        }
        Body::Collection(item) => {
            let item = rust_type(item);
            quote!(CollectionBody<#item>)
        }
    });
    // With a key in the path, or a type parameter, elision would tie the result to the wrong
    // argument or to none.
    let (generics, lifetime, of_request) = match (&patch, item.arguments.is_empty()) {
        (None, _) => (None, None, quote!('static)),
        (Some(_), true) => (None, None, quote!('_)),
        (Some(_), false) => (Some(quote!(<'a>)), Some(quote!('a)), quote!('a)),
    };
    let (parameter, value) = patch
        .map(|patch| (quote!(patch: &#lifetime #patch), quote!(, patch)))
        .unzip();
    let permissions = item
        .permissions
        .iter()
        .map(|name| quote!(.permission(#name)));
    let roles = item.roles.iter().map(|name| quote!(.role(#name)));
    let if_match = item.if_match.then(|| quote!(.if_match_required()));
    let types = match &item.types {
        TypeAnnotation::Nested => None,
        TypeAnnotation::Unless(declared) => Some(quote!(.declared_type(#declared))),
        TypeAnnotation::Body => Some(quote!(.body_type_required())),
        TypeAnnotation::All => Some(quote!(.all_types_required())),
    };
    let expect = (item.arguments.len() >= MOST_ARGUMENTS).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "the path has as many keys")]),
    );
    let deprecated = deprecated(item.deprecated.as_ref());
    let allow = allow_deprecated(item.uses_deprecated);
    quote! {
        #docs
        #deprecated
        #allow
        #expect
        #[inline]
        pub fn #name #generics(#(#arguments)* #parameter) -> Request<#of_request> {
            Request::#method(#api_version, #template, &[#(&#keys),*] #value)
                #types
                #(#permissions)*
                #(#roles)*
                #if_match
        }
    }
}

fn structure(item: &Struct) -> TokenStream {
    let docs = docs(&item.docs);
    let name = ident(&item.name);
    let type_name = &item.type_name;
    let fields = item.fields.iter().map(field);
    let dynamic = item.dynamic.as_deref().map(ident);
    let dynamic_field = dynamic.as_ref().map(|name| {
        quote! {
            /// Properties that the metadata does not declare: the type is open.
            pub #name: DynamicProperties,
        }
    });
    let setters = item.setters.then(|| setters(item));
    let odata_type = item.odata_type.as_ref().map(|odata_type| {
        quote! {
            #[inline]
            fn odata_type(&self) -> Option<&'static str> {
                Some(#odata_type)
            }
        }
    });
    let table = item.fields.iter().map(|field| {
        let (wire, name) = (&field.wire, ident(&field.name));
        match field.wrapper.map(ident) {
            Some(wrapper) => quote!((#wire, &#wrapper(&self.#name))),
            None => quote!((#wire, &self.#name)),
        }
    });
    let replaced = replaced(item);
    let visit_dynamic = dynamic
        .as_ref()
        .map(|name| quote!(?; visitor.dynamic(&self.#name)));
    let reading = item.readable.then(|| reading(item));
    let deprecated = deprecated(item.deprecated.as_ref());
    let (of_type, of_fields) = allows(item);
    let unions = item.unions.iter().map(|(union, is_base)| {
        let union = rust_type(union);
        let is_base = is_base.then(|| {
            quote! {
                #[inline]
                fn is_base(&self) -> bool {
                    true
                }
            }
        });
        quote! {
            #of_type
            impl DerivesFrom<#union> for #name {
                #is_base
            }
        }
    });
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, Default, PartialEq)]
        #[must_use]
        pub struct #name {
            #(#fields)*
            #dynamic_field
        }
        #setters
        #of_type
        impl Structured for #name {
            #[inline]
            fn type_name(&self) -> &'static str {
                #type_name
            }
            #odata_type
            #replaced
            #of_fields
            #[inline]
            fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
                visitor.fields(&[#(#table),*]) #visit_dynamic
            }
        }
        #reading
        #(#unions)*
    }
}

/// What an update of a value that the service replaces has to know.
fn replaced(item: &Struct) -> TokenStream {
    let replaces = item.replaces.then(|| {
        quote! {
            #[inline]
            fn replaces(&self) -> bool {
                true
            }
        }
    });
    let names = &item.not_sent;
    let not_sent = (!names.is_empty()).then(|| {
        quote! {
            #[inline]
            fn not_sent(&self) -> &'static [&'static str] {
                &[#(#names),*]
            }
        }
    });
    quote!(#replaces #not_sent)
}

/// The second table: the fields to be set.
fn reading(item: &Struct) -> TokenStream {
    let name = ident(&item.name);
    let table = item.fields.iter().map(|field| {
        let (wire, name) = (&field.wire, ident(&field.name));
        quote!((#wire, &mut self.#name))
    });
    let dynamic = item
        .dynamic
        .as_deref()
        .map(ident)
        .map(|name| quote!(reader.dynamic(&mut self.#name);));
    let left_out = item.left_out.iter();
    let left_out: Vec<_> = left_out
        .map(|left_out| {
            let (wire, why) = (&left_out.wire, left_out.why);
            quote!((#wire, #why))
        })
        .collect();
    let left_out = (!left_out.is_empty()).then(|| quote!(reader.left_out(&[#(#left_out),*]);));
    let (of_type, of_fields) = allows(item);
    quote! {
        #of_type
        impl Readable for #name {
            #of_fields
            #[inline]
            fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
                #left_out
                reader.fields(&mut [#(#table),*]);
                #dynamic
            }
        }
    }
}

fn field(field: &Field) -> TokenStream {
    let docs = docs(&field.docs);
    let name = ident(&field.name);
    let ty = rust_type(&field.ty);
    let deprecated = deprecated(field.deprecated.as_ref());
    let allow = allow_deprecated(field.uses_deprecated);
    quote! {
        #docs
        #deprecated
        #allow
        pub #name: Option<#ty>,
    }
}

fn setters(item: &Struct) -> TokenStream {
    let name = ident(&item.name);
    let setters = item.fields.iter().map(|field| {
        let doc = format!(" Sets `{}`.", field.wire);
        let (setter, name, ty) = (
            ident(&field.setter),
            ident(&field.name),
            rust_type(&field.ty),
        );
        let (argument, value) = if field.converts {
            (quote!(impl Into<#ty>), quote!(value.into()))
        } else {
            (ty, quote!(value))
        };
        let deprecated = deprecated(field.deprecated.as_ref());
        let allow = allow_deprecated(
            item.deprecated.is_none() && (field.deprecated.is_some() || field.uses_deprecated),
        );
        quote! {
            #[doc = #doc]
            #deprecated
            #allow
            #[inline]
            pub fn #setter(mut self, value: #argument) -> Self {
                self.#name = Some(#value);
                self
            }
        }
    });
    let (of_type, _) = allows(item);
    quote! {
        #of_type
        impl #name {
            /// Nothing set yet.
            #[inline]
            pub fn new() -> Self {
                Default::default()
            }
            #(#setters)*
        }
    }
}

fn union(item: &Union) -> TokenStream {
    let docs = docs(&item.docs);
    let name = ident(&item.name);
    let reading = item.reading.as_ref().map(|reading| {
        let members = reading.members.iter().map(|(type_name, ty)| {
            let ty = rust_type(ty);
            quote!(UnionMember::of::<#ty>(#type_name))
        });
        let declared = reading
            .declared
            .as_ref()
            .map(|name| quote!(const DECLARED: Option<&'static str> = Some(#name);));
        let allow = allow_deprecated(reading.uses_deprecated);
        quote! {
            #allow
            impl Union for #name {
                const TYPES: &'static [UnionMember<Self>] = &[#(#members),*];
                #declared
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum #name {}
        #reading
    }
}

fn enumeration(item: &Enumeration) -> TokenStream {
    let docs = docs(&item.docs);
    let name = ident(&item.name);
    let type_name = &item.type_name;
    let variants = item.members.iter().map(|member| {
        let (docs, name) = (self::docs(&member.docs), ident(&member.name));
        let deprecated = deprecated(member.deprecated.as_ref());
        quote!(#docs #deprecated #name,)
    });
    let table = item.members.iter().map(|member| {
        let (wire, name) = (&member.wire, ident(&member.name));
        quote!((#wire, Self::#name))
    });
    let evolved_from = item
        .evolved_from
        .map(|members| quote!(const EVOLVED_FROM: usize = #members;));
    let deprecated = deprecated(item.deprecated.as_ref());
    let of_type = allow_deprecated(item.deprecated.is_some());
    let of_members = allow_deprecated(
        item.deprecated.is_none()
            && item
                .members
                .iter()
                .any(|member| member.deprecated.is_some()),
    );
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
        #of_type
        impl Enumeration for #name {
            const TYPE_NAME: &'static str = #type_name;
            #of_members
            const MEMBERS: &'static [(&'static str, Self)] = &[#(#table),*];
            #evolved_from
        }
    }
}

fn rust_type(ty: &RustType) -> TokenStream {
    match ty {
        RustType::Path(segments) => {
            let segments = segments.iter().map(|segment| ident(segment));
            quote!(#(#segments)::*)
        }
        RustType::Str => quote!(&str),
        RustType::Generic(name, argument) => {
            let (name, argument) = (ident(name), rust_type(argument));
            quote!(#name<#argument>)
        }
    }
}

/// The attribute of what Graph removes.
fn deprecated(note: Option<&String>) -> Option<TokenStream> {
    note.map(|note| quote!(#[deprecated(note = #note)]))
}

/// For an item that must name what is deprecated: whoever uses it is warned, it is not.
fn allow_deprecated(uses_deprecated: bool) -> Option<TokenStream> {
    uses_deprecated.then(|| quote!(#[allow(deprecated)]))
}

/// What a struct's implementations are allowed: as a whole where the type is deprecated, else in the
/// functions that go through its fields. (What is derived is never warned of.)
fn allows(item: &Struct) -> (Option<TokenStream>, Option<TokenStream>) {
    let has_deprecated = item.fields.iter().any(|field| field.deprecated.is_some());
    (
        allow_deprecated(item.deprecated.is_some()),
        allow_deprecated(item.deprecated.is_none() && has_deprecated),
    )
}

/// A doc comment of paragraphs.
fn docs(paragraphs: &[String]) -> TokenStream {
    let lines = paragraphs.iter().enumerate().flat_map(|(nth, paragraph)| {
        let blank = (nth > 0).then(String::new);
        blank.into_iter().chain([format!(" {paragraph}")])
    });
    quote!(#(#[doc = #lines])*)
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
