//! `Property` (§7).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::reader::{Reader, attributes};
use super::type_expression::TypeExpression;

/// `Property` (§7).
#[derive(Clone, Debug)]
pub struct Property<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Type`.
    pub ty: TypeExpression<'a>,
    /// `Nullable`, if present. For a collection, it applies to the items.
    pub nullable: Option<bool>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> Property<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [name, ty, nullable] = attributes(node, ["Name", "Type", "Nullable"]);
        let name = reader.property_name(node, name);
        let ty = TypeExpression::read(reader, node, ty);
        let nullable = reader.boolean(nullable);
        Some(Property {
            name: name?,
            ty: ty?,
            nullable,
            annotations: Annotation::all(reader, node),
        })
    }
}
