//! Navigation properties in a body, by value and by reference.

use msgraph_csdl::model::{NavigationProperty, TypeId};
use serde_json::Value;

use crate::body::location::Location;
use crate::body::reference::Reference;
use crate::body::{BodyReader, ReadOnly};
use crate::rejection::{Result, bad_request};
use crate::state::entity::collection::Collection;
use crate::state::entity::{Child, Entity};

impl BodyReader<'_> {
    /// Reads a navigation property by value. `current` is its target, and `path` leads to it from the
    /// entity.
    pub(super) fn navigation(
        &self,
        at: &Location,
        path: &str,
        navigation: &NavigationProperty<'_>,
        value: Value,
        current: Option<&Child>,
    ) -> Result<Child> {
        match (navigation.is_collection, value) {
            (true, Value::Array(items)) => {
                let mut collection = Collection::default();
                for (index, item) in items.into_iter().enumerate() {
                    let entity = self.child(&at.index(index), navigation.target, item, None)?;
                    collection.add(self.model, path, entity, self.revision)?;
                }
                Ok(Child::Many(collection))
            }
            (true, value) => Err(bad_request!(
                "The value of '{at}' is {}; it must be an array.",
                if value.is_null() {
                    "null"
                } else {
                    "not an array"
                },
            )),
            (false, Value::Null) if navigation.nullable => Ok(Child::One(None)),
            (false, value) => {
                let current = match current {
                    Some(Child::One(Some(entity))) => Some(entity.as_ref()),
                    _ => None,
                };
                let entity = self.child(at, navigation.target, value, current)?;
                Ok(Child::One(Some(Box::new(entity))))
            }
        }
    }

    /// Reads an entity by value. It is merged into `current` if that is of the same type.
    pub(super) fn child(
        &self,
        at: &Location,
        target: TypeId,
        value: Value,
        current: Option<&Entity>,
    ) -> Result<Entity> {
        let Value::Object(object) = value else {
            return Err(bad_request!(
                "The value of '{at}' is not an object of type '{}'.",
                self.model.type_name(target),
            ));
        };
        let (ty, _) = self.concrete_type(&object, target, at)?;
        let mut entity = match current {
            Some(current) if current.ty == ty => current.clone(),
            _ => Entity::new(self.model, ty, &[]),
        };
        let reader = BodyReader {
            read_only: match self.read_only {
                ReadOnly::Compute => ReadOnly::Compute,
                _ => ReadOnly::Set,
            },
            replaces: false,
            ..*self
        };
        let update = reader.entity(at, &entity, ty, object)?;
        entity.update(self.model, update, self.revision);
        Ok(entity)
    }

    /// Reads `nav@odata.bind`: URLs of entities of a fitting type. Returns the new references.
    pub(super) fn bind(
        &self,
        at: &Location,
        path: &str,
        ty: TypeId,
        value: &Value,
        current: &[Reference],
    ) -> Result<Vec<Reference>> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let navigation = self.model.schema().navigation_property(ty, name);
        let Some((_, navigation)) = navigation else {
            return Err(bad_request!(
                "'{at}' does not name a navigation property of type '{}'.",
                self.model.type_name(ty),
            ));
        };
        if navigation.contains_target {
            return Err(bad_request!(
                "'{at}': the contained navigation property '{name}' cannot be bound by reference."
            ));
        }
        let reference = |url: &str| self.reference(at, navigation.target, url);
        match (navigation.is_collection, value) {
            (true, Value::Array(items)) => {
                let mut references = current.to_vec();
                for item in items {
                    let Value::String(url) = item else {
                        return Err(bad_request!(
                            "The value of '{at}' is not an array of strings."
                        ));
                    };
                    let mut reference = reference(url)?;
                    reference.number = next_number(&references, self.revision);
                    if references.iter().any(|other| other.is_same(&reference)) {
                        // Graph's message.
                        return Err(bad_request!(
                            "One or more added object references already exist for the following \
                             modified properties: '{path}' ({}).",
                            reference.url
                        ));
                    }
                    references.push(reference);
                }
                Ok(references)
            }
            (false, Value::Null) if navigation.nullable => Ok(Vec::new()),
            (false, Value::String(url)) => Ok(vec![reference(url)?]),
            (true, _) => Err(bad_request!(
                "The value of '{at}' is not an array of strings."
            )),
            (false, _) => Err(bad_request!("The value of '{at}' is not a string.")),
        }
    }

    /// The reference that a URL makes to an entity that may be of type `target`.
    pub(super) fn reference(&self, at: &Location, target: TypeId, url: &str) -> Result<Reference> {
        let schema = self.model.schema();
        if let Some(reference) = Reference::parse(self.model, self.base, url) {
            let ty = reference.declared;
            if schema.is_subtype_of(ty, target) || schema.is_subtype_of(target, ty) {
                return Ok(reference);
            }
        }
        let resolved = self.base.resolve(url).map(String::from);
        let resolved = resolved.filter(|resolved| resolved != url);
        let resolved = resolved.map(|resolved| format!(" (it resolves to {resolved})"));
        Err(bad_request!(
            "'{at}': '{url}' is not the URL of an entity of type '{}'{}.",
            self.model.type_name(target),
            resolved.unwrap_or_default(),
        ))
    }
}

/// An unused number for a reference that a change adds to `references`.
pub(crate) fn next_number(references: &[Reference], revision: u64) -> u64 {
    let next = references.last().map_or(0, |last| last.number + 1);
    next.max(revision << 10)
}
