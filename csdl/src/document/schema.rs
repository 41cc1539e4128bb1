//! `Schema` (§5).

use roxmltree::Node;

use super::container::EntityContainer;
use super::enum_type::EnumType;
use super::name::Name;
use super::operation::{Operation, OperationKind};
use super::reader::{Reader, attributes, children};
use super::structured_type::{StructuredKind, StructuredType};
use super::targeted_annotations::TargetedAnnotations;
use super::type_definition::TypeDefinition;

/// `Schema` (§5).
#[derive(Debug)]
pub struct Schema<'a> {
    /// `Namespace` (§5.1).
    pub namespace: Name<'a>,
    /// `Alias` (§5.2). It applies to the whole document, even before its declaration.
    pub alias: Option<Name<'a>>,
    /// `EntityType` (§6) and `ComplexType` (§9).
    pub structured_types: Vec<StructuredType<'a>>,
    /// `EnumType` (§10).
    pub enum_types: Vec<EnumType<'a>>,
    /// `TypeDefinition` (§11).
    pub type_definitions: Vec<TypeDefinition<'a>>,
    /// `Action` and `Function` (§12).
    pub operations: Vec<Operation<'a>>,
    /// `EntityContainer` (§13).
    pub containers: Vec<EntityContainer<'a>>,
    /// `Annotations` with an external target (§14.2).
    pub annotations: Vec<TargetedAnnotations<'a>>,
}

impl<'a> Schema<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let namespace = reader.namespace(node)?;
        let [alias] = attributes(node, ["Alias"]);
        let mut schema = Schema {
            namespace,
            alias: alias.and_then(|alias| reader.alias(alias)),
            structured_types: Vec::new(),
            enum_types: Vec::new(),
            type_definitions: Vec::new(),
            operations: Vec::new(),
            containers: Vec::new(),
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            match element {
                "EntityType" => {
                    let ty = StructuredType::read(reader, StructuredKind::Entity, child);
                    schema.structured_types.extend(ty);
                }
                "ComplexType" => {
                    let ty = StructuredType::read(reader, StructuredKind::Complex, child);
                    schema.structured_types.extend(ty);
                }
                "EnumType" => schema.enum_types.extend(EnumType::read(reader, child)),
                "TypeDefinition" => schema
                    .type_definitions
                    .extend(TypeDefinition::read(reader, child)),
                "Action" => {
                    let action = Operation::read(reader, OperationKind::Action, child);
                    schema.operations.extend(action);
                }
                "Function" => {
                    let function = Operation::read(reader, OperationKind::Function, child);
                    schema.operations.extend(function);
                }
                "EntityContainer" => schema
                    .containers
                    .extend(EntityContainer::read(reader, child)),
                "Annotations" => schema
                    .annotations
                    .extend(TargetedAnnotations::read(reader, child)),
                _ => {}
            }
        }
        Some(schema)
    }
}
