//! Values that a service replaces as a whole instead of merging.

use std::collections::BTreeSet;

use msgraph_csdl::model::{Property, TypeId};

use super::settings::is_single_structured;
use super::{Content, SelectedField, Selector, TypeInRole};

impl Selector<'_, '_, '_> {
    /// Whether an update of a value of this type removes or resets the properties that it omits.
    pub(super) fn type_replaces(&self, ty: TypeId) -> bool {
        let schema = self.schema();
        let replaces = schema.supertypes(ty).find_map(|ty| {
            let settings = &self.input.manifest.types;
            let settings = settings.get(&schema[ty].qualified_name());
            let configured = settings.and_then(|settings| settings.replaces);
            configured.or_else(|| self.input.facts.type_replaces(schema, ty))
        });
        replaces == Some(true)
    }

    /// As [`Selector::type_replaces`], for the value of one property.
    pub(super) fn property_replaces(&self, ty: TypeId, property: &Property<'_>) -> bool {
        let facts = &self.input.facts.properties;
        let replaces = self.configured(ty, &property.name.text, |_, path, settings| {
            let configured = settings.and_then(|settings| settings.replaces);
            configured.or_else(|| facts.get(path)?.replaces)
        });
        replaces == Some(true) && is_single_structured(self.schema(), property)
    }

    /// The structural and navigation properties that no value of the type sends.
    pub(super) fn not_sent(&self, ty: TypeInRole) -> Vec<String> {
        let Some(selected) = self.selection.types.get(&ty) else {
            return Vec::new();
        };
        let is_sent = |name: &str| {
            let mut fields = selected.fields.iter();
            fields.any(|field| field.property == name && field.is_value())
        };
        let navigation = self.schema().navigation_properties(ty.ty).into_iter();
        let navigation = navigation.map(|(_, property)| property.name.text.to_string());
        let omitted = selected.omitted.iter().map(|it| it.property.clone());
        let omitted: Vec<String> = omitted.collect();
        let navigation = navigation.filter(|name| !is_sent(name) && !omitted.contains(name));
        let read_only = selected.fields.iter();
        let read_only = read_only.filter(|field| field.omission.is_some() && field.is_value());
        let read_only = read_only.map(|field| field.property.clone());
        let not_sent = read_only.chain(navigation).collect();
        [omitted, not_sent].concat()
    }

    /// The selected types whose values the service replaces, alone or with the value that contains them.
    pub(super) fn replaced_types(&self) -> BTreeSet<TypeInRole> {
        let types = &self.selection.types;
        let fields = types.values().flat_map(|selected| &selected.fields);
        let by_property = fields.filter(|field| field.replaces);
        let by_type = types.iter().filter(|(_, selected)| selected.replaces);
        let mut open: Vec<TypeInRole> = by_type.map(|(ty, _)| *ty).collect();
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

    /// The types of a single structured value; items of a collection are sent unchanged.
    fn single_values(&self, field: &SelectedField) -> Vec<TypeInRole> {
        match field.content {
            Content::Structured(body, false) => self.body_types(body),
            _ => Vec::new(),
        }
    }
}
