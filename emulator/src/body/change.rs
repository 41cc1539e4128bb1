//! What a body changes.

use std::collections::BTreeMap;

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::body::reference::Binding;

/// What a body changes in an entity.
#[derive(Debug)]
pub(crate) struct Changes {
    /// The type that the body names, or that the place has.
    pub(crate) ty: TypeId,
    pub(crate) properties: BTreeMap<String, Change>,
    /// Navigation properties whose content stands in the body, by path from the entity.
    pub(crate) children: BTreeMap<String, ChildChange>,
    /// `nav@odata.bind`, by path from the entity.
    pub(crate) references: BTreeMap<String, Binding>,
}

/// What happens to one property.
#[derive(Debug)]
pub(crate) enum Change {
    /// It gets this value.
    Set(Value),
    /// The members of the complex value that are named here change, the others stay.
    Merge {
        /// `@odata.type` as it is stored, where the body has one.
        odata_type: Option<String>,
        members: BTreeMap<String, Change>,
        /// Of a value that the service replaces: only these stay.
        kept: Option<Vec<String>>,
    },
}

/// What happens to what a navigation property leads to.
#[derive(Debug)]
pub(crate) enum ChildChange {
    /// The entity changes, or goes.
    One(Option<Box<Changes>>),
    /// These take the place of all that were there.
    Many(Vec<Changes>),
    /// Single items change.
    Delta(Vec<ItemChange>),
}

/// What happens to an item of a collection.
#[derive(Debug)]
pub(crate) enum ItemChange {
    Added(Changes),
    /// The item with this key changes.
    Changed(Vec<String>, Changes),
    /// The item with this key leaves the collection.
    Removed(Vec<String>),
}

impl Change {
    /// The value of a property that had none before.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Change::Set(value) => value,
            Change::Merge {
                odata_type,
                members,
                ..
            } => {
                let mut object = Map::new();
                if let Some(odata_type) = odata_type {
                    object.insert("@odata.type".to_owned(), Value::String(odata_type));
                }
                object.extend(
                    members
                        .into_iter()
                        .map(|(name, change)| (name, change.into_value())),
                );
                Value::Object(object)
            }
        }
    }

    /// Applies it to a value: members that are not named stay.
    pub(crate) fn apply(self, value: &mut Value) {
        match (self, value) {
            (
                Change::Merge {
                    odata_type,
                    members,
                    kept,
                },
                Value::Object(object),
            ) if odata_type.is_none()
                || object.get("@odata.type").and_then(Value::as_str) == odata_type.as_deref() =>
            {
                if let Some(kept) = kept {
                    remove_unnamed(object, &kept, &|name| members.contains_key(name));
                }
                apply_all(members, object);
            }
            (change, value) => *value = change.into_value(),
        }
    }
}

/// Applies changes to the members of an object.
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
/// Removes from a value what an update that replaces it leaves out.
pub(crate) fn remove_unnamed(
    object: &mut Map<String, Value>,
    kept: &[String],
    is_named: &dyn Fn(&str) -> bool,
) {
    object.retain(|name, _| {
        name == "@odata.type" || is_named(name) || kept.iter().any(|kept| kept == name)
    });
}
