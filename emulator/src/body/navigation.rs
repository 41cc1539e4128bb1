//! Navigation properties in a body: by value, and by reference.

use msgraph_csdl::model::{NavigationProperty, TypeId};
use serde_json::Value;

use crate::body::change::ChildChange;
use crate::body::location::At;
use crate::body::reference::{Binding, Reference};
use crate::body::{BodyReader, ReadOnly};
use crate::rejection::Refusal;

impl BodyReader<'_> {
    pub(super) fn navigation(
        &self,
        at: &At<'_>,
        navigation: &NavigationProperty<'_>,
        value: Value,
    ) -> Result<ChildChange, Refusal> {
        let creation = BodyReader {
            current: None,
            entity: None,
            read_only: ReadOnly::Set,
            ..*self
        };
        let entity = |at: &At<'_>, value: Value| match value {
            Value::Object(object) => creation.new_entity(at, navigation.target, object),
            _ => Err(Refusal::bad_request(format!(
                "The value of '{at}' is not an object of type '{}'.",
                self.model.type_name(navigation.target),
            ))),
        };
        match (navigation.is_collection, value) {
            (true, Value::Array(items)) => {
                let items = items
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| entity(&at.index(index), value));
                Ok(ChildChange::Many(items.collect::<Result<_, _>>()?))
            }
            (true, value) => Err(Refusal::bad_request(format!(
                "The value of '{at}' is {}; it must be an array.",
                if value.is_null() {
                    "null"
                } else {
                    "not an array"
                },
            ))),
            (false, Value::Null) if navigation.nullable => Ok(ChildChange::One(None)),
            (false, value) => Ok(ChildChange::One(Some(Box::new(entity(at, value)?)))),
        }
    }

    /// `nav@odata.bind`: the URLs, each of which must lead to an entity of a fitting type.
    pub(super) fn bind(
        &self,
        at: &At<'_>,
        ty: TypeId,
        name: &str,
        value: &Value,
    ) -> Result<Binding, Refusal> {
        let (_, navigation) = self
            .model
            .schema()
            .navigation_property(ty, name)
            .ok_or_else(|| {
                Refusal::bad_request(format!(
                    "'{at}' names no navigation property of type '{}'.",
                    self.model.type_name(ty),
                ))
            })?;
        if navigation.contains_target {
            return Err(Refusal::bad_request(format!(
                "'{at}': what '{name}' contains cannot be bound by reference."
            )));
        }
        let reference = |url: &Value| self.reference(at, navigation.target, url);
        match (navigation.is_collection, value) {
            (true, Value::Array(items)) => {
                let added: Result<_, _> = items.iter().map(reference).collect();
                Ok(Binding::Added(added?))
            }
            (false, Value::Null) if navigation.nullable => Ok(Binding::One(None)),
            (false, Value::String(_)) => Ok(Binding::One(Some(reference(value)?))),
            (is_collection, _) => Err(Self::not_references(at, is_collection)),
        }
    }

    fn reference(&self, at: &At<'_>, target: TypeId, url: &Value) -> Result<Reference, Refusal> {
        let Value::String(url) = url else {
            return Err(Self::not_references(at, true));
        };
        let schema = self.model.schema();
        let found = Reference::parse(self.model, self.base, url);
        let fitting = found.filter(|(_, ty)| {
            schema.is_subtype_of(*ty, target) || schema.is_subtype_of(target, *ty)
        });
        fitting.map(|(reference, _)| reference).ok_or_else(|| {
            let resolved = self.base.resolve(url).map(String::from);
            let resolved = resolved.filter(|resolved| resolved != url);
            let leads_to = resolved.map(|resolved| format!(" (it leads to {resolved})"));
            Refusal::bad_request(format!(
                "'{at}': '{url}' is not the URL of an entity of type '{}'{}.",
                self.model.type_name(target),
                leads_to.unwrap_or_default(),
            ))
        })
    }

    fn not_references(at: &At<'_>, is_collection: bool) -> Refusal {
        let expected = match is_collection {
            true => "an array of strings",
            false => "a string",
        };
        Refusal::bad_request(format!("The value of '{at}' is not {expected}."))
    }
}
