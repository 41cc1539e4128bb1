//! Items of nested deltas.

use serde_json::Value as Json;

use crate::body::delta::{DeltaItem, REMOVED, Removal};
use crate::read::notes::{PathSegment, ReadNotes};
use crate::read::readable::ReadValue;

impl<T: ReadValue> ReadValue for DeltaItem<T> {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let Some(removed) = json.get(REMOVED) else {
            return T::read(json, notes).map(Self::Changed);
        };
        let removal = notes.within(PathSegment::Declared(REMOVED), |notes| {
            Removal::read(removed, notes)
        });
        let mut item = json.clone();
        if let Some(properties) = item.as_object_mut() {
            properties.remove(REMOVED);
        }
        let item = T::read(&item, notes)?;
        Some(Self::Removed(removal?, item))
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
