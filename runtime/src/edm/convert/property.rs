//! Values of single properties.

use crate::body::any_of::{AnyOf, DerivesFrom};
use crate::body::value::Value;
use crate::edm::binary::Binary;
use crate::edm::convert::seal::Seal;
use crate::edm::enumeration::Enumeration;
use crate::edm::flags::Flags;
use crate::edm::nullable::Nullable;
use crate::secret::Secret;

/// A value for a nullable property of type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a nullable property of type `{T}`",
    label = "expected `{T}` or `Null`",
    note = "`Null` clears the property",
    note = "for an `Option`, `unchanged_if_none(…)` does not send the property for `None`, and `null_if_none(…)` clears it",
    note = "for a date, GUID, enumeration or reference given as text, use `.parse()?`"
)]
pub trait IntoProperty<T> {
    #[doc(hidden)]
    const SEAL: Seal;

    /// The field: `None` does not send the property.
    fn into_property(self) -> Option<Nullable<T>>;
}

/// A value for a property of type `T` that cannot be null.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a property of type `{T}`",
    label = "expected `{T}`",
    note = "the property is not nullable, so it cannot be cleared",
    note = "for an `Option`, `unchanged_if_none(…)` does not send the property for `None`",
    note = "for a date, GUID, enumeration or reference given as text, use `.parse()?`"
)]
pub trait IntoValue<T> {
    #[doc(hidden)]
    const SEAL: Seal;

    /// The field: `None` does not send the property.
    fn into_value(self) -> Option<T>;
}

/// Writes a conversion for nullable and for other properties.
macro_rules! conversions {
    ($($(#[$attribute:meta])* [$($generics:tt)*] $from:ty => $to:ty: |$value:ident| $converted:expr;)*) => {$(
        $(#[$attribute])*
        impl<$($generics)*> IntoProperty<$to> for $from {
            const SEAL: Seal = Seal;

            fn into_property(self) -> Option<Nullable<$to>> {
                let $value = self;
                Some(Nullable::Value($converted))
            }
        }

        $(#[$attribute])*
        impl<$($generics)*> IntoValue<$to> for $from {
            const SEAL: Seal = Seal;

            fn into_value(self) -> Option<$to> {
                let $value = self;
                Some($converted)
            }
        }
    )*};
}

// Not in the table, because the compiler shows this implementation for a value of a wrong type.
#[diagnostic::do_not_recommend]
impl<T: Value> IntoProperty<T> for T {
    const SEAL: Seal = Seal;

    fn into_property(self) -> Option<Nullable<T>> {
        Some(Nullable::Value(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Value> IntoValue<T> for T {
    const SEAL: Seal = Seal;

    fn into_value(self) -> Option<T> {
        Some(self)
    }
}

conversions! {
    #[diagnostic::do_not_recommend]
    [T: Value] T => Box<T>: |value| Box::new(value);
    #[diagnostic::do_not_recommend]
    [] &str => String: |text| text.to_owned();
    #[diagnostic::do_not_recommend]
    [] &String => String: |text| text.clone();
    #[diagnostic::do_not_recommend]
    [] String => Secret: |text| Secret::new(text);
    #[diagnostic::do_not_recommend]
    [] &str => Secret: |text| Secret::new(text);
    #[diagnostic::do_not_recommend]
    [] &String => Secret: |text| Secret::new(text);
    // Every generated struct has a `Default`, and `AnyOf` has none, so this does not overlap with `T` for `T`.
    [B: 'static, T: DerivesFrom<B> + Default] T => AnyOf<B>: |value| AnyOf::new(value);
    #[diagnostic::do_not_recommend]
    [E: Enumeration] E => Flags<E>: |member| Flags::from(member);
    #[diagnostic::do_not_recommend]
    [E: Enumeration, const N: usize] [E; N] => Flags<E>: |members| Flags::from(members);
    #[diagnostic::do_not_recommend]
    [] Vec<u8> => Binary: |bytes| Binary::from(bytes);
    #[diagnostic::do_not_recommend]
    [] &[u8] => Binary: |bytes| Binary::from(bytes);
    #[diagnostic::do_not_recommend]
    [const N: usize] [u8; N] => Binary: |bytes| Binary::from(bytes);
    #[diagnostic::do_not_recommend]
    [const N: usize] &[u8; N] => Binary: |bytes| Binary::from(bytes.as_slice());
}

#[cfg(feature = "decimal")]
conversions! {
    #[diagnostic::do_not_recommend]
    [] i32 => rust_decimal::Decimal: |number| number.into();
    #[diagnostic::do_not_recommend]
    [] i64 => rust_decimal::Decimal: |number| number.into();
}

#[cfg(feature = "jiff")]
mod temporal {
    use super::{IntoProperty, IntoValue, Nullable, Seal};
    use crate::edm::temporal::{Date, DateTimeOffset, Duration, TimeOfDay};

    conversions! {
        #[diagnostic::do_not_recommend]
        [] jiff::Timestamp => DateTimeOffset: |at| at.into();
        #[diagnostic::do_not_recommend]
        [] jiff::ZonedDateTime => DateTimeOffset: |at| zoned(&at);
        #[diagnostic::do_not_recommend]
        [] &jiff::ZonedDateTime => DateTimeOffset: |at| zoned(at);
        #[diagnostic::do_not_recommend]
        [] std::time::SystemTime => DateTimeOffset: |at| nearest_timestamp(at).into();
        #[diagnostic::do_not_recommend]
        [] jiff::civil::Date => Date: |date| date.into();
        #[diagnostic::do_not_recommend]
        [] jiff::civil::Time => TimeOfDay: |time| time.into();
        #[diagnostic::do_not_recommend]
        [] jiff::SignedDuration => Duration: |duration| duration.into();
        #[diagnostic::do_not_recommend]
        [] std::time::Duration => Duration: |duration| nearest_duration(duration).into();
    }

    /// A local mean time has an offset with seconds, which OData does not allow; its instant is kept.
    fn zoned(at: &jiff::ZonedDateTime) -> DateTimeOffset {
        DateTimeOffset::new(at.datetime(), at.offset()).unwrap_or_else(|| at.timestamp().into())
    }

    fn nearest_timestamp(at: std::time::SystemTime) -> jiff::Timestamp {
        jiff::Timestamp::try_from(at).unwrap_or(if at < std::time::UNIX_EPOCH {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    fn nearest_duration(duration: std::time::Duration) -> jiff::SignedDuration {
        jiff::SignedDuration::try_from(duration).unwrap_or(jiff::SignedDuration::MAX)
    }
}

impl<T> IntoProperty<T> for Nullable<T> {
    const SEAL: Seal = Seal;

    fn into_property(self) -> Option<Self> {
        Some(self)
    }
}
