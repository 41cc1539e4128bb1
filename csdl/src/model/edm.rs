//! The primitive types.

/// How a value is written in a URL (OData ABNF 4.01, `primitiveLiteral`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// In single quotes.
    Quoted,
    /// `true` or `false`.
    Boolean,
    /// Digits, within the bounds of the type.
    Integer(i64, i64),
    /// A decimal or floating-point number.
    Number,
    /// A notation that only the service validates.
    Other,
}

macro_rules! primitives {
    ($($(#[$doc:meta])* $type:ident $name:literal $literal:expr,)*) => {
        /// The types of the namespace `Edm` that a value can have (OData CSDL XML 4.01 §4.4 to §4.6).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant has the name of its type")]
        pub enum Primitive {
            $($(#[$doc])* $type,)*
        }

        impl Primitive {
            /// The name without the `Edm.`; every type for any JSON value is `Untyped`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$type => $name,)*
                }
            }

            /// How a value is written in a URL.
            pub const fn literal(self) -> Literal {
                match self {
                    $(Self::$type => $literal,)*
                }
            }

            /// The type of a name without the `Edm.`.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$type),)*
                    _ => is_any_value(name).then_some(Self::Untyped),
                }
            }
        }
    };
}

// To add a type, add a line; the compiler then reports every place that must handle it.
primitives! {
    Binary "Binary" Literal::Other,
    Boolean "Boolean" Literal::Boolean,
    Byte "Byte" Literal::Integer(0, 255),
    Date "Date" Literal::Other,
    DateTimeOffset "DateTimeOffset" Literal::Other,
    Decimal "Decimal" Literal::Number,
    Double "Double" Literal::Number,
    Duration "Duration" Literal::Other,
    Guid "Guid" Literal::Other,
    Int16 "Int16" Literal::Integer(-32_768, 32_767),
    Int32 "Int32" Literal::Integer(-2_147_483_648, 2_147_483_647),
    Int64 "Int64" Literal::Integer(i64::MIN, i64::MAX),
    SByte "SByte" Literal::Integer(-128, 127),
    Single "Single" Literal::Number,
    Stream "Stream" Literal::Other,
    String "String" Literal::Quoted,
    TimeOfDay "TimeOfDay" Literal::Other,
    /// Any JSON value: `Edm.Untyped`, the abstract types, and the geographies and geometries, which
    /// OData writes as GeoJSON.
    Untyped "Untyped" Literal::Other,
}

fn is_any_value(name: &str) -> bool {
    let shape = name
        .strip_prefix("Geography")
        .or_else(|| name.strip_prefix("Geometry"));
    match shape {
        Some(shape) => matches!(
            shape,
            "" | "Point"
                | "LineString"
                | "Polygon"
                | "MultiPoint"
                | "MultiLineString"
                | "MultiPolygon"
                | "Collection"
        ),
        None => matches!(name, "PrimitiveType" | "ComplexType" | "EntityType"),
    }
}
