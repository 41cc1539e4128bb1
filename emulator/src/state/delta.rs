//! Changes to single items of a collection.

use crate::body::change::ItemChange;
use crate::model::Model;
use crate::rejection::Refusal;
use crate::state::apply::add_item;
use crate::state::entity::{Child, Collection, Entity};

impl Entity {
    /// The item with this key in a collection below the entity.
    pub(crate) fn item(&self, path: &str, key: &[String]) -> Option<&Entity> {
        match self.children.get(path)? {
            Child::Many(collection) => collection.items.get(collection.items.find(key)?),
            Child::One(_) => None,
        }
    }

    /// A collection below the entity after its items have changed.
    pub(super) fn changed_collection(
        &self,
        model: &Model,
        path: &str,
        changes: Vec<ItemChange>,
        revision: u64,
    ) -> Result<Child, Refusal> {
        let mut collection = match self.children.get(path) {
            Some(Child::Many(collection)) => collection.clone(),
            _ => Collection::default(),
        };
        let missing = |key: &[String]| {
            Refusal::bad_request(format!(
                "'{path}@delta' names an item with the key '{}', which is not in the collection.",
                key.join(",")
            ))
        };
        for change in changes {
            match change {
                ItemChange::Added(changes) => {
                    add_item(&mut collection.items, model, path, changes, revision)?;
                }
                ItemChange::Changed(key, changes) => {
                    let number = collection.items.find(&key);
                    let item = number.and_then(|number| collection.items.get_mut(number));
                    let item = item.ok_or_else(|| missing(&key))?;
                    item.apply(model, changes, revision)?;
                }
                ItemChange::Removed(key) => {
                    let number = collection.items.find(&key);
                    collection
                        .items
                        .remove(number.ok_or_else(|| missing(&key))?);
                }
            }
        }
        Ok(Child::Many(collection))
    }
}
