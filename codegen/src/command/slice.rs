//! A schema and what is selected of it to the smallest [`Document`] that gives the same output.
//!
//! What is kept is kept as it is declared; what is left out are whole elements, and of annotations
//! what nobody reads. Three kinds of things are kept:
//!
//! * what the output speaks of: the types of the bodies with their properties, and what the paths go
//!   through;
//! * what decides how it speaks of it: the types whose names fall together with those;
//! * what keeps a subtree from having more paths than it has: the restrictions on all that is kept.
//!
//! Less metadata has fewer paths and fewer types, never others: so nothing else is needed.

mod annotations;
mod document;
pub(crate) mod print;

use std::collections::{BTreeMap, BTreeSet};

use annotations::terms;

use msgraph_csdl::annotations::{
    KnownTerm, Role, TERMS, alternate_keys, navigation_restrictions, update_restrictions,
};
use msgraph_csdl::document::{ContainerChildKind, Document};
use msgraph_csdl::model::{ItemType, Operation, Schema, TypeId, TypeKind, TypeReference};
use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{self, ResourcePath, Segment, SegmentKind, Step};

use crate::lower::{distinguishing, namespace_modules, union_rivals};
use crate::manifest::Update;
use crate::read::Input;
use crate::select::subtree::{excludes, paths_below, subtree};
use crate::select::{Content, OmissionReason, SelectedType, SelectedUpdate, Selection};

/// The smallest document that gives the output of this selection.
pub(crate) fn slice<'a>(input: &Input<'a>, selection: &Selection) -> Document<'a> {
    let mut slicer = Slicer {
        schema: &input.schema,
        input,
        selection,
        has_subtree: input
            .manifest
            .updates
            .iter()
            .any(|update| subtree(update).is_some()),
        kept: Kept::default(),
        on_path: BTreeSet::new(),
    };
    slicer.close();
    slicer.document()
}

/// What can carry annotations; members by their place in the declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Element {
    Type(TypeId),
    Property(TypeId, usize),
    Navigation(TypeId, usize),
    /// An entry of `inherited_annotations`.
    Inherited(TypeId, usize),
    Member(TypeId, usize),
    Child(usize),
    Operation(usize),
}

#[derive(Clone, Debug, Default)]
struct Kept {
    types: BTreeSet<TypeId>,
    /// The enumerations whose members are all kept; of others the first stands for them.
    enumerations: BTreeSet<TypeId>,
    /// The types whose declared key is kept.
    keys: BTreeSet<TypeId>,
    /// The alternate keys that paths use, by their aliases.
    alternate_keys: BTreeSet<Vec<String>>,
    elements: BTreeSet<Element>,
    annotations: BTreeMap<(Element, &'static str), &'static KnownTerm>,
}

#[derive(Clone)]
struct Slicer<'s, 'a> {
    schema: &'s Schema<'a>,
    input: &'s Input<'a>,
    selection: &'s Selection,
    /// Whether an entry of the manifest finds its paths itself.
    has_subtree: bool,
    kept: Kept,
    /// The navigation properties that paths go through.
    on_path: BTreeSet<Element>,
}

impl<'s, 'a> Slicer<'s, 'a> {
    fn close(&mut self) {
        let (manifest, selection) = (&self.input.manifest, self.selection);
        for (id, selected) in &selection.types {
            self.selected(*id, selected);
        }
        for update in &selection.updates {
            self.update(update);
        }
        self.settings();
        for update in &manifest.updates {
            self.excluded(update);
        }
        self.names();
        if self.has_subtree {
            self.restrictions();
        }
        self.namespaces();
    }

    /// A type that is generated: all that its struct or enumeration is made of.
    fn selected(&mut self, id: TypeId, selected: &SelectedType) {
        let schema = self.schema;
        self.describe(Element::Type(id));
        self.keep(Role::Deprecation, &[Element::Type(id)]);
        if let TypeKind::Enumeration(ty) = &schema[id].kind {
            self.kept.types.insert(id);
            self.kept.enumerations.insert(id);
            for nth in 0..ty.members.len() {
                self.describe(Element::Member(id, nth));
                self.keep(Role::Deprecation, &[Element::Member(id, nth)]);
            }
            return;
        }
        self.kept.types.extend(schema.supertypes(id));
        self.key(id);
        let why_not = |name: &str| {
            let mut left_out = selected.omitted.iter();
            let left_out = left_out.find(|left_out| left_out.property == name);
            left_out.map(|left_out| left_out.reason)
        };
        for (declaring, property) in schema.properties(id) {
            let name = property.name.text.as_ref();
            let Some(element) = self.property(declaring, name) else {
                continue;
            };
            let chain = self.chain(id, name, element);
            match why_not(name) {
                None => {
                    self.describe(element);
                    self.keep(Role::Deprecation, &chain);
                    for term in terms(Role::ReadOnly) {
                        self.keep_shadowing(&chain, term);
                    }
                }
                Some(
                    OmissionReason::Computed | OmissionReason::Immutable | OmissionReason::ReadOnly,
                ) => {
                    self.keep_read_only(&chain);
                }
                Some(OmissionReason::Key | OmissionReason::Stream | OmissionReason::Configured) => {
                }
            }
        }
        for (declaring, property) in schema.navigation_properties(id) {
            let name = property.name.text.as_ref();
            let is_field = selected.fields.iter().any(|field| {
                field.property == name
                    && matches!(
                        field.content,
                        Content::Structured(..) | Content::Delta(_) | Content::Reference(_)
                    )
            });
            if is_field && let Some(element) = self.navigation(declaring, name) {
                let chain = self.chain(id, name, element);
                self.describe(element);
                self.keep(Role::Deprecation, &chain);
            }
        }
    }

    /// An update: what its path goes through, and what is said of its place.
    fn update(&mut self, update: &SelectedUpdate) {
        let schema = self.schema;
        let position = self.path(&update.path);
        for step in path::steps(schema, &update.path) {
            if let Some((chain, ty)) = self.position(step) {
                self.keep(Role::Deprecation, &chain);
                self.keep(Role::Deprecation, &[Element::Type(ty)]);
            } else if let Step::Cast(ty) = step {
                self.keep(Role::Deprecation, &[Element::Type(ty)]);
            }
        }
        // How it is updated. Whether it is, is asked of what a subtree finds, and of a collection.
        let updates = if update.path.target.is_collection {
            &update_restrictions::TERM
        } else {
            &update_restrictions::METHOD
        };
        if let Some((chain, ty)) = position {
            let is_complex = matches!(chain.last(), Some(Element::Property(..)));
            let of_type = schema
                .supertypes(ty)
                .map(Element::Type)
                .filter(|_| !is_complex);
            let all: Vec<Element> = chain.iter().copied().chain(of_type).collect();
            self.keep_first(&all, updates);
            if chain.iter().any(|element| self.restricts_updates(*element)) {
                self.keep_first(&chain, &navigation_restrictions::TERM);
            }
            if !is_complex {
                self.of_lineage(ty, updates);
            }
        }
    }

    /// Keeps a path; gives back its last position with the type there.
    fn path(&mut self, path: &ResourcePath) -> Option<(Vec<Element>, TypeId)> {
        let schema = self.schema;
        let mut last = None;
        let mut at: Option<TypeId> = None;
        for (segment, step) in path.segments.iter().zip(path::steps(schema, path)) {
            match step {
                Step::Child(child) => {
                    self.kept.types.insert(child.ty);
                    let is_concrete = schema
                        .structured(child.ty)
                        .is_some_and(|ty| !ty.is_abstract);
                    if child.kind == ContainerChildKind::EntitySet && is_concrete {
                        self.key(child.ty);
                    }
                }
                Step::Key => {}
                Step::Navigation(from, declaring, property) => {
                    self.lineage(from, declaring);
                    let element = self.navigation(declaring, &property.name.text);
                    self.on_path.extend(element);
                }
                Step::Complex(from, property) => {
                    let name = property.name.text.as_ref();
                    if let Some(declaring) = self.declaring(from, name) {
                        self.lineage(from, declaring);
                        let element = self.property(declaring, name);
                        if let (Some(element), true) = (element, self.has_subtree) {
                            let chain = self.chain(from, name, element);
                            self.keep_complex(&chain);
                        }
                    }
                }
                Step::Cast(ty) => {
                    if let Some(declared) = at {
                        self.lineage(ty, declared);
                    }
                }
                Step::Function(operation) => {
                    if let Some(nth) = self.operation_index(operation) {
                        self.operation(nth);
                    }
                    let binding = operation.parameters.first().map(|(_, ty)| ty.item);
                    if let (Some(ItemType::Declared(binding)), Some(at)) = (binding, at) {
                        self.lineage(at, binding);
                    }
                }
            }
            if let Some((chain, ty)) = self.position(step) {
                self.kept.elements.extend(chain.last());
                self.kept.types.insert(ty);
                at = Some(ty);
                last = Some((chain, ty));
            } else if let Step::Cast(ty) = step {
                at = Some(ty);
            }
            if let Some(ty) = at {
                self.keys_in(segment, ty);
            }
        }
        last
    }

    /// What a step stands at, its annotations nearest first, and the type there. A key and a cast
    /// are where the step before them is.
    fn position(&self, step: Step<'s, 'a>) -> Option<(Vec<Element>, TypeId)> {
        let schema = self.schema;
        match step {
            Step::Child(child) => {
                let mut children = schema.container().iter();
                let nth = children.position(|other| other.name.text == child.name.text)?;
                Some((vec![Element::Child(nth)], child.ty))
            }
            Step::Navigation(from, declaring, property) => {
                let name = property.name.text.as_ref();
                let element =
                    Element::Navigation(declaring, self.navigation_index(declaring, name)?);
                Some((self.chain(from, name, element), property.target))
            }
            Step::Complex(from, property) => {
                let name = property.name.text.as_ref();
                let declaring = self.declaring(from, name)?;
                let element = Element::Property(declaring, self.property_index(declaring, name)?);
                match property.ty.item {
                    ItemType::Declared(ty) => Some((self.chain(from, name, element), ty)),
                    ItemType::Primitive(_) => None,
                }
            }
            Step::Function(operation) => {
                let nth = self.operation_index(operation)?;
                match operation.return_type?.item {
                    ItemType::Declared(ty) => Some((vec![Element::Operation(nth)], ty)),
                    ItemType::Primitive(_) => None,
                }
            }
            Step::Key | Step::Cast(_) => None,
        }
    }

    /// The key, or the alternate key, that a segment has placeholders or names for.
    fn keys_in(&mut self, segment: &Segment, ty: TypeId) {
        let parts = SegmentParts::parse(&segment.text).ok();
        let names: Vec<&str> = match segment.kind {
            SegmentKind::Function => return,
            SegmentKind::Key => Vec::new(),
            _ => parts
                .iter()
                .flat_map(SegmentParts::argument_names)
                .collect(),
        };
        let schema = self.schema;
        let is_key = |name: &&str| schema.key(ty).iter().any(|key| key.text == *name);
        if names.is_empty() {
            if !segment.parameters.is_empty() {
                self.key(ty);
            }
            return;
        }
        if names.iter().any(is_key) {
            self.key(ty);
        }
        for key in path::alternate_keys(schema, ty) {
            if key.iter().any(|part| names.contains(&part.alias)) {
                let aliases = key.iter().map(|part| part.alias.to_owned());
                self.kept.alternate_keys.insert(aliases.collect());
                for alternate_keys::KeyPart { name, .. } in key {
                    if let Some(declaring) = self.declaring(ty, name) {
                        self.lineage(ty, declaring);
                        self.property(declaring, name);
                    }
                }
                let holders = schema.supertypes(ty).filter(|ty| {
                    let annotations = &schema[*ty].annotations;
                    annotations
                        .iter()
                        .any(|a| a.term.text == alternate_keys::TERM.name)
                });
                for holder in holders.collect::<Vec<_>>() {
                    self.lineage(ty, holder);
                    self.keep_first(&[Element::Type(holder)], &alternate_keys::TERM);
                }
            }
        }
    }

    /// Settings of the manifest for what is not generated still need it to exist.
    fn settings(&mut self) {
        let (schema, manifest) = (self.schema, &self.input.manifest);
        for (name, settings) in &manifest.types {
            let Some(id) = schema.find(name) else {
                continue;
            };
            self.kept.types.insert(id);
            for property in &settings.inline {
                if let Some((declaring, _)) = schema.navigation_property(id, &property.text) {
                    self.lineage(id, declaring);
                    self.navigation(declaring, &property.text);
                }
            }
        }
        for name in manifest.properties.keys() {
            let (ty, property) = name.rsplit_once('/').unwrap_or((name, ""));
            let Some(id) = schema.find(ty) else { continue };
            if let Some(declaring) = self.declaring(id, property) {
                self.lineage(id, declaring);
                self.property(declaring, property);
            } else if let Some((declaring, _)) = schema.navigation_property(id, property) {
                self.lineage(id, declaring);
                self.navigation(declaring, property);
            }
        }
    }

    /// Each pattern of an `exclude` must exclude something: the shortest path that it does.
    fn excluded(&mut self, update: &Update) {
        let Some(prefix) = subtree(update) else {
            return;
        };
        for pattern in &update.exclude {
            let mut paths =
                paths_below(self.schema, &self.input.facts, update, prefix).unwrap_or_default();
            paths.retain(|path| excludes(&pattern.text, &path.template()));
            // One that is kept anyway will do.
            let cost = |path: &ResourcePath| {
                let mut with = self.clone();
                with.path(path);
                with.kept.types.len() + with.kept.elements.len()
            };
            // Only the shortest are looked at: what is deeper costs more.
            let shortest = paths.iter().map(|path| path.segments.len()).min();
            paths.retain(|path| Some(path.segments.len()) == shortest);
            if let Some(witness) = paths
                .iter()
                .min_by_key(|path| (cost(path), path.template()))
            {
                self.path(witness);
            }
        }
    }

    /// The types without which a name would be another.
    fn names(&mut self) {
        let (schema, selection) = (self.schema, self.selection);
        for rivals in distinguishing(schema, selection) {
            self.kept.types.extend(rivals);
        }
        for rivals in union_rivals(schema, selection) {
            if !rivals.iter().any(|rival| self.kept.types.contains(rival)) {
                self.kept.types.extend(rivals.first());
            }
        }
    }

    /// What keeps a subtree from more paths, on all that is kept.
    fn restrictions(&mut self) {
        let schema = self.schema;
        for element in self.kept.elements.clone() {
            let (chain, ty, is_open) = match element {
                Element::Child(nth) => match schema.container().get(nth) {
                    Some(child) => (vec![element], child.ty, true),
                    None => continue,
                },
                Element::Navigation(declaring, nth) => {
                    let ty = schema.structured(declaring);
                    let Some(property) = ty.and_then(|ty| ty.navigation_properties.get(nth)) else {
                        continue;
                    };
                    // What is only linked is updated where it is said only, and has nothing below
                    // but complex properties.
                    let is_open = property.contains_target || self.on_path.contains(&element);
                    let mut chain = self.seen_from_kept(declaring, &property.name.text);
                    chain.push(element);
                    (chain, property.target, is_open)
                }
                Element::Operation(nth) => {
                    self.keep(Role::Operation, &[element]);
                    let operation = schema.operations().get(nth);
                    let result = operation.and_then(|operation| operation.return_type);
                    match result.map(|ty| ty.item) {
                        Some(ItemType::Declared(ty)) => (vec![element], ty, true),
                        _ => continue,
                    }
                }
                _ => continue,
            };
            for term in TERMS {
                let Role::Path { on_types, on_links } = term.role else {
                    continue;
                };
                if is_open || on_links {
                    for nth in 0..chain.len() {
                        self.keep_first(chain.get(nth..).unwrap_or_default(), term);
                    }
                    if on_types {
                        self.of_lineage(ty, term);
                    }
                }
            }
        }
    }

    /// Annotations that kept types add to a property that they inherit from `declaring`.
    fn seen_from_kept(&self, declaring: TypeId, name: &str) -> Vec<Element> {
        let schema = self.schema;
        let kept = self
            .kept
            .types
            .iter()
            .filter(|id| schema.is_subtype_of(**id, declaring));
        kept.filter(|id| {
            let mut between = schema.supertypes(**id).take_while(|ty| *ty != declaring);
            between.all(|ty| self.kept.types.contains(&ty))
        })
        .flat_map(|id| {
            let added = schema.structured(*id).map(|ty| &ty.inherited_annotations);
            let added = added.into_iter().flatten().enumerate();
            added
                .filter(|(_, (property, _))| property == name)
                .map(|(nth, _)| Element::Inherited(*id, nth))
        })
        .collect()
    }

    /// The namespaces without which a module would have another name, each by a type of it.
    fn namespaces(&mut self) {
        let schema = self.schema;
        let all = namespace_modules(schema, &|_| true);
        loop {
            let namespace = |id: TypeId| schema[id].namespace.as_ref();
            let kept: BTreeSet<&str> = self.kept.types.iter().map(|id| namespace(*id)).collect();
            let now = namespace_modules(schema, &|namespace| kept.contains(namespace));
            let selected = self.selection.types.keys();
            let wrong = selected
                .map(|id| namespace(*id))
                .find(|namespace| now.get(namespace) != all.get(namespace));
            // In the order of their names, the first that is missing before it.
            let missing = wrong.and_then(|wrong| {
                let mut types = schema.types().map(|(id, _)| id);
                types.find(|id| {
                    let other = namespace(*id);
                    other < wrong
                        && !kept.contains(other)
                        && namespace_modules(schema, &|namespace| {
                            kept.contains(namespace) || namespace == other
                        })
                        .get(wrong)
                            != now.get(wrong)
                })
            });
            match missing {
                Some(id) => self.kept.types.insert(id),
                None => return,
            };
        }
    }

    // What is kept, one thing at a time.

    /// A type and its bases up to one of them.
    fn lineage(&mut self, from: TypeId, to: TypeId) {
        for ty in self.schema.supertypes(from) {
            self.kept.types.insert(ty);
            if ty == to {
                break;
            }
        }
    }

    /// The key of a type where it is declared, and its properties.
    fn key(&mut self, id: TypeId) {
        let schema = self.schema;
        let declares = |ty: &TypeId| schema.structured(*ty).is_some_and(|ty| ty.key.is_some());
        let Some(declaring) = schema.supertypes(id).find(declares) else {
            return;
        };
        self.lineage(id, declaring);
        self.kept.keys.insert(declaring);
        for name in schema.key(id) {
            // A path: `address/street`.
            let mut at = Some(id);
            for segment in name.text.split('/') {
                let Some(ty) = at else { break };
                let Some(declaring) = self.declaring(ty, segment) else {
                    break;
                };
                self.lineage(ty, declaring);
                self.property(declaring, segment);
                at = match schema
                    .property(ty, segment)
                    .map(|property| property.ty.item)
                {
                    Some(ItemType::Declared(ty)) => Some(ty),
                    _ => None,
                };
            }
        }
    }

    fn property(&mut self, declaring: TypeId, name: &str) -> Option<Element> {
        let nth = self.property_index(declaring, name)?;
        self.property_at(declaring, nth)
    }

    fn property_at(&mut self, declaring: TypeId, nth: usize) -> Option<Element> {
        let property = self.schema.structured(declaring)?.properties.get(nth)?;
        self.mention(property.ty);
        let element = Element::Property(declaring, nth);
        self.kept.elements.insert(element);
        Some(element)
    }

    fn navigation(&mut self, declaring: TypeId, name: &str) -> Option<Element> {
        let nth = self.navigation_index(declaring, name)?;
        self.navigation_at(declaring, nth)
    }

    fn navigation_at(&mut self, declaring: TypeId, nth: usize) -> Option<Element> {
        let ty = self.schema.structured(declaring)?;
        let property = ty.navigation_properties.get(nth)?;
        self.kept.types.insert(property.target);
        let element = Element::Navigation(declaring, nth);
        self.kept.elements.insert(element);
        Some(element)
    }

    fn operation(&mut self, nth: usize) {
        let Some(operation) = self.schema.operations().get(nth) else {
            return;
        };
        self.kept.elements.insert(Element::Operation(nth));
        for (_, ty) in &operation.parameters {
            self.mention(*ty);
        }
        if let Some(ty) = operation.return_type {
            self.mention(ty);
        }
    }

    fn mention(&mut self, ty: TypeReference) {
        if let ItemType::Declared(id) = ty.item {
            self.kept.types.insert(id);
        }
    }

    // Places in declarations.

    /// The type that declares a structural property of this one.
    fn declaring(&self, from: TypeId, name: &str) -> Option<TypeId> {
        let mut supertypes = self.schema.supertypes(from);
        supertypes.find(|id| self.property_index(*id, name).is_some())
    }

    fn property_index(&self, declaring: TypeId, name: &str) -> Option<usize> {
        let mut properties = self.schema.structured(declaring)?.properties.iter();
        properties.position(|property| property.name.text == name)
    }

    fn navigation_index(&self, declaring: TypeId, name: &str) -> Option<usize> {
        let ty = self.schema.structured(declaring)?;
        let mut properties = ty.navigation_properties.iter();
        properties.position(|property| property.name.text == name)
    }

    fn operation_index(&self, operation: &Operation<'a>) -> Option<usize> {
        let mut operations = self.schema.operations().iter();
        operations.position(|other| std::ptr::eq(other, operation))
    }
}
