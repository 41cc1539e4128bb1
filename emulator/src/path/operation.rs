//! Bound actions and functions (OData URL Conventions 4.01 §4.5). The emulator does not evaluate them.
//! The result of a function that returns entities is a position, such as `range(address='A1')` in the
//! paths of Graph's workbooks; its name with arguments is the name of the position.

use msgraph_csdl::document::OperationKind;
use msgraph_csdl::model::{ItemType, Literal, Operation, Primitive, TypeId, TypeReference};
use serde_json::{Map, Value};

use crate::model::Model;
use crate::model::key::normalized;
use crate::model::primitive::{is_key_text, key_value};
use crate::path::segment::Segment;

/// An action or function that a segment invokes.
#[derive(Clone, Debug)]
pub(crate) struct InvokedOperation<'m> {
    pub(crate) operation: &'m Operation<'m>,
    /// The arguments of a function in the path. Those of an action are in the body.
    pub(crate) arguments: Map<String, Value>,
    /// The number of steps that lead to the binding parameter.
    pub(crate) binding_steps: usize,
}

impl InvokedOperation<'_> {
    pub(crate) fn is_action(&self) -> bool {
        self.operation.kind == OperationKind::Action
    }

    /// The names of the arguments in the path, with the forms of their literals.
    pub(super) fn literals(&self) -> impl Iterator<Item = (&str, Literal)> {
        let parameters = self.operation.arguments().iter();
        let given = parameters.filter(|it| self.arguments.contains_key(it.name.text.as_ref()));
        given.map(|parameter| {
            let literal = match parameter.ty.item {
                ItemType::Primitive(primitive) => primitive.literal(),
                // A member of an enumeration.
                ItemType::Declared(_) => Literal::Quoted,
            };
            (parameter.name.text.as_ref(), literal)
        })
    }
}

/// A match of a segment with an operation.
pub(super) struct Match<'m> {
    pub(super) invoked: InvokedOperation<'m>,
    /// Name and arguments, the same for all spellings of the segment.
    pub(super) name: String,
    /// The type of the returned entities, and whether they are a collection. `None` for actions and
    /// for functions that return something else.
    pub(super) entities: Option<(TypeId, bool)>,
}

/// The operation that a segment invokes on an entity or a collection of entities, if any. An overload for
/// a derived type precedes that of its base type.
pub(super) fn find_bound<'m>(
    model: &'m Model,
    (ty, is_collection): (TypeId, bool),
    segment: &Segment,
    binding_steps: usize,
) -> Option<Match<'m>> {
    let schema = model.schema();
    let name = schema.unaliased(&segment.name);
    let is_named = |operation: &&Operation<'_>| {
        let namespace = name.strip_suffix(operation.name.text.as_ref());
        namespace.is_some_and(|namespace| {
            namespace.is_empty() || namespace.strip_suffix('.') == Some(&operation.namespace)
        })
    };
    let mut overloads = schema.bound_operations(ty, is_collection).filter(is_named);
    overloads.find_map(|operation| match_of(model, operation, segment, binding_steps))
}

/// The operation that an import invokes at the root, if there is one.
pub(super) fn find_import<'m>(model: &'m Model, segment: &Segment) -> Option<Match<'m>> {
    let schema = model.schema();
    let mut imports = schema.imports().iter();
    let import = imports.find(|import| import.name.text == segment.name)?;
    let is_imported = |operation: &&Operation<'_>| {
        !operation.is_bound && operation.qualified_name() == import.operation
    };
    let mut overloads = schema.operations().iter().filter(is_imported);
    overloads.find_map(|operation| match_of(model, operation, segment, 0))
}

/// The match of a segment with the name of an operation; `None` if it does not have its parameters.
fn match_of<'m>(
    model: &Model,
    operation: &'m Operation<'m>,
    segment: &Segment,
    binding_steps: usize,
) -> Option<Match<'m>> {
    let arguments = arguments(operation, segment)?;
    let name = operation.name.text.as_ref();
    let literals: Vec<&str> = arguments.iter().map(|(_, text, _)| text.as_str()).collect();
    let name = match literals.as_slice() {
        [] => name.to_owned(),
        _ => format!("{name}({})", literals.join(",")),
    };
    let invoked = InvokedOperation {
        operation,
        arguments: arguments
            .into_iter()
            .map(|(name, _, value)| (name, value))
            .collect(),
        binding_steps,
    };
    let entities = operation.return_type.and_then(|result| match result.item {
        ItemType::Declared(ty) if !invoked.is_action() && !model.schema().key(ty).is_empty() => {
            Some((ty, result.is_collection))
        }
        _ => None,
    });
    Some(Match {
        invoked,
        name,
        entities,
    })
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
