//! The properties of an entity or a complex value.

use std::collections::HashMap;

use msgraph_csdl::model::{Property, TypeId};
use serde_json::{Map, Value};

use crate::body::delta::delta_target;
use crate::body::destination::Destination;
use crate::body::location::Location;
use crate::body::{BodyReader, ReadOnly};
use crate::model::key::{key_text, normalized};
use crate::rejection::{Result, bad_request};
use crate::state::entity::Entity;

impl BodyReader<'_> {
    /// Reads the properties of an entity or complex value of type `ty`.
    pub(super) fn properties(
        &self,
        at: &Location,
        ty: TypeId,
        object: Map<String, Value>,
        mut to: Destination<'_>,
    ) -> Result<()> {
        self.check_type_annotations(at, Some(ty), &object)?;
        self.check_case(at, ty, &object)?;
        if self.replaces {
            let kept = self.model.kept_on_replace(ty);
            to.properties.retain(|name, _| {
                name == "@odata.type" || object.contains_key(name) || kept.contains(name)
            });
        }
        let base = self.base.inside(&object)?;
        let base = base.as_ref().unwrap_or(self.base);
        let reader = BodyReader { base, ..*self };
        for (name, value) in object {
            reader.any_property(&at.property(&name), ty, &name, value, &mut to)?;
        }
        Ok(())
    }

    fn any_property(
        &self,
        at: &Location,
        ty: TypeId,
        name: &str,
        value: Value,
        to: &mut Destination<'_>,
    ) -> Result<()> {
        let schema = self.model.schema();
        if let Some(target) = name.strip_suffix("@odata.bind") {
            let path = to.path(target);
            let references = self.bind(at, &path, ty, &value, to.references(&path))?;
            to.set_references(path, references);
        } else if let Some(target) = delta_target(name) {
            let path = to.path(target);
            let child = self.delta(at, &path, ty, value, to.child(&path))?;
            to.set_child(path, child)?;
        } else if name.contains('@') {
            // `@odata.type` was read before; other annotations change nothing.
        } else if let Some(property) = schema.property(ty, name) {
            self.structural(at, ty, property, value, to)?;
        } else if let Some((_, property)) = schema.navigation_property(ty, name) {
            // OData Protocol 4.01 §11.4.2.2.
            let is_deep_insert = self.read_only == ReadOnly::Compute && property.contains_target;
            if !is_deep_insert && !self.model.is_inline(ty, name) {
                return Err(bad_request!(
                    "The navigation property '{at}' of type '{}' is not updated in the body; \
                     use its own URL or '{name}@odata.bind'.",
                    self.model.type_name(ty),
                ));
            }
            if to.navigation.is_none() {
                to.properties.insert(name.to_owned(), value.clone());
            }
            let path = to.path(name);
            let child = self.navigation(at, &path, property, value, to.child(&path))?;
            to.set_child(path, child)?;
        } else {
            self.check_dynamic(at, ty, &value)?;
            to.properties.insert(name.to_owned(), value);
        }
        Ok(())
    }

    /// Checks a property that the type does not declare, which only an open type accepts.
    fn check_dynamic(&self, at: &Location, ty: TypeId, value: &Value) -> Result<()> {
        let structured = self.model.schema().structured(ty);
        if !structured.is_some_and(|ty| ty.is_open) {
            return Err(bad_request!(
                "The property '{at}' does not exist on type '{}'. Make sure to only use \
                 property names that are defined by the type.",
                self.model.type_name(ty),
            ));
        }
        self.check_nested_type_annotations(at, value)
    }

    /// Checks that no two properties of an open type differ only in case.
    fn check_case(&self, at: &Location, ty: TypeId, object: &Map<String, Value>) -> Result<()> {
        let schema = self.model.schema();
        if !schema.structured(ty).is_some_and(|ty| ty.is_open) {
            return Ok(());
        }
        let declared = schema.properties(ty);
        let declared = declared
            .iter()
            .map(|(_, property)| property.name.text.as_ref());
        let mut names: HashMap<String, &str> = declared
            .map(|name| (name.to_ascii_lowercase(), name))
            .collect();
        for name in object.keys() {
            let other = names.insert(name.to_ascii_lowercase(), name);
            if let Some(other) = other.filter(|other| other != name) {
                return Err(bad_request!(
                    "The names '{other}' and '{name}' in {} differ only in case.",
                    at.quoted()
                ));
            }
        }
        Ok(())
    }

    fn structural(
        &self,
        at: &Location,
        ty: TypeId,
        property: &Property<'_>,
        value: Value,
        to: &mut Destination<'_>,
    ) -> Result<()> {
        let name = property.name.text.as_ref();
        self.check_range(at, ty, name, &value)?;
        let current = to.properties.get(name);
        // Only the entity itself has navigation without a prefix.
        let entity = to.navigation.as_ref().filter(|to| to.prefix.is_empty());
        let entity = entity.map(|to| to.entity);
        let key = self.model.schema().key(ty);
        let key_of = entity.filter(|_| key.iter().any(|key| key.text == name));
        let is_read_only = match self.read_only {
            ReadOnly::Set => false,
            ReadOnly::Compute => self.model.is_computed(ty, property),
            ReadOnly::SetExceptKey => key_of.is_some() && current.is_some(),
            _ => key_of.is_some() || self.model.is_read_only(ty, property),
        };
        let is_unchanged = match (key_of, current) {
            // The key of a singleton may be unknown.
            (Some(_), None) => true,
            (Some(entity), Some(current)) => self.is_same_key(entity, name, current, &value),
            (None, None) => value.is_null(),
            (None, Some(current)) => *current == value,
        };
        let replaces = self.replaces || self.model.replaces_property(ty, name);
        let reader = BodyReader { replaces, ..*self };
        let navigation = to.navigation.as_mut().map(|to| to.inside(name));
        let ty = (property.ty, property.nullable);
        let value = reader.value(at, ty, value, current, navigation)?;
        if !is_read_only {
            to.properties.insert(name.to_owned(), value);
        } else if !is_unchanged && !matches!(self.read_only, ReadOnly::Ignore | ReadOnly::Compute) {
            return Err(bad_request!(
                "Property '{at}' is read-only and cannot be set."
            ));
        }
        Ok(())
    }

    /// Whether a key property in the body equals the one in the path.
    fn is_same_key(&self, entity: &Entity, name: &str, current: &Value, value: &Value) -> bool {
        let primitive = self.model.key_type(entity.ty, name);
        let [current, value] =
            [current, value].map(|value| normalized(primitive, &key_text(value)));
        current == value || (entity.has_known_key && current.eq_ignore_ascii_case(&value))
    }

    /// Checks the range that facts state. A value of another type is rejected later.
    fn check_range(&self, at: &Location, ty: TypeId, name: &str, value: &Value) -> Result<()> {
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
