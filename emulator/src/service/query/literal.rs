//! Property paths and the comparison of values in `$filter` and `$orderby`.

use std::cmp::Ordering;

use jiff::Timestamp;
use msgraph_csdl::model::{ItemType, Literal, TypeId, TypeKind};
use serde_json::Value;

use crate::model::{Model, primitive};
use crate::rejection::{Rejection, Result, bad_request};
use crate::state::entity::Entity;

/// The path of a single primitive or enumeration value: `manager`, `address/city`.
#[derive(Clone, Debug)]
pub(in crate::service) struct PropertyPath {
    names: Vec<String>,
    /// `None` for a property of an open type.
    ty: Option<ItemType>,
}

impl PropertyPath {
    pub(super) fn parse(text: &str, model: &Model, of: TypeId) -> Result<Self> {
        let schema = model.schema();
        let mut names = Vec::new();
        let mut current = Some(ItemType::Declared(of));
        for name in text.split('/') {
            let Some(ItemType::Declared(ty)) = current else {
                return Err(not_found(name, model, of));
            };
            if let Some(cast) = model.find_type(name) {
                current = Some(ItemType::Declared(cast));
                continue;
            }
            if schema.navigation_property(ty, name).is_some() {
                let property = format_args!("The navigation property '{name}' in a query option");
                return Err(Rejection::not_emulated(property));
            }
            current = match schema.property(ty, name) {
                Some(property) if property.ty.is_collection => {
                    let property = format_args!("The collection '{name}' in a query option");
                    return Err(Rejection::not_emulated(property));
                }
                Some(property) => Some(property.ty.item),
                None if schema.structured(ty).is_some_and(|ty| ty.is_open) => None,
                None => return Err(not_found(name, model, ty)),
            };
            names.push(name.to_owned());
        }
        Ok(PropertyPath { names, ty: current })
    }

    pub(super) fn value(&self, entity: &Entity) -> Value {
        let value = entity.value_at(self.names.iter().map(String::as_str));
        value.cloned().unwrap_or_default()
    }

    /// A literal that is compared with the property.
    pub(super) fn literal(&self, text: &str, model: &Model) -> Result<Value> {
        let quoted = unquoted(text);
        let incompatible = || {
            bad_request!(
                "A binary operator with incompatible types was detected: {text} is not a value of \
                 the type of '{}'.",
                self.names.join("/"),
            )
        };
        if text == "null" {
            return Ok(Value::Null);
        }
        let primitive = match self.ty {
            None => return Ok(quoted.map_or_else(|| untyped(text), Value::String)),
            Some(ItemType::Primitive(primitive)) => primitive,
            Some(ItemType::Declared(ty)) => match model.schema()[ty].kind {
                TypeKind::Definition(primitive) => primitive,
                TypeKind::Enumeration(_) => {
                    return quoted.map(Value::String).ok_or_else(incompatible);
                }
                _ => return Err(incompatible()),
            },
        };
        let value = match (quoted, primitive.literal()) {
            (Some(text), Literal::Quoted) => Value::String(text),
            (None, Literal::Quoted) | (Some(_), _) => return Err(incompatible()),
            (None, _) => untyped(text),
        };
        let is_valid = primitive::check(primitive, &value, false).is_ok();
        is_valid.then_some(value).ok_or_else(incompatible)
    }
}

fn not_found(name: &str, model: &Model, ty: TypeId) -> Rejection {
    bad_request!(
        "Could not find a property named '{name}' on type '{}'.",
        model.type_name(ty),
    )
}

/// The value of a string literal in a query; `None` for other literals.
pub(in crate::service) fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'"))
}

fn untyped(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The order of two values of one type. The directory compares strings in any case.
pub(super) fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64()?.partial_cmp(&other.as_f64()?),
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        (Value::String(one), Value::String(other)) => {
            let times = one.parse::<Timestamp>().ok().zip(other.parse().ok());
            let texts = || one.to_lowercase().cmp(&other.to_lowercase());
            Some(times.map_or_else(texts, |(one, other)| one.cmp(&other)))
        }
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        _ => None,
    }
}
