//! Fields that the service replaces instead of merging.

use serde_json::Value as Untyped;

use crate::body::carried::with_nulls_of;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::PatchField;

/// A field whose value the service replaces as a whole: properties that an update of the value omits are removed or
/// reset.
///
/// Generated code wraps the fields that the facts or the manifest mark as replaced;
/// [`Structured::replaces`](crate::Structured::replaces) marks a whole type. [`diff`](crate::diff()) adds the current
/// values of the omitted properties.
#[derive(Clone, Copy)]
pub struct Replaced<'f>(pub &'f dyn PatchField);

impl PatchField for Replaced<'_> {
    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }

    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        let was_replaced = writer.set_replaced(true);
        self.0.write(writer)?;
        writer.set_replaced(was_replaced);
        Ok(())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        JsonWriter::tree(|writer| self.0.write(writer))
            .is_ok_and(|desired| self.0.is_same(&with_nulls_of(&desired, current.clone())))
    }
}
