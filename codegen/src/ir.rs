//! The plain named data that [`crate::render`] prints: every identifier, type and text is decided.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use msgraph_csdl::toml_table::TomlValue;

/// A module of the output; the root is one too.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Doc comment, a paragraph each.
    pub(crate) docs: Vec<String>,
    /// Whether the module around it has the same name.
    pub(crate) repeats: bool,
    /// What the module names of the runtime.
    pub(crate) runtime: BTreeSet<&'static str>,
    /// Paths of types of other modules of the output, for `use`; whether each is deprecated.
    pub(crate) uses: BTreeMap<Vec<String>, bool>,
    pub(crate) enumerations: Vec<Enumeration>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) unions: Vec<Union>,
    pub(crate) functions: Vec<Function>,
    pub(crate) modules: BTreeMap<String, Module>,
}

/// An enumeration type.
#[derive(Debug)]
pub(crate) struct Enumeration {
    pub(crate) docs: Vec<String>,
    /// What `#[deprecated]` says.
    pub(crate) deprecated: Option<String>,
    pub(crate) name: String,
    pub(crate) type_name: String,
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    pub(crate) origin: EnumerationOrigin,
    pub(crate) members: Vec<Member>,
    /// How many members stand before the sentinel, where some stand behind it.
    pub(crate) evolved_from: Option<usize>,
}

/// A member of an enumeration.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) docs: Vec<String>,
    /// What `#[deprecated]` says.
    pub(crate) deprecated: Option<String>,
    pub(crate) name: String,
    pub(crate) wire: String,
    /// `Core.Description`, as it is: for the index.
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    pub(crate) description: Option<String>,
    /// What is announced of a deprecation: for the index.
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    pub(crate) announced: Option<String>,
}

/// A patch struct or a complex value.
#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) docs: Vec<String>,
    /// What `#[deprecated]` says.
    pub(crate) deprecated: Option<String>,
    pub(crate) name: String,
    pub(crate) type_name: String,
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    pub(crate) origin: Origin,
    /// What is written as `@odata.type` in every position.
    pub(crate) odata_type: Option<String>,
    /// Whether the service replaces a value of it as a whole.
    pub(crate) replaces: bool,
    /// The properties that no update sends, where the service replaces a value, or one that it stands in.
    pub(crate) not_sent: Vec<String>,
    pub(crate) fields: Vec<Field>,
    /// Properties that are not sent, and why.
    pub(crate) left_out: Vec<LeftOut>,
    /// The field of dynamic properties of an open type.
    pub(crate) dynamic: Option<String>,
    /// The unions that take it; whether their positions declare this type.
    pub(crate) unions: Vec<(RustType, bool)>,
    pub(crate) setters: bool,
    /// Whether it can be read from JSON.
    pub(crate) readable: bool,
}

/// A field of a [`Struct`].
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) docs: Vec<String>,
    /// What `#[deprecated]` says.
    pub(crate) deprecated: Option<String>,
    /// Whether it names a deprecated type.
    pub(crate) uses_deprecated: bool,
    pub(crate) name: String,
    pub(crate) setter: String,
    pub(crate) wire: String,
    /// Without the `Option` around it.
    pub(crate) ty: RustType,
    /// Whether the setter takes anything that turns into the type.
    pub(crate) converts: bool,
    /// What the runtime wraps the field in, where an update treats its value in a way of its own.
    pub(crate) wrapper: Option<&'static str>,
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    pub(crate) origin: FieldOrigin,
}

/// Where a struct comes from: for the index, not for the code.
#[cfg_attr(
    not(feature = "index"),
    expect(dead_code, reason = "only the index shows it")
)]
#[derive(Debug)]
pub(crate) struct Origin {
    /// Qualified name of the base type.
    pub(crate) base: Option<String>,
    /// `Core.Description`, as it is.
    pub(crate) description: Option<String>,
    /// Why it is generated.
    pub(crate) reason: String,
    /// What is announced of a deprecation.
    pub(crate) announced: Option<String>,
}

/// Where an enumeration comes from: for the index, not for the code.
#[cfg_attr(
    not(feature = "index"),
    expect(dead_code, reason = "only the index shows it")
)]
#[derive(Debug)]
pub(crate) struct EnumerationOrigin {
    pub(crate) flags: bool,
    /// `Core.Description`, as it is.
    pub(crate) description: Option<String>,
    /// What is announced of a deprecation.
    pub(crate) announced: Option<String>,
}

/// Where a field comes from: for the index, not for the code.
#[cfg_attr(
    not(feature = "index"),
    expect(dead_code, reason = "only the index shows it")
)]
#[derive(Debug, Default)]
pub(crate) struct FieldOrigin {
    /// Its type as CSDL writes it.
    pub(crate) csdl: String,
    /// Qualified name of the type that declares it.
    pub(crate) declared_by: String,
    /// `Core.Description`, as it is.
    pub(crate) description: Option<String>,
    /// The range and the default that the facts know.
    pub(crate) limits: Option<Limits>,
    /// What is announced of a deprecation.
    pub(crate) announced: Option<String>,
}

/// What the facts know of the values of a property.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "index"),
    expect(dead_code, reason = "only the index shows it")
)]
pub(crate) struct Limits {
    /// In words.
    pub(crate) text: String,
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) between: Option<(String, String)>,
    pub(crate) default: Option<TomlValue>,
    pub(crate) source: String,
}

/// Where an update function comes from: for the index, not for the code.
#[cfg_attr(
    not(feature = "index"),
    expect(dead_code, reason = "only the index shows it")
)]
#[derive(Debug)]
pub(crate) struct FunctionOrigin {
    /// Qualified name of the type that the path is declared to have.
    pub(crate) declared: String,
    /// The types that the body may have, by CSDL name, with their Rust path from the root.
    pub(crate) accepts: Vec<(String, String)>,
    pub(crate) clouds: Vec<String>,
    pub(crate) note: Option<String>,
    pub(crate) source: Option<String>,
    /// What is announced of a deprecation.
    pub(crate) announced: Option<String>,
}

/// A property that is not sent.
#[derive(Debug)]
pub(crate) struct LeftOut {
    pub(crate) wire: String,
    pub(crate) why: &'static str,
    /// Where it comes from.
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    pub(crate) origin: FieldOrigin,
}

/// The type that stands for any of several types.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) docs: Vec<String>,
    pub(crate) name: String,
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    /// Qualified name of the type that they derive from.
    pub(crate) type_name: String,
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    /// The types, by CSDL name, with their Rust path from the root.
    pub(crate) accepts: Vec<(String, String)>,
    /// What makes it readable from JSON.
    pub(crate) reading: Option<UnionReading>,
}

/// The types of a union by their CSDL names.
#[derive(Debug)]
pub(crate) struct UnionReading {
    /// Whether one of them is deprecated.
    pub(crate) uses_deprecated: bool,
    pub(crate) members: Vec<(String, RustType)>,
    /// The declared type, where it is one of them.
    pub(crate) declared: Option<String>,
}

/// A function that makes a request: an update, or a reset.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) docs: Vec<String>,
    /// What `#[deprecated]` says.
    pub(crate) deprecated: Option<String>,
    /// Whether it names a deprecated type.
    pub(crate) uses_deprecated: bool,
    pub(crate) name: String,
    pub(crate) arguments: Vec<Argument>,
    /// `None` for a reset.
    pub(crate) body: Option<Body>,
    #[cfg_attr(
        not(feature = "index"),
        expect(dead_code, reason = "only the index shows it")
    )]
    pub(crate) origin: FunctionOrigin,
    /// `patch`, `put` or `delete`, of the runtime's `Request`.
    pub(crate) method: &'static str,
    pub(crate) api_version: String,
    pub(crate) template: String,
    pub(crate) permissions: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) if_match: bool,
    pub(crate) types: TypeAnnotation,
}

/// Where a body writes `@odata.type`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TypeAnnotation {
    /// Inside of it, where a value is not of the type that its position declares. The body itself is.
    Nested,
    /// There, and at its top where it is not of this declared type.
    Unless(String),
    /// At its top, and inside of it where a value is not of the declared type.
    Body,
    /// In every structured value.
    All,
}

/// A placeholder of a path as an argument.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) ty: RustType,
}

/// What an update function takes.
#[derive(Debug)]
pub(crate) enum Body {
    /// `&T`.
    Type(RustType),
    /// `&impl DerivesFrom<T>`.
    AnyOf(RustType),
    /// `&CollectionBody<T>`.
    Collection(RustType),
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RustType {
    /// A path: of the prelude, of the output, or of an imported name.
    Path(Vec<String>),
    /// `&str`.
    Str,
    /// A generic type of the prelude or the runtime with one argument.
    Generic(&'static str, Box<RustType>),
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RustType::Path(segments) => f.write_str(&segments.join("::")),
            RustType::Str => f.write_str("&str"),
            RustType::Generic(name, argument) => write!(f, "{name}<{argument}>"),
        }
    }
}

impl RustType {
    /// Whether null is a value of it.
    #[cfg(feature = "index")]
    pub(crate) fn is_nullable(&self) -> bool {
        matches!(self, RustType::Generic("Nullable", _))
    }

    pub(crate) fn name(name: &str) -> Self {
        RustType::Path(vec![name.to_owned()])
    }

    pub(crate) fn generic(name: &'static str, argument: RustType) -> Self {
        RustType::Generic(name, Box::new(argument))
    }
}
