//! An entity as it is read: JSON, ETag and references.

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::model::Model;
use crate::state::entity::{Child, Entity, inline_target, set_at};

impl Entity {
    /// The ETag. It changes with the entity and with what travels in its body.
    pub(crate) fn etag(&self, model: &Model) -> String {
        format!("W/\"{:08x}\"", self.last_change(model))
    }

    // As deep as inline navigation nests, which bodies and paths bound.
    fn last_change(&self, model: &Model) -> u64 {
        let inner = self
            .children
            .iter()
            .filter(|(path, _)| inline_target(model, self.ty, path).is_some())
            .flat_map(|(_, child)| child.entities())
            .map(|entity| entity.last_change(model));
        inner.fold(self.revision, u64::max)
    }

    /// The entity as JSON: its type where the place declares another, properties, and what travels
    /// in its body.
    pub(crate) fn json(&self, model: &Model, declared: TypeId) -> Map<String, Value> {
        let mut object = Map::new();
        if self.ty != declared {
            object.insert(
                "@odata.type".to_owned(),
                Value::String(format!("#{}", model.type_name(self.ty))),
            );
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
                set_at(&mut object, path, child.json(model, target));
            }
        }
        object
    }

    /// What is bound by reference, as a body would write it.
    pub(crate) fn references(&self) -> impl Iterator<Item = (String, Value)> {
        self.references.iter().map(|(path, urls)| {
            (
                format!("{path}@odata.bind"),
                urls.iter()
                    .map(|reference| reference.url.as_str())
                    .collect(),
            )
        })
    }
}

impl Child {
    fn entities(&self) -> Vec<&Entity> {
        match self {
            Child::One(entity) => entity.as_deref().into_iter().collect(),
            Child::Many(collection) => collection.items.iter().collect(),
        }
    }

    fn json(&self, model: &Model, declared: TypeId) -> Value {
        let object = |entity: &Entity| Value::Object(entity.json(model, declared));
        match self {
            Child::One(None) => Value::Null,
            Child::One(Some(entity)) => object(entity),
            Child::Many(collection) => collection.items.iter().map(object).collect(),
        }
    }
}
