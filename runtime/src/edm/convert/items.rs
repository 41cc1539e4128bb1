//! Items of collections.

use crate::body::structured::Structured;
use crate::body::value::Value;
use crate::edm::binary::Binary;
use crate::edm::convert::seal::Seal;
use crate::edm::enumeration::Enumeration;
use crate::edm::flags::Flags;
use crate::edm::nullable::Nullable;
use crate::edm::reference::Reference;
use crate::secret::Secret;

/// The items of a collection of `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the items of a collection of `{T}`",
    label = "expected a `Vec`, an array or a slice of `{T}`",
    note = "a collection cannot be null; an empty one is `[]`",
    note = "for an `Option`, `unchanged_if_none(…)` does not send the collection for `None`",
    note = "for an array of owned strings, use `vec![…]`; for an iterator, `.collect::<Vec<_>>()`"
)]
pub trait IntoItems<T> {
    #[doc(hidden)]
    const SEAL: Seal;

    /// The field: `None` does not send the collection.
    fn into_items(self) -> Option<Vec<T>>;
}

/// A type whose arrays are items: every one but `String`, so that the compiler infers `[]` to be an array of `&str` there.
#[diagnostic::on_unimplemented(
    message = "an array of `{Self}` cannot be the items of a collection",
    label = "use `vec![…]`",
    note = "for an array of owned strings, use `vec![…]`"
)]
pub trait ArrayItem: Value {}

#[diagnostic::do_not_recommend]
impl<T: Structured> ArrayItem for T {}
impl<T: Value> ArrayItem for Nullable<T> {}
impl<E: Enumeration> ArrayItem for Flags<E> {}

macro_rules! array_items {
    ($($item:ty),* $(,)?) => {$( impl ArrayItem for $item {} )*};
}
array_items!(
    bool,
    u8,
    i8,
    i16,
    i32,
    i64,
    f32,
    f64,
    Binary,
    Reference,
    Secret,
    serde_json::Value
);
#[cfg(feature = "uuid")]
array_items!(uuid::Uuid);
#[cfg(feature = "decimal")]
array_items!(rust_decimal::Decimal);
#[cfg(feature = "jiff")]
array_items!(
    crate::edm::temporal::Date,
    crate::edm::temporal::DateTimeOffset,
    crate::edm::temporal::Duration,
    crate::edm::temporal::TimeOfDay,
);

macro_rules! items {
    ($([$($generics:tt)*] $from:ty => $item:ty: |$items:ident| $converted:expr;)*) => {$(
        impl<$($generics)*> IntoItems<$item> for $from {
            const SEAL: Seal = Seal;

            fn into_items(self) -> Option<Vec<$item>> {
                let $items = self;
                Some($converted)
            }
        }
    )*};
}
items! {
    [T] Vec<T> => T: |items| items;
    [T: Clone] &Vec<T> => T: |items| items.clone();
    [T: Clone] &[T] => T: |items| items.to_vec();
    [T: ArrayItem, const N: usize] [T; N] => T: |items| items.into();
    [T: ArrayItem + Clone, const N: usize] &[T; N] => T: |items| items.to_vec();
    [const N: usize] [&str; N] => String: |items| items.map(str::to_owned).into();
    [const N: usize] &[&str; N] => String: |items| items.map(str::to_owned).into();
    [] &[&str] => String: |items| items.iter().map(|item| (*item).to_owned()).collect();
}
