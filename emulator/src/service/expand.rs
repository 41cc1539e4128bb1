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
            let own = entity.children.get(&expanded.name);
            let own = own.into_iter().flat_map(Child::entities).cloned();
            let references = entity.references.get(&expanded.name);
            let linked = references.into_iter().flatten();
            let linked = linked.filter_map(|it| tenant.target(&self.api.model, it));
            let targets = own.chain(linked).collect();
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
