//! `TypeDefinition` (§11).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::reader::{Reader, attributes};

/// `TypeDefinition` (§11).
#[derive(Debug)]
pub struct TypeDefinition<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `UnderlyingType`, as written.
    pub underlying_type: Name<'a>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> TypeDefinition<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [name, underlying] = attributes(node, ["Name", "UnderlyingType"]);
        let name = reader.identifier(node, name)?;
        let underlying = reader.present(node, underlying, "UnderlyingType")?;
        Some(TypeDefinition {
            name,
            underlying_type: reader.qualified_name(underlying)?,
            annotations: Annotation::all(reader, node),
        })
    }
}
