//! What an update does to an entity.

use std::collections::BTreeMap;

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::body::change::{Change, Changes, ChildChange, apply_all, remove_unnamed};
use crate::model::Model;
use crate::model::key::{key_text, normalized};
use crate::rejection::Refusal;
use crate::state::entity::{Child, Collection, Entity, chosen_key, value_in};
use crate::state::keyed::Keyed;

impl Entity {
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
                ChildChange::Delta(delta) => {
                    let collection = self.changed_collection(model, &path, delta, revision)?;
                    (path, collection)
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
        add_item(&mut items, model, name, changes, revision)?;
    }
    Ok(items)
}

pub(super) fn add_item(
    items: &mut Keyed<Entity>,
    model: &Model,
    name: &str,
    changes: Changes,
    revision: u64,
) -> Result<(), Refusal> {
    let ty = changes.ty;
    let mut entity = Entity::new(model, ty, &[]);
    entity.apply(model, changes, revision)?;
    let mut key = Vec::new();
    for part in model.schema().key(ty) {
        // A key that the body does not give is the service's to choose.
        let chosen = || Value::String(chosen_key(revision, items.next_number()));
        let value = entity
            .properties
            .entry(part.text.as_ref())
            .or_insert_with(chosen);
        let ty = model.key_type(ty, &part.text);
        key.push(normalized(ty, &key_text(value)));
    }
    if items.find(&key).is_some() {
        return Err(Refusal::bad_request(format!(
            "The property '{name}' contains more than one item with the key '{}'.",
            key.join(",")
        )));
    }
    items.insert(key, entity);
    Ok(())
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
