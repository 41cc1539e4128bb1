//! The types whose values a request sends. The others are only read, so they need no setters.

use std::collections::BTreeSet;

use super::{Selector, TypeInRole};
use crate::ir::{Method, Role};

impl Selector<'_, '_, '_> {
    /// Marks the types of bodies, the types that the manifest names, and the types of the properties that they send.
    pub(super) fn mark_sent(&mut self) {
        let operations = self.operations.values();
        let bodies = operations.flat_map(|operation| {
            let by_post = operation.kind.method() == Method::Post;
            let types = operation.body.into_iter();
            let types = types.flat_map(|body| self.body_types(body));
            types.map(move |ty| (ty, by_post))
        });
        let calls = self.operations.values().filter_map(|it| it.call.as_ref());
        let parameters = calls.filter_map(|call| call.parameters.as_ref());
        let parameters = parameters.flat_map(|of| &of.parameters);
        let parameters = parameters.filter_map(|parameter| parameter.field.content.body());
        let parameters = parameters.flat_map(|body| self.body_types(body));
        let parameters = parameters.map(|ty| (ty, true));
        let named = self.named.iter();
        let named = named.map(|ty| TypeInRole::body(self.schema(), *ty));
        // Any request may send a named type, but only an update sends a patch.
        let named = named.map(|ty| (ty, ty.role != Role::Patch));
        let sent = self.sent(bodies.chain(parameters).chain(named).collect());
        for (ty, selected) in &mut self.selection.types {
            selected.is_posted = sent.contains(&(*ty, true));
            selected.is_sent = selected.is_posted || sent.contains(&(*ty, false));
            selected.has_values_only = ty.role == Role::Plain && !selected.is_sent;
        }
    }

    /// These types and those of the properties that they send, each with whether a POST sends it.
    fn sent(&self, mut open: Vec<(TypeInRole, bool)>) -> BTreeSet<(TypeInRole, bool)> {
        let mut sent = BTreeSet::new();
        while let Some((ty, by_post)) = open.pop() {
            if sent.insert((ty, by_post))
                && let Some(selected) = self.selection.types.get(&ty)
            {
                let fields = selected.fields.iter();
                let fields = fields.filter(|field| field.is_sent(by_post));
                let bodies = fields.filter_map(|field| field.content.body());
                let types = bodies.flat_map(|body| self.body_types(body));
                open.extend(types.map(|ty| (ty, by_post)));
            }
        }
        sent
    }
}
