//! `NavigationProperty` (§8).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::reader::{Reader, attributes};
use super::type_expression::TypeExpression;

/// `NavigationProperty` (§8).
#[derive(Clone, Debug)]
pub struct NavigationProperty<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Type`.
    pub ty: TypeExpression<'a>,
    /// `Nullable`, if present.
    pub nullable: Option<bool>,
    /// `ContainsTarget`.
    pub contains_target: bool,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> NavigationProperty<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [name, ty, nullable, contains_target] =
            attributes(node, ["Name", "Type", "Nullable", "ContainsTarget"]);
        let name = reader.identifier(node, name);
        let ty = TypeExpression::read(reader, node, ty);
        let nullable = reader.boolean(nullable);
        let contains_target = reader.boolean(contains_target).unwrap_or(false);
        Some(NavigationProperty {
            name: name?,
            ty: ty?,
            nullable,
            contains_target,
            annotations: Annotation::all(reader, node),
        })
    }
}
