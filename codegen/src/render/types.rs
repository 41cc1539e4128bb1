//! Rust types of fields, arguments and bodies, as tokens and as text.

use std::fmt;

use msgraph_csdl::model::Primitive;
use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::ir::{Body, Field, Operation, OperationKind, Response, ResponseValue, Shape, TypeRef};

/// A Rust type.
#[derive(Clone, Debug)]
pub(crate) enum RustType {
    /// `&str`.
    Str,
    /// `bool`, or a number.
    Primitive(&'static str),
    /// Of the runtime, which also has those of the standard library.
    Runtime(&'static str),
    /// Of the output.
    Output(Vec<String>),
    /// A generic type or trait with one argument.
    Generic(&'static str, Box<RustType>),
    /// Any type that implements a trait.
    Impl(Box<RustType>),
}

use RustType::{Runtime, Str};

impl RustType {
    /// The argument as that of a generic type of the runtime.
    fn within(self, generic: &'static str) -> Self {
        RustType::Generic(generic, Box::new(self))
    }

    /// As in emitted code.
    pub(super) fn code(&self) -> String {
        self.text("__rt::")
    }

    fn text(&self, runtime: &str) -> String {
        match self {
            Str => "&str".to_owned(),
            RustType::Primitive(name) => (*name).to_owned(),
            Runtime(name) => format!("{runtime}{name}"),
            RustType::Output(path) => path.join("::"),
            RustType::Generic(generic, argument) => {
                format!("{runtime}{generic}<{}>", argument.text(runtime))
            }
            RustType::Impl(bound) => format!("impl {}", bound.text(runtime)),
        }
    }
}

impl From<&TypeRef> for RustType {
    fn from(ty: &TypeRef) -> Self {
        RustType::Output(ty.path.clone())
    }
}

/// For people: without the path of the runtime.
impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(""))
    }
}

impl ToTokens for RustType {
    #[expect(clippy::expect_used, reason = "the text has valid identifiers only")]
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let code: TokenStream = self.code().parse().expect("a type is valid Rust");
        tokens.extend(code);
    }
}

/// The type of a primitive field, and that of an argument for a placeholder in a path.
fn primitive(ty: Primitive) -> (RustType, RustType) {
    let both = |name| (RustType::Primitive(name), RustType::Primitive(name));
    match ty {
        Primitive::Boolean => both("bool"),
        Primitive::Byte => both("u8"),
        Primitive::SByte => (RustType::Primitive("i8"), Str),
        Primitive::Int16 => both("i16"),
        Primitive::Int32 => both("i32"),
        Primitive::Int64 => both("i64"),
        Primitive::Single => (RustType::Primitive("f32"), Str),
        Primitive::Double => (RustType::Primitive("f64"), Str),
        Primitive::String => (Runtime("String"), Str),
        Primitive::Decimal => (Runtime("Decimal"), Str),
        Primitive::Guid => (Runtime("Guid"), Runtime("Uuid")),
        Primitive::Binary => (Runtime("Binary"), Str),
        Primitive::Date => (Runtime("Date"), Str),
        Primitive::DateTimeOffset => (Runtime("DateTimeOffset"), Str),
        Primitive::Duration => (Runtime("Duration"), Str),
        Primitive::TimeOfDay => (Runtime("TimeOfDay"), Str),
        // A body never contains a stream.
        Primitive::Untyped | Primitive::Stream => (Runtime("Untyped"), Str),
    }
}

/// The type of an argument.
pub(crate) fn argument(ty: Primitive) -> RustType {
    primitive(ty).1
}

/// The type of one item of a field.
fn item(field: &Field) -> RustType {
    let item = match &field.shape {
        Shape::Primitive(Primitive::String) if field.secret && !field.csdl.is_collection => {
            Runtime("Secret")
        }
        Shape::Primitive(ty) => primitive(*ty).0,
        Shape::Enumeration { ty, flags: true } => RustType::from(ty).within("Flags"),
        Shape::Enumeration { ty, flags: false } => RustType::from(ty),
        Shape::Struct { ty, boxed: true } => RustType::from(ty).within("Box"),
        Shape::Struct { ty, boxed: false } => RustType::from(ty),
        Shape::Union(ty) => RustType::from(ty).within("AnyOf"),
        Shape::Reference => Runtime("Reference"),
    };
    if field.delta {
        item.within("DeltaItem")
    } else {
        item
    }
}

/// The type of a field without its `Option`.
pub(crate) fn field(field: &Field) -> RustType {
    let item = item(field);
    if field.is_list() {
        item.within("Vec")
    } else if field.nullable {
        item.within("Nullable")
    } else {
        item
    }
}

/// What a setter takes, and the method that converts it.
pub(super) fn setter(field: &Field) -> (RustType, &'static str) {
    let (conversion, method) = if field.is_list() {
        ("IntoItems", "into_items")
    } else if field.nullable {
        ("IntoProperty", "into_property")
    } else {
        ("IntoValue", "into_value")
    };
    let bound = item(field).within(conversion);
    (RustType::Impl(Box::new(bound)), method)
}

/// What a function borrows as its body; `None` without a body.
pub(crate) fn argument_of_body(operation: &Operation) -> Option<RustType> {
    match operation.kind {
        OperationKind::AddRef | OperationKind::SetRef => Some(Runtime("Reference")),
        OperationKind::PutContent => Some(Runtime("Content")),
        _ => operation.body.as_ref().map(body),
    }
}

fn body(body: &Body) -> RustType {
    if body.is_union && !body.is_collection {
        let bound = RustType::from(&body.ty).within("DerivesFrom");
        return RustType::Impl(Box::new(bound));
    }
    structured(body)
}

/// What a response is read as.
pub(crate) fn response(response: &Response) -> RustType {
    match response {
        Response::Nothing => RustType::Primitive("()"),
        Response::Required(of) => value(of),
        Response::Optional(of) => value(of).within("Option"),
        Response::Page(of) => value(of).within("Page"),
        Response::Changes(of) => value(of).within("DeltaItem").within("Page"),
        Response::Content => Runtime("Content"),
    }
}

/// A value of a response.
fn value(value: &ResponseValue) -> RustType {
    match value {
        ResponseValue::Structured(body) => structured(body),
        ResponseValue::Enumeration { ty, flags: true } => RustType::from(ty).within("Flags"),
        ResponseValue::Enumeration { ty, flags: false } => RustType::from(ty),
        ResponseValue::Primitive(ty) => primitive(*ty).0,
    }
}

fn structured(body: &Body) -> RustType {
    let mut ty = RustType::from(&body.ty);
    if body.is_union {
        ty = ty.within("AnyOf");
    }
    if body.is_collection {
        ty = ty.within("CollectionBody");
    }
    ty
}
