use std::fmt;

use serde_json::{Map, Value as Json};

use crate::{
    AnyOf, Binary, DynamicProperties, Enumeration, Flags, Nullable, Open, Outcome, Reference,
    Structured,
};

/// A structured type that can be read back: implemented by generated code, one line a field.
///
/// The patch type is the read type: a field that the answer does not have stays unset.
pub trait Readable: Structured + Default {
    /// Shows every field to `reader`, to be set.
    fn visit_mut(&mut self, reader: &mut dyn FieldReader);
}

/// Something that sets the fields of a [`Readable`] value.
pub trait FieldReader {
    /// The declared fields with their wire names.
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]);

    /// The dynamic properties of an open type. Comes after the declared fields.
    fn dynamic(&mut self, properties: &mut DynamicProperties);
}

/// A field that can be set from JSON.
pub trait ReadField {
    /// Sets the field; where the JSON does not fit, leaves it unset and notes why.
    fn read(&mut self, json: &Json, notes: &mut ReadNotes);
}

/// A value that can be read from JSON.
pub trait ReadValue: Sized {
    /// The value, or `None` and a note where the JSON does not fit.
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self>;
}

/// What was read, and what was in it that the type does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<P> {
    /// The value; a field is unset where the answer does not have it, or does not have it in a form that fits.
    pub value: P,
    /// What did not fit, and what is unknown. Reading never fails for it: a service may be newer than the metadata.
    pub notes: Vec<ReadNote>,
}

/// Something in an answer that its type has no place for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadNote {
    /// Where: `includeTargets[2].targetType`; empty for the whole.
    pub path: String,
    /// What.
    pub finding: ReadFinding,
}

/// What is odd about a place in an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ReadFinding {
    /// A property that the type does not have.
    UnknownProperty,
    /// An enumeration member that this build does not know; it was read, its text kept.
    UnknownMember(String),
    /// Null, where the metadata promises a value; left unset.
    UnexpectedNull,
    /// JSON that is no value of the type; left unset.
    Unfit {
        /// What was to be read.
        expected: &'static str,
    },
    /// Another type by its `@odata.type` than the one that was to be read; what it shares with that one was read.
    OtherType(String),
}

/// Takes notes while something is read.
#[derive(Debug, Default)]
pub struct ReadNotes {
    path: Vec<Step>,
    notes: Vec<ReadNote>,
}

#[derive(Debug)]
enum Step {
    Name(String),
    Index(usize),
}

impl ReadNotes {
    /// Notes something about the place being read.
    pub fn note(&mut self, finding: ReadFinding) {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Name(name) if path.is_empty() => path.push_str(name),
                Step::Name(name) => path.extend([".", name]),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        self.notes.push(ReadNote { path, finding });
    }

    fn unfit<T>(&mut self, json: &Json, expected: &'static str) -> Option<T> {
        self.note(if json.is_null() {
            ReadFinding::UnexpectedNull
        } else {
            ReadFinding::Unfit { expected }
        });
        None
    }

    fn within<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let value = read(self);
        self.path.pop();
        value
    }
}

/// Reads a resource, and never fails for what is in it: unknown properties, unknown enumeration members, nulls where
/// none are promised and annotations are left aside, and noted (annotations are not).
pub fn read<P: Readable>(resource: &Json) -> Read<P> {
    let mut notes = ReadNotes::default();
    let value = P::read(resource, &mut notes).unwrap_or_default();
    Read {
        value,
        notes: notes.notes,
    }
}

impl Outcome {
    /// The resource that Graph sent back, read; `None` where it sent none.
    pub fn read<P: Readable>(&self) -> Option<Read<P>> {
        self.resource().map(read)
    }
}

struct ObjectReader<'j, 'n> {
    object: &'j Map<String, Json>,
    notes: &'n mut ReadNotes,
    known: Vec<&'static str>,
    open: bool,
}

impl FieldReader for ObjectReader<'_, '_> {
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
        for (name, field) in fields {
            self.known.push(name);
            if let Some(json) = self.object.get(*name) {
                self.notes.within(Step::Name((*name).to_owned()), |notes| {
                    field.read(json, notes)
                });
            }
        }
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        self.open = true;
        let unknown = self
            .object
            .iter()
            .filter(|(name, _)| !self.known.contains(&name.as_str()));
        for (name, value) in unknown.filter(|(name, _)| !name.contains('@')) {
            // The name is not empty or has no `@`, so this is refused for the empty name only, which no property has.
            let _ = properties.insert(name.as_str(), value.clone());
        }
    }
}

impl<T: Readable> ReadValue for T {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let Some(object) = json.as_object() else {
            return notes.unfit(json, "an object");
        };
        let mut value = T::default();
        if let Some(name) = object.get("@odata.type").and_then(Json::as_str) {
            // Absolute or abbreviated: only the name after the last `#` counts.
            let name = name.rsplit('#').next().unwrap_or(name);
            if name != value.type_name() {
                notes.note(ReadFinding::OtherType(name.to_owned()));
            }
        }
        let mut reader = ObjectReader {
            object,
            notes,
            known: Vec::new(),
            open: false,
        };
        value.visit_mut(&mut reader);
        let ObjectReader {
            notes, known, open, ..
        } = reader;
        let unknown = object
            .keys()
            .filter(|name| !open && !name.contains('@') && !known.contains(&name.as_str()));
        for name in unknown {
            notes.within(Step::Name(name.clone()), |notes| {
                notes.note(ReadFinding::UnknownProperty)
            });
        }
        Some(value)
    }
}

impl<T: Readable> Readable for Box<T> {
    fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
        T::visit_mut(self, reader);
    }
}

impl<T: ReadValue> ReadField for Option<T> {
    fn read(&mut self, json: &Json, notes: &mut ReadNotes) {
        *self = T::read(json, notes);
    }
}

impl<T: ReadValue> ReadValue for Nullable<T> {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        if json.is_null() {
            Some(Self::Null)
        } else {
            T::read(json, notes).map(Self::Value)
        }
    }
}

impl<T: ReadValue> ReadValue for Vec<T> {
    /// A collection of which one item cannot be read is left unset: sent back as it is, it would drop that item.
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let Some(items) = json.as_array() else {
            return notes.unfit(json, "an array");
        };
        let item = |(index, item)| notes.within(Step::Index(index), |notes| T::read(item, notes));
        let read: Vec<Option<T>> = items.iter().enumerate().map(item).collect();
        read.into_iter().collect()
    }
}

impl ReadValue for bool {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        json.as_bool()
            .or_else(|| notes.unfit(json, "true or false"))
    }
}

macro_rules! read_integers {
    ($($integer:ty),*) => {$(
        impl ReadValue for $integer {
            fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
                // Text with `IEEE754Compatible=true` (OData JSON 4.01, 3.2).
                let number = json.as_i64().or_else(|| json.as_str()?.parse().ok());
                number
                    .and_then(|number| Self::try_from(number).ok())
                    .or_else(|| notes.unfit(json, concat!("a whole number (", stringify!($integer), ")")))
            }
        }
    )*};
}
read_integers!(u8, i8, i16, i32, i64);

impl ReadValue for f64 {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        match json.as_str() {
            Some("INF") => Some(Self::INFINITY),
            Some("-INF") => Some(Self::NEG_INFINITY),
            Some("NaN") => Some(Self::NAN),
            _ => json.as_f64().or_else(|| notes.unfit(json, "a number")),
        }
    }
}

impl ReadValue for f32 {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        // The nearest one: a wider number than the type is the service's rounding, not an error.
        #[allow(clippy::cast_possible_truncation, reason = "nearest is meant")]
        f64::read(json, notes).map(|wide| wide as Self)
    }
}

impl ReadValue for String {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        json.as_str()
            .map(str::to_owned)
            .or_else(|| notes.unfit(json, "a string"))
    }
}

impl ReadValue for Json {
    fn read(json: &Json, _: &mut ReadNotes) -> Option<Self> {
        Some(json.clone())
    }
}

impl<E: Enumeration> ReadValue for Open<E> {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let Some(text) = json.as_str() else {
            return notes.unfit(json, E::TYPE_NAME);
        };
        let member = Self::from_wire(text);
        if member.known().is_none() {
            notes.note(ReadFinding::UnknownMember(text.to_owned()));
        }
        Some(member)
    }
}

impl<E: Enumeration> ReadValue for Flags<E> {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let Some(text) = json.as_str() else {
            return notes.unfit(json, E::TYPE_NAME);
        };
        let flags = Self::from_wire(text);
        for unknown in flags.iter().filter(|member| member.known().is_none()) {
            notes.note(ReadFinding::UnknownMember(unknown.as_str().to_owned()));
        }
        Some(flags)
    }
}

impl<B> ReadValue for AnyOf<B> {
    /// Which types derive from the base is not known here, so a value of any of them is left unset.
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        notes.unfit(json, "a value of a derived type, which is not read")
    }
}

macro_rules! read_from_text {
    ($($parsed:ty, $expected:literal);*) => {$(
        impl ReadValue for $parsed {
            fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
                let parsed = json.as_str().and_then(|text| text.parse().ok());
                parsed.or_else(|| notes.unfit(json, $expected))
            }
        }
    )*};
}
read_from_text!(Binary, "base64"; Reference, "a URL");
#[cfg(feature = "uuid")]
read_from_text!(uuid::Uuid, "a GUID");
#[cfg(feature = "jiff")]
read_from_text!(
    crate::Date, "a date"; crate::DateTimeOffset, "a date with time and offset"; crate::TimeOfDay, "a time of day";
    crate::Duration, "a duration"
);

#[cfg(feature = "decimal")]
impl ReadValue for rust_decimal::Decimal {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let text = match json {
            Json::Number(number) => number.to_string(),
            Json::String(text) => text.clone(),
            _ => String::new(),
        };
        text.parse()
            .ok()
            .or_else(|| Self::from_scientific(&text).ok())
            .or_else(|| notes.unfit(json, "a decimal number"))
    }
}

impl fmt::Display for ReadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        match &self.finding {
            ReadFinding::UnknownProperty => f.write_str("unknown property"),
            ReadFinding::UnknownMember(name) => write!(f, "unknown member {name:?}"),
            ReadFinding::UnexpectedNull => f.write_str("null, where a value is promised"),
            ReadFinding::Unfit { expected } => write!(f, "not {expected}"),
            ReadFinding::OtherType(name) => write!(f, "of type {name}"),
        }
    }
}
