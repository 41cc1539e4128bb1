//! Values of properties. Start with the setters: they accept the usual Rust values, so most code names none of these types.
//!
//! They accept types of `jiff` and `std` for dates and durations, bytes for [`Binary`], one member or an array for
//! [`Flags`], and a struct for [`AnyOf`]. [`Reference::to`] refers to another entity. [`DynamicProperties`] are the
//! undeclared properties of an open type.

pub(crate) mod binary;
pub(crate) mod convert;
pub(crate) mod enumeration;
pub(crate) mod flags;
pub(crate) mod get;
#[cfg(feature = "uuid")]
pub(crate) mod guid;
pub(crate) mod nullable;
pub(crate) mod reference;
#[cfg(feature = "jiff")]
pub(crate) mod temporal;

pub use binary::{Binary, BinaryError};
pub use convert::{IntoUntyped, NullIfNone, UnchangedIfNone};
pub use enumeration::{MemberError, UnknownMember};
pub use flags::Flags;
#[cfg(feature = "uuid")]
pub use guid::Guid;
pub use reference::{Reference, ReferenceError};
#[cfg(feature = "decimal")]
/// `Edm.Decimal`, written as a JSON number with all its digits.
pub use rust_decimal::Decimal;
/// A value whose type the metadata leaves open: `Edm.Untyped`, and the values of dynamic properties.
pub use serde_json::Value as Untyped;
#[cfg(feature = "jiff")]
pub use temporal::{Date, DateTimeOffset, Duration, TemporalError, TimeOfDay};
#[cfg(feature = "uuid")]
/// [`Guid`] under its own name, for keys.
pub use uuid::Uuid;

pub use crate::body::any_of::{AnyOf, DerivesFrom};
pub use crate::body::delta::{DeltaItem, Removal};
pub use crate::body::dynamic::{DynamicProperties, DynamicPropertyError};
