//! `Annotation` (§14.2).

use roxmltree::Node;

use super::expression::Expression;
use super::name::{Name, Text};
use super::reader::{Reader, attributes, children, text};

/// `Annotation` (§14.2).
#[derive(Clone, Debug)]
pub struct Annotation<'a> {
    /// `Term`, as written: with namespace or alias.
    pub term: Name<'a>,
    /// `Qualifier`.
    pub qualifier: Option<Text<'a>>,
    /// The value; absent where the term's default value is meant.
    pub value: Option<Expression<'a>>,
}

impl<'a> Annotation<'a> {
    pub(super) fn all(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Vec<Self> {
        // Most elements are empty; no iterator is built for them.
        if !node.has_children() {
            return Vec::new();
        }
        children(node)
            .filter(|(element, _)| *element == "Annotation")
            .filter_map(|(_, child)| Self::read(reader, child))
            .collect()
    }

    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let term = reader.required(node, "Term")?;
        let [qualifier] = attributes(node, ["Qualifier"]);
        Some(Annotation {
            term,
            qualifier: qualifier.map(|qualifier| text(qualifier.value_storage())),
            value: Expression::value(reader, node, 0),
        })
    }
}
