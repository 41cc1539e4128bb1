//! The properties of an entity or a complex value.

use std::collections::BTreeMap;

use msgraph_csdl::model::{Property, StructuredType, TypeId};
use serde_json::{Map, Value};

use crate::body::change::{Change, ChildChange};
use crate::body::delta::delta_target;
use crate::body::location::{Location, Part};
use crate::body::reference::Binding;
use crate::body::{BodyReader, ReadOnly};
use crate::model::key::{key_text, normalized};
use crate::rejection::{Rejection, bad_request};

/// The changes of navigation properties in an entity and in its single complex values. Values in
/// collections have none, because no path leads to them.
pub(super) struct NavigationChanges<'c> {
    pub(super) children: &'c mut BTreeMap<String, ChildChange>,
    pub(super) references: &'c mut BTreeMap<String, Binding>,
    /// Names from the entity to the value, each followed by a slash.
    pub(super) prefix: String,
}

impl NavigationChanges<'_> {
    fn inside(&mut self, property: &str) -> NavigationChanges<'_> {
        NavigationChanges {
            children: self.children,
            references: self.references,
            prefix: format!("{}{property}/", self.prefix),
        }
    }

    fn insert(
        &mut self,
        at: &Location<'_>,
        name: &str,
        change: ChildChange,
    ) -> Result<(), Rejection> {
        let path = format!("{}{name}", self.prefix);
        match self.children.insert(path, change) {
            None => Ok(()),
            Some(_) => Err(bad_request!(
                "'{at}': the body has the collection '{name}' and changes to its items."
            )),
        }
    }
}

impl BodyReader<'_> {
    /// Reads the properties of an entity or complex value of type `ty`.
    pub(super) fn properties(
        &self,
        at: &Location<'_>,
        ty: TypeId,
        object: Map<String, Value>,
        navigation: Option<NavigationChanges<'_>>,
    ) -> Result<BTreeMap<String, Change>, Rejection> {
        check_type_annotations(at, &object)?;
        let base = self.base.inside(&object)?;
        let base = base.as_ref().unwrap_or(self.base);
        let reader = BodyReader { base, ..*self };
        let mut navigation = navigation;
        let mut changes = BTreeMap::new();
        for (name, value) in object {
            let change = reader.any_property(at, ty, &name, value, navigation.as_mut())?;
            changes.extend(change.map(|change| (name, change)));
        }
        Ok(changes)
    }

    /// Reads one property of a JSON object. The change to a navigation property goes to `navigation`.
    fn any_property(
        &self,
        at: &Location<'_>,
        ty: TypeId,
        name: &str,
        value: Value,
        navigation: Option<&mut NavigationChanges<'_>>,
    ) -> Result<Option<Change>, Rejection> {
        let schema = self.model.schema();
        let at = at.property(name);
        if let Some(target) = name.strip_suffix("@odata.bind") {
            let binding = self.bind(&at, ty, target, &value)?;
            if let Some(navigation) = navigation {
                let path = format!("{}{target}", navigation.prefix);
                navigation.references.insert(path, binding);
            }
        } else if let Some(target) = delta_target(name) {
            let prefix = navigation
                .as_ref()
                .map_or("", |inner| inner.prefix.as_str());
            let path = format!("{prefix}{target}");
            let delta = self.delta(&at, ty, (&path, target), value)?;
            if let Some(navigation) = navigation {
                navigation.insert(&at, target, ChildChange::Delta(delta))?;
            }
        } else if name.contains('@') {
            // `@odata.type` was read before; other annotations change nothing.
        } else if let Some(property) = schema.property(ty, name) {
            let navigation = navigation.map(|navigation| navigation.inside(name));
            return self.structural(&at, ty, property, value, navigation);
        } else if let Some((_, property)) = schema.navigation_property(ty, name) {
            if !self.model.is_inline(ty, name) {
                return Err(bad_request!(
                    "The navigation property '{at}' of type '{}' is not updated in the body; \
                     use its own URL or '{name}@odata.bind'.",
                    self.model.type_name(ty),
                ));
            }
            let Some(navigation) = navigation else {
                self.navigation(&at, property, value.clone())?;
                return Ok(Some(Change::Set(value)));
            };
            let change = self.navigation(&at, property, value)?;
            navigation.insert(&at, name, change)?;
        } else {
            return self.dynamic(&at, ty, value).map(Some);
        }
        Ok(None)
    }

    /// Reads a property that the type does not declare, which only an open type accepts.
    fn dynamic(&self, at: &Location<'_>, ty: TypeId, value: Value) -> Result<Change, Rejection> {
        let is_open = |ty: &StructuredType<'_>| ty.is_open;
        if !self.model.schema().structured(ty).is_some_and(is_open) {
            return Err(bad_request!(
                "The property '{at}' does not exist on type '{}'. Make sure to only use \
                 property names that are defined by the type.",
                self.model.type_name(ty),
            ));
        }
        check_nested_type_annotations(at, &value)?;
        Ok(Change::Set(value))
    }

    /// Reads a declared property. Returns `None` for the unchanged value of a read-only one.
    fn structural(
        &self,
        at: &Location<'_>,
        ty: TypeId,
        property: &Property<'_>,
        value: Value,
        navigation: Option<NavigationChanges<'_>>,
    ) -> Result<Option<Change>, Rejection> {
        let name = property.name.text.as_ref();
        self.check_range(at, ty, name, &value)?;
        let is_top = at.outer.is_some_and(Location::is_entity);
        let key = self.model.schema().key(ty);
        let is_key = is_top && key.iter().any(|key| key.text == name);
        let current = self.current_at(at);
        let is_read_only = match self.read_only {
            // The path has set the key already.
            ReadOnly::Set => is_key && current.is_some(),
            _ => is_key || self.model.is_read_only(ty, property),
        };
        if !is_read_only {
            let replaces = self.replaces || self.model.replaces_property(ty, name);
            let reader = BodyReader { replaces, ..*self };
            let change = reader.value(at, property.ty, property.nullable, value, navigation)?;
            return Ok(Some(change));
        }
        let is_unchanged = match current {
            // The key of a singleton may be unknown.
            None => is_key || value.is_null(),
            Some(current) if is_key => self.is_same_key(ty, name, current, &value),
            Some(current) => *current == value,
        };
        // An item of a collection has no identity, so there is no current value to compare with.
        let is_rejected =
            !is_unchanged && !at.is_in_collection() && self.read_only != ReadOnly::Ignore;
        self.value(at, property.ty, property.nullable, value, navigation)?;
        if is_rejected {
            return Err(bad_request!(
                "Property '{at}' is read-only and cannot be set."
            ));
        }
        Ok(None)
    }

    /// Whether a key property in the body equals the one in the path.
    fn is_same_key(&self, ty: TypeId, name: &str, current: &Value, value: &Value) -> bool {
        let primitive = self.model.key_type(ty, name);
        let [current, value] =
            [current, value].map(|value| normalized(primitive, &key_text(value)));
        current == value || (self.has_known_key && current.eq_ignore_ascii_case(&value))
    }

    /// The current value at a location.
    fn current_at(&self, at: &Location<'_>) -> Option<&Value> {
        let outer = at.outer?;
        match (at.part, outer.part) {
            (Part::Body | Part::DeltaItem(_), _) => None,
            (Part::Property(name), Part::Body | Part::DeltaItem(_)) => self.current?.get(name),
            (Part::Property(name), _) => self.current_at(outer)?.get(name),
            (Part::Index(index), _) => self.current_at(outer)?.get(index),
        }
    }

    /// Checks the range that facts state. A value of another type is rejected later.
    fn check_range(
        &self,
        at: &Location<'_>,
        ty: TypeId,
        name: &str,
        value: &Value,
    ) -> Result<(), Rejection> {
        let facts = self.model.property_facts(ty, name);
        let (Some(facts), Some(number)) = (facts, value.as_i64()) else {
            return Ok(());
        };
        let (relation, bound) = match (facts.minimum, facts.maximum) {
            (Some(minimum), _) if number < minimum => ("less than the minimum", minimum),
            (_, Some(maximum)) if number > maximum => ("greater than the maximum", maximum),
            _ => return Ok(()),
        };
        Err(bad_request!(
            "The value {number} of property '{at}' is {relation} {bound}."
        ))
    }
}

/// Checks that every `X@odata.type` has an `X`.
fn check_type_annotations(at: &Location<'_>, object: &Map<String, Value>) -> Result<(), Rejection> {
    for name in object.keys() {
        if let Some(target) = name.strip_suffix("@odata.type")
            && !target.is_empty()
            && !object.contains_key(target)
        {
            return Err(bad_request!(
                "'{}' has no value to describe: the property '{target}' is missing.",
                at.property(name)
            ));
        }
    }
    Ok(())
}

/// Like [`check_type_annotations`], at every depth of a value of undeclared type.
fn check_nested_type_annotations(at: &Location<'_>, value: &Value) -> Result<(), Rejection> {
    match value {
        Value::Object(object) => {
            check_type_annotations(at, object)?;
            let mut properties = object.iter();
            properties.try_for_each(|(name, value)| {
                check_nested_type_annotations(&at.property(name), value)
            })
        }
        Value::Array(items) => {
            let mut items = items.iter();
            items.try_for_each(|item| check_nested_type_annotations(at, item))
        }
        _ => Ok(()),
    }
}
