//! Annotations: one file for each term that is read, with its name and its reader.
//!
//! A new term is a file, its `mod`, and its line in [`TERMS`].

pub mod alternate_keys;
pub mod computed;
pub mod derived_type_constraint;
pub mod description;
pub mod explicit_operation_bindings;
pub mod immutable;
pub mod indexable_by_key;
pub mod insert_restrictions;
pub mod long_description;
pub mod navigation_restrictions;
pub mod permissions;
pub mod read_restrictions;
pub mod requires_explicit_binding;
pub mod revisions;
pub mod update_restrictions;

use crate::document::{Annotation, Expression};

/// The terms whose values are read when code is generated.
pub const TERMS: [&str; 15] = [
    computed::TERM,
    immutable::TERM,
    permissions::TERM,
    description::TERM,
    long_description::TERM,
    revisions::TERM,
    alternate_keys::TERM,
    update_restrictions::TERM,
    navigation_restrictions::TERM,
    indexable_by_key::TERM,
    derived_type_constraint::TERM,
    read_restrictions::TERM,
    insert_restrictions::TERM,
    requires_explicit_binding::TERM,
    explicit_operation_bindings::TERM,
];

/// The value of the first annotation with this term and no qualifier.
pub fn annotation<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
) -> Option<&'s Expression<'a>> {
    const TAGGED: &Expression<'static> = &Expression::Bool(true);
    annotations
        .into_iter()
        .find(|annotation| annotation.term.text == term && annotation.qualifier.is_none())
        // Every term that the generator asks for by its mere presence is a `Core.Tag`, whose
        // default is true.
        .map(|annotation| annotation.value.as_ref().unwrap_or(TAGGED))
}

/// Whether a tagging term stands here and is not false.
pub fn is_tagged<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
) -> bool {
    annotation(annotations, term).and_then(Expression::as_bool) == Some(true)
}
