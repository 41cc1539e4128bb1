//! Properties that a service accepts and its metadata lacks: `[property."T/p"] type = "…"` in the
//! facts or a manifest.

use std::borrow::Cow;

use crate::diagnostic::nearest_or;
use crate::document::{self, Name, TypeExpression, split_collection};
use crate::facts::Facts;
use crate::model::{
    ItemType, Primitive, Property, Schema, TypeId, TypeKind, TypeReference, written_type,
};
use crate::toml_table::Setting;

impl Facts {
    /// Adds the properties that the facts declare and the metadata lacks. Types missing in the
    /// metadata are ignored, because one facts file serves all versions and clouds.
    pub fn add_properties(&self, schema: &mut Schema<'_>) {
        for (path, facts) in &self.properties {
            if let Some(written) = &facts.ty
                && let Some((owner, name)) = owner(schema, path)
                && let Ok(ty) = type_reference(schema, &written.text)
                && declared(schema, owner, name).is_none()
            {
                add(schema, owner, name, ty, written);
            }
        }
    }
}

/// Declares a property that the setting `written` requests.
pub fn add(
    schema: &mut Schema<'_>,
    owner: TypeId,
    name: &str,
    ty: TypeReference,
    written: &Setting,
) {
    if let Some(TypeKind::Structured(structured)) = schema.kind_mut(owner) {
        let span = written.span;
        let name = Name {
            text: Cow::Owned(name.to_owned()),
            span,
        };
        let item = Name {
            text: Cow::Owned(split_collection(&written.text).0.to_owned()),
            span,
        };
        structured.properties.push(Property {
            declared: document::Property {
                name,
                ty: TypeExpression {
                    is_collection: ty.is_collection,
                    name: item,
                },
                nullable: None,
                annotations: Vec::new(),
            },
            ty,
            nullable: !ty.is_collection,
        });
    }
}

/// The structured type and the property of `T/p`.
pub fn owner<'p>(schema: &Schema<'_>, path: &'p str) -> Option<(TypeId, &'p str)> {
    let (ty, name) = path.rsplit_once('/')?;
    let owner = schema.find(ty)?;
    schema.structured(owner)?;
    (!name.is_empty()).then_some((owner, name))
}

/// The type of a property that the type declares or inherits, or that a subtype declares.
pub fn declared(schema: &Schema<'_>, owner: TypeId, name: &str) -> Option<String> {
    let below = schema.subtypes(owner);
    let types = std::iter::once(owner).chain(below);
    let mut found = types.filter_map(|ty| schema.declared_property(ty, name));
    found
        .next()
        .map(|property| written_type(schema, property.ty))
}

/// Parses a type in CSDL notation, `Collection(microsoft.graph.x)`.
///
/// # Errors
///
/// A help message, if the type does not exist.
pub fn type_reference(schema: &Schema<'_>, written: &str) -> Result<TypeReference, String> {
    let (name, is_collection) = split_collection(written);
    let item = match name.strip_prefix("Edm.") {
        Some(primitive) => Primitive::from_name(primitive).map(ItemType::Primitive),
        None => schema.find(name).map(ItemType::Declared),
    };
    let item = item.ok_or_else(|| {
        let names: Vec<String> = schema.types().map(|(_, ty)| ty.qualified_name()).collect();
        nearest_or(
            name,
            names.iter().map(String::as_str),
            "write it as CSDL does, qualified and without aliases: `Collection(microsoft.graph.x)`",
        )
    })?;
    Ok(TypeReference {
        is_collection,
        item,
    })
}
