//! What setters accept for an `Option`.

use crate::edm::convert::items::IntoItems;
use crate::edm::convert::property::{IntoProperty, IntoValue};
use crate::edm::convert::seal::Seal;
use crate::edm::nullable::Nullable;

/// Returned by [`unchanged_if_none`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct UnchangedIfNone<U>(Option<U>);

/// Returned by [`null_if_none`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct NullIfNone<U>(pub(super) Option<U>);

/// Wraps an `Option` for a setter: the value sets the property, and `None` does not send it.
///
/// ```
/// # use msgraph_runtime::{Nullable, __private as __rt};
/// # use msgraph_runtime::json::Structured;
/// # struct TapPatch { default_length: Option<Nullable<i32>> }
/// # __rt::body! { TapPatch: "microsoft.graph.tap"; "defaultLength" default_length; }
/// # impl TapPatch {
/// #     fn with_default_length(mut self, value: impl __rt::IntoProperty<i32>) -> Self {
/// #         self.default_length = value.into_property();
/// #         self
/// #     }
/// # }
/// use msgraph_runtime::{null_if_none, unchanged_if_none};
///
/// let given: Option<i32> = None;
/// let unchanged = TapPatch::new().with_default_length(unchanged_if_none(given));
/// assert_eq!(unchanged.to_json()?, "{}");
/// let cleared = TapPatch::new().with_default_length(null_if_none(given));
/// assert_eq!(cleared.to_json()?, r#"{"defaultLength":null}"#);
/// # Ok::<(), msgraph_runtime::error::BodyError>(())
/// ```
pub const fn unchanged_if_none<U>(value: Option<U>) -> UnchangedIfNone<U> {
    UnchangedIfNone(value)
}

/// Wraps an `Option` for the setter of a nullable property: the value sets it, and `None` clears it. See also
/// [`unchanged_if_none`].
pub const fn null_if_none<U>(value: Option<U>) -> NullIfNone<U> {
    NullIfNone(value)
}

impl<T, U: IntoProperty<T>> IntoProperty<T> for UnchangedIfNone<U> {
    const SEAL: Seal = Seal;

    fn into_property(self) -> Option<Nullable<T>> {
        self.0.and_then(U::into_property)
    }
}

impl<T, U: IntoValue<T>> IntoValue<T> for UnchangedIfNone<U> {
    const SEAL: Seal = Seal;

    fn into_value(self) -> Option<T> {
        self.0.and_then(U::into_value)
    }
}

impl<T, U: IntoItems<T>> IntoItems<T> for UnchangedIfNone<U> {
    const SEAL: Seal = Seal;

    fn into_items(self) -> Option<Vec<T>> {
        self.0.and_then(U::into_items)
    }
}

impl<T, U: IntoProperty<T>> IntoProperty<T> for NullIfNone<U> {
    const SEAL: Seal = Seal;

    fn into_property(self) -> Option<Nullable<T>> {
        match self.0 {
            Some(value) => value.into_property(),
            None => Some(Nullable::Null),
        }
    }
}
