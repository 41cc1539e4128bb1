//! What the tenant holds: a tree of entities, each where the path that made it leads.
//!
//! One entity that two paths lead to is two here: the emulator does not know which paths of Graph
//! meet. Singletons and what single-valued navigation properties lead to exist from the start; of
//! collections, the items that facts name.

use std::collections::BTreeMap;

use msgraph_codegen::schema::{ItemType, TypeId};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::body::reference::Reference;
use crate::body::{Change, Changes, ChildChange, apply_all};
use crate::model::Model;
use crate::model::key::{Keyed, key_text, normalized};
use crate::model::primitive;
use crate::path::{Key, Step};
use crate::rejection::Refusal;
use crate::replaced::remove_unnamed;

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

/// What a name leads to.
#[derive(Clone, Debug)]
pub(crate) enum Child {
    /// `None` after it was deleted.
    One(Option<Box<Entity>>),
    Many(Collection),
}

/// Entities, and what the functions of their collection lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collection {
    pub(crate) items: Keyed<Entity>,
    functions: BTreeMap<String, Child>,
}

/// An entity as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) ty: TypeId,
    /// Whether facts name the key, which then matches in any case, as the service reads it.
    pub(crate) has_known_key: bool,
    revision: u64,
    pub(crate) properties: Map<String, Value>,
    children: BTreeMap<String, Child>,
    references: BTreeMap<String, Vec<Reference>>,
}

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
                    .filter(|entity| model.schema().is_a(entity.ty, ty))
                    .map(Cursor::Entity)
                    .ok_or_else(|| Refusal::no_resource(&text))
            }
            (Step::Cast(ty), Cursor::Items(items, _)) => Ok(Cursor::Items(items, *ty)),
            (Step::Cast(ty), Cursor::Entity(entity)) => {
                let schema = model.schema();
                if self.missing == Missing::Created && schema.is_a(*ty, entity.ty) {
                    entity.become_type(model, *ty);
                }
                match schema.is_a(entity.ty, *ty) {
                    true => Ok(Cursor::Entity(entity)),
                    false => Err(Refusal::no_resource(&model.type_name(*ty))),
                }
            }
            // `path::walk` makes no such steps.
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

impl Child {
    /// What is there before anything was done.
    fn initial(model: &Model, path: &[String], declared: TypeId, is_collection: bool) -> Self {
        if !is_collection {
            return Child::One(Some(Box::new(Entity::new(model, declared, &[]))));
        }
        let mut collection = Collection::default();
        for known in model.known_keys(path) {
            // Facts are for all clouds and versions; not every one has every type.
            let ty = model.schema().find(&known.ty);
            let Some(ty) = ty.filter(|ty| model.schema().is_a(*ty, declared)) else {
                continue;
            };
            let key = [known.value.clone()];
            let mut entity = Entity::new(model, ty, &key);
            entity.has_known_key = true;
            collection.items.insert_known(&key, entity);
        }
        Child::Many(collection)
    }
}

impl Collection {
    /// Adds an item, and returns its number. If the path has an alternate key, the service chooses the
    /// key.
    fn create(&mut self, model: &Model, ty: TypeId, key: &Key, revision: u64) -> u64 {
        let chosen;
        let values = match key {
            Key::Values(values) => values,
            Key::Alternate(_) => {
                chosen = vec![chosen_key(revision, self.items.len())];
                &chosen
            }
        };
        let mut entity = Entity::new(model, ty, values);
        if let Key::Alternate(parts) = key {
            for (property, text) in parts {
                let value = primitive::key_value(model.key_type(ty, property), text);
                set_at(&mut entity.properties, property, value);
            }
        }
        self.items.insert(values.clone(), entity)
    }

    /// The number of the item with a key.
    fn find(&self, key: &Key) -> Option<u64> {
        match key {
            Key::Values(values) => self.items.find(values),
            Key::Alternate(parts) => self.items.find_by(|entity| {
                parts.iter().all(|(property, want)| {
                    let have = entity.value_at(&format!("/{property}")).map(key_text);
                    have.as_ref() == Some(want)
                })
            }),
        }
    }
}

impl Entity {
    /// An entity as it is before anybody changed it: its key, the defaults that facts state, and
    /// empty collections.
    fn new(model: &Model, ty: TypeId, key: &[String]) -> Self {
        let mut entity = Entity {
            ty,
            has_known_key: false,
            revision: 0,
            properties: Map::new(),
            children: BTreeMap::new(),
            references: BTreeMap::new(),
        };
        for (name, text) in model.schema().key(ty).iter().zip(key) {
            let value = primitive::key_value(model.key_type(ty, &name.text), text);
            entity.properties.insert(name.text.to_string(), value);
        }
        entity.become_type(model, ty);
        entity
    }

    /// Gives the entity its type, and what the type adds where nothing is set.
    fn become_type(&mut self, model: &Model, ty: TypeId) {
        self.ty = ty;
        for (_, property) in model.schema().properties(ty) {
            let name = property.name.text.as_ref();
            let empty = property.ty.is_collection.then(|| Value::Array(Vec::new()));
            if let Some(value) = model.default_value(ty, name).or(empty) {
                self.properties.entry(name).or_insert(value);
            }
        }
    }

    /// Changes the ETag and nothing else.
    pub(crate) fn touch(&mut self, revision: u64) {
        self.revision = revision;
    }

    /// Puts everything that an update could have changed back.
    pub(crate) fn reset(&mut self, model: &Model, revision: u64) {
        let ty = self.ty;
        let schema = model.schema();
        self.properties.retain(|name, _| {
            schema.key(ty).iter().any(|key| key.text == *name)
                || schema
                    .property(ty, name)
                    .is_some_and(|property| model.is_read_only(ty, property))
        });
        self.children
            .retain(|path, _| inline_target(model, self.ty, path).is_none());
        self.references.clear();
        self.become_type(model, self.ty);
        self.revision = revision;
    }

    /// Applies what a body changes: all of it, or nothing when it is refused.
    pub(crate) fn apply(
        &mut self,
        model: &Model,
        changes: Changes,
        revision: u64,
    ) -> Result<(), Refusal> {
        let mut properties = self.properties.clone();
        let named: Vec<String> = changes.properties.keys().cloned().collect();
        if model.replaces(changes.ty) {
            let kept = model.kept(changes.ty);
            remove_unnamed(&mut properties, &kept, &|name| {
                changes.properties.contains_key(name)
            });
        }
        apply_all(changes.properties, &mut properties);
        in_bounds(model, changes.ty, &named, &properties)?;
        let mut children = Vec::new();
        for (path, change) in changes.children {
            children.push(match change {
                ChildChange::One(None) => (path, Child::One(None)),
                ChildChange::One(Some(inner)) => {
                    let mut entity = match self.children.get(&path) {
                        Some(Child::One(Some(entity))) if entity.ty == inner.ty => entity.clone(),
                        _ => Box::new(Entity::new(model, inner.ty, &[])),
                    };
                    entity.apply(model, *inner, revision)?;
                    (path, Child::One(Some(entity)))
                }
                ChildChange::Many(list) => {
                    let items = items(model, &path, list, revision)?;
                    let collection = Collection {
                        items,
                        functions: BTreeMap::new(),
                    };
                    (path, Child::Many(collection))
                }
            });
        }
        let mut references = Vec::new();
        for (path, binding) in changes.references {
            let bound = binding.apply(&path, self.references.get(&path))?;
            references.push((path, bound));
        }
        self.properties = properties;
        self.drop_loose_ends();
        self.children.extend(children);
        self.references.extend(references);
        self.references.retain(|_, bound| !bound.is_empty());
        if self.ty != changes.ty || model.replaces(changes.ty) {
            self.become_type(model, changes.ty);
        }
        self.revision = revision;
        Ok(())
    }

    /// Applies a change to one property, given by the names from the entity inwards.
    pub(crate) fn apply_at(
        &mut self,
        path: &[String],
        change: Change,
        revision: u64,
    ) -> Result<(), Refusal> {
        let mut change = change;
        let Some((first, inner)) = path.split_first() else {
            return Err(Refusal::no_resource(""));
        };
        for name in inner.iter().rev() {
            change = Change::Merge {
                odata_type: None,
                members: BTreeMap::from([(name.clone(), change)]),
                kept: None,
            };
        }
        apply_all(
            BTreeMap::from([(first.clone(), change)]),
            &mut self.properties,
        );
        self.drop_loose_ends();
        self.revision = revision;
        Ok(())
    }

    /// Forgets what hung on complex values that are no more.
    fn drop_loose_ends(&mut self) {
        let hangs = |path: &String| {
            path.rsplit_once('/').is_none_or(|(holder, _)| {
                value_in(&self.properties, holder.split('/')).is_some_and(Value::is_object)
            })
        };
        self.children.retain(|path, _| hangs(path));
        self.references.retain(|path, _| hangs(path));
    }

    /// A value by the names from the entity inwards, each with a slash before it.
    pub(crate) fn value_at(&self, pointer: &str) -> Option<&Value> {
        value_in(&self.properties, pointer.split('/').skip(1))
    }

    /// The ETag. It changes with the entity and with what travels in its body.
    pub(crate) fn etag(&self, model: &Model) -> String {
        format!("W/\"{:08x}\"", self.last_change(model))
    }

    // As deep as inline navigation nests, which bodies and paths bound.
    fn last_change(&self, model: &Model) -> u64 {
        let inner = self
            .children
            .iter()
            .filter(|(path, _)| inline_target(model, self.ty, path).is_some())
            .flat_map(|(_, child)| child.entities())
            .map(|entity| entity.last_change(model));
        inner.fold(self.revision, u64::max)
    }

    /// The entity as JSON: its type where the place declares another, properties, and what travels
    /// in its body.
    pub(crate) fn json(&self, model: &Model, declared: TypeId) -> Map<String, Value> {
        let mut object = Map::new();
        if self.ty != declared {
            object.insert(
                "@odata.type".to_owned(),
                Value::String(format!("#{}", model.type_name(self.ty))),
            );
        }
        object.extend(self.properties.clone());
        for (_, navigation) in model.schema().navigation_properties(self.ty) {
            let name = navigation.name.text.as_ref();
            if navigation.is_collection && model.is_inline(self.ty, name) {
                object.insert(name.to_owned(), Value::Array(Vec::new()));
            }
        }
        for (path, child) in &self.children {
            if let Some(target) = inline_target(model, self.ty, path) {
                set_at(&mut object, path, child.json(model, target));
            }
        }
        object
    }

    /// What is bound by reference, as a body would write it.
    pub(crate) fn references(&self) -> impl Iterator<Item = (String, Value)> {
        self.references.iter().map(|(path, urls)| {
            (
                format!("{path}@odata.bind"),
                urls.iter()
                    .map(|reference| reference.url.as_str())
                    .collect(),
            )
        })
    }
}

impl Child {
    fn entities(&self) -> Vec<&Entity> {
        match self {
            Child::One(entity) => entity.as_deref().into_iter().collect(),
            Child::Many(collection) => collection.items.iter().collect(),
        }
    }

    fn json(&self, model: &Model, declared: TypeId) -> Value {
        let object = |entity: &Entity| Value::Object(entity.json(model, declared));
        match self {
            Child::One(None) => Value::Null,
            Child::One(Some(entity)) => object(entity),
            Child::Many(collection) => collection.items.iter().map(object).collect(),
        }
    }
}

/// A key that no other change gives.
fn chosen_key(revision: u64, index: usize) -> String {
    let number = u128::from(revision) << 32 | (index as u128);
    Uuid::from_u128(number).to_string()
}

/// The items that an array in a body puts in the place of those that were there.
fn items(
    model: &Model,
    name: &str,
    list: Vec<Changes>,
    revision: u64,
) -> Result<Keyed<Entity>, Refusal> {
    let mut items: Keyed<Entity> = Keyed::default();
    for changes in list {
        let changes_ty = changes.ty;
        let mut entity = Entity::new(model, changes_ty, &[]);
        entity.apply(model, changes, revision)?;
        let mut key = Vec::new();
        for part in model.schema().key(entity.ty) {
            // A key that the body does not give is the service's to choose.
            let chosen = || Value::String(chosen_key(revision, items.len()));
            let value = entity
                .properties
                .entry(part.text.as_ref())
                .or_insert_with(chosen);
            let ty = model.key_type(changes_ty, &part.text);
            key.push(normalized(ty, &key_text(value)));
        }
        if items.find(&key).is_some() {
            return Err(Refusal::bad_request(format!(
                "The property '{name}' contains more than one item with the key '{}'.",
                key.join(",")
            )));
        }
        items.insert(key, entity);
    }
    Ok(items)
}

/// Checks what facts bound by other properties, where a change touches one of them.
fn in_bounds(
    model: &Model,
    ty: TypeId,
    changed: &[String],
    properties: &Map<String, Value>,
) -> Result<(), Refusal> {
    for (name, low, high) in model.bounded_properties(ty) {
        let touched = [&name, &low, &high]
            .into_iter()
            .any(|name| changed.contains(name));
        let number = |name: &str| properties.get(name).and_then(Value::as_i64);
        let Some(value) = number(&name).filter(|_| touched) else {
            continue;
        };
        let too_low = number(&low).is_some_and(|low| value < low);
        let too_high = number(&high).is_some_and(|high| value > high);
        if too_low || too_high {
            return Err(Refusal::bad_request(format!(
                "The value {value} of property '{name}' is not between '{low}' ({}) and '{high}' \
                 ({}).",
                number(&low).unwrap_or_default(),
                number(&high).unwrap_or_default(),
            )));
        }
    }
    Ok(())
}

/// The type that a navigation property leads to, where it travels in the body by value;
/// `path` may go through complex properties.
fn inline_target(model: &Model, ty: TypeId, path: &str) -> Option<TypeId> {
    let (complex, name) = match path.rsplit_once('/') {
        Some((complex, name)) => (complex.split('/').collect(), name),
        None => (Vec::new(), path),
    };
    let ty = complex.into_iter().try_fold(ty, |ty, name| {
        match model.schema().property(ty, name)?.ty.item {
            ItemType::Declared(ty) => Some(ty),
            ItemType::Primitive(_) => None,
        }
    })?;
    let (_, navigation) = model.schema().navigation_property(ty, name)?;
    model.is_inline(ty, name).then_some(navigation.target)
}

fn value_in<'v, 'n>(
    properties: &'v Map<String, Value>,
    mut names: impl Iterator<Item = &'n str>,
) -> Option<&'v Value> {
    let first = properties.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

fn set_at(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('/') {
        None => {
            object.insert(path.to_owned(), value);
        }
        Some((name, rest)) => {
            if let Some(Value::Object(inner)) = object.get_mut(name) {
                set_at(inner, rest, value);
            }
        }
    }
}
