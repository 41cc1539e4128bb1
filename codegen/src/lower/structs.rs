//! Entity types and complex types.

use msgraph_csdl::annotations::description::description;
use msgraph_csdl::document::StructuredKind;
use msgraph_csdl::facts::PropertyFacts;
use msgraph_csdl::model::{
    DeclaredProperty, StructuredType, TypeId, TypeKind, TypeReference, written_type,
};
use msgraph_csdl::text::plain;

use super::Lowering;
use super::identifier::{distinct_from, keyword_free, snake};
use super::secrets::is_secret;
use crate::ir::{
    CsdlType, DYNAMIC_PROPERTIES, Field, Membership, OmittedProperty, Reason, Role, Shape, Struct,
};
use crate::read::Input;
use crate::select::{self, Body, Content, SelectedType, TypeInRole};

impl<'s, 'a> Lowering<'s, 'a> {
    pub(super) fn structure(
        &self,
        id: TypeInRole,
        ty: &StructuredType<'_>,
        selected: &SelectedType,
    ) -> Struct {
        let schema = &self.input.schema;
        let declaration = &schema[id.ty];
        let is_entity = ty.kind == StructuredKind::Entity;
        let is_read = self.input.manifest.read && id.role == Role::Plain;
        let rust = self.path(Body::Type(id)).clone();
        Struct {
            ty: declaration.qualified_name(),
            role: id.role,
            is_entity,
            base: ty.base.map(|base| schema[base].qualified_name()),
            description: description(&declaration.annotations).map(str::to_owned),
            writes_odata_type: selected.always_named,
            has_constants: is_entity && is_read,
            open: ty.is_open,
            replaces: selected.replaces,
            not_sent: selected.not_sent.clone(),
            fields: self.fields(id, ty.is_open, selected, &rust.module),
            left_out: selected
                .omitted
                .iter()
                .filter_map(|left_out| self.omitted(id.ty, left_out))
                .collect(),
            unions: self.memberships(id, &rust.module),
            reason: self.reason(&selected.reason),
            deprecation: self.type_deprecation(id.ty),
            rust,
        }
    }

    fn fields(
        &self,
        owner: TypeInRole,
        is_open: bool,
        selected: &SelectedType,
        module: &[String],
    ) -> Vec<Field> {
        let fields = selected.fields.iter();
        let wanted: Vec<(String, String)> = fields.clone().map(wire_and_name).collect();
        let names = distinct_from(
            is_open.then_some(DYNAMIC_PROPERTIES),
            wanted
                .iter()
                .map(|(wire, name)| (wire.as_str(), name.clone())),
        );
        let has_setters = self.input.manifest.setters && selected.is_sent;
        let fields = fields.zip(wanted).zip(names);
        fields
            .filter_map(|((field, (wire, _)), name)| {
                let declared = self
                    .input
                    .schema
                    .declared_property(owner.ty, &field.property)?;
                let declaring = &*self.input.schema[declared.declaring].name.text;
                Some(Field {
                    wire,
                    setter: (has_setters && field.read_only.is_none()).then(|| setter(&name)),
                    rust: name,
                    csdl: self.csdl_type(declared.ty),
                    shape: self.shape(owner, module, field.content),
                    nullable: field.nullable && !declared.ty.is_collection,
                    delta: matches!(field.content, Content::Delta(_)),
                    is_key: field.is_key,
                    replaces: field.replaces,
                    read_only: field.read_only.is_some(),
                    secret: is_secret(declaring, &field.property, field.content),
                    declared_by: self.declared_by(&declared),
                    description: description(declared.annotations).map(str::to_owned),
                    facts: self.documented_limits(owner.ty, &field.property),
                    deprecation: self.property_deprecation(owner.ty, &field.property),
                })
            })
            .collect()
    }

    fn shape(&self, owner: TypeInRole, module: &[String], content: Content) -> Shape {
        match content {
            Content::Primitive(primitive, _) => Shape::Primitive(primitive),
            Content::Enumeration(id, _) => Shape::Enumeration {
                ty: self.type_ref(module, Body::Type(TypeInRole::plain(id))),
                flags: matches!(&self.input.schema[id].kind, TypeKind::Enumeration(ty) if ty.is_flags),
            },
            Content::Structured(Body::Type(id), is_collection) => Shape::Struct {
                ty: self.type_ref(module, Body::Type(id)),
                boxed: !is_collection && self.boxed.contains(&(owner, id)),
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

    fn omitted(
        &self,
        owner: TypeId,
        left_out: &select::OmittedProperty,
    ) -> Option<OmittedProperty> {
        let schema = &self.input.schema;
        let declared = schema.declared_property(owner, &left_out.property)?;
        Some(OmittedProperty {
            wire: left_out.property.clone(),
            why: left_out.reason.text(),
            csdl: self.csdl_type(declared.ty),
            declared_by: self.declared_by(&declared),
        })
    }

    fn csdl_type(&self, ty: TypeReference) -> CsdlType {
        let item = TypeReference {
            is_collection: false,
            ..ty
        };
        CsdlType {
            item: written_type(&self.input.schema, item),
            is_collection: ty.is_collection,
        }
    }

    fn declared_by(&self, property: &DeclaredProperty<'_, '_>) -> String {
        self.input.schema[property.declaring].qualified_name()
    }

    fn documented_limits(&self, owner: TypeId, name: &str) -> Option<PropertyFacts> {
        let Input { schema, facts, .. } = self.input;
        let facts = facts.property(schema, owner, name)?;
        facts.limits(&plain).map(|_| facts.clone())
    }

    fn memberships(&self, id: TypeInRole, module: &[String]) -> Vec<Membership> {
        let unions = self.selection.unions.iter();
        unions
            .filter(|(declared, accepted)| declared.role == id.role && accepted.contains(&id.ty))
            .map(|(declared, _)| Membership {
                union: self.type_ref(module, Body::AnyOf(*declared)),
                is_base: *declared == id,
            })
            .collect()
    }

    pub(super) fn reason(&self, reason: &select::Reason) -> Reason {
        let schema = &self.input.schema;
        match reason {
            select::Reason::Named => Reason::Named,
            select::Reason::Body(template) => Reason::Body(template.clone()),
            select::Reason::Response(template) => Reason::Response(template.clone()),
            select::Reason::Property(owner, property) => {
                Reason::Property(format!("{}/{property}", schema[*owner]))
            }
            select::Reason::Derived(base) => Reason::Derived(schema[*base].qualified_name()),
        }
    }
}

/// The name of a field in JSON, and the wanted name in Rust.
fn wire_and_name(field: &select::SelectedField) -> (String, String) {
    let property = &field.property;
    let name = snake(property);
    match field.content {
        Content::Reference(_) => (format!("{property}@odata.bind"), format!("{name}_bind")),
        Content::Delta(_) => (format!("{property}@delta"), format!("{name}_delta")),
        _ => (property.clone(), keyword_free(name)),
    }
}

/// The underscores that make a field's name a Rust identifier are left out: no two names differ only by them.
fn setter(field: &str) -> String {
    format!("with_{}", field.trim_matches('_'))
}
