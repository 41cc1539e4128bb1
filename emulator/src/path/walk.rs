//! Walks a path through the metadata. Independent of the generator's walk, so that a mistake there is
//! not repeated here.

use msgraph_csdl::document::{Annotation, ContainerChildKind};
use msgraph_csdl::model::{ItemType, TypeId, TypeReference};

use crate::model::restrictions::Restrictions;
use crate::model::{Model, key, primitive};
use crate::path::function::function_call;
use crate::path::segment::Segment;
use crate::path::{Key, PathStep, Resource, Target};
use crate::rejection::{Rejection, Result};

/// Walks the segments after the API version.
pub(crate) fn walk(model: &Model, segments: &[String]) -> Result<Resource> {
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
    };
    let mut restrictions = Restrictions::default();
    restrictions.add(walk.annotations.iter().copied());
    for ty in of_entity.into_iter().flat_map(|ty| schema.supertypes(ty)) {
        restrictions.add(&schema[ty].annotations);
    }
    let mut resource = Resource {
        restrictions,
        steps: walk.steps,
        target: walk.target,
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
    /// Those of the entity set, singleton or property that leads to the target.
    annotations: Vec<&'m Annotation<'m>>,
    /// The type and name of the property that leads to the target.
    position: Option<(TypeId, String)>,
}

impl<'m> Walk<'m> {
    fn enter(model: &'m Model, segment: &Segment) -> Result<Self> {
        let name = segment.name.as_str();
        let child = model.schema().container_child(name);
        let child = child.ok_or_else(|| segment.not_found())?;
        let is_collection = match child.kind {
            ContainerChildKind::EntitySet => true,
            ContainerChildKind::Singleton => false,
            ContainerChildKind::OperationImport => {
                let operation = format_args!("The operation '{name}'");
                return Err(Rejection::not_emulated(operation));
            }
        };
        let mut walk = Walk {
            model,
            target: Target::Entity { declared: child.ty },
            steps: Vec::new(),
            annotations: child.annotations.iter().collect(),
            position: None,
        };
        walk.enter_entities(name.to_owned(), child.ty, is_collection);
        walk.enter_key(segment)?;
        Ok(walk)
    }

    fn enter_entities(&mut self, name: String, declared: TypeId, is_collection: bool) {
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
        if let Target::Collection(ty) = self.target
            && segment.is_call()
            && self.call_function(segment, ty, true)
        {
            return Ok(());
        }
        if let Some(ty) = self.model.find_type(&segment.name) {
            self.cast(ty, segment)?;
            return self.enter_key(segment);
        }
        match &self.target {
            Target::Collection(_) if segment.text.starts_with('$') => Err(segment.not_found()),
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
        }
    }

    fn cast(&mut self, to: TypeId, segment: &Segment) -> Result<()> {
        let is_entity = !matches!(self.target, Target::Property { .. });
        let ty = match &mut self.target {
            Target::Collection(ty) | Target::Entity { declared: ty } => ty,
            Target::Property { ty, .. } => match &mut ty.item {
                ItemType::Declared(ty) => ty,
                ItemType::Primitive(_) => return Err(segment.not_found()),
            },
        };
        if !self.model.schema().is_subtype_of(to, *ty) {
            return Err(segment.not_found());
        }
        *ty = to;
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
            self.position = Some((ty, segment.name.clone()));
            self.annotations = schema
                .property_annotations(ty, &navigation.name.text, &navigation.annotations)
                .collect();
            self.enter_entities(path.join("/"), navigation.target, navigation.is_collection);
            return self.enter_key(segment);
        }
        if let Some(property) = schema.property(ty, &segment.text) {
            path.push(segment.text.clone());
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
            self.target = Target::Property {
                path,
                ty: property.ty,
                nullable: property.nullable && !property.ty.is_collection,
                is_read_only: is_in_read_only || model.is_read_only(ty, property),
            };
            return Ok(());
        }
        if path.is_empty() && self.call_function(segment, ty, false) {
            return Ok(());
        }
        Err(segment.not_found())
    }

    /// Enters the result of a function, if the segment calls one.
    fn call_function(&mut self, segment: &Segment, ty: TypeId, of_collection: bool) -> bool {
        let arguments = segment.arguments.as_deref();
        let binding = (ty, of_collection);
        let Some(call) = function_call(self.model, binding, &segment.name, arguments) else {
            return false;
        };
        self.annotations = Vec::new();
        self.position = None;
        // A slash in the name of a position separates properties.
        let name = call.name.replace('/', "%2F");
        self.enter_entities(name, call.ty, call.is_collection);
        true
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
                    .map(|(alias, property)| Some((property, value_of(&alias)?)))
                    .collect::<Option<Vec<_>>>()
            })
            .ok_or_else(|| segment.not_found())?;
        self.steps.push(PathStep::Key(Key::Alternate(alternate)));
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
        self.steps.push(PathStep::Key(Key::Values(values)));
        self.target = Target::Entity { declared: ty };
        Ok(())
    }
}
