//! The entities of navigation properties in the response to a GET, for `$expand`.

use serde_json::{Map, Value};

use crate::service::query::{Expanded, Options};
use crate::service::resource_request::ResourceRequest;
use crate::state::Tenant;
use crate::state::entity::{Child, Entity};

impl ResourceRequest<'_> {
    /// Adds the expanded navigation properties of an entity to its JSON.
    pub(super) fn expand(
        &self,
        tenant: &mut Tenant,
        entity: &Entity,
        options: &Options,
        object: &mut Map<String, Value>,
    ) {
        for expanded in &options.expanded {
            let mut targets: Vec<Entity> = match entity.children.get(&expanded.name) {
                Some(Child::Many(items)) => items.iter().cloned().collect(),
                Some(Child::One(target)) => target.as_deref().cloned().into_iter().collect(),
                None => Vec::new(),
            };
            let references = entity.references.get(&expanded.name);
            for reference in references.into_iter().flatten() {
                let located = tenant.locate(&self.api.model, reference);
                let target = located.and_then(|steps| {
                    let target = tenant.entity(&self.api.model, &steps);
                    target.ok().cloned()
                });
                targets.extend(target);
            }
            object.insert(expanded.name.clone(), self.expanded(expanded, targets));
        }
    }

    fn expanded(&self, expanded: &Expanded, targets: Vec<Entity>) -> Value {
        let json = |entity: &Entity| {
            Value::Object(self.object(entity, expanded.target, &expanded.options))
        };
        match targets.first() {
            _ if expanded.is_collection => targets.iter().map(json).collect(),
            Some(target) => json(target),
            // A contained entity exists from the start.
            None if expanded.is_contained => {
                json(&Entity::new(&self.api.model, expanded.target, &[]))
            }
            None => Value::Null,
        }
    }
}
