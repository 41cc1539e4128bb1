//! The items of a collection.

use std::collections::BTreeMap;

use msgraph_csdl::model::{Literal, TypeId};
use serde_json::Value;
use uuid::Uuid;

use crate::model::Model;
use crate::model::key::{key_text, normalized};
use crate::model::primitive;
use crate::path::Key;
use crate::rejection::{Rejection, Result, bad_request};
use crate::state::entity::{Child, Entity, set_at};

/// Entities, and the results of functions of their collection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collection {
    /// By number, in the order of creation.
    items: BTreeMap<u64, Entity>,
    /// The number of each key.
    numbers: BTreeMap<Vec<String>, u64>,
    /// The numbers of keys that facts list, in lower case.
    known: BTreeMap<Vec<String>, u64>,
    next_number: u64,
    pub(crate) functions: BTreeMap<String, Child>,
}

impl Collection {
    /// The items before any change: those that facts list.
    pub(crate) fn initial(model: &Model, path: &[String], declared: TypeId) -> Self {
        let mut collection = Collection::default();
        for known in model.known_keys(path) {
            // Facts are shared by all clouds and API versions, which may lack the type.
            let ty = model.schema().find(&known.ty);
            let Some(ty) = ty.filter(|ty| model.schema().is_subtype_of(*ty, declared)) else {
                continue;
            };
            let key = vec![known.value.clone()];
            let mut entity = Entity::new(model, ty, &key);
            entity.has_known_key = true;
            collection
                .known
                .insert(lower_case(&key), collection.next_number);
            collection.insert(key, entity);
        }
        collection
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.items.values()
    }

    /// The items of a type and its subtypes.
    pub(crate) fn of_type(&self, model: &Model, ty: TypeId) -> impl Iterator<Item = &Entity> {
        self.numbered(model, ty).map(|(_, entity)| entity)
    }

    /// The items of a type and its subtypes, each with its number.
    pub(crate) fn numbered(
        &self,
        model: &Model,
        ty: TypeId,
    ) -> impl Iterator<Item = (u64, &Entity)> {
        let items = self.items.iter();
        items
            .filter(move |(_, entity)| model.schema().is_subtype_of(entity.ty, ty))
            .map(|(number, entity)| (*number, entity))
    }

    /// The number of an item.
    pub(crate) fn find(&self, key: &Key) -> Option<u64> {
        let parts = match key {
            Key::Values(values) => return self.find_values(values),
            Key::Alternate(parts) => parts,
        };
        let has_value = |entity: &Entity, property: &str, value: &String| {
            let current = entity.value_at(property.split('/'));
            current.is_some_and(|current| key_text(current) == *value)
        };
        let mut items = self.items.iter();
        let found = items.find(|(_, entity)| {
            let mut parts = parts.iter();
            parts.all(|(property, value)| has_value(entity, property, value))
        });
        found.map(|(number, _)| *number)
    }

    /// The number of the item with these normalized key values.
    pub(crate) fn find_values(&self, key: &[String]) -> Option<u64> {
        let known = || self.known.get(&lower_case(key));
        self.numbers.get(key).or_else(known).copied()
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Entity> {
        self.items.get(&number)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entity> {
        self.items.values_mut()
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Entity> {
        self.items.get_mut(&number)
    }

    pub(crate) fn remove(&mut self, number: u64) {
        self.items.remove(&number);
        self.numbers.retain(|_, other| *other != number);
        self.known.retain(|_, other| *other != number);
    }

    /// Creates the item with a key, and returns its number. For an alternate key, the service chooses
    /// the key.
    pub(crate) fn create(&mut self, model: &Model, ty: TypeId, key: &Key, revision: u64) -> u64 {
        let values = match key {
            Key::Values(values) => values.clone(),
            Key::Alternate(_) => vec![self.new_key(revision)],
        };
        let mut entity = Entity::new(model, ty, &values);
        if let Key::Alternate(parts) = key {
            for (property, text) in parts {
                let value = primitive::key_value(model.key_type(ty, property), text);
                set_at(&mut entity.properties, property, value);
            }
        }
        self.insert(values, entity)
    }

    /// Adds a new entity of a body to the property `name`. The service chooses a missing key.
    pub(crate) fn add(
        &mut self,
        model: &Model,
        name: &str,
        mut entity: Entity,
        revision: u64,
    ) -> Result<()> {
        let key = self.key_of(model, &mut entity, revision);
        if self.find_values(&key).is_some() {
            return Err(bad_request!(
                "The property '{name}' contains more than one item with the key '{}'.",
                key.join(",")
            ));
        }
        self.insert(key, entity);
        Ok(())
    }

    /// Adds the entity of a POST, and returns its key. The key and the alternate keys must be unique.
    pub(crate) fn post(
        &mut self,
        model: &Model,
        mut entity: Entity,
        alternate_keys: &[Vec<String>],
    ) -> Result<Vec<String>> {
        let revision = entity.revision;
        let key = self.key_of(model, &mut entity, revision);
        if self.find_values(&key).is_some() {
            let names = model.schema().key(entity.ty).iter();
            let names: Vec<&str> = names.map(|name| name.text.as_ref()).collect();
            return Err(Rejection::already_exists(&names.join(",")));
        }
        for paths in alternate_keys {
            let values = |entity: &Entity| -> Option<Vec<String>> {
                let values = paths.iter().map(|path| {
                    let value = entity.value_at(path.split('/'))?;
                    (!value.is_null()).then(|| key_text(value).to_lowercase())
                });
                values.collect()
            };
            let new = values(&entity);
            if new.is_some() && self.iter().any(|other| values(other) == new) {
                return Err(Rejection::already_exists(&paths.join(",")));
            }
        }
        self.insert(key.clone(), entity);
        Ok(key)
    }

    /// The normalized key of a new entity, which the service chooses if the entity has none.
    fn key_of(&self, model: &Model, entity: &mut Entity, revision: u64) -> Vec<String> {
        let mut key = Vec::new();
        for part in model.schema().key(entity.ty) {
            let ty = model.key_type(entity.ty, &part.text);
            let value = entity.properties.entry(part.text.as_ref());
            let value = value.or_insert_with(|| match ty.literal() {
                Literal::Integer(..) => Value::from(self.next_number + 1),
                _ => Value::String(self.new_key(revision)),
            });
            key.push(normalized(ty, &key_text(value)));
        }
        key
    }

    fn insert(&mut self, key: Vec<String>, entity: Entity) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.numbers.insert(key, number);
        self.items.insert(number, entity);
        number
    }

    /// A key that is unique, and the same in each run.
    fn new_key(&self, revision: u64) -> String {
        let number = u128::from(revision) << 32 | u128::from(self.next_number);
        Uuid::from_u128(number).to_string()
    }
}

fn lower_case(key: &[String]) -> Vec<String> {
    key.iter().map(|part| part.to_ascii_lowercase()).collect()
}
