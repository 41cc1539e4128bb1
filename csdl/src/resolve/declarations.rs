//! Converts types and operations of a document to those of the model.

use super::parts::{Declared, TypeElement};
use super::resolver::Resolver;
use super::scope::Scope;
use crate::document::{self, Text};
use crate::model::{
    EnumType, ItemType, Member, NavigationProperty, Operation, Primitive, Property, StructuredType,
    TypeDeclaration, TypeKind,
};

impl<'a> Resolver<'a, '_> {
    pub(super) fn declaration(&mut self, declared: Declared<'a, '_>) -> TypeDeclaration<'a> {
        let scope = declared.scope;
        let (name, annotations, kind) = match declared.element {
            TypeElement::Structured(mut ty) => {
                let annotations = std::mem::take(&mut ty.annotations);
                (
                    ty.name.clone(),
                    annotations,
                    TypeKind::Structured(self.structured(scope, ty)),
                )
            }
            TypeElement::Enumeration(ty) => (ty.name, ty.annotations, {
                TypeKind::Enumeration(EnumType {
                    is_flags: ty.is_flags,
                    underlying_type: ty.underlying_type,
                    members: ty
                        .members
                        .into_iter()
                        .map(|member| Member {
                            name: member.name,
                            value: member.value,
                            annotations: self.canonical_terms(scope, member.annotations),
                        })
                        .collect(),
                })
            }),
            TypeElement::Definition(ty) => {
                let underlying = if ty.underlying_type.text.starts_with("Edm.") {
                    self.primitive(&ty.underlying_type)
                } else {
                    self.error(
                        ty.underlying_type.span,
                        format!("`{}` is not a primitive type", ty.underlying_type.text),
                        "a type definition names one of `Edm` (OData CSDL XML 4.01 §11)",
                    );
                    None
                };
                (
                    ty.name,
                    ty.annotations,
                    TypeKind::Definition(underlying.unwrap_or(Primitive::Untyped)),
                )
            }
        };
        TypeDeclaration {
            namespace: declared.namespace,
            name,
            annotations: self.canonical_terms(scope, annotations),
            kind,
        }
    }

    fn structured(
        &mut self,
        scope: &Scope<'a>,
        ty: document::StructuredType<'a>,
    ) -> StructuredType<'a> {
        let base = ty
            .base_type
            .as_ref()
            .and_then(|base| self.type_id(scope, base));
        let mut properties = Vec::with_capacity(ty.properties.len());
        for property in ty.properties {
            // An unknown type is reported, and its property omitted, because the run ends after
            // this stage.
            if let Some(reference) = self.type_reference(scope, &property.ty) {
                properties.push(Property {
                    nullable: property.nullable.unwrap_or(!reference.is_collection),
                    name: property.name,
                    ty: reference,
                    annotations: self.canonical_terms(scope, property.annotations),
                    is_added: false,
                });
            }
        }
        let mut navigation_properties = Vec::with_capacity(ty.navigation_properties.len());
        for property in ty.navigation_properties {
            navigation_properties.extend(self.navigation_property(scope, property));
        }
        StructuredType {
            kind: ty.kind,
            base,
            derived: Vec::new(),
            is_abstract: ty.is_abstract,
            is_open: ty.is_open,
            key: ty.key,
            properties,
            navigation_properties,
            inherited_annotations: Vec::new(),
        }
    }

    fn navigation_property(
        &mut self,
        scope: &Scope<'a>,
        property: document::NavigationProperty<'a>,
    ) -> Option<NavigationProperty<'a>> {
        let target = match self.item_type(scope, &property.ty.name)? {
            ItemType::Declared(target) => target,
            ItemType::Primitive(_) => {
                self.error(
                    property.ty.name.span,
                    format!(
                        "navigation property `{}` leads to a primitive type",
                        property.name.text
                    ),
                    "it must lead to an entity type (OData CSDL XML 4.01 §8.1)",
                );
                return None;
            }
        };
        if property.ty.is_collection && property.nullable.is_some() {
            self.error(
                property.name.span,
                format!(
                    "navigation property `{}` is collection-valued, but has `Nullable`",
                    property.name.text
                ),
                "remove `Nullable`: a collection cannot be null (OData CSDL XML 4.01 §8.3)",
            );
        }
        Some(NavigationProperty {
            name: property.name,
            target,
            is_collection: property.ty.is_collection,
            nullable: property.nullable.unwrap_or(true),
            contains_target: property.contains_target,
            annotations: self.canonical_terms(scope, property.annotations),
        })
    }

    pub(super) fn operation(
        &mut self,
        (scope, namespace, operation): (&Scope<'a>, Text<'a>, document::Operation<'a>),
    ) -> Option<Operation<'a>> {
        let return_type = match &operation.return_type {
            Some(ty) => Some(self.type_reference(scope, ty)?),
            None => None,
        };
        let parameters: Option<Vec<_>> = operation
            .parameters
            .into_iter()
            .map(|parameter| Some((parameter.name, self.type_reference(scope, &parameter.ty)?)))
            .collect();
        Some(Operation {
            kind: operation.kind,
            namespace,
            name: operation.name,
            is_bound: operation.is_bound,
            is_composable: operation.is_composable,
            parameters: parameters?,
            return_type,
            annotations: self.canonical_terms(scope, operation.annotations),
        })
    }
}
