//! Vocabulary terms, and looking them up.

use crate::document::{Annotation, Expression};

/// A supported vocabulary term.
#[derive(Clone, Copy, Debug)]
pub struct KnownTerm {
    /// The qualified name.
    pub name: &'static str,
    /// The roles of the term.
    pub role: Role,
    /// The parts of a value that are used.
    pub shape: Shape,
    /// Whether the value, if there is one, means anything other than the absence of the term.
    pub has_effect: fn(Option<&Expression<'_>>) -> bool,
    /// Whether the term on a type or property hides the same term on a base type, even if its value
    /// has no effect.
    pub hides_inherited: bool,
}

/// The role of a term. A slice keeps the terms of each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Which properties an update omits.
    ReadOnly,
    /// The doc comment of an element.
    Description,
    /// The deprecation of an element.
    Deprecation,
    /// The keys in a path.
    Key,
    /// Which paths exist, and how they are updated.
    Path {
        /// Whether the term is also read from the type at a position.
        on_types: bool,
        /// Whether it matters for a navigation property that does not contain its target.
        on_links: bool,
    },
    /// Which paths exist: whether a complex property has its own URL.
    ComplexPath,
    /// To which types an operation binds.
    Operation,
    /// Which operations are offered.
    Offer,
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
    /// The items of a collection that pass a test, and this part of each.
    Filtered(fn(&Expression<'_>) -> bool, &'static Shape),
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

pub(super) fn is_true(value: Option<&Expression<'_>>) -> bool {
    value.is_none_or(|value| value.as_bool() == Some(true))
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

impl Shape {
    /// Whether a value has any part of this shape.
    pub fn is_in(&self, value: &Expression<'_>) -> bool {
        match (self, value) {
            (Shape::Whole | Shape::Type | Shape::Operation, _) => true,
            (Shape::AlternateKey(shape), value) => shape.is_in(value),
            (Shape::Record(parts), Expression::Record(properties)) => {
                properties.iter().any(|(name, value)| {
                    let mut parts = parts.iter();
                    parts.any(|(part, shape)| part == name && shape.is_in(value))
                })
            }
            (Shape::Collection(shape), Expression::Collection(items)) => {
                items.iter().any(|item| shape.is_in(item))
            }
            (Shape::Filtered(passes, shape), Expression::Collection(items)) => {
                items.iter().any(|item| passes(item) && shape.is_in(item))
            }
            _ => false,
        }
    }
}
