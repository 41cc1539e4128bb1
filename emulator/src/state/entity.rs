//! Entities and collections as they are stored, and as they are before anybody changed them.

use std::collections::BTreeMap;

use msgraph_csdl::model::{ItemType, TypeId};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::body::reference::Reference;
use crate::model::Model;
use crate::model::key::key_text;
use crate::model::primitive;
use crate::path::Key;
use crate::state::keyed::Keyed;

/// What a name leads to.
#[derive(Clone, Debug)]
pub(crate) enum Child {
    /// `None` after it was deleted.
    One(Option<Box<Entity>>),
    Many(Collection),
}

/// Entities, and what the functions of their collection lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collection {
    pub(crate) items: Keyed<Entity>,
    pub(super) functions: BTreeMap<String, Child>,
}

/// An entity as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) ty: TypeId,
    /// Whether facts name the key, which then matches in any case, as the service reads it.
    pub(crate) has_known_key: bool,
    pub(super) revision: u64,
    pub(crate) properties: Map<String, Value>,
    pub(super) children: BTreeMap<String, Child>,
    pub(super) references: BTreeMap<String, Vec<Reference>>,
}

impl Child {
    /// What is there before anything was done.
    pub(super) fn initial(
        model: &Model,
        path: &[String],
        declared: TypeId,
        is_collection: bool,
    ) -> Self {
        if !is_collection {
            return Child::One(Some(Box::new(Entity::new(model, declared, &[]))));
        }
        let mut collection = Collection::default();
        for known in model.known_keys(path) {
            // Facts are for all clouds and versions; not every one has every type.
            let ty = model.schema().find(&known.ty);
            let Some(ty) = ty.filter(|ty| model.schema().is_subtype_of(*ty, declared)) else {
                continue;
            };
            let key = [known.value.clone()];
            let mut entity = Entity::new(model, ty, &key);
            entity.has_known_key = true;
            collection.items.insert_known(&key, entity);
        }
        Child::Many(collection)
    }
}

impl Collection {
    /// Adds an item, and returns its number. If the path has an alternate key, the service chooses the
    /// key.
    pub(super) fn create(&mut self, model: &Model, ty: TypeId, key: &Key, revision: u64) -> u64 {
        let chosen;
        let values = match key {
            Key::Values(values) => values,
            Key::Alternate(_) => {
                chosen = vec![chosen_key(revision, self.items.next_number())];
                &chosen
            }
        };
        let mut entity = Entity::new(model, ty, values);
        if let Key::Alternate(parts) = key {
            for (property, text) in parts {
                let value = primitive::key_value(model.key_type(ty, property), text);
                set_at(&mut entity.properties, property, value);
            }
        }
        self.items.insert(values.clone(), entity)
    }

    /// The number of the item with a key.
    pub(super) fn find(&self, key: &Key) -> Option<u64> {
        match key {
            Key::Values(values) => self.items.find(values),
            Key::Alternate(parts) => self.items.find_by(|entity| {
                parts.iter().all(|(property, want)| {
                    let have = entity.value_at(&format!("/{property}")).map(key_text);
                    have.as_ref() == Some(want)
                })
            }),
        }
    }
}

impl Entity {
    /// An entity as it is before anybody changed it: its key, the defaults that facts state, and
    /// empty collections.
    pub(super) fn new(model: &Model, ty: TypeId, key: &[String]) -> Self {
        let mut entity = Entity {
            ty,
            has_known_key: false,
            revision: 0,
            properties: Map::new(),
            children: BTreeMap::new(),
            references: BTreeMap::new(),
        };
        for (name, text) in model.schema().key(ty).iter().zip(key) {
            let value = primitive::key_value(model.key_type(ty, &name.text), text);
            entity.properties.insert(name.text.to_string(), value);
        }
        entity.become_type(model, ty);
        entity
    }

    /// Gives the entity its type, and what the type adds where nothing is set.
    pub(super) fn become_type(&mut self, model: &Model, ty: TypeId) {
        self.ty = ty;
        for (_, property) in model.schema().properties(ty) {
            let name = property.name.text.as_ref();
            let empty = property.ty.is_collection.then(|| Value::Array(Vec::new()));
            if let Some(value) = model.default_value(ty, name).or(empty) {
                self.properties.entry(name).or_insert(value);
            }
        }
    }

    /// Changes the ETag and nothing else.
    pub(crate) fn touch(&mut self, revision: u64) {
        self.revision = revision;
    }

    /// Puts everything that an update could have changed back.
    pub(crate) fn reset(&mut self, model: &Model, revision: u64) {
        let ty = self.ty;
        let schema = model.schema();
        self.properties.retain(|name, _| {
            schema.key(ty).iter().any(|key| key.text == *name)
                || schema
                    .property(ty, name)
                    .is_some_and(|property| model.is_read_only(ty, property))
        });
        self.children
            .retain(|path, _| inline_target(model, self.ty, path).is_none());
        self.references.clear();
        self.become_type(model, self.ty);
        self.revision = revision;
    }

    /// A value by the names from the entity inwards, each with a slash before it.
    pub(crate) fn value_at(&self, pointer: &str) -> Option<&Value> {
        value_in(&self.properties, pointer.split('/').skip(1))
    }
}

/// A key that no other change gives.
pub(super) fn chosen_key(revision: u64, number: u64) -> String {
    let number = u128::from(revision) << 32 | u128::from(number);
    Uuid::from_u128(number).to_string()
}

/// The type that a navigation property leads to, where it travels in the body by value;
/// `path` may go through complex properties.
pub(super) fn inline_target(model: &Model, ty: TypeId, path: &str) -> Option<TypeId> {
    let (complex, name) = match path.rsplit_once('/') {
        Some((complex, name)) => (complex.split('/').collect(), name),
        None => (Vec::new(), path),
    };
    let ty = complex.into_iter().try_fold(ty, |ty, name| {
        match model.schema().property(ty, name)?.ty.item {
            ItemType::Declared(ty) => Some(ty),
            ItemType::Primitive(_) => None,
        }
    })?;
    let (_, navigation) = model.schema().navigation_property(ty, name)?;
    model.is_inline(ty, name).then_some(navigation.target)
}

pub(super) fn value_in<'v, 'n>(
    properties: &'v Map<String, Value>,
    mut names: impl Iterator<Item = &'n str>,
) -> Option<&'v Value> {
    let first = properties.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

pub(super) fn set_at(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('/') {
        None => {
            object.insert(path.to_owned(), value);
        }
        Some((name, rest)) => {
            if let Some(Value::Object(inner)) = object.get_mut(name) {
                set_at(inner, rest, value);
            }
        }
    }
}
