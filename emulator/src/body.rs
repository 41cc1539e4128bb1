//! Validates a body against the metadata, and reads the update that it makes. Independent of the
//! generator, so that a mistake there is not repeated here.

mod annotation;
mod delta;
mod destination;
mod location;
pub(crate) mod navigation;
pub(crate) mod reference;
mod structured;
mod value;

use std::collections::BTreeMap;

use msgraph_csdl::model::{ItemType, Operation, TypeId, TypeReference};
use serde_json::{Map, Value};

use crate::body::destination::{Destination, NavigationUpdate};
use crate::body::location::Location;
use crate::body::reference::{Base, Reference};
use crate::model::Model;
use crate::rejection::{Result, bad_request};
use crate::state::entity::{Entity, EntityUpdate};

/// How to handle a changed read-only property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ReadOnly {
    /// Sets the value: in a new entity.
    Set,
    /// Sets the value, unless it is the key in the path: in a seed.
    SetExceptKey,
    /// Sets the key and immutable properties, and ignores the values of properties that the service
    /// computes (OData Protocol 4.01 §11.4.2.1): in a POST.
    Compute,
    #[default]
    Reject,
    /// Keeps the current value (OData Protocol 4.01 §11.4.3).
    Ignore,
}

/// Reads bodies.
#[derive(Clone, Copy)]
pub(crate) struct BodyReader<'m> {
    pub(crate) model: &'m Model,
    /// The base of relative URLs.
    pub(crate) base: &'m Base,
    /// The number of the change.
    pub(crate) revision: u64,
    pub(crate) read_only: ReadOnly,
    /// `Prefer: include-unknown-enum-members`.
    pub(crate) accepts_unknown_enum_members: bool,
    /// `OData-Version: 4.01`.
    pub(crate) accepts_delta: bool,
    /// `IEEE754Compatible=true` in the media type.
    pub(crate) ieee754_compatible: bool,
    /// Whether the update replaces the current value, or a value around it.
    pub(crate) replaces: bool,
}

impl BodyReader<'_> {
    /// Reads the update of an entity at a path with the declared type `declared`.
    pub(crate) fn update(
        &self,
        entity: &Entity,
        (path, declared): (&[String], TypeId),
        body: Value,
    ) -> Result<EntityUpdate> {
        let ty = entity.ty;
        if self.model.needs_derived_type(ty) {
            return self.update_as(entity, ty, body);
        }
        let object = body_object(body)?;
        let named = self.odata_type(&object, ty, &Location::BODY, true)?;
        match named {
            Some(named) if named != ty => Err(bad_request!(
                "@odata.type '#{}' does not match the resource, which is of type '{}'.",
                self.model.type_name(named),
                self.model.type_name(ty),
            )),
            None if self.model.needs_odata_type(ty, declared, path) => Err(bad_request!(
                "The body must contain @odata.type '#{}'.",
                self.model.type_name(ty),
            )),
            _ => self.entity(&Location::BODY, entity, ty, object),
        }
    }

    /// Reads the update of an entity that may change its type to `expected` or a subtype.
    pub(crate) fn update_as(
        &self,
        entity: &Entity,
        expected: TypeId,
        body: Value,
    ) -> Result<EntityUpdate> {
        let at = Location::BODY;
        let object = body_object(body)?;
        let (ty, _) = self.concrete_type(&object, expected, &at)?;
        self.entity(&at, entity, ty, object)
    }

    /// Reads a new entity of type `declared` or a subtype.
    pub(crate) fn create(&self, declared: TypeId, body: Value) -> Result<Entity> {
        let reader = BodyReader {
            read_only: ReadOnly::Compute,
            ..*self
        };
        let object = Value::Object(body_object(body)?);
        reader.child(&Location::BODY, declared, object, None)
    }

    /// Reads the body `{"@odata.id": "…"}` of a reference to an entity of type `target`.
    pub(crate) fn reference_body(&self, target: TypeId, body: Value) -> Result<Reference> {
        let object = body_object(body)?;
        if let Some(name) = object.keys().find(|name| !name.starts_with('@')) {
            return Err(bad_request!(
                "The property '{name}' does not exist on a reference; '@odata.id' is expected."
            ));
        }
        match object.get("@odata.id") {
            Some(Value::String(url)) => {
                self.reference(&Location::BODY.property("@odata.id"), target, url)
            }
            _ => Err(bad_request!(
                "The body has no string '@odata.id' with the URL of the entity."
            )),
        }
    }

    /// Reads the parameters of an action.
    pub(crate) fn parameters(
        &self,
        operation: &Operation<'_>,
        body: Value,
    ) -> Result<Map<String, Value>> {
        let reader = BodyReader {
            read_only: ReadOnly::Set,
            ..*self
        };
        let object = body_object(body)?;
        reader.check_type_annotations(&Location::BODY, None, &object)?;
        let mut parameters = Map::new();
        for (name, value) in object {
            if name.contains('@') {
                continue;
            }
            let mut declared = operation.arguments().iter();
            let Some(parameter) = declared.find(|it| it.name.text == name) else {
                return Err(bad_request!(
                    "The parameter '{name}' in the request payload is not a valid parameter for \
                     the operation '{}'.",
                    operation.name.text
                ));
            };
            let at = Location::BODY.property(&name);
            let ty = (parameter.ty, parameter.nullable);
            let value = reader.parameter(&at, ty, value)?;
            parameters.insert(name, value);
        }
        let mut declared = operation.arguments().iter();
        let missing = declared.find(|it| {
            let may_be_omitted = it.nullable || it.is_optional() || it.ty.is_collection;
            !may_be_omitted && !parameters.contains_key(it.name.text.as_ref())
        });
        match missing {
            None => Ok(parameters),
            Some(parameter) => Err(bad_request!(
                "The parameter '{}' of the operation '{}' is missing in the request payload.",
                parameter.name.text,
                operation.name.text
            )),
        }
    }

    /// Reads a parameter, which may be an entity.
    fn parameter(
        &self,
        at: &Location,
        (ty, nullable): (TypeReference, bool),
        value: Value,
    ) -> Result<Value> {
        let schema = self.model.schema();
        match ty.item {
            ItemType::Declared(target) if !schema.key(target).is_empty() && !value.is_null() => {
                let entity = |at: &Location, value| {
                    let entity = self.child(at, target, value, None)?;
                    Ok(Value::Object(entity.json(self.model, target)))
                };
                match value {
                    Value::Array(items) if ty.is_collection => {
                        let items = items.into_iter().enumerate();
                        items
                            .map(|(index, item)| entity(&at.index(index), item))
                            .collect()
                    }
                    single => entity(at, single),
                }
            }
            _ => self.value(at, (ty, nullable), value, None, None),
        }
    }

    /// Reads the update of a property, and returns its new value.
    pub(crate) fn property(
        &self,
        entity: &Entity,
        path: &[String],
        (ty, nullable): (TypeReference, bool),
        value: Value,
    ) -> Result<Value> {
        let at = Location::BODY.property(path.last().map_or("", String::as_str));
        let current = entity.value_at(path.iter().map(String::as_str));
        self.value(&at, (ty, nullable), value, current, None)
    }

    fn entity(
        &self,
        at: &Location,
        entity: &Entity,
        ty: TypeId,
        object: Map<String, Value>,
    ) -> Result<EntityUpdate> {
        let mut update = EntityUpdate {
            ty,
            properties: entity.properties.clone(),
            children: BTreeMap::new(),
            references: BTreeMap::new(),
        };
        let destination = Destination {
            properties: &mut update.properties,
            navigation: Some(NavigationUpdate {
                entity,
                children: &mut update.children,
                references: &mut update.references,
                prefix: String::new(),
            }),
        };
        let names: Vec<String> = object.keys().cloned().collect();
        let replaces = self.replaces || self.model.replaces(ty);
        let reader = BodyReader { replaces, ..*self };
        reader.properties(at, ty, object, destination)?;
        self.check_bounds(ty, &names, &update.properties)?;
        Ok(update)
    }

    /// Checks values that facts bound by other properties, if the body has one of them.
    fn check_bounds(
        &self,
        ty: TypeId,
        names: &[String],
        properties: &Map<String, Value>,
    ) -> Result<()> {
        for (name, low, high) in self.model.bounded_properties(ty) {
            let mut all = [&name, &low, &high].into_iter();
            let is_changed = all.any(|name| names.contains(name));
            let number = |name: &str| properties.get(name).and_then(Value::as_i64);
            let Some(value) = number(&name).filter(|_| is_changed) else {
                continue;
            };
            let (min, max) = (number(&low), number(&high));
            if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
                return Err(bad_request!(
                    "The value {value} of property '{name}' is not between '{low}' ({}) and \
                     '{high}' ({}).",
                    min.unwrap_or_default(),
                    max.unwrap_or_default(),
                ));
            }
        }
        Ok(())
    }

    /// The type of a new object, which must not be abstract, and whether `@odata.type` names it.
    fn concrete_type(
        &self,
        object: &Map<String, Value>,
        declared: TypeId,
        at: &Location,
    ) -> Result<(TypeId, bool)> {
        let named = self.odata_type(object, declared, at, false)?;
        let ty = named.unwrap_or(declared);
        if self.model.needs_derived_type(ty) {
            return Err(bad_request!(
                "The type '{}' of {} is abstract; @odata.type must name a type that derives from it.",
                self.model.type_name(ty),
                at.quoted(),
            ));
        }
        Ok((ty, named.is_some()))
    }

    /// The type that `@odata.type` names, if it is present: `expected` or a subtype. For an existing
    /// entity, supertypes are accepted too.
    fn odata_type(
        &self,
        object: &Map<String, Value>,
        expected: TypeId,
        at: &Location,
        or_supertype: bool,
    ) -> Result<Option<TypeId>> {
        let text = match object.get("@odata.type") {
            None => return Ok(None),
            Some(Value::String(text)) => text,
            Some(_) => {
                return Err(bad_request!(
                    "@odata.type of {} is not a string.",
                    at.quoted()
                ));
            }
        };
        let name = text.strip_prefix('#').unwrap_or(text);
        let schema = self.model.schema();
        let named = self.model.type_of_annotation(text);
        let Some(named) = named.filter(|ty| schema.structured(*ty).is_some()) else {
            return Err(bad_request!(
                "A type named '{name}' could not be resolved by the model (@odata.type of {}). \
                 When a model is available, each type name must resolve to a valid type.",
                at.quoted()
            ));
        };
        if schema.is_subtype_of(named, expected)
            || (or_supertype && schema.is_subtype_of(expected, named))
        {
            return Ok(Some(named));
        }
        Err(bad_request!(
            "A value of type '{name}' was found at {}, but it is not assignable to the expected \
             type '{}'.",
            at.quoted(),
            self.model.type_name(expected),
        ))
    }
}

fn body_object(body: Value) -> Result<Map<String, Value>> {
    match body {
        Value::Object(object) => Ok(object),
        _ => Err(bad_request!("The body is not a JSON object.")),
    }
}
