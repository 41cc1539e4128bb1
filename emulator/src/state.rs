//! What the tenant holds: a tree of entities, each where the path that made it leads.
//!
//! One entity that two paths lead to is two here: the emulator does not know which paths of Graph
//! meet. Singletons and what single-valued navigation properties lead to exist from the start; of
//! collections, the items that facts name.

pub(crate) mod apply;
mod delta;
pub(crate) mod entity;
mod keyed;
mod representation;

use std::collections::BTreeMap;

use msgraph_csdl::model::TypeId;

use crate::model::Model;
use crate::path::Step;
use crate::rejection::Refusal;
use crate::state::entity::{Child, Collection, Entity};

/// The state behind one API version.
#[derive(Debug, Default)]
pub(crate) struct Tenant {
    roots: BTreeMap<String, Child>,
    /// Counts changes; each entity keeps the number of its last one.
    revision: u64,
    /// How many places were made because a path led there.
    places: usize,
}

/// The most places that are made because a path led there: paths without end must not fill the
/// memory.
const MAX_PLACES: usize = 1_000_000;

/// Where a path led.
pub(crate) enum Cursor<'t> {
    /// The entity container.
    Root(&'t mut BTreeMap<String, Child>),
    Entity(&'t mut Entity),
    /// The items of a collection that are of a type.
    Items(&'t mut Collection, TypeId),
}

/// What happens where a path leads to an item that is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Refused,
    Created,
}

impl Tenant {
    /// The number of the next change.
    pub(crate) fn next_revision(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    /// What is at a place.
    pub(crate) fn find(
        &mut self,
        model: &Model,
        steps: &[Step],
        missing: Missing,
    ) -> Result<Cursor<'_>, Refusal> {
        let mut cursor = Cursor::Root(&mut self.roots);
        let mut way = Way {
            model,
            missing,
            path: Vec::new(),
            revision: self.revision,
            places: &mut self.places,
        };
        for step in steps {
            cursor = way.go(cursor, step)?;
        }
        Ok(cursor)
    }

    /// The entity at a place.
    pub(crate) fn entity(&mut self, model: &Model, steps: &[Step]) -> Result<&mut Entity, Refusal> {
        match self.find(model, steps, Missing::Refused)? {
            Cursor::Entity(entity) => Ok(entity),
            Cursor::Root(_) | Cursor::Items(..) => Err(Refusal::no_resource("")),
        }
    }

    /// Removes the entity at a place, which must be there.
    pub(crate) fn remove(&mut self, model: &Model, steps: &[Step]) -> Result<(), Refusal> {
        self.entity(model, steps)?;
        let revision = self.next_revision();
        let end = steps
            .iter()
            .rposition(|step| !matches!(step, Step::Cast(_)))
            .unwrap_or(0);
        let (before, last) = steps.split_at_checked(end).unwrap_or((steps, &[]));
        match (last.first(), self.find(model, before, Missing::Refused)?) {
            (Some(Step::Key(key)), Cursor::Items(collection, _)) => {
                if let Some(number) = collection.find(key) {
                    collection.items.remove(number);
                }
            }
            (Some(Step::Name { name, .. }), Cursor::Items(collection, _)) => {
                collection.functions.insert(name.clone(), Child::One(None));
            }
            (Some(Step::Name { name, .. }), Cursor::Root(children)) => {
                children.insert(name.clone(), Child::One(None));
            }
            (Some(Step::Name { name, .. }), Cursor::Entity(owner)) => {
                owner.children.insert(name.clone(), Child::One(None));
            }
            _ => return Err(Refusal::no_resource("")),
        }
        // What the removed entity hung on has changed: of a function of a collection, its owner.
        let names = (0..steps.len())
            .rev()
            .filter_map(|index| steps.split_at_checked(index));
        for (before, _) in names.filter(|(_, at)| matches!(at.first(), Some(Step::Name { .. }))) {
            if let Ok(owner) = self.entity(model, before) {
                owner.revision = revision;
                break;
            }
        }
        Ok(())
    }
}

/// The way through the tree.
struct Way<'w> {
    model: &'w Model,
    missing: Missing,
    /// The segments so far, for the templates of facts.
    path: Vec<String>,
    /// That of the change in progress.
    revision: u64,
    places: &'w mut usize,
}

impl Way<'_> {
    /// One step further.
    fn go<'t>(&mut self, from: Cursor<'t>, step: &Step) -> Result<Cursor<'t>, Refusal> {
        let model = self.model;
        match (step, from) {
            (Step::Name { .. }, Cursor::Root(children)) => self.enter(children, step),
            (Step::Name { .. }, Cursor::Entity(entity)) => self.enter(&mut entity.children, step),
            (Step::Name { .. }, Cursor::Items(collection, _)) => {
                self.enter(&mut collection.functions, step)
            }
            (Step::Key(key), Cursor::Items(collection, ty)) => {
                let text = key.text();
                self.path.push(text.clone());
                let number = match collection.find(key) {
                    Some(number) => number,
                    None if self.missing == Missing::Created => {
                        collection.create(model, ty, key, self.revision)
                    }
                    None => return Err(Refusal::no_resource(&text)),
                };
                collection
                    .items
                    .get_mut(number)
                    .filter(|entity| model.schema().is_subtype_of(entity.ty, ty))
                    .map(Cursor::Entity)
                    .ok_or_else(|| Refusal::no_resource(&text))
            }
            (Step::Cast(ty), Cursor::Items(items, _)) => Ok(Cursor::Items(items, *ty)),
            (Step::Cast(ty), Cursor::Entity(entity)) => {
                let schema = model.schema();
                if self.missing == Missing::Created && schema.is_subtype_of(*ty, entity.ty) {
                    entity.become_type(model, *ty);
                }
                match schema.is_subtype_of(entity.ty, *ty) {
                    true => Ok(Cursor::Entity(entity)),
                    false => Err(Refusal::no_resource(&model.type_name(*ty))),
                }
            }
            // `walk` makes no such steps.
            (Step::Key(_) | Step::Cast(_), _) => Err(Refusal::no_resource("")),
        }
    }

    fn enter<'t>(
        &mut self,
        children: &'t mut BTreeMap<String, Child>,
        step: &Step,
    ) -> Result<Cursor<'t>, Refusal> {
        let Step::Name {
            name,
            declared,
            is_collection,
        } = step
        else {
            return Err(Refusal::no_resource(""));
        };
        self.path.extend(name.split('/').map(str::to_owned));
        if !children.contains_key(name) {
            if *self.places >= MAX_PLACES {
                return Err(Refusal::new(
                    hyper::StatusCode::INSUFFICIENT_STORAGE,
                    "InsufficientStorage",
                    format!("The emulator holds {MAX_PLACES} places already."),
                ));
            }
            *self.places += 1;
        }
        let child = children
            .entry(name.clone())
            .or_insert_with(|| Child::initial(self.model, &self.path, *declared, *is_collection));
        if self.missing == Missing::Created && matches!(child, Child::One(None)) {
            *child = Child::One(Some(Box::new(Entity::new(self.model, *declared, &[]))));
        }
        match child {
            Child::One(Some(entity)) => Ok(Cursor::Entity(entity)),
            Child::One(None) => Err(Refusal::no_resource(name)),
            Child::Many(items) => Ok(Cursor::Items(items, *declared)),
        }
    }
}
