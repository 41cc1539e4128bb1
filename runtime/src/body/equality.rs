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

impl Comparison<'_> {
    fn visit_other(&mut self, mut part: Part<'_>) -> VisitResult {
        if self.is_equal {
            self.other.visit(&mut part)?;
            self.is_equal = part.is_equal;
        }
        Ok(())
    }
}

impl FieldVisitor for Comparison<'_> {
    fn fields(&mut self, fields: &[MarkedField<'_>]) -> VisitResult {
        self.visit_other(Part {
            fields: Some(fields),
            dynamic: None,
            is_equal: true,
        })
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        self.visit_other(Part {
            fields: None,
            dynamic: Some(properties),
            is_equal: true,
        })
    }
}

/// The declared fields or the dynamic properties of one value.
struct Part<'p> {
    fields: Option<&'p [MarkedField<'p>]>,
    dynamic: Option<&'p DynamicProperties>,
    is_equal: bool,
}

impl FieldVisitor for Part<'_> {
    fn fields(&mut self, fields: &[MarkedField<'_>]) -> VisitResult {
        self.is_equal &= self.fields.is_none_or(|ours| {
            ours.len() == fields.len()
                && ours
                    .iter()
                    .zip(fields)
                    .all(|((_, _, one), (_, _, other))| one.is_equal(*other))
        });
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        self.is_equal &= self.dynamic.is_none_or(|ours| ours == properties);
        Ok(())
    }
}
