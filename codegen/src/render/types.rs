//! Rust types of fields, arguments and bodies, as tokens and as text.

use std::collections::BTreeSet;
use std::fmt;

use msgraph_csdl::model::Primitive;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::ident;
use crate::ir::{Body, Field, Shape, TypeRef};

/// A Rust type.
#[derive(Clone, Debug)]
pub(crate) enum RustType {
    /// `&str`.
    Str,
    /// Of the prelude.
    Std(&'static str),
    /// Of the runtime, imported.
    Runtime(&'static str),
    /// Of the output.
    Output(Vec<String>),
    /// A generic type with one argument.
    Generic(Box<RustType>, Box<RustType>),
    /// Any type that implements a trait.
    Impl(Box<RustType>),
}

use RustType::{Runtime, Std, Str};

impl RustType {
    /// The argument as that of a generic type.
    fn within(self, generic: RustType) -> Self {
        RustType::Generic(Box::new(generic), Box::new(self))
    }

    /// Collects the types of the runtime in it.
    pub(super) fn collect_runtime(&self, names: &mut BTreeSet<&'static str>) {
        match self {
            Runtime(name) => {
                names.insert(name);
            }
            RustType::Generic(generic, argument) => {
                generic.collect_runtime(names);
                argument.collect_runtime(names);
            }
            RustType::Impl(bound) => bound.collect_runtime(names),
            Str | Std(_) | RustType::Output(_) => {}
        }
    }
}

impl From<&TypeRef> for RustType {
    fn from(ty: &TypeRef) -> Self {
        RustType::Output(ty.path.clone())
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Str => f.write_str("&str"),
            Std(name) | Runtime(name) => f.write_str(name),
            RustType::Output(path) => f.write_str(&path.join("::")),
            RustType::Generic(generic, argument) => write!(f, "{generic}<{argument}>"),
            RustType::Impl(bound) => write!(f, "impl {bound}"),
        }
    }
}

impl ToTokens for RustType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Str => quote!(&str),
            Std(name) | Runtime(name) => ident(name).into_token_stream(),
            RustType::Output(path) => {
                let path = path.iter().map(|segment| ident(segment));
                quote!(#(#path)::*)
            }
            RustType::Generic(generic, argument) => quote!(#generic<#argument>),
            RustType::Impl(bound) => quote!(impl #bound),
        });
    }
}

/// The type of a primitive field, whether its setter converts, and the type of an argument for a
/// placeholder in a path.
fn primitive(ty: Primitive) -> (RustType, bool, RustType) {
    match ty {
        Primitive::Boolean => (Std("bool"), false, Std("bool")),
        Primitive::Byte => (Std("u8"), false, Std("u8")),
        Primitive::SByte => (Std("i8"), false, Str),
        Primitive::Int16 => (Std("i16"), false, Std("i16")),
        Primitive::Int32 => (Std("i32"), false, Std("i32")),
        Primitive::Int64 => (Std("i64"), false, Std("i64")),
        Primitive::Single => (Std("f32"), false, Str),
        Primitive::Double => (Std("f64"), false, Str),
        Primitive::String => (Std("String"), true, Str),
        Primitive::Decimal => (Runtime("Decimal"), true, Str),
        Primitive::Guid => (Runtime("Guid"), true, Runtime("Uuid")),
        Primitive::Binary => (Runtime("Binary"), true, Str),
        Primitive::Date => (Runtime("Date"), true, Str),
        Primitive::DateTimeOffset => (Runtime("DateTimeOffset"), true, Str),
        Primitive::Duration => (Runtime("Duration"), true, Str),
        Primitive::TimeOfDay => (Runtime("TimeOfDay"), true, Str),
        // A body never contains a stream.
        Primitive::Untyped | Primitive::Stream => (Runtime("Untyped"), true, Str),
    }
}

/// The type of an argument.
pub(crate) fn argument(ty: Primitive) -> RustType {
    primitive(ty).2
}

/// The type of a field without its `Option`.
pub(crate) fn field(field: &Field) -> RustType {
    let item = match &field.shape {
        Shape::Primitive(ty) => primitive(*ty).0,
        Shape::Enumeration { ty, flags: true } => RustType::from(ty).within(Runtime("Flags")),
        Shape::Enumeration { ty, flags: false } => RustType::from(ty).within(Runtime("Open")),
        Shape::Struct { ty, boxed: true } => RustType::from(ty).within(Std("Box")),
        Shape::Struct { ty, boxed: false } => RustType::from(ty),
        Shape::Union(ty) => RustType::from(ty).within(Runtime("AnyOf")),
        Shape::Reference => Runtime("Reference"),
    };
    if field.delta {
        item.within(Runtime("DeltaItem")).within(Std("Vec"))
    } else if field.csdl.is_collection {
        item.within(Std("Vec"))
    } else if field.nullable {
        item.within(Runtime("Nullable"))
    } else {
        item
    }
}

/// Whether a setter takes anything that converts into the type of the field.
pub(super) fn converts(field: &Field) -> bool {
    let item_converts = match field.shape {
        Shape::Primitive(ty) => primitive(ty).1,
        Shape::Struct { boxed, .. } => boxed,
        Shape::Enumeration { .. } | Shape::Union(_) | Shape::Reference => true,
    };
    item_converts || field.csdl.is_collection || field.nullable
}

/// What a function borrows as its body.
pub(crate) fn body(body: &Body) -> RustType {
    let ty = RustType::from(&body.ty);
    match (body.is_collection, body.is_union) {
        (false, false) => ty,
        (false, true) => RustType::Impl(Box::new(ty.within(Runtime("DerivesFrom")))),
        (true, false) => ty.within(Runtime("CollectionBody")),
        (true, true) => ty
            .within(Runtime("AnyOf"))
            .within(Runtime("CollectionBody")),
    }
}

/// The type of the runtime that wraps a field for the visitor, if its value is updated in its own way.
pub(super) fn wrapper(field: &Field) -> Option<&'static str> {
    if field.delta {
        Some("Delta")
    } else {
        field.replaces.then_some("Replaced")
    }
}
