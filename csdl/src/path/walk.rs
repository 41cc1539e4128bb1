//! Resolves a path as a user wrote it, segment by segment.

use super::form::{self, Wrong};
use super::keys::{key_type, keyed, primitive};
use super::literals;
use super::restrictions::Restrictions;
use super::steps::{bound_function, derived_type, wrong_arguments};
use super::target::{
    Target, TargetKind, complex_target, container_target, navigation_target, stream_target,
};
use super::{PathParameter, ResourcePath, Segment, SegmentKind};
use crate::diagnostic::{did_you_mean, nearest};
use crate::model::{ItemType, Operation, Primitive, Schema, TypeId};
use crate::path::segment::{self, SegmentParts};
use crate::path::template::placeholders;

/// Maximum number of segments in a path; Graph's longest has 17. Each becomes a nested module, and
/// the formatter and rustc support only a limited depth.
pub(super) const MAX_SEGMENTS: usize = 64;

/// Why a path does not resolve.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongSegment {
    /// The start of the segment in the path, in bytes.
    pub start: usize,
    /// The end of the segment in the path, in bytes.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

/// Resolves a path as the user wrote it.
pub fn walk(schema: &Schema<'_>, path: &str) -> Result<ResourcePath, WrongSegment> {
    if segment::split(path).count() > MAX_SEGMENTS + 1 {
        return Err(WrongSegment {
            start: 0,
            end: path.len(),
            message: format!("the path has more than {MAX_SEGMENTS} segments"),
            help: "no resource of Graph has such a long path".to_owned(),
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
                "a path starts with `/`, does not end with one, and has no empty segment: \
                 `/users/{id}`"
                    .to_owned(),
            )));
        }
        let url = segment::encode_slashes(text);
        if let Some(problem) = form::unfit(&url) {
            return Err(wrong(problem));
        }
        let then = match walked {
            None => first(schema, &url),
            Some(so_far) => next(schema, &so_far, &url),
        };
        walked =
            Some(then.map_err(|problem| drive_address(path).unwrap_or_else(|| wrong(problem)))?);
        offset += text.len() + 1;
    }
    walked.ok_or_else(|| WrongSegment {
        start: 0,
        end: path.len(),
        message: "the path is empty".to_owned(),
        help: "write it from the service root: `/users/{id}`".to_owned(),
    })
}

/// The first segment that addresses an item of a drive by its path. That is not supported, whatever
/// precedes it.
fn drive_address(path: &str) -> Option<WrongSegment> {
    let mut start = 0;
    segment::split(path).find_map(|text| {
        let end = start + text.len();
        let wrong = form::drive_address(text).map(|(message, help)| WrongSegment {
            start,
            end,
            message,
            help,
        });
        start = end + 1;
        wrong
    })
}

pub(super) fn first(schema: &Schema<'_>, text: &str) -> Result<ResourcePath, Wrong> {
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

pub(super) fn next(
    schema: &Schema<'_>,
    before: &ResourcePath,
    text: &str,
) -> Result<ResourcePath, Wrong> {
    let target = &before.target;
    if target.kind == TargetKind::Stream {
        let message = format!("`{text}` follows a stream property");
        return Err((message, "a path ends with the stream property".to_owned()));
    }
    // Encoded parentheses may be part of a key.
    let may_be_key = target.is_collection && !text.contains('(');
    let parts = match SegmentParts::parse(text) {
        Ok(parts) => parts,
        Err(_) if may_be_key => return checked_key(schema, before, text),
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
            return checked_key(schema, before, text);
        }
    }
    if !target.is_collection
        && let Some(path) = property(schema, before, text, &parts)
    {
        return path;
    }
    match called() {
        Some(operation) => function(schema, before, text, operation),
        None => Err(wrong_arguments(schema, at, &parts)
            .unwrap_or_else(|| no_property(schema, target.ty, name))),
    }
}

/// A navigation or complex property of the current type.
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
        return Some(
            match property.ty.item == ItemType::Primitive(Primitive::Stream) {
                true => Ok(before.then(segment, stream_target(schema, ty, property))),
                false => Err((
                    format!("`{name}` is a primitive property, not a resource"),
                    "update it through the body of the resource before it".to_owned(),
                )),
            },
        );
    };
    let target = complex_target(schema, ty, property, of);
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
            "did you mean {near}? It is not a resource: update it in the body of the resource \
             before it"
        ),
        None => did_you_mean(name, resources())
            .unwrap_or_else(|| format!("a path cannot continue after `{owner}`")),
    };
    (format!("`{owner}` has no property `{name}`"), help)
}

pub(super) fn cast(
    schema: &Schema<'_>,
    before: &ResourcePath,
    name: &str,
    ty: TypeId,
) -> Result<ResourcePath, Wrong> {
    let declared = before.target.ty;
    if !schema.is_subtype_of(ty, declared) {
        return Err((
            format!("`{name}` does not derive from `{}`", schema[declared]),
            derivation_help(schema, declared, name),
        ));
    }
    Ok(before.then(
        Segment::of(name, SegmentKind::Cast),
        Target {
            ty,
            has_stream: schema.has_stream(ty),
            restrictions: Restrictions {
                derived: Vec::new(),
                ..before.target.restrictions.clone()
            },
            ..before.target.clone()
        },
    ))
}

/// Suggests subtypes with names near to the one in the path.
pub fn derivation_help(schema: &Schema<'_>, base: TypeId, written: &str) -> String {
    let names: Vec<String> = schema
        .subtypes(base)
        .into_iter()
        .map(|ty| schema[ty].qualified_name())
        .collect();
    did_you_mean(written, names.iter().map(String::as_str))
        .unwrap_or_else(|| format!("no type derives from `{}`", schema[base]))
}

/// A key segment: a placeholder, or a literal key.
pub(super) fn key(schema: &Schema<'_>, before: &ResourcePath, text: &str) -> ResourcePath {
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
            names_own_key: false,
        },
        before.target.item(),
    )
}

fn checked_key(
    schema: &Schema<'_>,
    before: &ResourcePath,
    text: &str,
) -> Result<ResourcePath, Wrong> {
    literals::check_segment(text, key_type(schema, before.target.ty))?;
    Ok(key(schema, before, text))
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

pub(super) fn function(
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
            format!("`{text}` does not return a resource"),
            "a path can continue only after an entity".to_owned(),
        ));
    };
    let parts = SegmentParts::parse(text).map_err(|reason| form::malformed(text, reason))?;
    let parameters = arguments(operation, &parts)?;
    Ok(before.then(
        Segment {
            text: text.to_owned(),
            kind: SegmentKind::Function,
            parameters,
            names_own_key: false,
        },
        Target {
            kind: TargetKind::Function,
            ty,
            is_collection,
            is_item: false,
            contained: true,
            has_stream: schema.has_stream(ty),
            restrictions: Restrictions::of(schema, &operation.name.text, &[], Some((ty, true))),
        },
    ))
}

/// Checks the arguments of a function, and returns their placeholders.
pub(super) fn arguments(
    operation: &Operation<'_>,
    parts: &SegmentParts<'_>,
) -> Result<Vec<PathParameter>, Wrong> {
    let mut parameters = Vec::new();
    for argument in parts.arguments.iter().flatten() {
        let mut declared = operation.arguments().iter();
        let declared =
            declared.find(|parameter| argument.name == Some(parameter.name.text.as_ref()));
        let ty = declared.map(|parameter| parameter.ty);
        let ty = ty.and_then(|ty| primitive(ty.item).filter(|_| !ty.is_collection));
        if let Some(ty) = ty.filter(|_| argument.literal != "null") {
            literals::check(parts, argument, ty)?;
        }
        let names = placeholders(argument.literal).into_iter();
        parameters.extend(names.map(|name| PathParameter {
            name: name.to_owned(),
            ty: ty.unwrap_or(Primitive::String),
        }));
    }
    Ok(parameters)
}
