//! Resource paths, walked from the entity container segment by segment.

mod correct;
#[cfg(test)]
mod corrections;
mod enumerate;
mod form;
mod keys;
mod placeholders;
mod restrictions;

use form::Wrong;
use keys::{key_type, keyed};
use placeholders::placeholders;

use crate::diagnostic::{did_you_mean, nearest};
use crate::document::{Annotation, ContainerChildKind};
use crate::model::{
    ContainerChild, ItemType, NavigationProperty, Operation, Primitive, Property, Schema, TypeId,
    TypeReference,
};
use crate::segment::{self, Argument, SegmentParts};

pub use correct::corrected;
pub use enumerate::{Bounds, TooManyPaths, enumerate};
pub use keys::alternate_keys;
pub use placeholders::with_placeholders;
pub use restrictions::{Restrictions, requires_if_match};

/// A path from the service root to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePath {
    /// The segments, in order.
    pub segments: Vec<Segment>,
    /// What it leads to.
    pub target: Target,
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// As it stands in the URL; placeholders in braces.
    pub text: String,
    /// What it is.
    pub kind: SegmentKind,
    /// The placeholders in it, in order.
    pub parameters: Vec<PathParameter>,
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// An entity set, singleton, navigation property or complex property.
    Name,
    /// A key behind an entity set or collection.
    Key,
    /// A derived type; in parentheses perhaps a key.
    Cast,
    /// A bound composable function.
    Function,
}

impl Segment {
    /// A segment without placeholders.
    fn of(text: &str, kind: SegmentKind) -> Self {
        Segment {
            text: text.to_owned(),
            kind,
            parameters: Vec::new(),
        }
    }

    /// A key that the segment spells out, decoded, and the name before it where it is in parentheses:
    /// `x/a` and `x('a')`.
    pub fn literal_key(&self) -> Option<(Option<&str>, String)> {
        if !self.parameters.is_empty() {
            return None;
        }
        if self.kind == SegmentKind::Key {
            return Some((None, segment::decode(&self.text)?));
        }
        let parts = SegmentParts::parse(&self.text).ok()?;
        match parts.arguments?.as_slice() {
            [argument @ Argument { name: None, .. }] => Some((Some(parts.name), argument.value()?)),
            _ => None,
        }
    }
}

/// A placeholder of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathParameter {
    /// Without braces.
    pub name: String,
    /// The type of the key or parameter.
    pub ty: Primitive,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What kind of resource it is.
    pub kind: TargetKind,
    /// The declared type.
    pub ty: TypeId,
    /// Whether it is a collection.
    pub is_collection: bool,
    /// Whether the last navigation on the way contains its target.
    pub contained: bool,
    /// What is annotated, or documented in the facts, of the resource.
    pub restrictions: Restrictions,
}

/// What kind of resource a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A singleton.
    Singleton,
    /// An entity of a set.
    Entity,
    /// The target of a navigation property.
    Navigation,
    /// The value of a complex property.
    Complex,
    /// The result of a function.
    Function,
}

impl Target {
    /// Whether an update is on offer where nobody names the path: contained navigation unless it
    /// says no, other navigation and complex properties only where they say yes. Microsoft's
    /// conversion of the metadata to OpenAPI has this rule.
    pub fn offers_update(&self) -> bool {
        let Restrictions { updatable, put, .. } = self.restrictions;
        match self.kind {
            // PUT replaces a collection of complex values as a whole.
            TargetKind::Complex => updatable == Some(true) && (put || !self.is_collection),
            _ if self.is_collection => false,
            TargetKind::Singleton | TargetKind::Entity => updatable.unwrap_or(true),
            TargetKind::Navigation => updatable.unwrap_or(self.contained),
            TargetKind::Function => false,
        }
    }

    /// The type with the key or the arguments chosen: one item of the collection.
    fn item(&self) -> Self {
        Target {
            is_collection: false,
            ..self.clone()
        }
    }
}

impl ResourcePath {
    /// The path as a template: `/users/{user-id}`.
    pub fn template(&self) -> String {
        self.segments
            .iter()
            .fold(String::new(), |mut all, segment| {
                all.push('/');
                all.push_str(&segment.text);
                all
            })
    }

    fn ends_with(&self, kind: SegmentKind) -> bool {
        self.segments.last().is_some_and(|last| last.kind == kind)
    }

    fn then(&self, segment: Segment, target: Target) -> Self {
        let mut segments = Vec::with_capacity(self.segments.len() + 1);
        segments.extend_from_slice(&self.segments);
        segments.push(segment);
        ResourcePath { segments, target }
    }
}

/// Why a path cannot be walked.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongSegment {
    /// The segment's place in the path, in bytes.
    pub start: usize,
    /// The end of the segment in the path, in bytes.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// The longest path, in segments; Graph's longest has 17. Each makes a module inside another, and
/// neither the formatter nor rustc takes any depth of those.
const MAX_SEGMENTS: usize = 64;

/// Walks a path as the user wrote it.
pub fn walk(schema: &Schema<'_>, path: &str) -> Result<ResourcePath, WrongSegment> {
    if segment::split(path).count() > MAX_SEGMENTS + 1 {
        return Err(WrongSegment {
            start: 0,
            end: path.len(),
            message: format!("the path has more than {MAX_SEGMENTS} segments"),
            help: "no resource of Graph is that far from the service root".to_owned(),
        });
    }
    let mut walked: Option<ResourcePath> = None;
    let mut offset = 0;
    let segments = path.strip_prefix('/');
    for text in segment::split(segments.unwrap_or(path)) {
        let start = offset + usize::from(segments.is_some());
        let wrong = |(message, help): Wrong| WrongSegment {
            start,
            end: start + text.len(),
            message,
            help,
        };
        if segments.is_none() || text.is_empty() {
            return Err(wrong((
                format!("`{path}` is not a path from the service root"),
                "it starts with `/`, does not end with one, and has no empty segment: \
                 `/users/{id}`"
                    .to_owned(),
            )));
        }
        let url = segment::encode_slashes(text);
        if let Some(problem) = form::unfit(&url) {
            return Err(wrong(problem));
        }
        walked = Some(match walked {
            None => first(schema, &url).map_err(wrong)?,
            Some(so_far) => next(schema, &so_far, &url).map_err(wrong)?,
        });
        offset += text.len() + 1;
    }
    walked.ok_or_else(|| WrongSegment {
        start: 0,
        end: path.len(),
        message: "the path is empty".to_owned(),
        help: "write it from the service root: `/users/{id}`".to_owned(),
    })
}

fn first(schema: &Schema<'_>, text: &str) -> Result<ResourcePath, Wrong> {
    let parts = SegmentParts::parse(text).map_err(|reason| form::malformed(text, reason))?;
    let name = parts.name;
    let Some(child) = schema.container_child(name) else {
        if let Some(version) = form::api_version(text) {
            return Err(version);
        }
        let names: Vec<&str> = schema
            .container()
            .iter()
            .map(|child| child.name.text.as_ref())
            .collect();
        let help = did_you_mean(name, names)
            .unwrap_or_else(|| "the metadata has no entity container".to_owned());
        return Err((
            format!("the service root has no entity set or singleton `{name}`"),
            help,
        ));
    };
    let path = ResourcePath {
        segments: vec![Segment::of(name, SegmentKind::Name)],
        target: container_target(schema, child),
    };
    keyed(schema, path, text)
}

fn next(schema: &Schema<'_>, before: &ResourcePath, text: &str) -> Result<ResourcePath, Wrong> {
    let target = &before.target;
    // Encoded parentheses may be part of a key.
    let may_be_key = target.is_collection && !text.contains('(');
    let parts = match SegmentParts::parse(text) {
        Ok(parts) => parts,
        Err(_) if may_be_key => return Ok(key(schema, before, text)),
        Err(reason) => return Err(form::malformed(text, reason)),
    };
    let name = parts.name;
    let at = (target.ty, target.is_collection);
    let called = || bound_function(schema, at, &parts);
    if let Some(ty) = derived_type(schema, name)
        && (parts.arguments.is_none() || called().is_none())
    {
        return keyed(schema, cast(schema, before, name, ty)?, text);
    }
    if may_be_key && !names_function(schema, name) {
        let is_call = parts.arguments.is_some() && called().is_some();
        if !is_call {
            return Ok(key(schema, before, text));
        }
    }
    if !target.is_collection
        && let Some(path) = property(schema, before, text, &parts)
    {
        return path;
    }
    match called() {
        Some(operation) => function(schema, before, text, operation),
        None => Err(no_property(schema, target.ty, name)),
    }
}

/// A navigation property or complex property of what a path leads to.
fn property(
    schema: &Schema<'_>,
    before: &ResourcePath,
    text: &str,
    parts: &SegmentParts<'_>,
) -> Option<Result<ResourcePath, Wrong>> {
    let ty = before.target.ty;
    let name = parts.name;
    let segment = Segment::of(name, SegmentKind::Name);
    if let Some((_, property)) = schema.navigation_property(ty, name) {
        let path = before.then(segment, navigation_target(schema, ty, property));
        return Some(keyed(schema, path, text));
    }
    let (Some(property), None) = (schema.property(ty, name), &parts.arguments) else {
        return None;
    };
    let ItemType::Declared(of) = property.ty.item else {
        return Some(Err((
            format!("`{name}` is a primitive property, not a resource"),
            "update it through the body of the resource before it".to_owned(),
        )));
    };
    let annotations: Vec<&Annotation<'_>> = schema
        .property_annotations(ty, name, &property.annotations)
        .collect();
    let target = Target {
        kind: TargetKind::Complex,
        ty: of,
        is_collection: property.ty.is_collection,
        contained: true,
        restrictions: Restrictions::of(schema, name, &annotations, None),
    };
    Some(Ok(before.then(segment, target)))
}

fn no_property(schema: &Schema<'_>, ty: TypeId, name: &str) -> Wrong {
    let owner = &schema[ty];
    let mut names: Vec<String> = schema
        .navigation_properties(ty)
        .iter()
        .map(|(_, property)| property.name.text.to_string())
        .collect();
    let mut primitives = Vec::new();
    for (_, property) in schema.properties(ty) {
        let name = property.name.text.to_string();
        match property.ty.item {
            ItemType::Declared(_) => names.push(name),
            _ => primitives.push(name),
        }
    }
    let resources = || names.iter().map(String::as_str);
    let primitive = match nearest(name, resources()) {
        Some(_) => None,
        None => nearest(name, primitives.iter().map(String::as_str)),
    };
    let help = match primitive {
        Some(near) => format!(
            "did you mean {near}? It is no resource: update it through the body of the resource \
             before it"
        ),
        None => did_you_mean(name, resources())
            .unwrap_or_else(|| format!("`{owner}` has no property that a path could go on with")),
    };
    (format!("`{owner}` has no property `{name}`"), help)
}

fn container_target(schema: &Schema<'_>, child: &ContainerChild<'_>) -> Target {
    let annotations: Vec<&Annotation<'_>> = child.annotations.iter().collect();
    Target {
        kind: match child.kind {
            ContainerChildKind::Singleton => TargetKind::Singleton,
            _ => TargetKind::Entity,
        },
        ty: child.ty,
        is_collection: child.kind == ContainerChildKind::EntitySet,
        contained: true,
        restrictions: Restrictions::of(
            schema,
            &child.name.text,
            &annotations,
            Some((child.ty, true)),
        ),
    }
}

fn navigation_target(
    schema: &Schema<'_>,
    source: TypeId,
    property: &NavigationProperty<'_>,
) -> Target {
    let name = &property.name.text;
    let annotations: Vec<&Annotation<'_>> = schema
        .property_annotations(source, name, &property.annotations)
        .collect();
    let contained = property.contains_target;
    let ty = (property.target, contained);
    Target {
        kind: TargetKind::Navigation,
        ty: property.target,
        is_collection: property.is_collection,
        contained,
        restrictions: Restrictions::of(schema, name, &annotations, Some(ty)),
    }
}

/// A type that a segment names with its namespace.
fn derived_type(schema: &Schema<'_>, text: &str) -> Option<TypeId> {
    text.contains('.')
        .then(|| schema.find(&schema.unaliased(text)))
        .flatten()
}

fn cast(
    schema: &Schema<'_>,
    before: &ResourcePath,
    name: &str,
    ty: TypeId,
) -> Result<ResourcePath, Wrong> {
    let declared = before.target.ty;
    if !schema.is_a(ty, declared) {
        return Err((
            format!("`{name}` does not derive from `{}`", schema[declared]),
            derivation_help(schema, declared, name),
        ));
    }
    Ok(before.then(
        Segment::of(name, SegmentKind::Cast),
        Target {
            ty,
            restrictions: Restrictions {
                derived: Vec::new(),
                ..before.target.restrictions.clone()
            },
            ..before.target.clone()
        },
    ))
}

/// The types that a `DerivedTypeConstraint` names, by qualified name or alias of Graph's.
fn derived_types<'n>(
    schema: &'n Schema<'_>,
    names: &'n [String],
) -> impl Iterator<Item = TypeId> + 'n {
    names
        .iter()
        .filter_map(|name| schema.find(&schema.unaliased(name)))
}

/// What derives from a type, nearest to what was written.
pub fn derivation_help(schema: &Schema<'_>, base: TypeId, written: &str) -> String {
    let names: Vec<String> = schema
        .descendants(base)
        .into_iter()
        .map(|ty| schema[ty].qualified_name())
        .collect();
    did_you_mean(written, names.iter().map(String::as_str))
        .unwrap_or_else(|| format!("no type derives from `{}`", schema[base]))
}

/// A key as a segment of its own: a placeholder, or the key itself.
fn key(schema: &Schema<'_>, before: &ResourcePath, text: &str) -> ResourcePath {
    let parameters = placeholders(text)
        .into_iter()
        .map(|name| PathParameter {
            name: name.to_owned(),
            ty: key_type(schema, before.target.ty),
        })
        .collect();
    before.then(
        Segment {
            text: text.to_owned(),
            kind: SegmentKind::Key,
            parameters,
        },
        before.target.item(),
    )
}

fn names_function(schema: &Schema<'_>, name: &str) -> bool {
    let name = schema.unaliased(name);
    name.contains('.')
        && schema.operations().iter().any(|operation| {
            operation.is_composable
                && name
                    .strip_prefix(operation.namespace.as_ref())
                    .is_some_and(|rest| rest.get(1..) == Some(operation.name.text.as_ref()))
        })
}

/// The composable function, bound to what a path leads to, that a segment calls: `range(address='A1')`
/// or `microsoft.graph.range(address='{address}')`; its parentheses may be left out where it takes
/// no argument.
fn bound_function<'s, 'a>(
    schema: &'s Schema<'a>,
    (at, is_collection): (TypeId, bool),
    parts: &SegmentParts<'_>,
) -> Option<&'s Operation<'a>> {
    let name = schema.unaliased(parts.name);
    // `None` is the value of an argument without a name, which fits no parameter.
    let given = || {
        parts
            .arguments
            .iter()
            .flatten()
            .map(|argument| argument.name)
    };
    schema.operations().iter().find(|operation| {
        let is_named = || {
            let namespace = name.strip_suffix(operation.name.text.as_ref());
            namespace.is_some_and(|namespace| {
                namespace.is_empty() || namespace.strip_suffix('.') == Some(&operation.namespace)
            })
        };
        let binds = || {
            operation.parameters.first().is_some_and(|(_, ty)| {
                ty.is_collection == is_collection
                    && matches!(ty.item, ItemType::Declared(ty) if schema.is_a(at, ty))
            })
        };
        operation.is_bound
            && operation.is_composable
            && is_named()
            && binds()
            && operation
                .parameters
                .iter()
                .skip(1)
                .map(|(name, _)| Some(name.text.as_ref()))
                .eq(given())
    })
}

fn function(
    schema: &Schema<'_>,
    before: &ResourcePath,
    text: &str,
    operation: &Operation<'_>,
) -> Result<ResourcePath, Wrong> {
    let result = operation.return_type.and_then(|ty| match ty.item {
        ItemType::Declared(id) if schema.structured(id).is_some() => Some((id, ty.is_collection)),
        _ => None,
    });
    let Some((ty, is_collection)) = result else {
        return Err((
            format!("`{text}` gives back no resource"),
            "a path goes on only behind an entity".to_owned(),
        ));
    };
    let parts = SegmentParts::parse(text).map_err(|reason| form::malformed(text, reason))?;
    let parameters = parts
        .arguments
        .iter()
        .flatten()
        .zip(operation.parameters.iter().skip(1))
        .flat_map(|(argument, (_, ty))| {
            let ty = match ty.item {
                ItemType::Primitive(primitive) => primitive,
                ItemType::Declared(_) => Primitive::String,
            };
            placeholders(argument.literal)
                .into_iter()
                .map(move |name| PathParameter {
                    name: name.to_owned(),
                    ty,
                })
        })
        .collect();
    Ok(before.then(
        Segment {
            text: text.to_owned(),
            kind: SegmentKind::Function,
            parameters,
        },
        Target {
            kind: TargetKind::Function,
            ty,
            is_collection,
            contained: true,
            restrictions: Restrictions::of(schema, &operation.name.text, &[], Some((ty, true))),
        },
    ))
}

/// What a segment of a path stands for in the model.
#[derive(Clone, Copy, Debug)]
pub enum Step<'s, 'a> {
    /// An entity set or singleton.
    Child(&'s ContainerChild<'a>),
    /// A key of its own.
    Key,
    /// A navigation property: as seen from this type, and the type that declares it.
    Navigation(TypeId, TypeId, &'s NavigationProperty<'a>),
    /// A complex property as seen from this type.
    Complex(TypeId, &'s Property<'a>),
    /// A derived type.
    Cast(TypeId),
    /// A composable function.
    Function(&'s Operation<'a>),
}

/// What the segments of a walked path stand for, each in turn.
pub fn steps<'s, 'a>(schema: &'s Schema<'a>, path: &ResourcePath) -> Vec<Step<'s, 'a>> {
    let mut steps = Vec::with_capacity(path.segments.len());
    // The type that the path has come to, and whether it is a collection.
    let mut at: Option<(TypeId, bool)> = None;
    for segment in &path.segments {
        // The text of a key need not parse.
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
