//! Values of dynamic properties.

use serde_json::{Map, Value as Untyped};

use crate::body::json_writer::name_of_non_finite;
use crate::edm::convert::option::NullIfNone;
use crate::edm::convert::seal::Seal;
use crate::edm::nullable::Nullable;

/// A value for a dynamic property.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a dynamic property",
    label = "expected a string, a number, a bool, `Null`, JSON, or a collection of these",
    note = "for an `Option`, `null_if_none(…)` sends null for `None`",
    note = "for a generated type, use `insert_structured`; for other types, insert their text"
)]
pub trait IntoUntyped {
    #[doc(hidden)]
    const SEAL: Seal;

    /// The value as JSON.
    fn into_untyped(self) -> Untyped;
}

macro_rules! into_untyped {
    ($([$($generics:tt)*] $from:ty: |$value:ident| $converted:expr;)*) => {$(
        impl<$($generics)*> IntoUntyped for $from {
            const SEAL: Seal = Seal;

            fn into_untyped(self) -> Untyped {
                let $value = self;
                $converted
            }
        }
    )*};
}
into_untyped! {
    [] Untyped: |json| json;
    [] Map<String, Untyped>: |object| object.into();
    [] bool: |value| value.into();
    [] u8: |number| number.into();
    [] u16: |number| number.into();
    [] u32: |number| number.into();
    [] u64: |number| number.into();
    [] i8: |number| number.into();
    [] i16: |number| number.into();
    [] i32: |number| number.into();
    [] i64: |number| number.into();
    [] f32: |number| float(with_few_digits(number));
    [] f64: |number| float(number);
    [] String: |text| text.into();
    [] &String: |text| text.as_str().into();
    [] &str: |text| text.into();
    // There is no other implementation for a `Nullable`, so the compiler infers the type of `Null`.
    [] Nullable<Untyped>: |value| value.into_option().unwrap_or_default();
    [U: IntoUntyped] NullIfNone<U>: |value| value.0.map(U::into_untyped).unwrap_or_default();
    [T: IntoUntyped] Vec<T>: |items| array(items);
    [T: IntoUntyped + Clone] &[T]: |items| array(items.iter().cloned());
    [T: IntoUntyped, const N: usize] [T; N]: |items| array(items);
}

fn array<T: IntoUntyped>(items: impl IntoIterator<Item = T>) -> Untyped {
    items.into_iter().map(T::into_untyped).collect()
}

/// `number` as JSON. What JSON cannot represent is a string, instead of null as in `serde_json`.
fn float(number: f64) -> Untyped {
    name_of_non_finite(number).map_or_else(|| number.into(), Untyped::from)
}

/// The double with the digits of `number`: 0.1 instead of 0.10000000149011612.
fn with_few_digits(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}
