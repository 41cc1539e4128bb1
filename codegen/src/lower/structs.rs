//! Entity types and complex types.

use msgraph_csdl::annotations::description::description;
use msgraph_csdl::document::StructuredKind;
use msgraph_csdl::model::{DeclaredProperty, StructuredType, TypeId};

use super::Lowering;
use crate::ir::{Membership, OmittedProperty, Reason, Role, Struct};
use crate::select::{self, Body, SelectedType, TypeInRole};

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
        let is_read_value = selected.is_read && id.role == Role::Plain;
        let rust = self.path(Body::Type(id)).clone();
        Struct {
            ty: declaration.qualified_name(),
            role: id.role,
            is_entity,
            base: ty.base.map(|base| schema[base].qualified_name()),
            description: description(&declaration.annotations).map(str::to_owned),
            writes_odata_type: selected.always_named,
            has_constants: is_entity && is_read_value,
            is_read: selected.is_read,
            open: ty.is_open,
            keeps_unknown: is_read_value && !ty.is_open,
            patch: is_read_value.then(|| self.patch(id.ty)).flatten(),
            replaces: selected.replaces,
            not_sent: selected.not_sent.clone(),
            fields: self.fields(id, ty.is_open, selected, &rust.module),
            left_out: selected
                .omitted
                .iter()
                .filter_map(|left_out| self.omitted(id.ty, left_out))
                .collect(),
            navigation: selected.navigation.clone(),
            unions: self.memberships(id, &rust.module),
            reason: self.reason(&selected.reason),
            deprecation: self.type_deprecation(id.ty),
            rust,
        }
    }

    /// The struct for updates of an entity type, if there is one. It is in the module of the type.
    fn patch(&self, ty: TypeId) -> Option<String> {
        let role = Role::Patch;
        let patch = self.names.types.get(&TypeInRole { ty, role })?;
        Some(patch.name.clone())
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

    pub(super) fn declared_by(&self, property: &DeclaredProperty<'_, '_>) -> String {
        self.input.schema[property.declaring].qualified_name()
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
            select::Reason::Create(template) => Reason::Create(template.clone()),
            select::Reason::Response(template) => Reason::Response(template.clone()),
            select::Reason::Property(owner, property) => {
                Reason::Property(format!("{}/{property}", schema[*owner]))
            }
            select::Reason::Parameter(action, parameter) => {
                Reason::Parameter(format!("{action}/{parameter}"))
            }
            select::Reason::Derived(base) => Reason::Derived(schema[*base].qualified_name()),
        }
    }
}
