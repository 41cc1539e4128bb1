//! Nested deltas (`name@delta`, OData Protocol 4.01 §11.4.3.1): changes to single items of a
//! collection.

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::body::BodyReader;
use crate::body::location::Location;
use crate::model::key::{key_text, normalized};
use crate::rejection::{Result, bad_request};
use crate::state::entity::Child;
use crate::state::entity::collection::Collection;

/// The collection that an annotation changes, if the annotation is a nested delta.
pub(super) fn delta_target(annotation: &str) -> Option<&str> {
    annotation
        .strip_suffix("@delta")
        .or_else(|| annotation.strip_suffix("@odata.delta"))
}

impl BodyReader<'_> {
    /// Reads the delta of the collection at `path` from the entity, in a value of type `ty`.
    pub(super) fn delta(
        &self,
        at: &Location,
        path: &str,
        ty: TypeId,
        value: Value,
        current: Option<&Child>,
    ) -> Result<Child> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let found = self.model.schema().navigation_property(ty, name);
        let Some((_, navigation)) = found.filter(|(_, navigation)| navigation.is_collection) else {
            return Err(bad_request!(
                "'{at}': '{name}' is not a collection-valued navigation property of type '{}'.",
                self.model.type_name(ty),
            ));
        };
        if !self.accepts_delta {
            return Err(bad_request!(
                "The nested delta '{at}' requires the header 'OData-Version: 4.01'."
            ));
        }
        let Value::Array(items) = value else {
            return Err(bad_request!("The value of '{at}' is not an array."));
        };
        let current = match current {
            Some(Child::Many(collection)) => collection.clone(),
            _ => Collection::default(),
        };
        let mut collection = current.clone();
        for (index, item) in items.into_iter().enumerate() {
            let at = at.index(index);
            self.delta_item(
                &at,
                path,
                navigation.target,
                item,
                &current,
                &mut collection,
            )?;
        }
        Ok(Child::Many(collection))
    }

    fn delta_item(
        &self,
        at: &Location,
        path: &str,
        target: TypeId,
        item: Value,
        current: &Collection,
        collection: &mut Collection,
    ) -> Result<()> {
        let is_removed = is_removed(at, &item)?;
        let key = item.as_object().and_then(|item| self.key_in(target, item));
        let Some(key) = key.filter(|key| is_removed || current.find_values(key).is_some()) else {
            if is_removed {
                return Err(bad_request!("The removed item '{at}' has no key."));
            }
            let added = self.child(at, target, item, None)?;
            return collection.add(self.model, path, added, self.revision);
        };
        let number = collection.find_values(&key).ok_or_else(|| {
            bad_request!(
                "'{path}@delta' names an item with the key '{}', which is not in the collection.",
                key.join(",")
            )
        })?;
        if is_removed {
            collection.remove(number);
        } else if let (Some(current), Value::Object(object)) = (collection.get_mut(number), item) {
            let ty = current.ty;
            let named = self.odata_type(&object, ty, at, true)?;
            if let Some(named) = named.filter(|named| *named != ty) {
                return Err(bad_request!(
                    "@odata.type '#{}' of '{at}' does not match the item, which is of type '{}'.",
                    self.model.type_name(named),
                    self.model.type_name(ty),
                ));
            }
            let replaces = false;
            let reader = BodyReader { replaces, ..*self };
            let update = reader.entity(at, current, ty, object)?;
            current.update(self.model, update, self.revision);
        }
        Ok(())
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
fn is_removed(at: &Location, item: &Value) -> Result<bool> {
    let Some(removed) = item.get("@removed") else {
        // The form of OData 4.0, on some pages of Graph's reference.
        let context = item.get("@odata.context").and_then(Value::as_str);
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
