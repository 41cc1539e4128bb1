//! Converts types and operations of a document to those of the model.

use super::parts::{Declared, TypeElement};
use super::resolver::Resolver;
use super::scope::Scope;
use crate::document::{self, Text};
use crate::model::{
    ItemType, NavigationProperty, Operation, Parameter, Primitive, Property, StructuredType,
    TypeDeclaration, TypeKind,
};

impl<'a> Resolver<'a, '_> {
    pub(super) fn declaration(&mut self, declared: Declared<'a, '_>) -> TypeDeclaration<'a> {
        let scope = declared.scope;
        let (name, mut annotations, kind) = match declared.element {
            TypeElement::Structured(mut ty) => {
                let annotations = std::mem::take(&mut ty.annotations);
                let name = ty.name.clone();
                let ty = self.structured(scope, ty);
                (name, annotations, TypeKind::Structured(ty))
            }
            TypeElement::Enumeration(mut ty) => {
                for member in &mut ty.members {
                    self.canonical_terms(scope, &mut member.annotations);
                }
                let annotations = std::mem::take(&mut ty.annotations);
                (ty.name.clone(), annotations, TypeKind::Enumeration(ty))
            }
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
        self.canonical_terms(scope, &mut annotations);
        TypeDeclaration {
            namespace: declared.namespace,
            name,
            annotations,
            kind,
        }
    }

    fn structured(
        &mut self,
        scope: &Scope<'a>,
        mut declared: document::StructuredType<'a>,
    ) -> StructuredType<'a> {
        let base = declared.base_type.as_ref();
        let base = base.and_then(|base| self.type_id(scope, base));
        let mut properties = Vec::with_capacity(declared.properties.len());
        for property in std::mem::take(&mut declared.properties) {
            properties.extend(self.property(scope, property));
        }
        let mut navigation_properties = Vec::with_capacity(declared.navigation_properties.len());
        for property in std::mem::take(&mut declared.navigation_properties) {
            navigation_properties.extend(self.navigation_property(scope, property));
        }
        StructuredType {
            base,
            derived: Vec::new(),
            is_open: declared.is_open,
            properties,
            navigation_properties,
            inherited_annotations: Vec::new(),
            declared,
        }
    }

    fn property(
        &mut self,
        scope: &Scope<'a>,
        mut property: document::Property<'a>,
    ) -> Option<Property<'a>> {
        let ty = self.type_reference(scope, &property.ty)?;
        self.canonical_terms(scope, &mut property.annotations);
        Some(Property {
            ty,
            nullable: property.nullable.unwrap_or(!ty.is_collection),
            declared: property,
        })
    }

    fn navigation_property(
        &mut self,
        scope: &Scope<'a>,
        mut property: document::NavigationProperty<'a>,
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
        self.canonical_terms(scope, &mut property.annotations);
        Some(NavigationProperty {
            target,
            is_collection: property.ty.is_collection,
            nullable: property.nullable.unwrap_or(true),
            declared: property,
        })
    }

    pub(super) fn operation(
        &mut self,
        (scope, namespace, mut operation): (&Scope<'a>, Text<'a>, document::Operation<'a>),
    ) -> Option<Operation<'a>> {
        let return_type = match &operation.return_type {
            Some(ty) => Some(self.type_reference(scope, ty)?),
            None => None,
        };
        let parameters: Option<Vec<_>> = std::mem::take(&mut operation.parameters)
            .into_iter()
            .map(|parameter| self.parameter(scope, parameter))
            .collect();
        self.canonical_terms(scope, &mut operation.annotations);
        Some(Operation {
            namespace,
            parameters: parameters?,
            return_type,
            return_nullable: operation.return_nullable.unwrap_or(true),
            declared: operation,
        })
    }

    fn parameter(
        &mut self,
        scope: &Scope<'a>,
        mut parameter: document::Parameter<'a>,
    ) -> Option<Parameter<'a>> {
        self.canonical_terms(scope, &mut parameter.annotations);
        Some(Parameter {
            ty: self.type_reference(scope, &parameter.ty)?,
            nullable: parameter.nullable.unwrap_or(true),
            declared: parameter,
        })
    }
}
