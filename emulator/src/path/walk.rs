//! Walks a path through the metadata. Independent of the generator's walk, so that a mistake there is
//! not repeated here.

use msgraph_csdl::document::{Annotation, ContainerChildKind};
use msgraph_csdl::model::{ItemType, Primitive, TypeId, TypeReference};

use crate::model::restrictions::Restrictions;
use crate::model::{Model, key, primitive};
use crate::path::operation::{self, InvokedOperation};
use crate::path::segment::Segment;
use crate::path::templates::Templates;
use crate::path::{Key, PathStep, Resource, Target};
use crate::rejection::{Rejection, Result, bad_request};

/// Walks the segments after the API version.
pub(crate) fn walk<'m>(model: &'m Model, segments: &[String]) -> Result<Resource<'m>> {
    let Some((first, rest)) = segments.split_first() else {
        return Err(Rejection::not_emulated("The service document"));
    };
    let mut walk = Walk::enter(model, &Segment::parse(first)?)?;
    for segment in rest {
        walk.step(&Segment::parse(segment)?)?;
    }
    let schema = model.schema();
    let (of_entity, ty) = match &walk.target {
        Target::Collection(ty) | Target::Entity { declared: ty } => (Some(*ty), Some(*ty)),
        Target::Property { ty, .. } => match ty.item {
            ItemType::Declared(ty) => (None, Some(ty)),
            ItemType::Primitive(_) => (None, None),
        },
        Target::Count(_)
        | Target::References { .. }
        | Target::Content { .. }
        | Target::OperationResult => (None, None),
    };
    let mut restrictions = Restrictions::default();
    restrictions.add(walk.annotations.iter().copied());
    for ty in of_entity.into_iter().flat_map(|ty| schema.supertypes(ty)) {
        restrictions.add(&schema[ty].annotations);
    }
    let alternate_keys = of_entity.map(|ty| model.alternate_keys(ty, &walk.annotations));
    let alternate_keys = alternate_keys.into_iter().flatten().map(|key| {
        let paths = key.into_iter().map(|(_, path)| path);
        paths.collect()
    });
    let mut resource = Resource {
        alternate_keys: alternate_keys.collect(),
        restrictions,
        is_contained: walk.is_contained,
        is_linked: walk.is_linked,
        steps: walk.steps,
        target: walk.target,
        templates: walk.templates,
        enclosing: walk.enclosing,
        invoked: walk.invoked,
    };
    if let Some(ty) = ty {
        let position = walk
            .position
            .as_ref()
            .map(|(ty, name)| (*ty, name.as_str()));
        let facts = model.update_facts(&resource.canonical(), position, ty);
        resource.restrictions.correct(facts);
    }
    Ok(resource)
}

struct Walk<'m> {
    model: &'m Model,
    target: Target,
    steps: Vec<PathStep>,
    templates: Templates,
    enclosing: Vec<Templates>,
    /// Those of the entity set, singleton or property that leads to the target.
    annotations: Vec<&'m Annotation<'m>>,
    /// The type and name of the property that leads to the target.
    position: Option<(TypeId, String)>,
    /// Whether the target is in an entity set or in a navigation property that contains it.
    is_contained: bool,
    /// Whether the target is linked: reached by a navigation property with references.
    is_linked: bool,
    /// The operation that the latest segment invokes.
    invoked: Option<InvokedOperation<'m>>,
}

impl<'m> Walk<'m> {
    /// A walk before its first segment.
    fn new(model: &'m Model) -> Self {
        Walk {
            model,
            target: Target::OperationResult,
            steps: Vec::new(),
            templates: Templates::default(),
            enclosing: Vec::new(),
            annotations: Vec::new(),
            position: None,
            is_contained: true,
            is_linked: false,
            invoked: None,
        }
    }

    fn enter(model: &'m Model, segment: &Segment) -> Result<Self> {
        let name = segment.name.as_str();
        let Some(child) = model.schema().container_child(name) else {
            return Self::import(model, segment).ok_or_else(|| segment.not_found());
        };
        let is_collection = child.kind == ContainerChildKind::EntitySet;
        let mut walk = Walk::new(model);
        walk.annotations = child.annotations.iter().collect();
        walk.templates.push_name(name);
        walk.enter_entities(name.to_owned(), child.ty, is_collection);
        walk.enter_key(segment)?;
        Ok(walk)
    }

    /// An action or function at the root.
    fn import(model: &'m Model, segment: &Segment) -> Option<Self> {
        let found = operation::find_import(model, segment)?;
        let mut walk = Walk::new(model);
        walk.enter_result(found);
        Some(walk)
    }

    fn enter_entities(&mut self, name: String, declared: TypeId, is_collection: bool) {
        self.enclosing.clear();
        self.steps.push(PathStep::Name {
            name,
            declared,
            is_collection,
        });
        self.target = match is_collection {
            true => Target::Collection(declared),
            false => Target::Entity { declared },
        };
    }

    fn step(&mut self, segment: &Segment) -> Result<()> {
        self.invoked = None;
        if segment.text.starts_with('$') {
            return self.enter_system_segment(segment);
        }
        if let Target::Collection(ty) = self.target
            && self.invoke(segment, ty, true)
        {
            return Ok(());
        }
        if let Some(ty) = self.model.find_type(&segment.name) {
            self.cast(ty, segment)?;
            return self.enter_key(segment);
        }
        match &self.target {
            Target::Collection(ty) => match self.model.schema().key(*ty) {
                [_] => self.enter_item(vec![segment.text.clone()], *ty, segment),
                _ => Err(segment.not_found()),
            },
            Target::Entity { declared } => self.enter_property(segment, *declared, Vec::new()),
            Target::Property { path, ty, .. } => match *ty {
                TypeReference {
                    is_collection: false,
                    item: ItemType::Declared(complex),
                } if self.model.schema().structured(complex).is_some() => {
                    self.enter_property(segment, complex, path.clone())
                }
                _ => Err(segment.not_found()),
            },
            Target::Count(_)
            | Target::References { .. }
            | Target::Content { .. }
            | Target::OperationResult => Err(segment.not_found()),
        }
    }

    /// Enters `$count`, `$ref` or `$value`.
    fn enter_system_segment(&mut self, segment: &Segment) -> Result<()> {
        self.target = match (&self.target, segment.text.as_str()) {
            (Target::Collection(ty), "$count") => {
                self.enclosing.push(self.templates.clone());
                Target::Count(*ty)
            }
            (Target::Collection(ty), "$ref") if self.is_linked => Target::References {
                declared: *ty,
                is_collection: true,
            },
            (Target::Entity { declared }, "$ref") if self.is_linked => Target::References {
                declared: *declared,
                is_collection: matches!(self.steps.last(), Some(PathStep::Key(_))),
            },
            (Target::Collection(_) | Target::Entity { .. }, "$ref") => {
                return Err(bad_request!(
                    "The navigation property contains its entities; it has no references."
                ));
            }
            (Target::Entity { declared }, "$value") if self.model.has_stream(*declared) => {
                Target::Content { path: Vec::new() }
            }
            _ => return Err(segment.not_found()),
        };
        self.templates.push_name(&segment.text);
        Ok(())
    }

    fn cast(&mut self, to: TypeId, segment: &Segment) -> Result<()> {
        let is_entity = !matches!(self.target, Target::Property { .. });
        let ty = match &mut self.target {
            Target::Collection(ty) | Target::Entity { declared: ty } => ty,
            Target::Property {
                ty:
                    TypeReference {
                        item: ItemType::Declared(ty),
                        ..
                    },
                ..
            } => ty,
            _ => return Err(segment.not_found()),
        };
        if !self.model.schema().is_subtype_of(to, *ty) {
            return Err(segment.not_found());
        }
        *ty = to;
        self.templates.push_cast(&self.model.type_name(to));
        if is_entity {
            self.steps.push(PathStep::Cast(to));
        }
        Ok(())
    }

    /// Enters a property of an entity type, or of a complex type at `path` in an entity.
    fn enter_property(
        &mut self,
        segment: &Segment,
        ty: TypeId,
        mut path: Vec<String>,
    ) -> Result<()> {
        let model = self.model;
        let schema = model.schema();
        if let Some((_, navigation)) = schema.navigation_property(ty, &segment.name) {
            path.push(segment.name.clone());
            self.templates.push_name(&segment.name);
            self.position = Some((ty, segment.name.clone()));
            self.annotations = schema
                .property_annotations(ty, &navigation.name.text, &navigation.annotations)
                .collect();
            self.is_contained = navigation.contains_target;
            self.is_linked = model.has_references(ty, navigation, &self.annotations);
            self.enter_entities(path.join("/"), navigation.target, navigation.is_collection);
            return self.enter_key(segment);
        }
        if let Some(property) = schema.property(ty, &segment.text) {
            path.push(segment.text.clone());
            self.enclosing.push(self.templates.clone());
            self.templates.push_name(&segment.text);
            self.position = Some((ty, segment.text.clone()));
            self.annotations = schema
                .property_annotations(ty, &property.name.text, &property.annotations)
                .collect();
            let is_in_read_only = matches!(
                self.target,
                Target::Property {
                    is_read_only: true,
                    ..
                }
            );
            if property.ty.item == ItemType::Primitive(Primitive::Stream) {
                self.target = Target::Content { path };
                return Ok(());
            }
            self.target = Target::Property {
                path,
                ty: property.ty,
                nullable: property.nullable && !property.ty.is_collection,
                is_read_only: is_in_read_only || model.is_read_only(ty, property),
            };
            return Ok(());
        }
        if path.is_empty() && self.invoke(segment, ty, false) {
            return Ok(());
        }
        Err(segment.not_found())
    }

    /// Enters the result of an operation, if the segment invokes one.
    fn invoke(&mut self, segment: &Segment, ty: TypeId, of_collection: bool) -> bool {
        let (binding, steps) = ((ty, of_collection), self.steps.len());
        let found = operation::find_bound(self.model, binding, segment, steps);
        let is_found = found.is_some();
        if let Some(found) = found {
            self.enter_result(found);
        }
        is_found
    }

    fn enter_result(&mut self, found: operation::Match<'m>) {
        self.annotations = Vec::new();
        self.position = None;
        self.is_contained = true;
        self.is_linked = false;
        self.templates.push_name(&found.invoked.operation.name.text);
        self.templates.push_arguments(found.invoked.literals());
        self.invoked = Some(found.invoked);
        match found.entities {
            Some((ty, is_collection)) => {
                // A slash in the name of a position separates properties.
                let name = found.name.replace('/', "%2F");
                self.enter_entities(name, ty, is_collection);
            }
            None => self.target = Target::OperationResult,
        }
    }

    /// Enters the item with the key in the segment's parentheses, if there are any.
    fn enter_key(&mut self, segment: &Segment) -> Result<()> {
        let Some(parts) = &segment.arguments else {
            return Ok(());
        };
        let Target::Collection(ty) = self.target else {
            return Err(segment.not_found());
        };
        let names = self.model.schema().key(ty);
        if let [(None, value)] = parts.as_slice() {
            return match names {
                [_] => self.enter_item(vec![value.clone()], ty, segment),
                _ => Err(segment.not_found()),
            };
        }
        let value_of = |wanted: &str| {
            let mut parts = parts.iter();
            let found = parts.find(|(name, _)| name.as_deref() == Some(wanted));
            found.map(|(_, value)| value.clone())
        };
        if names.len() == parts.len()
            && let Some(values) = names.iter().map(|name| value_of(&name.text)).collect()
        {
            return self.enter_item(values, ty, segment);
        }
        let alternate = self
            .model
            .alternate_keys(ty, &self.annotations)
            .into_iter()
            .filter(|key| key.len() == parts.len())
            .find_map(|key| {
                key.into_iter()
                    .map(|(alias, property)| Some((property, value_of(&alias)?, alias)))
                    .collect::<Option<Vec<_>>>()
            })
            .ok_or_else(|| segment.not_found())?;
        let literal = |property: &str| self.model.key_type(ty, property).literal();
        let arguments = alternate.iter();
        let arguments = arguments.map(|(property, _, alias)| (alias.as_str(), literal(property)));
        self.templates.push_arguments(arguments);
        let values = alternate.into_iter();
        let values = values.map(|(property, value, _)| (property, value));
        self.steps
            .push(PathStep::Key(Key::Alternate(values.collect())));
        self.target = Target::Entity { declared: ty };
        Ok(())
    }

    fn enter_item(&mut self, mut values: Vec<String>, ty: TypeId, segment: &Segment) -> Result<()> {
        for (name, value) in self.model.schema().key(ty).iter().zip(&mut values) {
            let primitive = self.model.key_type(ty, &name.text);
            if value.is_empty() || !primitive::is_key_text(primitive, value) {
                return Err(segment.not_found());
            }
            *value = key::normalized(primitive, value);
        }
        match values.as_slice() {
            [value] => self.templates.push_key(value),
            _ => {
                let names = self.model.schema().key(ty).iter();
                let names = names.map(|name| name.text.as_ref());
                let literal = |name| (name, self.model.key_type(ty, name).literal());
                self.templates.push_arguments(names.map(literal));
            }
        }
        self.steps.push(PathStep::Key(Key::Values(values)));
        self.target = Target::Entity { declared: ty };
        Ok(())
    }
}
