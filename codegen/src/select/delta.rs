//! `delta = true`: collections of entities of which an update can change single items, by the manifest
//! or the facts.

use super::{Content, Field, Selector};
use crate::manifest::PropertySettings;
use msgraph_csdl::diagnostic::{Diagnostic, nearest_or};
use msgraph_csdl::model::{NavigationProperty, TypeId};

const HELP: &str = "it is for a navigation property that leads to a collection";

impl<'a> Selector<'_, 'a, '_> {
    /// The field of a collection's nested delta, where there is one.
    pub(super) fn delta(&mut self, ty: TypeId, property: &NavigationProperty<'a>) -> Option<Field> {
        let name = property.name.text.as_ref();
        if !property.is_collection || !self.takes_delta(ty, name) {
            return None;
        }
        Some(Field {
            property: name.to_owned(),
            content: Content::Delta(self.position(property.target)),
            nullable: false,
            is_key: false,
            replaces: false,
        })
    }

    fn takes_delta(&self, ty: TypeId, name: &str) -> bool {
        if !self.told.contains(name) {
            return false;
        }
        let (schema, manifest) = (self.schema(), self.inputs.manifest);
        let stated = schema.supertypes(ty).find_map(|ty| {
            let path = format!("{}/{name}", schema[ty]);
            let settings = manifest.properties.get(&path);
            let facts = || self.inputs.facts.properties.get(&path)?.delta;
            settings.and_then(|settings| settings.delta).or_else(facts)
        });
        stated == Some(true)
    }

    /// `delta` of a structural property.
    pub(super) fn check_no_delta(&mut self, name: &str, settings: &PropertySettings) {
        if settings.delta.is_some() {
            self.diagnostics.push(
                Diagnostic::error(settings.span, format!("`delta` does not apply to `{name}`"))
                    .help(HELP),
            );
        }
    }

    /// The settings of what is no structural property: a navigation property has `delta` alone.
    pub(super) fn check_navigation(
        &mut self,
        ty: TypeId,
        path: &str,
        name: &str,
        settings: &PropertySettings,
    ) {
        let is_other = settings.send.is_some() || settings.replaces.is_some();
        match self.schema().navigation_property(ty, name) {
            Some(_) if is_other => self.diagnostics.push(
                Diagnostic::error(
                    settings.span,
                    format!("`{name}` is a navigation property: of the settings, only `delta` applies to it"),
                )
                .help("to send its value in the body, name it in `inline` of its type"),
            ),
            Some((_, navigation)) if !navigation.is_collection => {
                self.check_no_delta(name, settings);
            }
            Some(_) => {}
            // One that could not be added has been reported.
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
        let schema = self.schema();
        let properties = schema.properties(ty);
        let navigation = schema.navigation_properties(ty);
        let navigation = navigation.iter().map(|(_, it)| it.name.text.as_ref());
        let names = properties.iter().map(|(_, it)| it.name.text.as_ref());
        let names = names.chain(navigation.filter(|_| settings.delta.is_some()));
        let owner = path.rsplit_once('/').map_or(path, |(owner, _)| owner);
        let help = nearest_or(
            name,
            names,
            "write the qualified type, a slash and the property",
        );
        self.diagnostics.push(
            Diagnostic::error(settings.span, format!("`{owner}` has no property `{name}`"))
                .help(help),
        );
    }
}
