//! Properties that a service accepts and its metadata lacks: `[property."T/p"] type = "…"` of the
//! manifest and of the facts.

use std::borrow::Cow;

use crate::csdl::Name;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest_or};
use crate::facts::Facts;
use crate::manifest::Manifest;
use crate::schema::{
    ItemType, Primitive, Property, Schema, TypeId, TypeKind, TypeReference, written_type,
};
use crate::table::Setting;

impl Facts {
    /// Adds the properties that the facts declare and the metadata lacks. A type that the metadata
    /// does not have is no error: one file of facts is for all versions and clouds.
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

/// Adds those of the manifest. What is wrong with their types is reported; that of a type or property
/// which is unknown otherwise is reported with the other settings.
pub(crate) fn of_manifest(
    manifest: &Manifest,
    schema: &mut Schema<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (path, settings) in &manifest.properties {
        let Some(written) = &settings.ty else {
            continue;
        };
        let Some((owner, name)) = owner(schema, path) else {
            continue;
        };
        let ty = match type_reference(schema, &written.text) {
            Ok(ty) => ty,
            Err(help) => {
                let message = format!("unknown type `{}`", written.text);
                diagnostics.push(Diagnostic::error(written.span, message).help(help));
                continue;
            }
        };
        match declared(schema, owner, name) {
            None => add(schema, owner, name, ty, written),
            // The metadata, or a slice, may have it by now.
            Some(there) if there == written_type(schema, ty) => {}
            Some(there) => diagnostics.push(
                Diagnostic::error(
                    written.span,
                    format!("the metadata declares `{path}`, as `{there}`"),
                )
                .help("`type` is for properties that the metadata lacks; correct it in a CSDL document"),
            ),
        }
    }
}

fn add(schema: &mut Schema<'_>, owner: TypeId, name: &str, ty: TypeReference, written: &Setting) {
    if let Some(TypeKind::Structured(structured)) = schema.kind_mut(owner) {
        structured.properties.push(Property {
            name: Name {
                text: Cow::Owned(name.to_owned()),
                span: written.span,
            },
            ty,
            nullable: !ty.is_collection,
            annotations: Vec::new(),
            is_added: true,
        });
    }
}

/// The structured type and the property of `T/p`.
fn owner<'p>(schema: &Schema<'_>, path: &'p str) -> Option<(TypeId, &'p str)> {
    let (ty, name) = path.rsplit_once('/')?;
    let owner = schema.find(ty)?;
    schema.structured(owner)?;
    (!name.is_empty()).then_some((owner, name))
}

/// The type of a property that the type has, inherits, or leaves to a type that derives from it.
fn declared(schema: &Schema<'_>, owner: TypeId, name: &str) -> Option<String> {
    let below = schema.descendants(owner);
    let types = std::iter::once(owner).chain(below);
    let mut found = types.filter_map(|ty| schema.declared_property(ty, name));
    found
        .next()
        .map(|property| written_type(schema, property.ty))
}

/// A type as CSDL writes it, `Collection(microsoft.graph.x)`; else what to do about it.
fn type_reference(schema: &Schema<'_>, written: &str) -> Result<TypeReference, String> {
    let inner = written
        .strip_prefix("Collection(")
        .and_then(|inner| inner.strip_suffix(')'));
    let name = inner.unwrap_or(written);
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
        is_collection: inner.is_some(),
        item,
    })
}
