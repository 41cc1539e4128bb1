//! The changes that a body makes.

use std::collections::BTreeMap;

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::body::reference::Binding;

/// The changes to an entity.
#[derive(Debug)]
pub(crate) struct Changes {
    /// The type in the body, or else at the position.
    pub(crate) ty: TypeId,
    pub(crate) properties: BTreeMap<String, Change>,
    /// Navigation properties by value, by path from the entity.
    pub(crate) children: BTreeMap<String, ChildChange>,
    /// `nav@odata.bind`, by path from the entity.
    pub(crate) references: BTreeMap<String, Binding>,
}

/// The change to a property.
#[derive(Debug)]
pub(crate) enum Change {
    Set(Value),
    /// Changes these properties of a complex value.
    Merge {
        /// `@odata.type` as stored, if the body has one.
        odata_type: Option<String>,
        properties: BTreeMap<String, Change>,
        /// If the service replaces the value: the other properties that it keeps.
        kept: Option<Vec<String>>,
    },
}

/// The change to the target of a navigation property.
#[derive(Debug)]
pub(crate) enum ChildChange {
    /// Changes the entity, or removes it.
    One(Option<Box<Changes>>),
    /// Replaces the collection.
    Many(Vec<Changes>),
    /// Changes single items.
    Delta(Vec<ItemChange>),
}

/// The change to an item of a collection.
#[derive(Debug)]
pub(crate) enum ItemChange {
    Added(Changes),
    /// The item with this key.
    Changed(Vec<String>, Changes),
    /// The item with this key.
    Removed(Vec<String>),
}

impl Change {
    /// The resulting value of a property without a current value.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Change::Set(value) => value,
            Change::Merge {
                odata_type,
                properties,
                ..
            } => {
                let mut object = Map::new();
                if let Some(odata_type) = odata_type {
                    object.insert("@odata.type".to_owned(), Value::String(odata_type));
                }
                apply_all(properties, &mut object);
                Value::Object(object)
            }
        }
    }

    fn apply(self, value: &mut Value) {
        match (self, value) {
            (
                Change::Merge {
                    odata_type,
                    properties,
                    kept,
                },
                Value::Object(object),
            ) if odata_type.is_none()
                || object.get("@odata.type").and_then(Value::as_str) == odata_type.as_deref() =>
            {
                if let Some(kept) = kept {
                    remove_omitted(object, &kept, &properties);
                }
                apply_all(properties, object);
            }
            (change, value) => *value = change.into_value(),
        }
    }
}

/// Applies changes to the properties of an object.
pub(crate) fn apply_all(changes: BTreeMap<String, Change>, object: &mut Map<String, Value>) {
    for (name, change) in changes {
        match object.get_mut(&name) {
            Some(value) => change.apply(value),
            None => {
                object.insert(name, change.into_value());
            }
        }
    }
}

/// Removes from a value what an update that replaces it omits.
pub(crate) fn remove_omitted(
    object: &mut Map<String, Value>,
    kept: &[String],
    changes: &BTreeMap<String, Change>,
) {
    object.retain(|name, _| {
        name == "@odata.type" || changes.contains_key(name) || kept.contains(name)
    });
}
