//! The JSON, ETag and references of an entity.

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::model::Model;
use crate::state::entity::{Child, Entity, inline_target, set_at};

impl Entity {
    /// The ETag. It changes with the entity and with its inline entities.
    pub(crate) fn etag(&self, model: &Model) -> String {
        format!("W/\"{:08x}\"", self.last_change(model))
    }

    // The recursion is as deep as inline navigation nests, which bodies and paths bound.
    fn last_change(&self, model: &Model) -> u64 {
        let children = self.children.iter();
        let inner = children
            .filter(|(path, _)| inline_target(model, self.ty, path).is_some())
            .flat_map(|(_, child)| child.entities())
            .map(|entity| entity.last_change(model));
        inner.fold(self.revision, u64::max)
    }

    /// The properties and inline entities, and `@odata.type` if the declared type differs.
    pub(crate) fn json(&self, model: &Model, declared: TypeId) -> Map<String, Value> {
        let mut object = Map::new();
        if self.ty != declared {
            let name = format!("#{}", model.type_name(self.ty));
            object.insert("@odata.type".to_owned(), Value::String(name));
        }
        object.extend(self.properties.clone());
        for (_, navigation) in model.schema().navigation_properties(self.ty) {
            let name = navigation.name.text.as_ref();
            if navigation.is_collection && model.is_inline(self.ty, name) {
                object.insert(name.to_owned(), Value::Array(Vec::new()));
            }
        }
        for (path, child) in &self.children {
            if let Some(target) = inline_target(model, self.ty, path) {
                let mut entities = child.entities().into_iter();
                let json = |entity: &Entity| Value::Object(entity.json(model, target));
                let value = match child {
                    Child::One(_) => entities.next().map_or(Value::Null, json),
                    Child::Many(_) => entities.map(json).collect(),
                };
                set_at(&mut object, path, value);
            }
        }
        object
    }

    /// The references, in the form of a body.
    pub(crate) fn references(&self) -> impl Iterator<Item = (String, Value)> {
        self.references.iter().map(|(path, references)| {
            let urls = references.iter().map(|reference| reference.url.as_str());
            (format!("{path}@odata.bind"), urls.collect())
        })
    }
}

impl Child {
    pub(super) fn entities_mut(&mut self) -> Vec<&mut Entity> {
        match self {
            Child::One(entity) => entity.as_deref_mut().into_iter().collect(),
            Child::Many(collection) => collection.iter_mut().collect(),
        }
    }

    pub(crate) fn entities(&self) -> Vec<&Entity> {
        match self {
            Child::One(entity) => entity.as_deref().into_iter().collect(),
            Child::Many(collection) => collection.iter().collect(),
        }
    }
}
