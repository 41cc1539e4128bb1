//! The path of a request, walked against the metadata (OData URL Conventions 4.01 §4).

mod function;
pub(crate) mod segment;
pub(crate) mod walk;

use msgraph_csdl::model::{ItemType, TypeId, TypeReference};
use msgraph_csdl::segment::key_segments;

use crate::model::Model;
use crate::model::restrictions::Restrictions;

/// A place in the service that the metadata knows; whether something is there, the state knows.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) steps: Vec<Step>,
    pub(crate) target: Target,
    /// What `Capabilities` says of the place, then of its type.
    pub(crate) restrictions: Restrictions,
}

impl Resource {
    /// The path as facts write it: keys as segments, without casts.
    pub(crate) fn canonical(&self) -> Vec<String> {
        let mut path = Vec::new();
        for step in &self.steps {
            match step {
                Step::Name { name, .. } => {
                    let segments = key_segments(name);
                    path.extend(segments.split('/').map(|name| name.replace("%2F", "/")));
                }
                Step::Key(key) => path.push(key.text()),
                Step::Cast(_) => {}
            }
        }
        path
    }

    /// The path as `@odata.context` writes it (OData JSON 4.01 §4.6.1): keys in parentheses; an item
    /// by its set, with what is selected, and `/$entity`.
    pub(crate) fn context(&self, model: &Model, selected: &str) -> String {
        let steps = match (&self.target, self.steps.split_last()) {
            (Target::Entity { .. }, Some((Step::Key(_), set))) => set,
            _ => self.steps.as_slice(),
        };
        let mut text = String::new();
        for step in steps {
            let slash = if text.is_empty() { "" } else { "/" };
            text += &match step {
                Step::Name { name, .. } => format!("{slash}{name}"),
                Step::Key(key) => format!("('{}')", key.text().replace('\'', "''")),
                Step::Cast(ty) => format!("{slash}{}", model.type_name(*ty)),
            };
        }
        match &self.target {
            Target::Collection(_) => text + selected,
            Target::Entity { .. } => format!("{text}{selected}/$entity"),
            Target::Property { path, .. } => format!("{text}/{}", path.join("/")),
        }
    }
}

impl Key {
    /// As it is shown in messages, and compared with the templates of facts.
    pub(crate) fn text(&self) -> String {
        match self {
            Key::Values(values) => values.join(","),
            Key::Alternate(parts) => {
                let values: Vec<&str> = parts.iter().map(|(_, value)| value.as_str()).collect();
                values.join(",")
            }
        }
    }
}

/// What is at a place.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Entities of a type.
    Collection(TypeId),
    /// One entity.
    Entity {
        /// What the place declares: the type of the set or navigation property, or of a cast.
        declared: TypeId,
    },
    /// A structural property, perhaps inside of complex ones.
    Property {
        /// Names from the entity inwards.
        path: Vec<String>,
        ty: TypeReference,
        nullable: bool,
        is_read_only: bool,
    },
}

impl Target {
    /// Whether it is a complex value, or several.
    pub(crate) fn is_complex(&self, model: &Model) -> bool {
        let Target::Property { ty, .. } = self else {
            return false;
        };
        matches!(ty.item, ItemType::Declared(ty) if model.schema().structured(ty).is_some())
    }
}

/// One step from the service root inwards.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A set, a singleton, a navigation property (with the complex properties before it), or a
    /// function without side effects.
    Name {
        name: String,
        declared: TypeId,
        is_collection: bool,
    },
    /// An item of a collection.
    Key(Key),
    /// The entity, or the items, must be of a type.
    Cast(TypeId),
}

/// What identifies an item.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// The values of the key properties, in the order of the key.
    Values(Vec<String>),
    /// Property paths and their values.
    Alternate(Vec<(String, String)>),
}
