//! Vocabulary terms, and looking them up.

use crate::document::{Annotation, Expression};

/// A supported vocabulary term.
#[derive(Clone, Copy, Debug)]
pub struct KnownTerm {
    /// The qualified name.
    pub name: &'static str,
    /// The parts of a value that are used. A slice keeps only these.
    pub shape: Shape,
}

/// The parts of an annotation's value that are used.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// The whole value.
    Whole,
    /// These properties of a record.
    Record(&'static [(&'static str, Shape)]),
    /// This part of each item of a collection.
    Collection(&'static Shape),
    /// The name of a type.
    Type,
    /// The name of an operation.
    Operation,
    /// An item of `Core.AlternateKeys`, and this part of it.
    AlternateKey(&'static Shape),
}

/// The value of the first annotation with this term and no qualifier.
pub(super) fn annotation<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &KnownTerm,
) -> Option<&'s Expression<'a>> {
    // All terms that may have no value are a `Core.Tag`, whose default is true.
    const DEFAULT: &Expression<'static> = &Expression::Bool(true);
    annotations
        .into_iter()
        .find(|annotation| term.is_term_of(annotation))
        .map(|annotation| annotation.value.as_ref().unwrap_or(DEFAULT))
}

/// Whether a `Core.Tag` is present and not false.
pub(super) fn is_tagged<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &KnownTerm,
) -> bool {
    annotation(annotations, term).and_then(Expression::as_bool) == Some(true)
}

/// The strings of a collection.
pub(super) fn strings(value: &Expression<'_>) -> Vec<String> {
    let items = value.items().iter();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

impl KnownTerm {
    /// Whether an annotation has this term and no qualifier.
    pub fn is_term_of(&self, annotation: &Annotation<'_>) -> bool {
        annotation.qualifier.is_none() && annotation.term.text == self.name
    }
}
