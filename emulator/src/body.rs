//! Validates a body against the metadata, and reads the changes that it makes. Independent of the
//! generator, so that a mistake there is not repeated here.

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
use crate::body::location::Location;
use crate::body::reference::Base;
use crate::body::structured::NavigationChanges;
use crate::model::Model;
use crate::rejection::{Rejection, bad_request};
use crate::state::entity::Entity;

/// How a body is read that has another value for a read-only property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ReadOnly {
    /// Sets the value: in a seed, or a new entity.
    Set,
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
    /// The properties of the existing entity or value.
    pub(crate) current: Option<&'m Map<String, Value>>,
    /// The existing entity.
    pub(crate) entity: Option<&'m Entity>,
    /// Whether the key of the existing entity matches in any case.
    pub(crate) has_known_key: bool,
    pub(crate) read_only: ReadOnly,
    /// `Prefer: include-unknown-enum-members`.
    pub(crate) accepts_unknown_enum_members: bool,
    /// `OData-Version: 4.01`.
    pub(crate) accepts_delta: bool,
    /// `IEEE754Compatible=true` in the media type.
    pub(crate) ieee754_compatible: bool,
    /// Whether the service replaces the current value, or a value around it.
    pub(crate) replaces: bool,
}

impl<'m> BodyReader<'m> {
    pub(crate) fn new(model: &'m Model, base: &'m Base) -> Self {
        BodyReader {
            model,
            base,
            current: None,
            entity: None,
            has_known_key: false,
            read_only: ReadOnly::default(),
            accepts_unknown_enum_members: false,
            accepts_delta: false,
            ieee754_compatible: false,
            replaces: false,
        }
    }

    /// For an existing entity.
    pub(crate) fn updating(self, entity: &'m Entity) -> Self {
        BodyReader {
            current: Some(&entity.properties),
            entity: Some(entity),
            has_known_key: entity.has_known_key,
            ..self
        }
    }

    /// For an existing value with these properties.
    pub(crate) fn updating_value(self, current: &'m Map<String, Value>) -> Self {
        BodyReader {
            current: Some(current),
            has_known_key: false,
            ..self
        }
    }

    /// For a new entity.
    fn creating(self) -> Self {
        BodyReader {
            current: None,
            entity: None,
            read_only: ReadOnly::Set,
            ..self
        }
    }

    /// Reads the update of an entity of type `ty` at a path with the declared type `declared`.
    pub(crate) fn update(
        &self,
        ty: TypeId,
        declared: TypeId,
        path: &[String],
        body: Value,
    ) -> Result<Changes, Rejection> {
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
            _ => self.entity(&Location::BODY, ty, object),
        }
    }

    /// Reads the update of an entity whose concrete type is still unknown.
    pub(crate) fn update_of_abstract(
        &self,
        declared: TypeId,
        body: Value,
    ) -> Result<Changes, Rejection> {
        self.new_entity(&Location::BODY, declared, body_object(body)?)
    }

    /// Reads the update of one property.
    pub(crate) fn property(
        &self,
        name: &str,
        ty: TypeReference,
        nullable: bool,
        value: Value,
    ) -> Result<Change, Rejection> {
        self.value(&Location::BODY.property(name), ty, nullable, value, None)
    }

    fn new_entity(
        &self,
        at: &Location<'_>,
        declared: TypeId,
        object: Map<String, Value>,
    ) -> Result<Changes, Rejection> {
        let ty = self.concrete_type(&object, declared, at)?.0;
        self.entity(at, ty, object)
    }

    /// The type of a new object, which must not be abstract, and whether `@odata.type` names it.
    fn concrete_type(
        &self,
        object: &Map<String, Value>,
        declared: TypeId,
        at: &Location<'_>,
    ) -> Result<(TypeId, bool), Rejection> {
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
        at: &Location<'_>,
        or_supertype: bool,
    ) -> Result<Option<TypeId>, Rejection> {
        let Some(value) = object.get("@odata.type") else {
            return Ok(None);
        };
        let Value::String(text) = value else {
            return Err(bad_request!(
                "@odata.type of {} is not a string.",
                at.quoted()
            ));
        };
        let name = text.strip_prefix('#').unwrap_or(text);
        let schema = self.model.schema();
        let named = self
            .model
            .type_of_annotation(text)
            .filter(|ty| schema.structured(*ty).is_some())
            .ok_or_else(|| {
                bad_request!(
                    "A type named '{name}' could not be resolved by the model (@odata.type of {}). \
                     When a model is available, each type name must resolve to a valid type.",
                    at.quoted()
                )
            })?;
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

    fn entity(
        &self,
        at: &Location<'_>,
        ty: TypeId,
        object: Map<String, Value>,
    ) -> Result<Changes, Rejection> {
        let mut children = BTreeMap::new();
        let mut references = BTreeMap::new();
        let navigation = NavigationChanges {
            children: &mut children,
            references: &mut references,
            prefix: String::new(),
        };
        let replaces = self.model.replaces(ty);
        let reader = BodyReader { replaces, ..*self };
        let properties = reader.properties(at, ty, object, Some(navigation))?;
        Ok(Changes {
            ty,
            properties,
            children,
            references,
        })
    }
}

fn body_object(body: Value) -> Result<Map<String, Value>, Rejection> {
    match body {
        Value::Object(object) => Ok(object),
        _ => Err(bad_request!(
            "The body is not a JSON object; an update is one."
        )),
    }
}
