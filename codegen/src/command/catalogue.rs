//! The contents of the metadata, independent of what a manifest selects.

use std::collections::BTreeMap;
use std::fmt;

use msgraph_csdl::document::StructuredKind;
use msgraph_csdl::model::{
    ItemType, Schema, StructuredType, TypeId, TypeKind, TypeReference, written_type,
};

pub use super::offers::{Offer, Unlisted};

/// The result of [`Config::catalogue`](crate::Config::catalogue).
#[derive(Debug)]
#[non_exhaustive]
pub struct Catalogue {
    /// The available operations in order of path, or why they are not listed.
    pub offers: Result<Vec<Offer>, Unlisted>,
    /// The declared properties by name, with the types that declare them.
    pub properties: BTreeMap<String, Vec<DeclaredProperty>>,
    /// What would be generated.
    pub survey: super::Survey,
}

/// A declared type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The kind of type.
    pub kind: Kind,
    /// The CSDL name of the base type.
    pub base: Option<String>,
    /// Whether only subtypes have values.
    pub is_abstract: bool,
    /// The navigation properties that it declares, with their types as in CSDL.
    pub navigation: BTreeMap<String, String>,
    /// The properties of this type, or of a collection of it: `declaring type/name`, in order of type.
    pub used_by: Vec<String>,
}

/// A declaration of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredProperty {
    /// The CSDL name of the type that declares it.
    pub declared_by: String,
    /// Its type as in CSDL, without aliases.
    pub ty: String,
}

/// The kind of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An entity type.
    Entity,
    /// A complex type.
    Complex,
    /// An enumeration type.
    Enumeration,
    /// A type definition: a primitive type with another name.
    Definition,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Entity => "entity type",
            Kind::Complex => "complex type",
            Kind::Enumeration => "enumeration type",
            Kind::Definition => "type definition",
        })
    }
}

/// The declared properties, by name.
pub(crate) fn properties(schema: &Schema<'_>) -> BTreeMap<String, Vec<DeclaredProperty>> {
    let mut properties: BTreeMap<String, Vec<DeclaredProperty>> = BTreeMap::new();
    for (_, declaration) in schema.types() {
        let TypeKind::Structured(ty) = &declaration.kind else {
            continue;
        };
        let structural = ty.properties.iter();
        let structural = structural.map(|property| (&property.name, property.ty));
        let navigation = ty.navigation_properties.iter().map(|property| {
            let item = ItemType::Declared(property.target);
            let is_collection = property.is_collection;
            (
                &property.name,
                TypeReference {
                    is_collection,
                    item,
                },
            )
        });
        for (name, ty) in structural.chain(navigation) {
            let declared = DeclaredProperty {
                declared_by: declaration.qualified_name(),
                ty: written_type(schema, ty),
            };
            let name = name.text.clone().into_owned();
            properties.entry(name).or_default().push(declared);
        }
    }
    for declared in properties.values_mut() {
        declared.sort_by(|one, other| one.declared_by.cmp(&other.declared_by));
    }
    properties
}

/// The declared types, by CSDL name.
pub(crate) fn types(schema: &Schema<'_>) -> BTreeMap<String, Declaration> {
    let mut used_by: BTreeMap<TypeId, Vec<String>> = BTreeMap::new();
    for (_, declaration) in schema.types() {
        let TypeKind::Structured(ty) = &declaration.kind else {
            continue;
        };
        let structural = ty.properties.iter().filter_map(|property| {
            let ItemType::Declared(id) = property.ty.item else {
                return None;
            };
            Some((id, &property.name))
        });
        let navigation = ty.navigation_properties.iter();
        let navigation = navigation.map(|property| (property.target, &property.name));
        for (id, name) in structural.chain(navigation) {
            let place = format!("{declaration}/{}", name.text);
            used_by.entry(id).or_default().push(place);
        }
    }
    let types = schema.types().map(|(id, declaration)| {
        let structured = schema.structured(id);
        let base = structured.and_then(|ty| ty.base);
        let known = Declaration {
            kind: match &declaration.kind {
                TypeKind::Structured(ty) if ty.kind == StructuredKind::Entity => Kind::Entity,
                TypeKind::Structured(_) => Kind::Complex,
                TypeKind::Enumeration(_) => Kind::Enumeration,
                TypeKind::Definition(_) => Kind::Definition,
            },
            base: base.map(|base| schema[base].qualified_name()),
            is_abstract: structured.is_some_and(|ty| ty.is_abstract),
            navigation: structured
                .map(|ty| navigation(schema, ty))
                .unwrap_or_default(),
            used_by: used_by.remove(&id).unwrap_or_default(),
        };
        (declaration.qualified_name(), known)
    });
    types.collect()
}

fn navigation(schema: &Schema<'_>, ty: &StructuredType<'_>) -> BTreeMap<String, String> {
    let properties = ty.navigation_properties.iter();
    let written = properties.map(|property| {
        let target = schema[property.target].qualified_name();
        let ty = if property.is_collection {
            format!("Collection({target})")
        } else {
            target
        };
        (property.name.text.to_string(), ty)
    });
    written.collect()
}
