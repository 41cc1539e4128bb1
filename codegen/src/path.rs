//! Resource paths, walked from the entity container segment by segment.

mod correct;
#[cfg(test)]
mod corrections;
mod enumerate;
mod restrictions;

use crate::csdl::{Annotation, ContainerChildKind, Expression};
use crate::diagnostic::{did_you_mean, nearest};
use crate::parse::is_simple_identifier;
use crate::schema::{
    ContainerChild, ItemType, NavigationProperty, Operation, Primitive, Property, Schema, TypeId,
    TypeReference, annotation,
};
use crate::vocabulary;

pub(crate) use correct::corrected;
pub(crate) use enumerate::{Bounds, TooManyPaths, enumerate};
pub(crate) use restrictions::{Restrictions, requires_if_match};

/// A path from the service root to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResourcePath {
    pub(crate) segments: Vec<Segment>,
    pub(crate) target: Target,
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// As it stands in the URL; placeholders in braces.
    pub(crate) text: String,
    pub(crate) kind: SegmentKind,
    /// The placeholders in it, in order.
    pub(crate) parameters: Vec<PathParameter>,
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SegmentKind {
    /// An entity set, singleton, navigation property or complex property.
    Name,
    /// A key behind an entity set or collection.
    Key,
    /// A derived type.
    Cast,
    /// A bound composable function.
    Function,
}

/// A placeholder of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathParameter {
    /// Without braces.
    pub(crate) name: String,
    pub(crate) ty: Primitive,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) kind: TargetKind,
    /// The declared type.
    pub(crate) ty: TypeId,
    pub(crate) is_collection: bool,
    /// Whether the last navigation on the way contains its target.
    pub(crate) contained: bool,
    pub(crate) restrictions: Restrictions,
}

/// What kind of resource a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TargetKind {
    Singleton,
    Entity,
    Navigation,
    Complex,
    Function,
}

impl Target {
    /// Whether an update is on offer where nobody names the path: contained navigation unless it
    /// says no, other navigation and complex properties only where they say yes. Microsoft's
    /// conversion of the metadata to OpenAPI has this rule.
    pub(crate) fn offers_update(&self) -> bool {
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
    pub(crate) fn template(&self) -> String {
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

/// What stands literally in a template, around its placeholders: `/users/` and `/manager` of
/// `/users/{user-id}/manager`. Templates with the same are one, whatever their placeholders are called.
pub fn literals(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(template);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        // What is not closed is no placeholder.
        let literal = text.split_once('{').and_then(|(literal, behind)| {
            let (_, after) = behind.split_once('}')?;
            rest = Some(after);
            Some(literal)
        });
        Some(literal.unwrap_or(text))
    })
}

/// Whether two templates are one, whatever their placeholders are called.
pub fn same_template(one: &str, other: &str) -> bool {
    // Many are held against many, and most of them differ before any placeholder.
    let mut bytes = one.bytes().zip(other.bytes());
    match bytes.find(|(one, other)| one != other || *one == b'{') {
        Some((one, other)) if one != b'{' && other != b'{' => false,
        _ => literals(one).eq(literals(other)),
    }
}

/// Why a path cannot be walked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongSegment {
    /// The segment's place in the path, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// The longest path, in segments; Graph's longest has 17. Each makes a module inside another, and
/// neither the formatter nor rustc takes any depth of those.
const MAX_SEGMENTS: usize = 64;

/// Walks a path as the user wrote it.
pub(crate) fn walk(schema: &Schema<'_>, path: &str) -> Result<ResourcePath, WrongSegment> {
    if path.split('/').count() > MAX_SEGMENTS + 1 {
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
    for text in segments.unwrap_or(path).split('/') {
        let start = offset + usize::from(segments.is_some());
        let wrong = |(message, help): (String, String)| WrongSegment {
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
        if let Some(problem) = unfit(text) {
            return Err(wrong(problem));
        }
        walked = Some(match walked {
            None => first(schema, text).map_err(wrong)?,
            Some(so_far) => next(schema, &so_far, text).map_err(wrong)?,
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

type Wrong = (String, String);

/// What keeps a segment from standing in a URL as it is: a character that is none of RFC 3986's
/// `pchar`, braces that do not enclose a name, or a step in the path.
fn unfit(segment: &str) -> Option<Wrong> {
    let mut literal = String::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.| ".contains(c);
            name.contains(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is_part)
        });
        let Some((_, behind)) = name else {
            return Some((
                format!("`{segment}` has a placeholder without a name"),
                "a placeholder is a name of letters and digits in braces: `{id}`".to_owned(),
            ));
        };
        // Stands for the key.
        literal.push('x');
        rest = behind;
    }
    literal.push_str(rest);
    let is_pchar = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(c);
    if let Some(wrong) = literal.chars().find(|c| !is_pchar(*c)) {
        return Some((
            format!("`{}` cannot stand in a URL", wrong.escape_debug()),
            "write a key percent-encoded, or as a placeholder: `{id}`".to_owned(),
        ));
    }
    let steps = literal.to_ascii_lowercase().replace("%2e", ".");
    matches!(steps.as_str(), "." | "..").then(|| {
        (
            format!("`{segment}` is a step in the path, not a key"),
            "write the path of the resource itself".to_owned(),
        )
    })
}

fn first(schema: &Schema<'_>, text: &str) -> Result<ResourcePath, Wrong> {
    let (name, arguments) = parenthesised(text);
    let Some(child) = schema.container_child(name) else {
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
        segments: vec![name_segment(name)],
        target: container_target(schema, child),
    };
    match arguments {
        Some(arguments) => keyed(schema, path, name, arguments),
        None => Ok(path),
    }
}

fn next(schema: &Schema<'_>, before: &ResourcePath, text: &str) -> Result<ResourcePath, Wrong> {
    let target = &before.target;
    let (name, arguments) = parenthesised(text);
    if let Some(ty) = derived_type(schema, name) {
        if arguments.is_none() {
            return cast(schema, before, text, ty);
        }
    } else if target.is_collection && arguments.is_none() && !names_function(schema, name) {
        return Ok(key(schema, before, text));
    }
    if !target.is_collection {
        if let Some((_, property)) = schema.navigation_property(target.ty, name) {
            let path = before.then(
                name_segment(name),
                navigation_target(schema, target.ty, property),
            );
            return match arguments {
                Some(arguments) => keyed(schema, path, name, arguments),
                None => Ok(path),
            };
        }
        if let (Some(property), None) = (schema.property(target.ty, name), arguments) {
            let ItemType::Declared(ty) = property.ty.item else {
                return Err((
                    format!("`{name}` is a primitive property, not a resource"),
                    "update it through the body of the resource before it".to_owned(),
                ));
            };
            let annotations: Vec<&Annotation<'_>> = schema
                .property_annotations(target.ty, name, &property.annotations)
                .collect();
            return Ok(before.then(
                name_segment(name),
                Target {
                    kind: TargetKind::Complex,
                    ty,
                    is_collection: property.ty.is_collection,
                    contained: true,
                    restrictions: Restrictions::of(schema, name, &annotations, None),
                },
            ));
        }
    }
    if let Some(operation) = bound_function(schema, (target.ty, target.is_collection), text) {
        return function(schema, before, text, operation);
    }
    let owner = &schema[target.ty];
    let mut names: Vec<String> = schema
        .navigation_properties(target.ty)
        .iter()
        .map(|(_, property)| property.name.text.to_string())
        .collect();
    let mut primitives = Vec::new();
    for (_, property) in schema.properties(target.ty) {
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
    Err((format!("`{owner}` has no property `{name}`"), help))
}

/// `name(arguments)` taken apart.
fn parenthesised(text: &str) -> (&str, Option<&str>) {
    match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((name, arguments)) => (name, Some(arguments)),
        None => (text, None),
    }
}

fn name_segment(name: &str) -> Segment {
    Segment {
        text: name.to_owned(),
        kind: SegmentKind::Name,
        parameters: Vec::new(),
    }
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
    text: &str,
    ty: TypeId,
) -> Result<ResourcePath, Wrong> {
    let declared = before.target.ty;
    if !schema.is_a(ty, declared) {
        return Err((
            format!("`{text}` does not derive from `{}`", schema[declared]),
            derivation_help(schema, declared, text),
        ));
    }
    Ok(before.then(
        Segment {
            text: text.to_owned(),
            kind: SegmentKind::Cast,
            parameters: Vec::new(),
        },
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
pub(crate) fn derivation_help(schema: &Schema<'_>, base: TypeId, written: &str) -> String {
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

/// The names in braces.
fn placeholders(text: &str) -> Vec<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// The type of a simple key; what is composite or unknown is given as text.
fn key_type(schema: &Schema<'_>, ty: TypeId) -> Primitive {
    match schema.key(ty) {
        [only] => property_primitive(schema, ty, &only.text),
        _ => Primitive::String,
    }
}

fn property_primitive(schema: &Schema<'_>, ty: TypeId, name: &str) -> Primitive {
    match schema.property(ty, name).map(|property| property.ty.item) {
        Some(ItemType::Primitive(primitive)) => primitive,
        _ => Primitive::String,
    }
}

/// A key in parentheses: `('x')`, `(id='{id}')`, or an alternate key.
fn keyed(
    schema: &Schema<'_>,
    path: ResourcePath,
    name: &str,
    arguments: &str,
) -> Result<ResourcePath, Wrong> {
    let ResourcePath {
        mut segments,
        target,
    } = path;
    if !target.is_collection {
        return Err((
            format!("`{name}` leads to one resource and takes no key"),
            format!("write `{name}` alone"),
        ));
    }
    let keys = keys(schema, target.ty);
    let mut given = Vec::new();
    let mut parameters = Vec::new();
    for argument in arguments.split(',') {
        let (alias, value) = match argument.split_once('=') {
            Some((alias, value)) => (Some(alias.trim()), value),
            None => (None, argument),
        };
        let part = |alias: &str| keys.iter().flatten().find(|(_, known)| *known == alias);
        let property = match alias.map(|alias| part(alias).ok_or(alias)) {
            None => None,
            Some(Ok((property, _))) => Some(property),
            Some(Err(alias)) => {
                let names = keys.iter().flatten().map(|(_, alias)| *alias);
                let help =
                    did_you_mean(alias, names).unwrap_or_else(|| "the type has no key".to_owned());
                return Err((
                    format!(
                        "`{alias}` is neither key nor alternate key of `{}`",
                        schema[target.ty]
                    ),
                    help,
                ));
            }
        };
        given.push(alias);
        let ty = match property {
            Some(property) => property_primitive(schema, target.ty, property),
            None => key_type(schema, target.ty),
        };
        parameters.extend(placeholders(value).into_iter().map(|name| PathParameter {
            name: name.to_owned(),
            ty,
        }));
    }
    if !is_whole_key(&keys, &given) {
        let mut notations = keys.iter().map(|key| {
            let parts = key.iter().map(|(_, alias)| format!("{alias}={{{alias}}}"));
            format!("`{name}({})`", parts.collect::<Vec<_>>().join(","))
        });
        let first = notations.next().unwrap_or_else(|| "no key".to_owned());
        return Err((
            format!("`({arguments})` is no key of `{}`", schema[target.ty]),
            notations.fold(format!("there is {first}"), |all, next| {
                format!("{all}, {next}")
            }) + "; quotes stand where a part is a text",
        ));
    }
    if let Some(last) = segments.last_mut() {
        *last = Segment {
            text: format!("{name}({arguments})"),
            kind: SegmentKind::Name,
            parameters,
        };
    }
    Ok(ResourcePath {
        segments,
        target: target.item(),
    })
}

/// The properties of the alternate keys of a type, key by key, with the alias of each.
pub(crate) fn alternate_keys<'s>(
    schema: &'s Schema<'_>,
    ty: TypeId,
) -> Vec<Vec<(&'s str, &'s str)>> {
    schema
        .lineage(ty)
        .filter_map(|ty| annotation(&schema[ty].annotations, vocabulary::ALTERNATE_KEYS))
        .flat_map(Expression::items)
        .filter_map(|key| key.property("Key"))
        .filter_map(|key| {
            let parts: Option<Vec<_>> = key
                .items()
                .iter()
                .map(|part| {
                    let name = part.property("Name")?.as_str()?;
                    let alias = part.property("Alias").and_then(Expression::as_str);
                    let alias = alias.unwrap_or(name);
                    // It goes into URLs and names; one that is no identifier is passed over, like
                    // one of a property that does not exist.
                    let is_sound =
                        is_simple_identifier(alias) && schema.property(ty, name).is_some();
                    is_sound.then_some((name, alias))
                })
                .collect();
            parts.filter(|parts| !parts.is_empty())
        })
        .collect()
}

/// The key of a type and its alternate keys, as [`alternate_keys`] gives them.
fn keys<'s>(schema: &'s Schema<'_>, ty: TypeId) -> Vec<Vec<(&'s str, &'s str)>> {
    let own = schema.key(ty).iter();
    let own: Vec<_> = own
        .map(|name| (name.text.as_ref(), name.text.as_ref()))
        .collect();
    let own = (!own.is_empty()).then_some(own);
    own.into_iter().chain(alternate_keys(schema, ty)).collect()
}

/// Whether the arguments of a key, by name or without, are those of one key, each once. A value
/// without a name is the whole key, if that has one part (OData URL conventions 4.01, 4.3).
fn is_whole_key(keys: &[Vec<(&str, &str)>], given: &[Option<&str>]) -> bool {
    if let [None] = given {
        return keys.first().is_none_or(|key| key.len() == 1);
    }
    keys.iter().any(|key| {
        key.len() == given.len() && key.iter().all(|(_, alias)| given.contains(&Some(*alias)))
    })
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
    text: &str,
) -> Option<&'s Operation<'a>> {
    let (name, arguments) = parenthesised(text);
    let name = schema.unaliased(name);
    let given: Vec<&str> = arguments
        .unwrap_or_default()
        .split(',')
        .filter(|argument| !argument.trim().is_empty())
        .map(|argument| argument.split('=').next().unwrap_or(argument).trim())
        .collect();
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
                .map(|(name, _)| name.text.as_ref())
                .eq(given.iter().copied())
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
    let (_, arguments) = parenthesised(text);
    let parameters = arguments
        .unwrap_or_default()
        .split(',')
        .zip(operation.parameters.iter().skip(1))
        .flat_map(|(argument, (_, ty))| {
            let ty = match ty.item {
                ItemType::Primitive(primitive) => primitive,
                ItemType::Declared(_) => Primitive::String,
            };
            placeholders(argument)
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
pub(crate) enum Step<'s, 'a> {
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
pub(crate) fn steps<'s, 'a>(schema: &'s Schema<'a>, path: &ResourcePath) -> Vec<Step<'s, 'a>> {
    let mut steps = Vec::with_capacity(path.segments.len());
    // The type that the path has come to, and whether it is a collection.
    let mut at: Option<(TypeId, bool)> = None;
    for segment in &path.segments {
        let text = segment.text.as_str();
        let (name, arguments) = parenthesised(text);
        let step = match (at, segment.kind) {
            (None, _) => schema.container_child(name).map(Step::Child),
            (_, SegmentKind::Key) => Some(Step::Key),
            (_, SegmentKind::Cast) => derived_type(schema, text).map(Step::Cast),
            (Some(at), SegmentKind::Function) => {
                bound_function(schema, at, text).map(Step::Function)
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
        let is_open = arguments.is_none();
        at = step.and_then(|step| match step {
            Step::Child(child) => {
                let is_set = child.kind == ContainerChildKind::EntitySet;
                Some((child.ty, is_set && is_open))
            }
            Step::Key => at.map(|(ty, _)| (ty, false)),
            Step::Cast(ty) => at.map(|(_, is_collection)| (ty, is_collection)),
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

/// `{mailFolder-id}`, named after the type like Microsoft's OpenAPI; numbered where a type stands on
/// the path more than once.
fn placeholder(schema: &Schema<'_>, path: &ResourcePath) -> String {
    let ty = &schema[path.target.ty];
    let name = format!("{}-id", ty.name.text);
    let taken = |candidate: &str| {
        path.segments
            .iter()
            .flat_map(|segment| &segment.parameters)
            .any(|parameter| parameter.name == candidate)
    };
    let mut candidate = name.clone();
    let mut number = 1;
    while taken(&candidate) {
        candidate = format!("{name}{number}");
        number += 1;
    }
    format!("{{{candidate}}}")
}

/// The path with a placeholder for each key and each argument that stands in it as a value, but for
/// the keys that `is_known` of the set's path and the key.
pub(crate) fn with_placeholders(
    schema: &Schema<'_>,
    path: &ResourcePath,
    is_known: &dyn Fn(&str, &str) -> bool,
) -> ResourcePath {
    let mut so_far: Option<ResourcePath> = None;
    for segment in &path.segments {
        let is_value = segment.parameters.is_empty();
        let text = match segment.kind {
            SegmentKind::Name | SegmentKind::Function if is_value => named_values(&segment.text),
            _ => segment.text.clone(),
        };
        let then = match so_far {
            None => first(schema, &text),
            Some(before)
                if segment.kind == SegmentKind::Key
                    && is_value
                    && !is_known(&before.template(), &text) =>
            {
                Ok(key(schema, &before, &placeholder(schema, &before)))
            }
            Some(before) => next(schema, &before, &text),
        };
        // What cannot be said otherwise stays as it was written.
        match then {
            Ok(then) => so_far = Some(then),
            Err(_) => return path.clone(),
        }
    }
    so_far.unwrap_or_else(|| path.clone())
}

/// `name(address='A1')` with placeholders for the values, `name(address='{address}')`. A key that
/// stands without its name is an `id`.
fn named_values(segment: &str) -> String {
    let (name, Some(arguments)) = parenthesised(segment) else {
        return segment.to_owned();
    };
    if arguments.is_empty() {
        return segment.to_owned();
    }
    let arguments: Vec<String> = arguments
        .split(',')
        .map(|argument| {
            let (alias, value) = match argument.split_once('=') {
                Some((alias, value)) => (Some(alias.trim()), value),
                None => (None, argument),
            };
            let quote = if value.starts_with('\'') { "'" } else { "" };
            let value = format!("{quote}{{{}}}{quote}", alias.unwrap_or("id"));
            match alias {
                Some(alias) => format!("{alias}={value}"),
                None => value,
            }
        })
        .collect();
    format!("{name}({})", arguments.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sources, read_schema};

    #[test]
    fn templates_are_one_whatever_their_placeholders_are_called() {
        for (one, other, same) in [
            ("/users/{id}", "/users/{user-id}", true),
            ("/a(b='{c}')/d", "/a(b='{e}')/d", true),
            ("/a(b='{c}')/d", "/a(e='{c}')/d", false),
            ("/users/{id}", "/users/", false),
            ("/users/{id}", "/users/id", false),
            ("/users/{id}/x", "/users/{id}", false),
            ("/users/{id", "/users/{id", true),
            ("/users/{id", "/users/{ie", false),
            ("/users/{id", "/users/{id}", false),
            ("/users/{id}", "/users/x", false),
            ("/users/x", "/groups/x", false),
            ("/users", "/users/x", false),
            ("/users/x", "/users/x", true),
        ] {
            assert_eq!(same_template(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn a_key_in_parentheses_is_whole_and_has_the_type_of_its_property() {
        const SHELF: &str = r#"
            <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
            <Schema Namespace="lib" xmlns="http://docs.oasis-open.org/odata/ns/edm">
              <EntityType Name="page">
                <Key><PropertyRef Name="book" /><PropertyRef Name="number" /></Key>
                <Property Name="book" Type="Edm.String" Nullable="false" />
                <Property Name="number" Type="Edm.Int32" Nullable="false" />
                <Property Name="barcode" Type="Edm.Int64" />
                <Annotation Term="Org.OData.Core.V1.AlternateKeys"><Collection><Record><PropertyValue Property="Key"><Collection>
                  <Record><PropertyValue Property="Alias" String="code" /><PropertyValue Property="Name" PropertyPath="barcode" /></Record>
                </Collection></PropertyValue></Record></Collection></Annotation>
              </EntityType>
              <EntityContainer Name="Service"><EntitySet Name="pages" EntityType="lib.page" /></EntityContainer>
            </Schema></edmx:DataServices></edmx:Edmx>"#;
        let mut sources = Sources::new();
        let id = sources.add("shelf.csdl", SHELF.trim());
        let schema = read_schema(&sources, &[id]).unwrap();
        let types = |path: &str| -> Vec<Primitive> {
            let path = walk(&schema, path).unwrap();
            let parameters = path.segments.iter().flat_map(|segment| &segment.parameters);
            parameters.map(|parameter| parameter.ty).collect()
        };
        assert_eq!(types("/pages(code={code})"), [Primitive::Int64]);
        assert_eq!(
            types("/pages(book='{book}',number={number})"),
            [Primitive::String, Primitive::Int32]
        );
        for (path, message) in [
            (
                "/pages(book='{book}')",
                "`(book='{book}')` is no key of `lib.page`",
            ),
            ("/pages('{id}')", "`('{id}')` is no key of `lib.page`"),
            (
                "/pages(book='a',book='b')",
                "`(book='a',book='b')` is no key of `lib.page`",
            ),
            (
                "/pages(book='a',number=1,code=2)",
                "`(book='a',number=1,code=2)` is no key of `lib.page`",
            ),
            (
                "/pages(barcode=1)",
                "`barcode` is neither key nor alternate key of `lib.page`",
            ),
        ] {
            let wrong = walk(&schema, path).unwrap_err();
            assert_eq!(wrong.message, message);
        }
        assert_eq!(
            walk(&schema, "/pages('{id}')").unwrap_err().help,
            "there is `pages(book={book},number={number})`, `pages(code={code})`; quotes stand where a \
             part is a text"
        );
        // What is near may be no resource, which is better than names of resources that are not near.
        let help = walk(&schema, "/pages(code=1)/barcod").unwrap_err().help;
        assert!(
            help.starts_with("did you mean `barcode`? It is no resource"),
            "{help}"
        );
    }
}
