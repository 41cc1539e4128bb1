//! One value, or a collection of values.

use msgraph_csdl::model::{
    EnumType, ItemType, Primitive, TypeId, TypeKind, TypeReference, written_type,
};
use serde_json::{Map, Value};

use crate::body::destination::{Destination, NavigationUpdate};
use crate::body::location::Location;
use crate::body::{BodyReader, ReadOnly};
use crate::model::enumeration::SENTINEL;
use crate::model::primitive;
use crate::rejection::{Rejection, Result, bad_request};

impl BodyReader<'_> {
    /// Validates a value, and merges it into the current one.
    pub(super) fn value(
        &self,
        at: &Location,
        (ty, nullable): (TypeReference, bool),
        value: Value,
        current: Option<&Value>,
        navigation: Option<NavigationUpdate<'_>>,
    ) -> Result<Value> {
        if !ty.is_collection {
            return self.single(at, (ty.item, nullable), value, current, navigation);
        }
        match value {
            Value::Array(items) => {
                // An item has no identity, so its read-only properties have no current value.
                let read_only = match self.read_only {
                    ReadOnly::Reject => ReadOnly::Ignore,
                    other => other,
                };
                let reader = BodyReader { read_only, ..*self };
                let items = items.into_iter().enumerate().map(|(index, value)| {
                    let at = at.index(index);
                    reader.single(&at, (ty.item, nullable), value, None, None)
                });
                items.collect()
            }
            Value::Null => Err(self.null_rejected(at, ty)),
            _ => Err(self.wrong_type(at, ty, "an array")),
        }
    }

    fn single(
        &self,
        at: &Location,
        (item, nullable): (ItemType, bool),
        value: Value,
        current: Option<&Value>,
        navigation: Option<NavigationUpdate<'_>>,
    ) -> Result<Value> {
        let schema = self.model.schema();
        let ty = TypeReference {
            is_collection: false,
            item,
        };
        if value.is_null() {
            return match nullable || item == ItemType::Primitive(Primitive::Untyped) {
                true => Ok(value),
                false => Err(self.null_rejected(at, ty)),
            };
        }
        let check = |primitive| {
            primitive::check(primitive, &value, self.ieee754_compatible)
                .map_err(|expected| self.wrong_type(at, ty, expected))
        };
        match item {
            ItemType::Primitive(primitive) => check(primitive)?,
            ItemType::Declared(id) if schema.is_untyped(id) => {}
            ItemType::Declared(id) => match (&schema[id].kind, &value) {
                (TypeKind::Definition(primitive), _) => check(*primitive)?,
                (TypeKind::Enumeration(enumeration), Value::String(text)) => {
                    self.check_members(at, id, enumeration, text)?;
                }
                (TypeKind::Enumeration(_), _) => {
                    return Err(self.wrong_type(at, ty, "a string with the name of a member"));
                }
                (TypeKind::Structured(_), _) => {
                    return match value {
                        Value::Object(object) => self.complex(at, id, object, current, navigation),
                        _ => Err(self.wrong_type(at, ty, "an object")),
                    };
                }
            },
        }
        Ok(value)
    }

    fn complex(
        &self,
        at: &Location,
        declared: TypeId,
        object: Map<String, Value>,
        current: Option<&Value>,
        navigation: Option<NavigationUpdate<'_>>,
    ) -> Result<Value> {
        let (ty, is_named) = self.concrete_type(&object, declared, at)?;
        let mut named = Map::new();
        if is_named {
            let name = format!("#{}", self.model.type_name(ty));
            named.insert("@odata.type".to_owned(), Value::String(name));
        }
        let is_of_type = |current: &&Map<String, Value>| {
            !is_named || current.get("@odata.type") == named.get("@odata.type")
        };
        let current = current.and_then(Value::as_object);
        let mut properties = current.filter(is_of_type).cloned().unwrap_or(named);
        let destination = Destination {
            properties: &mut properties,
            navigation,
        };
        let replaces = self.replaces || self.model.replaces(ty);
        let reader = BodyReader { replaces, ..*self };
        reader.properties(at, ty, object, destination)?;
        Ok(Value::Object(properties))
    }

    fn check_members(
        &self,
        at: &Location,
        id: TypeId,
        enumeration: &EnumType<'_>,
        text: &str,
    ) -> Result<()> {
        let members = enumeration.members.iter();
        let members: Vec<&str> = members.map(|member| member.name.text.as_ref()).collect();
        let position = |is_match: &dyn Fn(&str) -> bool| {
            let mut members = members.iter();
            members.position(|member| is_match(member))
        };
        let sentinel = position(&|member| member == SENTINEL).unwrap_or(usize::MAX);
        let names = match enumeration.is_flags {
            true => text.split(',').map(str::trim).collect(),
            false => vec![text],
        };
        for name in names {
            // Graph accepts members in any case.
            let position = position(&|member| member == name)
                .or_else(|| position(&|member| member.eq_ignore_ascii_case(name)));
            let reason = match position {
                None => format!("it is not a member of '{}'", self.model.type_name(id)),
                Some(position) if position == sentinel => {
                    "it is a placeholder for unknown members, and cannot be sent".to_owned()
                }
                Some(position) if position > sentinel && !self.accepts_unknown_enum_members => {
                    "the member requires the header 'Prefer: include-unknown-enum-members'"
                        .to_owned()
                }
                Some(_) => continue,
            };
            return Err(bad_request!(
                "Invalid value '{name}' specified for property '{at}': {reason}."
            ));
        }
        Ok(())
    }

    fn null_rejected(&self, at: &Location, ty: TypeReference) -> Rejection {
        let ty = format!("{}[Nullable=False]", written_type(self.model.schema(), ty));
        bad_request!(
            "A null value was found for the property named '{at}', which has the expected type \
             '{ty}'. The expected type '{ty}' does not allow null values."
        )
    }

    fn wrong_type(&self, at: &Location, ty: TypeReference, expected: &str) -> Rejection {
        bad_request!(
            "Cannot convert the value of property '{at}' to the expected type '{}': it is not {expected}.",
            written_type(self.model.schema(), ty),
        )
    }
}
