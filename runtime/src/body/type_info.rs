//! The contents of a generated table: its type and its properties.

use crate::body::limit::Limit;
use crate::body::purpose::Purpose;
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
    /// The properties of the type that it has no field for, with the reason: `("id", "the key, which is in the path")`.
    pub left_out: &'static [(&'static str, &'static str)],
    /// The documented limits of its numbers.
    pub limits: &'static [(&'static str, Limit)],
}

/// The settings of a type, named as in a table.
#[allow(non_upper_case_globals, reason = "the names of a table")]
pub mod setting {
    /// Values of the type write `@odata.type` in any position, because the service requires it.
    pub const typed: u8 = 1;
    /// The service replaces a value of the type as a whole, and so removes or resets the properties that an update does
    /// not set. This includes an entity that is updated by its own URL.
    pub const replaced: u8 = 2;
    /// The type is the body of a POST that creates an entity.
    pub const new: u8 = 4;
    /// The type has the parameters of an action. It is no type of the metadata, so it never writes `@odata.type`.
    pub const parameters: u8 = 8;
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
    /// The property is written by a POST only: the service does not change it afterwards.
    pub const immutable: u8 = 16;
}

impl TypeInfo {
    /// Without lists. Most types have none, and rustc would need memory for each empty list in generated code.
    pub const EMPTY: Self = Self {
        name: "",
        type_name: "",
        settings: 0,
        not_sent: &[],
        left_out: &[],
        limits: &[],
    };

    pub(crate) const fn is_typed(&self) -> bool {
        self.settings & setting::typed != 0
    }

    pub(crate) const fn is_replaced(&self) -> bool {
        self.settings & setting::replaced != 0
    }

    pub(crate) const fn is_parameters(&self) -> bool {
        self.settings & setting::parameters != 0
    }

    /// What a value of the type is written for, unless a request has another method.
    pub(crate) const fn purpose(&self) -> Purpose {
        if self.settings & (setting::new | setting::parameters) == 0 {
            Purpose::Update
        } else {
            Purpose::Creation
        }
    }
}

/// A property of a structured value: its wire name, its constants of [`mark`], and its value.
pub type MarkedField<'f> = (&'static str, u8, &'f dyn PatchField);

/// Whether the property is never written for this purpose.
pub(crate) const fn is_never_sent(&(_, marks, _): &MarkedField<'_>, purpose: Purpose) -> bool {
    let never = match purpose {
        Purpose::Update => mark::read_only | mark::immutable,
        Purpose::Creation => mark::read_only,
        Purpose::Copy => 0,
    };
    marks & never != 0
}

pub(crate) const fn is_secret(&(_, marks, _): &MarkedField<'_>) -> bool {
    marks & mark::secret != 0
}

/// Whether the property is written for this purpose.
pub(crate) fn is_sent(field: &MarkedField<'_>, purpose: Purpose) -> bool {
    !is_never_sent(field, purpose) && !field.2.is_absent()
}
