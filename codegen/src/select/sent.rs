//! The types whose values a request sends. The others are only read, so they need no setters.

use std::collections::BTreeSet;

use super::{Content, Selector, TypeInRole};

impl Selector<'_, '_, '_> {
    /// Marks the types of bodies, the types that the manifest names, and the types of the properties that they send.
    pub(super) fn mark_sent(&mut self) {
        let bodies = self.updates.values();
        let bodies = bodies.flat_map(|update| self.body_types(update.body));
        let named = self.named.iter();
        let named = named.map(|ty| TypeInRole::body(self.schema(), *ty));
        let mut open: Vec<TypeInRole> = bodies.chain(named).collect();
        let mut sent = BTreeSet::new();
        while let Some(ty) = open.pop() {
            if sent.insert(ty)
                && let Some(selected) = self.selection.types.get(&ty)
            {
                let fields = selected.fields.iter();
                for field in fields.filter(|field| field.read_only.is_none()) {
                    if let Content::Structured(body, _) | Content::Delta(body) = field.content {
                        open.extend(self.body_types(body));
                    }
                }
            }
        }
        for (ty, selected) in &mut self.selection.types {
            selected.is_sent = sent.contains(ty);
        }
    }
}
