//! The state of a tenant: a tree of entities, each at the path that created it.
//!
//! An entity at two paths is two entities, because the metadata does not show which paths meet.
//! Singletons and the targets of single-valued navigation properties exist from the start, collections
//! have the items that facts list.

pub(crate) mod entity;
mod link;
mod representation;

use std::collections::BTreeMap;

use msgraph_csdl::model::TypeId;

use crate::model::Model;
use crate::path::{Key, PathStep};
use crate::rejection::{Rejection, Result};
use crate::state::entity::collection::Collection;
use crate::state::entity::{Child, Entity};

/// The state of one API version.
#[derive(Debug, Default)]
pub(crate) struct Tenant {
    roots: BTreeMap<String, Child>,
    /// The number of changes so far; each entity has the number of its last change.
    revision: u64,
    /// The number of positions that were created because a path led there.
    positions: usize,
}

/// Endless paths must not exhaust the memory.
const MAX_POSITIONS: usize = 1_000_000;

/// The target of a path.
pub(crate) enum Cursor<'t> {
    Root(&'t mut BTreeMap<String, Child>),
    Entity(&'t mut Entity),
    /// The items of a collection that are of a type.
    Items(&'t mut Collection, TypeId),
}

/// What happens if a path leads to a missing item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnMissing {
    Reject,
    Create,
}

impl Tenant {
    /// Starts a change, and returns its number.
    pub(crate) fn next_revision(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    pub(crate) fn find(
        &mut self,
        model: &Model,
        steps: &[PathStep],
        on_missing: OnMissing,
    ) -> Result<Cursor<'_>> {
        let mut cursor = Cursor::Root(&mut self.roots);
        let mut descent = Descent {
            model,
            on_missing,
            path: Vec::new(),
            revision: self.revision,
            positions: &mut self.positions,
        };
        for step in steps {
            cursor = descent.step(cursor, step)?;
        }
        Ok(cursor)
    }

    pub(crate) fn entity(&mut self, model: &Model, steps: &[PathStep]) -> Result<&mut Entity> {
        match self.find(model, steps, OnMissing::Reject)? {
            Cursor::Entity(entity) => Ok(entity),
            Cursor::Root(_) | Cursor::Items(..) => Err(Rejection::no_resource("")),
        }
    }

    /// Adds a new entity to the collection at a path, and returns its key.
    pub(crate) fn post(
        &mut self,
        model: &Model,
        steps: &[PathStep],
        entity: Entity,
        alternate_keys: &[Vec<String>],
    ) -> Result<Vec<String>> {
        match self.find(model, steps, OnMissing::Reject)? {
            Cursor::Items(collection, _) => collection.post(model, entity, alternate_keys),
            Cursor::Root(_) | Cursor::Entity(_) => Err(Rejection::no_resource("")),
        }
    }

    /// Removes the entity at a path, and the references to it.
    pub(crate) fn remove(&mut self, model: &Model, steps: &[PathStep]) -> Result<()> {
        let ty = self.entity(model, steps)?.ty;
        if let Some(PathStep::Key(Key::Values(key))) = steps.last() {
            self.unlink(model, key, ty);
        }
        let Some((before, last)) = split_last(steps) else {
            return Err(Rejection::no_resource(""));
        };
        match (last, self.find(model, before, OnMissing::Reject)?) {
            (PathStep::Key(key), Cursor::Items(collection, _)) => {
                if let Some(number) = collection.find(key) {
                    collection.remove(number);
                }
            }
            (PathStep::Name { name, .. }, cursor) => {
                cursor.children().insert(name.clone(), Child::One(None));
            }
            _ => return Err(Rejection::no_resource("")),
        }
        // The entity that contains the removed one has changed.
        let revision = self.next_revision();
        for index in (0..steps.len()).rev() {
            if let Some((before, [PathStep::Name { .. }, ..])) = steps.split_at_checked(index)
                && let Ok(owner) = self.entity(model, before)
            {
                owner.revision = revision;
                break;
            }
        }
        Ok(())
    }
}

/// The last step that is not a cast, and the steps before it.
fn split_last(steps: &[PathStep]) -> Option<(&[PathStep], &PathStep)> {
    let end = steps
        .iter()
        .rposition(|step| !matches!(step, PathStep::Cast(_)))?;
    Some((steps.get(..end)?, steps.get(end)?))
}

impl<'t> Cursor<'t> {
    /// Child values by name; for collections, the results of functions.
    fn children(self) -> &'t mut BTreeMap<String, Child> {
        match self {
            Cursor::Root(children) => children,
            Cursor::Entity(entity) => &mut entity.children,
            Cursor::Items(collection, _) => &mut collection.functions,
        }
    }
}

/// The descent along a path.
struct Descent<'d> {
    model: &'d Model,
    on_missing: OnMissing,
    /// The segments so far, for the templates of facts.
    path: Vec<String>,
    revision: u64,
    positions: &'d mut usize,
}

impl Descent<'_> {
    fn step<'t>(&mut self, from: Cursor<'t>, step: &PathStep) -> Result<Cursor<'t>> {
        let schema = self.model.schema();
        let creates = self.on_missing == OnMissing::Create;
        match (step, from) {
            (
                PathStep::Name {
                    name,
                    declared,
                    is_collection,
                },
                from,
            ) => self.enter(from.children(), name, *declared, *is_collection),
            (PathStep::Key(key), Cursor::Items(collection, ty)) => {
                let text = key.text();
                self.path.push(text.clone());
                let number = match collection.find(key) {
                    Some(number) => number,
                    None if creates => collection.create(self.model, ty, key, self.revision),
                    None => return Err(Rejection::no_resource(&text)),
                };
                match collection.get_mut(number) {
                    Some(entity) if schema.is_subtype_of(entity.ty, ty) => {
                        Ok(Cursor::Entity(entity))
                    }
                    _ => Err(Rejection::no_resource(&text)),
                }
            }
            (PathStep::Cast(ty), Cursor::Items(items, _)) => Ok(Cursor::Items(items, *ty)),
            (PathStep::Cast(ty), Cursor::Entity(entity)) => {
                if creates && schema.is_subtype_of(*ty, entity.ty) {
                    entity.become_type(self.model, *ty);
                }
                match schema.is_subtype_of(entity.ty, *ty) {
                    true => Ok(Cursor::Entity(entity)),
                    false => Err(Rejection::no_resource(&self.model.type_name(*ty))),
                }
            }
            // `walk` makes no such steps.
            (PathStep::Key(_) | PathStep::Cast(_), _) => Err(Rejection::no_resource("")),
        }
    }

    fn enter<'t>(
        &mut self,
        children: &'t mut BTreeMap<String, Child>,
        name: &str,
        declared: TypeId,
        is_collection: bool,
    ) -> Result<Cursor<'t>> {
        self.path.extend(name.split('/').map(str::to_owned));
        if !children.contains_key(name) {
            if *self.positions >= MAX_POSITIONS {
                return Err(Rejection::new(
                    hyper::StatusCode::INSUFFICIENT_STORAGE,
                    "InsufficientStorage",
                    format!("The emulator is limited to {MAX_POSITIONS} positions."),
                ));
            }
            *self.positions += 1;
        }
        let child = children
            .entry(name.to_owned())
            .or_insert_with(|| Child::initial(self.model, &self.path, declared, is_collection));
        if self.on_missing == OnMissing::Create && matches!(child, Child::One(None)) {
            *child = Child::One(Some(Box::new(Entity::new(self.model, declared, &[]))));
        }
        match child {
            Child::One(Some(entity)) => Ok(Cursor::Entity(entity)),
            Child::One(None) => Err(Rejection::no_resource(name)),
            Child::Many(items) => Ok(Cursor::Items(items, declared)),
        }
    }
}
