//! What to generate: the updates that the manifest names, and the types their bodies need.
//!
//! Every type that comes in knows why. Types that derive from the declared type of a position come
//! in only when they are named, when the declared type is abstract, or when the whole API is asked
//! for; otherwise a dozen types would become thousands.

mod delta;
mod replaced;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use msgraph_csdl::annotations::{computed, immutable, permissions};
use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics, nearest, nearest_or};
use msgraph_csdl::document::{Annotation, StructuredKind};
use msgraph_csdl::facts::{Facts, UpdateMethod};
use msgraph_csdl::model::{
    ItemType, NavigationProperty, Primitive, Property, Schema, TypeId, TypeKind, TypeReference,
};
use msgraph_csdl::path::{self, Bounds, ResourcePath, TooManyPaths};
use msgraph_csdl::segment;
use msgraph_csdl::source::{Sources, Span};
use msgraph_csdl::table::Setting;
use msgraph_csdl::template::same_template;

use crate::manifest::{Manifest, Update};

/// More paths than the whole of Graph has; a document with more is one whose containment goes
/// round, and needs a bound from the user.
pub(crate) const MAX_PATHS: usize = 20_000;

/// What is generated, by name; see the fields.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// In order of path, then of body type.
    pub(crate) updates: Vec<SelectedUpdate>,
    pub(crate) types: BTreeMap<TypeId, SelectedType>,
    /// The positions that take any of several types: declared type, and the types that are taken.
    pub(crate) unions: BTreeMap<TypeId, BTreeSet<TypeId>>,
    /// What is probably misspelt in the manifest.
    pub(crate) slips: Diagnostics,
}

/// One update.
#[derive(Debug)]
pub(crate) struct SelectedUpdate {
    pub(crate) path: ResourcePath,
    pub(crate) body: Body,
    /// A Rust name of the user's.
    pub(crate) name: Option<Setting>,
}

/// What an update, or a value, takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Body {
    /// Just this type.
    Type(TypeId),
    /// Any type of [`Selection::unions`] of this declared type.
    AnyOf(TypeId),
}

/// A type that is generated.
#[derive(Debug)]
pub(crate) struct SelectedType {
    pub(crate) reason: Reason,
    /// A Rust name of the user's.
    pub(crate) name: Option<Setting>,
    /// Of a structured type, base types first.
    pub(crate) fields: Vec<Field>,
    /// Of a structured type: the properties that an update does not send.
    pub(crate) left_out: Vec<LeftOut>,
    /// Of a structured type: whether its values write `@odata.type` in every position.
    pub(crate) always_named: bool,
    /// Of a structured type: whether the service replaces a value of it as a whole.
    pub(crate) replaces: bool,
    /// Of a structured type whose values the service replaces, or that stands in one: the properties that no update
    /// sends.
    pub(crate) not_sent: Vec<String>,
}

/// Why a type is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The manifest names it.
    Named,
    /// It is the body of the update at this path.
    Body(String),
    /// This property of this type has it.
    Property(TypeId, String),
    /// It derives from a type that stands in a position which takes any.
    Derived(TypeId),
}

/// A property that an update may send.
#[derive(Debug)]
pub(crate) struct Field {
    /// The property's name.
    pub(crate) property: String,
    pub(crate) content: Content,
    /// Whether null may be sent.
    pub(crate) nullable: bool,
    pub(crate) is_key: bool,
    /// Whether the service replaces the value as a whole.
    pub(crate) replaces: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A primitive value, or a collection of them.
    Primitive(Primitive, bool),
    /// A member of an enumeration.
    Enumeration(TypeId, bool),
    /// A structured value, or a collection of them.
    Structured(Body, bool),
    /// Changes to single items of a collection of entities (`…@delta`).
    Delta(Body),
    /// A reference to an entity (`…@odata.bind`), or several.
    Reference(bool),
}

/// A property that is left out of a patch struct.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) property: String,
    pub(crate) why: Why,
}

/// Why a property is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Computed,
    Immutable,
    ReadOnly,
    Key,
    Stream,
    /// The manifest or the facts say so.
    Told,
}

impl Why {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Why::Computed => "computed by the service",
            Why::Immutable => "set on creation only",
            Why::ReadOnly => "read-only",
            Why::Key => "the key, which stands in the path",
            Why::Stream => "a stream, which has a URL of its own",
            Why::Told => "left out by the manifest or the facts",
        }
    }
}

/// What [`select`] reads.
pub(crate) struct Inputs<'s, 'a> {
    pub(crate) sources: &'s Sources,
    pub(crate) schema: &'s Schema<'a>,
    pub(crate) facts: &'s Facts,
    pub(crate) manifest: &'s Manifest,
    /// What the metadata is called in messages.
    pub(crate) metadata: &'s str,
    /// Where else a type of this qualified name is declared.
    pub(crate) elsewhere: &'s dyn Fn(&str) -> Vec<String>,
}

/// Walks every path of the manifest and closes over the types that the bodies need.
pub(crate) fn select(inputs: &Inputs<'_, '_>, diagnostics: &mut Diagnostics) -> Selection {
    let mut selector = Selector {
        inputs,
        diagnostics,
        told: told(inputs),
        whole: inputs
            .manifest
            .updates
            .iter()
            .any(|update| matches!(update.path.text.as_ref(), "**" | "/**")),
        named: BTreeSet::new(),
        nested: BTreeSet::new(),
        queue: VecDeque::new(),
        updates: BTreeMap::new(),
        selection: Selection::default(),
    };
    selector.settings();
    for ty in &inputs.manifest.structs {
        let before = selector.diagnostics.len();
        if let Some(id) = selector.named_type(ty) {
            selector.named.insert(id);
        }
        selector.diagnostics.attribute(before, &ty.text);
    }
    for id in selector.named.clone() {
        selector.need(id, Reason::Named);
    }
    for update in &inputs.manifest.updates {
        let before = selector.diagnostics.len();
        selector.update(update);
        selector.diagnostics.attribute(before, &update.path.text);
    }
    selector.close();
    Selection {
        updates: selector.updates.into_values().collect(),
        ..selector.selection
    }
}

struct Selector<'s, 'a, 'd> {
    inputs: &'s Inputs<'s, 'a>,
    diagnostics: &'d mut Diagnostics,
    /// The names of the properties of which the manifest or the facts say something.
    told: BTreeSet<&'s str>,
    /// Whether the whole API is asked for.
    whole: bool,
    named: BTreeSet<TypeId>,
    /// The types that stand inside other bodies.
    nested: BTreeSet<TypeId>,
    queue: VecDeque<TypeId>,
    /// By path and body.
    updates: BTreeMap<(String, Body), SelectedUpdate>,
    selection: Selection,
}

impl<'s, 'a> Selector<'s, 'a, '_> {
    fn schema(&self) -> &'s Schema<'a> {
        self.inputs.schema
    }

    /// Settings for types and properties that do not exist are errors: they would be silently
    /// without effect.
    fn settings(&mut self) {
        for (name, settings) in &self.inputs.manifest.types {
            let named = Setting {
                text: name.clone().into(),
                span: settings.span,
            };
            let Some(id) = self.named_type(&named) else {
                continue;
            };
            for property in &settings.inline {
                if self
                    .schema()
                    .navigation_property(id, &property.text)
                    .is_none()
                {
                    let names = self.schema().navigation_properties(id);
                    let names = names
                        .iter()
                        .map(|(_, property)| property.name.text.as_ref());
                    let help = nearest_or(
                        &property.text,
                        names,
                        "only navigation properties travel inline",
                    );
                    self.diagnostics.push(
                        Diagnostic::error(
                            property.span,
                            format!("`{name}` has no navigation property `{}`", property.text),
                        )
                        .help(help),
                    );
                }
            }
        }
        for (name, settings) in &self.inputs.manifest.properties {
            let (ty, property) = name.rsplit_once('/').unwrap_or((name, ""));
            let named = Setting {
                text: ty.to_owned().into(),
                span: settings.span,
            };
            let Some(id) = self.named_type(&named) else {
                continue;
            };
            match self.schema().property(id, property) {
                Some(found) => {
                    self.check_replaces(found, settings);
                    self.check_no_delta(property, settings);
                }
                None => self.check_navigation(id, name, property, settings),
            }
        }
    }

    /// A structured type that the manifest names.
    fn named_type(&mut self, name: &Setting) -> Option<TypeId> {
        let schema = self.schema();
        if let Some(id) = schema.find(&name.text) {
            let is_enumeration = matches!(schema[id].kind, TypeKind::Enumeration(_));
            if schema.structured(id).is_some()
                || (is_enumeration && self.inputs.manifest.is_question)
            {
                return Some(id);
            }
            self.diagnostics.push(
                Diagnostic::error(
                    name.span,
                    format!("`{}` is not a structured type", name.text),
                )
                .help("name an entity type or a complex type"),
            );
            return None;
        }
        let mut help = Vec::new();
        let elsewhere = (self.inputs.elsewhere)(&name.text);
        if !elsewhere.is_empty() {
            help.push(format!("{} has it", elsewhere.join(", ")));
        }
        let own = schema
            .types()
            .filter(|(_, ty)| {
                self.inputs.manifest.is_question || !matches!(ty.kind, TypeKind::Enumeration(_))
            })
            .map(|(_, ty)| ty.qualified_name())
            .collect::<Vec<_>>();
        if let Some(near) = nearest(&name.text, own.iter().map(String::as_str)) {
            help.push(format!("did you mean {near}?"));
        }
        if help.is_empty() {
            help.push("write the qualified name, with the namespace and not an alias".to_owned());
        }
        self.diagnostics.push(
            Diagnostic::error(
                name.span,
                format!("{} has no type `{}`", self.inputs.metadata, name.text),
            )
            .help(help.join("; ")),
        );
        None
    }

    fn update(&mut self, update: &'s Update) {
        match subtree(update) {
            Some(prefix) => self.subtree(update, prefix),
            None => self.single(update),
        }
    }

    fn walk(&mut self, path: &Setting, text: &str) -> Option<ResourcePath> {
        match path::walk(self.schema(), text) {
            Ok(walked) => {
                // In a question, a key that nobody knows is an example.
                if !self.inputs.manifest.is_question {
                    self.doubt_keys(path, &walked);
                }
                Some(walked)
            }
            Err(wrong) => {
                let span =
                    self.inputs
                        .sources
                        .quoted(path.span, &path.text, wrong.start..wrong.end);
                self.diagnostics
                    .push(Diagnostic::error(span, wrong.message).help(wrong.help));
                None
            }
        }
    }

    /// A key that differs a little from one that the facts know in the set. The facts need not know
    /// all, so what is not near stands.
    fn doubt_keys(&mut self, path: &Setting, walked: &ResourcePath) {
        let mut set = String::new();
        let mut start = 0;
        let written = segment::split(&path.text).skip(1);
        for (segment, written) in walked.segments.iter().zip(written) {
            let mut of = set.clone();
            if let Some((name, key)) = segment.literal_key() {
                if let Some(name) = name {
                    of.push('/');
                    of.push_str(name);
                }
                if let Some(known) = self.inputs.facts.keys_of(&of)
                    && self.inputs.facts.key(&of, &key).is_none()
                    && let Some(near) =
                        nearest(&key, known.iter().map(|known| known.value.as_str()))
                {
                    let sources = self.inputs.sources;
                    let place = start + 1..start + 1 + written.len();
                    let span = sources.quoted(path.span, &path.text, place);
                    self.selection.slips.push(
                        Diagnostic::warning(
                            span,
                            format!("`{key}` is no key that the facts know in `{of}`"),
                        )
                        .help(format!(
                            "did you mean {near}? A key of its own is added to the facts, \
                             `[keys.\"{of}\"]`"
                        )),
                    );
                }
            }
            set.push('/');
            set.push_str(&segment.text);
            start += 1 + written.len();
        }
    }

    fn single(&mut self, update: &'s Update) {
        if let Some((span, _)) = update.depth {
            self.only_for_subtrees(span, "depth");
        }
        if let Some(first) = update.exclude.first() {
            self.only_for_subtrees(first.span, "exclude");
        }
        // Both are looked at before giving up, so that both are reported.
        let path = self.walk(&update.path, &update.path.text);
        let ty = match &update.ty {
            Some(name) => match self.named_type(name) {
                Some(id) => Some((id, name.span)),
                None => return,
            },
            None => None,
        };
        let Some(mut path) = path else { return };
        if self.inputs.manifest.is_question {
            path = path::with_placeholders(self.schema(), &path, &|set, key| {
                self.inputs.facts.key(set, key).is_some()
            });
        }
        let mut path = path::corrected(self.schema(), self.inputs.facts, path);
        if let Some(method) = update.method {
            path.target.restrictions.put = method == UpdateMethod::Put;
        }
        let template = path.template();
        let target = &path.target;
        if target.is_collection && !target.offers_update() {
            self.diagnostics.push(
                Diagnostic::error(update.path.span, format!("`{template}` is a collection"))
                    .help(format!("one item of it is updated: `{template}/{{id}}`")),
            );
            return;
        }
        let told = update.updatable.map(|(_, updatable)| updatable);
        if told.or(target.restrictions.updatable) == Some(false) {
            let facts = self.inputs.facts.operation(&template);
            let from = if told.is_some() {
                "the manifest".to_owned()
            } else if facts.is_some_and(|facts| facts.update.updatable == Some(false)) {
                "the facts".to_owned()
            } else {
                format!("{} (`UpdateRestrictions`)", self.inputs.metadata)
            };
            self.diagnostics.push(
                Diagnostic::error(
                    update.path.span,
                    format!("`{template}` cannot be updated, says {from}"),
                )
                .help("where the metadata is wrong, add `updatable = true` to the entry"),
            );
            return;
        }
        let body = match ty.or_else(|| self.known_key_type(&path)) {
            Some((ty, span)) => {
                if !self.schema().is_subtype_of(ty, target.ty) {
                    let declared = &self.schema()[target.ty];
                    self.diagnostics.push(
                        Diagnostic::error(
                            span,
                            format!(
                                "`{}` does not derive from `{declared}`, the type of `{template}`",
                                self.schema()[ty]
                            ),
                        )
                        .help(path::derivation_help(
                            self.schema(),
                            target.ty,
                            &self.schema()[ty].qualified_name(),
                        )),
                    );
                    return;
                }
                self.body(&path, ty)
            }
            None => self.position(target.ty),
        };
        // The entry's own method stands, whether a subtree selected the update before or not.
        if update.method.is_some()
            && let Some(known) = self.updates.get_mut(&(template, body))
        {
            known.path = path.clone();
        }
        self.take(path, body, update.name.clone());
    }

    /// The body of a path whose body type is named.
    fn body(&mut self, path: &ResourcePath, ty: TypeId) -> Body {
        let declared = path.target.ty;
        if !path.target.is_collection || ty == declared {
            return Body::Type(ty);
        }
        // The items of a collection write a type that is not the declared one, and may be of both.
        let is_abstract = |ty| {
            self.schema()
                .structured(ty)
                .is_some_and(|ty| ty.is_abstract)
        };
        let own = (!is_abstract(declared)).then_some(declared);
        let taken = self.selection.unions.entry(declared).or_default();
        taken.extend(own.into_iter().chain([ty]));
        Body::AnyOf(declared)
    }

    fn only_for_subtrees(&mut self, span: Span, key: &str) {
        self.diagnostics.push(
            Diagnostic::error(span, format!("`{key}` is for a subtree"))
                .help("end the path with `/**`, or remove the key"),
        );
    }

    /// The type that the facts know behind a key that stands in a path.
    fn known_key_type(&self, path: &ResourcePath) -> Option<(TypeId, Span)> {
        let (last, before) = path.segments.split_last()?;
        let (name, key) = last.literal_key()?;
        let before = before.iter().map(|segment| segment.text.as_str());
        let set: Vec<&str> = [""].into_iter().chain(before).chain(name).collect();
        let known = self.inputs.facts.key(&set.join("/"), &key)?;
        Some((self.schema().find(&known.ty)?, self.inputs.manifest.span))
    }

    fn subtree(&mut self, update: &'s Update, prefix: &str) {
        let updatable = update.updatable.map(|(span, _)| span);
        let ty = update.ty.as_ref().map(|ty| ty.span);
        let name = update.name.as_ref().map(|name| name.span);
        let method = update.method.map(|_| update.path.span);
        for (given, key) in [
            (ty, "type"),
            (name, "name"),
            (updatable, "updatable"),
            (method, "method"),
        ] {
            if let Some(span) = given {
                self.diagnostics.push(
                    Diagnostic::error(span, format!("`{key}` is for one path"))
                        .help("write an entry of its own for the path, or remove the key"),
                );
            }
        }
        if !prefix.is_empty() && self.walk(&update.path, prefix).is_none() {
            return;
        }
        let Ok(paths) = paths_below(self.schema(), self.inputs.facts, update, prefix) else {
            self.diagnostics.push(
                Diagnostic::error(
                    update.path.span,
                    format!(
                        "the paths below `{}` are more than {MAX_PATHS}, or have no end",
                        update.path.text
                    ),
                )
                .help(
                    "in this metadata containment goes round; bound it with `depth = 2` (navigation \
                     properties on a path), or name narrower subtrees",
                ),
            );
            return;
        };
        let templates: Vec<String> = paths.iter().map(ResourcePath::template).collect();
        for pattern in &update.exclude {
            if !templates.iter().any(|path| excludes(&pattern.text, path)) {
                let help = nearest_or(
                    &pattern.text,
                    templates.iter().map(String::as_str),
                    "write the template of a path, or a part of it and `/**`",
                );
                self.diagnostics.push(
                    Diagnostic::error(pattern.span, format!("`{}` excludes nothing", pattern.text))
                        .help(help),
                );
            }
        }
        let all = paths.len();
        let mut taken = 0;
        for (path, template) in paths.into_iter().zip(&templates) {
            let mut patterns = update.exclude.iter();
            let is_excluded = patterns.any(|pattern| excludes(&pattern.text, template));
            if path.target.offers_update() && !is_excluded {
                taken += 1;
                let body = self.position(path.target.ty);
                self.take(path, body, None);
            }
        }
        if taken == 0 {
            self.diagnostics.push(
                Diagnostic::error(
                    update.path.span,
                    format!("`{}` selects no update", update.path.text),
                )
                .help(format!(
                    "it has {all} paths; none can be updated, or all are excluded"
                )),
            );
        }
    }

    fn take(&mut self, path: ResourcePath, body: Body, name: Option<Setting>) {
        let template = path.template();
        let reason = Reason::Body(template.clone());
        match body {
            Body::Type(ty) => self.need(ty, reason),
            Body::AnyOf(base) => {
                for ty in self.union_members(base) {
                    self.need(ty, reason.clone());
                }
            }
        }
        // The same update twice is one update: subtrees overlap, and an entry of its own names it.
        let update = self
            .updates
            .entry((template, body))
            .or_insert(SelectedUpdate {
                path,
                body,
                name: None,
            });
        update.name = update.name.take().or(name);
    }

    /// The types that a position which takes several of them takes.
    fn union_members(&self, base: TypeId) -> BTreeSet<TypeId> {
        let members = self.selection.unions.get(&base);
        members.cloned().unwrap_or_default()
    }

    fn need(&mut self, ty: TypeId, reason: Reason) {
        let name = self
            .inputs
            .manifest
            .types
            .get(&self.schema()[ty].qualified_name())
            .and_then(|settings| settings.name.clone());
        if let std::collections::btree_map::Entry::Vacant(entry) = self.selection.types.entry(ty) {
            entry.insert(SelectedType {
                reason,
                name,
                fields: Vec::new(),
                left_out: Vec::new(),
                always_named: false,
                replaces: false,
                not_sent: Vec::new(),
            });
            self.queue.push_back(ty);
        }
    }

    /// What a position of this declared type takes.
    fn position(&mut self, declared: TypeId) -> Body {
        let schema = self.schema();
        let is_abstract = schema.structured(declared).is_some_and(|ty| ty.is_abstract);
        let taken: BTreeSet<TypeId> = schema
            .subtypes(declared)
            .into_iter()
            .filter(|ty| schema.structured(*ty).is_some_and(|ty| !ty.is_abstract))
            .filter(|ty| is_abstract || self.whole || self.named.contains(ty))
            .collect();
        if taken.is_empty() {
            return Body::Type(declared);
        }
        let own = (!is_abstract).then_some(declared);
        self.selection
            .unions
            .entry(declared)
            .or_default()
            .extend(taken.into_iter().chain(own));
        Body::AnyOf(declared)
    }

    /// Follows the properties of every type until no new type comes in.
    fn close(&mut self) {
        let mut fields: BTreeMap<TypeId, (Vec<Field>, Vec<LeftOut>)> = BTreeMap::new();
        while let Some(ty) = self.queue.pop_front() {
            if self.schema().structured(ty).is_some() {
                let members = self.members(ty);
                for field in &members.0 {
                    self.need_of(ty, field);
                }
                fields.insert(ty, members);
            }
        }
        for (ty, (mut fields, mut left_out)) in fields {
            // Only an entity inside another body carries its key: that of an update stands in the
            // path, and is sent twice only where the user asks for it.
            let is_complex = self
                .schema()
                .structured(ty)
                .is_some_and(|ty| ty.kind == StructuredKind::Complex);
            if !is_complex
                && !self.nested.contains(&ty)
                && !self.named.contains(&ty)
                && !self.inputs.manifest.send_read_only
            {
                fields.retain(|field| {
                    let keep = !field.is_key || self.told(ty, &field.property) == Some(true);
                    if !keep {
                        left_out.push(LeftOut {
                            property: field.property.clone(),
                            why: Why::Key,
                        });
                    }
                    keep
                });
            }
            let always_named = self.inputs.facts.names_always(self.schema(), ty);
            let replaces = self.type_replaces(ty);
            if let Some(selected) = self.selection.types.get_mut(&ty) {
                selected.fields = fields;
                selected.left_out = left_out;
                selected.always_named = always_named;
                selected.replaces = replaces;
            }
        }
        for ty in self.replaced_types() {
            let not_sent = self.not_sent(ty);
            if let Some(selected) = self.selection.types.get_mut(&ty) {
                selected.not_sent = not_sent;
            }
        }
    }

    fn need_of(&mut self, owner: TypeId, field: &Field) {
        let reason = Reason::Property(owner, field.property.clone());
        match field.content {
            Content::Enumeration(ty, _) => self.need(ty, reason),
            Content::Structured(Body::Type(ty), _) | Content::Delta(Body::Type(ty)) => {
                self.nested.insert(ty);
                self.need(ty, reason);
            }
            Content::Structured(Body::AnyOf(base), _) | Content::Delta(Body::AnyOf(base)) => {
                for ty in self.union_members(base) {
                    self.nested.insert(ty);
                    self.need(ty, Reason::Derived(base));
                }
            }
            Content::Primitive(..) | Content::Reference(_) => {}
        }
    }

    /// The properties of a type: those that an update sends, and those it does not.
    fn members(&mut self, ty: TypeId) -> (Vec<Field>, Vec<LeftOut>) {
        let schema = self.schema();
        let mut fields = Vec::new();
        let mut left_out = Vec::new();
        let is_entity = schema
            .structured(ty)
            .is_some_and(|ty| ty.kind == StructuredKind::Entity);
        let key = schema.key(ty);
        for (_, property) in schema.properties(ty) {
            let is_key = is_entity && key.iter().any(|key| key.text == property.name.text);
            match self.why_not(ty, property, is_key) {
                Some(why) => left_out.push(LeftOut {
                    property: property.name.text.to_string(),
                    why,
                }),
                None => {
                    let content = self.content(property.ty);
                    fields.push(Field {
                        property: property.name.text.to_string(),
                        content,
                        nullable: property.nullable && !property.ty.is_collection,
                        is_key,
                        replaces: self.property_replaces(ty, property),
                    });
                }
            }
        }
        for (_, property) in schema.navigation_properties(ty) {
            fields.extend(self.navigation(ty, property));
        }
        (fields, left_out)
    }

    fn content(&mut self, ty: TypeReference) -> Content {
        match ty.item {
            ItemType::Primitive(primitive) => Content::Primitive(primitive, ty.is_collection),
            ItemType::Declared(id) if self.schema().is_untyped(id) => {
                Content::Primitive(Primitive::Untyped, ty.is_collection)
            }
            ItemType::Declared(id) => match &self.schema()[id].kind {
                TypeKind::Structured(_) => Content::Structured(self.position(id), ty.is_collection),
                TypeKind::Enumeration(_) => Content::Enumeration(id, ty.is_collection),
                TypeKind::Definition(primitive) => Content::Primitive(*primitive, ty.is_collection),
            },
        }
    }

    /// What a navigation property contributes: the entity itself where it travels in the body, and
    /// where it is not contained, a reference.
    fn navigation(&mut self, ty: TypeId, property: &NavigationProperty<'a>) -> Vec<Field> {
        let name = property.name.text.as_ref();
        let field = |content| Field {
            property: name.to_owned(),
            content,
            nullable: property.nullable && !property.is_collection,
            is_key: false,
            replaces: false,
        };
        let mut fields = Vec::new();
        if self.is_inline(ty, name) {
            let body = self.position(property.target);
            fields.push(field(Content::Structured(body, property.is_collection)));
        }
        if !property.contains_target {
            fields.push(field(Content::Reference(property.is_collection)));
        }
        fields.extend(self.delta(ty, property));
        fields
    }

    /// Whether a navigation property travels in the body by value, by the facts or the manifest.
    fn is_inline(&self, ty: TypeId, property: &str) -> bool {
        self.inputs.manifest.inline_all
            || self.inputs.facts.is_inline(self.schema(), ty, property)
            || self.schema().supertypes(ty).any(|ty| {
                let name = self.schema()[ty].qualified_name();
                let settings = self.inputs.manifest.types.get(&name);
                settings.is_some_and(|settings| {
                    settings.inline.iter().any(|name| name.text == property)
                })
            })
    }

    /// Whether a property is sent, where the manifest or the facts state it. `send-read-only` overrules
    /// the facts as it does the annotations.
    fn told(&self, ty: TypeId, name: &str) -> Option<bool> {
        if !self.told.contains(name) {
            return None;
        }
        let takes_read_only = self.inputs.manifest.send_read_only;
        let stated = self.schema().supertypes(ty).find_map(|ty| {
            let ty = self.schema()[ty].qualified_name();
            let settings = self.inputs.manifest.properties.get(&format!("{ty}/{name}"));
            let facts = || self.inputs.facts.sends(&ty, name);
            let setting = settings.and_then(|settings| settings.send).map(Some);
            setting.or_else(|| facts().map(|sends| (sends || !takes_read_only).then_some(sends)))
        });
        stated.flatten()
    }

    /// Why an update does not send a property; `None` when it does.
    fn why_not(&self, ty: TypeId, property: &Property<'a>, is_key: bool) -> Option<Why> {
        let schema = self.schema();
        let name = property.name.text.as_ref();
        match self.told(ty, name) {
            Some(true) => return None,
            Some(false) => return Some(Why::Told),
            None => {}
        }
        if matches!(property.ty.item, ItemType::Primitive(Primitive::Stream)) {
            return Some(Why::Stream);
        }
        if is_key || self.inputs.manifest.send_read_only {
            return None;
        }
        let annotations: Vec<&Annotation<'_>> = schema
            .property_annotations(ty, name, &property.annotations)
            .collect();
        let annotations = || annotations.iter().copied();
        if computed::is_computed(annotations()) {
            Some(Why::Computed)
        } else if immutable::is_immutable(annotations()) {
            Some(Why::Immutable)
        } else if permissions::is_read_only(annotations()) {
            Some(Why::ReadOnly)
        } else {
            None
        }
    }
}

/// The path whose subtree an entry means; empty for the whole API.
pub(crate) fn subtree(update: &Update) -> Option<&str> {
    let prefix = update.path.text.strip_suffix("**")?;
    Some(prefix.strip_suffix('/').unwrap_or(prefix))
}

/// The paths of a subtree; none where its path leads nowhere.
pub(crate) fn paths_below(
    schema: &Schema<'_>,
    facts: &Facts,
    update: &Update,
    prefix: &str,
) -> Result<Vec<ResourcePath>, TooManyPaths> {
    let bounds = Bounds {
        navigations: update.depth.map(|(_, depth)| depth),
        paths: MAX_PATHS,
    };
    if prefix.is_empty() {
        return path::enumerate(schema, facts, None, bounds);
    }
    match path::walk(schema, prefix) {
        Ok(from) => path::enumerate(schema, facts, Some(from), bounds),
        Err(_) => Ok(Vec::new()),
    }
}

fn told<'s>(inputs: &Inputs<'s, '_>) -> BTreeSet<&'s str> {
    let settings = inputs.manifest.properties.keys();
    let paths = settings.chain(inputs.facts.properties.keys());
    let read_only = inputs.facts.types.values();
    let read_only = read_only.flat_map(|facts| &facts.read_only);
    paths
        .filter_map(|path| Some(path.rsplit_once('/')?.1))
        .chain(read_only.map(String::as_str))
        .collect()
}

/// Whether an `exclude` means a path: the path itself, or with `/**` what is at and below one.
pub(crate) fn excludes(pattern: &str, template: &str) -> bool {
    let pattern = &*segment::encode_slashes(pattern);
    let Some(prefix) = pattern.strip_suffix("**") else {
        return same_template(template, pattern);
    };
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    let mut above = template.match_indices('/').map(|(at, _)| at);
    same_template(template, prefix)
        || above.any(|at| {
            let start = template.get(..at).unwrap_or_default();
            same_template(start, prefix)
        })
}
