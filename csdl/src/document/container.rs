//! `EntityContainer` (§13).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::reader::{Reader, attributes, children};

/// `EntityContainer` (§13).
#[derive(Debug)]
pub struct EntityContainer<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Extends`, as written.
    pub extends: Option<Name<'a>>,
    /// `EntitySet` (§13.2), `Singleton` (§13.3) and the imports, in document order.
    pub children: Vec<ContainerChild<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// The kind of a container child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerChildKind {
    /// `EntitySet`.
    EntitySet,
    /// `Singleton`.
    Singleton,
    /// `ActionImport` (§13.5) or `FunctionImport` (§13.6).
    OperationImport,
}

/// `EntitySet` (§13.2), `Singleton` (§13.3), `ActionImport` or `FunctionImport`.
#[derive(Debug)]
pub struct ContainerChild<'a> {
    /// What it is.
    pub kind: ContainerChildKind,
    /// `Name`.
    pub name: Name<'a>,
    /// `EntityType` of a set, `Type` of a singleton, the operation of an import; as written.
    pub ty: Name<'a>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> EntityContainer<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [name, extends] = attributes(node, ["Name", "Extends"]);
        let mut container = EntityContainer {
            name: reader.identifier(node, name)?,
            extends: extends.and_then(|extends| reader.qualified_name(extends)),
            children: Vec::new(),
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            let (kind, ty) = match element {
                "EntitySet" => (ContainerChildKind::EntitySet, "EntityType"),
                "Singleton" => (ContainerChildKind::Singleton, "Type"),
                "ActionImport" => (ContainerChildKind::OperationImport, "Action"),
                "FunctionImport" => (ContainerChildKind::OperationImport, "Function"),
                "Annotation" => {
                    let annotation = Annotation::read(reader, child);
                    container.annotations.extend(annotation);
                    continue;
                }
                _ => continue,
            };
            let child = ContainerChild::read(reader, kind, ty, child);
            container.children.extend(child);
        }
        Some(container)
    }
}

impl<'a> ContainerChild<'a> {
    /// `type_attribute` is the attribute that has `ty`.
    fn read(
        reader: &mut Reader<'_>,
        kind: ContainerChildKind,
        type_attribute: &str,
        node: Node<'_, 'a>,
    ) -> Option<Self> {
        let [name, ty] = attributes(node, ["Name", type_attribute]);
        let name = reader.identifier(node, name);
        let ty = reader
            .present(node, ty, type_attribute)
            .and_then(|ty| reader.qualified_name(ty));
        Some(ContainerChild {
            kind,
            name: name?,
            ty: ty?,
            annotations: Annotation::all(reader, node),
        })
    }
}
