//! `PartialEq` of structured values.

use crate::body::dynamic::DynamicProperties;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::MarkedField;

/// Implements `PartialEq` for a generated type: whether the types and all properties are equal.
pub fn is_equal(one: &dyn Structured, other: &dyn Structured) -> bool {
    let mut comparison = Comparison {
        other,
        is_equal: one.info() == other.info(),
    };
    // The visitors never fail.
    let _ = one.visit(&mut comparison);
    comparison.is_equal
}

/// Visits one value, and for each part of it the other value.
struct Comparison<'o> {
    other: &'o dyn Structured,
    is_equal: bool,
}

impl FieldVisitor for Comparison<'_> {
    fn fields(
        &mut self,
        fields: &[MarkedField<'_>],
        undeclared: &[&DynamicProperties],
    ) -> VisitResult {
        if self.is_equal {
            let mut part = Part {
                fields,
                undeclared,
                is_equal: true,
            };
            self.other.visit(&mut part)?;
            self.is_equal = part.is_equal;
        }
        Ok(())
    }
}

/// The properties of one value.
struct Part<'p> {
    fields: &'p [MarkedField<'p>],
    undeclared: &'p [&'p DynamicProperties],
    is_equal: bool,
}

impl FieldVisitor for Part<'_> {
    fn fields(
        &mut self,
        fields: &[MarkedField<'_>],
        undeclared: &[&DynamicProperties],
    ) -> VisitResult {
        let mut pairs = self.fields.iter().zip(fields);
        self.is_equal &= self.fields.len() == fields.len()
            && pairs.all(|((_, _, one), (_, _, other))| one.is_equal(*other))
            && self.undeclared == undeclared;
        Ok(())
    }
}
