//! The primitive types.

/// The types of the namespace `Edm` that a value can have (OData CSDL XML 4.01 §4.4 to §4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like the type it stands for")]
pub enum Primitive {
    Binary,
    Boolean,
    Byte,
    Date,
    DateTimeOffset,
    Decimal,
    Double,
    Duration,
    Guid,
    Int16,
    Int32,
    Int64,
    SByte,
    Single,
    Stream,
    String,
    TimeOfDay,
    /// Any JSON value: `Edm.Untyped`, the abstract types, and the geographies, which OData writes
    /// as GeoJSON.
    Untyped,
}

impl Primitive {
    /// The type of a name without the `Edm.`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Binary" => Self::Binary,
            "Boolean" => Self::Boolean,
            "Byte" => Self::Byte,
            "Date" => Self::Date,
            "DateTimeOffset" => Self::DateTimeOffset,
            "Decimal" => Self::Decimal,
            "Double" => Self::Double,
            "Duration" => Self::Duration,
            "Guid" => Self::Guid,
            "Int16" => Self::Int16,
            "Int32" => Self::Int32,
            "Int64" => Self::Int64,
            "SByte" => Self::SByte,
            "Single" => Self::Single,
            "Stream" => Self::Stream,
            "String" => Self::String,
            "TimeOfDay" => Self::TimeOfDay,
            "Untyped" | "PrimitiveType" | "ComplexType" | "EntityType" => Self::Untyped,
            _ if name
                .strip_prefix("Geography")
                .or_else(|| name.strip_prefix("Geometry"))
                .is_some_and(|shape| {
                    matches!(
                        shape,
                        "" | "Point"
                            | "LineString"
                            | "Polygon"
                            | "MultiPoint"
                            | "MultiLineString"
                            | "MultiPolygon"
                            | "Collection"
                    )
                }) =>
            {
                Self::Untyped
            }
            _ => return None,
        })
    }

    /// The name without the `Edm.`; every type that holds any JSON value is `Untyped`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binary => "Binary",
            Self::Boolean => "Boolean",
            Self::Byte => "Byte",
            Self::Date => "Date",
            Self::DateTimeOffset => "DateTimeOffset",
            Self::Decimal => "Decimal",
            Self::Double => "Double",
            Self::Duration => "Duration",
            Self::Guid => "Guid",
            Self::Int16 => "Int16",
            Self::Int32 => "Int32",
            Self::Int64 => "Int64",
            Self::SByte => "SByte",
            Self::Single => "Single",
            Self::Stream => "Stream",
            Self::String => "String",
            Self::TimeOfDay => "TimeOfDay",
            Self::Untyped => "Untyped",
        }
    }
}
