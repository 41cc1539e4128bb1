//! What setters accept.

mod items;
mod option;
mod property;
mod untyped;

pub use items::{ArrayItem, IntoItems};
pub use option::{NullIfNone, UnchangedIfNone, null_if_none, unchanged_if_none};
pub use property::{IntoProperty, IntoValue};
pub use untyped::IntoUntyped;

/// Seals the traits of this module.
pub(crate) mod seal {
    /// Only this crate can name it.
    #[derive(Debug)]
    pub struct Seal;
}
