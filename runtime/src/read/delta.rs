//! Items of nested deltas and of delta functions.

use serde_json::Value as Json;

use crate::body::delta::{DeltaItem, REMOVED, Removal};
use crate::read::notes::{PathSegment, ReadNotes};
use crate::read::readable::ReadValue;

impl<T: ReadValue> ReadValue for DeltaItem<T> {
    const IS_BODY: bool = T::IS_BODY;

    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        match json.get(REMOVED) {
            None => T::read(json, notes).map(Self::Changed),
            Some(_) => Self::read_owned(json.clone(), notes),
        }
    }

    fn read_owned(mut json: Json, notes: &mut ReadNotes) -> Option<Self> {
        let properties = json.as_object_mut();
        let Some(removed) = properties.and_then(|properties| properties.remove(REMOVED)) else {
            return T::read_owned(json, notes).map(Self::Changed);
        };
        let removal = notes.within(PathSegment::Declared(REMOVED), |notes| {
            Removal::read(&removed, notes)
        });
        let item = T::read_owned(json, notes)?;
        // Without a known reason, nothing tells that the item is deleted.
        Some(Self::Removed(removal.unwrap_or(Removal::Changed), item))
    }
}

impl ReadValue for Removal {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        match json.get("reason").and_then(Json::as_str) {
            Some("changed") => Some(Self::Changed),
            Some("deleted") => Some(Self::Deleted),
            _ => notes.mismatch(json, r#"{"reason":"changed"} or {"reason":"deleted"}"#),
        }
    }
}
