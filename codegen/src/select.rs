//! Selects what is generated: the operations that the manifest names, and the types that they need.
//!
//! Subtypes of the declared type of a position are selected only if they are named, if the declared type
//! is abstract, or if the whole API is selected. Otherwise a dozen types would become thousands.

mod calls;
mod closure;
mod fields;
mod mismatch;
pub(crate) mod operation;
mod parameters;
mod paths;
mod query;
mod read;
mod replaced;
pub(crate) mod resources;
mod sent;
mod settings;
pub(crate) mod subtree;
mod unions;
mod updates;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::facts::{BUILT_IN_NAME, check_fact_names};
use msgraph_csdl::model::{Primitive, Schema, TypeId, TypeReference};
use msgraph_csdl::path::check_fact_paths;
use msgraph_csdl::source::Span;
use msgraph_csdl::toml_table::Setting;

use crate::ir::Role;
use crate::manifest::SelectionSource;
use crate::read::Input;

pub(crate) use operation::{Name, Response, ResponseValue, SelectedOperation};

use operation::Key;

/// What is generated, ordered by name.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// In order of path, then of kind.
    pub(crate) operations: Vec<SelectedOperation>,
    pub(crate) types: BTreeMap<TypeInRole, SelectedType>,
    /// The positions that accept any of several types: declared type, and accepted types in the same role.
    pub(crate) unions: BTreeMap<TypeInRole, BTreeSet<TypeId>>,
    /// The unions that are read: [`SelectedType::is_read`] for positions.
    pub(crate) read_unions: BTreeSet<TypeInRole>,
    /// Warnings about likely mistakes in the manifest.
    pub(crate) likely_mistakes: Diagnostics,
}

/// A type in one of its roles. Only entity types have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeInRole {
    pub(crate) ty: TypeId,
    pub(crate) role: Role,
}

impl TypeInRole {
    pub(crate) fn plain(ty: TypeId) -> Self {
        TypeInRole {
            ty,
            role: Role::Plain,
        }
    }

    /// The type as the body of an update.
    pub(crate) fn body(schema: &Schema<'_>, ty: TypeId) -> Self {
        Self::of_entity(schema, ty, Role::Patch)
    }

    /// The type as the body of a request that creates.
    pub(crate) fn new(schema: &Schema<'_>, ty: TypeId) -> Self {
        Self::of_entity(schema, ty, Role::New)
    }

    /// In this role if it is an entity type. A complex type is always plain.
    fn of_entity(schema: &Schema<'_>, ty: TypeId, role: Role) -> Self {
        TypeInRole {
            ty,
            role: if schema.is_entity(ty) {
                role
            } else {
                Role::Plain
            },
        }
    }
}

/// The parameters of an action, without the binding parameter.
#[derive(Debug)]
pub(crate) struct SelectedParameters {
    /// The qualified name of the action.
    pub(crate) action: String,
    /// `Core.Description` of the action.
    pub(crate) description: Option<String>,
    /// In order of declaration.
    pub(crate) parameters: Vec<SelectedParameter>,
}

/// A parameter as a field.
#[derive(Debug)]
pub(crate) struct SelectedParameter {
    pub(crate) field: SelectedField,
    pub(crate) ty: TypeReference,
    /// `Core.Description`.
    pub(crate) description: Option<String>,
}

/// The accepted types of a body or another structured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Body {
    /// Only this type.
    Type(TypeInRole),
    /// The types in [`Selection::unions`] for this declared type.
    AnyOf(TypeInRole),
}

impl Body {
    /// What the service returns for it.
    fn plain(self) -> Self {
        match self {
            Body::Type(ty) => Body::Type(TypeInRole::plain(ty.ty)),
            Body::AnyOf(declared) => Body::AnyOf(TypeInRole::plain(declared.ty)),
        }
    }
}

/// A type that is generated. All fields but the first two are for structured types.
#[derive(Debug)]
pub(crate) struct SelectedType {
    pub(crate) reason: Reason,
    /// A Rust name from the manifest.
    pub(crate) name: Option<Setting>,
    /// Fields of supertypes first.
    pub(crate) fields: Vec<SelectedField>,
    pub(crate) omitted: Vec<OmittedProperty>,
    /// Whether references and nested deltas have no field, because no request sends a value of it.
    pub(crate) has_values_only: bool,
    /// Whether a request may send a value of it.
    pub(crate) is_sent: bool,
    /// Whether a POST may send a value of it, so immutable properties are sent, too.
    pub(crate) is_posted: bool,
    /// Whether a value of it may be read, from a response or from a file.
    pub(crate) is_read: bool,
    /// Whether values write `@odata.type` in every position.
    pub(crate) always_named: bool,
    /// Whether the service replaces a value as a whole.
    pub(crate) replaces: bool,
    /// The navigation properties without a field, if the type is open and read. They are not dynamic properties.
    pub(crate) navigation: Vec<String>,
    /// The properties that no update sends, if the service replaces values of this type, or values that contain it.
    pub(crate) not_sent: Vec<String>,
}

impl SelectedType {
    /// Whether the struct has a field. The names of fields do not depend on it.
    pub(crate) fn has(&self, field: &SelectedField) -> bool {
        field.is_value() || !self.has_values_only
    }

    /// Whether a property has a field, or is known to be omitted.
    fn mentions(&self, property: &str) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| field.property == property && self.has(field))
            || self.omitted.iter().any(|it| it.property == property)
    }
}

/// Why a type is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The manifest names it.
    Named,
    /// It is the body of the update at this path.
    Body(String),
    /// It is the body of the request that creates an entity at this path.
    Create(String),
    /// It is read from the response at this path.
    Response(String),
    /// It is the type of this property of this type.
    Property(TypeId, String),
    /// It is the type of a parameter of an action: the action's qualified name, and the parameter's name.
    Parameter(String, String),
    /// It derives from the declared type of a position that accepts any subtype.
    Derived(TypeId),
}

/// A property with a field.
#[derive(Debug)]
pub(crate) struct SelectedField {
    /// The property's name.
    pub(crate) property: String,
    pub(crate) content: Content,
    pub(crate) nullable: bool,
    pub(crate) is_key: bool,
    /// Why updates omit it, if they do.
    pub(crate) omission: Option<OmissionReason>,
    /// Whether the service replaces the value as a whole.
    pub(crate) replaces: bool,
}

impl SelectedField {
    /// Whether only a POST sends it.
    pub(crate) fn is_immutable(&self) -> bool {
        self.omission == Some(OmissionReason::Immutable)
    }

    /// Whether requests send it. Only POST (`by_post`) sends immutable properties.
    pub(crate) fn is_sent(&self, by_post: bool) -> bool {
        self.omission.is_none() || (by_post && self.is_immutable())
    }

    /// Whether it is the value of the property, not a reference to it or changes to it.
    fn is_value(&self) -> bool {
        !matches!(self.content, Content::Reference(_) | Content::Delta(_))
    }
}

/// The value of a field; `true` for a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Primitive(Primitive, bool),
    Enumeration(TypeId, bool),
    Structured(Body, bool),
    /// Changes to single items of a collection of entities (`…@delta`).
    Delta(Body),
    /// A reference to an entity (`…@odata.bind`).
    Reference(bool),
}

impl Content {
    /// The structured values in it.
    pub(crate) fn body(self) -> Option<Body> {
        match self {
            Content::Structured(body, _) | Content::Delta(body) => Some(body),
            Content::Primitive(..) | Content::Enumeration(..) | Content::Reference(_) => None,
        }
    }
}

/// A property without a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OmittedProperty {
    pub(crate) property: String,
    pub(crate) reason: OmissionReason,
}

/// Why an update does not send a property. No other request does either, unless it is [`Immutable`](Self::Immutable).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OmissionReason {
    Computed,
    Immutable,
    ReadOnly,
    Key,
    Stream,
    /// `send = false` in the manifest or the facts.
    Configured,
}

impl OmissionReason {
    pub(crate) fn text(self) -> &'static str {
        match self {
            OmissionReason::Computed => "computed by the service",
            OmissionReason::Immutable => "set on creation only",
            OmissionReason::ReadOnly => "read-only",
            OmissionReason::Key => "the key, which is in the path",
            OmissionReason::Stream => "a stream, which has its own URL",
            OmissionReason::Configured => "omitted by the manifest or the facts",
        }
    }
}

/// Walks the paths of the manifest and collects the types that the operations need.
pub(crate) fn select(input: &Input<'_>, diagnostics: &mut Diagnostics) -> Selection {
    let manifest = &input.manifest;
    let mut selector = Selector {
        input,
        diagnostics,
        configured: configured_properties(input),
        is_whole_api: manifest.paths().any(|entry| entry.subtree() == Some("")),
        named: BTreeSet::new(),
        queue: VecDeque::new(),
        operations: BTreeMap::new(),
        renaming: BTreeSet::new(),
        selection: Selection::default(),
    };
    selector.check_settings();
    let is_own = |span: Span| input.sources.name(span.file) != BUILT_IN_NAME;
    let mistakes = &mut selector.selection.likely_mistakes;
    check_fact_paths(&input.schema, &input.facts, is_own, mistakes);
    check_fact_names(&input.schema, &input.facts, is_own, mistakes);
    for ty in &manifest.structs {
        selector.attributed(&ty.text, |selector| {
            let id = selector.named_type(&ty.text, ty.span);
            selector.named.extend(id);
        });
    }
    for id in selector.named.clone() {
        selector.need(TypeInRole::body(&input.schema, id), Reason::Named);
    }
    for entry in &manifest.updates {
        selector.attributed(&entry.at.path.text, |selector| selector.update(entry));
    }
    for entry in &manifest.resources {
        selector.attributed(&entry.at.path.text, |selector| selector.resource(entry));
    }
    for entry in &manifest.calls {
        selector.attributed(&entry.at.path.text, |selector| selector.call(entry));
    }
    selector.need_responses();
    selector.close();
    selector.mark_sent();
    selector.mark_read();
    let mut operations: Vec<SelectedOperation> = selector.operations.into_values().collect();
    operations.sort_by_cached_key(|it| (it.template(), it.kind, it.subject));
    Selection {
        operations,
        ..selector.selection
    }
}

struct Selector<'s, 'a, 'd> {
    input: &'s Input<'a>,
    diagnostics: &'d mut Diagnostics,
    /// The names of the properties that the manifest or the facts configure: few, so most lookups end here.
    configured: BTreeSet<&'s str>,
    is_whole_api: bool,
    /// The types that the manifest names.
    named: BTreeSet<TypeId>,
    /// Selected types whose properties have not been followed yet.
    queue: VecDeque<TypeInRole>,
    operations: BTreeMap<Key, SelectedOperation>,
    /// The locations of names for operations that have another one. Each is reported once.
    renaming: BTreeSet<u32>,
    selection: Selection,
}

impl<'s, 'a> Selector<'s, 'a, '_> {
    fn schema(&self) -> &'s Schema<'a> {
        &self.input.schema
    }

    /// Selects an entry, and attributes its errors to what it names.
    fn attributed(&mut self, entry: &str, select: impl FnOnce(&mut Self)) {
        let before = self.diagnostics.len();
        select(self);
        self.diagnostics.attribute(before, entry);
    }

    /// Whether a caller asks about paths and types. A key in a path is then an example of any key, and a type may be an
    /// enumeration.
    fn is_query(&self) -> bool {
        matches!(self.input.selection_source, SelectionSource::Only { .. })
    }

    fn is_abstract(&self, ty: TypeId) -> bool {
        let ty = self.schema().structured(ty);
        ty.is_some_and(|ty| ty.is_abstract)
    }

    /// Warns about a likely mistake in the manifest.
    fn warn(&mut self, span: Span, message: String, help: impl Into<String>) {
        let warning = Diagnostic::warning(span, message).help(help);
        self.selection.likely_mistakes.push(warning);
    }

    fn error(&mut self, span: Span, message: String, help: impl Into<String>) {
        let error = Diagnostic::error(span, message).help(help);
        self.diagnostics.push(error);
    }
}

fn configured_properties<'s>(input: &'s Input<'_>) -> BTreeSet<&'s str> {
    let paths = input.manifest.properties.keys();
    let paths = paths.chain(input.facts.properties.keys());
    let types = input.facts.types.values();
    let marked = types.flat_map(|facts| facts.read_only.iter().chain(&facts.create_only));
    paths
        .filter_map(|path| Some(path.rsplit_once('/')?.1))
        .chain(marked.map(String::as_str))
        .collect()
}
