//! Entity types and complex types as structs.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::{self, RustType};
use super::{deprecation, docs, ident};
use crate::ir::{Api, DYNAMIC_PROPERTIES, Deprecation, Field, Membership, Shape, Struct};

pub(super) fn structure(item: &Struct, api: &Api) -> TokenStream {
    let definition = definition(item);
    let setters = api.setters.then(|| setters(item));
    let structured = structured(item);
    let readable = api.readable.then(|| readable(item));
    let unions = item.unions.iter().map(|union| derives_from(item, union));
    quote! {
        #definition
        #setters
        #structured
        #readable
        #(#unions)*
    }
}

fn definition(item: &Struct) -> TokenStream {
    let docs = docs::comment(&docs::structure(item));
    let deprecated = deprecation::of(item.deprecation.as_ref());
    let name = ident(&item.rust.name);
    let fields = item.fields.iter().map(|field| {
        let docs = docs::comment(&docs::field(field));
        let deprecated = deprecation::of(field.deprecation.as_ref());
        let allow = deprecation::allow(uses_deprecated(field));
        let (name, ty) = (ident(&field.rust), types::field(field));
        quote! {
            #docs
            #deprecated
            #allow
            pub #name: Option<#ty>,
        }
    });
    let dynamic = item.open.then(|| {
        let name = ident(DYNAMIC_PROPERTIES);
        quote! {
            /// Properties that the metadata does not declare: the type is open.
            pub #name: DynamicProperties,
        }
    });
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, Default, PartialEq)]
        #[must_use]
        pub struct #name {
            #(#fields)*
            #dynamic
        }
    }
}

fn setters(item: &Struct) -> TokenStream {
    let (allow, _) = allows(item);
    let name = ident(&item.rust.name);
    let setters = item.fields.iter().filter_map(|field| {
        let setter = ident(field.setter.as_ref()?);
        let doc = format!(" Sets `{}`.", field.wire);
        let deprecated = deprecation::of(field.deprecation.as_ref());
        let allow = deprecation::allow(
            !is_deprecated(item) && (deprecated.is_some() || uses_deprecated(field)),
        );
        let (name, ty) = (ident(&field.rust), types::field(field));
        let (argument, value) = if types::converts(field) {
            (quote!(impl Into<#ty>), quote!(value.into()))
        } else {
            (quote!(#ty), quote!(value))
        };
        Some(quote! {
            #[doc = #doc]
            #deprecated
            #allow
            #[inline]
            pub fn #setter(mut self, value: #argument) -> Self {
                self.#name = Some(#value);
                self
            }
        })
    });
    quote! {
        #allow
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

fn structured(item: &Struct) -> TokenStream {
    let (allow, allow_fields) = allows(item);
    let name = ident(&item.rust.name);
    let type_name = &item.ty;
    let odata_type = item.writes_odata_type.then(|| {
        let odata_type = format!("#{type_name}");
        quote! {
            #[inline]
            fn odata_type(&self) -> Option<&'static str> {
                Some(#odata_type)
            }
        }
    });
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
    let fields = item.fields.iter().map(|field| {
        let (wire, name) = (&field.wire, ident(&field.rust));
        match types::wrapper(field).map(ident) {
            Some(wrapper) => quote!((#wire, &#wrapper(&self.#name))),
            None => quote!((#wire, &self.#name)),
        }
    });
    let dynamic = item.open.then(|| {
        let name = ident(DYNAMIC_PROPERTIES);
        quote!(?; visitor.dynamic(&self.#name))
    });
    quote! {
        #allow
        impl Structured for #name {
            #[inline]
            fn type_name(&self) -> &'static str {
                #type_name
            }
            #odata_type
            #replaces
            #not_sent
            #allow_fields
            #[inline]
            fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
                visitor.fields(&[#(#fields),*]) #dynamic
            }
        }
    }
}

fn readable(item: &Struct) -> TokenStream {
    let (allow, allow_fields) = allows(item);
    let name = ident(&item.rust.name);
    let left_out = item.left_out.iter().map(|left_out| {
        let (wire, why) = (&left_out.wire, left_out.why);
        quote!((#wire, #why))
    });
    let left_out = (!item.left_out.is_empty()).then(|| quote!(reader.left_out(&[#(#left_out),*]);));
    let fields = item.fields.iter().map(|field| {
        let (wire, name) = (&field.wire, ident(&field.rust));
        quote!((#wire, &mut self.#name))
    });
    let dynamic = item.open.then(|| {
        let name = ident(DYNAMIC_PROPERTIES);
        quote!(reader.dynamic(&mut self.#name);)
    });
    quote! {
        #allow
        impl Readable for #name {
            #allow_fields
            #[inline]
            fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
                #left_out
                reader.fields(&mut [#(#fields),*]);
                #dynamic
            }
        }
    }
}

fn derives_from(item: &Struct, membership: &Membership) -> TokenStream {
    let (allow, _) = allows(item);
    let (name, union) = (ident(&item.rust.name), RustType::from(&membership.union));
    let is_base = membership.is_base.then(|| {
        quote! {
            #[inline]
            fn is_base(&self) -> bool {
                true
            }
        }
    });
    quote! {
        #allow
        impl DerivesFrom<#union> for #name {
            #is_base
        }
    }
}

/// Whether the type of a field has a `#[deprecated]` attribute.
fn uses_deprecated(field: &Field) -> bool {
    match &field.shape {
        Shape::Enumeration { ty, .. } | Shape::Struct { ty, .. } => ty.is_deprecated,
        Shape::Primitive(_) | Shape::Union(_) | Shape::Reference => false,
    }
}

fn is_deprecated(item: &Struct) -> bool {
    item.deprecation
        .as_ref()
        .is_some_and(Deprecation::is_removal)
}

/// What the implementations of a struct allow: as a whole if the struct is deprecated, else in the
/// functions that visit its fields. Derived implementations never warn.
fn allows(item: &Struct) -> (Option<TokenStream>, Option<TokenStream>) {
    let mut fields = item.fields.iter();
    let has_deprecated = fields.any(|field| {
        field
            .deprecation
            .as_ref()
            .is_some_and(Deprecation::is_removal)
    });
    (
        deprecation::allow(is_deprecated(item)),
        deprecation::allow(!is_deprecated(item) && has_deprecated),
    )
}
