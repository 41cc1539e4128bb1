use std::any::Any;
use std::fmt;
use std::fmt::Debug;

use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_equality::same_json;
use crate::body::json_writer::JsonWriter;
use crate::secret::Secret;

/// A field of a patch, which may be absent.
pub trait PatchField: Any {
    /// Whether the patch does not set this property.
    fn is_absent(&self) -> bool;

    /// Writes the value. Called only if the field is not absent.
    ///
    /// # Errors
    /// If the value cannot be sent.
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError>;

    /// Whether the value equals the current one; see [`diff`](crate::request::diff()).
    fn is_same(&self, current: &Untyped) -> bool;

    /// Whether the field equals one of another value.
    fn is_equal(&self, other: &dyn PatchField) -> bool;

    /// Formats the value for `Debug`.
    ///
    /// # Errors
    /// Those of the formatter.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<T: Value + PartialEq + 'static> PatchField for Option<T> {
    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }

    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        match self {
            Some(value) => value.write(writer),
            None => Ok(()),
        }
    }

    fn is_same(&self, current: &Untyped) -> bool {
        self.as_ref().is_some_and(|value| value.is_same(current))
    }

    fn is_equal(&self, other: &dyn PatchField) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref() == Some(self)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Some(value) => value.show(f),
            None => f.write_str("None"),
        }
    }
}

/// A JSON value in a body.
pub trait Value: Debug {
    /// Writes the value.
    ///
    /// # Errors
    /// If the value cannot be sent; see [`BodyProblem`](crate::error::BodyProblem).
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError>;

    /// Whether the value equals the current one, however that is spelled; see [`diff`](crate::request::diff()).
    ///
    /// The default compares the JSON, with numbers by value.
    fn is_same(&self, current: &Untyped) -> bool {
        JsonWriter::tree(|writer| self.write(writer)).is_ok_and(|value| same_json(&value, current))
    }

    /// Like [`is_same`](Self::is_same), for an item of a collection. Graph replaces collections as a whole, so properties
    /// that this value does not set count too.
    fn is_same_item(&self, current: &Untyped) -> bool {
        self.is_same(current)
    }

    /// Formats the value for `Debug` of the value that contains it.
    ///
    /// # Errors
    /// Those of the formatter.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt(f)
    }
}

/// Shows an item of a collection in `Debug`.
struct Shown<'v, T>(&'v T);

impl<T: Value> Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}

impl<T: Value> Value for Vec<T> {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.array(self)
    }

    fn is_same(&self, current: &Untyped) -> bool {
        current.as_array().is_some_and(|items| {
            self.len() == items.len()
                && self
                    .iter()
                    .zip(items)
                    .all(|(item, current)| item.is_same_item(current))
        })
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Shown)).finish()
    }
}

impl Value for bool {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.boolean(*self);
        Ok(())
    }
}

macro_rules! values {
    ($($value:ty: $write:ident,)*) => {$(
        impl Value for $value {
            #[inline]
            fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
                writer.$write((*self).into())
            }
        }
    )*};
}
values! { u8: integer, i8: integer, i16: integer, i32: integer, i64: integer, f32: single, f64: double, }

impl Value for String {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.string(self)
    }
}

impl Value for Secret {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.string(self.expose())
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Value for Untyped {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.untyped(self)
    }
}

#[cfg(feature = "decimal")]
impl Value for rust_decimal::Decimal {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        // A decimal is displayed without an exponent, so its text is a JSON number.
        writer.raw(self.to_string().as_bytes());
        Ok(())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        // The current value was read as a binary number, which keeps fifteen digits. With more than that, send the value.
        const FIFTEEN_DIGITS: u128 = 1_000_000_000_000_000;
        self.normalize().mantissa().unsigned_abs() < FIFTEEN_DIGITS
            && serde_json::from_str::<Untyped>(&self.to_string())
                .is_ok_and(|value| same_json(&value, current))
    }
}
