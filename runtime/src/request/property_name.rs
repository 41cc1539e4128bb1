use std::fmt;
use std::marker::PhantomData;

/// The wire name of a property of `T`, for [`Request::select`](crate::Request::select). Types generated with
/// `read = true` have a constant for each property.
pub struct PropertyName<T> {
    name: &'static str,
    of: PhantomData<fn() -> T>,
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
