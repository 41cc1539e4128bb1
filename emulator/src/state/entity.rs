//! Entities as they are stored.

pub(crate) mod collection;
pub(crate) mod content;

use std::collections::BTreeMap;

use msgraph_csdl::model::{ItemType, TypeId};
use serde_json::{Map, Value};

use crate::body::reference::Reference;
use crate::model::Model;
use crate::model::primitive;
use crate::state::entity::collection::Collection;
use crate::state::entity::content::Content;

/// A child value.
#[derive(Clone, Debug)]
pub(crate) enum Child {
    /// `None` after a deletion.
    One(Option<Box<Entity>>),
    Many(Collection),
}

/// An entity as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) ty: TypeId,
    /// Whether facts list the key. The service accepts such a key in any case.
    pub(crate) has_known_key: bool,
    pub(crate) revision: u64,
    pub(crate) properties: Map<String, Value>,
    pub(crate) children: BTreeMap<String, Child>,
    pub(crate) references: BTreeMap<String, Vec<Reference>>,
    /// Streams by the path of their property; the media stream of the entity has an empty path.
    pub(crate) contents: BTreeMap<String, Content>,
}

/// The result of a body: an entity's new properties, and the children and references that change.
#[derive(Debug)]
pub(crate) struct EntityUpdate {
    pub(crate) ty: TypeId,
    pub(crate) properties: Map<String, Value>,
    pub(crate) children: BTreeMap<String, Child>,
    pub(crate) references: BTreeMap<String, Vec<Reference>>,
}

impl Child {
    /// The child before any change.
    pub(super) fn initial(
        model: &Model,
        path: &[String],
        declared: TypeId,
        is_collection: bool,
    ) -> Self {
        match is_collection {
            true => Child::Many(Collection::initial(model, path, declared)),
            false => Child::One(Some(Box::new(Entity::new(model, declared, &[])))),
        }
    }
}

impl Entity {
    /// An entity before any change: its key, the defaults of facts, and empty collections.
    pub(crate) fn new(model: &Model, ty: TypeId, key: &[String]) -> Self {
        let mut entity = Entity {
            ty,
            has_known_key: false,
            revision: 0,
            properties: Map::new(),
            children: BTreeMap::new(),
            references: BTreeMap::new(),
            contents: BTreeMap::new(),
        };
        entity.set_key(model, key);
        entity.become_type(model, ty);
        entity
    }

    /// Sets the key properties to the key of a path.
    pub(crate) fn set_key(&mut self, model: &Model, key: &[String]) {
        for (name, text) in model.schema().key(self.ty).iter().zip(key) {
            let value = primitive::key_value(model.key_type(self.ty, &name.text), text);
            self.properties.insert(name.text.to_string(), value);
        }
    }

    /// Changes the type, and adds its defaults for properties without a value.
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

    /// Resets everything that updates can change.
    pub(crate) fn reset(&mut self, model: &Model, revision: u64) {
        let ty = self.ty;
        let schema = model.schema();
        self.properties.retain(|name, _| {
            let property = schema.property(ty, name);
            schema.key(ty).iter().any(|key| key.text == *name)
                || property.is_some_and(|property| model.is_read_only(ty, property))
        });
        self.reset_navigation(model);
        self.become_type(model, ty);
        self.revision = revision;
    }

    /// Removes inline entities and references.
    pub(crate) fn reset_navigation(&mut self, model: &Model) {
        let ty = self.ty;
        self.children
            .retain(|path, _| inline_target(model, ty, path).is_none());
        self.references.clear();
    }

    pub(crate) fn update(&mut self, model: &Model, update: EntityUpdate, revision: u64) {
        self.properties = update.properties;
        self.children.extend(update.children);
        self.references.extend(update.references);
        self.references.retain(|_, bound| !bound.is_empty());
        self.remove_detached();
        self.become_type(model, update.ty);
        self.revision = revision;
    }

    /// Sets the value at a path from the entity. Missing complex values on the way are created.
    pub(crate) fn set_property(&mut self, path: &[String], value: Value, revision: u64) {
        let mut properties = &mut self.properties;
        let Some((name, outer)) = path.split_last() else {
            return;
        };
        for name in outer {
            let inner = properties.entry(name).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            match inner {
                Value::Object(inner) => properties = inner,
                _ => return,
            }
        }
        properties.insert(name.clone(), value);
        self.remove_detached();
        self.revision = revision;
    }

    /// Removes children and references of complex values that no longer exist.
    fn remove_detached(&mut self) {
        let is_attached = |path: &String| {
            path.rsplit_once('/').is_none_or(|(owner, _)| {
                value_in(&self.properties, owner.split('/')).is_some_and(Value::is_object)
            })
        };
        self.children.retain(|path, _| is_attached(path));
        self.references.retain(|path, _| is_attached(path));
    }

    /// A value by the names from the entity inwards.
    pub(crate) fn value_at<'n>(&self, path: impl Iterator<Item = &'n str>) -> Option<&Value> {
        value_in(&self.properties, path)
    }
}

fn value_in<'v, 'n>(
    properties: &'v Map<String, Value>,
    mut path: impl Iterator<Item = &'n str>,
) -> Option<&'v Value> {
    let first = properties.get(path.next()?)?;
    path.try_fold(first, |value, name| value.get(name))
}

/// The type of a navigation property that is sent by value. `path` may go through complex properties.
pub(super) fn inline_target(model: &Model, ty: TypeId, path: &str) -> Option<TypeId> {
    let schema = model.schema();
    let mut names = path.split('/');
    let navigation = names.next_back()?;
    let ty = names.try_fold(ty, |ty, name| match schema.property(ty, name)?.ty.item {
        ItemType::Declared(ty) => Some(ty),
        ItemType::Primitive(_) => None,
    })?;
    let (_, property) = schema.navigation_property(ty, navigation)?;
    model.is_inline(ty, navigation).then_some(property.target)
}

/// Sets a property by its path, if the values on the way are objects.
pub(super) fn set_at(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('/') {
        None => drop(object.insert(path.to_owned(), value)),
        Some((name, rest)) => {
            if let Some(Value::Object(inner)) = object.get_mut(name) {
                set_at(inner, rest, value);
            }
        }
    }
}
