//! The first pass: collects the parts of all documents by kind, the types and operations ordered by name.

use super::scope::Scope;
use crate::document::{
    Document, EntityContainer, EnumType, Name, Operation, StructuredType, TargetedAnnotations,
    Text, TypeDefinition,
};

/// The parts of all documents, each with the scope of its names.
#[derive(Default)]
pub(super) struct Parts<'a, 's> {
    pub(super) types: Vec<Declared<'a, 's>>,
    pub(super) operations: Vec<(&'s Scope<'a>, Text<'a>, Operation<'a>)>,
    pub(super) containers: Vec<(&'s Scope<'a>, Text<'a>, EntityContainer<'a>)>,
    pub(super) annotations: Vec<(&'s Scope<'a>, TargetedAnnotations<'a>)>,
}

pub(super) struct Declared<'a, 's> {
    pub(super) scope: &'s Scope<'a>,
    pub(super) namespace: Text<'a>,
    pub(super) element: TypeElement<'a>,
}

pub(super) enum TypeElement<'a> {
    Structured(StructuredType<'a>),
    Enumeration(EnumType<'a>),
    Definition(TypeDefinition<'a>),
}

impl<'a> Declared<'a, '_> {
    pub(super) fn name(&self) -> &Name<'a> {
        match &self.element {
            TypeElement::Structured(ty) => &ty.name,
            TypeElement::Enumeration(ty) => &ty.name,
            TypeElement::Definition(ty) => &ty.name,
        }
    }
}

impl<'a, 's> Parts<'a, 's> {
    pub(super) fn take(&mut self, document: Document<'a>, scope: &'s Scope<'a>) {
        for schema in document.schemas {
            let namespace = schema.namespace.text;
            let structured = schema
                .structured_types
                .into_iter()
                .map(TypeElement::Structured);
            let enums = schema.enum_types.into_iter().map(TypeElement::Enumeration);
            let definitions = schema
                .type_definitions
                .into_iter()
                .map(TypeElement::Definition);
            self.types.extend(
                structured
                    .chain(enums)
                    .chain(definitions)
                    .map(|element| Declared {
                        scope,
                        namespace: namespace.clone(),
                        element,
                    }),
            );
            let operations = schema.operations.into_iter();
            self.operations
                .extend(operations.map(|operation| (scope, namespace.clone(), operation)));
            let containers = schema.containers.into_iter();
            self.containers
                .extend(containers.map(|container| (scope, namespace.clone(), container)));
            let annotations = schema.annotations.into_iter();
            self.annotations
                .extend(annotations.map(|targeted| (scope, targeted)));
        }
    }

    pub(super) fn sort(&mut self) {
        // Moving the types is expensive.
        self.types
            .sort_by_cached_key(|ty| (ty.namespace.clone(), ty.name().text.clone()));
        // Overloads are ordered by their parameters, so their order in the file does not matter.
        self.operations.sort_by(|(_, a, one), (_, b, other)| {
            let names = (a, &one.name.text).cmp(&(b, &other.name.text));
            names.then_with(|| parameters(one).cmp(parameters(other)))
        });
    }
}

fn parameters<'o, 'a>(
    operation: &'o Operation<'a>,
) -> impl Iterator<Item = (&'o Text<'a>, &'o Text<'a>)> {
    let parameters = operation.parameters.iter();
    parameters.map(|parameter| (&parameter.ty.name.text, &parameter.name.text))
}
