use std::any::Any;

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
    /// Sets the declared fields, given with their wire names.
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]);

    /// Sets the dynamic properties of an open type. Called after `fields`.
    fn dynamic(&mut self, properties: &mut DynamicProperties);

    /// Sets the unknown properties of another type. Called after `fields`.
    fn unknown(&mut self, properties: &mut DynamicProperties);
}

/// A field that can be set from JSON.
pub trait ReadField {
    /// Sets the field, and returns whether the JSON matches its type. Otherwise leaves the field unset, and adds a note.
    fn read(&mut self, json: &Json, notes: &mut ReadNotes) -> bool;

    /// Sets the field to a copy of another one, and returns whether both have the same type.
    fn copy(&mut self, field: &dyn Any) -> bool;
}

/// A value that can be read from JSON.
pub trait ReadValue: Sized {
    /// Whether the JSON is an object, which is the whole body of a response. Other values are in its property `value`.
    #[doc(hidden)]
    const IS_BODY: bool = false;

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
