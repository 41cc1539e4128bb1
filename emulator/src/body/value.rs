//! One value, or a collection of values.

use msgraph_csdl::model::{EnumType, ItemType, Primitive, TypeId, TypeKind, TypeReference};
use serde_json::Value;

use crate::body::BodyReader;
use crate::body::change::Change;
use crate::body::location::At;
use crate::body::structured::Links;
use crate::model::{SENTINEL, primitive};
use crate::rejection::Refusal;

impl BodyReader<'_> {
    pub(super) fn value(
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
