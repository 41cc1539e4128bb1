//! The walk along a path through the metadata.

use msgraph_csdl::document::{Annotation, ContainerChildKind};
use msgraph_csdl::model::{ItemType, TypeId, TypeReference};

use crate::model::restrictions::Restrictions;
use crate::model::{Model, key, primitive};
use crate::path::function;
use crate::path::segment::Segment;
use crate::path::{Key, Resource, Step, Target};
use crate::rejection::Refusal;

/// Walks the segments behind the API version.
pub(crate) fn walk(model: &Model, segments: &[String]) -> Result<Resource, Refusal> {
    let Some((first, rest)) = segments.split_first() else {
        return Err(Refusal::not_emulated("The service document"));
    };
    let mut walk = Walk::enter(model, &Segment::parse(first)?)?;
    for segment in rest {
        walk.step(&Segment::parse(segment)?)?;
    }
    let (of_entity, ty) = match &walk.at {
        At::Collection(ty) | At::Entity(ty) => (Some(*ty), Some(*ty)),
        At::Property(property) => match property.ty.item {
            ItemType::Declared(ty) => (None, Some(ty)),
            ItemType::Primitive(_) => (None, None),
        },
    };
    let of_types = of_entity
        .into_iter()
        .flat_map(|ty| model.schema().supertypes(ty))
        .flat_map(|ty| &model.schema()[ty].annotations);
    let position = walk.position;
    let mut resource = Resource {
        restrictions: Restrictions::of(walk.annotations.iter().copied().chain(of_types)),
        steps: walk.steps,
        target: match walk.at {
            At::Collection(ty) => Target::Collection(ty),
            At::Entity(declared) => Target::Entity { declared },
            At::Property(property) => Target::Property {
                path: property.path,
                ty: property.ty,
                nullable: property.nullable,
                is_read_only: property.is_read_only,
            },
        },
    };
    if let Some(ty) = ty {
        let position = position.as_ref().map(|(ty, name)| (*ty, name.as_str()));
        let facts = model.update_facts(&resource.canonical(), position, ty);
        resource.restrictions.correct(facts);
    }
    Ok(resource)
}

struct Walk<'m> {
    model: &'m Model,
    at: At,
    steps: Vec<Step>,
    /// Annotations of the set, singleton or property that led here.
    annotations: Vec<&'m Annotation<'m>>,
    /// The property that led here: the type that has it, and its name.
    position: Option<(TypeId, String)>,
}

enum At {
    Collection(TypeId),
    Entity(TypeId),
    Property(PropertyAt),
}

struct PropertyAt {
    path: Vec<String>,
    ty: TypeReference,
    nullable: bool,
    is_read_only: bool,
}

impl<'m> Walk<'m> {
    fn enter(model: &'m Model, segment: &Segment) -> Result<Self, Refusal> {
        let name = segment.name.as_str();
        let child = model
            .schema()
            .container_child(name)
            .ok_or_else(|| segment.not_found())?;
        let is_collection = match child.kind {
            ContainerChildKind::EntitySet => true,
            ContainerChildKind::Singleton => false,
            ContainerChildKind::OperationImport => {
                return Err(Refusal::not_emulated(format_args!(
                    "The operation '{name}'"
                )));
            }
        };
        let mut walk = Walk {
            model,
            at: At::Entity(child.ty),
            steps: Vec::new(),
            annotations: child.annotations.iter().collect(),
            position: None,
        };
        walk.enter_entities(name.to_owned(), child.ty, is_collection);
        walk.keyed(segment)?;
        Ok(walk)
    }

    fn enter_entities(&mut self, name: String, declared: TypeId, is_collection: bool) {
        self.steps.push(Step::Name {
            name,
            declared,
            is_collection,
        });
        self.at = if is_collection {
            At::Collection(declared)
        } else {
            At::Entity(declared)
        };
    }

    /// Goes on with the key that a segment has in parentheses, if it has any.
    fn keyed(&mut self, segment: &Segment) -> Result<(), Refusal> {
        match (&self.at, &segment.arguments) {
            (_, None) => Ok(()),
            (At::Collection(ty), Some(key)) => self.predicate(key, *ty, segment),
            _ => Err(segment.not_found()),
        }
    }

    fn step(&mut self, segment: &Segment) -> Result<(), Refusal> {
        if let At::Collection(ty) = self.at
            && segment.is_call()
            && self.function(segment, ty, true)
        {
            return Ok(());
        }
        if let Some(ty) = self.model.find_type(&segment.name) {
            self.cast(ty, segment)?;
            return self.keyed(segment);
        }
        match &self.at {
            At::Collection(_) if segment.text.starts_with('$') => Err(segment.not_found()),
            At::Collection(ty) => self.key_segment(segment, *ty),
            At::Entity(ty) => self.member(segment, *ty, Vec::new()),
            At::Property(property) => match property.ty {
                TypeReference {
                    is_collection: false,
                    item: ItemType::Declared(complex),
                } if self.model.schema().structured(complex).is_some() => {
                    let path = property.path.clone();
                    self.member(segment, complex, path)
                }
                _ => Err(segment.not_found()),
            },
        }
    }

    fn cast(&mut self, to: TypeId, segment: &Segment) -> Result<(), Refusal> {
        let schema = self.model.schema();
        match &mut self.at {
            At::Collection(ty) | At::Entity(ty) if schema.is_subtype_of(to, *ty) => {
                *ty = to;
                self.steps.push(Step::Cast(to));
                Ok(())
            }
            At::Property(property) => match &mut property.ty.item {
                ItemType::Declared(ty) if schema.is_subtype_of(to, *ty) => {
                    *ty = to;
                    Ok(())
                }
                _ => Err(segment.not_found()),
            },
            _ => Err(segment.not_found()),
        }
    }

    /// A property of an entity type, or of a complex type at `path` in an entity.
    fn member(
        &mut self,
        segment: &Segment,
        ty: TypeId,
        mut path: Vec<String>,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let name = segment.name.as_str();
        if let Some((_, navigation)) = model.schema().navigation_property(ty, name) {
            path.push(name.to_owned());
            self.position = Some((ty, name.to_owned()));
            self.annotations = model
                .schema()
                .property_annotations(ty, navigation.name.text.as_ref(), &navigation.annotations)
                .collect();
            let (target, is_collection) = (navigation.target, navigation.is_collection);
            self.enter_entities(path.join("/"), target, is_collection);
            return self.keyed(segment);
        }
        if let Some(property) = model.schema().property(ty, &segment.text) {
            path.push(segment.text.clone());
            let is_read_only = model.is_read_only(ty, property)
                || matches!(&self.at, At::Property(outer) if outer.is_read_only);
            self.position = Some((ty, segment.text.clone()));
            self.annotations = model
                .schema()
                .property_annotations(ty, property.name.text.as_ref(), &property.annotations)
                .collect();
            self.at = At::Property(PropertyAt {
                path,
                ty: property.ty,
                nullable: property.nullable && !property.ty.is_collection,
                is_read_only,
            });
            return Ok(());
        }
        if path.is_empty() && self.function(segment, ty, false) {
            return Ok(());
        }
        Err(segment.not_found())
    }

    /// Goes on to where a function leads, if the segment calls one.
    fn function(&mut self, segment: &Segment, ty: TypeId, on_many: bool) -> bool {
        let arguments = segment.arguments.as_deref();
        let Some(called) = function::called(self.model, (ty, on_many), &segment.name, arguments)
        else {
            return false;
        };
        self.annotations = Vec::new();
        self.position = None;
        // The names of places go by `/`.
        let name = called.name.replace('/', "%2F");
        self.enter_entities(name, called.ty, called.is_collection);
        true
    }

    fn key_segment(&mut self, segment: &Segment, ty: TypeId) -> Result<(), Refusal> {
        match self.model.schema().key(ty) {
            [_] => self.key_values(vec![segment.text.clone()], ty, segment),
            _ => Err(segment.not_found()),
        }
    }

    fn key_values(
        &mut self,
        values: Vec<String>,
        ty: TypeId,
        segment: &Segment,
    ) -> Result<(), Refusal> {
        if values.iter().any(String::is_empty) {
            return Err(segment.not_found());
        }
        let mut values = values;
        for (name, value) in self.model.schema().key(ty).iter().zip(&mut values) {
            let primitive = self.model.key_type(ty, &name.text);
            if !primitive::is_key_text(primitive, value) {
                return Err(segment.not_found());
            }
            *value = key::normalized(primitive, value);
        }
        self.enter_item(Key::Values(values), ty);
        Ok(())
    }

    fn enter_item(&mut self, key: Key, ty: TypeId) {
        self.steps.push(Step::Key(key));
        self.at = At::Entity(ty);
    }

    /// What stands in parentheses behind a collection.
    fn predicate(
        &mut self,
        parts: &[(Option<String>, String)],
        ty: TypeId,
        segment: &Segment,
    ) -> Result<(), Refusal> {
        let key: Vec<&str> = self
            .model
            .schema()
            .key(ty)
            .iter()
            .map(|name| name.text.as_ref())
            .collect();
        if let [(None, value)] = parts {
            return match key.as_slice() {
                [_] => self.key_values(vec![value.clone()], ty, segment),
                _ => Err(segment.not_found()),
            };
        }
        let value_of = |wanted: &str| {
            parts
                .iter()
                .find(|(name, _)| name.as_deref() == Some(wanted))
                .map(|(_, value)| value.clone())
        };
        if key.len() == parts.len()
            && let Some(values) = key.iter().map(|name| value_of(name)).collect()
        {
            return self.key_values(values, ty, segment);
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
        self.enter_item(Key::Alternate(alternate), ty);
        Ok(())
    }
}
