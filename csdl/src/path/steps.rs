//! The meaning of each path segment in the model.

use super::form::Wrong;
use super::keys::primitive;
use super::literals;
use super::{ResourcePath, SegmentKind};
use crate::document::ContainerChildKind;
use crate::model::{
    ContainerChild, ItemType, NavigationProperty, Operation, Primitive, Property, Schema, TypeId,
    TypeReference,
};
use crate::path::segment::SegmentParts;

/// The meaning of a path segment in the model.
#[derive(Clone, Copy, Debug)]
pub enum Step<'s, 'a> {
    /// An entity set or singleton.
    Child(&'s ContainerChild<'a>),
    /// A key that is a segment.
    Key,
    /// A navigation property: the type before it, and its declaring type.
    Navigation(TypeId, TypeId, &'s NavigationProperty<'a>),
    /// A complex property, with the type before it.
    Complex(TypeId, &'s Property<'a>),
    /// A derived type.
    Cast(TypeId),
    /// A composable function.
    Function(&'s Operation<'a>),
}

/// The meaning of each segment of a walked path.
pub fn steps<'s, 'a>(schema: &'s Schema<'a>, path: &ResourcePath) -> Vec<Step<'s, 'a>> {
    let mut steps = Vec::with_capacity(path.segments.len());
    // The current type, and whether it is a collection.
    let mut at: Option<(TypeId, bool)> = None;
    for segment in &path.segments {
        // A key need not parse as a segment.
        let parts = SegmentParts::parse(&segment.text).unwrap_or(SegmentParts {
            name: &segment.text,
            arguments: None,
        });
        let name = parts.name;
        let step = match (at, segment.kind) {
            (None, _) => schema.container_child(name).map(Step::Child),
            (_, SegmentKind::Key) => Some(Step::Key),
            (_, SegmentKind::Cast) => derived_type(schema, name).map(Step::Cast),
            (Some(at), SegmentKind::Function) => {
                bound_function(schema, at, &parts).map(Step::Function)
            }
            (Some((ty, _)), SegmentKind::Name) => schema
                .navigation_property(ty, name)
                .map(|(declaring, property)| Step::Navigation(ty, declaring, property))
                .or_else(|| Some(Step::Complex(ty, schema.property(ty, name)?))),
        };
        let declared = |ty: TypeReference| match ty.item {
            ItemType::Declared(id) => Some((id, ty.is_collection)),
            ItemType::Primitive(_) => None,
        };
        // A key in parentheses belongs to the name.
        let is_open = parts.arguments.is_none();
        at = step.and_then(|step| match step {
            Step::Child(child) => {
                let is_set = child.kind == ContainerChildKind::EntitySet;
                Some((child.ty, is_set && is_open))
            }
            Step::Key => at.map(|(ty, _)| (ty, false)),
            Step::Cast(ty) => at.map(|(_, is_collection)| (ty, is_collection && is_open)),
            Step::Navigation(_, _, property) => {
                Some((property.target, property.is_collection && is_open))
            }
            Step::Complex(_, property) => declared(property.ty),
            Step::Function(operation) => operation.return_type.and_then(declared),
        });
        steps.extend(step);
    }
    steps
}

/// The type in a cast segment.
pub(super) fn derived_type(schema: &Schema<'_>, text: &str) -> Option<TypeId> {
    text.contains('.')
        .then(|| schema.find(&schema.unaliased(text)))
        .flatten()
}

/// The composable function that a segment calls, bound to the current type: `range(address='A1')`
/// or `microsoft.graph.range(address='{address}')`; the parentheses may be omitted if it has no
/// arguments.
pub(super) fn bound_function<'s, 'a>(
    schema: &'s Schema<'a>,
    at: (TypeId, bool),
    parts: &SegmentParts<'_>,
) -> Option<&'s Operation<'a>> {
    let given = parts.arguments.as_deref().unwrap_or_default();
    functions(schema, at, parts.name).find(|operation| {
        let mut parameters = operation.parameters.iter().skip(1);
        // Arguments are named and may be in any order (OData URL Conventions 4.01 §4.5.3).
        let is_given = |name: &str| given.iter().any(|argument| argument.name == Some(name));
        parameters.len() == given.len() && parameters.all(|(name, _)| is_given(&name.text))
    })
}

/// The error for a bound function with wrong arguments.
pub(super) fn wrong_arguments(
    schema: &Schema<'_>,
    at: (TypeId, bool),
    parts: &SegmentParts<'_>,
) -> Option<Wrong> {
    let name = parts.name;
    let calls = functions(schema, at, name).map(|operation| {
        let parameters = operation.parameters.iter().skip(1);
        let arguments = parameters.map(|(name, ty)| {
            literals::example(&name.text, primitive(ty.item).unwrap_or(Primitive::Untyped))
        });
        format!("`{name}({})`", arguments.collect::<Vec<_>>().join(","))
    });
    let calls: Vec<String> = calls.collect();
    (!calls.is_empty()).then(|| {
        (
            format!("the function `{name}` has other arguments"),
            format!("write {}", calls.join(" or ")),
        )
    })
}

/// The composable functions with this name that are bound to the current type.
fn functions<'s, 'a>(
    schema: &'s Schema<'a>,
    (at, is_collection): (TypeId, bool),
    name: &str,
) -> impl Iterator<Item = &'s Operation<'a>> {
    let name = schema.unaliased(name).into_owned();
    schema.operations().iter().filter(move |operation| {
        let is_named = || {
            let namespace = name.strip_suffix(operation.name.text.as_ref());
            namespace.is_some_and(|namespace| {
                namespace.is_empty() || namespace.strip_suffix('.') == Some(&operation.namespace)
            })
        };
        let binds = || {
            operation.parameters.first().is_some_and(|(_, ty)| {
                ty.is_collection == is_collection
                    && matches!(ty.item, ItemType::Declared(ty) if schema.is_subtype_of(at, ty))
            })
        };
        operation.is_bound && operation.is_composable && is_named() && binds()
    })
}
