//! Bound actions and functions (OData URL Conventions 4.01 §4.5). The emulator does not evaluate them.
//! The result of a function that returns entities is a position, such as `range(address='A1')` in the
//! paths of Graph's workbooks; its name with arguments is the name of the position.

use msgraph_csdl::document::OperationKind;
use msgraph_csdl::model::{ItemType, Operation, Primitive, TypeId, TypeReference};
use serde_json::{Map, Value};

use crate::model::Model;
use crate::model::key::normalized;
use crate::model::primitive::{is_key_text, key_value};
use crate::path::segment::Segment;

/// An action or function that a segment invokes.
#[derive(Clone, Debug)]
pub(crate) struct InvokedOperation {
    /// The operation's index in the schema.
    pub(crate) index: usize,
    /// The name with the namespace.
    pub(crate) qualified_name: String,
    pub(crate) is_action: bool,
    /// The arguments of a function in the path. Those of an action are in the body.
    pub(crate) arguments: Map<String, Value>,
    /// The number of steps that lead to the binding parameter.
    pub(crate) binding_steps: usize,
}

/// A match of a segment with an operation.
pub(super) struct Match {
    pub(super) invoked: InvokedOperation,
    /// Name and arguments, the same for all spellings of the segment.
    pub(super) name: String,
    /// The type of the returned entities, and whether they are a collection. `None` for actions and
    /// for functions that return something else.
    pub(super) entities: Option<(TypeId, bool)>,
}

/// The operation that a segment invokes on an entity or a collection of entities, if any.
pub(super) fn find_bound(
    model: &Model,
    (ty, is_collection): (TypeId, bool),
    segment: &Segment,
    binding_steps: usize,
) -> Option<Match> {
    let schema = model.schema();
    let name = schema.unaliased(&segment.name);
    let is_named = |operation: &Operation<'_>| {
        let namespace = name.strip_suffix(operation.name.text.as_ref());
        namespace.is_some_and(|namespace| {
            namespace.is_empty() || namespace.strip_suffix('.') == Some(&operation.namespace)
        })
    };
    // An overload for a derived type precedes that of its base type.
    let distance = |operation: &Operation<'_>| {
        let binding = operation.binding()?.ty;
        let ItemType::Declared(to) = binding.item else {
            return None;
        };
        let mut supertypes = schema.supertypes(ty);
        let distance = supertypes.position(|ty| ty == to);
        distance.filter(|_| binding.is_collection == is_collection && is_named(operation))
    };
    find(model, segment, binding_steps, distance)
}

/// The operation that an import invokes at the root, if there is one.
pub(super) fn find_import(model: &Model, segment: &Segment) -> Option<Match> {
    let mut imports = model.schema().imports().iter();
    let import = imports.find(|import| import.name.text == segment.name)?;
    find(model, segment, 0, |operation| {
        let is_imported = !operation.is_bound && operation.qualified_name() == import.operation;
        is_imported.then_some(0)
    })
}

/// The overload with the least distance that has the parameters of the segment.
fn find(
    model: &Model,
    segment: &Segment,
    binding_steps: usize,
    distance: impl Fn(&Operation<'_>) -> Option<usize>,
) -> Option<Match> {
    let operations = model.schema().operations().iter().enumerate();
    let matches = operations.filter_map(|(index, operation)| {
        let distance = distance(operation)?;
        let arguments = arguments(operation, segment)?;
        let found = match_of(model, operation, (index, binding_steps), arguments);
        Some((distance, found))
    });
    let nearest = matches.min_by_key(|(distance, _)| *distance);
    nearest.map(|(_, found)| found)
}

fn match_of(
    model: &Model,
    operation: &Operation<'_>,
    (index, binding_steps): (usize, usize),
    arguments: Vec<Argument>,
) -> Match {
    let is_action = operation.kind == OperationKind::Action;
    let name = operation.name.text.as_ref();
    let literals: Vec<&str> = arguments.iter().map(|(_, text, _)| text.as_str()).collect();
    let entities = operation.return_type.and_then(|result| match result.item {
        ItemType::Declared(ty) if !is_action && !model.schema().key(ty).is_empty() => {
            Some((ty, result.is_collection))
        }
        _ => None,
    });
    Match {
        name: match literals.as_slice() {
            [] => name.to_owned(),
            _ => format!("{name}({})", literals.join(",")),
        },
        entities,
        invoked: InvokedOperation {
            index,
            qualified_name: operation.qualified_name(),
            is_action,
            arguments: arguments
                .into_iter()
                .map(|(name, _, value)| (name, value))
                .collect(),
            binding_steps,
        },
    }
}

/// Name, `name=literal` and value.
type Argument = (String, String, Value);

/// The arguments in the order of the parameters; `None` if they do not match the parameters.
fn arguments(operation: &Operation<'_>, segment: &Segment) -> Option<Vec<Argument>> {
    let given = segment.arguments.as_deref().unwrap_or_default();
    if operation.kind == OperationKind::Action {
        let has_parentheses = segment.arguments.is_some();
        return (!has_parentheses).then(Vec::new);
    }
    let names = || operation.arguments().iter().map(|it| &it.name.text);
    let is_known =
        |given: &Option<String>| names().any(|name| Some(name.as_ref()) == given.as_deref());
    if !given.iter().all(|(name, _)| is_known(name)) {
        return None;
    }
    let mut arguments = Vec::new();
    for parameter in operation.arguments() {
        let name = parameter.name.text.to_string();
        match given
            .iter()
            .find(|(given, _)| given.as_ref() == Some(&name))
        {
            Some((_, text)) => {
                let (literal, value) = literal(parameter.ty, text)?;
                arguments.push((name.clone(), format!("{name}={literal}"), value));
            }
            None if parameter.is_optional() => {}
            None => return None,
        }
    }
    Some(arguments)
}

/// An argument as a URL literal and as JSON; `None` if it is not of the type.
fn literal(ty: TypeReference, text: &str) -> Option<(String, Value)> {
    match ty.item {
        // The name of a parameter alias, whose value is in the query.
        _ if text.starts_with('@') => Some((text.to_owned(), text.into())),
        ItemType::Primitive(Primitive::String) | ItemType::Declared(_) => {
            Some((format!("'{}'", text.replace('\'', "''")), text.into()))
        }
        ItemType::Primitive(primitive) => is_key_text(primitive, text)
            .then(|| (normalized(primitive, text), key_value(primitive, text))),
    }
}
