//! Fields of structs: their names, types and documentation.

use msgraph_csdl::annotations::description::description;
use msgraph_csdl::facts::PropertyFacts;
use msgraph_csdl::model::{TypeId, TypeKind, TypeReference, written_type};
use msgraph_csdl::text::plain;

use super::Lowering;
use super::identifier::{distinct_from, keyword_free, snake};
use super::secrets::is_secret;
use crate::ir::{CsdlType, DYNAMIC_PROPERTIES, Deprecation, Field, Shape, UNKNOWN_PROPERTIES};
use crate::select::{Body, Content, SelectedField, SelectedType, TypeInRole};

/// The parts of a field that come from the declaration of its property or parameter.
pub(super) struct Declaration<'s> {
    pub(super) ty: TypeReference,
    /// The qualified name of the type or the action that declares it.
    pub(super) declared_by: String,
    pub(super) description: Option<&'s str>,
    pub(super) facts: Option<&'s PropertyFacts>,
    pub(super) deprecation: Option<Deprecation>,
}

impl<'s, 'a> Lowering<'s, 'a> {
    pub(super) fn fields(
        &self,
        owner: TypeInRole,
        is_open: bool,
        selected: &SelectedType,
        module: &[String],
    ) -> Vec<Field> {
        let reserved = if is_open {
            DYNAMIC_PROPERTIES
        } else {
            UNKNOWN_PROPERTIES
        };
        let schema = &self.input.schema;
        let has_setters = self.input.manifest.setters && selected.is_sent;
        let fields = selected.fields.iter();
        let names = names(Some(reserved), fields.clone());
        fields
            .zip(names)
            .filter(|(field, _)| selected.has(field))
            .filter_map(|(field, (wire, name))| {
                let declared = schema.declared_property(owner.ty, &field.property)?;
                let setter = has_setters && field.is_sent(selected.is_posted);
                let declaration = Declaration {
                    ty: declared.ty,
                    declared_by: self.declared_by(&declared),
                    description: description(declared.annotations),
                    facts: self.input.facts.property(schema, owner.ty, &field.property),
                    deprecation: self.property_deprecation(owner.ty, &field.property),
                };
                let shape = self.shape(Some(owner), module, field.content);
                let setter = setter.then(|| setter_name(&name));
                Some(self.field(field, (wire, name, setter), shape, declaration))
            })
            .collect()
    }

    /// A field with these names: in JSON, in Rust, and of its setter.
    pub(super) fn field(
        &self,
        field: &SelectedField,
        (wire, rust, setter): (String, String, Option<String>),
        shape: Shape,
        declaration: Declaration<'_>,
    ) -> Field {
        let Declaration {
            ty,
            declared_by,
            description,
            facts,
            deprecation,
        } = declaration;
        let (_, owner) = declared_by.rsplit_once('.').unwrap_or_default();
        Field {
            wire,
            rust,
            setter,
            csdl: self.csdl_type(ty),
            shape,
            nullable: field.nullable && !ty.is_collection,
            delta: matches!(field.content, Content::Delta(_)),
            is_key: field.is_key,
            replaces: field.replaces,
            read_only: field.omission.is_some() && !field.is_immutable(),
            immutable: field.is_immutable(),
            secret: facts
                .and_then(|facts| facts.secret)
                .unwrap_or_else(|| is_secret(owner, &field.property, field.content)),
            declared_by,
            description: description.map(str::to_owned),
            facts: facts
                .filter(|facts| facts.limits(&plain).is_some())
                .cloned(),
            deprecation,
        }
    }

    /// What one item of a field is. Only the fields of types can need a `Box`.
    pub(super) fn shape(
        &self,
        owner: Option<TypeInRole>,
        module: &[String],
        content: Content,
    ) -> Shape {
        match content {
            Content::Primitive(primitive, _) => Shape::Primitive(primitive),
            Content::Enumeration(id, _) => Shape::Enumeration {
                ty: self.type_ref(module, Body::Type(TypeInRole::plain(id))),
                flags: self.is_flags(id),
            },
            Content::Structured(Body::Type(id), is_collection) => Shape::Struct {
                ty: self.type_ref(module, Body::Type(id)),
                boxed: !is_collection
                    && owner.is_some_and(|owner| {
                        self.components.get(&owner) == self.components.get(&id)
                    }),
            },
            Content::Delta(Body::Type(id)) => Shape::Struct {
                ty: self.type_ref(module, Body::Type(id)),
                boxed: false,
            },
            Content::Structured(union, _) | Content::Delta(union) => {
                Shape::Union(self.type_ref(module, union))
            }
            Content::Reference(_) => Shape::Reference,
        }
    }

    /// Whether values of an enumeration are sets of members.
    pub(super) fn is_flags(&self, id: TypeId) -> bool {
        matches!(&self.input.schema[id].kind, TypeKind::Enumeration(ty) if ty.is_flags)
    }

    pub(super) fn csdl_type(&self, ty: TypeReference) -> CsdlType {
        let item = TypeReference {
            is_collection: false,
            ..ty
        };
        CsdlType {
            item: written_type(&self.input.schema, item),
            is_collection: ty.is_collection,
        }
    }
}

/// The names of fields in JSON and in Rust.
pub(super) fn names<'f>(
    reserved: Option<&str>,
    fields: impl Iterator<Item = &'f SelectedField>,
) -> Vec<(String, String)> {
    let wanted: Vec<(String, String)> = fields.map(wire_and_name).collect();
    let names = distinct_from(
        reserved,
        wanted
            .iter()
            .map(|(wire, name)| (wire.as_str(), name.clone())),
    );
    let wires = wanted.into_iter().map(|(wire, _)| wire);
    wires.zip(names).collect()
}

/// The name of a field in JSON, and the wanted name in Rust.
fn wire_and_name(field: &SelectedField) -> (String, String) {
    let property = &field.property;
    // The field of an annotation, `@microsoft.graph.conflictBehavior`, is named after the term.
    let name = snake(property.rsplit('.').next().unwrap_or(property));
    match field.content {
        Content::Reference(_) => (format!("{property}@odata.bind"), format!("{name}_bind")),
        Content::Delta(_) => (format!("{property}@delta"), format!("{name}_delta")),
        _ => (property.clone(), keyword_free(name)),
    }
}

/// The underscores that make a field's name a Rust identifier are left out: no two names differ only by them.
pub(super) fn setter_name(field: &str) -> String {
    format!("with_{}", field.trim_matches('_'))
}
