//! The index: [`Api`] as JSON, for tools. `docs/index.md` describes it.

use std::collections::BTreeMap;

use msgraph_csdl::facts::{KnownPermissions, PermissionOrigin, PropertyFacts};
use msgraph_csdl::permissions::{Access, Requirement, Scheme};
use msgraph_csdl::text::plain;
use msgraph_csdl::toml_table::TomlValue;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::ir::{
    AcceptedType, Api, Deprecation, Enumeration, Field, Member, ODataType, OmittedProperty,
    Operation, OperationKind, Parameter, Role, Struct, Union,
};
use crate::render::deprecation::{announced, first_note, note};
use crate::render::types;

/// The version of the schema. It increases when a property changes its meaning or is removed.
const SCHEMA: u32 = 1;

impl Api {
    /// Sorts the items by path or type, the order of the index; the updates of one path by `module::function`, and the
    /// structs and unions of one type by role, the body of an update first, and the parameters of an action by path.
    pub(crate) fn sort(&mut self) {
        let operations = &mut self.operations;
        operations.sort_by(|a, b| (&a.path, &*a.rust).cmp(&(&b.path, &*b.rust)));
        self.structs
            .sort_by(|a, b| (&a.ty, a.role, &*a.rust).cmp(&(&b.ty, b.role, &*b.rust)));
        self.unions
            .sort_by(|a, b| (&a.ty, a.role).cmp(&(&b.ty, b.role)));
        self.enumerations.sort_by(|a, b| a.ty.cmp(&b.ty));
    }

    /// The JSON document that is written next to the code.
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists of them can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

impl Operation {
    /// The type of the last argument, as written in the module of the function; `None` without a body.
    pub fn takes(&self) -> Option<String> {
        Some(format!("&{}", types::argument_of_body(self)?))
    }

    /// The type of the response, as written in the module of the function; `None` for a reference.
    pub fn returns(&self) -> Option<String> {
        let is_request = self.kind != OperationKind::Reference;
        is_request.then(|| types::response(&self.response).to_string())
    }

    /// The headers that the service requires in addition to the usual ones.
    pub fn headers(&self) -> Vec<String> {
        let if_match = self.if_match.then(|| "If-Match".to_owned());
        if_match.into_iter().collect()
    }

    /// The note of the `#[deprecated]` attribute.
    pub fn deprecated(&self) -> Option<String> {
        first_note(&self.deprecations)
    }

    /// The announced deprecation: the removal that is due first, or else the first without a date.
    pub fn announced(&self) -> Option<String> {
        let first = || self.deprecations.first().map(announced);
        self.deprecated().or_else(first)
    }
}

impl Parameter {
    /// The Rust type of the argument.
    pub fn rust_type(&self) -> String {
        types::argument(self.ty).to_string()
    }
}

impl Field {
    /// The Rust type.
    pub fn rust_type(&self) -> String {
        format!("Option<{}>", types::field(self))
    }

    /// Its documented limits in words, and the URL of the page.
    pub fn limits(&self) -> Option<(String, &str)> {
        let facts = self.facts.as_ref()?;
        Some((facts.limits(&plain)?, &facts.source))
    }
}

impl Deprecation {
    /// The note of the `#[deprecated]` attribute; `None` without a removal date.
    pub fn note(&self) -> Option<String> {
        note(self)
    }

    /// The announcement in words.
    pub fn announced(&self) -> String {
        announced(self)
    }
}

impl ODataType {
    /// The value of `odataType`.
    pub fn name(self) -> &'static str {
        match self {
            ODataType::Nested | ODataType::Differing => "differing",
            ODataType::Body => "body",
            ODataType::All => "all",
        }
    }
}

impl Role {
    /// The value of `role`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Patch => "patch",
            Role::New => "new",
            Role::Plain => "plain",
            Role::Parameters => "parameters",
        }
    }
}

/// Implements `Serialize` as a JSON object.
macro_rules! json {
    ($($ty:ty, $this:ident => { $($key:literal: $value:expr,)* })*) => {$(
        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $this = self;
                let mut map = serializer.serialize_map(None)?;
                $(map.serialize_entry($key, &$value)?;)*
                map.end()
            }
        }
    )*};
}

json! {
    Api, api => {
        "schema": SCHEMA,
        "apiVersion": api.api_version,
        "operations": api.operations,
        "types": api.structs,
        "unions": api.unions,
        "enumerations": api.enumerations,
    }
    Operation, operation => {
        "kind": operation.kind.name(),
        "method": operation.method.to_string(),
        "path": operation.path,
        "parameters": operation.parameters,
        "rust": *operation.rust,
        "declared": operation.declared,
        "takes": operation.takes(),
        "bodies": operation.bodies,
        "returns": operation.returns(),
        "results": operation.results,
        "odataType": operation.odata_type.name(),
        "headers": operation.headers(),
        "idempotent": operation.idempotent,
        "permissions": operation.permissions.as_ref().map(Known),
        "roles": operation.roles,
        "clouds": operation.clouds,
        "note": operation.note,
        "source": operation.source,
        "deprecated": operation.deprecated(),
        "announced": operation.announced(),
    }
    Known<'_>, known => {
        "delegated": known.access(Scheme::DelegatedWork),
        "personal": known.access(Scheme::DelegatedPersonal),
        "application": known.access(Scheme::Application),
        "origin": match known.0.origin {
            PermissionOrigin::Facts { .. } => "facts",
            PermissionOrigin::Map => "map",
        },
        "source": match &known.0.origin {
            PermissionOrigin::Facts { source, .. } => Some(source),
            PermissionOrigin::Map => None,
        },
    }
    Alternatives<'_>, alternatives => {
        "least": names(&alternatives.access.least),
        "higher": names(&alternatives.access.higher),
        "partial": alternatives.partial(),
    }
    Partial<'_>, partial => {
        "permission": partial.permission,
        "covers": partial.covers,
    }
    Parameter, parameter => {
        "rust": parameter.rust,
        "type": parameter.rust_type(),
    }
    AcceptedType, accepted => {
        "type": accepted.ty,
        "rust": *accepted.rust,
    }
    Struct, item => {
        "type": item.ty,
        "role": item.role.name(),
        "rust": *item.rust,
        "base": item.base,
        "description": item.description,
        "writesODataType": item.writes_odata_type,
        "readable": item.is_read,
        "open": item.open,
        "fields": item.fields,
        "leftOut": item.left_out,
        "reason": item.reason.to_string(),
        "deprecated": item.deprecation.as_ref().and_then(note),
        "announced": item.deprecation.as_ref().map(announced),
    }
    Field, field => {
        "wire": field.wire,
        "rust": field.rust,
        "type": field.rust_type(),
        "setter": field.setter,
        "csdl": field.csdl.to_string(),
        "declaredBy": field.declared_by,
        "description": field.description,
        "nullable": field.nullable,
        "readOnly": field.read_only,
        "createOnly": field.immutable,
        "secret": field.secret,
        "limits": field.facts.as_ref().map(Limits),
        "deprecated": field.deprecation.as_ref().and_then(note),
        "announced": field.deprecation.as_ref().map(announced),
    }
    Limits<'_>, limits => {
        "text": limits.0.limits(&plain),
        "minimum": limits.0.minimum,
        "maximum": limits.0.maximum,
        "between": limits.0.between,
        "default": limits.0.default.as_ref().map(json),
        "source": limits.0.source,
    }
    OmittedProperty, left_out => {
        "wire": left_out.wire,
        "why": left_out.why,
        "csdl": left_out.csdl.to_string(),
        "declaredBy": left_out.declared_by,
    }
    Union, union => {
        "type": union.ty,
        "role": union.role.name(),
        "rust": *union.rust,
        "members": union.members,
    }
    Enumeration, item => {
        "type": item.ty,
        "rust": *item.rust,
        "flags": item.flags,
        "description": item.description,
        "members": item.members,
        "deprecated": item.deprecation.as_ref().and_then(note),
        "announced": item.deprecation.as_ref().map(announced),
    }
    Member, member => {
        "wire": member.wire,
        "rust": member.rust,
        "description": member.description,
        "evolved": member.evolved,
        "deprecated": member.deprecation.as_ref().and_then(note),
        "announced": member.deprecation.as_ref().map(announced),
    }
}

struct Known<'p>(&'p KnownPermissions);

impl Known<'_> {
    fn access(&self, scheme: Scheme) -> Option<Alternatives<'_>> {
        Some(Alternatives {
            access: self.0.permissions.of(scheme)?,
            covered: &self.0.covered,
        })
    }
}

struct Alternatives<'a> {
    access: &'a Access,
    covered: &'a BTreeMap<String, String>,
}

impl Alternatives<'_> {
    fn partial(&self) -> Vec<Partial<'_>> {
        let partial = self.access.partial.iter();
        let partial = partial.map(|requirement| Partial {
            permission: requirement.to_string(),
            covers: requirement.names().find_map(|name| self.covered.get(name)),
        });
        partial.collect()
    }
}

/// A permission that covers a part of an operation.
struct Partial<'a> {
    permission: String,
    covers: Option<&'a String>,
}

struct Limits<'f>(&'f PropertyFacts);

/// Each requirement as `A and B`.
fn names(requirements: &[Requirement]) -> Vec<String> {
    requirements.iter().map(ToString::to_string).collect()
}

/// A value of the facts as JSON.
fn json(value: &TomlValue) -> serde_json::Value {
    match value {
        TomlValue::Boolean(value) => (*value).into(),
        TomlValue::Integer(value) => (*value).into(),
        // JSON has no number for `inf`; it stays a string.
        TomlValue::Float(text) => match text.parse().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => number.into(),
            None => text.as_str().into(),
        },
        TomlValue::String(text) => text.as_str().into(),
        TomlValue::Array(items) => items.iter().map(json).collect(),
        TomlValue::Table(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), json(value)))
            .collect(),
    }
}
