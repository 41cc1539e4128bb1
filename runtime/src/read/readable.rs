//! What can be read: types, their fields and values.

use serde_json::Value as Json;

use crate::body::dynamic::DynamicProperties;
use crate::body::structured::Structured;
use crate::read::notes::ReadNotes;

/// A structured type that can be read: implemented by generated code, one line a field.
///
/// The patch type is the read type: a field that the JSON does not have stays unset.
///
/// ```
/// # use msgraph_runtime::{FieldVisitor, Structured, VisitResult};
/// # #[derive(Debug, Default)] struct TapPatch { is_usable_once: Option<bool> }
/// # impl Structured for TapPatch {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.tap" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("isUsableOnce", &self.is_usable_once)]) }
/// # }
/// use msgraph_runtime::{FieldReader, Readable, from_json};
///
/// // As it is generated.
/// impl Readable for TapPatch {
///     fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
///         reader.fields(&mut [("isUsableOnce", &mut self.is_usable_once)]);
///     }
/// }
/// assert_eq!(from_json::<TapPatch>(r#"{"isUsableOnce":true}"#)?.is_usable_once, Some(true));
/// # Ok::<(), msgraph_runtime::PatchError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON",
    note = "generated types can where the manifest says `read = true`"
)]
pub trait Readable: Structured + Default {
    /// Shows every field to `reader`, to be set.
    fn visit_mut(&mut self, reader: &mut dyn FieldReader);
}

/// Something that sets the fields of a [`Readable`] value.
///
/// ```
/// use msgraph_runtime::{CollectionBody, DynamicProperties, FieldReader, ReadField, Readable};
///
/// /// Lists the fields of a type.
/// struct Names(Vec<&'static str>);
///
/// impl FieldReader for Names {
///     fn left_out(&mut self, _: &'static [(&'static str, &'static str)]) {}
///     fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
///         self.0.extend(fields.iter().map(|(name, _)| *name));
///     }
///     fn dynamic(&mut self, _: &mut DynamicProperties) {}
/// }
///
/// let mut names = Names(Vec::new());
/// CollectionBody::<String>::default().visit_mut(&mut names);
/// assert_eq!(names.0, ["value"]);
/// ```
pub trait FieldReader {
    /// The properties of the type that a patch of it does not hold, with the reason: `("id", "the key, which stands in
    /// the path")`. Comes first; absent where there are none.
    fn left_out(&mut self, properties: &'static [(&'static str, &'static str)]);

    /// The declared fields with their wire names.
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]);

    /// The dynamic properties of an open type. Comes after the declared fields.
    fn dynamic(&mut self, properties: &mut DynamicProperties);
}

/// A field that can be set from JSON.
///
/// ```
/// use msgraph_runtime::{ReadField, ReadNotes};
///
/// let mut length: Option<i32> = None;
/// length.read(&serde_json::json!(8), &mut ReadNotes::default());
/// assert_eq!(length, Some(8));
/// ```
pub trait ReadField {
    /// Sets the field; where the JSON does not fit, leaves it unset and notes why.
    fn read(&mut self, json: &Json, notes: &mut ReadNotes);
}

/// A value that can be read from JSON.
///
/// ```
/// use msgraph_runtime::{ReadNotes, ReadValue};
///
/// let mut notes = ReadNotes::default();
/// assert_eq!(i32::read(&serde_json::json!(8), &mut notes), Some(8));
/// assert_eq!(i32::read(&serde_json::json!("eight"), &mut notes), None);
/// ```
pub trait ReadValue: Sized {
    /// The value, or `None` and a note where the JSON does not fit.
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self>;
}

impl<T: Readable> Readable for Box<T> {
    #[inline]
    fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
        T::visit_mut(self, reader);
    }
}
