//! A body held against the metadata: what it changes, or why it is refused.

pub(crate) mod change;
pub(crate) mod delta;
mod location;
mod navigation;
pub(crate) mod reference;
mod structured;
mod value;

use std::collections::BTreeMap;

use msgraph_csdl::model::{TypeId, TypeReference};
use serde_json::{Map, Value};

use crate::body::change::{Change, Changes};
use crate::body::location::{At, place};
use crate::body::reference::Base;
use crate::body::structured::Links;
use crate::model::Model;
use crate::rejection::Refusal;
use crate::state::entity::Entity;

/// What happens to a property that the service sets itself, if a body has another value for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ReadOnly {
    /// It gets the value: a seed, or an entity that the body creates.
    Set,
    #[default]
    Reject,
    /// It stays (OData Protocol 4.01 §11.4.3).
    Ignore,
}

/// Reads bodies.
#[derive(Clone, Copy)]
pub(crate) struct BodyReader<'m> {
    pub(crate) model: &'m Model,
    /// The properties of the entity that the body is for; none of a new one.
    pub(crate) current: Option<&'m Map<String, Value>>,
    /// That entity.
    pub(crate) entity: Option<&'m Entity>,
    /// Whether that entity's key matches in any case.
    pub(crate) has_known_key: bool,
    /// What happens to properties that the service sets itself.
    pub(crate) read_only: ReadOnly,
    /// What relative URLs are relative to.
    pub(crate) base: &'m Base,
    /// `Prefer: include-unknown-enum-members`.
    pub(crate) takes_evolved_members: bool,
    /// `OData-Version: 4.01`.
    pub(crate) takes_delta: bool,
    /// `IEEE754Compatible=true` in the content type.
    pub(crate) ieee754_compatible: bool,
    /// Whether the service replaces the value that is being read, or one that it stands in.
    pub(crate) replaces: bool,
}

impl<'m> BodyReader<'m> {
    /// For an entity that exists.
    pub(crate) fn updating(self, entity: &'m Entity) -> Self {
        BodyReader {
            current: Some(&entity.properties),
            entity: Some(entity),
            has_known_key: entity.has_known_key,
            ..self
        }
    }

    /// For a value that has these properties.
    pub(crate) fn updating_value(self, current: &'m Map<String, Value>) -> Self {
        BodyReader {
            current: Some(current),
            has_known_key: false,
            ..self
        }
    }

    /// Reads the body of an update of an entity of type `ty` at a path that declares `declared`.
    pub(crate) fn update(
        &self,
        ty: TypeId,
        declared: TypeId,
        path: &[String],
        body: Value,
    ) -> Result<Changes, Refusal> {
        let Value::Object(object) = body else {
            return Err(Refusal::bad_request(
                "The body is not a JSON object; an update is one.",
            ));
        };
        let named = self.odata_type(&object, ty, &At::BODY, true)?;
        match named {
            Some(named) if named != ty => {
                return Err(Refusal::bad_request(format!(
                    "@odata.type '#{}' does not match the resource, which is of type '{}'.",
                    self.model.type_name(named),
                    self.model.type_name(ty),
                )));
            }
            None if self.model.needs_odata_type(ty, declared, path) => {
                return Err(Refusal::bad_request(format!(
                    "The body must contain @odata.type '#{}'.",
                    self.model.type_name(ty),
                )));
            }
            _ => {}
        }
        self.entity(&At::BODY, ty, object)
    }

    /// Reads the body of an update of an entity whose concrete type is not known yet.
    pub(crate) fn update_of_abstract(
        &self,
        declared: TypeId,
        body: Value,
    ) -> Result<Changes, Refusal> {
        match body {
            Value::Object(object) => self.new_entity(&At::BODY, declared, object),
            _ => Err(Refusal::bad_request(
                "The body is not a JSON object; an update is one.",
            )),
        }
    }

    /// Reads one property that the path leads to.
    pub(crate) fn property(
        &self,
        name: &str,
        ty: TypeReference,
        nullable: bool,
        value: Value,
    ) -> Result<Change, Refusal> {
        self.value(&At::BODY.name(name), ty, nullable, value, None)
    }

    /// Reads an entity that says itself, if need be, what type it is of.
    fn new_entity(
        &self,
        at: &At<'_>,
        declared: TypeId,
        object: Map<String, Value>,
    ) -> Result<Changes, Refusal> {
        let ty = self.odata_type(&object, declared, at, false)?;
        let ty = ty.unwrap_or(declared);
        self.must_be_concrete(ty, at)?;
        self.entity(at, ty, object)
    }

    fn must_be_concrete(&self, ty: TypeId, at: &At<'_>) -> Result<(), Refusal> {
        match self.model.needs_derived_type(ty) {
            true => Err(Refusal::bad_request(format!(
                "The type '{}' of {} is abstract; @odata.type must name a type that derives from it.",
                self.model.type_name(ty),
                place(at),
            ))),
            false => Ok(()),
        }
    }

    /// The type that `@odata.type` names, if it is there: one that derives from `expected`, or, of
    /// an entity that exists, is related to it.
    fn odata_type(
        &self,
        object: &Map<String, Value>,
        expected: TypeId,
        at: &At<'_>,
        or_base: bool,
    ) -> Result<Option<TypeId>, Refusal> {
        let Some(value) = object.get("@odata.type") else {
            return Ok(None);
        };
        let Value::String(text) = value else {
            return Err(Refusal::bad_request(format!(
                "@odata.type of {} is not a string.",
                place(at)
            )));
        };
        let name = text.strip_prefix('#').unwrap_or(text);
        let schema = self.model.schema();
        let named = self
            .model
            .type_of_annotation(text)
            .filter(|ty| schema.structured(*ty).is_some())
            .ok_or_else(|| {
                Refusal::bad_request(format!(
                    "A type named '{name}' could not be resolved by the model (@odata.type of {}). \
                     When a model is available, each type name must resolve to a valid type.",
                    place(at)
                ))
            })?;
        if schema.is_subtype_of(named, expected)
            || (or_base && schema.is_subtype_of(expected, named))
        {
            return Ok(Some(named));
        }
        Err(Refusal::bad_request(format!(
            "A value of type '{name}' was found at {}, but it is not assignable to the expected \
             type '{}'.",
            place(at),
            self.model.type_name(expected),
        )))
    }

    fn entity(
        &self,
        at: &At<'_>,
        ty: TypeId,
        object: Map<String, Value>,
    ) -> Result<Changes, Refusal> {
        let mut children = BTreeMap::new();
        let mut references = BTreeMap::new();
        let links = Links {
            children: &mut children,
            references: &mut references,
            prefix: String::new(),
        };
        let replaces = self.model.replaces(ty);
        let reader = BodyReader { replaces, ..*self };
        let properties = reader.members(at, ty, object, Some(links))?;
        Ok(Changes {
            ty,
            properties,
            children,
            references,
        })
    }
}
