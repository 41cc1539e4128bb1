//! Looking up annotations by term.

use crate::document::{Annotation, Expression};

/// The value of the first annotation with this term and no qualifier.
pub(super) fn annotation<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
) -> Option<&'s Expression<'a>> {
    // All terms that may have no value are a `Core.Tag`, whose default is true.
    const DEFAULT: &Expression<'static> = &Expression::Bool(true);
    annotations
        .into_iter()
        .find(|annotation| annotation.qualifier.is_none() && annotation.term.text == term)
        .map(|annotation| annotation.value.as_ref().unwrap_or(DEFAULT))
}

/// Whether a `Core.Tag` is present and not false.
pub(super) fn is_tagged<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
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
