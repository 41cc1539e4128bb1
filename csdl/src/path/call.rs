//! Calls of actions and functions: a path whose last segment is an operation.

use super::form::{self, Wrong};
use super::steps::{example, is_allowed, is_named};
use super::target::TargetKind;
use super::walk::{WrongSegment, arguments, walk};
use super::{ResourcePath, Segment, SegmentKind};
use crate::diagnostic::did_you_mean;
use crate::document::OperationKind;
use crate::model::{Operation, Parameter, Schema};
use crate::path::segment::{self, SegmentParts};

/// A call of an action or function.
#[derive(Clone, Debug)]
pub struct Call<'s, 'a> {
    /// The resource or collection that the operation is bound to; `None` for an import.
    pub binding: Option<ResourcePath>,
    /// The segment that names the operation, with the arguments of a function.
    pub segment: Segment,
    /// The overload.
    pub operation: &'s Operation<'a>,
}

impl Call<'_, '_> {
    /// The path as a template: `/users/{user-id}/reminderView(StartDateTime='{StartDateTime}')`.
    pub fn template(&self) -> String {
        let mut template = self
            .binding
            .as_ref()
            .map(ResourcePath::template)
            .unwrap_or_default();
        template.push('/');
        template.push_str(&self.segment.text);
        template
    }

    /// The segments of the path, the operation last.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        let binding = self.binding.iter().flat_map(|path| &path.segments);
        binding.chain([&self.segment])
    }

    /// The HTTP method: POST for an action, GET for a function.
    pub fn method(&self) -> &'static str {
        match self.operation.kind {
            OperationKind::Action => "POST",
            OperationKind::Function => "GET",
        }
    }
}

/// Resolves the path of a call as the user wrote it. The operation may be qualified; the arguments
/// of a function may be in any order, and become placeholders if there are no parentheses.
///
/// # Errors
///
/// A segment does not resolve, or the last one is not an operation with these arguments.
pub fn walk_call<'s, 'a>(schema: &'s Schema<'a>, path: &str) -> Result<Call<'s, 'a>, WrongSegment> {
    let last = segment::split(path).last().unwrap_or_default();
    let start = path.len() - last.len();
    let wrong = |(message, help): Wrong| WrongSegment {
        start,
        end: path.len(),
        message,
        help,
    };
    let before = path.get(..start).and_then(|path| path.strip_suffix('/'));
    let Some(before) = before.filter(|_| !last.is_empty()) else {
        let message = format!("`{path}` is not the path of an action or function");
        let help = "a path starts with `/` and ends with the operation: `/users/{id}/name`";
        return Err(wrong((message, help.to_owned())));
    };
    let binding = match before.is_empty() {
        true => None,
        false => Some(walk(schema, before)?),
    };
    let text = segment::encode_slashes(last);
    if let Some(problem) = form::unfit(&text) {
        return Err(wrong(problem));
    }
    let parts =
        SegmentParts::parse(&text).map_err(|reason| wrong(form::malformed(&text, reason)))?;
    let overloads = overloads(schema, binding.as_ref(), parts.name);
    if overloads.is_empty() {
        return Err(wrong(no_operation(schema, binding.as_ref(), parts.name)));
    }
    let (operation, text) = choose(&overloads, &parts, &text).map_err(wrong)?;
    let segment = call_segment(operation, text).map_err(wrong)?;
    Ok(Call {
        binding,
        segment,
        operation,
    })
}

/// All calls that the metadata offers at a resource or collection, ordered by template. A function
/// has placeholders for the parameters that a call may not omit.
pub fn calls<'s, 'a>(schema: &'s Schema<'a>, resource: &ResourcePath) -> Vec<Call<'s, 'a>> {
    let target = &resource.target;
    // A linked resource has its operations at its own path.
    if !target.contained || target.is_linked_item() {
        return Vec::new();
    }
    let mut calls: Vec<Call<'s, 'a>> = bound(schema, resource)
        .filter(|operation| is_allowed(schema, operation, &target.restrictions))
        .filter_map(|operation| {
            let text = with_examples(&url_name(schema, operation), operation);
            Some(Call {
                segment: call_segment(operation, text).ok()?,
                binding: Some(resource.clone()),
                operation,
            })
        })
        .collect();
    // The nearest overload comes first.
    calls.sort_by(|one, other| one.segment.text.cmp(&other.segment.text));
    calls.dedup_by(|one, other| one.segment.text == other.segment.text);
    calls
}

/// Another overload of an operation, with different parameters: bound to the same resource, or
/// unbound if `binding` is `None`.
pub fn other_overload<'s, 'a>(
    schema: &'s Schema<'a>,
    binding: Option<&ResourcePath>,
    operation: &Operation<'_>,
) -> Option<&'s Operation<'a>> {
    let (name, arguments) = (operation.qualified_name(), argument_names(operation));
    let is_other =
        |it: &&Operation<'_>| it.qualified_name() == name && argument_names(it) != arguments;
    match binding {
        Some(binding) => bound(schema, binding).find(is_other),
        None => {
            let mut unbound = schema.operations().iter().filter(|it| !it.is_bound);
            unbound.find(is_other)
        }
    }
}

/// The operation of the items of a collection with the name of an operation of the collection.
pub fn item_operation<'s, 'a>(
    schema: &'s Schema<'a>,
    binding: &ResourcePath,
    operation: &Operation<'_>,
) -> Option<&'s Operation<'a>> {
    let target = &binding.target;
    let mut of_item = schema.bound_operations(target.ty, false);
    let of_item = of_item.find(|it| it.name.text == operation.name.text);
    of_item.filter(|_| target.is_collection)
}

fn argument_names<'o>(operation: &'o Operation<'_>) -> Vec<&'o str> {
    let arguments = operation.arguments().iter();
    let mut names: Vec<&str> = arguments.map(|it| it.name.text.as_ref()).collect();
    names.sort_unstable();
    names
}

/// The name of an operation in URLs: qualified unless it is in the namespace of the service.
fn url_name(schema: &Schema<'_>, operation: &Operation<'_>) -> String {
    let container = schema
        .container_name()
        .and_then(|name| name.rsplit_once('.'));
    match container.is_none_or(|(namespace, _)| namespace == operation.namespace) {
        true => operation.name.text.to_string(),
        false => operation.qualified_name(),
    }
}

/// The operations bound to the target of a path, those of the nearest supertype first.
fn bound<'s, 'a>(
    schema: &'s Schema<'a>,
    resource: &ResourcePath,
) -> impl Iterator<Item = &'s Operation<'a>> {
    let target = &resource.target;
    let is_stream = target.kind == TargetKind::Stream;
    schema
        .bound_operations(target.ty, target.is_collection)
        .filter(move |_| !is_stream)
}

/// The operations with this name that can be called here.
fn overloads<'s, 'a>(
    schema: &'s Schema<'a>,
    binding: Option<&ResourcePath>,
    name: &str,
) -> Vec<&'s Operation<'a>> {
    match binding {
        Some(binding) => {
            let name = schema.unaliased(name);
            let named = bound(schema, binding).filter(|operation| is_named(operation, &name));
            named.collect()
        }
        None => {
            let mut imports = schema.imports().iter();
            let import = imports.find(|import| import.name.text == name);
            let imported = schema.operations().iter().filter(|operation| {
                !operation.is_bound
                    && import.is_some_and(|import| import.operation == operation.qualified_name())
            });
            imported.collect()
        }
    }
}

fn no_operation(schema: &Schema<'_>, binding: Option<&ResourcePath>, name: &str) -> Wrong {
    let (owner, names): (String, Vec<&str>) = match binding {
        Some(binding) => {
            let ty = &schema[binding.target.ty];
            let names = bound(schema, binding).map(|operation| operation.name.text.as_ref());
            let owner = match binding.target.is_collection {
                true => format!("a collection of `{ty}`"),
                false => format!("`{ty}`"),
            };
            (owner, names.collect())
        }
        None => {
            let names = schema.imports().iter().map(|it| it.name.text.as_ref());
            ("the service root".to_owned(), names.collect())
        }
    };
    let simple = name.rsplit('.').next().unwrap_or(name);
    let help =
        did_you_mean(simple, names).unwrap_or_else(|| "it has no actions or functions".to_owned());
    (format!("{owner} has no action or function `{name}`"), help)
}

/// The overload that takes these arguments, and the segment that calls it.
fn choose<'s, 'a>(
    overloads: &[&'s Operation<'a>],
    parts: &SegmentParts<'_>,
    text: &str,
) -> Result<(&'s Operation<'a>, String), Wrong> {
    let name = parts.name;
    let given = parts.arguments.as_deref().unwrap_or_default();
    let is_given = |parameter: &Parameter<'_>| {
        let mut given = given.iter();
        given.any(|argument| argument.name == Some(parameter.name.text.as_ref()))
    };
    let takes = |operation: &Operation<'_>| match operation.kind {
        OperationKind::Action => given.is_empty(),
        OperationKind::Function => {
            let parameters = operation.arguments();
            let known = parameters.iter().filter(|it| is_given(it)).count();
            known == given.len() && parameters.iter().all(|it| it.is_optional() || is_given(it))
        }
    };
    if let Some(operation) = overloads.iter().find(|operation| takes(operation)) {
        let text = match given.is_empty() {
            true => name.to_owned(),
            false => text.to_owned(),
        };
        return Ok((operation, text));
    }
    match overloads {
        [only] if parts.arguments.is_none() => Ok((only, with_examples(name, only))),
        _ => Err(wrong_arguments(overloads, parts)),
    }
}

fn wrong_arguments(overloads: &[&Operation<'_>], parts: &SegmentParts<'_>) -> Wrong {
    let name = parts.name;
    if let [action] = overloads
        && action.kind == OperationKind::Action
    {
        let message = format!("the action `{name}` has arguments in the path");
        let help = format!("write `{name}`: the arguments of an action are in the body");
        return (message, help);
    }
    let calls = overloads
        .iter()
        .map(|operation| format!("`{}`", with_examples(name, operation)));
    let mut calls: Vec<String> = calls.collect();
    calls.sort();
    calls.dedup();
    let message = match parts.arguments {
        Some(_) => format!("the function `{name}` has other arguments"),
        None => format!("the function `{name}` has several overloads"),
    };
    (message, format!("write {}", calls.join(" or ")))
}

/// The segment of a call with placeholders for the parameters that it may not omit.
fn with_examples(name: &str, operation: &Operation<'_>) -> String {
    if operation.kind == OperationKind::Action {
        return name.to_owned();
    }
    let required = operation.arguments().iter().filter(|it| !it.is_optional());
    let arguments: Vec<String> = required.map(example).collect();
    match arguments.is_empty() {
        true => name.to_owned(),
        false => format!("{name}({})", arguments.join(",")),
    }
}

/// Parses the arguments of a call.
fn call_segment(operation: &Operation<'_>, text: String) -> Result<Segment, Wrong> {
    let parts = SegmentParts::parse(&text).map_err(|reason| form::malformed(&text, reason))?;
    for name in parts.argument_names() {
        let mut parameters = operation.arguments().iter();
        if let Some(parameter) = parameters.find(|it| it.name.text == name)
            && parameter.ty.is_collection
        {
            let message = format!("`{name}` of `{}` is a collection", operation.name.text);
            let help =
                "a function is called only with arguments of primitive and enumeration types";
            return Err((message, help.to_owned()));
        }
    }
    let parameters = arguments(operation, &parts)?;
    Ok(Segment {
        kind: match operation.kind {
            OperationKind::Action => SegmentKind::Action,
            OperationKind::Function => SegmentKind::Function,
        },
        parameters,
        names_own_key: false,
        text,
    })
}
