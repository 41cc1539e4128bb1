//! What is kept as a document.

use std::collections::BTreeMap;

use msgraph_csdl::document::{self, Document, Name, Text, TypeExpression};
use msgraph_csdl::model::{
    GRAPH_ENTITY, ItemType, StructuredType, TypeId, TypeKind, TypeReference, written_type,
};
use msgraph_csdl::source::Span;

use super::{Element, Slicer};
use crate::lower::SENTINEL;

impl<'a> Slicer<'_, 'a> {
    pub(super) fn document(&self) -> Document<'a> {
        let schema = self.schema;
        let span = self.input.manifest.span;
        let mut schemas: BTreeMap<Text<'a>, document::Schema<'a>> = BTreeMap::new();
        for id in &self.kept.types {
            let declaration = &schema[*id];
            let annotations = self.kept_annotations(Element::Type(*id));
            let name = declaration.name.clone();
            let to = of(&mut schemas, declaration.namespace.clone(), span);
            match &declaration.kind {
                TypeKind::Structured(ty) => {
                    to.structured_types.push(document::StructuredType {
                        annotations,
                        name,
                        ..self.structured(*id, ty)
                    });
                    to.annotations.extend(self.added(*id, ty));
                }
                TypeKind::Enumeration(ty) => {
                    // An enumeration has at least one member (OData CSDL XML 4.01 §10.3).
                    let many = match ty.members.last() {
                        _ if !self.kept.enumerations.contains(id) => 1,
                        // The sentinel says something of members behind it only.
                        Some(last) if last.name.text == SENTINEL => ty.members.len() - 1,
                        _ => ty.members.len(),
                    };
                    let members = ty.members.iter().enumerate().take(many.max(1));
                    to.enum_types.push(document::EnumType {
                        name,
                        is_flags: ty.is_flags,
                        underlying_type: ty.underlying_type.clone(),
                        members: members
                            .map(|(nth, member)| document::Member {
                                name: member.name.clone(),
                                value: member.value,
                                annotations: self.kept_annotations(Element::Member(*id, nth)),
                            })
                            .collect(),
                        annotations,
                    });
                }
                TypeKind::Definition(primitive) => {
                    let underlying = format!("Edm.{}", primitive.name());
                    to.type_definitions.push(document::TypeDefinition {
                        underlying_type: named(underlying, name.span),
                        name,
                        annotations,
                    });
                }
            }
        }
        for (nth, operation) in schema.operations().iter().enumerate() {
            let element = Element::Operation(nth);
            if self.kept.elements.contains(&element) {
                let operations =
                    &mut of(&mut schemas, operation.namespace.clone(), span).operations;
                operations.push(document::Operation {
                    kind: operation.kind,
                    name: operation.name.clone(),
                    is_bound: operation.is_bound,
                    is_composable: operation.is_composable,
                    parameters: operation
                        .parameters
                        .iter()
                        .map(|(name, ty)| document::Parameter {
                            name: name.clone(),
                            ty: self.written(*ty, name.span),
                            annotations: Vec::new(),
                        })
                        .collect(),
                    return_type: operation
                        .return_type
                        .map(|ty| self.written(ty, operation.name.span)),
                    annotations: self.kept_annotations(element),
                });
            }
        }
        if let Some((namespace, name)) = schema
            .container_name()
            .and_then(|name| name.rsplit_once('.'))
        {
            let children = self.children();
            // Without a path, the container only tells which namespace is the root.
            if !children.is_empty() || namespace != GRAPH_NAMESPACE {
                let namespace = Text::Owned(namespace.to_owned());
                let containers = &mut of(&mut schemas, namespace, span).containers;
                containers.push(document::EntityContainer {
                    name: named(name.to_owned(), span),
                    extends: None,
                    children,
                    annotations: Vec::new(),
                });
            }
        }
        // Types are written without aliases; a path of the manifest, or a text in an annotation, may have one.
        for (alias, namespace) in schema.aliases() {
            if let Some(to) = schemas.get_mut(namespace) {
                to.alias.get_or_insert_with(|| named(alias.clone(), span));
            }
        }
        Document {
            file: span.file,
            references: Vec::new(),
            schemas: schemas.into_values().collect(),
        }
    }

    fn structured(&self, id: TypeId, ty: &StructuredType<'a>) -> document::StructuredType<'a> {
        let schema = self.schema;
        let base = ty.base.filter(|base| self.kept.types.contains(base));
        let is_inherited = base
            .and_then(|base| schema.structured(base))
            .is_some_and(|base| base.is_open);
        let properties = ty.properties.iter().enumerate();
        let navigation = ty.navigation_properties.iter().enumerate();
        document::StructuredType {
            kind: ty.kind,
            name: schema[id].name.clone(),
            base_type: base.map(|base| named(schema[base].qualified_name(), schema[id].name.span)),
            is_abstract: ty.is_abstract,
            is_open: ty.is_open && !is_inherited,
            key: ty.key.clone().filter(|_| self.kept.keys.contains(&id)),
            properties: properties
                .filter(|(nth, _)| self.kept.elements.contains(&Element::Property(id, *nth)))
                .filter(|(_, property)| !property.is_added)
                .map(|(nth, property)| document::Property {
                    name: property.name.clone(),
                    ty: self.written(property.ty, property.name.span),
                    nullable: Some(property.nullable)
                        .filter(|nullable| *nullable == property.ty.is_collection),
                    annotations: self.kept_annotations(Element::Property(id, nth)),
                })
                .collect(),
            navigation_properties: navigation
                .filter(|(nth, _)| self.kept.elements.contains(&Element::Navigation(id, *nth)))
                .map(|(nth, property)| document::NavigationProperty {
                    name: property.name.clone(),
                    ty: self.written(
                        TypeReference {
                            is_collection: property.is_collection,
                            item: ItemType::Declared(property.target),
                        },
                        property.name.span,
                    ),
                    nullable: Some(false).filter(|_| !property.nullable),
                    contains_target: property.contains_target,
                    annotations: self.kept_annotations(Element::Navigation(id, nth)),
                })
                .collect(),
            annotations: Vec::new(),
        }
    }

    /// What a type says of properties that it inherits.
    fn added(&self, id: TypeId, ty: &StructuredType<'a>) -> Vec<document::TargetedAnnotations<'a>> {
        let declaration = &self.schema[id];
        let added = ty.inherited_annotations.iter().enumerate();
        added
            .map(|(nth, (property, _))| document::TargetedAnnotations {
                target: named(format!("{declaration}/{property}"), declaration.name.span),
                annotations: self.kept_annotations(Element::Inherited(id, nth)),
            })
            .filter(|targeted| !targeted.annotations.is_empty())
            .collect()
    }

    fn children(&self) -> Vec<document::ContainerChild<'a>> {
        let children = self.schema.container().iter().enumerate();
        children
            .filter(|(nth, _)| self.kept.elements.contains(&Element::Child(*nth)))
            .map(|(nth, child)| document::ContainerChild {
                kind: child.kind,
                name: child.name.clone(),
                ty: named(self.schema[child.ty].qualified_name(), child.name.span),
                bindings: Vec::new(),
                annotations: self.kept_annotations(Element::Child(nth)),
            })
            .collect()
    }

    fn written(&self, ty: TypeReference, span: Span) -> TypeExpression<'a> {
        let item = TypeReference {
            is_collection: false,
            ..ty
        };
        TypeExpression {
            is_collection: ty.is_collection,
            name: named(written_type(self.schema, item), span),
        }
    }
}

/// The namespace that is the root where there is no container.
const GRAPH_NAMESPACE: &str = GRAPH_ENTITY.0;

fn named<'a>(text: impl Into<Text<'a>>, span: Span) -> Name<'a> {
    Name {
        text: text.into(),
        span,
    }
}

/// The schema of a namespace, made where it is not there.
fn of<'m, 'a>(
    schemas: &'m mut BTreeMap<Text<'a>, document::Schema<'a>>,
    namespace: Text<'a>,
    span: Span,
) -> &'m mut document::Schema<'a> {
    let name = named(namespace.clone(), span);
    schemas.entry(namespace).or_insert_with(|| empty(name))
}

fn empty(namespace: Name<'_>) -> document::Schema<'_> {
    document::Schema {
        namespace,
        alias: None,
        structured_types: Vec::new(),
        enum_types: Vec::new(),
        type_definitions: Vec::new(),
        operations: Vec::new(),
        containers: Vec::new(),
        terms: Vec::new(),
        annotations: Vec::new(),
    }
}
