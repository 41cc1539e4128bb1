//! The elements that the manifest names.

use msgraph_csdl::path::ResourcePath;

use super::Slicer;
use crate::manifest::Update;
use crate::select::subtree::{excludes, paths_below, subtree};

impl Slicer<'_, '_> {
    /// Keeps the types and properties that have settings: they must exist even if they are not generated.
    pub(super) fn keep_configured(&mut self) {
        let (schema, manifest) = (self.schema, &self.input.manifest);
        for (name, settings) in &manifest.types {
            let Some(id) = schema.find(name) else {
                continue;
            };
            self.kept.types.insert(id);
            for property in &settings.inline {
                if let Some((declaring, _)) = schema.navigation_property(id, &property.text) {
                    self.keep_supertypes(id, declaring);
                    self.keep_navigation(declaring, &property.text);
                }
            }
        }
        for name in manifest.properties.keys() {
            let (ty, property) = name.rsplit_once('/').unwrap_or((name, ""));
            let Some(id) = schema.find(ty) else { continue };
            if self.keep_inherited(id, property).is_some() {
                continue;
            }
            if let Some((declaring, _)) = schema.navigation_property(id, property) {
                self.keep_supertypes(id, declaring);
                self.keep_navigation(declaring, property);
            }
        }
    }

    /// Keeps one path for each pattern of an `exclude`: a pattern that excludes nothing is an error.
    pub(super) fn keep_excluded(&mut self, update: &Update) {
        let Some(prefix) = subtree(update) else {
            return;
        };
        for pattern in &update.exclude {
            let mut paths =
                paths_below(self.schema, &self.input.facts, update, prefix).unwrap_or_default();
            paths.retain(|path| excludes(&pattern.text, &path.template()));
            let cost = |path: &ResourcePath| {
                let mut with = self.clone();
                with.keep_path(path);
                with.kept.types.len() + with.kept.elements.len()
            };
            // The cheapest path, and for speed only among the shortest.
            let shortest = paths.iter().map(|path| path.segments.len()).min();
            paths.retain(|path| Some(path.segments.len()) == shortest);
            if let Some(witness) = paths
                .iter()
                .min_by_key(|path| (cost(path), path.template()))
            {
                self.keep_path(witness);
            }
        }
    }
}
