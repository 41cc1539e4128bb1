//! Nested deltas (`name@delta`, OData Protocol 4.01 §11.4.3.1): changes to single items of a
//! collection.

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::body::BodyReader;
use crate::body::change::{Changes, ItemChange};
use crate::body::location::{Location, Part};
use crate::model::key::{key_text, normalized};
use crate::rejection::{Rejection, bad_request};
use crate::state::entity::Entity;

/// The collection that an annotation changes, if the annotation is a nested delta.
pub(super) fn delta_target(annotation: &str) -> Option<&str> {
    annotation
        .strip_suffix("@delta")
        .or_else(|| annotation.strip_suffix("@odata.delta"))
}

impl<'m> BodyReader<'m> {
    /// Reads `name@delta` in a value of type `ty`. `path` leads from the entity to the collection.
    pub(super) fn delta(
        &self,
        at: &Location<'_>,
        ty: TypeId,
        (path, name): (&str, &str),
        value: Value,
    ) -> Result<Vec<ItemChange>, Rejection> {
        let found = self.model.schema().navigation_property(ty, name);
        let Some((_, navigation)) = found.filter(|(_, navigation)| navigation.is_collection) else {
            return Err(bad_request!(
                "'{at}' changes the items of '{name}', which is not a collection-valued navigation \
                 property of type '{}'.",
                self.model.type_name(ty),
            ));
        };
        if !self.accepts_delta {
            return Err(bad_request!(
                "The nested delta '{at}' needs the header 'OData-Version: 4.01'."
            ));
        }
        let Value::Array(items) = value else {
            return Err(bad_request!("The value of '{at}' is not an array."));
        };
        let items = items.into_iter().enumerate().map(|(index, item)| {
            let at = at.inner(Part::DeltaItem(index));
            match item {
                Value::Object(object) => self.delta_item(&at, path, navigation.target, object),
                _ => Err(self.not_an_object(&at, navigation.target)),
            }
        });
        items.collect()
    }

    fn delta_item(
        &self,
        at: &Location<'_>,
        path: &str,
        target: TypeId,
        object: Map<String, Value>,
    ) -> Result<ItemChange, Rejection> {
        let key = self.key_in(target, &object);
        if is_removed(at, &object)? {
            let key = key.ok_or_else(|| bad_request!("The removed item '{at}' has no key."))?;
            return Ok(ItemChange::Removed(key));
        }
        if let Some(key) = key
            && let Some(item) = self.entity.and_then(|entity| entity.item(path, &key))
        {
            let changes = self.changed_item(at, item, object)?;
            return Ok(ItemChange::Changed(key, changes));
        }
        let added = self.creating().new_entity(at, target, object)?;
        Ok(ItemChange::Added(added))
    }

    /// Reads changes to an existing item, like an update at its own URL.
    fn changed_item(
        &self,
        at: &Location<'_>,
        item: &'m Entity,
        object: Map<String, Value>,
    ) -> Result<Changes, Rejection> {
        let reader = self.updating(item);
        let named = reader.odata_type(&object, item.ty, at, true)?;
        match named.filter(|named| *named != item.ty) {
            Some(named) => Err(bad_request!(
                "@odata.type '#{}' of '{at}' does not match the item, which is of type '{}'.",
                self.model.type_name(named),
                self.model.type_name(item.ty),
            )),
            None => reader.entity(at, item.ty, object),
        }
    }

    /// The key of an object, if it has all key properties.
    fn key_in(&self, ty: TypeId, object: &Map<String, Value>) -> Option<Vec<String>> {
        let parts = self.model.schema().key(ty).iter().map(|part| {
            let value = object.get(part.text.as_ref())?;
            let ty = self.model.key_type(ty, &part.text);
            Some(normalized(ty, &key_text(value)))
        });
        parts.collect()
    }
}

/// Whether an item is removed from the collection (OData JSON 4.01 §15.3).
fn is_removed(at: &Location<'_>, object: &Map<String, Value>) -> Result<bool, Rejection> {
    let Some(removed) = object.get("@removed") else {
        // The form of OData 4.0, on some pages of Graph's reference.
        let context = object.get("@odata.context").and_then(Value::as_str);
        return Ok(context.is_some_and(|context| context.ends_with("/$deletedEntity")));
    };
    match removed.get("reason").and_then(Value::as_str) {
        Some("changed" | "deleted") => Ok(true),
        _ => Err(bad_request!(
            "The value of '{}' is not an object with the reason 'changed' or 'deleted'.",
            at.property("@removed")
        )),
    }
}
