//! Where the properties of a body are merged.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::body::reference::Reference;
use crate::rejection::{Result, bad_request};
use crate::state::entity::{Child, Entity};

/// Where the properties of an object are merged.
pub(super) struct Destination<'d> {
    pub(super) properties: &'d mut Map<String, Value>,
    pub(super) navigation: Option<NavigationUpdate<'d>>,
}

/// The updates of navigation properties in an entity and in its single complex values. Values in
/// collections have none, because no path leads to them.
pub(super) struct NavigationUpdate<'d> {
    pub(super) entity: &'d Entity,
    pub(super) children: &'d mut BTreeMap<String, Child>,
    pub(super) references: &'d mut BTreeMap<String, Vec<Reference>>,
    /// Names from the entity to the value, each followed by a slash.
    pub(super) prefix: String,
}

impl Destination<'_> {
    /// The path of a navigation property from the entity.
    pub(super) fn path(&self, name: &str) -> String {
        let prefix = self.navigation.as_ref().map(|to| to.prefix.as_str());
        format!("{}{name}", prefix.unwrap_or_default())
    }

    pub(super) fn child(&self, path: &str) -> Option<&Child> {
        self.navigation.as_ref()?.entity.children.get(path)
    }

    pub(super) fn set_child(&mut self, path: String, child: Child) -> Result<()> {
        if let Some(to) = &mut self.navigation {
            if to.children.contains_key(&path) {
                return Err(bad_request!(
                    "The body has both the collection '{path}' and a delta of it."
                ));
            }
            to.children.insert(path, child);
        }
        Ok(())
    }

    pub(super) fn references(&self, path: &str) -> &[Reference] {
        let to = self.navigation.as_ref();
        let references = to.and_then(|to| to.entity.references.get(path));
        references.map_or(&[], Vec::as_slice)
    }

    pub(super) fn set_references(&mut self, path: String, references: Vec<Reference>) {
        if let Some(to) = &mut self.navigation {
            to.references.insert(path, references);
        }
    }
}

impl NavigationUpdate<'_> {
    pub(super) fn inside(&mut self, property: &str) -> NavigationUpdate<'_> {
        NavigationUpdate {
            entity: self.entity,
            children: self.children,
            references: self.references,
            prefix: format!("{}{property}/", self.prefix),
        }
    }
}
