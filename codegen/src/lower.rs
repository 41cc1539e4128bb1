//! [`Selection`] to [`Module`]: every Rust identifier is decided here, once.
//!
//! # Rules
//!
//! * A type is named in upper camel case; that of an entity type ends in `Patch`. A field, module or
//!   function is named in snake case, a variant in upper camel case. A character outside ASCII
//!   becomes `u` and its code, since Rust folds forms that the wire tells apart.
//! * Types of the namespace of the entity container stand in the root, those of another namespace
//!   in a module named after what it has beyond that namespace: `microsoft.graph.security` in
//!   `security`. Update functions stand in modules that mirror the URL.
//! * A name that is a keyword of Rust, or that the output uses itself, ends in `_`.
//! * Where two names of one kind fall together in one place, the one in Graph's own style
//!   (`lowerCamelCase`) keeps it, else the first by code points; the others count on from `2`. The
//!   whole metadata is looked at, not just the selection, so that a name does not depend on what
//!   else is selected. The field of dynamic properties keeps its name in any case.
//! * `graph.toml` may give a type, or an update and its type, another name.

mod cycles;
mod identifier;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::deprecation;
use crate::ir::{
    self, Argument, EnumerationOrigin, Field, FieldOrigin, Function, FunctionOrigin, Limits,
    Module, Origin, RustType, Struct, TypeAnnotation, Union,
};
use crate::manifest::Manifest;
use crate::render::docs::{Docs, code};
use crate::select::{Body, Content, SelectedType, SelectedUpdate, Selection};
use identifier::{
    METHODS, Taken, USED_TYPES, argument_name, distinct, distinct_beside, distinct_in_order, fold,
    is_upper_camel, keyword_free, reserved_type, snake, snake_part, upper_camel,
};
use msgraph_csdl::annotations::{description, revisions};
use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::document::StructuredKind;
use msgraph_csdl::facts::{Facts, NamedTypes};
use msgraph_csdl::model::{Primitive, Schema, TypeId, TypeKind, written_type};
use msgraph_csdl::path::SegmentKind;
use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::text::plain;
use msgraph_csdl::toml_table::Setting;

/// The namespace whose types stand in the root where the metadata has no container.
const GRAPH_NAMESPACE: &str = "microsoft.graph";

/// The sentinel of an evolvable enumeration (Graph best practices, "evolvable enumerations").
pub(crate) const SENTINEL: &str = "unknownFutureValue";

/// What the name of an entity type's struct ends in.
const PATCH: &str = "Patch";

/// The field of dynamic properties of every open type. Code that uses it must not get a declared
/// property instead when Graph adds one of that name, so it never gives way.
const DYNAMIC: &str = "dynamic_properties";

/// What [`lower`] reads.
pub(crate) struct Inputs<'s, 'a> {
    pub(crate) schema: &'s Schema<'a>,
    pub(crate) facts: &'s Facts,
    pub(crate) manifest: &'s Manifest,
    pub(crate) selection: &'s Selection,
    pub(crate) api_version: &'s str,
    /// Whether the items are to have doc comments.
    pub(crate) docs: bool,
}

/// Names everything that is selected.
pub(crate) fn lower(inputs: &Inputs<'_, '_>, diagnostics: &mut Diagnostics) -> Module {
    let mut namer = Namer {
        inputs,
        docs: Docs {
            schema: inputs.schema,
            facts: inputs.facts,
            api_version: inputs.api_version,
            wanted: inputs.docs,
        },
        diagnostics,
        types: TypeNames::default(),
        boxed: boxed(inputs.selection),
        snakes: RefCell::default(),
    };
    namer.types = namer.type_names();
    let mut root = Module::default();
    for (id, selected) in &inputs.selection.types {
        namer.item(&mut root, *id, selected);
    }
    for declared in inputs.selection.unions.keys() {
        namer.union(&mut root, *declared);
    }
    namer.functions(&mut root);
    root
}

/// Module path and name of each type of the output.
#[derive(Default)]
struct TypeNames {
    types: BTreeMap<TypeId, (Vec<String>, String)>,
    unions: BTreeMap<TypeId, (Vec<String>, String)>,
}

struct Namer<'s, 'a, 'd> {
    inputs: &'s Inputs<'s, 'a>,
    docs: Docs<'s, 'a>,
    diagnostics: &'d mut Diagnostics,
    types: TypeNames,
    /// Owner and value type of the single-valued positions that need a `Box`.
    boxed: BTreeSet<(TypeId, TypeId)>,
    /// Names in snake case: inherited properties and segments come by the thousand, a few over and
    /// over.
    snakes: RefCell<HashMap<String, String>>,
}

impl<'s, 'a> Namer<'s, 'a, '_> {
    fn type_names(&mut self) -> TypeNames {
        let schema = self.inputs.schema;
        let given = self.given_names();
        let modules = namespace_modules(schema, &|_| true);
        let rivals = rivals(schema, self.inputs.selection);
        let module = |id: TypeId| {
            modules
                .get(schema[id].namespace.as_ref())
                .cloned()
                .unwrap_or_default()
        };
        let mut names = TypeNames::default();
        let mut taken: BTreeMap<(Vec<String>, String), TypeId> = BTreeMap::new();
        for id in self.inputs.selection.types.keys() {
            let name = match given.get(id) {
                Some(given) => self.suffixed(*id, given),
                None => {
                    let key = (
                        schema[*id].namespace.as_ref(),
                        fold(&natural_name(schema, *id)),
                    );
                    let rivals = rivals.get(&key).map(Vec::as_slice).unwrap_or_default();
                    settled(schema, rivals, *id)
                }
            };
            let place = (module(*id), name);
            if let Some(other) = taken.insert(place.clone(), *id) {
                let span = given
                    .get(id)
                    .or_else(|| given.get(&other))
                    .map(|name| name.span);
                self.diagnostics.push(
                    Diagnostic::error(
                        span,
                        format!(
                            "`{}` and `{}` would both be named `{}`",
                            schema[other], schema[*id], place.1
                        ),
                    )
                    .help("choose another `name` in the manifest"),
                );
            }
            names.types.insert(*id, place);
        }
        for id in self.inputs.selection.unions.keys() {
            // A union is ours and not of the metadata, so it gives way to every type there is.
            let mut name = union_name(schema, *id);
            while USED_TYPES.contains(&name.as_str())
                || taken.contains_key(&(module(*id), name.clone()))
                || rivals
                    .get(&(schema[*id].namespace.as_ref(), fold(&name)))
                    .is_some_and(|rivals| !rivals.is_empty())
            {
                name.push_str("Type");
            }
            taken.insert((module(*id), name.clone()), *id);
            names.unions.insert(*id, (module(*id), name));
        }
        names
    }

    fn snake(&self, name: &str) -> String {
        let mut snakes = self.snakes.borrow_mut();
        if let Some(snake) = snakes.get(name) {
            return snake.clone();
        }
        let snake = snake(name);
        snakes.insert(name.to_owned(), snake.clone());
        snake
    }

    /// The names that the manifest gives to types, directly or with an update.
    fn given_names(&mut self) -> BTreeMap<TypeId, Setting> {
        let of_types = self
            .inputs
            .selection
            .types
            .iter()
            .filter_map(|(id, selected)| Some((*id, selected.name.clone()?)));
        let of_updates = self.inputs.selection.updates.iter().filter_map(|update| {
            match (update.body, &update.name) {
                (Body::Type(id), Some(name)) => Some((id, name.clone())),
                _ => None,
            }
        });
        let mut given: BTreeMap<TypeId, Setting> = BTreeMap::new();
        for (id, name) in of_types.chain(of_updates) {
            if !is_upper_camel(&name.text) {
                self.diagnostics.push(
                    Diagnostic::error(name.span, format!("`{}` cannot name a type", name.text))
                        .help("write it in upper camel case, without the ending `Patch`"),
                );
            }
            if let Some(first) = given.get(&id) {
                if first.text != name.text {
                    self.diagnostics.push(
                        Diagnostic::error(
                            name.span,
                            format!(
                                "`{}` is named `{}` and `{}`",
                                self.inputs.schema[id], first.text, name.text
                            ),
                        )
                        .help("one type has one name; give the updates of it the same")
                        .related(first.span, "the other name"),
                    );
                }
                continue;
            }
            given.insert(id, name);
        }
        given
    }

    fn suffixed(&self, id: TypeId, given: &Setting) -> String {
        if is_entity(self.inputs.schema, id) {
            format!("{}{PATCH}", given.text)
        } else {
            reserved_type(given.text.to_string())
        }
    }

    fn item(&mut self, root: &mut Module, id: TypeId, selected: &SelectedType) {
        let Some((path, name)) = self.types.types.get(&id).cloned() else {
            return;
        };
        match &self.inputs.schema[id].kind {
            TypeKind::Enumeration(_) => {
                let item = self.enumeration(id, name, selected);
                let module = self.type_module(root, id, &path);
                module.runtime.insert("Enumeration");
                module.enumerations.push(item);
            }
            TypeKind::Structured(_) => {
                let mut runtime = BTreeSet::new();
                let item = self.structure(id, &path, name, selected, &mut runtime);
                let module = self.type_module(root, id, &path);
                module.runtime.extend(runtime);
                module.structs.push(item);
            }
            TypeKind::Definition(_) => {}
        }
    }

    /// The module of a type's namespace.
    fn type_module<'m>(&self, root: &'m mut Module, id: TypeId, path: &[String]) -> &'m mut Module {
        let namespace = &self.inputs.schema[id].namespace;
        let mut module = root;
        let mut around = None;
        for (nth, segment) in path.iter().enumerate() {
            module = module.modules.entry(segment.clone()).or_default();
            module.repeats |= around == Some(segment);
            around = Some(segment);
            let docs = if nth + 1 == path.len() {
                format!("Types of `{namespace}`.")
            } else {
                "Types of the namespaces below.".to_owned()
            };
            if !module.docs.contains(&docs) {
                module.docs.push(docs);
            }
        }
        module
    }

    fn enumeration(&self, id: TypeId, name: String, selected: &SelectedType) -> ir::Enumeration {
        let declaration = &self.inputs.schema[id];
        let members: &[_] = match &declaration.kind {
            TypeKind::Enumeration(ty) => &ty.members,
            _ => &[],
        };
        let sentinel = members
            .iter()
            .position(|member| member.name.text == SENTINEL);
        let known: Vec<_> = members
            .iter()
            .filter(|member| member.name.text != SENTINEL)
            .collect();
        let variants = distinct(known.iter().map(|member| {
            let wire = member.name.text.as_ref();
            (wire, keyword_free(upper_camel(wire)))
        }));
        ir::Enumeration {
            docs: self.docs.of_type(id, selected),
            deprecated: self.note(id),
            name,
            type_name: declaration.qualified_name(),
            origin: EnumerationOrigin {
                flags: matches!(&declaration.kind, TypeKind::Enumeration(ty) if ty.is_flags),
                description: description::description(&declaration.annotations).map(str::to_owned),
                announced: self.announced(id),
            },
            evolved_from: sentinel.filter(|at| *at < known.len()),
            members: known
                .iter()
                .zip(variants)
                .map(|(member, name)| ir::Member {
                    docs: self.docs.of_member(member),
                    deprecated: revisions::deprecation(&member.annotations)
                        .and_then(|found| deprecation::note(&found)),
                    name,
                    wire: member.name.text.to_string(),
                    description: description::description(&member.annotations).map(str::to_owned),
                    announced: revisions::deprecation(&member.annotations)
                        .as_ref()
                        .map(deprecation::announced),
                })
                .collect(),
        }
    }

    fn structure(
        &self,
        id: TypeId,
        module: &[String],
        name: String,
        selected: &SelectedType,
        runtime: &mut BTreeSet<&'static str>,
    ) -> Struct {
        let schema = self.inputs.schema;
        let declaration = &schema[id];
        let is_open = schema.structured(id).is_some_and(|ty| ty.is_open);
        runtime.extend(["FieldVisitor", "Structured", "VisitResult"]);
        let wanted: Vec<(String, String)> = selected
            .fields
            .iter()
            .map(|field| {
                let wire = match field.content {
                    Content::Reference(_) => format!("{}@odata.bind", field.property),
                    Content::Delta(_) => format!("{}@delta", field.property),
                    _ => field.property.clone(),
                };
                let ident = match field.content {
                    Content::Reference(_) => format!("{}_bind", self.snake(&field.property)),
                    Content::Delta(_) => format!("{}_delta", self.snake(&field.property)),
                    _ => keyword_free(self.snake(&field.property)),
                };
                (wire, ident)
            })
            .collect();
        let dynamic = is_open.then_some(DYNAMIC);
        let names = distinct_beside(
            dynamic,
            wanted
                .iter()
                .map(|(wire, ident)| (wire.as_str(), ident.clone())),
        );
        let mut fields = Vec::with_capacity(selected.fields.len());
        let mut setters = Taken::default();
        for ((field, (wire, _)), name) in selected.fields.iter().zip(wanted).zip(names) {
            let (ty, converts) = self.field_type(id, module, field, runtime);
            let wanted = if METHODS.contains(&name.as_str()) {
                format!("set_{name}")
            } else {
                name.clone()
            };
            // The fields have different names, so only what begins like this can fall together.
            let setter = if wanted.starts_with("set_") {
                setters.unique(&wanted, |candidate| METHODS.contains(&candidate))
            } else {
                wanted
            };
            fields.push(Field {
                docs: self.docs.of_field(id, field),
                deprecated: deprecation::of_property(schema, id, &field.property)
                    .and_then(|found| deprecation::note(&found)),
                uses_deprecated: match field.content {
                    Content::Enumeration(ty, _)
                    | Content::Structured(Body::Type(ty), _)
                    | Content::Delta(Body::Type(ty)) => self.note(ty).is_some(),
                    _ => false,
                },
                name,
                setter,
                wire,
                ty,
                converts,
                wrapper: match field.content {
                    Content::Delta(_) => Some("Delta"),
                    _ => field.replaces.then_some("Replaced"),
                },
                origin: self.field_origin(id, &field.property),
            });
        }
        runtime.extend(fields.iter().filter_map(|field| field.wrapper));
        if dynamic.is_some() {
            runtime.insert("DynamicProperties");
        }
        if self.inputs.manifest.read {
            runtime.extend(["FieldReader", "Readable"]);
        }
        let unions: Vec<(RustType, bool)> = self
            .inputs
            .selection
            .unions
            .iter()
            .filter(|(_, taken)| taken.contains(&id))
            .filter_map(|(declared, _)| {
                let place = self.types.unions.get(declared)?;
                Some((relative(module, place), *declared == id))
            })
            .collect();
        if !unions.is_empty() {
            runtime.insert("DerivesFrom");
        }
        Struct {
            docs: self.docs.of_type(id, selected),
            deprecated: self.note(id),
            name,
            type_name: declaration.qualified_name(),
            origin: Origin {
                base: schema
                    .structured(id)
                    .and_then(|ty| ty.base)
                    .map(|base| schema[base].qualified_name()),
                description: description::description(&declaration.annotations).map(str::to_owned),
                reason: self.docs.reason(&selected.reason),
                announced: self.announced(id),
            },
            odata_type: selected
                .always_named
                .then(|| format!("#{}", declaration.qualified_name())),
            replaces: selected.replaces,
            not_sent: selected.not_sent.clone(),
            fields,
            left_out: selected
                .omitted
                .iter()
                .map(|left_out| ir::LeftOut {
                    wire: left_out.property.clone(),
                    why: left_out.reason.text(),
                    origin: self.field_origin(id, &left_out.property),
                })
                .collect(),
            dynamic: dynamic.map(str::to_owned),
            unions,
            setters: self.inputs.manifest.setters,
            readable: self.inputs.manifest.read,
        }
    }

    fn field_origin(&self, id: TypeId, name: &str) -> FieldOrigin {
        let schema = self.inputs.schema;
        match schema.declared_property(id, name) {
            Some(declared) => FieldOrigin {
                csdl: written_type(schema, declared.ty),
                declared_by: schema[declared.declaring].qualified_name(),
                description: description::description(declared.annotations).map(str::to_owned),
                limits: self.limits(id, name),
                announced: deprecation::of_property(schema, id, name)
                    .as_ref()
                    .map(deprecation::announced),
            },
            // A field is made of a property, so there is one.
            None => FieldOrigin::default(),
        }
    }

    fn limits(&self, id: TypeId, name: &str) -> Option<Limits> {
        let schema = self.inputs.schema;
        let facts = self.inputs.facts.property(schema, id, name)?;
        Some(Limits {
            text: facts.limits(&plain)?,
            minimum: facts.minimum,
            maximum: facts.maximum,
            between: facts.between.clone(),
            default: facts.default.clone(),
            source: facts.source.clone(),
        })
    }

    /// The type of a field without its `Option`, and whether its setter converts.
    fn field_type(
        &self,
        owner: TypeId,
        module: &[String],
        field: &crate::select::SelectedField,
        runtime: &mut BTreeSet<&'static str>,
    ) -> (RustType, bool) {
        let (item, is_collection, mut converts) = match field.content {
            Content::Primitive(primitive, is_collection) => {
                let (ty, converts) = primitive_type(primitive, runtime);
                (ty, is_collection, converts)
            }
            Content::Enumeration(id, is_collection) => {
                let wrapper = match &self.inputs.schema[id].kind {
                    TypeKind::Enumeration(ty) if ty.is_flags => "Flags",
                    _ => "Open",
                };
                runtime.insert(wrapper);
                let inner = self.type_path(module, id);
                (RustType::generic(wrapper, inner), is_collection, true)
            }
            Content::Structured(Body::Type(id), is_collection) => {
                let inner = self.type_path(module, id);
                if !is_collection && self.boxed.contains(&(owner, id)) {
                    (RustType::generic("Box", inner), false, true)
                } else {
                    (inner, is_collection, false)
                }
            }
            Content::Structured(Body::AnyOf(declared), is_collection) => {
                runtime.insert("AnyOf");
                let inner = self.union_path(module, declared);
                (RustType::generic("AnyOf", inner), is_collection, true)
            }
            Content::Delta(body) => {
                runtime.insert("DeltaItem");
                let inner = match body {
                    Body::Type(id) => self.type_path(module, id),
                    Body::AnyOf(declared) => {
                        runtime.insert("AnyOf");
                        RustType::generic("AnyOf", self.union_path(module, declared))
                    }
                };
                (RustType::generic("DeltaItem", inner), true, true)
            }
            Content::Reference(is_collection) => {
                runtime.insert("Reference");
                (RustType::name("Reference"), is_collection, true)
            }
        };
        let ty = if is_collection {
            converts = true;
            RustType::generic("Vec", item)
        } else if field.nullable {
            converts = true;
            runtime.insert("Nullable");
            RustType::generic("Nullable", item)
        } else {
            item
        };
        (ty, converts)
    }

    fn type_path(&self, from: &[String], id: TypeId) -> RustType {
        match self.types.types.get(&id) {
            Some(place) => relative(from, place),
            None => RustType::Path(Vec::new()),
        }
    }

    fn union_path(&self, from: &[String], declared: TypeId) -> RustType {
        match self.types.unions.get(&declared) {
            Some(place) => relative(from, place),
            None => RustType::Path(Vec::new()),
        }
    }

    /// What `#[deprecated]` says of a type.
    fn note(&self, id: TypeId) -> Option<String> {
        deprecation::note(&deprecation::of_type(self.inputs.schema, id)?)
    }

    /// What is announced of a type's deprecation.
    fn announced(&self, id: TypeId) -> Option<String> {
        let found = deprecation::of_type(self.inputs.schema, id);
        found.as_ref().map(deprecation::announced)
    }

    fn union(&self, root: &mut Module, declared: TypeId) {
        let Some((path, name)) = self.types.unions.get(&declared) else {
            return;
        };
        let schema = self.inputs.schema;
        let taken = self.inputs.selection.unions.get(&declared);
        let reading = self.inputs.manifest.read.then(|| ir::UnionReading {
            uses_deprecated: taken
                .into_iter()
                .flatten()
                .any(|id| self.note(*id).is_some()),
            members: taken
                .into_iter()
                .flatten()
                .map(|id| (schema[*id].qualified_name(), self.type_path(path, *id)))
                .collect(),
            declared: taken
                .filter(|taken| taken.contains(&declared))
                .map(|_| schema[declared].qualified_name()),
        });
        let module = at(root, path);
        if reading.is_some() {
            module.runtime.extend(["Union", "UnionMember"]);
        }
        module.unions.push(Union {
            docs: vec![format!(
                "Any of the types that derive from `{}`.",
                schema[declared]
            )],
            name: name.clone(),
            type_name: schema[declared].qualified_name(),
            accepts: self.accepts(Body::AnyOf(declared)),
            reading,
        });
    }

    fn functions(&self, root: &mut Module) {
        let mut by_module: BTreeMap<Vec<String>, Vec<(&SelectedUpdate, String)>> = BTreeMap::new();
        for update in &self.inputs.selection.updates {
            let (module, name) = self.function_name(update, verb(update));
            let mut at = &mut *root;
            let mut around = None;
            for (name, url) in &module {
                at = at.modules.entry(name.clone()).or_default();
                at.repeats |= around == Some(name);
                around = Some(name);
                if at.docs.iter().all(|docs| !docs.starts_with("Updates ")) {
                    at.docs
                        .insert(0, format!("Updates at and below {}.", code(url)));
                }
            }
            let path = module.into_iter().map(|(name, _)| name).collect();
            by_module.entry(path).or_default().push((update, name));
        }
        for (path, updates) in by_module {
            // Within a module, the order of templates decides who counts on.
            let mut taken = Taken::default();
            let module = at(root, &path);
            module.runtime.insert("Request");
            for (update, wanted) in updates {
                let name = taken.unique(&wanted, |_| false);
                let mut function = self.function(update, name, &mut module.runtime);
                let (place, of_union) = match update.body {
                    Body::Type(id) => (self.types.types.get(&id), false),
                    Body::AnyOf(declared) => (self.types.unions.get(&declared), true),
                };
                if let Some(place) = place {
                    let ty = import(module, &path, place, function.uses_deprecated);
                    function.body = Some(if update.path.target.is_collection {
                        module.runtime.insert("CollectionBody");
                        ir::Body::Collection(if of_union {
                            module.runtime.insert("AnyOf");
                            RustType::generic("AnyOf", ty)
                        } else {
                            ty
                        })
                    } else if of_union {
                        module.runtime.insert("DerivesFrom");
                        ir::Body::AnyOf(ty)
                    } else {
                        ir::Body::Type(ty)
                    });
                }
                module.functions.push(function);
                if self.resets(update) {
                    let (_, wanted) = self.function_name(update, "reset");
                    let name = taken.unique(&wanted, |_| false);
                    module
                        .functions
                        .push(self.reset(update, name, &mut module.runtime));
                }
            }
        }
    }

    /// Modules, each with its URL, and name of the function that does `verb` to what is updated.
    fn function_name(
        &self,
        update: &SelectedUpdate,
        verb: &str,
    ) -> (Vec<(String, String)>, String) {
        if let Some(name) = &update.name {
            return (Vec::new(), format!("{verb}_{}", snake(&name.text)));
        }
        let mut module = Vec::new();
        let mut endings: Vec<String> = Vec::new();
        let mut url = String::new();
        let last = update.path.segments.len().saturating_sub(1);
        for (nth, segment) in update.path.segments.iter().enumerate() {
            url.push('/');
            url.push_str(&segment.text);
            let mut enter = |name: String| module.push((name, url.clone()));
            let parts = SegmentParts::parse(&segment.text).ok();
            let name = parts.as_ref().map_or(&*segment.text, |parts| parts.name);
            let name = name.rsplit('.').next().unwrap_or(name);
            let by = parts.iter().flat_map(SegmentParts::argument_names);
            let by: Vec<String> = by.map(snake_part).collect();
            let by = (!by.is_empty()).then(|| format!("by_{}", by.join("_and_")));
            match segment.kind {
                SegmentKind::Key if !segment.parameters.is_empty() => {}
                SegmentKind::Key if nth == last => endings.push(snake_part(&segment.text)),
                SegmentKind::Key => enter(keyword_free(self.snake(&segment.text))),
                SegmentKind::Cast => {
                    enter(format!("as_{}", snake_part(name)));
                    endings.extend(by.filter(|_| nth == last));
                }
                SegmentKind::Name | SegmentKind::Function => match by {
                    // Overloads of a function differ in their parameters.
                    Some(by) if segment.kind == SegmentKind::Function => {
                        enter(format!("{}_{by}", self.snake(name)));
                    }
                    by => {
                        enter(keyword_free(self.snake(name)));
                        endings.extend(by.filter(|_| nth == last));
                    }
                },
            }
        }
        if endings.is_empty()
            && let Body::Type(ty) = update.body
            && ty != update.path.target.ty
        {
            endings.push(snake_part(&self.inputs.schema[ty].name.text));
        }
        endings.insert(0, verb.to_owned());
        (module, endings.join("_"))
    }

    fn function(
        &self,
        update: &SelectedUpdate,
        name: String,
        runtime: &mut BTreeSet<&'static str>,
    ) -> Function {
        let template = update.path.template();
        let facts = self.inputs.facts.operation(&template);
        let parameters = update
            .path
            .segments
            .iter()
            .flat_map(|segment| &segment.parameters);
        let names = distinct_in_order(
            parameters
                .clone()
                .map(|parameter| argument_name(self.snake(&parameter.name)))
                .map(|name| {
                    if name == "patch" {
                        "patch_".to_owned()
                    } else {
                        name
                    }
                }),
        );
        let arguments = parameters
            .zip(names)
            .map(|(parameter, name)| Argument {
                name,
                ty: match parameter.ty {
                    // A key is spelt by nobody but the service, so the value alone will do.
                    Primitive::Guid => {
                        runtime.insert("Uuid");
                        RustType::name("Uuid")
                    }
                    Primitive::Int16
                    | Primitive::Int32
                    | Primitive::Int64
                    | Primitive::Byte
                    | Primitive::Boolean => primitive_type(parameter.ty, runtime).0,
                    Primitive::Binary
                    | Primitive::Date
                    | Primitive::DateTimeOffset
                    | Primitive::Decimal
                    | Primitive::Double
                    | Primitive::Duration
                    | Primitive::SByte
                    | Primitive::Single
                    | Primitive::Stream
                    | Primitive::String
                    | Primitive::TimeOfDay
                    | Primitive::Untyped => RustType::Str,
                },
            })
            .collect();
        let deprecations = deprecation::of_update(self.inputs.schema, &update.path, update.body);
        Function {
            deprecated: deprecation::first_note(&deprecations),
            uses_deprecated: match update.body {
                Body::Type(ty) => self.note(ty).is_some(),
                Body::AnyOf(_) => false,
            },
            docs: self
                .docs
                .of_function(&update.path, &template, &deprecations),
            name,
            arguments,
            body: None,
            origin: FunctionOrigin {
                declared: self.inputs.schema[update.path.target.ty].qualified_name(),
                accepts: self.accepts(update.body),
                clouds: facts.map(|facts| facts.clouds.clone()).unwrap_or_default(),
                note: facts.and_then(|facts| facts.note.clone()),
                source: facts.map(|facts| facts.source.clone()),
                announced: deprecation::first_announced(&deprecations),
            },
            method: if update.path.target.restrictions.put {
                "put"
            } else {
                "patch"
            },
            api_version: self.inputs.api_version.to_owned(),
            permissions: facts
                .map(|facts| facts.permissions.clone())
                .unwrap_or_default(),
            roles: facts.map(|facts| facts.roles.clone()).unwrap_or_default(),
            if_match: update.path.target.restrictions.if_match,
            types: self.type_annotation(update, &template),
            template,
        }
    }

    fn type_annotation(&self, update: &SelectedUpdate, template: &str) -> TypeAnnotation {
        let target = &update.path.target;
        match self.inputs.facts.named_types(template) {
            NamedTypes::All => return TypeAnnotation::All,
            NamedTypes::Body if !target.is_collection => return TypeAnnotation::Body,
            NamedTypes::Body | NamedTypes::Differing => {}
        }
        // Of a collection, the items compare for themselves.
        if target.is_collection || update.body == Body::Type(target.ty) {
            return TypeAnnotation::Nested;
        }
        TypeAnnotation::Unless(self.inputs.schema[target.ty].qualified_name())
    }

    /// Whether DELETE restores the defaults of what is updated.
    fn resets(&self, update: &SelectedUpdate) -> bool {
        let facts = self.inputs.facts.operation(&update.path.template());
        facts.is_some_and(|facts| facts.reset)
    }

    fn reset(
        &self,
        update: &SelectedUpdate,
        name: String,
        runtime: &mut BTreeSet<&'static str>,
    ) -> Function {
        let mut function = self.function(update, name, runtime);
        let deprecations = deprecation::of_update(self.inputs.schema, &update.path, update.body);
        let template = &function.template;
        function.docs = self.docs.of_reset(&update.path, template, &deprecations);
        function.uses_deprecated = false;
        function.body = None;
        function.types = TypeAnnotation::Nested;
        function.method = "delete";
        function
    }

    fn accepts(&self, body: Body) -> Vec<(String, String)> {
        let one;
        let accepted = match body {
            Body::Type(id) => {
                one = BTreeSet::from([id]);
                Some(&one)
            }
            Body::AnyOf(declared) => self.inputs.selection.unions.get(&declared),
        };
        accepted
            .into_iter()
            .flatten()
            .map(|id| {
                let name = self.inputs.schema[*id].qualified_name();
                (name, self.type_path(&[], *id).to_string())
            })
            .collect()
    }
}

/// What the function of an update is called by.
fn verb(update: &SelectedUpdate) -> &'static str {
    if update.path.target.restrictions.put {
        "replace"
    } else {
        "update"
    }
}

/// The module at a path, made where it is not there.
fn at<'m>(root: &'m mut Module, path: &[String]) -> &'m mut Module {
    let mut module = root;
    for segment in path {
        module = module.modules.entry(segment.clone()).or_default();
    }
    module
}

/// A path from one module to a type in another.
fn relative(from: &[String], (module, name): &(Vec<String>, String)) -> RustType {
    let shared = from
        .iter()
        .zip(module)
        .take_while(|(from, to)| from == to)
        .count();
    let up = std::iter::repeat_n("super".to_owned(), from.len() - shared);
    let down = module.iter().skip(shared).cloned();
    RustType::Path(up.chain(down).chain([name.clone()]).collect())
}

/// A type of another module by its name alone, with a `use`; by its path where the name is taken.
fn import(
    module: &mut Module,
    from: &[String],
    place: &(Vec<String>, String),
    is_deprecated: bool,
) -> RustType {
    let RustType::Path(path) = relative(from, place) else {
        return RustType::Str;
    };
    let (own, name) = (path.len() == 1, &place.1);
    let is_taken = module
        .uses
        .keys()
        .any(|used| used.last() == Some(name) && *used != path)
        || module.structs.iter().any(|item| item.name == *name)
        || module.enumerations.iter().any(|item| item.name == *name)
        || module.unions.iter().any(|item| item.name == *name);
    if own || is_taken {
        return RustType::Path(path);
    }
    module.uses.insert(path, is_deprecated);
    RustType::name(name)
}

/// The Rust type of a primitive, and whether its setter converts.
fn primitive_type(primitive: Primitive, runtime: &mut BTreeSet<&'static str>) -> (RustType, bool) {
    let (name, converts) = match primitive {
        Primitive::Boolean => ("bool", false),
        Primitive::Byte => ("u8", false),
        Primitive::SByte => ("i8", false),
        Primitive::Int16 => ("i16", false),
        Primitive::Int32 => ("i32", false),
        Primitive::Int64 => ("i64", false),
        Primitive::Single => ("f32", false),
        Primitive::Double => ("f64", false),
        Primitive::String => ("String", true),
        Primitive::Decimal => ("Decimal", true),
        Primitive::Guid => ("Guid", true),
        Primitive::Binary => ("Binary", true),
        Primitive::Date => ("Date", true),
        Primitive::DateTimeOffset => ("DateTimeOffset", true),
        Primitive::Duration => ("Duration", true),
        Primitive::TimeOfDay => ("TimeOfDay", true),
        // A stream is never in a body; the type is here for completeness of the match.
        Primitive::Untyped | Primitive::Stream => ("Untyped", true),
    };
    if USED_TYPES.contains(&name) && name != "String" {
        runtime.insert(name);
    }
    (RustType::name(name), converts)
}

fn is_entity(schema: &Schema<'_>, id: TypeId) -> bool {
    schema
        .structured(id)
        .is_some_and(|ty| ty.kind == StructuredKind::Entity)
}

/// A type's CSDL name with the ending that its kind has in Rust.
fn natural_name(schema: &Schema<'_>, id: TypeId) -> String {
    let name = schema[id].name.text.as_ref();
    if is_entity(schema, id) {
        format!("{name}{PATCH}")
    } else {
        name.to_owned()
    }
}

fn union_name(schema: &Schema<'_>, id: TypeId) -> String {
    format!("Any{}", upper_camel(&schema[id].name.text))
}

/// All types of the metadata, by what their names have in common with that of a selected type or
/// of a union.
fn rivals<'s>(
    schema: &'s Schema<'_>,
    selected: &Selection,
) -> HashMap<(&'s str, String), Vec<TypeId>> {
    let namespace = |id: TypeId| schema[id].namespace.as_ref();
    let of_types = selected
        .types
        .keys()
        .map(|id| (namespace(*id), fold(&natural_name(schema, *id))));
    let of_unions = selected
        .unions
        .keys()
        .map(|id| (namespace(*id), fold(&union_name(schema, *id))));
    let mut rivals: HashMap<(&str, String), Vec<TypeId>> = of_types
        .chain(of_unions)
        .map(|key| (key, Vec::new()))
        .collect();
    // The metadata has thousands of types and the selection, mostly, a dozen: lengths tell most
    // of them apart.
    let lengths: BTreeSet<usize> = rivals.keys().map(|(_, folded)| folded.len()).collect();
    for (id, declaration) in schema.types() {
        let ending = if is_entity(schema, id) {
            PATCH.len()
        } else {
            0
        };
        let name = &declaration.name.text;
        let length = name.bytes().filter(|byte| *byte != b'_').count() + ending;
        if (name.is_ascii() && !lengths.contains(&length)) || rivals.is_empty() {
            continue;
        }
        let key = (namespace(id), fold(&natural_name(schema, id)));
        if let Some(list) = rivals.get_mut(&key) {
            list.push(id);
        }
    }
    rivals
}

/// Of each group of types whose names fall together, one of them selected: those without which a
/// selected one would have another name, it included.
#[cfg(feature = "command")]
pub(crate) fn distinguishing(schema: &Schema<'_>, selection: &Selection) -> Vec<Vec<TypeId>> {
    let mut groups: Vec<Vec<TypeId>> = rivals(schema, selection).into_values().collect();
    groups.sort();
    for group in &mut groups {
        let selected: Vec<TypeId> = group
            .iter()
            .copied()
            .filter(|id| selection.types.contains_key(id))
            .collect();
        let names = |rivals: &[TypeId]| -> Vec<String> {
            let names = selected.iter().map(|id| settled(schema, rivals, *id));
            names.collect()
        };
        let wanted = names(group);
        for rival in group.clone() {
            let mut fewer = group.clone();
            fewer.retain(|id| *id != rival);
            if !selected.contains(&rival) && names(&fewer) == wanted {
                *group = fewer;
            }
        }
    }
    groups
}

/// The types to whose names each union gives way.
#[cfg(feature = "command")]
pub(crate) fn union_rivals(schema: &Schema<'_>, selection: &Selection) -> Vec<Vec<TypeId>> {
    let rivals = rivals(schema, selection);
    selection
        .unions
        .keys()
        .filter_map(|id| {
            let key = (
                schema[*id].namespace.as_ref(),
                fold(&union_name(schema, *id)),
            );
            rivals.get(&key).cloned()
        })
        .filter(|rivals| !rivals.is_empty())
        .collect()
}

/// The name of a type among all whose names fall together when folded.
fn settled(schema: &Schema<'_>, rivals: &[TypeId], id: TypeId) -> String {
    let natural: Vec<String> = rivals.iter().map(|id| natural_name(schema, *id)).collect();
    let names = distinct(
        natural
            .iter()
            .map(|name| (name.as_str(), reserved_type(upper_camel(name)))),
    );
    rivals
        .iter()
        .zip(names)
        .find(|(rival, _)| **rival == id)
        .map_or_else(String::new, |(_, name)| name)
}

/// The module of each namespace, of those that are `counted`.
pub(crate) fn namespace_modules<'s>(
    schema: &'s Schema<'_>,
    counted: &dyn Fn(&str) -> bool,
) -> BTreeMap<&'s str, Vec<String>> {
    let primary = schema
        .container_name()
        .and_then(|name| name.rsplit_once('.'))
        .map_or(GRAPH_NAMESPACE, |(namespace, _)| namespace);
    let namespaces: BTreeSet<&str> = schema
        .types()
        .map(|(_, declaration)| declaration.namespace.as_ref())
        .filter(|namespace| counted(namespace))
        .collect();
    let mut modules = BTreeMap::new();
    let mut taken: BTreeSet<Vec<String>> = BTreeSet::new();
    for namespace in namespaces {
        let beyond = if namespace == primary {
            ""
        } else {
            namespace
                .strip_prefix(primary)
                .and_then(|rest| rest.strip_prefix('.'))
                .unwrap_or(namespace)
        };
        let mut path: Vec<String> = beyond
            .split('.')
            .filter(|segment| !segment.is_empty())
            .map(|segment| keyword_free(snake(segment)))
            .collect();
        // Namespaces that differ in case only.
        let last = path.last().cloned();
        let mut number = 2;
        while !taken.insert(path.clone()) {
            if let (Some(slot), Some(last)) = (path.last_mut(), &last) {
                *slot = format!("{last}{number}");
            } else {
                break;
            }
            number += 1;
        }
        modules.insert(namespace, path);
    }
    modules
}

/// The single-valued positions on a circle of structs: without a `Box` no such value would be
/// finite.
fn boxed(selection: &Selection) -> BTreeSet<(TypeId, TypeId)> {
    let edges: BTreeMap<TypeId, BTreeSet<TypeId>> = selection
        .types
        .iter()
        .map(|(id, selected)| {
            let targets = selected
                .fields
                .iter()
                .filter_map(|field| match field.content {
                    Content::Structured(Body::Type(target), false) => Some(target),
                    _ => None,
                });
            (*id, targets.collect())
        })
        .collect();
    cycles::on_circles(&edges)
}
