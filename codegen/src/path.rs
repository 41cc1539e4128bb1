//! Resource paths: one that the user wrote, walked from the entity container, and all that stand
//! below a path.

use crate::csdl::{Annotation, ContainerChildKind, Expression, StructuredKind};
use crate::diagnostic::did_you_mean;
use crate::parse::is_simple_identifier;
use crate::schema::{
    ContainerChild, ItemType, NavigationProperty, Operation, Primitive, Schema, TypeId, annotation,
};
use crate::vocabulary;

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
    /// `Updatable` where the metadata says it, on the position or on the type.
    pub(crate) updatable: Option<bool>,
    /// Whether the last navigation on the way contains its target.
    pub(crate) contained: bool,
    /// Whether `UpdateMethod` says PUT.
    pub(crate) put: bool,
    /// Whether `CustomHeaders` requires If-Match.
    pub(crate) if_match: bool,
    /// The derived types that `DerivedTypeConstraint` names, each of which a path may go on with.
    pub(crate) derived: Vec<String>,
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
        match self.kind {
            // PUT replaces a collection of complex values as a whole.
            TargetKind::Complex => {
                self.updatable == Some(true) && (self.put || !self.is_collection)
            }
            _ if self.is_collection => false,
            TargetKind::Singleton | TargetKind::Entity => self.updatable.unwrap_or(true),
            TargetKind::Navigation => self.updatable.unwrap_or(self.contained),
            TargetKind::Function => false,
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

    fn then(&self, segment: Segment, target: Target) -> Self {
        let mut segments = Vec::with_capacity(self.segments.len() + 1);
        segments.extend_from_slice(&self.segments);
        segments.push(segment);
        ResourcePath { segments, target }
    }
}

/// Whether two templates are one, whatever their placeholders are called.
pub(crate) fn same_template(one: &str, other: &str) -> bool {
    let placeholder = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
    one.split('/').count() == other.split('/').count()
        && one
            .split('/')
            .zip(other.split('/'))
            .all(|(one, other)| one == other || (placeholder(one) && placeholder(other)))
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
            let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.|".contains(c);
            !name.is_empty() && name.chars().all(is_part)
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
                    ..restrictions(schema, &annotations, None)
                },
            ));
        }
    }
    if let Some(operation) = bound_function(schema, target, text) {
        return function(schema, before, text, operation);
    }
    let owner = &schema[target.ty];
    let mut names: Vec<String> = schema
        .navigation_properties(target.ty)
        .iter()
        .map(|(_, property)| property.name.text.to_string())
        .collect();
    names.extend(
        schema
            .properties(target.ty)
            .iter()
            .filter(|(_, property)| matches!(property.ty.item, ItemType::Declared(_)))
            .map(|(_, property)| property.name.text.to_string()),
    );
    let help = did_you_mean(name, names.iter().map(String::as_str))
        .unwrap_or_else(|| format!("`{owner}` has no property that a path could go on with"));
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
        ..restrictions(schema, &annotations, Some(child.ty))
    }
}

fn navigation_target(
    schema: &Schema<'_>,
    source: TypeId,
    property: &NavigationProperty<'_>,
) -> Target {
    let annotations: Vec<&Annotation<'_>> = schema
        .property_annotations(source, &property.name.text, &property.annotations)
        .collect();
    Target {
        kind: TargetKind::Navigation,
        ty: property.target,
        is_collection: property.is_collection,
        contained: property.contains_target,
        ..restrictions(schema, &annotations, Some(property.target))
    }
}

/// What `UpdateRestrictions` on a position says, or else on the type there or a base of it. The
/// rest of the target is the caller's to fill in.
fn restrictions(schema: &Schema<'_>, position: &[&Annotation<'_>], ty: Option<TypeId>) -> Target {
    let mut target = Target {
        kind: TargetKind::Navigation,
        ty: TypeId(0),
        is_collection: false,
        updatable: None,
        contained: false,
        put: false,
        if_match: false,
        derived: annotation(
            position.iter().copied(),
            vocabulary::DERIVED_TYPE_CONSTRAINT,
        )
        .map(Expression::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect(),
    };
    let own = annotation(position.iter().copied(), vocabulary::UPDATE_RESTRICTIONS);
    let inherited = ty
        .into_iter()
        .flat_map(|ty| schema.lineage(ty))
        .filter_map(|ty| annotation(&schema[ty].annotations, vocabulary::UPDATE_RESTRICTIONS));
    for restriction in own.into_iter().chain(inherited) {
        target.updatable = target
            .updatable
            .or_else(|| restriction.property("Updatable")?.as_bool());
        target.put |= restriction
            .property("UpdateMethod")
            .is_some_and(|method| method.members().eq(["PUT"]));
        target.if_match |= restriction
            .property("CustomHeaders")
            .map(Expression::items)
            .unwrap_or_default()
            .iter()
            .any(|header| {
                header.property("Name").and_then(Expression::as_str) == Some("If-Match")
                    && header.property("Required").and_then(Expression::as_bool) == Some(true)
            });
    }
    target
}

/// A type that a segment names with its namespace.
fn derived_type(schema: &Schema<'_>, text: &str) -> Option<TypeId> {
    text.contains('.').then(|| schema.find(text)).flatten()
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
            derived: Vec::new(),
            ..before.target.clone()
        },
    ))
}

/// The types that a `DerivedTypeConstraint` names, by qualified name or alias of Graph's.
fn derived_types<'n>(
    schema: &'n Schema<'_>,
    names: &'n [String],
) -> impl Iterator<Item = TypeId> + 'n {
    names.iter().filter_map(|name| schema.find(name))
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
        Target {
            is_collection: false,
            ..before.target.clone()
        },
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
    let mut parameters = Vec::new();
    for argument in arguments.split(',') {
        let (property, value) = match argument.split_once('=') {
            Some((property, value)) => (Some(property.trim()), value),
            None => (None, argument),
        };
        if let Some(property) = property
            && !is_key_property(schema, target.ty, property)
        {
            let names = key_properties(schema, target.ty);
            let help = did_you_mean(property, names.iter().map(String::as_str))
                .unwrap_or_else(|| "the type has no key".to_owned());
            return Err((
                format!(
                    "`{property}` is neither key nor alternate key of `{}`",
                    schema[target.ty]
                ),
                help,
            ));
        }
        let ty = match property {
            Some(property) => property_primitive(schema, target.ty, property),
            None => key_type(schema, target.ty),
        };
        parameters.extend(placeholders(value).into_iter().map(|name| PathParameter {
            name: name.to_owned(),
            ty,
        }));
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
        target: Target {
            is_collection: false,
            ..target
        },
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

fn key_properties(schema: &Schema<'_>, ty: TypeId) -> Vec<String> {
    let key = schema.key(ty).iter().map(|name| name.text.to_string());
    let alternate = alternate_keys(schema, ty)
        .into_iter()
        .flatten()
        .map(|(_, alias)| alias.to_owned());
    key.chain(alternate).collect()
}

fn is_key_property(schema: &Schema<'_>, ty: TypeId, name: &str) -> bool {
    key_properties(schema, ty).iter().any(|key| key == name)
}

fn names_function(schema: &Schema<'_>, name: &str) -> bool {
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
    target: &Target,
    text: &str,
) -> Option<&'s Operation<'a>> {
    let (name, arguments) = parenthesised(text);
    let given: Vec<&str> = arguments
        .unwrap_or_default()
        .split(',')
        .filter(|argument| !argument.trim().is_empty())
        .map(|argument| argument.split('=').next().unwrap_or(argument).trim())
        .collect();
    schema.operations().iter().find(|operation| {
        let qualified = format!("{}.{}", operation.namespace, operation.name.text);
        let binds = operation.parameters.first().is_some_and(|(_, ty)| {
            ty.is_collection == target.is_collection
                && matches!(ty.item, ItemType::Declared(ty) if schema.is_a(target.ty, ty))
        });
        operation.is_bound
            && operation.is_composable
            && binds
            && (name == qualified || name == operation.name.text)
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
            ..restrictions(schema, &[], Some(ty))
        },
    ))
}

/// Where an enumeration of paths ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The most properties that a path may go through behind its entity set or singleton; `None` for
    /// as many as there are.
    pub(crate) navigations: Option<usize>,
    /// The most paths; what has more is not enumerated at all.
    pub(crate) paths: usize,
}

/// There are more paths than [`Bounds::paths`], or longer ones than [`MAX_SEGMENTS`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooManyPaths;

/// All resource paths below `from` (`None`: the service root), `from` included, in order of their
/// templates.
pub(crate) fn enumerate(
    schema: &Schema<'_>,
    from: Option<ResourcePath>,
    bounds: Bounds,
) -> Result<Vec<ResourcePath>, TooManyPaths> {
    let mut enumeration = Enumeration {
        schema,
        bounds,
        found: Vec::new(),
        visited: Vec::new(),
    };
    match from {
        Some(path) => {
            enumeration.visited = navigations(schema, &path);
            enumeration.visit(path)?;
        }
        None => {
            for child in schema.container() {
                enumeration.visit(ResourcePath {
                    segments: vec![name_segment(&child.name.text)],
                    target: container_target(schema, child),
                })?;
            }
        }
    }
    let mut found = enumeration.found;
    found.sort_by_cached_key(ResourcePath::template);
    found.dedup();
    Ok(found)
}

/// The navigation properties that a path has gone through: they are not gone through again.
fn navigations(schema: &Schema<'_>, path: &ResourcePath) -> Vec<(TypeId, String)> {
    let mut seen = Vec::new();
    let mut walked: Option<ResourcePath> = None;
    for segment in &path.segments {
        let step = match &walked {
            None => first(schema, &segment.text),
            Some(before) => {
                let (name, _) = parenthesised(&segment.text);
                if segment.kind == SegmentKind::Name
                    && let Some((declaring, _)) = schema.navigation_property(before.target.ty, name)
                {
                    seen.push((declaring, name.to_owned()));
                }
                next(schema, before, &segment.text)
            }
        };
        walked = step.ok();
    }
    seen
}

struct Enumeration<'s, 'a> {
    schema: &'s Schema<'a>,
    bounds: Bounds,
    found: Vec<ResourcePath>,
    /// Declaring type and name of the navigation properties on the path at hand.
    visited: Vec<(TypeId, String)>,
}

impl Enumeration<'_, '_> {
    fn is_within(&self, path: &ResourcePath) -> bool {
        let names = path
            .segments
            .iter()
            .filter(|segment| segment.kind == SegmentKind::Name);
        self.bounds
            .navigations
            .is_none_or(|most| names.count() <= most + 1)
    }

    /// Takes a path up, and what is below it. Recursion ends with the navigation properties, each of
    /// which stands on a path once, and with the number of paths.
    fn visit(&mut self, path: ResourcePath) -> Result<(), TooManyPaths> {
        if !self.is_within(&path) {
            return Ok(());
        }
        if path.segments.len() > MAX_SEGMENTS {
            return Err(TooManyPaths);
        }
        let target = &path.target;
        if target.is_collection {
            let placeholder = self.placeholder(&path);
            let keyed = key(self.schema, &path, &placeholder);
            if target.kind == TargetKind::Entity {
                self.alternate(&path)?;
            } else if target.contained {
                self.functions(&path)?;
            }
            return self.visit(keyed);
        }
        let source = target.ty;
        let expands = target.contained;
        let is_entity = self
            .schema
            .structured(source)
            .is_some_and(|ty| ty.kind == StructuredKind::Entity);
        self.take(path.clone())?;
        if !is_entity {
            return Ok(());
        }
        for (_, property) in self.schema.properties(source) {
            if let ItemType::Declared(ty) = property.ty.item
                && self.schema.structured(ty).is_some()
                && let Ok(path) = next(self.schema, &path, &property.name.text)
                && self.is_within(&path)
                && path.target.updatable == Some(true)
            {
                self.take(path)?;
            }
        }
        if !expands {
            return Ok(());
        }
        if target.kind == TargetKind::Navigation {
            self.functions(&path)?;
        }
        for (declaring, property) in self.schema.navigation_properties(source) {
            self.navigate(&path, declaring, property)?;
        }
        for derived in derived_types(self.schema, &path.target.derived) {
            let name = self.schema[derived].qualified_name();
            let Ok(path) = cast(self.schema, &path, &name, derived) else {
                continue;
            };
            for (declaring, property) in self.schema.navigation_properties(derived) {
                self.navigate(&path, declaring, property)?;
            }
        }
        Ok(())
    }

    /// The composable functions that bind here, and one level of navigation behind each.
    fn functions(&mut self, before: &ResourcePath) -> Result<(), TooManyPaths> {
        for operation in self.schema.operations() {
            let binds = operation.parameters.first().is_some_and(|(_, ty)| {
                ty.is_collection == before.target.is_collection
                    && ty.item == ItemType::Declared(before.target.ty)
            });
            if !operation.is_bound || !operation.is_composable || !binds {
                continue;
            }
            let arguments: Vec<String> = operation
                .parameters
                .iter()
                .skip(1)
                .map(|(name, ty)| match ty.item {
                    ItemType::Primitive(Primitive::String) => {
                        format!("{name}='{{{name}}}'", name = name.text)
                    }
                    _ => format!("{name}={{{name}}}", name = name.text),
                })
                .collect();
            let text = format!("{}({})", operation.name.text, arguments.join(","));
            let Ok(path) = function(self.schema, before, &text, operation) else {
                continue;
            };
            if path.target.is_collection {
                continue;
            }
            for (declaring, property) in self.schema.navigation_properties(path.target.ty) {
                let step = (declaring, property.name.text.to_string());
                if self.visited.contains(&step) {
                    continue;
                }
                let target = navigation_target(self.schema, path.target.ty, property);
                let path = path.then(name_segment(&property.name.text), target);
                if self.is_within(&path) {
                    self.take(path)?;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, path: ResourcePath) -> Result<(), TooManyPaths> {
        if self.found.len() >= self.bounds.paths {
            return Err(TooManyPaths);
        }
        self.found.push(path);
        Ok(())
    }

    fn navigate(
        &mut self,
        before: &ResourcePath,
        declaring: TypeId,
        property: &NavigationProperty<'_>,
    ) -> Result<(), TooManyPaths> {
        let source = before.target.ty;
        let step = (declaring, property.name.text.to_string());
        if self.visited.contains(&step) {
            return Ok(());
        }
        let annotations: Vec<&Annotation<'_>> = self
            .schema
            .property_annotations(source, &property.name.text, &property.annotations)
            .collect();
        let limits = NavigationLimits::of(&annotations, &property.name.text);
        if limits.is_none {
            return Ok(());
        }
        let target = navigation_target(self.schema, source, property);
        if target.is_collection && !limits.indexable {
            return Ok(());
        }
        let path = before.then(name_segment(&property.name.text), target);
        self.visited.push(step);
        let visited = self.visit(path);
        self.visited.pop();
        visited
    }

    /// The alternate keys of an entity set, each a path of its own.
    fn alternate(&mut self, set: &ResourcePath) -> Result<(), TooManyPaths> {
        for key in alternate_keys(self.schema, set.target.ty) {
            let arguments: Vec<String> = key
                .iter()
                .map(
                    |(name, alias)| match property_primitive(self.schema, set.target.ty, name) {
                        Primitive::String => format!("{alias}='{{{alias}}}'"),
                        _ => format!("{alias}={{{alias}}}"),
                    },
                )
                .collect();
            let Some(name) = set.segments.last().map(|segment| segment.text.clone()) else {
                continue;
            };
            if let Ok(path) = keyed(self.schema, set.clone(), &name, &arguments.join(",")) {
                self.take(path)?;
            }
        }
        Ok(())
    }

    /// `{mailFolder-id}`, named after the type like Microsoft's OpenAPI; numbered where a type
    /// stands on the path more than once.
    fn placeholder(&self, path: &ResourcePath) -> String {
        let ty = &self.schema[path.target.ty];
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
}

/// What `NavigationRestrictions` says of a navigation property (Capabilities vocabulary).
struct NavigationLimits {
    is_none: bool,
    indexable: bool,
}

impl NavigationLimits {
    fn of(annotations: &[&Annotation<'_>], name: &str) -> Self {
        let mut limits = NavigationLimits {
            is_none: false,
            indexable: annotation(annotations.iter().copied(), vocabulary::INDEXABLE_BY_KEY)
                .and_then(Expression::as_bool)
                .unwrap_or(true),
        };
        let Some(restrictions) = annotation(
            annotations.iter().copied(),
            vocabulary::NAVIGATION_RESTRICTIONS,
        ) else {
            return limits;
        };
        limits.read(restrictions);
        let own = restrictions
            .property("RestrictedProperties")
            .map(Expression::items)
            .unwrap_or_default()
            .iter()
            .filter(|restricted| {
                restricted
                    .property("NavigationProperty")
                    .and_then(Expression::as_str)
                    .is_none_or(|path| path == name)
            });
        for restricted in own {
            limits.read(restricted);
        }
        limits
    }

    fn read(&mut self, record: &Expression<'_>) {
        self.is_none |= record
            .property("Navigability")
            .is_some_and(|navigability| navigability.members().any(|member| member == "None"));
        if let Some(indexable) = record
            .property("IndexableByKey")
            .and_then(Expression::as_bool)
        {
            self.indexable = indexable;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write;

    use super::*;
    use crate::{Sources, read_file, read_schema};

    /// Not by `eprintln!`, which the test harness keeps to itself when a test passes.
    fn skipped(test: &str, file: &str) {
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: `{file}` is absent");
    }

    /// Microsoft's conversion of this metadata to OpenAPI has 2,128 updates, 20 of them by PUT. We find
    /// six more; `docs/design.md` says what is known of the difference.
    #[test]
    fn updates_of_the_corrected_metadata_are_microsofts() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/metadata/v1.0-global-clean.csdl"
        );
        let mut sources = Sources::new();
        let Ok(id) = read_file(&mut sources, file) else {
            let test = "path::updates_of_the_corrected_metadata_are_microsofts";
            skipped(test, file);
            return;
        };
        let schema = read_schema(&sources, &[id]).unwrap();
        let bounds = Bounds {
            navigations: None,
            paths: 100_000,
        };
        let all = enumerate(&schema, None, bounds).unwrap();
        let (put, patch): (Vec<_>, Vec<_>) = all
            .iter()
            .filter(|path| path.target.offers_update())
            .partition(|path| path.target.put);
        let mut kinds: BTreeMap<TargetKind, usize> = BTreeMap::new();
        let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
        for path in patch.iter().chain(&put) {
            *kinds.entry(path.target.kind).or_default() += 1;
            *lengths.entry(path.segments.len()).or_default() += 1;
        }
        assert_eq!((patch.len(), put.len()), (2114, 20));
        assert_eq!(
            kinds,
            BTreeMap::from([
                (TargetKind::Singleton, 30),
                (TargetKind::Entity, 46),
                (TargetKind::Navigation, 1970),
                (TargetKind::Complex, 88),
            ])
        );
        // Theirs: 37, 118, 238, 303, 306, 278, 178, 170, and from nine segments on the same as ours.
        let expected = [
            37, 118, 237, 307, 306, 281, 179, 169, 132, 103, 96, 62, 60, 30, 11, 4, 2,
        ];
        assert!(lengths.into_values().eq(expected));
        let templates: std::collections::BTreeSet<String> =
            all.iter().map(ResourcePath::template).collect();
        assert_eq!(templates.len(), all.len(), "each path once");
    }

    /// Where containment goes round, the paths are not enumerated without a bound.
    #[test]
    fn a_bound_ends_the_enumeration() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/metadata/v1.0-global.csdl"
        );
        let mut sources = Sources::new();
        let Ok(id) = read_file(&mut sources, file) else {
            skipped("path::a_bound_ends_the_enumeration", file);
            return;
        };
        let schema = read_schema(&sources, &[id]).unwrap();
        let unbounded = Bounds {
            navigations: None,
            paths: 20_000,
        };
        assert_eq!(enumerate(&schema, None, unbounded), Err(TooManyPaths));
        let bounded = Bounds {
            navigations: Some(2),
            ..unbounded
        };
        let paths = enumerate(&schema, None, bounded).unwrap();
        let names = |path: &ResourcePath| {
            let names = path
                .segments
                .iter()
                .filter(|segment| segment.kind == SegmentKind::Name);
            names.count()
        };
        assert_eq!(paths.iter().map(names).max(), Some(3));
        assert!(paths.len() > 300);
    }
}
