//! Applies an update to an entity.

use std::collections::BTreeMap;

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::body::change::{Change, Changes, ChildChange, apply_all, remove_omitted};
use crate::model::Model;
use crate::rejection::{Rejection, bad_request};
use crate::state::entity::collection::Collection;
use crate::state::entity::{Child, Entity};

impl Entity {
    /// A new entity.
    pub(super) fn created(
        model: &Model,
        changes: Changes,
        revision: u64,
    ) -> Result<Self, Rejection> {
        let mut entity = Entity::new(model, changes.ty, &[]);
        entity.apply(model, changes, revision)?;
        Ok(entity)
    }

    /// Applies all changes, or none if one is rejected.
    pub(crate) fn apply(
        &mut self,
        model: &Model,
        changes: Changes,
        revision: u64,
    ) -> Result<(), Rejection> {
        let mut properties = self.properties.clone();
        let changed: Vec<String> = changes.properties.keys().cloned().collect();
        if model.replaces(changes.ty) {
            let kept = model.kept_on_replace(changes.ty);
            remove_omitted(&mut properties, &kept, &changes.properties);
        }
        apply_all(changes.properties, &mut properties);
        check_bounds(model, changes.ty, &changed, &properties)?;
        let mut children = Vec::new();
        for (path, change) in changes.children {
            let child = self.changed_child(model, &path, change, revision)?;
            children.push((path, child));
        }
        let mut references = Vec::new();
        for (path, binding) in changes.references {
            let bound = binding.apply(&path, self.references.get(&path))?;
            references.push((path, bound));
        }
        self.properties = properties;
        self.remove_detached();
        self.children.extend(children);
        self.references.extend(references);
        self.references.retain(|_, bound| !bound.is_empty());
        if self.ty != changes.ty || model.replaces(changes.ty) {
            self.become_type(model, changes.ty);
        }
        self.revision = revision;
        Ok(())
    }

    fn changed_child(
        &self,
        model: &Model,
        path: &str,
        change: ChildChange,
        revision: u64,
    ) -> Result<Child, Rejection> {
        Ok(match change {
            ChildChange::One(None) => Child::One(None),
            ChildChange::One(Some(changes)) => {
                let mut entity = match self.children.get(path) {
                    Some(Child::One(Some(entity))) if entity.ty == changes.ty => entity.clone(),
                    _ => Box::new(Entity::new(model, changes.ty, &[])),
                };
                entity.apply(model, *changes, revision)?;
                Child::One(Some(entity))
            }
            ChildChange::Many(list) => {
                let mut collection = Collection::default();
                for changes in list {
                    let entity = Entity::created(model, changes, revision)?;
                    collection.add(model, path, entity, revision)?;
                }
                Child::Many(collection)
            }
            ChildChange::Delta(delta) => {
                Child::Many(self.changed_collection(model, path, delta, revision)?)
            }
        })
    }

    /// Applies a change to the property at a path from the entity.
    pub(crate) fn apply_at(
        &mut self,
        path: &[String],
        mut change: Change,
        revision: u64,
    ) -> Result<(), Rejection> {
        let Some((first, inner)) = path.split_first() else {
            return Err(Rejection::no_resource(""));
        };
        for name in inner.iter().rev() {
            change = Change::Merge {
                odata_type: None,
                properties: BTreeMap::from([(name.clone(), change)]),
                kept: None,
            };
        }
        let changes = BTreeMap::from([(first.clone(), change)]);
        apply_all(changes, &mut self.properties);
        self.remove_detached();
        self.revision = revision;
        Ok(())
    }

    /// Removes children and references of complex values that no longer exist.
    fn remove_detached(&mut self) {
        let mut children = std::mem::take(&mut self.children);
        let mut references = std::mem::take(&mut self.references);
        let is_attached = |path: &String| {
            path.rsplit_once('/').is_none_or(|(owner, _)| {
                let owner = self.value_at(owner.split('/'));
                owner.is_some_and(Value::is_object)
            })
        };
        children.retain(|path, _| is_attached(path));
        references.retain(|path, _| is_attached(path));
        self.children = children;
        self.references = references;
    }
}

/// Checks values that facts bound by other properties, if one of them has changed.
fn check_bounds(
    model: &Model,
    ty: TypeId,
    changed: &[String],
    properties: &Map<String, Value>,
) -> Result<(), Rejection> {
    for (name, low, high) in model.bounded_properties(ty) {
        let is_changed = [&name, &low, &high]
            .into_iter()
            .any(|name| changed.contains(name));
        let number = |name: &str| properties.get(name).and_then(Value::as_i64);
        let Some(value) = number(&name).filter(|_| is_changed) else {
            continue;
        };
        let too_low = number(&low).is_some_and(|low| value < low);
        let too_high = number(&high).is_some_and(|high| value > high);
        if too_low || too_high {
            return Err(bad_request!(
                "The value {value} of property '{name}' is not between '{low}' ({}) and '{high}' \
                 ({}).",
                number(&low).unwrap_or_default(),
                number(&high).unwrap_or_default(),
            ));
        }
    }
    Ok(())
}
