use serde_json::Value as Json;

use crate::body::dynamic::DynamicProperties;
use crate::body::structured::Structured;
use crate::read::notes::ReadNotes;

/// A structured type that can be read. Implemented by generated code.
///
/// A field that the JSON does not contain is not set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON",
    note = "generated types can be read if the manifest has `read = true`"
)]
pub trait Readable: Structured + Default {
    /// Passes every field to `reader`, which sets it.
    fn visit_mut(&mut self, reader: &mut dyn FieldReader);
}

/// Sets the fields of a [`Readable`] value.
pub trait FieldReader {
    /// Accepts the properties of the type that a patch does not contain, with the reason: `("id", "the key, which is part
    /// of the path")`. Called first, if there are any.
    fn left_out(&mut self, properties: &'static [(&'static str, &'static str)]);

    /// Sets the declared fields, given with their wire names.
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]);

    /// Sets the dynamic properties of an open type. Called after `fields`.
    fn dynamic(&mut self, properties: &mut DynamicProperties);
}

/// A field that can be set from JSON.
pub trait ReadField {
    /// Sets the field. If the JSON does not match its type, leaves the field unset and adds a note.
    fn read(&mut self, json: &Json, notes: &mut ReadNotes);
}

/// A value that can be read from JSON.
pub trait ReadValue: Sized {
    /// The value, or `None` and a note if the JSON does not match.
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self>;

    /// Like [`read`](Self::read), without copying an untyped value.
    #[doc(hidden)]
    fn read_owned(json: Json, notes: &mut ReadNotes) -> Option<Self> {
        Self::read(&json, notes)
    }
}

impl<T: Readable> Readable for Box<T> {
    fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
        T::visit_mut(self, reader);
    }
}
