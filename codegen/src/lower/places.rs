//! Where functions are, and what they are called.

use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{self, ResourcePath, Segment, SegmentKind};

use super::Lowering;
use super::identifier::{keyword_free, snake, snake_part};
use super::keys::local_name;
use crate::ir::OperationKind;
use crate::select::{Body, Name, SelectedOperation};

/// The modules of a function, each with its URL, and its wanted name.
pub(super) struct Place {
    pub(super) modules: Vec<(String, Option<String>)>,
    pub(super) function: String,
}

impl Lowering<'_, '_> {
    pub(super) fn place(&self, operation: &SelectedOperation) -> Place {
        let verb = verb(operation.kind);
        if let Some(Name::Function(name)) = &operation.name {
            let name = snake(&name.text);
            return Place {
                modules: Vec::new(),
                function: match verb {
                    Some(verb) => format!("{verb}_{name}"),
                    None => keyword_free(name),
                },
            };
        }
        let (modules, suffix) = match &operation.name {
            Some(Name::Module(name)) => {
                let module = keyword_free(snake(&name.text));
                let url = operation.path.as_ref().map(ResourcePath::template);
                (vec![(module, url)], None)
            }
            _ => self.modules(operation),
        };
        Place {
            modules,
            function: match (verb, suffix) {
                (Some(verb), Some(suffix)) => format!("{verb}_{suffix}"),
                (Some(verb), None) => verb.to_owned(),
                (None, _) => self.call_name(operation),
            },
        }
    }

    /// The modules that mirror the URL of a resource, and what follows the verb in the name of a function.
    fn modules(
        &self,
        operation: &SelectedOperation,
    ) -> (Vec<(String, Option<String>)>, Option<String>) {
        let segments = operation.path.iter().flat_map(|path| &path.segments);
        let mut segments = segments.peekable();
        let mut modules = Vec::new();
        let mut url = String::new();
        let mut suffix = None;
        while let Some(segment) = segments.next() {
            url.push('/');
            url.push_str(&segment.text);
            let is_last = segments.peek().is_none() && operation.call.is_none();
            let (module, of_segment) = names(segment, is_last);
            suffix = of_segment.filter(|_| is_last);
            modules.extend(module.map(|name| (name, Some(url.clone()))));
        }
        let of_type = || match operation.subject? {
            Body::Type(id) if Some(id.ty) != operation.declared() => {
                Some(snake_part(&self.input.schema[id.ty].name.text))
            }
            _ => None,
        };
        (modules, suffix.or_else(of_type))
    }

    /// `delta`, or `delta_by_token` if the metadata has overloads with other parameters. A key in parentheses before it
    /// comes first, as in the names of other functions: `restore_by_app_id`. The same operation of the items of a
    /// collection is in the same module, so that of the collection is `apply_hold_on_collection`. The names of other
    /// functions are taken, so an action `delete` is `call_delete`. None of this depends on what else is selected.
    fn call_name(&self, operation: &SelectedOperation) -> String {
        let Some(call) = &operation.call else {
            return String::new();
        };
        let parts = SegmentParts::parse(&call.segment.text).ok();
        let mut name = snake(local_name(&call.segment, parts.as_ref()));
        if is_verb(&name) {
            name.insert_str(0, "call_");
        }
        let binding = operation
            .path
            .as_ref()
            .and_then(|path| path.segments.last());
        let binding = binding.filter(|segment| segment.kind != SegmentKind::Key);
        let by_key = binding.and_then(|segment| names(segment, true).1);
        let by_arguments = by(parts.as_ref()).filter(|_| self.has_overloads(operation));
        let on_collection = self.is_bound_to_items_too(operation);
        let on_collection = on_collection.then(|| "on_collection".to_owned());
        let suffixes = on_collection.into_iter().chain(by_key).chain(by_arguments);
        let suffixes: Vec<String> = suffixes.collect();
        match suffixes.is_empty() {
            true => keyword_free(name),
            false => format!("{name}_{}", suffixes.join("_")),
        }
    }

    /// Whether the operation of a collection has the name of an operation of its items.
    pub(super) fn is_bound_to_items_too(&self, selected: &SelectedOperation) -> bool {
        let (Some(called), Some(path)) = (self.called(selected), &selected.path) else {
            return false;
        };
        path::item_operation(&self.input.schema, path, called).is_some()
    }

    /// Whether the function of a call has overloads with other parameters.
    fn has_overloads(&self, selected: &SelectedOperation) -> bool {
        let (schema, path) = (&self.input.schema, selected.path.as_ref());
        let called = self.called(selected);
        called.is_some_and(|called| path::other_overload(schema, path, called).is_some())
    }
}

/// The module of a segment, and what it adds to the name of a function at the end of the path.
fn names(segment: &Segment, is_last: bool) -> (Option<String>, Option<String>) {
    let parts = SegmentParts::parse(&segment.text).ok();
    let name = local_name(segment, parts.as_ref());
    let by = by(parts.as_ref());
    match segment.kind {
        SegmentKind::Key if !segment.parameters.is_empty() => (None, None),
        // A literal key at the end is in the name of the function.
        SegmentKind::Key if is_last => (None, Some(snake_part(&segment.text))),
        SegmentKind::Key => (Some(keyword_free(snake(&segment.text))), None),
        SegmentKind::Cast => (Some(format!("as_{}", snake_part(name))), by),
        // Overloads of a function differ in their parameters.
        SegmentKind::Function if by.is_some() => {
            let by = by.map(|by| format!("{}_{by}", snake(name)));
            (by, None)
        }
        SegmentKind::Name | SegmentKind::Function | SegmentKind::Action => {
            (Some(keyword_free(snake(name))), by)
        }
    }
}

/// `by_start_and_end`, after the arguments in parentheses.
fn by(parts: Option<&SegmentParts<'_>>) -> Option<String> {
    let names = parts.into_iter().flat_map(SegmentParts::argument_names);
    let names: Vec<String> = names.map(snake_part).collect();
    (!names.is_empty()).then(|| format!("by_{}", names.join("_and_")))
}

/// Whether an operation on a resource has this name.
fn is_verb(name: &str) -> bool {
    let kinds = OperationKind::OF_RESOURCE.into_iter();
    let mut verbs = kinds.chain([OperationKind::Reset]).filter_map(verb);
    verbs.any(|verb| verb == name)
}

/// How the name of a function begins; that of a call is the name of the action or function.
fn verb(kind: OperationKind) -> Option<&'static str> {
    match kind {
        OperationKind::List => Some("list"),
        OperationKind::Get => Some("get"),
        OperationKind::Create => Some("create"),
        OperationKind::Update => Some("update"),
        OperationKind::Replace => Some("replace"),
        OperationKind::Reset => Some("reset"),
        OperationKind::Delete => Some("delete"),
        OperationKind::AddRef => Some("add_ref"),
        OperationKind::RemoveRef => Some("remove_ref"),
        OperationKind::SetRef => Some("set_ref"),
        OperationKind::GetContent => Some("get_content"),
        OperationKind::PutContent => Some("put_content"),
        OperationKind::Reference => Some("reference"),
        OperationKind::Action | OperationKind::Function => None,
    }
}
