//! `Debug` of structured values: the properties that are set, by their wire names.

use std::fmt;

use crate::body::dynamic::DynamicProperties;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::{MarkedField, is_secret};
use crate::body::value::PatchField;

/// Implements `Debug` for a generated type.
///
/// # Errors
/// Those of the formatter.
pub fn fmt_structured(value: &dyn Structured, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = ShownFields(f.debug_struct(value.info().name));
    // The visitor never fails.
    let _ = value.visit(&mut shown);
    shown.0.finish()
}

struct ShownFields<'f, 'b>(fmt::DebugStruct<'f, 'b>);

impl FieldVisitor for ShownFields<'_, '_> {
    fn fields(
        &mut self,
        fields: &[MarkedField<'_>],
        undeclared: &[&DynamicProperties],
    ) -> VisitResult {
        for field in fields {
            let (name, _, value) = field;
            if value.is_absent() {
                continue;
            }
            if is_secret(field) {
                self.0.field(name, &format_args!("***"));
            } else {
                self.0.field(name, &ShownField(*value));
            }
        }
        for (name, _) in undeclared.iter().copied().flatten() {
            self.0.field(name, &format_args!("…"));
        }
        Ok(())
    }
}

struct ShownField<'f>(&'f dyn PatchField);

impl fmt::Debug for ShownField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}
