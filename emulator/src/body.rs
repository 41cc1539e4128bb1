//! A body held against the metadata: what it changes, or why it is refused.

pub(crate) mod reference;

use std::collections::BTreeMap;

use msgraph_codegen::schema::{
    EnumType, ItemType, NavigationProperty, Primitive, Property, TypeId, TypeKind, TypeReference,
};
use serde_json::{Map, Value};

use crate::body::reference::{Base, Binding, Reference};
use crate::model::key::{key_text, normalized};
use crate::model::primitive;
use crate::model::{Model, SENTINEL};
use crate::rejection::Refusal;
use crate::replaced::remove_unnamed;

/// What a body changes in an entity.
#[derive(Debug)]
pub(crate) struct Changes {
    /// The type that the body names, or that the place has.
    pub(crate) ty: TypeId,
    pub(crate) properties: BTreeMap<String, Change>,
    /// Navigation properties whose content stands in the body, by path from the entity.
    pub(crate) children: BTreeMap<String, ChildChange>,
    /// `nav@odata.bind`, by path from the entity.
    pub(crate) references: BTreeMap<String, Binding>,
}

/// What happens to one property.
#[derive(Debug)]
pub(crate) enum Change {
    /// It gets this value.
    Set(Value),
    /// The members of the complex value that are named here change, the others stay.
    Merge {
        /// `@odata.type` as it is stored, where the body has one.
        odata_type: Option<String>,
        members: BTreeMap<String, Change>,
        /// Of a value that the service replaces: only these stay.
        kept: Option<Vec<String>>,
    },
}

/// What happens to what a navigation property leads to.
#[derive(Debug)]
pub(crate) enum ChildChange {
    /// The entity changes, or goes.
    One(Option<Box<Changes>>),
    /// These take the place of all that were there.
    Many(Vec<Changes>),
}

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
    /// Whether that entity's key matches in any case.
    pub(crate) has_known_key: bool,
    /// What happens to properties that the service sets itself.
    pub(crate) read_only: ReadOnly,
    /// What relative URLs are relative to.
    pub(crate) base: &'m Base,
    /// `Prefer: include-unknown-enum-members`.
    pub(crate) takes_evolved_members: bool,
    /// `IEEE754Compatible=true` in the content type.
    pub(crate) ieee754_compatible: bool,
    /// Whether the service replaces the value that is being read, or one that it stands in.
    pub(crate) replaces: bool,
}

/// The name of a property from the top of the body, for messages.
#[derive(Clone, Copy)]
struct At<'p> {
    outer: Option<&'p At<'p>>,
    part: Part<'p>,
}

#[derive(Clone, Copy)]
enum Part<'p> {
    Body,
    Name(&'p str),
    Index(usize),
}

impl<'p> At<'p> {
    const BODY: At<'static> = At {
        outer: None,
        part: Part::Body,
    };

    fn name<'a>(&'a self, name: &'a str) -> At<'a> {
        At {
            outer: Some(self),
            part: Part::Name(name),
        }
    }

    fn is_in_collection(&self) -> bool {
        let here = matches!(self.part, Part::Index(_));
        here || self.outer.is_some_and(At::is_in_collection)
    }

    fn index(&self, index: usize) -> At<'_> {
        At {
            outer: Some(self),
            part: Part::Index(index),
        }
    }
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // As deep as the JSON, which is bounded where it is read.
        if let Some(outer) = self.outer {
            outer.fmt(f)?;
        }
        match self.part {
            Part::Body => Ok(()),
            Part::Name(name) => {
                let first = matches!(
                    self.outer,
                    None | Some(At {
                        part: Part::Body,
                        ..
                    })
                );
                write!(f, "{}{name}", if first { "" } else { "." })
            }
            Part::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// Where the content of a structured value goes besides its properties: only values that hang on
/// the entity by single-valued properties have places for navigation below them.
struct Links<'c> {
    children: &'c mut BTreeMap<String, ChildChange>,
    references: &'c mut BTreeMap<String, Binding>,
    /// Names from the entity to the value, each with a slash behind it.
    prefix: String,
}

impl<'m> BodyReader<'m> {
    /// For an entity or value that has these properties.
    pub(crate) fn updating(self, current: &'m Map<String, Value>, has_known_key: bool) -> Self {
        BodyReader {
            current: Some(current),
            has_known_key,
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
        if schema.is_a(named, expected) || (or_base && schema.is_a(expected, named)) {
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

    /// The members of an entity or complex value of type `ty`.
    fn members(
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

    fn each_member(
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
                if !self.model.is_inline(ty, &name) {
                    return Err(Refusal::bad_request(format!(
                        "The navigation property '{at}' of type '{}' is not updated in the body; \
                         use its own URL or '{name}@odata.bind'.",
                        self.model.type_name(ty),
                    )));
                }
                let raw = links.is_none().then(|| value.clone());
                let change = self.navigation(&at, navigation, value)?;
                match (&mut links, raw) {
                    (Some(links), _) => {
                        let path = format!("{}{name}", links.prefix);
                        links.children.insert(path, change);
                    }
                    (None, raw) => {
                        changes.insert(name, Change::Set(raw.unwrap_or_default()));
                    }
                }
            } else if schema.structured(ty).is_some_and(|ty| ty.is_open) {
                changes.insert(name, Change::Set(value));
            } else {
                return Err(Refusal::bad_request(format!(
                    "The property '{at}' does not exist on type '{}'. Make sure to only use \
                     property names that are defined by the type.",
                    self.model.type_name(ty),
                )));
            }
        }
        Ok(changes)
    }

    /// `None` where the service sets the value itself: it may be sent back as it is, not changed.
    fn structural(
        &self,
        at: &At<'_>,
        ty: TypeId,
        property: &Property<'_>,
        value: Value,
        links: Option<Links<'_>>,
    ) -> Result<Option<Change>, Refusal> {
        let name = property.name.text.as_ref();
        self.in_range(at, ty, name, &value)?;
        let is_top = matches!(at.outer, Some(At { outer: None, .. }));
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
    fn is_same_key(&self, ty: TypeId, name: &str, now: &Value, value: &Value) -> bool {
        let primitive = self.model.key_type(ty, name);
        let [now, value] = [now, value].map(|value| normalized(primitive, &key_text(value)));
        now == value || (self.has_known_key && now.eq_ignore_ascii_case(&value))
    }

    /// The value that the entity has at a place in the body.
    fn current_at(&self, at: &At<'_>) -> Option<&Value> {
        let outer = at.outer?;
        match (at.part, outer.part) {
            (Part::Body, _) => None,
            (Part::Name(name), Part::Body) => self.current?.get(name),
            (Part::Name(name), _) => self.current_at(outer)?.get(name),
            (Part::Index(index), _) => self.current_at(outer)?.get(index),
        }
    }

    /// The range that facts state.
    fn in_range(&self, at: &At<'_>, ty: TypeId, name: &str, value: &Value) -> Result<(), Refusal> {
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

    fn value(
        &self,
        at: &At<'_>,
        ty: TypeReference,
        nullable: bool,
        value: Value,
        links: Option<Links<'_>>,
    ) -> Result<Change, Refusal> {
        if !ty.is_collection {
            return self.item(at, ty.item, nullable, value, links);
        }
        let Value::Array(items) = value else {
            return Err(match value {
                Value::Null => self.null_refused(at, ty),
                _ => self.wrong_type(at, ty, "it is not an array"),
            });
        };
        let items = items.into_iter().enumerate().map(|(index, value)| {
            let change = self.item(&at.index(index), ty.item, nullable, value, None)?;
            Ok(change.into_value())
        });
        Ok(Change::Set(Value::Array(
            items.collect::<Result<_, Refusal>>()?,
        )))
    }

    fn item(
        &self,
        at: &At<'_>,
        item: ItemType,
        nullable: bool,
        value: Value,
        links: Option<Links<'_>>,
    ) -> Result<Change, Refusal> {
        let single = TypeReference {
            is_collection: false,
            item,
        };
        if value.is_null() {
            return match nullable || item == ItemType::Primitive(Primitive::Untyped) {
                true => Ok(Change::Set(Value::Null)),
                false => Err(self.null_refused(at, single)),
            };
        }
        let declared = match item {
            ItemType::Primitive(primitive) => {
                return match primitive::check(primitive, &value, self.ieee754_compatible) {
                    Ok(()) => Ok(Change::Set(value)),
                    Err(reason) => Err(self.wrong_type(at, single, reason)),
                };
            }
            ItemType::Declared(declared) if self.model.schema().is_untyped(declared) => {
                return Ok(Change::Set(value));
            }
            ItemType::Declared(declared) => declared,
        };
        match &self.model.schema()[declared].kind {
            TypeKind::Definition(primitive) => {
                match primitive::check(*primitive, &value, self.ieee754_compatible) {
                    Ok(()) => Ok(Change::Set(value)),
                    Err(reason) => Err(self.wrong_type(at, single, reason)),
                }
            }
            TypeKind::Enumeration(enumeration) => {
                self.enumeration(at, declared, enumeration, &value)?;
                Ok(Change::Set(value))
            }
            TypeKind::Structured(_) => {
                let Value::Object(object) = value else {
                    return Err(self.wrong_type(at, single, "it is not an object"));
                };
                let named = self.odata_type(&object, declared, at, false)?;
                let ty = named.unwrap_or(declared);
                self.must_be_concrete(ty, at)?;
                let replaces = self.replaces || self.model.replaces(ty);
                let reader = BodyReader { replaces, ..*self };
                let members = reader.members(at, ty, object, links)?;
                Ok(Change::Merge {
                    odata_type: named.map(|ty| format!("#{}", self.model.type_name(ty))),
                    members,
                    kept: replaces.then(|| self.model.kept(ty)),
                })
            }
        }
    }

    fn enumeration(
        &self,
        at: &At<'_>,
        id: TypeId,
        enumeration: &EnumType<'_>,
        value: &Value,
    ) -> Result<(), Refusal> {
        let ty = TypeReference {
            is_collection: false,
            item: ItemType::Declared(id),
        };
        let Value::String(text) = value else {
            return Err(self.wrong_type(at, ty, "it is not a string with the name of a member"));
        };
        let sentinel = enumeration
            .members
            .iter()
            .position(|member| member.name.text == SENTINEL);
        let named = if enumeration.is_flags {
            text.split(',').map(str::trim).collect()
        } else {
            vec![text.as_str()]
        };
        for name in named {
            let position = |is_named: &dyn Fn(&str) -> bool| {
                let mut members = enumeration.members.iter();
                members.position(|member| is_named(&member.name.text))
            };
            // Graph takes a member in any case of its letters.
            let position = position(&|member| member == name)
                .or_else(|| position(&|member| member.eq_ignore_ascii_case(name)))
                .ok_or_else(|| {
                    Refusal::bad_request(format!(
                        "Invalid value '{name}' specified for property '{at}': it is no member of \
                         '{}'.",
                        self.model.type_name(id)
                    ))
                })?;
            match sentinel {
                Some(sentinel) if position == sentinel => {
                    return Err(Refusal::bad_request(format!(
                        "Invalid value 'unknownFutureValue' specified for property '{at}': it \
                         stands for members that are not known, and is never sent."
                    )));
                }
                Some(sentinel) if position > sentinel && !self.takes_evolved_members => {
                    return Err(Refusal::bad_request(format!(
                        "Invalid value '{name}' specified for property '{at}': the member needs \
                         the header 'Prefer: include-unknown-enum-members'."
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn navigation(
        &self,
        at: &At<'_>,
        navigation: &NavigationProperty<'_>,
        value: Value,
    ) -> Result<ChildChange, Refusal> {
        let creation = BodyReader {
            current: None,
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
    fn bind(&self, at: &At<'_>, ty: TypeId, name: &str, value: &Value) -> Result<Binding, Refusal> {
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
        let fitting = found.filter(|(_, ty)| schema.is_a(*ty, target) || schema.is_a(target, *ty));
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

    fn type_text(&self, ty: TypeReference, nullable: bool) -> String {
        let item = match ty.item {
            ItemType::Primitive(primitive) => format!("Edm.{}", primitive.name()),
            ItemType::Declared(id) => self.model.type_name(id),
        };
        let facet = if nullable { "" } else { "[Nullable=False]" };
        match ty.is_collection {
            true => format!("Collection({item}){facet}"),
            false => format!("{item}{facet}"),
        }
    }

    fn null_refused(&self, at: &At<'_>, ty: TypeReference) -> Refusal {
        let ty = self.type_text(ty, false);
        Refusal::bad_request(format!(
            "A null value was found for the property named '{at}', which has the expected type \
             '{ty}'. The expected type '{ty}' does not allow null values."
        ))
    }

    fn wrong_type(&self, at: &At<'_>, ty: TypeReference, reason: &str) -> Refusal {
        Refusal::bad_request(format!(
            "Cannot convert the value of property '{at}' to the expected type '{}': {reason}.",
            self.type_text(ty, true),
        ))
    }
}

/// How a message calls a place.
fn place(at: &At<'_>) -> String {
    match at.part {
        Part::Body => "the body".to_owned(),
        _ => format!("'{at}'"),
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

impl Change {
    /// The value of a property that had none before.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Change::Set(value) => value,
            Change::Merge {
                odata_type,
                members,
                ..
            } => {
                let mut object = Map::new();
                if let Some(odata_type) = odata_type {
                    object.insert("@odata.type".to_owned(), Value::String(odata_type));
                }
                object.extend(
                    members
                        .into_iter()
                        .map(|(name, change)| (name, change.into_value())),
                );
                Value::Object(object)
            }
        }
    }

    /// Applies it to a value: members that are not named stay.
    pub(crate) fn apply(self, value: &mut Value) {
        match (self, value) {
            (
                Change::Merge {
                    odata_type,
                    members,
                    kept,
                },
                Value::Object(object),
            ) if odata_type.is_none()
                || object.get("@odata.type").and_then(Value::as_str) == odata_type.as_deref() =>
            {
                if let Some(kept) = kept {
                    remove_unnamed(object, &kept, &|name| members.contains_key(name));
                }
                apply_all(members, object);
            }
            (change, value) => *value = change.into_value(),
        }
    }
}

/// Applies changes to the members of an object.
pub(crate) fn apply_all(changes: BTreeMap<String, Change>, object: &mut Map<String, Value>) {
    for (name, change) in changes {
        match object.get_mut(&name) {
            Some(value) => change.apply(value),
            None => {
                object.insert(name, change.into_value());
            }
        }
    }
}
