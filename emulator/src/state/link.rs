//! References from navigation properties to entities at other paths.

use msgraph_csdl::document::ContainerChildKind;
use msgraph_csdl::model::TypeId;

use crate::body::reference::Reference;
use crate::model::Model;
use crate::path::{Key, PathStep};
use crate::rejection::Result;
use crate::state::entity::{Child, Entity};
use crate::state::{Cursor, OnMissing, Tenant, split_last};

/// References may form a cycle.
const MAX_LINKS: usize = 8;

impl Tenant {
    /// The path with its references replaced by the paths of their entities.
    pub(crate) fn follow(&mut self, model: &Model, mut steps: Vec<PathStep>) -> Vec<PathStep> {
        for _ in 0..MAX_LINKS {
            match self.first_link(model, &steps) {
                Some((end, target)) => drop(steps.splice(..end, target)),
                None => break,
            }
        }
        steps
    }

    /// The end of the first part of a path that leads through a reference, and the path of its entity.
    fn first_link(&mut self, model: &Model, steps: &[PathStep]) -> Option<(usize, Vec<PathStep>)> {
        for (index, step) in steps.iter().enumerate() {
            let PathStep::Name {
                name,
                is_collection,
                ..
            } = step
            else {
                continue;
            };
            let before = steps.get(..index)?;
            let Ok(Cursor::Entity(owner)) = self.find(model, before, OnMissing::Reject) else {
                continue;
            };
            let Some(references) = owner.references.get(name) else {
                continue;
            };
            let (end, reference) = if *is_collection {
                let rest = steps.iter().enumerate().skip(index + 1);
                let mut rest = rest.skip_while(|(_, step)| matches!(step, PathStep::Cast(_)));
                let Some((at, PathStep::Key(Key::Values(key)))) = rest.next() else {
                    continue;
                };
                let own = owner.children.get(name);
                if matches!(own, Some(Child::Many(own)) if own.find_values(key).is_some()) {
                    continue;
                }
                let mut references = references.iter();
                let found = references.find(|it| it.key() == Some(key.as_slice()));
                (at + 1, found.cloned())
            } else {
                (index + 1, references.first().cloned())
            };
            if let Some(target) = reference.and_then(|it| self.locate(model, &it)) {
                return Some((end, target));
            }
        }
        None
    }

    /// The path of the entity that a reference leads to: its own path, or that of an item of an entity
    /// set with the same key, because `/directoryObjects/{id}` may be an item of `/users`.
    pub(crate) fn locate(&mut self, model: &Model, reference: &Reference) -> Option<Vec<PathStep>> {
        if self.entity(model, &reference.steps).is_ok() {
            return Some(reference.steps.clone());
        }
        let key = reference.key()?;
        let schema = model.schema();
        self.roots.iter().find_map(|(name, child)| {
            let set = schema.container_child(name)?;
            let Child::Many(collection) = child else {
                return None;
            };
            let number = collection.find_values(key)?;
            let ty = collection.get(number)?.ty;
            let fits = schema.is_subtype_of(ty, reference.declared);
            let steps = || {
                vec![
                    PathStep::Name {
                        name: name.clone(),
                        declared: set.ty,
                        is_collection: set.kind == ContainerChildKind::EntitySet,
                    },
                    PathStep::Key(Key::Values(key.to_vec())),
                ]
            };
            fits.then(steps)
        })
    }

    /// The entity that a reference leads to.
    pub(crate) fn target(&mut self, model: &Model, reference: &Reference) -> Option<Entity> {
        let steps = self.locate(model, reference)?;
        self.entity(model, &steps).ok().cloned()
    }

    /// The references of the navigation property at a path, each with its entity. An entity that does
    /// not exist has only its key.
    pub(crate) fn linked(
        &mut self,
        model: &Model,
        steps: &[PathStep],
    ) -> Result<Vec<(Reference, Entity)>> {
        let Some((before, PathStep::Name { name, declared, .. })) = split_last(steps) else {
            return Ok(Vec::new());
        };
        let Cursor::Entity(owner) = self.find(model, before, OnMissing::Reject)? else {
            return Ok(Vec::new());
        };
        let references = owner.references.get(name).cloned().unwrap_or_default();
        let mut linked = Vec::new();
        for reference in references {
            let found = self.target(model, &reference);
            let only_key = || Entity::new(model, *declared, reference.key().unwrap_or_default());
            let entity = found.unwrap_or_else(only_key);
            linked.push((reference, entity));
        }
        Ok(linked)
    }

    /// Removes the references to the entity with a key, which is of type `ty`.
    pub(super) fn unlink(&mut self, model: &Model, key: &[String], ty: TypeId) {
        let schema = model.schema();
        let is_removed = |reference: &Reference| {
            reference.key() == Some(key)
                && (schema.is_subtype_of(ty, reference.declared)
                    || schema.is_subtype_of(reference.declared, ty))
        };
        for child in self.roots.values_mut() {
            unlink_in(child, &is_removed);
        }
    }
}

// Paths and bodies limit the depth of the state, and so of the recursion.
fn unlink_in(child: &mut Child, is_removed: &impl Fn(&Reference) -> bool) {
    for entity in child.entities_mut() {
        for references in entity.references.values_mut() {
            references.retain(|reference| !is_removed(reference));
        }
        entity
            .references
            .retain(|_, references| !references.is_empty());
        for child in entity.children.values_mut() {
            unlink_in(child, is_removed);
        }
    }
}
