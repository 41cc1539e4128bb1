//! The elements that decide names.

use std::collections::BTreeSet;

use msgraph_csdl::model::TypeId;

use super::Slicer;
use crate::lower::modules::namespace_modules;
use crate::lower::type_names::rivals;

impl Slicer<'_, '_> {
    /// Keeps the types whose names collide with those of others.
    pub(super) fn keep_rivals(&mut self) {
        for rivals in rivals(self.schema, self.selection).into_values() {
            for rival in rivals {
                self.keep_type(rival.ty);
            }
        }
    }

    /// Keeps a type from each namespace that changes the name of a module.
    pub(super) fn keep_namespaces(&mut self) {
        let schema = self.schema;
        let all = namespace_modules(schema, &|_| true);
        loop {
            let namespace = |id: TypeId| schema[id].namespace.as_ref();
            let kept: BTreeSet<&str> = self.types.iter().map(|id| namespace(*id)).collect();
            let now = namespace_modules(schema, &|namespace| kept.contains(namespace));
            let selected = self.selection.types.keys();
            let wrong = selected
                .map(|id| namespace(id.ty))
                .find(|namespace| now.get(namespace) != all.get(namespace));
            // The first missing namespace, by name, that changes it.
            let missing = wrong.and_then(|wrong| {
                let mut types = schema.types().map(|(id, _)| id);
                types.find(|id| {
                    let other = namespace(*id);
                    other < wrong
                        && !kept.contains(other)
                        && namespace_modules(schema, &|namespace| {
                            kept.contains(namespace) || namespace == other
                        })
                        .get(wrong)
                            != now.get(wrong)
                })
            });
            match missing {
                Some(id) => self.keep_type(id),
                None => return,
            };
        }
    }
}
