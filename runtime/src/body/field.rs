//! How the marks of a property change writing and comparing.

use serde_json::Value as Untyped;

use crate::body::carried::with_nulls_of;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::type_info::{MarkedField, mark};

/// Writes a property that is sent.
pub(crate) fn write(
    (_, marks, value): &MarkedField<'_>,
    writer: &mut JsonWriter,
) -> Result<(), BodyError> {
    if marks & mark::delta != 0 {
        writer.note_delta();
    }
    if marks & mark::replaced == 0 {
        return value.write(writer);
    }
    let was_replaced = writer.set_replaced(true);
    value.write(writer)?;
    writer.set_replaced(was_replaced);
    Ok(())
}

/// Whether a property equals the current one. A delta describes a change, so it is never the same.
pub(crate) fn is_same((_, marks, value): &MarkedField<'_>, current: &Untyped) -> bool {
    if marks & mark::delta != 0 {
        return false;
    }
    if marks & mark::replaced == 0 {
        return value.is_same(current);
    }
    JsonWriter::tree(|writer| value.write(writer))
        .is_ok_and(|desired| value.is_same(&with_nulls_of(&desired, current.clone())))
}
