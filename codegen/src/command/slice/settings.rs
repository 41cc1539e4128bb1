//! The elements that the manifest names.

use msgraph_csdl::path::{self, ResourcePath, Segment};

use super::Slicer;
use crate::manifest::EntryPath;
use crate::select::subtree::{excludes, paths_below};

impl Slicer<'_, '_> {
    /// Keeps the types and properties that have settings: they must exist even if they are not generated.
    pub(super) fn keep_configured(&mut self) {
        let (schema, manifest) = (self.schema, &self.input.manifest);
        for (name, settings) in &manifest.types {
            let Some(id) = schema.find(name) else {
                continue;
            };
            self.keep_type(id);
            for property in &settings.inline {
                self.keep_navigation(id, &property.text);
            }
        }
        for name in manifest.properties.keys() {
            let (ty, property) = name.rsplit_once('/').unwrap_or((name, ""));
            let Some(id) = schema.find(ty) else { continue };
            if self.keep_property(id, property).is_none() {
                self.keep_navigation(id, property);
            }
        }
    }

    /// Keeps one path or call for each pattern of an `exclude`: a pattern that excludes nothing is an error.
    pub(super) fn keep_excluded(&mut self) {
        let manifest = &self.input.manifest;
        let updates = manifest.updates.iter().map(|entry| &entry.at);
        let resources = manifest.resources.iter().map(|entry| &entry.at);
        for entry in updates.chain(resources) {
            self.keep_witnesses(entry, |_, path| vec![(path, None)]);
        }
        for entry in &manifest.calls {
            self.keep_witnesses(&entry.at, |slicer, path| {
                let calls = path::calls(slicer.schema, &path).into_iter();
                let calls = calls.filter_map(|call| {
                    let nth = slicer.schema.operation_index(call.operation)?;
                    Some((path.clone(), Some((call.segment, nth))))
                });
                calls.collect()
            });
        }
    }

    /// Keeps one witness for each pattern of an entry. `witnesses` are what the entry selects at a path.
    fn keep_witnesses(
        &mut self,
        entry: &EntryPath,
        witnesses: impl Fn(&Self, ResourcePath) -> Vec<Witness>,
    ) {
        let Some(prefix) = entry.subtree().filter(|_| !entry.exclude.is_empty()) else {
            return;
        };
        let paths = paths_below(self.schema, &self.input.facts, entry, prefix).unwrap_or_default();
        let all = paths.into_iter().flat_map(|path| witnesses(self, path));
        let all: Vec<(String, Witness)> = all.map(|it| (template(&it), it)).collect();
        for pattern in &entry.exclude {
            let matching = all.iter().filter(|(path, _)| excludes(&pattern.text, path));
            let shortest = matching.min_by_key(|(path, _)| (path.matches('/').count(), path));
            if let Some((_, witness)) = shortest {
                self.keep_witness(witness);
            }
        }
    }

    fn keep_witness(&mut self, (path, call): &Witness) {
        self.keep_path(path);
        if let Some((segment, nth)) = call {
            self.keep_call(Some(path), segment, *nth);
        }
    }
}

/// A path, or a call there with the index of the operation.
type Witness = (ResourcePath, Option<(Segment, usize)>);

fn template((path, call): &Witness) -> String {
    let template = path.template();
    match call {
        Some((segment, _)) => format!("{template}/{}", segment.text),
        None => template,
    }
}
