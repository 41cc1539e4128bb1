//! Selects what is generated: the updates that the manifest names, and the types that their bodies need.
//!
//! Subtypes of the declared type of a position are selected only if they are named, if the declared type
//! is abstract, or if the whole API is selected. Otherwise a dozen types would become thousands.

mod closure;
mod entries;
mod fields;
mod replaced;
mod sent;
mod settings;
pub(crate) mod subtree;
mod unions;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::document::StructuredKind;
use msgraph_csdl::model::{Primitive, Schema, TypeId};
use msgraph_csdl::path::ResourcePath;
use msgraph_csdl::source::Span;
use msgraph_csdl::toml_table::Setting;

use crate::ir::Role;
use crate::manifest::SelectionSource;
use crate::read::Input;

use subtree::subtree;

/// What is generated, ordered by name.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// In order of path, then of body type.
    pub(crate) updates: Vec<SelectedUpdate>,
    pub(crate) types: BTreeMap<TypeInRole, SelectedType>,
    /// The positions that accept any of several types: declared type, and accepted types in the same role.
    pub(crate) unions: BTreeMap<TypeInRole, BTreeSet<TypeId>>,
    /// Warnings about keys in paths of the manifest.
    pub(crate) likely_typos: Diagnostics,
}

#[derive(Debug)]
pub(crate) struct SelectedUpdate {
    pub(crate) path: ResourcePath,
    pub(crate) body: Body,
    /// What the response is read as, if the manifest asks for reading.
    pub(crate) response: Option<Body>,
    /// A Rust name from the manifest.
    pub(crate) name: Option<Setting>,
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
        let structured = schema.structured(ty);
        let is_entity = structured.is_some_and(|ty| ty.kind == StructuredKind::Entity);
        TypeInRole {
            ty,
            role: if is_entity { Role::Patch } else { Role::Plain },
        }
    }
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
    /// Whether a request may send a value of it.
    pub(crate) is_sent: bool,
    /// Whether values write `@odata.type` in every position.
    pub(crate) always_named: bool,
    /// Whether the service replaces a value as a whole.
    pub(crate) replaces: bool,
    /// The properties that no update sends, if the service replaces values of this type, or values that contain it.
    pub(crate) not_sent: Vec<String>,
}

/// Why a type is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The manifest names it.
    Named,
    /// It is the body of the update at this path.
    Body(String),
    /// It is read from the response of the update at this path.
    Response(String),
    /// It is the type of this property of this type.
    Property(TypeId, String),
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
    /// Why no request sends it, if none does.
    pub(crate) read_only: Option<OmissionReason>,
    /// Whether the service replaces the value as a whole.
    pub(crate) replaces: bool,
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

/// A property without a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OmittedProperty {
    pub(crate) property: String,
    pub(crate) reason: OmissionReason,
}

/// Why no request sends a property.
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

/// Walks the paths of the manifest and collects the types that the bodies need.
pub(crate) fn select(input: &Input<'_>, diagnostics: &mut Diagnostics) -> Selection {
    let manifest = &input.manifest;
    let mut selector = Selector {
        input,
        diagnostics,
        configured: configured_properties(input),
        is_whole_api: manifest
            .updates
            .iter()
            .any(|update| subtree(update) == Some("")),
        named: BTreeSet::new(),
        queue: VecDeque::new(),
        updates: BTreeMap::new(),
        selection: Selection::default(),
    };
    selector.check_settings();
    for ty in &manifest.structs {
        let before = selector.diagnostics.len();
        if let Some(id) = selector.named_type(&ty.text, ty.span) {
            selector.named.insert(id);
        }
        selector.diagnostics.attribute(before, &ty.text);
    }
    for id in selector.named.clone() {
        selector.need(TypeInRole::body(&input.schema, id), Reason::Named);
    }
    for update in &manifest.updates {
        let before = selector.diagnostics.len();
        selector.entry(update);
        selector.diagnostics.attribute(before, &update.path.text);
    }
    if manifest.read {
        selector.responses();
    }
    selector.close();
    selector.mark_sent();
    Selection {
        updates: selector.updates.into_values().collect(),
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
    /// By path and body.
    updates: BTreeMap<(String, Body), SelectedUpdate>,
    selection: Selection,
}

impl<'s, 'a> Selector<'s, 'a, '_> {
    fn schema(&self) -> &'s Schema<'a> {
        &self.input.schema
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

    fn error(&mut self, span: Span, message: String, help: impl Into<String>) {
        let error = Diagnostic::error(span, message).help(help);
        self.diagnostics.push(error);
    }
}

fn configured_properties<'s>(input: &'s Input<'_>) -> BTreeSet<&'s str> {
    let paths = input.manifest.properties.keys();
    let paths = paths.chain(input.facts.properties.keys());
    let read_only = input.facts.types.values();
    let read_only = read_only.flat_map(|facts| &facts.read_only);
    paths
        .filter_map(|path| Some(path.rsplit_once('/')?.1))
        .chain(read_only.map(String::as_str))
        .collect()
}
