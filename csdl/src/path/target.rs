//! What a path leads to.

use super::restrictions::Restrictions;
use crate::document::{Annotation, ContainerChildKind};
use crate::model::{ContainerChild, NavigationProperty, Schema, TypeId};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What kind of resource it is.
    pub kind: TargetKind,
    /// The declared type.
    pub ty: TypeId,
    /// Whether it is a collection.
    pub is_collection: bool,
    /// Whether the last navigation on the way contains its target.
    pub contained: bool,
    /// What is annotated, or documented in the facts, of the resource.
    pub restrictions: Restrictions,
}

/// What kind of resource a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A singleton.
    Singleton,
    /// An entity of a set.
    Entity,
    /// The target of a navigation property.
    Navigation,
    /// The value of a complex property.
    Complex,
    /// The result of a function.
    Function,
}

impl Target {
    /// Whether an update is on offer where nobody names the path: contained navigation unless it
    /// says no, other navigation and complex properties only where they say yes. Microsoft's
    /// conversion of the metadata to OpenAPI has this rule.
    pub fn offers_update(&self) -> bool {
        let Restrictions { updatable, put, .. } = self.restrictions;
        match self.kind {
            // PUT replaces a collection of complex values as a whole.
            TargetKind::Complex => updatable == Some(true) && (put || !self.is_collection),
            _ if self.is_collection => false,
            TargetKind::Singleton | TargetKind::Entity => updatable.unwrap_or(true),
            TargetKind::Navigation => updatable.unwrap_or(self.contained),
            TargetKind::Function => false,
        }
    }

    /// The type with the key or the arguments chosen: one item of the collection.
    pub(super) fn item(&self) -> Self {
        Target {
            is_collection: false,
            ..self.clone()
        }
    }
}

pub(super) fn container_target(schema: &Schema<'_>, child: &ContainerChild<'_>) -> Target {
    let annotations: Vec<&Annotation<'_>> = child.annotations.iter().collect();
    Target {
        kind: match child.kind {
            ContainerChildKind::Singleton => TargetKind::Singleton,
            _ => TargetKind::Entity,
        },
        ty: child.ty,
        is_collection: child.kind == ContainerChildKind::EntitySet,
        contained: true,
        restrictions: Restrictions::of(
            schema,
            &child.name.text,
            &annotations,
            Some((child.ty, true)),
        ),
    }
}

pub(super) fn navigation_target(
    schema: &Schema<'_>,
    source: TypeId,
    property: &NavigationProperty<'_>,
) -> Target {
    let name = &property.name.text;
    let annotations: Vec<&Annotation<'_>> = schema
        .property_annotations(source, name, &property.annotations)
        .collect();
    let contained = property.contains_target;
    let ty = (property.target, contained);
    Target {
        kind: TargetKind::Navigation,
        ty: property.target,
        is_collection: property.is_collection,
        contained,
        restrictions: Restrictions::of(schema, name, &annotations, Some(ty)),
    }
}
