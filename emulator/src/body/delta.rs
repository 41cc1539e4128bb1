//! Nested deltas in bodies (`name@delta`, OData Protocol 4.01 §11.4.3.1): changes to single items of a
//! collection.

use msgraph_csdl::model::{NavigationProperty, TypeId};
use serde_json::{Map, Value};

use crate::body::change::{Changes, ItemChange};
use crate::body::location::At;
use crate::body::{BodyReader, ReadOnly};
use crate::model::key::{key_text, normalized};
use crate::rejection::Refusal;
use crate::state::entity::Entity;

/// The control information of an item that leaves the collection (OData JSON 4.01 §15.3).
const REMOVED: &str = "@removed";

/// The same in OData 4.0: the context of the item. Some pages of Graph's reference show it.
const DELETED_ENTITY: &str = "/$deletedEntity";

/// The navigation property whose items an annotation changes.
pub(super) fn changed_collection(name: &str) -> Option<&str> {
    name.strip_suffix("@delta")
        .or_else(|| name.strip_suffix("@odata.delta"))
}

impl<'m> BodyReader<'m> {
    /// Reads `name@delta` of a value of type `ty`; `path` leads from the entity to the collection.
    pub(super) fn delta(
        &self,
        at: &At<'_>,
        ty: TypeId,
        (path, name): (&str, &str),
        value: Value,
    ) -> Result<Vec<ItemChange>, Refusal> {
        let found = self.model.schema().navigation_property(ty, name);
        let Some((_, navigation)) = found.filter(|(_, navigation)| navigation.is_collection) else {
            return Err(Refusal::bad_request(format!(
                "'{at}' changes the items of '{name}', which is no navigation property of type '{}' \
                 that leads to a collection.",
                self.model.type_name(ty),
            )));
        };
        if !self.takes_delta {
            return Err(Refusal::bad_request(format!(
                "The nested delta '{at}' needs the header 'OData-Version: 4.01'."
            )));
        }
        let Value::Array(items) = value else {
            return Err(Refusal::bad_request(format!(
                "The value of '{at}' is not an array."
            )));
        };
        let items = items.into_iter().enumerate();
        items
            .map(|(index, item)| self.delta_item(at, index, (path, navigation), item))
            .collect()
    }

    fn delta_item(
        &self,
        at: &At<'_>,
        index: usize,
        (path, navigation): (&str, &NavigationProperty<'_>),
        item: Value,
    ) -> Result<ItemChange, Refusal> {
        let at = &at.item(index);
        let Value::Object(object) = item else {
            return Err(Refusal::bad_request(format!(
                "The value of '{at}' is not an object of type '{}'.",
                self.model.type_name(navigation.target),
            )));
        };
        let key = self.key_in(navigation.target, &object);
        if is_removed(at, &object)? {
            let no_key = || Refusal::bad_request(format!("The removed item '{at}' has no key."));
            return key.map(ItemChange::Removed).ok_or_else(no_key);
        }
        let there = |key: &Vec<String>| self.entity.and_then(|entity| entity.item(path, key));
        if let Some((key, item)) = key.and_then(|key| there(&key).map(|item| (key, item))) {
            let changes = self.changed_item(at, item, object)?;
            return Ok(ItemChange::Changed(key, changes));
        }
        let creation = BodyReader {
            current: None,
            entity: None,
            read_only: ReadOnly::Set,
            ..*self
        };
        let added = creation.new_entity(at, navigation.target, object)?;
        Ok(ItemChange::Added(added))
    }

    /// Reads changes to an item that is there, as an update at its own URL.
    fn changed_item(
        &self,
        at: &At<'_>,
        item: &'m Entity,
        object: Map<String, Value>,
    ) -> Result<Changes, Refusal> {
        let reader = self.updating(item);
        let named = reader.odata_type(&object, item.ty, at, true)?;
        match named.filter(|named| *named != item.ty) {
            Some(named) => Err(Refusal::bad_request(format!(
                "@odata.type '#{}' of '{at}' does not match the item, which is of type '{}'.",
                self.model.type_name(named),
                self.model.type_name(item.ty),
            ))),
            None => reader.entity(at, item.ty, object),
        }
    }

    /// The key that an object has, if it has all of it.
    fn key_in(&self, ty: TypeId, object: &Map<String, Value>) -> Option<Vec<String>> {
        let parts = self.model.schema().key(ty).iter().map(|part| {
            let value = object.get(part.text.as_ref())?;
            let ty = self.model.key_type(ty, &part.text);
            Some(normalized(ty, &key_text(value)))
        });
        parts.collect()
    }
}

/// Whether an item leaves the collection.
fn is_removed(at: &At<'_>, object: &Map<String, Value>) -> Result<bool, Refusal> {
    let Some(removed) = object.get(REMOVED) else {
        let context = object.get("@odata.context").and_then(Value::as_str);
        return Ok(context.is_some_and(|context| context.ends_with(DELETED_ENTITY)));
    };
    match removed.get("reason").and_then(Value::as_str) {
        Some("changed" | "deleted") => Ok(true),
        _ => Err(Refusal::bad_request(format!(
            "The value of '{}' is not an object with the reason 'changed' or 'deleted'.",
            at.name(REMOVED)
        ))),
    }
}
