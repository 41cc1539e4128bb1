//! The contents of a generated table: its type and its properties.

use crate::body::value::PatchField;

/// A structured type, without its properties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TypeInfo {
    /// The name of the Rust type, for `Debug`.
    pub name: &'static str,
    /// The qualified name, such as `microsoft.graph.user`.
    pub type_name: &'static str,
    /// Constants of [`setting`].
    pub settings: u8,
    /// The properties of the type that an update does not send, such as computed ones. They are never carried over from
    /// the current value.
    pub not_sent: &'static [&'static str],
}

/// The settings of a type, named as in a table.
#[allow(non_upper_case_globals, reason = "the names of a table")]
pub mod setting {
    /// Values of the type write `@odata.type` in any position, because the service requires it.
    pub const typed: u8 = 1;
    /// The service replaces a value of the type as a whole, and so removes or resets the properties that an update does
    /// not set. This includes an entity that is updated by its own URL.
    pub const replaced: u8 = 2;
}

/// The marks of a property, named as in a table.
#[allow(non_upper_case_globals, reason = "the names of a table")]
pub mod mark {
    /// The property contains a nested delta; see [`DeltaItem`](crate::edm::DeltaItem).
    pub const delta: u8 = 1;
    /// The service replaces the value as a whole: properties that an update of the value omits are removed or reset.
    pub const replaced: u8 = 2;
    /// The property is read, and never written.
    pub const read_only: u8 = 4;
    /// `Debug` does not show the value.
    pub const secret: u8 = 8;
}

impl TypeInfo {
    pub(crate) const fn is_typed(&self) -> bool {
        self.settings & setting::typed != 0
    }

    pub(crate) const fn is_replaced(&self) -> bool {
        self.settings & setting::replaced != 0
    }
}

/// A property of a structured value: its wire name, its constants of [`mark`], and its value.
pub type MarkedField<'f> = (&'static str, u8, &'f dyn PatchField);

pub(crate) const fn is_read_only(&(_, marks, _): &MarkedField<'_>) -> bool {
    marks & mark::read_only != 0
}

pub(crate) const fn is_secret(&(_, marks, _): &MarkedField<'_>) -> bool {
    marks & mark::secret != 0
}

/// Whether an update sends the property.
pub(crate) fn is_sent(field: &MarkedField<'_>) -> bool {
    !is_read_only(field) && !field.2.is_absent()
}
