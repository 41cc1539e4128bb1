//! Navigation properties in a body, by value and by reference.

use msgraph_csdl::model::{NavigationProperty, TypeId};
use serde_json::Value;

use crate::body::BodyReader;
use crate::body::change::{Changes, ChildChange};
use crate::body::location::Location;
use crate::body::reference::{Binding, Reference};
use crate::rejection::{Rejection, bad_request};

impl BodyReader<'_> {
    pub(super) fn navigation(
        &self,
        at: &Location<'_>,
        navigation: &NavigationProperty<'_>,
        value: Value,
    ) -> Result<ChildChange, Rejection> {
        match (navigation.is_collection, value) {
            (true, Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                let items = items
                    .map(|(index, item)| self.child(&at.index(index), navigation.target, item));
                Ok(ChildChange::Many(items.collect::<Result<_, _>>()?))
            }
            (true, value) => Err(bad_request!(
                "The value of '{at}' is {}; it must be an array.",
                if value.is_null() {
                    "null"
                } else {
                    "not an array"
                },
            )),
            (false, Value::Null) if navigation.nullable => Ok(ChildChange::One(None)),
            (false, value) => {
                let child = self.child(at, navigation.target, value)?;
                Ok(ChildChange::One(Some(Box::new(child))))
            }
        }
    }

    fn child(&self, at: &Location<'_>, target: TypeId, value: Value) -> Result<Changes, Rejection> {
        match value {
            Value::Object(object) => self.creating().new_entity(at, target, object),
            _ => Err(self.not_an_object(at, target)),
        }
    }

    pub(super) fn not_an_object(&self, at: &Location<'_>, ty: TypeId) -> Rejection {
        bad_request!(
            "The value of '{at}' is not an object of type '{}'.",
            self.model.type_name(ty),
        )
    }

    /// Reads `nav@odata.bind`: URLs of entities of a fitting type.
    pub(super) fn bind(
        &self,
        at: &Location<'_>,
        ty: TypeId,
        name: &str,
        value: &Value,
    ) -> Result<Binding, Rejection> {
        let navigation = self.model.schema().navigation_property(ty, name);
        let (_, navigation) = navigation.ok_or_else(|| {
            bad_request!(
                "'{at}' names no navigation property of type '{}'.",
                self.model.type_name(ty),
            )
        })?;
        if navigation.contains_target {
            return Err(bad_request!(
                "'{at}': what '{name}' contains cannot be bound by reference."
            ));
        }
        let reference = |url: &Value| self.reference(at, navigation.target, url);
        match (navigation.is_collection, value) {
            (true, Value::Array(items)) => {
                let added: Result<_, _> = items.iter().map(reference).collect();
                Ok(Binding::Added(added?))
            }
            (false, Value::Null) if navigation.nullable => Ok(Binding::One(None)),
            (false, Value::String(_)) => Ok(Binding::One(Some(reference(value)?))),
            (true, _) => Err(bad_request!(
                "The value of '{at}' is not an array of strings."
            )),
            (false, _) => Err(bad_request!("The value of '{at}' is not a string.")),
        }
    }

    fn reference(
        &self,
        at: &Location<'_>,
        target: TypeId,
        url: &Value,
    ) -> Result<Reference, Rejection> {
        let Value::String(url) = url else {
            return Err(bad_request!(
                "The value of '{at}' is not an array of strings."
            ));
        };
        let schema = self.model.schema();
        let found = Reference::parse(self.model, self.base, url);
        let fitting = found.filter(|(_, ty)| {
            schema.is_subtype_of(*ty, target) || schema.is_subtype_of(target, *ty)
        });
        fitting.map(|(reference, _)| reference).ok_or_else(|| {
            let resolved = self.base.resolve(url).map(String::from);
            let resolved = resolved.filter(|resolved| resolved != url);
            let resolved = resolved.map(|resolved| format!(" (it resolves to {resolved})"));
            bad_request!(
                "'{at}': '{url}' is not the URL of an entity of type '{}'{}.",
                self.model.type_name(target),
                resolved.unwrap_or_default(),
            )
        })
    }
}
