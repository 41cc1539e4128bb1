//! `Term` (§14.1).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::reader::{Reader, attributes};
use super::type_expression::TypeExpression;

/// `Term` (§14.1).
#[derive(Debug)]
pub struct Term<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Type`.
    pub ty: TypeExpression<'a>,
    /// `DefaultValue`, as written.
    pub default_value: Option<Name<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> Term<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [name, ty, default_value] = attributes(node, ["Name", "Type", "DefaultValue"]);
        let name = reader.identifier(node, name);
        let ty = TypeExpression::read(reader, node, ty);
        Some(Term {
            name: name?,
            ty: ty?,
            default_value: default_value.map(|value| reader.name(value)),
            annotations: Annotation::all(reader, node),
        })
    }
}
