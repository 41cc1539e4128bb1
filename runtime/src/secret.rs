use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A string that `Debug` does not show. There is no `Display`: to print it on purpose, call [`expose`](Self::expose).
///
/// Its memory is zeroed when it is dropped. `==` takes the same time for all strings of the same length.
///
/// ```
/// use msgraph_runtime::Secret;
///
/// let password = Secret::new("xWwvJ]6NMw+bWH-d");
/// assert_eq!(format!("{password:?}"), "Secret(***)");
/// assert_eq!(password.expose(), "xWwvJ]6NMw+bWH-d");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a string.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The string. Keep it out of logs and errors.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}
