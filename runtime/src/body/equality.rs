//! `PartialEq` of structured values.

use crate::body::structured::{Structured, each_part};

/// Implements `PartialEq` for a generated type: whether the types and all properties are equal.
pub fn is_equal(one: &dyn Structured, other: &dyn Structured) -> bool {
    let mut is_equal = one.info() == other.info();
    each_part(one, |ours, our_properties| {
        if !is_equal {
            return;
        }
        each_part(other, |theirs, their_properties| {
            let mut pairs = ours.iter().zip(theirs);
            is_equal &= ours.len() == theirs.len()
                && pairs.all(|((_, _, one), (_, _, other))| one.is_equal(*other))
                && our_properties == their_properties;
        });
    });
    is_equal
}
