//! Checks the settings of the manifest for types and properties.

use msgraph_csdl::diagnostic::{nearest, nearest_or};
use msgraph_csdl::model::{ItemType, Property, Schema, TypeId, TypeKind};
use msgraph_csdl::source::Span;

use super::Selector;
use crate::manifest::PropertySettings;

impl Selector<'_, '_, '_> {
    /// Rejects settings for types and properties that do not exist: they would have no effect.
    pub(super) fn check_settings(&mut self) {
        let input = self.input;
        for (name, settings) in &input.manifest.types {
            let Some(id) = self.named_type(name, settings.span) else {
                continue;
            };
            let navigation = input.schema.navigation_properties(id);
            for property in &settings.inline {
                let names = navigation.iter().map(|(_, it)| it.name.text.as_ref());
                if !names.clone().any(|name| name == property.text) {
                    let help = "only navigation properties can be inline";
                    self.error(
                        property.span,
                        format!("`{name}` has no navigation property `{}`", property.text),
                        nearest_or(&property.text, names, help),
                    );
                }
            }
        }
        for (path, settings) in &input.manifest.properties {
            let (ty, name) = path.rsplit_once('/').unwrap_or((path, ""));
            let Some(id) = self.named_type(ty, settings.span) else {
                continue;
            };
            match input.schema.property(id, name) {
                Some(property) => self.check_property(property, settings),
                None => self.check_navigation(id, path, name, settings),
            }
        }
    }

    /// A structured type that the manifest names.
    pub(super) fn named_type(&mut self, name: &str, span: Span) -> Option<TypeId> {
        let schema = self.schema();
        let is_query = self.is_query();
        let is_allowed =
            |id: TypeId| is_query || !matches!(schema[id].kind, TypeKind::Enumeration(_));
        if let Some(id) = schema.find(name) {
            let is_definition = matches!(schema[id].kind, TypeKind::Definition(_));
            if is_allowed(id) && !is_definition {
                return Some(id);
            }
            let message = format!("`{name}` is not a structured type");
            self.error(span, message, "name an entity type or a complex type");
            return None;
        }
        let mut help = Vec::new();
        let elsewhere = self.input.clouds_with(name);
        if !elsewhere.is_empty() {
            help.push(format!("{} has it", elsewhere.join(", ")));
        }
        let types = schema.types().filter(|(id, _)| is_allowed(*id));
        let types: Vec<String> = types.map(|(_, ty)| ty.qualified_name()).collect();
        if let Some(near) = nearest(name, types.iter().map(String::as_str)) {
            help.push(format!("did you mean {near}?"));
        }
        if help.is_empty() {
            help.push("write the qualified name, with the namespace and not an alias".to_owned());
        }
        let message = format!("{} has no type `{name}`", self.input.metadata_name());
        self.error(span, message, help.join("; "));
        None
    }

    fn check_property(&mut self, property: &Property<'_>, settings: &PropertySettings) {
        let name = &property.name.text;
        if settings.replaces.is_some() && !is_single_structured(self.schema(), property) {
            self.error(
                settings.span,
                format!("`replaces` does not apply to `{name}`"),
                "it is for single values of a complex or entity type; other values are always replaced",
            );
        }
        self.check_no_delta(name, settings);
    }

    fn check_no_delta(&mut self, name: &str, settings: &PropertySettings) {
        if settings.delta.is_some() {
            self.error(
                settings.span,
                format!("`delta` does not apply to `{name}`"),
                "it is for navigation properties with a collection of entities",
            );
        }
    }

    fn check_navigation(
        &mut self,
        ty: TypeId,
        path: &str,
        name: &str,
        settings: &PropertySettings,
    ) {
        let is_other = settings.send.is_some() || settings.replaces.is_some();
        match self.schema().navigation_property(ty, name) {
            Some(_) if is_other => self.error(
                settings.span,
                format!("`{name}` is a navigation property: only the setting `delta` applies"),
                "to send its value in the body, name it in `inline` of its type",
            ),
            Some((_, navigation)) if !navigation.is_collection => {
                self.check_no_delta(name, settings);
            }
            Some(_) => {}
            // A property that could not be added has been reported.
            None if settings.ty.is_some() => {}
            None => self.unknown_property(ty, path, name, settings),
        }
    }

    fn unknown_property(
        &mut self,
        ty: TypeId,
        path: &str,
        name: &str,
        settings: &PropertySettings,
    ) {
        let properties = self.schema().properties(ty);
        let navigation = self.schema().navigation_properties(ty);
        let navigation = navigation.iter().map(|(_, it)| it.name.text.as_ref());
        let names = properties.iter().map(|(_, it)| it.name.text.as_ref());
        let names = names.chain(navigation.filter(|_| settings.delta.is_some()));
        let owner = path.rsplit_once('/').map_or(path, |(owner, _)| owner);
        let help = "write the qualified type, a slash and the property";
        self.error(
            settings.span,
            format!("`{owner}` has no property `{name}`"),
            nearest_or(name, names, help),
        );
    }
}

pub(super) fn is_single_structured(schema: &Schema<'_>, property: &Property<'_>) -> bool {
    !property.ty.is_collection
        && matches!(property.ty.item, ItemType::Declared(ty) if schema.structured(ty).is_some())
}
