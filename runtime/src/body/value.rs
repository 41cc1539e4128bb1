use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::same_json::same_json;

/// A field of a patch: there or not.
///
/// ```
/// use msgraph_runtime::{Field, Nullable};
///
/// let left_alone: Option<Nullable<i32>> = None;
/// let cleared: Option<Nullable<i32>> = Some(Nullable::Null);
/// assert!(left_alone.is_absent() && !cleared.is_absent());
/// assert!(cleared.is_same(&serde_json::Value::Null));
/// ```
pub trait Field {
    /// Whether the patch leaves this property alone.
    fn is_absent(&self) -> bool;

    /// Writes the value. Called only when the field is not absent.
    ///
    /// # Errors
    /// When the value cannot be sent.
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError>;

    /// Whether the value is the one that was read; see [`diff`](crate::diff()).
    fn is_same(&self, current: &Untyped) -> bool;
}

impl<T: Value> Field for Option<T> {
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
}

/// What can stand as a JSON value in a body.
///
/// ```
/// use msgraph_runtime::{BodyError, CollectionBody, JsonWriter, Structured, Value};
///
/// /// A whole number of minutes.
/// #[derive(Debug)]
/// struct Minutes(u32);
///
/// impl Value for Minutes {
///     fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
///         writer.integer(self.0.into())
///     }
/// }
/// assert_eq!(CollectionBody::from([Minutes(60)]).to_json()?, r#"{"value":[60]}"#);
/// # Ok::<(), BodyError>(())
/// ```
pub trait Value {
    /// Appends the value.
    ///
    /// # Errors
    /// When the value cannot be sent; see [`BodyProblem`](crate::BodyProblem).
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError>;

    /// Whether this is the value that was read, however it is spelled; see [`diff`](crate::diff()).
    ///
    /// As provided: whether the JSON is the same, numbers compared by value.
    fn is_same(&self, current: &Untyped) -> bool {
        let mut writer = JsonWriter::new();
        self.write(&mut writer).is_ok()
            && serde_json::from_slice::<Untyped>(&writer.into_bytes())
                .is_ok_and(|value| same_json(&value, current))
    }

    /// The same for an item of a collection, which Graph replaces as a whole: properties that this value does not set
    /// count as well.
    fn is_same_item(&self, current: &Untyped) -> bool {
        self.is_same(current)
    }
}

impl<T: Value> Value for Vec<T> {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.array(self)
    }

    fn is_same(&self, current: &Untyped) -> bool {
        let Some(items) = current.as_array() else {
            return false;
        };
        self.len() == items.len()
            && self
                .iter()
                .zip(items)
                .all(|(item, current)| item.is_same_item(current))
    }
}

impl Value for bool {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.boolean(*self);
        Ok(())
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl Value for $integer {
            #[inline]
            fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
                writer.integer(i64::from(*self))
            }
        }
    )*};
}
integers!(u8, i8, i16, i32, i64);

impl Value for f32 {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.single(*self)
    }
}

impl Value for f64 {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.double(*self)
    }
}

impl Value for String {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.string(self)
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
        // A decimal's text is digits, at most one point between digits, and a sign: a JSON number, never an exponent.
        writer.raw(self.to_string().as_bytes());
        Ok(())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        // What was read went through a binary number, which holds fifteen digits: of more than that nobody knows
        // whether they are the same, and then it is better to send them.
        const FIFTEEN_DIGITS: u128 = 1_000_000_000_000_000;
        self.normalize().mantissa().unsigned_abs() < FIFTEEN_DIGITS
            && serde_json::from_str::<Untyped>(&self.to_string())
                .is_ok_and(|value| same_json(&value, current))
    }
}
