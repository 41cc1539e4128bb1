//! [`Document`]s to [`Schema`]: looks up every name, checks inheritance and keys, and moves each
//! annotation to what it speaks of.
//!
//! An alias holds in its whole document, also before its declaration; a base type may stand after
//! the type that derives from it; an annotation may stand in any schema. So the names are collected
//! in a first pass and used in a second.

mod rules;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean, nearest_or};
use crate::document::{
    self, Annotation, ContainerChildKind, Document, Expression, Name, StructuredKind, Text,
    TypeExpression,
};
use crate::model::*;
use crate::source::Span;
use crate::vocabulary;

/// The longest line of base types. Every look at a type walks it, so it must not grow with the
/// document.
const MAX_LINEAGE: usize = 100;

/// Resolves documents that together are one model.
pub fn resolve<'a>(documents: Vec<Document<'a>>, diagnostics: &mut Diagnostics) -> Schema<'a> {
    let scopes: Vec<Scope<'a>> = documents
        .iter()
        .map(|document| Scope::of(document, diagnostics))
        .collect();
    let mut sorted = Parts::default();
    for (scope, document) in scopes.iter().zip(documents) {
        sorted.take(document, scope);
    }
    sorted.sort();
    let mut resolver = Resolver {
        index: HashMap::new(),
        diagnostics,
    };
    resolver.index_types(&sorted.types);
    let mut schema = Schema {
        types: sorted
            .types
            .into_iter()
            .map(|declared| resolver.declaration(declared))
            .collect(),
        operations: sorted
            .operations
            .into_iter()
            .filter_map(|operation| resolver.operation(operation))
            .collect(),
        container_name: resolver.containers(&sorted.containers),
        container: Vec::new(),
        index: HashMap::new(),
        aliases: BTreeMap::new(),
    };
    for scope in &scopes {
        for (alias, namespace) in &scope.aliases {
            let known = schema.aliases.entry(alias.clone());
            known.or_insert_with(|| namespace.clone());
        }
    }
    schema.container = resolver.container_children(sorted.containers, &schema);
    schema.index = std::mem::take(&mut resolver.index);
    if resolver.inheritance(&mut schema) {
        resolver.annotate(&mut schema, sorted.annotations, sorted.terms);
        resolver.members(&schema);
        resolver.keys(&schema);
        rules::check(&schema, resolver.diagnostics);
    }
    schema
}

/// What the names of one document mean: aliases of its schemas and of its includes.
struct Scope<'a> {
    aliases: BTreeMap<Text<'a>, Text<'a>>,
    /// The aliases of more than one namespace.
    ambiguous: HashSet<Text<'a>>,
}

impl<'a> Scope<'a> {
    fn of(document: &Document<'a>, diagnostics: &mut Diagnostics) -> Self {
        let own = document
            .schemas
            .iter()
            .map(|schema| (&schema.namespace, &schema.alias));
        let included = document
            .references
            .iter()
            .flat_map(|reference| &reference.includes)
            .map(|(namespace, alias)| (namespace, alias));
        let mut aliases: BTreeMap<Text<'a>, Text<'a>> = BTreeMap::new();
        let mut ambiguous = HashSet::new();
        for (namespace, alias) in own.chain(included) {
            let Some(alias) = alias else { continue };
            let before = aliases.insert(alias.text.clone(), namespace.text.clone());
            if let Some(before) = before.filter(|before| *before != namespace.text) {
                ambiguous.insert(alias.text.clone());
                diagnostics.push(
                    Diagnostic::error(
                        alias.span,
                        format!("alias `{}` already stands for `{before}`", alias.text),
                    )
                    .help("an alias must be unique in its document (OData CSDL XML 4.01 §5.2)"),
                );
            }
        }
        Scope { aliases, ambiguous }
    }

    /// The namespace that a namespace or alias stands for.
    fn namespace<'s>(&'s self, written: &'s str) -> &'s str {
        self.aliases
            .get(written)
            .map_or(written, |namespace| namespace.as_ref())
    }

    /// A qualified name with its alias replaced.
    fn canonical(&self, name: &Text<'a>) -> Text<'a> {
        match name.rsplit_once('.') {
            Some((qualifier, rest)) => match self.aliases.get(qualifier) {
                Some(namespace) => Cow::Owned(format!("{namespace}.{rest}")),
                None => name.clone(),
            },
            None => name.clone(),
        }
    }
}

/// The parts of all documents, each with the scope its names are to be read in.
#[derive(Default)]
struct Parts<'a, 's> {
    types: Vec<Declared<'a, 's>>,
    operations: Vec<(&'s Scope<'a>, Text<'a>, document::Operation<'a>)>,
    containers: Vec<(&'s Scope<'a>, Text<'a>, document::EntityContainer<'a>)>,
    terms: Vec<(Text<'a>, document::Term<'a>)>,
    annotations: Vec<(&'s Scope<'a>, document::TargetedAnnotations<'a>)>,
}

struct Declared<'a, 's> {
    scope: &'s Scope<'a>,
    namespace: Text<'a>,
    element: TypeElement<'a>,
}

enum TypeElement<'a> {
    Structured(document::StructuredType<'a>),
    Enumeration(document::EnumType<'a>),
    Definition(document::TypeDefinition<'a>),
}

impl<'a> Declared<'a, '_> {
    fn name(&self) -> &Name<'a> {
        match &self.element {
            TypeElement::Structured(ty) => &ty.name,
            TypeElement::Enumeration(ty) => &ty.name,
            TypeElement::Definition(ty) => &ty.name,
        }
    }
}

impl<'a, 's> Parts<'a, 's> {
    fn take(&mut self, document: Document<'a>, scope: &'s Scope<'a>) {
        for schema in document.schemas {
            let namespace = schema.namespace.text;
            let structured = schema
                .structured_types
                .into_iter()
                .map(TypeElement::Structured);
            let enums = schema.enum_types.into_iter().map(TypeElement::Enumeration);
            let definitions = schema
                .type_definitions
                .into_iter()
                .map(TypeElement::Definition);
            self.types.extend(
                structured
                    .chain(enums)
                    .chain(definitions)
                    .map(|element| Declared {
                        scope,
                        namespace: namespace.clone(),
                        element,
                    }),
            );
            let operations = schema.operations.into_iter();
            self.operations
                .extend(operations.map(|operation| (scope, namespace.clone(), operation)));
            let containers = schema.containers.into_iter();
            self.containers
                .extend(containers.map(|container| (scope, namespace.clone(), container)));
            let terms = schema.terms.into_iter();
            self.terms
                .extend(terms.map(|term| (namespace.clone(), term)));
            let annotations = schema.annotations.into_iter();
            self.annotations
                .extend(annotations.map(|targeted| (scope, targeted)));
        }
    }

    fn sort(&mut self) {
        self.types
            .sort_by(|a, b| (&a.namespace, &a.name().text).cmp(&(&b.namespace, &b.name().text)));
        // Overloads of one name stay apart by their parameters, whatever their order was.
        self.operations
            .sort_by_cached_key(|(_, namespace, operation)| {
                let parameters: Vec<(String, String)> = operation
                    .parameters
                    .iter()
                    .map(|p| (p.ty.name.text.to_string(), p.name.text.to_string()))
                    .collect();
                (
                    namespace.to_string(),
                    operation.name.text.to_string(),
                    parameters,
                )
            });
        self.annotations
            .sort_by(|(_, a), (_, b)| a.target.text.cmp(&b.target.text));
    }
}

struct Resolver<'a, 'd> {
    index: HashMap<Text<'a>, HashMap<Text<'a>, TypeId>>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Resolver<'a, '_> {
    fn error(&mut self, span: Span, message: String, help: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::error(span, message).help(help));
    }

    fn index_types(&mut self, types: &[Declared<'a, '_>]) {
        let mut before: Option<&Declared<'a, '_>> = None;
        for (id, declared) in (0u32..).zip(types) {
            let name = declared.name();
            match before {
                Some(first)
                    if first.namespace == declared.namespace && first.name().text == name.text =>
                {
                    self.diagnostics.push(
                        Diagnostic::error(
                            name.span,
                            format!("`{}.{}` is declared twice", declared.namespace, name.text),
                        )
                        .help("remove one of them")
                        .related(first.name().span, "first declared here"),
                    );
                }
                _ => {
                    self.index
                        .entry(declared.namespace.clone())
                        .or_default()
                        .insert(name.text.clone(), TypeId(id));
                    before = Some(declared);
                }
            }
        }
    }

    fn lookup(&self, scope: &Scope<'a>, written: &str) -> Option<TypeId> {
        let (qualifier, name) = written.rsplit_once('.')?;
        self.index
            .get(scope.namespace(qualifier))?
            .get(name)
            .copied()
    }

    fn unknown_type(&mut self, scope: &Scope<'a>, written: &Name<'a>) {
        let (qualifier, name) = written.text.rsplit_once('.').unwrap_or(("", &written.text));
        if scope.ambiguous.contains(qualifier) {
            // It may be in the other namespace; the alias itself is reported.
            return;
        }
        if self.diagnostics.is_flooded() {
            // Nobody reads so many hints, and each compares the name with all there are.
            self.error(
                written.span,
                format!("unknown type `{}`", written.text),
                "declare the type, or give the document that does",
            );
            return;
        }
        let help = match self.index.get(scope.namespace(qualifier)) {
            Some(types) => nearest_or(
                name,
                types.keys().map(AsRef::as_ref),
                "declare the type, or give the document that does",
            ),
            None => {
                let known: Vec<&str> = self
                    .index
                    .keys()
                    .map(AsRef::as_ref)
                    .chain(scope.aliases.keys().map(AsRef::as_ref))
                    .collect();
                let hint = did_you_mean(qualifier, known).unwrap_or_default();
                format!("no namespace or alias `{qualifier}`; {hint}")
            }
        };
        self.error(
            written.span,
            format!("unknown type `{}`", written.text),
            help,
        );
    }

    fn type_id(&mut self, scope: &Scope<'a>, written: &Name<'a>) -> Option<TypeId> {
        let id = self.lookup(scope, &written.text);
        if id.is_none() {
            self.unknown_type(scope, written);
        }
        id
    }

    fn primitive(&mut self, written: &Name<'a>) -> Option<Primitive> {
        let name = written.text.strip_prefix("Edm.")?;
        let primitive = Primitive::from_name(name);
        if primitive.is_none() {
            let help = match name {
                "DateTime" => "OData 4 has `Edm.DateTimeOffset`".to_owned(),
                "Time" => "OData 4 has `Edm.Duration` and `Edm.TimeOfDay`".to_owned(),
                _ => "the primitive types stand in OData CSDL XML 4.01 §4.4".to_owned(),
            };
            self.error(
                written.span,
                format!("unknown type `{}`", written.text),
                help,
            );
        }
        primitive
    }

    fn item_type(&mut self, scope: &Scope<'a>, written: &Name<'a>) -> Option<ItemType> {
        if written.text.starts_with("Edm.") {
            self.primitive(written).map(ItemType::Primitive)
        } else {
            self.type_id(scope, written).map(ItemType::Declared)
        }
    }

    fn type_reference(
        &mut self,
        scope: &Scope<'a>,
        ty: &TypeExpression<'a>,
    ) -> Option<TypeReference> {
        Some(TypeReference {
            is_collection: ty.is_collection,
            item: self.item_type(scope, &ty.name)?,
        })
    }

    fn declaration(&mut self, declared: Declared<'a, '_>) -> TypeDeclaration<'a> {
        let scope = declared.scope;
        let (name, annotations, kind) = match declared.element {
            TypeElement::Structured(mut ty) => {
                let annotations = std::mem::take(&mut ty.annotations);
                (
                    ty.name.clone(),
                    annotations,
                    TypeKind::Structured(self.structured(scope, ty)),
                )
            }
            TypeElement::Enumeration(ty) => (ty.name, ty.annotations, {
                TypeKind::Enumeration(EnumType {
                    is_flags: ty.is_flags,
                    underlying_type: ty.underlying_type,
                    members: ty
                        .members
                        .into_iter()
                        .map(|member| Member {
                            name: member.name,
                            value: member.value,
                            annotations: self.canonical_terms(scope, member.annotations),
                        })
                        .collect(),
                })
            }),
            TypeElement::Definition(ty) => {
                let underlying = if ty.underlying_type.text.starts_with("Edm.") {
                    self.primitive(&ty.underlying_type)
                } else {
                    self.error(
                        ty.underlying_type.span,
                        format!("`{}` is not a primitive type", ty.underlying_type.text),
                        "a type definition names one of `Edm` (OData CSDL XML 4.01 §11)",
                    );
                    None
                };
                (
                    ty.name,
                    ty.annotations,
                    TypeKind::Definition(underlying.unwrap_or(Primitive::Untyped)),
                )
            }
        };
        TypeDeclaration {
            namespace: declared.namespace,
            name,
            annotations: self.canonical_terms(scope, annotations),
            kind,
        }
    }

    fn structured(
        &mut self,
        scope: &Scope<'a>,
        ty: document::StructuredType<'a>,
    ) -> StructuredType<'a> {
        let base = ty
            .base_type
            .as_ref()
            .and_then(|base| self.type_id(scope, base));
        let mut properties = Vec::with_capacity(ty.properties.len());
        for property in ty.properties {
            // Most properties are primitive; the reference of one that is unknown is reported and
            // the property left out, for the run ends after this stage.
            if let Some(reference) = self.type_reference(scope, &property.ty) {
                properties.push(Property {
                    nullable: property.nullable.unwrap_or(!reference.is_collection),
                    name: property.name,
                    ty: reference,
                    annotations: self.canonical_terms(scope, property.annotations),
                    is_added: false,
                });
            }
        }
        let mut navigation_properties = Vec::with_capacity(ty.navigation_properties.len());
        for property in ty.navigation_properties {
            match self.item_type(scope, &property.ty.name) {
                Some(ItemType::Declared(target)) => {
                    if property.ty.is_collection && property.nullable.is_some() {
                        self.error(
                            property.name.span,
                            format!(
                                "navigation property `{}` leads to many, and has `Nullable`",
                                property.name.text
                            ),
                            "remove `Nullable`: a collection has no null (OData CSDL XML 4.01 §8.3)",
                        );
                    }
                    navigation_properties.push(NavigationProperty {
                        name: property.name,
                        target,
                        is_collection: property.ty.is_collection,
                        nullable: property.nullable.unwrap_or(true),
                        contains_target: property.contains_target,
                        annotations: self.canonical_terms(scope, property.annotations),
                    });
                }
                Some(ItemType::Primitive(_)) => self.error(
                    property.ty.name.span,
                    format!(
                        "navigation property `{}` leads to a primitive type",
                        property.name.text
                    ),
                    "it must lead to an entity type (OData CSDL XML 4.01 §8.1)",
                ),
                None => {}
            }
        }
        StructuredType {
            kind: ty.kind,
            base,
            derived: Vec::new(),
            is_abstract: ty.is_abstract,
            is_open: ty.is_open,
            key: ty.key,
            properties,
            navigation_properties,
            inherited_annotations: Vec::new(),
        }
    }

    /// The annotations with their terms' aliases replaced. A value that a service computes counts as
    /// absent where the generator reads a constant.
    fn canonical_terms(
        &mut self,
        scope: &Scope<'a>,
        mut annotations: Vec<Annotation<'a>>,
    ) -> Vec<Annotation<'a>> {
        if !scope.aliases.is_empty() {
            for annotation in &mut annotations {
                if !annotation.term.text.starts_with("Org.OData.") {
                    annotation.term.text = scope.canonical(&annotation.term.text);
                }
            }
        }
        annotations.retain(|annotation| {
            let value = annotation.value.as_ref();
            let is_ignored = value.is_some_and(Expression::is_dynamic)
                && vocabulary::is_read(&annotation.term.text);
            if is_ignored {
                let term = &annotation.term;
                self.diagnostics.push(
                    Diagnostic::warning(
                        term.span,
                        format!("`{}` has a value that is not constant", term.text),
                    )
                    .help(
                        "the annotation is ignored; write a constant (OData CSDL XML 4.01 §14.3)",
                    ),
                );
            }
            !is_ignored
        });
        annotations
    }

    fn operation(
        &mut self,
        (scope, namespace, operation): (&Scope<'a>, Text<'a>, document::Operation<'a>),
    ) -> Option<Operation<'a>> {
        let return_type = match &operation.return_type {
            Some(ty) => Some(self.type_reference(scope, ty)?),
            None => None,
        };
        let parameters: Option<Vec<_>> = operation
            .parameters
            .into_iter()
            .map(|parameter| Some((parameter.name, self.type_reference(scope, &parameter.ty)?)))
            .collect();
        Some(Operation {
            kind: operation.kind,
            namespace,
            name: operation.name,
            is_bound: operation.is_bound,
            is_composable: operation.is_composable,
            parameters: parameters?,
            return_type,
            annotations: self.canonical_terms(scope, operation.annotations),
        })
    }

    /// The name of the entity container; checks `Extends`.
    fn containers(
        &mut self,
        containers: &[(&Scope<'a>, Text<'a>, document::EntityContainer<'a>)],
    ) -> Option<String> {
        let qualified =
            |(_, namespace, container): &(_, Text<'a>, document::EntityContainer<'a>)| {
                format!("{namespace}.{}", container.name.text)
            };
        let names: Vec<String> = containers.iter().map(qualified).collect();
        let mut extended = HashSet::new();
        for (scope, _, container) in containers {
            let Some(extends) = &container.extends else {
                continue;
            };
            let target = scope.canonical(&extends.text);
            if !names.iter().any(|name| *name == target) {
                let help = did_you_mean(&target, names.iter().map(String::as_str))
                    .unwrap_or_else(|| "give the document that declares it".to_owned());
                self.error(
                    extends.span,
                    format!("unknown entity container `{}`", extends.text),
                    help,
                );
            }
            extended.insert(target.into_owned());
        }
        // A service has one container (OData CSDL XML 4.01 §13); others are what it extends.
        let mut roots = containers
            .iter()
            .zip(&names)
            .filter(|(_, name)| !extended.contains(*name));
        let (_, first) = roots.next()?;
        if let Some(((_, _, second), _)) = roots.next() {
            self.error(
                second.name.span,
                format!("a second entity container, beside `{first}`"),
                "a service has one; let one extend the other, or remove one",
            );
        }
        Some(first.clone())
    }

    fn container_children(
        &mut self,
        containers: Vec<(&Scope<'a>, Text<'a>, document::EntityContainer<'a>)>,
        schema: &Schema<'a>,
    ) -> Vec<ContainerChild<'a>> {
        let mut children: Vec<ContainerChild<'a>> = Vec::new();
        for (scope, _, container) in containers {
            for child in container.children {
                if child.kind == ContainerChildKind::OperationImport {
                    continue;
                }
                let Some(ty) = self.type_id(scope, &child.ty) else {
                    continue;
                };
                if !is_entity(schema, ty) {
                    self.error(
                        child.ty.span,
                        format!("`{}` is not an entity type", child.ty.text),
                        "entity sets and singletons are of entity types",
                    );
                    continue;
                }
                children.push(ContainerChild {
                    kind: child.kind,
                    name: child.name,
                    ty,
                    bindings: child.bindings,
                    annotations: self.canonical_terms(scope, child.annotations),
                });
            }
        }
        children.sort_by(|a, b| a.name.text.cmp(&b.name.text));
        for pair in children.windows(2) {
            if let [first, second] = pair
                && first.name.text == second.name.text
            {
                self.diagnostics.push(
                    Diagnostic::error(
                        second.name.span,
                        format!("`{}` is declared twice in the container", second.name.text),
                    )
                    .help("remove one of them")
                    .related(first.name.span, "first declared here"),
                );
            }
        }
        children
    }

    /// Checks base types and records derived ones; false when a lineage has no end.
    fn inheritance(&mut self, schema: &mut Schema<'a>) -> bool {
        let mut edges = Vec::new();
        for (id, declaration) in schema.types() {
            let Some((ty, base)) = schema.structured(id).and_then(|ty| Some((ty, ty.base?))) else {
                continue;
            };
            match schema.structured(base) {
                Some(base_type) if base_type.kind == ty.kind => edges.push((id, base)),
                _ => {
                    let kind = match ty.kind {
                        StructuredKind::Entity => "an entity type",
                        StructuredKind::Complex => "a complex type",
                    };
                    self.error(
                        declaration.name.span,
                        format!(
                            "`{declaration}` is {kind}, but its base type `{}` is not",
                            schema[base]
                        ),
                        "base and derived type must be of one kind (OData CSDL XML 4.01 §6.2, §9.2)",
                    );
                }
            }
        }
        let mut sound = !self.diagnostics.has_errors();
        for &(id, base) in &edges {
            // A lineage longer than the number of types goes round; said once, at its least member.
            let mut steps = 0;
            let mut cycle = vec![id];
            let mut at = Some(base);
            while let Some(ty) = at {
                if ty == id || steps > MAX_LINEAGE {
                    break;
                }
                cycle.push(ty);
                steps += 1;
                at = schema.structured(ty).and_then(|ty| ty.base);
            }
            if at == Some(id) {
                sound = false;
                if cycle.iter().min() == Some(&id) {
                    let names: Vec<String> = cycle
                        .iter()
                        .chain([&id])
                        .map(|ty| format!("`{}`", schema[*ty]))
                        .collect();
                    self.error(
                        schema[id].name.span,
                        format!("`{}` is its own base type", schema[id]),
                        format!("the base types go round: {}", names.join(" → ")),
                    );
                }
            } else if at.is_some() {
                sound = false;
                // It may lead into a cycle, which is reported at its own members.
                let leads_into_cycle = cycle
                    .iter()
                    .enumerate()
                    .any(|(nth, ty)| cycle.iter().skip(nth + 1).any(|other| other == ty));
                if !leads_into_cycle {
                    self.error(
                        schema[id].name.span,
                        format!("`{}` has more than {MAX_LINEAGE} base types", schema[id]),
                        "no type of Graph has ten; is the document damaged?",
                    );
                    break;
                }
            }
        }
        if !sound {
            return false;
        }
        for (id, base) in edges {
            if let Some(TypeKind::Structured(base)) =
                schema.types.get_mut(base.0 as usize).map(|ty| &mut ty.kind)
            {
                base.derived.push(id);
            }
        }
        self.open_types(schema);
        true
    }

    /// A type derived from an open type is open (OData CSDL XML 4.01 §6.3).
    fn open_types(&mut self, schema: &mut Schema<'a>) {
        let roots: Vec<TypeId> = schema
            .types()
            .filter(|(id, _)| schema.structured(*id).is_some_and(|ty| ty.is_open))
            .map(|(id, _)| id)
            .collect();
        for root in roots {
            for id in schema.descendants(root) {
                if let Some(TypeKind::Structured(ty)) =
                    schema.types.get_mut(id.0 as usize).map(|ty| &mut ty.kind)
                {
                    ty.is_open = true;
                }
            }
        }
    }

    /// Members that stand twice in a type, or again in a derived one.
    fn members(&mut self, schema: &Schema<'a>) {
        let mut names: Vec<&Name<'a>> = Vec::new();
        for (id, declaration) in schema.types() {
            names.clear();
            match &declaration.kind {
                TypeKind::Structured(_) => names.extend(declared_names(schema, id)),
                TypeKind::Enumeration(ty) => {
                    names.extend(ty.members.iter().map(|member| &member.name));
                }
                TypeKind::Definition(_) => {}
            }
            names.sort_unstable_by(|a, b| (&a.text, a.span).cmp(&(&b.text, b.span)));
            for pair in names.windows(2) {
                if let [first, second] = pair
                    && first.text == second.text
                {
                    self.diagnostics.push(
                        Diagnostic::error(
                            second.span,
                            format!("`{}` is declared twice in `{declaration}`", second.text),
                        )
                        .help("remove one of them")
                        .related(first.span, "first declared here"),
                    );
                }
            }
            for base in schema.lineage(id).skip(1) {
                for inherited in declared_names(schema, base) {
                    let again = names.binary_search_by(|name| name.text.cmp(&inherited.text));
                    if let Some(again) = again.ok().and_then(|at| names.get(at)) {
                        self.diagnostics
                            .push(rules::redeclared(schema, id, base, again));
                    }
                }
            }
        }
    }

    fn keys(&mut self, schema: &Schema<'a>) {
        for (id, declaration) in schema.types() {
            let Some(ty) = schema.structured(id) else {
                continue;
            };
            for path in ty.key.iter().flatten() {
                if !is_property_path(schema, id, &path.text) {
                    let names: Vec<&str> = schema
                        .properties(id)
                        .into_iter()
                        .map(|(_, property)| property.name.text.as_ref())
                        .collect();
                    let help = did_you_mean(&path.text, names)
                        .unwrap_or_else(|| "declare the property".to_owned());
                    self.error(
                        path.span,
                        format!(
                            "the key of `{declaration}` names no property `{}`",
                            path.text
                        ),
                        help,
                    );
                }
            }
            self.alternate_keys(schema, id, declaration);
        }
        for child in &schema.container {
            let declaration = &schema[child.ty];
            let concrete = schema
                .structured(child.ty)
                .is_some_and(|ty| !ty.is_abstract);
            if child.kind == ContainerChildKind::EntitySet
                && concrete
                && schema.key(child.ty).is_empty()
            {
                self.diagnostics.push(
                    Diagnostic::error(
                        child.name.span,
                        format!(
                            "entity set `{}` is of `{declaration}`, which has no key",
                            child.name.text
                        ),
                    )
                    .help("an entity in a set is found by its key (OData CSDL XML 4.01 §6.5)")
                    .related(declaration.name.span, "declared here without a key"),
                );
            }
        }
    }

    fn alternate_keys(
        &mut self,
        schema: &Schema<'a>,
        id: TypeId,
        declaration: &TypeDeclaration<'a>,
    ) {
        let Some((annotation, value)) = declaration
            .annotations
            .iter()
            .find(|annotation| annotation.term.text == vocabulary::ALTERNATE_KEYS)
            .and_then(|annotation| Some((annotation, annotation.value.as_ref()?)))
        else {
            return;
        };
        let paths = value
            .items()
            .iter()
            .filter_map(|key| key.property("Key"))
            .flat_map(Expression::items)
            .filter_map(|part| part.property("Name")?.as_str());
        for path in paths {
            if !is_property_path(schema, id, path) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        annotation.term.span,
                        format!("an alternate key of `{declaration}` names no property `{path}`"),
                    )
                    .help("the alternate key is passed over"),
                );
            }
        }
    }

    /// Moves annotations with an external target to what they speak of.
    fn annotate(
        &mut self,
        schema: &mut Schema<'a>,
        targeted: Vec<(&Scope<'a>, document::TargetedAnnotations<'a>)>,
        terms: Vec<(Text<'a>, document::Term<'a>)>,
    ) {
        let term_names: HashSet<String> = terms
            .into_iter()
            .map(|(namespace, term)| format!("{namespace}.{}", term.name.text))
            .collect();
        let operations: HashSet<String> = schema
            .operations
            .iter()
            .map(|operation| format!("{}.{}", operation.namespace, operation.name.text))
            .collect();
        for (scope, annotations) in targeted {
            let annotations_of_target = self.canonical_terms(scope, annotations.annotations);
            let written = annotations.target.text.as_ref();
            let (head, path) = match written.split_once('/') {
                Some((head, path)) => (head, Some(path)),
                None => (written, None),
            };
            let (qualified, overload) = match head.split_once('(') {
                Some((name, parameters)) => (name, Some(parameters)),
                None => (head, None),
            };
            let canonical = scope.canonical(&Cow::Borrowed(qualified));
            let known = if let (Some(id), None) = (schema.find(&canonical), overload) {
                self.annotate_type(schema, id, written, path, annotations_of_target)
            } else if schema.container_name.as_deref() == Some(&*canonical) {
                self.annotate_container(schema, written, path, annotations_of_target)
            } else if operations.contains(&*canonical) {
                annotate_operation(
                    schema,
                    scope,
                    &canonical,
                    overload,
                    path,
                    &annotations_of_target,
                )
            } else {
                term_names.contains(&*canonical)
            };
            if !known {
                self.diagnostics.push(
                    Diagnostic::warning(
                        annotations.target.span,
                        format!("annotations of `{written}`, which is not declared"),
                    )
                    .help("they are passed over"),
                );
            }
        }
    }

    fn annotate_type(
        &mut self,
        schema: &mut Schema<'a>,
        id: TypeId,
        target: &str,
        path: Option<&str>,
        annotations: Vec<Annotation<'a>>,
    ) -> bool {
        let inherited = path.is_some_and(|name| {
            schema
                .lineage(id)
                .skip(1)
                .any(|base| declared_names(schema, base).any(|declared| declared.text == name))
        });
        let Some(declaration) = schema.types.get_mut(id.0 as usize) else {
            return false;
        };
        let Some(name) = path else {
            self.merge(target, &mut declaration.annotations, annotations);
            return true;
        };
        match &mut declaration.kind {
            TypeKind::Structured(ty) => {
                let own = ty
                    .properties
                    .iter_mut()
                    .map(|property| (&property.name, &mut property.annotations));
                let navigation = ty
                    .navigation_properties
                    .iter_mut()
                    .map(|property| (&property.name, &mut property.annotations));
                if let Some((_, list)) = own.chain(navigation).find(|(own, _)| own.text == name) {
                    self.merge(target, list, annotations);
                    return true;
                }
                if inherited {
                    ty.inherited_annotations
                        .push((Cow::Owned(name.to_owned()), annotations));
                }
                inherited
            }
            TypeKind::Enumeration(ty) => {
                match ty
                    .members
                    .iter_mut()
                    .find(|member| member.name.text == name)
                {
                    Some(member) => {
                        self.merge(target, &mut member.annotations, annotations);
                        true
                    }
                    None => false,
                }
            }
            TypeKind::Definition(_) => false,
        }
    }

    fn annotate_container(
        &mut self,
        schema: &mut Schema<'a>,
        target: &str,
        path: Option<&str>,
        annotations: Vec<Annotation<'a>>,
    ) -> bool {
        let Some(name) = path else {
            // On the container as a whole; nothing asks for those.
            return true;
        };
        let child = schema
            .container
            .iter_mut()
            .find(|child| child.name.text == name);
        match child {
            Some(child) => {
                self.merge(target, &mut child.annotations, annotations);
                true
            }
            None => false,
        }
    }

    /// Adds targeted annotations to those that are there. A term may stand once with each qualifier
    /// (OData CSDL XML 4.01 §14.2.1); Graph's own metadata has some twice.
    fn merge(&mut self, target: &str, list: &mut Vec<Annotation<'a>>, added: Vec<Annotation<'a>>) {
        let key = |annotation: &Annotation<'a>| {
            (annotation.term.text.clone(), annotation.qualifier.clone())
        };
        // To look each of many up by a walk over all would take the square of their number; for the
        // usual few the map would be the dearer one.
        let mut places: Option<HashMap<_, usize>> =
            (added.len() > 16).then(|| list.iter().map(key).zip(0..).collect());
        for annotation in added {
            let first = match &places {
                Some(places) => places.get(&key(&annotation)).and_then(|at| list.get(*at)),
                None => list.iter().find(|there| {
                    there.term.text == annotation.term.text
                        && there.qualifier == annotation.qualifier
                }),
            };
            if let Some(first) = first {
                self.diagnostics.push(
                    Diagnostic::warning(
                        annotation.term.span,
                        format!("`{}` stands twice on `{target}`", annotation.term.text),
                    )
                    .help("the first one counts")
                    .related(first.term.span, "the first one"),
                );
                continue;
            }
            if let Some(places) = &mut places {
                places.insert(key(&annotation), list.len());
            }
            list.push(annotation);
        }
    }
}

/// Annotations of an operation: of one overload, or of all when none is named. Those of its
/// parameters and result are known to exist, and nothing asks for them.
fn annotate_operation<'a>(
    schema: &mut Schema<'a>,
    scope: &Scope<'a>,
    canonical: &str,
    overload: Option<&str>,
    path: Option<&str>,
    annotations: &[Annotation<'a>],
) -> bool {
    if path.is_some() {
        return true;
    }
    let wanted: Option<Vec<String>> = overload.map(|parameters| {
        let parameters = parameters.strip_suffix(')').unwrap_or(parameters);
        parameters
            .split(',')
            .map(str::trim)
            .filter(|parameter| !parameter.is_empty())
            .map(|parameter| {
                let (open, name, close) = match parameter
                    .strip_prefix("Collection(")
                    .and_then(|inner| inner.strip_suffix(')'))
                {
                    Some(inner) => ("Collection(", inner, ")"),
                    None => ("", parameter, ""),
                };
                format!("{open}{}{close}", scope.canonical(&Cow::Borrowed(name)))
            })
            .collect()
    });
    let mut found = false;
    let mut operations = std::mem::take(&mut schema.operations);
    for operation in &mut operations {
        if canonical
            .strip_suffix(operation.name.text.as_ref())
            .and_then(|rest| rest.strip_suffix('.'))
            != Some(operation.namespace.as_ref())
        {
            continue;
        }
        let matches = wanted.as_ref().is_none_or(|wanted| {
            wanted.len() == operation.parameters.len()
                && wanted
                    .iter()
                    .zip(&operation.parameters)
                    .all(|(wanted, (_, ty))| *wanted == written_type(schema, *ty))
        });
        if matches {
            operation.annotations.extend_from_slice(annotations);
            found = true;
        }
    }
    schema.operations = operations;
    found
}

fn declared_names<'s, 'a>(
    schema: &'s Schema<'a>,
    id: TypeId,
) -> impl Iterator<Item = &'s Name<'a>> {
    schema.structured(id).into_iter().flat_map(|ty| {
        let own = ty.properties.iter().map(|property| &property.name);
        own.chain(
            ty.navigation_properties
                .iter()
                .map(|property| &property.name),
        )
    })
}

fn is_entity(schema: &Schema<'_>, id: TypeId) -> bool {
    schema
        .structured(id)
        .is_some_and(|ty| ty.kind == StructuredKind::Entity)
}

/// Whether each segment of a path (`address/street`) is a property of the type before it.
fn is_property_path(schema: &Schema<'_>, id: TypeId, path: &str) -> bool {
    let mut at = Some(id);
    path.split('/').all(|segment| {
        let Some(property) = at.and_then(|id| schema.property(id, segment)) else {
            return false;
        };
        at = match property.ty.item {
            ItemType::Declared(id) => Some(id),
            ItemType::Primitive(_) => None,
        };
        true
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

    use std::fmt::Write as _;

    use super::*;
    use crate::parse::parse;
    use crate::source::Sources;

    /// However many annotations there are, of two with one term and qualifier the first counts.
    #[test]
    fn what_stands_twice_on_a_target_is_warned_of() {
        for many in [1, 100] {
            let mut annotations = String::new();
            for nth in 0..many {
                let _ = write!(
                    annotations,
                    "<Annotation Term=\"n.a{nth}\" String=\"later\"/>"
                );
            }
            let document = format!(
                "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
                 <edmx:DataServices><Schema Namespace=\"n\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
                 <ComplexType Name=\"t\"><Property Name=\"p\" Type=\"Edm.String\"/>\
                 <Annotation Term=\"n.a0\" String=\"first\"/></ComplexType>\
                 <Annotations Target=\"n.t\">{annotations}<Annotation Term=\"n.a0\" Qualifier=\"q\"/>\
                 </Annotations><Annotations Target=\"n.t\"><Annotation Term=\"n.a0\" Qualifier=\"q\"/>\
                 </Annotations></Schema></edmx:DataServices></edmx:Edmx>"
            );
            let mut sources = Sources::new();
            let file = sources.add("m.csdl", document);
            let mut diagnostics = Diagnostics::default();
            let document = parse(file, sources.get(file).unwrap(), &mut diagnostics).unwrap();
            resolve(vec![document], &mut diagnostics);
            let warnings: Vec<&str> = diagnostics
                .iter()
                .map(|it| it.message.as_str())
                .filter(|message| message.contains("twice"))
                .collect();
            assert_eq!(warnings, ["`n.a0` stands twice on `n.t`"; 2]);
        }
    }
}
