//! The meaning of each path segment in the model.

use super::form::Wrong;
use super::keys::primitive;
use super::literals;
use super::restrictions::Restrictions;
use super::{ResourcePath, SegmentKind};
use crate::annotations::requires_explicit_binding;
use crate::document::ContainerChildKind;
use crate::model::{
    ContainerChild, ItemType, NavigationProperty, Operation, Parameter, Primitive, Property,
    Schema, TypeId, TypeReference,
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
    /// A complex or stream property, with the type before it.
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
            // An action ends a path, so no resource follows it.
            (_, SegmentKind::Action) => None,
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
        let mut parameters = operation.arguments().iter();
        // Arguments are named and may be in any order (OData URL Conventions 4.01 §4.5.3).
        let is_given = |name: &str| given.iter().any(|argument| argument.name == Some(name));
        parameters.len() == given.len()
            && parameters.all(|parameter| is_given(&parameter.name.text))
    })
}

/// The error for a bound function with wrong arguments.
pub(super) fn wrong_arguments(
    schema: &Schema<'_>,
    at: (TypeId, bool),
    parts: &SegmentParts<'_>,
) -> Option<Wrong> {
    let name = parts.name;
    let calls =
        functions(schema, at, name).map(|operation| format!("`{name}({})`", examples(operation)));
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
    at: (TypeId, bool),
    name: &str,
) -> impl Iterator<Item = &'s Operation<'a>> {
    let name = schema.unaliased(name).into_owned();
    schema.operations().iter().filter(move |operation| {
        operation.is_composable && is_named(operation, &name) && binds(schema, operation, at)
    })
}

/// Whether an operation has this name, qualified or not.
pub(super) fn is_named(operation: &Operation<'_>, name: &str) -> bool {
    let namespace = name.strip_suffix(operation.name.text.as_ref());
    namespace.is_some_and(|namespace| {
        namespace.is_empty() || namespace.strip_suffix('.') == Some(&operation.namespace)
    })
}

/// Whether an operation is bound to a type or a supertype of it; for a collection, to a collection.
pub(super) fn binds(
    schema: &Schema<'_>,
    operation: &Operation<'_>,
    (at, is_collection): (TypeId, bool),
) -> bool {
    operation.binding().is_some_and(|binding| {
        binding.ty.is_collection == is_collection
            && matches!(binding.ty.item, ItemType::Declared(ty) if schema.is_subtype_of(at, ty))
    })
}

/// The arguments of a function as placeholders: `address='{address}',count={count}`.
pub(super) fn examples(operation: &Operation<'_>) -> String {
    let arguments = operation.arguments().iter().map(example);
    arguments.collect::<Vec<_>>().join(",")
}

/// Whether an operation that `RequiresExplicitBinding` is bound here.
pub(super) fn is_allowed(
    schema: &Schema<'_>,
    operation: &Operation<'_>,
    here: &Restrictions,
) -> bool {
    let is_required = requires_explicit_binding::is_required(&operation.annotations);
    let qualified = operation.qualified_name();
    let mut bound = here.operations.iter();
    !is_required || bound.any(|name| schema.unaliased(name) == qualified)
}

/// `name={name}`, with quotes where the type has them. A member of an enumeration is quoted.
pub(super) fn example(parameter: &Parameter<'_>) -> String {
    let ty = primitive(parameter.ty.item).unwrap_or(Primitive::String);
    literals::example(&parameter.name.text, ty)
}
