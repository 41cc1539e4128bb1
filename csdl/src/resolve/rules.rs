//! Checks rules of OData CSDL XML 4.01 between elements, on the complete model.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Name, OperationKind};
use crate::model::{
    ItemType, Operation, Primitive, Property, Schema, StructuredType, TypeId, TypeKind,
};

/// Reports all violations.
pub(super) fn check(schema: &Schema<'_>, diagnostics: &mut Diagnostics) {
    let mut rules = Rules {
        schema,
        diagnostics,
    };
    for (id, declaration) in schema.types() {
        if let TypeKind::Structured(ty) = &declaration.kind {
            rules.properties(id, ty);
            rules.inherited(id, ty);
            rules.key(id, ty);
        }
    }
    for operation in &schema.operations {
        rules.operation(operation);
    }
}

/// Reports a property that redeclares an inherited one: an error if the types differ.
pub(super) fn redeclared(
    schema: &Schema<'_>,
    id: TypeId,
    base: TypeId,
    name: &Name<'_>,
) -> Diagnostic {
    let declared = |id| {
        let is_navigation = schema.structured(id).is_some_and(|ty| {
            let mut all = ty.navigation_properties.iter();
            all.any(|property| property.name.text == name.text)
        });
        let property = schema.declared_property(id, &name.text);
        (property.map(|property| property.ty), is_navigation)
    };
    let (text, declaration, base_type) = (&name.text, &schema[id], &schema[base]);
    if declared(id) == declared(base) {
        return Diagnostic::warning(
            name.span,
            format!("`{declaration}` redeclares `{text}`, inherited from `{base_type}`"),
        )
        .help("the declaration of the derived type is used");
    }
    Diagnostic::error(
        name.span,
        format!(
            "`{declaration}` redeclares `{text}`, inherited from `{base_type}`, with another type"
        ),
    )
    .help(
        "rename or remove it: a property name is unique in a type and its base types (OData CSDL XML \
         4.01 §7)",
    )
}

struct Rules<'s, 'a, 'd> {
    schema: &'s Schema<'a>,
    diagnostics: &'d mut Diagnostics,
}

impl Rules<'_, '_, '_> {
    fn error(&mut self, name: &Name<'_>, message: String, help: &str) {
        self.diagnostics
            .push(Diagnostic::error(name.span, message).help(help));
    }

    fn warning(&mut self, name: &Name<'_>, message: String, help: &str) {
        self.diagnostics
            .push(Diagnostic::warning(name.span, message).help(help));
    }

    /// Checks the types of properties: entity types for navigation properties, all others for
    /// structural ones.
    fn properties(&mut self, id: TypeId, ty: &StructuredType<'_>) {
        let schema = self.schema;
        for property in &ty.navigation_properties {
            if !schema.is_entity(property.target) {
                let name = &property.name;
                self.error(
                    name,
                    format!(
                        "navigation property `{}` of `{}` has type `{}`, which is not an entity type",
                        name.text, schema[id], schema[property.target]
                    ),
                    "declare it as `Property`, or name an entity type (OData CSDL XML 4.01 §8.2)",
                );
            }
        }
        for property in &ty.properties {
            if let ItemType::Declared(of) = property.ty.item
                && schema.is_entity(of)
            {
                let name = &property.name;
                self.error(
                    name,
                    format!(
                        "property `{}` of `{}` has entity type `{}`",
                        name.text, schema[id], schema[of]
                    ),
                    "declare it as `NavigationProperty` (OData CSDL XML 4.01 §7.1)",
                );
            }
        }
    }

    /// Checks that the base type of an abstract type is abstract.
    fn inherited(&mut self, id: TypeId, ty: &StructuredType<'_>) {
        let schema = self.schema;
        let base = ty.base.filter(|_| ty.is_abstract);
        if let Some(base) = base
            && schema
                .structured(base)
                .is_some_and(|base| !base.is_abstract)
        {
            self.warning(
                &schema[id].name,
                format!(
                    "`{}` is abstract, but its base type `{}` is not",
                    schema[id], schema[base]
                ),
                "an abstract type must have an abstract base type (OData CSDL XML 4.01 §6.3, §9.3)",
            );
        }
    }

    /// Checks that a key is declared once in an inheritance chain, and has primitive, non-nullable
    /// properties.
    fn key(&mut self, id: TypeId, ty: &StructuredType<'_>) {
        let schema = self.schema;
        let Some(key) = &ty.key else { return };
        let name = &schema[id].name;
        if key.is_empty() {
            self.error(
                name,
                format!("the key of `{}` is empty", schema[id]),
                "name at least one property (OData CSDL XML 4.01 §6.5)",
            );
        }
        if let Some(base) = ty.base.filter(|base| !schema.key(*base).is_empty()) {
            let base = &schema[base];
            self.error(
                key.first().unwrap_or(name),
                format!(
                    "`{}` has a key, but so has its base type `{base}`",
                    schema[id]
                ),
                "remove one of them (OData CSDL XML 4.01 §6.5)",
            );
        }
        let mut seen = HashSet::new();
        for part in key {
            if !seen.insert(part.text.as_ref()) {
                self.error(
                    part,
                    format!(
                        "`{}` is duplicated in the key of `{}`",
                        part.text, schema[id]
                    ),
                    "remove one of them (OData CSDL XML 4.01 §6.5)",
                );
            }
            let Some(property) = schema.property(id, &part.text) else {
                continue;
            };
            self.key_property(id, part, property);
        }
    }

    /// Checks that a key property is primitive and not nullable.
    fn key_property(&mut self, id: TypeId, part: &Name<'_>, property: &Property<'_>) {
        let schema = self.schema;
        let is_primitive = match property.ty.item {
            ItemType::Primitive(primitive) => {
                !matches!(primitive, Primitive::Stream | Primitive::Untyped)
            }
            ItemType::Declared(of) => schema.structured(of).is_none(),
        };
        if property.ty.is_collection || !is_primitive {
            self.error(
                part,
                format!(
                    "key property `{}` of `{}` does not have a primitive type",
                    part.text, schema[id]
                ),
                "key properties have primitive, enumeration or defined types (OData CSDL XML 4.01 §6.5)",
            );
        } else if property.nullable {
            self.error(
                part,
                format!(
                    "key property `{}` of `{}` is nullable",
                    part.text, schema[id]
                ),
                "add `Nullable=\"false\"` to the property (OData CSDL XML 4.01 §6.5)",
            );
        }
    }

    fn operation(&mut self, operation: &Operation<'_>) {
        let name = &operation.name;
        if operation.is_bound && operation.parameters.is_empty() {
            self.error(
                name,
                format!("`{}` is bound but has no parameter", name.text),
                "add the binding parameter (OData CSDL XML 4.01 §12.5)",
            );
        }
        if operation.kind == OperationKind::Function && operation.return_type.is_none() {
            self.error(
                name,
                format!("function `{}` has no `ReturnType`", name.text),
                "declare what it returns, or declare it as `Action` (OData CSDL XML 4.01 §12.8)",
            );
        }
        let mut seen = HashSet::new();
        for parameter in operation.parameters.iter().map(|it| &it.name) {
            if !seen.insert(parameter.text.as_ref()) {
                self.error(
                    parameter,
                    format!(
                        "parameter `{}` of `{}` is declared twice",
                        parameter.text, name.text
                    ),
                    "remove one of them (OData CSDL XML 4.01 §12.9)",
                );
            }
        }
    }
}
