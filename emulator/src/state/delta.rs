//! Changes to single items of a collection.

use crate::body::change::ItemChange;
use crate::model::Model;
use crate::rejection::{Rejection, bad_request};
use crate::state::entity::collection::Collection;
use crate::state::entity::{Child, Entity};

impl Entity {
    /// The item with this key in the collection at a path from the entity.
    pub(crate) fn item(&self, path: &str, key: &[String]) -> Option<&Entity> {
        match self.children.get(path)? {
            Child::Many(collection) => collection.get(collection.find_values(key)?),
            Child::One(_) => None,
        }
    }

    /// The changed collection at a path from the entity.
    pub(super) fn changed_collection(
        &self,
        model: &Model,
        path: &str,
        changes: Vec<ItemChange>,
        revision: u64,
    ) -> Result<Collection, Rejection> {
        let mut collection = match self.children.get(path) {
            Some(Child::Many(collection)) => collection.clone(),
            _ => Collection::default(),
        };
        for change in changes {
            match change {
                ItemChange::Added(changes) => {
                    let entity = Entity::created(model, changes, revision)?;
                    collection.add(model, path, entity, revision)?;
                }
                ItemChange::Changed(key, changes) => {
                    let number = collection.find_values(&key);
                    let item = number.and_then(|number| collection.get_mut(number));
                    let item = item.ok_or_else(|| missing(path, &key))?;
                    item.apply(model, changes, revision)?;
                }
                ItemChange::Removed(key) => {
                    let number = collection.find_values(&key);
                    collection.remove(number.ok_or_else(|| missing(path, &key))?);
                }
            }
        }
        Ok(collection)
    }
}

fn missing(path: &str, key: &[String]) -> Rejection {
    bad_request!(
        "'{path}@delta' names an item with the key '{}', which is not in the collection.",
        key.join(",")
    )
}
