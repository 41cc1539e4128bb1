//! Deprecations announced in the metadata (`Core.Revisions`).

use msgraph_csdl::annotations::revisions;
use msgraph_csdl::document::Annotation;
use msgraph_csdl::model::{ItemType, Member, Operation, TypeId};
use msgraph_csdl::path::{self, Step};

use super::Lowering;
use crate::ir::Deprecation;
use crate::select::{Body, SelectedOperation};

impl Lowering<'_, '_> {
    pub(super) fn type_deprecation(&self, id: TypeId) -> Option<Deprecation> {
        let declaration = &self.input.schema[id];
        deprecation(|| declaration.qualified_name(), &declaration.annotations)
    }

    /// The deprecation of a property as seen from a type.
    pub(super) fn property_deprecation(&self, id: TypeId, name: &str) -> Option<Deprecation> {
        let schema = &self.input.schema;
        let declared = schema.declared_property(id, name)?;
        deprecation(
            || format!("{}/{name}", schema[declared.declaring]),
            schema.property_annotations(id, name, declared.annotations),
        )
    }

    pub(super) fn member_deprecation(
        &self,
        id: TypeId,
        member: &Member<'_>,
    ) -> Option<Deprecation> {
        let element = || format!("{}/{}", self.input.schema[id], member.name.text);
        deprecation(element, &member.annotations)
    }

    /// The deprecations of the segments of a URL, of the types there, of the action or function, and of the body.
    pub(super) fn deprecations(
        &self,
        selected: &SelectedOperation,
        call: Option<&Operation<'_>>,
    ) -> Vec<Deprecation> {
        let schema = &self.input.schema;
        let path = selected.path.iter();
        let steps = path.flat_map(|path| path::steps(schema, path));
        let mut found: Vec<Deprecation> = steps.flat_map(|step| self.of_step(step)).collect();
        found.extend(call.and_then(of_operation));
        if let Some(Body::Type(ty)) = selected.body {
            found.extend(self.type_deprecation(ty.ty));
        }
        found
    }

    /// The deprecations of a segment and of the type there.
    fn of_step(&self, step: Step<'_, '_>) -> impl Iterator<Item = Deprecation> {
        let (segment, ty) = match step {
            Step::Child(child) => (
                deprecation(|| format!("/{}", child.name.text), &child.annotations),
                Some(child.ty),
            ),
            Step::Navigation(from, _, navigation) => (
                self.property_deprecation(from, &navigation.name.text),
                Some(navigation.target),
            ),
            Step::Complex(from, complex) => (
                self.property_deprecation(from, &complex.name.text),
                match complex.ty.item {
                    ItemType::Declared(ty) => Some(ty),
                    ItemType::Primitive(_) => None,
                },
            ),
            Step::Cast(ty) => (None, Some(ty)),
            Step::Function(operation) => (of_operation(operation), None),
            Step::Key => (None, None),
        };
        let of_type = ty.and_then(|ty| self.type_deprecation(ty));
        segment.into_iter().chain(of_type)
    }
}

fn of_operation(operation: &Operation<'_>) -> Option<Deprecation> {
    deprecation(|| operation.qualified_name(), &operation.annotations)
}

fn deprecation<'s, 'a: 's>(
    element: impl FnOnce() -> String,
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Deprecation> {
    let mut annotations = annotations.into_iter();
    let revisions = annotations.find(|annotation| {
        annotation.term.text == revisions::TERM && annotation.qualifier.is_none()
    })?;
    Some(Deprecation {
        announcement: revisions::deprecation([revisions])?,
        element: element(),
        span: revisions.term.span,
    })
}
