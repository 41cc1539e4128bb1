//! What a service replaces as a whole instead of merging, by the manifest or the facts.

use std::collections::BTreeSet;

use msgraph_csdl::diagnostic::Diagnostic;
use msgraph_csdl::model::{ItemType, Property, Schema, TypeId};

use super::{Body, Content, Field, Selector};
use crate::manifest::PropertySettings;

impl Selector<'_, '_, '_> {
    /// Whether an update of a value of this type removes or resets what it leaves out.
    pub(super) fn type_replaces(&self, ty: TypeId) -> bool {
        let (schema, manifest) = (self.schema(), self.inputs.manifest);
        let stated = schema.supertypes(ty).find_map(|ty| {
            let settings = manifest.types.get(&schema[ty].qualified_name());
            settings
                .and_then(|settings| settings.replaces)
                .or_else(|| self.inputs.facts.type_replaces(schema, ty))
        });
        stated == Some(true)
    }

    /// The same, of the value of one property.
    pub(super) fn property_replaces(&self, ty: TypeId, property: &Property<'_>) -> bool {
        let (schema, manifest) = (self.schema(), self.inputs.manifest);
        let name = property.name.text.as_ref();
        if !self.told.contains(name) || !is_single_structured(schema, property) {
            return false;
        }
        let stated = schema.supertypes(ty).find_map(|ty| {
            let settings = manifest.properties.get(&format!("{}/{name}", schema[ty]));
            settings
                .and_then(|settings| settings.replaces)
                .or_else(|| self.inputs.facts.property_replaces(schema, ty, name))
        });
        stated == Some(true)
    }

    /// Only of a value with properties of its own can an update leave some out.
    pub(super) fn check_replaces(&mut self, property: &Property<'_>, settings: &PropertySettings) {
        if settings.replaces.is_some() && !is_single_structured(self.schema(), property) {
            let name = &property.name.text;
            self.diagnostics.push(
                Diagnostic::error(
                    settings.span,
                    format!("`replaces` does not apply to `{name}`"),
                )
                .help(
                    "it is for a single value of a complex or entity type; every other value is \
                     replaced anyway",
                ),
            );
        }
    }

    /// The properties that no update of the type sends, those included that lead elsewhere.
    pub(super) fn not_sent(&self, ty: TypeId) -> Vec<String> {
        let Some(selected) = self.selection.types.get(&ty) else {
            return Vec::new();
        };
        let by_value = |name: &str| {
            let mut fields = selected.fields.iter();
            fields.any(|field| {
                field.property == name
                    && !matches!(field.content, Content::Reference(_) | Content::Delta(_))
            })
        };
        let left_out = selected.left_out.iter().map(|it| it.property.clone());
        let navigation = self.schema().navigation_properties(ty);
        let navigation = navigation.iter().map(|(_, property)| &property.name.text);
        let elsewhere = navigation.filter(|name| !by_value(name));
        left_out
            .chain(elsewhere.map(|name| name.to_string()))
            .collect()
    }

    /// The selected types whose values stand in, or are, something that the service replaces.
    pub(super) fn replaced_types(&self) -> BTreeSet<TypeId> {
        let types = &self.selection.types;
        let fields = types.values().flat_map(|selected| &selected.fields);
        let by_property = fields.filter(|field| field.replaces);
        let by_type = types.iter().filter(|(_, selected)| selected.replaces);
        let mut open: Vec<TypeId> = by_type.map(|(ty, _)| *ty).collect();
        open.extend(by_property.flat_map(|field| self.single_values(field)));
        let mut replaced = BTreeSet::new();
        while let Some(ty) = open.pop() {
            if replaced.insert(ty)
                && let Some(selected) = types.get(&ty)
            {
                open.extend(selected.fields.iter().flat_map(|it| self.single_values(it)));
            }
        }
        replaced
    }

    /// The types of a field that holds a single structured value; items of a collection are sent as they are.
    fn single_values(&self, field: &Field) -> BTreeSet<TypeId> {
        match field.content {
            Content::Structured(Body::Type(ty), false) => BTreeSet::from([ty]),
            Content::Structured(Body::AnyOf(base), false) => self.union_members(base),
            _ => BTreeSet::new(),
        }
    }
}

fn is_single_structured(schema: &Schema<'_>, property: &Property<'_>) -> bool {
    !property.ty.is_collection
        && matches!(property.ty.item, ItemType::Declared(ty) if schema.structured(ty).is_some())
}
