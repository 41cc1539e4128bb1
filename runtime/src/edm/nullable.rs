use std::fmt;

use serde_json::Value as Untyped;

use crate::body::any_of::{AnyOf, DerivesFrom};
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured::Structured;
use crate::body::value::Value;
use crate::edm::enumeration::Enumeration;
use crate::edm::flags::Flags;
use crate::secret::Secret;

/// A value of a nullable property.
///
/// A field of a patch is `Option<Nullable<T>>`: `None` does not change the property, `Some(Null)` clears it, and
/// `Some(Value(v))` sets it. The field of a property that cannot be null is `Option<T>`.
///
/// ```
/// use msgraph_runtime::{Null, Nullable};
///
/// let cleared: Option<Nullable<i32>> = Some(Null);
/// let set: Option<Nullable<i32>> = Some(12.into());
/// assert_eq!(set, Some(Nullable::Value(12)));
/// # assert_ne!(set, cleared);
/// ```
///
/// Setters accept the value or `Null`. For an `Option`, see [`unchanged_if_none`](crate::unchanged_if_none()) and
/// [`null_if_none`](crate::null_if_none()).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Nullable<T> {
    /// JSON `null`: clears the property.
    Null,
    /// Sets the property.
    Value(T),
}

impl<T> Nullable<T> {
    /// Whether this is null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value, unless this is null.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// A reference to the value.
    pub const fn as_ref(&self) -> Nullable<&T> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(value),
        }
    }

    /// The value, or `None` for null.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<T> for Nullable<Box<T>> {
    fn from(value: T) -> Self {
        Self::Value(Box::new(value))
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<&str> for Nullable<Secret> {
    fn from(value: &str) -> Self {
        Self::Value(Secret::new(value))
    }
}

impl From<String> for Nullable<Secret> {
    fn from(value: String) -> Self {
        Self::Value(Secret::new(value))
    }
}

impl<E: Enumeration> From<E> for Nullable<Flags<E>> {
    fn from(member: E) -> Self {
        Self::Value(Flags::from(member))
    }
}

impl<E: Enumeration, const N: usize> From<[E; N]> for Nullable<Flags<E>> {
    fn from(members: [E; N]) -> Self {
        Self::Value(Flags::from(members))
    }
}

// The bounds keep this apart from `From<T> for Nullable<T>`, because `AnyOf` has no `Default`. Every generated type meets
// them.
impl<B: 'static, T: DerivesFrom<B> + Structured + Default> From<T> for Nullable<AnyOf<B>> {
    fn from(value: T) -> Self {
        Self::Value(AnyOf::new(value))
    }
}

impl<T: Value> Value for Nullable<T> {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        match self {
            Self::Null => {
                writer.null();
                Ok(())
            }
            Self::Value(value) => value.write(writer),
        }
    }

    fn is_same(&self, current: &Untyped) -> bool {
        match self {
            Self::Null => current.is_null(),
            Self::Value(value) => value.is_same(current),
        }
    }

    fn is_same_item(&self, current: &Untyped) -> bool {
        match self {
            Self::Null => current.is_null(),
            Self::Value(value) => value.is_same_item(current),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Value(value) => value.show(f),
        }
    }
}
