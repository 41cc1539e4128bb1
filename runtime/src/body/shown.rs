//! `Debug` of structured values: the properties that are set, by their wire names.

use std::fmt;

use crate::body::structured::{Structured, each_part};
use crate::body::type_info::is_secret;
use crate::body::value::PatchField;

/// Implements `Debug` for a generated type.
///
/// # Errors
/// Those of the formatter.
pub fn fmt_structured(value: &dyn Structured, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(value.info().name);
    each_part(value, |fields, undeclared| {
        for field in fields {
            let (name, _, value) = field;
            if value.is_absent() {
                continue;
            }
            if is_secret(field) {
                shown.field(name, &format_args!("***"));
            } else {
                shown.field(name, &ShownField(*value));
            }
        }
        for (name, _) in undeclared.iter().copied().flatten() {
            shown.field(name, &format_args!("…"));
        }
    });
    shown.finish()
}

struct ShownField<'f>(&'f dyn PatchField);

impl fmt::Debug for ShownField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}
