//! One value, or a collection of values.

use msgraph_csdl::model::{
    EnumType, ItemType, Primitive, TypeId, TypeKind, TypeReference, written_type,
};
use serde_json::Value;

use crate::body::BodyReader;
use crate::body::change::Change;
use crate::body::location::Location;
use crate::body::structured::NavigationChanges;
use crate::model::enumeration::SENTINEL;
use crate::model::primitive;
use crate::rejection::{Rejection, bad_request};

impl BodyReader<'_> {
    pub(super) fn value(
        &self,
        at: &Location<'_>,
        ty: TypeReference,
        nullable: bool,
        value: Value,
        navigation: Option<NavigationChanges<'_>>,
    ) -> Result<Change, Rejection> {
        if !ty.is_collection {
            return self.single(at, ty.item, nullable, value, navigation);
        }
        match value {
            Value::Array(items) => {
                let items = items.into_iter().enumerate().map(|(index, value)| {
                    let change = self.single(&at.index(index), ty.item, nullable, value, None)?;
                    Ok(change.into_value())
                });
                let items = items.collect::<Result<_, Rejection>>()?;
                Ok(Change::Set(Value::Array(items)))
            }
            Value::Null => Err(self.null_rejected(at, ty)),
            _ => Err(self.wrong_type(at, ty, "it is not an array")),
        }
    }

    fn single(
        &self,
        at: &Location<'_>,
        item: ItemType,
        nullable: bool,
        value: Value,
        navigation: Option<NavigationChanges<'_>>,
    ) -> Result<Change, Rejection> {
        let schema = self.model.schema();
        let ty = TypeReference {
            is_collection: false,
            item,
        };
        if value.is_null() {
            return match nullable || item == ItemType::Primitive(Primitive::Untyped) {
                true => Ok(Change::Set(value)),
                false => Err(self.null_rejected(at, ty)),
            };
        }
        let check = |primitive| {
            primitive::check(primitive, &value, self.ieee754_compatible)
                .map_err(|reason| self.wrong_type(at, ty, reason))
        };
        match item {
            ItemType::Primitive(primitive) => check(primitive)?,
            ItemType::Declared(id) if schema.is_untyped(id) => {}
            ItemType::Declared(id) => match &schema[id].kind {
                TypeKind::Definition(primitive) => check(*primitive)?,
                TypeKind::Enumeration(enumeration) => {
                    let Value::String(text) = &value else {
                        let reason = "it is not a string with the name of a member";
                        return Err(self.wrong_type(at, ty, reason));
                    };
                    self.check_members(at, id, enumeration, text)?;
                }
                TypeKind::Structured(_) => return self.complex(at, ty, id, value, navigation),
            },
        }
        Ok(Change::Set(value))
    }

    fn complex(
        &self,
        at: &Location<'_>,
        declared: TypeReference,
        id: TypeId,
        value: Value,
        navigation: Option<NavigationChanges<'_>>,
    ) -> Result<Change, Rejection> {
        let Value::Object(object) = value else {
            return Err(self.wrong_type(at, declared, "it is not an object"));
        };
        let (ty, is_named) = self.concrete_type(&object, id, at)?;
        let replaces = self.replaces || self.model.replaces(ty);
        let reader = BodyReader { replaces, ..*self };
        Ok(Change::Merge {
            properties: reader.properties(at, ty, object, navigation)?,
            odata_type: is_named.then(|| format!("#{}", self.model.type_name(ty))),
            kept: replaces.then(|| self.model.kept_on_replace(ty)),
        })
    }

    fn check_members(
        &self,
        at: &Location<'_>,
        id: TypeId,
        enumeration: &EnumType<'_>,
        text: &str,
    ) -> Result<(), Rejection> {
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
                    "it represents unknown members and is never sent".to_owned()
                }
                Some(position) if position > sentinel && !self.accepts_unknown_enum_members => {
                    "the member needs the header 'Prefer: include-unknown-enum-members'".to_owned()
                }
                Some(_) => continue,
            };
            return Err(bad_request!(
                "Invalid value '{name}' specified for property '{at}': {reason}."
            ));
        }
        Ok(())
    }

    fn null_rejected(&self, at: &Location<'_>, ty: TypeReference) -> Rejection {
        let ty = format!("{}[Nullable=False]", written_type(self.model.schema(), ty));
        bad_request!(
            "A null value was found for the property named '{at}', which has the expected type \
             '{ty}'. The expected type '{ty}' does not allow null values."
        )
    }

    fn wrong_type(&self, at: &Location<'_>, ty: TypeReference, reason: &str) -> Rejection {
        bad_request!(
            "Cannot convert the value of property '{at}' to the expected type '{}': {reason}.",
            written_type(self.model.schema(), ty),
        )
    }
}
