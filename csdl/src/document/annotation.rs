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
    /// The value; `None` for the default value of the term.
    pub value: Option<Expression<'a>>,
}

impl<'a> Annotation<'a> {
    pub(super) fn all(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Vec<Self> {
        // Fast path: most elements are empty.
        if !node.has_children() {
            return Vec::new();
        }
        children(node)
            .filter(|(element, _)| *element == "Annotation")
            .filter_map(|(_, child)| Self::read(reader, child))
            .collect()
    }

    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [term, qualifier] = attributes(node, ["Term", "Qualifier"]);
        let term = reader.present(node, term, "Term")?;
        Some(Annotation {
            term: reader.name(term),
            qualifier: qualifier.map(|qualifier| text(qualifier.value_storage())),
            value: Expression::value(reader, node, 0),
        })
    }
}
