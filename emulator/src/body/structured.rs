//! The properties of an entity or a complex value.

use std::collections::BTreeMap;

use msgraph_csdl::model::{Property, StructuredType, TypeId};
use serde_json::{Map, Value};

use crate::body::change::{Change, ChildChange};
use crate::body::delta::changed_collection;
use crate::body::location::{At, Part};
use crate::body::reference::Binding;
use crate::body::{BodyReader, ReadOnly};
use crate::model::key::{key_text, normalized};
use crate::rejection::Refusal;

/// Where the content of a structured value goes besides its properties: only values that hang on
/// the entity by single-valued properties have places for navigation below them.
pub(super) struct Links<'c> {
    pub(super) children: &'c mut BTreeMap<String, ChildChange>,
    pub(super) references: &'c mut BTreeMap<String, Binding>,
    /// Names from the entity to the value, each with a slash behind it.
    pub(super) prefix: String,
}

impl BodyReader<'_> {
    /// The members of an entity or complex value of type `ty`.
    pub(super) fn members(
        &self,
        at: &At<'_>,
        ty: TypeId,
        object: Map<String, Value>,
        links: Option<Links<'_>>,
    ) -> Result<BTreeMap<String, Change>, Refusal> {
        types_have_values(at, &object)?;
        match self.base.inside(&object)? {
            None => self.each_member(at, ty, object, links),
            Some(base) => {
                let base = &base;
                BodyReader { base, ..*self }.each_member(at, ty, object, links)
            }
        }
    }

    pub(super) fn each_member(
        &self,
        at: &At<'_>,
        ty: TypeId,
        object: Map<String, Value>,
        mut links: Option<Links<'_>>,
    ) -> Result<BTreeMap<String, Change>, Refusal> {
        let schema = self.model.schema();
        let mut changes = BTreeMap::new();
        for (name, value) in object {
            let at = at.name(&name);
            if let Some(navigation) = name.strip_suffix("@odata.bind") {
                let binding = self.bind(&at, ty, navigation, &value)?;
                if let Some(links) = &mut links {
                    let path = format!("{}{navigation}", links.prefix);
                    links.references.insert(path, binding);
                }
            } else if let Some(navigation) = changed_collection(&name) {
                let prefix = links.as_ref().map_or("", |links| links.prefix.as_str());
                let path = format!("{prefix}{navigation}");
                let delta = self.delta(&at, ty, (&path, navigation), value)?;
                if let Some(links) = &mut links {
                    let delta = ChildChange::Delta(delta);
                    let both = links.children.insert(path, delta).is_some();
                    only_one_way(&at, navigation, both)?;
                }
            } else if name.contains('@') {
                // Other annotations carry no change. `@odata.type` was read before.
            } else if let Some(property) = schema.property(ty, &name) {
                let inner = links.as_mut().map(|links| Links {
                    children: &mut *links.children,
                    references: &mut *links.references,
                    prefix: format!("{}{name}/", links.prefix),
                });
                let change = self.structural(&at, ty, property, value, inner)?;
                if let Some(change) = change {
                    changes.insert(name, change);
                }
            } else if let Some((_, navigation)) = schema.navigation_property(ty, &name) {
                self.is_inline(&at, ty, &name)?;
                let raw = links.is_none().then(|| value.clone());
                let change = self.navigation(&at, navigation, value)?;
                match (&mut links, raw) {
                    (Some(links), _) => {
                        let path = format!("{}{name}", links.prefix);
                        let both = links.children.insert(path, change).is_some();
                        only_one_way(&at, &name, both)?;
                    }
                    (None, raw) => {
                        changes.insert(name, Change::Set(raw.unwrap_or_default()));
                    }
                }
            } else {
                let change = self.dynamic(&at, ty, value)?;
                changes.insert(name, change);
            }
        }
        Ok(changes)
    }

    fn is_inline(&self, at: &At<'_>, ty: TypeId, name: &str) -> Result<(), Refusal> {
        if self.model.is_inline(ty, name) {
            return Ok(());
        }
        Err(Refusal::bad_request(format!(
            "The navigation property '{at}' of type '{}' is not updated in the body; \
             use its own URL or '{name}@odata.bind'.",
            self.model.type_name(ty),
        )))
    }

    /// A property that the type does not declare, which only an open type can have.
    fn dynamic(&self, at: &At<'_>, ty: TypeId, value: Value) -> Result<Change, Refusal> {
        let is_open = |ty: &StructuredType<'_>| ty.is_open;
        if !self.model.schema().structured(ty).is_some_and(is_open) {
            return Err(Refusal::bad_request(format!(
                "The property '{at}' does not exist on type '{}'. Make sure to only use \
                 property names that are defined by the type.",
                self.model.type_name(ty),
            )));
        }
        all_types_have_values(at, &value)?;
        Ok(Change::Set(value))
    }

    /// `None` where the service sets the value itself: it may be sent back as it is, not changed.
    pub(super) fn structural(
        &self,
        at: &At<'_>,
        ty: TypeId,
        property: &Property<'_>,
        value: Value,
        links: Option<Links<'_>>,
    ) -> Result<Option<Change>, Refusal> {
        let name = property.name.text.as_ref();
        self.in_range(at, ty, name, &value)?;
        let is_top = at.outer.is_some_and(At::is_entity);
        let key = self.model.schema().key(ty);
        let is_key = is_top && key.iter().any(|key| key.text == name);
        let now = self.current_at(at);
        let is_fixed = match self.read_only {
            // The path has chosen the key already.
            ReadOnly::Set => is_key && now.is_some(),
            _ => is_key || self.model.is_read_only(ty, property),
        };
        if !is_fixed {
            let replaces = self.replaces || self.model.replaces_property(ty, name);
            let reader = BodyReader { replaces, ..*self };
            let change = reader.value(at, property.ty, property.nullable, value, links)?;
            return Ok(Some(change));
        }
        let is_same = match now {
            // A singleton may have a key that is not known here.
            None => is_key || value.is_null(),
            Some(now) if is_key => self.is_same_key(ty, name, now, &value),
            Some(now) => *now == value,
        };
        // An item of a collection has no value that it keeps: what the service sets in it, it sets
        // again.
        let is_refused = !is_same && !at.is_in_collection() && self.read_only != ReadOnly::Ignore;
        // Held against its type before all else.
        self.value(at, property.ty, property.nullable, value, links)?;
        match is_refused {
            true => Err(Refusal::bad_request(format!(
                "Property '{at}' is read-only and cannot be set."
            ))),
            false => Ok(None),
        }
    }

    /// Whether a part of the key is that of the path, by the rule that the path was read by.
    pub(super) fn is_same_key(&self, ty: TypeId, name: &str, now: &Value, value: &Value) -> bool {
        let primitive = self.model.key_type(ty, name);
        let [now, value] = [now, value].map(|value| normalized(primitive, &key_text(value)));
        now == value || (self.has_known_key && now.eq_ignore_ascii_case(&value))
    }

    /// The value that the entity has at a place in the body.
    pub(super) fn current_at(&self, at: &At<'_>) -> Option<&Value> {
        let outer = at.outer?;
        match (at.part, outer.part) {
            (Part::Body | Part::Item(_), _) => None,
            (Part::Name(name), Part::Body | Part::Item(_)) => self.current?.get(name),
            (Part::Name(name), _) => self.current_at(outer)?.get(name),
            (Part::Index(index), _) => self.current_at(outer)?.get(index),
        }
    }

    /// The range that facts state.
    pub(super) fn in_range(
        &self,
        at: &At<'_>,
        ty: TypeId,
        name: &str,
        value: &Value,
    ) -> Result<(), Refusal> {
        let Some(facts) = self.model.property_facts(ty, name) else {
            return Ok(());
        };
        let Some(number) = value.as_i64() else {
            // Of another type, which is refused with a better reason, or null.
            return Ok(());
        };
        let refuse = |relation: &str, bound: i64| {
            Err(Refusal::bad_request(format!(
                "The value {number} of property '{at}' is {relation} {bound}."
            )))
        };
        match (facts.minimum, facts.maximum) {
            (Some(minimum), _) if number < minimum => refuse("less than the minimum", minimum),
            (_, Some(maximum)) if number > maximum => refuse("greater than the maximum", maximum),
            _ => Ok(()),
        }
    }
}

/// A body replaces a collection, or changes single items of it.
fn only_one_way(at: &At<'_>, navigation: &str, both: bool) -> Result<(), Refusal> {
    match both {
        true => Err(Refusal::bad_request(format!(
            "'{at}': the body has the collection '{navigation}' and changes to its items."
        ))),
        false => Ok(()),
    }
}

/// `X@odata.type` describes the value of `X`, so that must be there.
fn types_have_values(at: &At<'_>, object: &Map<String, Value>) -> Result<(), Refusal> {
    for name in object.keys() {
        if let Some(of) = name.strip_suffix("@odata.type")
            && !of.is_empty()
            && !object.contains_key(of)
        {
            return Err(Refusal::bad_request(format!(
                "'{}' has no value to describe: the property '{of}' is missing.",
                at.name(name)
            )));
        }
    }
    Ok(())
}

/// The same at every depth of a value whose type is not declared.
fn all_types_have_values(at: &At<'_>, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Object(object) => {
            types_have_values(at, object)?;
            object
                .iter()
                .try_for_each(|(name, value)| all_types_have_values(&at.name(name), value))
        }
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| all_types_have_values(at, item)),
        _ => Ok(()),
    }
}
