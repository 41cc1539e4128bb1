use std::fmt;
use std::marker::PhantomData;

use crate::body::any_of::{AnyOf, DerivesFrom};
use crate::body::delta::DeltaItem;
use crate::read::readable::Readable;

/// The wire name of a property of `T`, for [`Request::select`](crate::Request::select). Types that are read have a constant
/// for each property.
pub struct PropertyName<T> {
    name: &'static str,
    of: PhantomData<fn() -> T>,
}

/// A resource with the properties of `T`: `T` itself, a union that `T` belongs to, or a changed or removed `T` of a delta.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the properties of `{T}`",
    label = "a property of `{T}`, but the request reads `{Self}`"
)]
pub trait HasProperties<T> {}

impl<T: Readable> HasProperties<T> for T {}

impl<B: 'static, T: Readable + DerivesFrom<B>> HasProperties<T> for AnyOf<B> {}

impl<T, I: HasProperties<T>> HasProperties<T> for DeltaItem<I> {}

/// An argument of [`Request::select`](crate::Request::select) that reads an `I`: the [`PropertyName`] of one of its properties.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the name of a property",
    label = "expected constants such as `User::DISPLAY_NAME`",
    note = "generated types have a constant for each property",
    note = "for other properties, use `.query(\"$select\", \"displayName\")`"
)]
pub trait Selectable<I> {
    #[doc(hidden)]
    fn wire_name(self) -> &'static str;
}

impl<T, I: HasProperties<T>> Selectable<I> for PropertyName<T> {
    fn wire_name(self) -> &'static str {
        self.as_str()
    }
}

impl<T> PropertyName<T> {
    /// The property of `T` with this wire name.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            of: PhantomData,
        }
    }

    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        self.name
    }
}

impl<T> Clone for PropertyName<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PropertyName<T> {}

impl<T> fmt::Debug for PropertyName<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PropertyName").field(&self.name).finish()
    }
}
