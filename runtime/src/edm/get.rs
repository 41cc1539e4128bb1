use crate::edm::nullable::Nullable;

/// Reads a nullable property in one step.
///
/// ```
/// use msgraph_runtime::{Get, Nullable};
///
/// let is_usable_once: Option<Nullable<bool>> = Some(true.into());
/// assert_eq!(is_usable_once.get(), Some(&true));
/// assert_eq!(Some(Nullable::<bool>::Null).get(), None);
/// ```
pub trait Get {
    /// The type of the property.
    type Value;

    /// The value, or `None` if the property is null or was not read.
    fn get(&self) -> Option<&Self::Value>;
}

impl<T> Get for Option<Nullable<T>> {
    type Value = T;

    fn get(&self) -> Option<&T> {
        self.as_ref().and_then(Nullable::value)
    }
}
