//! The path of a request, resolved against the metadata (OData URL Conventions 4.01 §4).

pub(crate) mod operation;
pub(crate) mod segment;
pub(crate) mod templates;
pub(crate) mod walk;

use msgraph_csdl::model::{ItemType, Literal, TypeId, TypeReference};
use msgraph_csdl::path::segment::key_segments;
use url::form_urlencoded;

use crate::model::Model;
use crate::model::restrictions::Restrictions;
use crate::path::operation::InvokedOperation;
use crate::path::templates::Templates;

/// A position that the metadata declares. The state may have nothing there.
#[derive(Clone, Debug)]
pub(crate) struct Resource<'m> {
    pub(crate) steps: Vec<PathStep>,
    pub(crate) target: Target,
    /// For the lookup of permissions.
    pub(crate) templates: Templates,
    /// If the target is a property or `$count`: the templates of what it belongs to, the outermost first.
    pub(crate) enclosing: Vec<Templates>,
    pub(crate) restrictions: Restrictions,
    /// The alternate keys of a collection, each the paths of its properties.
    pub(crate) alternate_keys: Vec<Vec<String>>,
    /// Whether it is in an entity set or in a navigation property that contains it.
    pub(crate) is_contained: bool,
    /// Whether a navigation property links it, so that `/$ref` addresses the reference.
    pub(crate) is_linked: bool,
    /// The action or function that the last segment invokes.
    pub(crate) invoked: Option<InvokedOperation<'m>>,
}

/// The kind of a position.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Entities of a type.
    Collection(TypeId),
    Entity {
        /// The type of the entity set or navigation property, or of a cast.
        declared: TypeId,
    },
    /// A structural property of an entity or of a complex value in it.
    Property {
        /// Names from the entity inwards.
        path: Vec<String>,
        ty: TypeReference,
        nullable: bool,
        is_read_only: bool,
    },
    /// `$count`: the number of entities of a type.
    Count(TypeId),
    /// `$ref`: the references of a navigation property, or one of them if the steps end with a key.
    References {
        declared: TypeId,
        is_collection: bool,
    },
    /// The media stream of an entity if the path is empty, or else a stream property.
    Content { path: Vec<String> },
    /// The result of an action, or of a function that does not return entities. The steps lead to
    /// what the operation is bound to.
    OperationResult,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(crate) enum PathStep {
    /// An entity set, a singleton, a navigation property (after its complex properties), or a function
    /// without side effects.
    Name {
        name: String,
        declared: TypeId,
        is_collection: bool,
    },
    /// An item of a collection.
    Key(Key),
    /// A type that the entity or the items must have.
    Cast(TypeId),
}

/// The key of an item.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// The values of the key properties, in the order of the key.
    Values(Vec<String>),
    /// Property paths and their values.
    Alternate(Vec<(String, String)>),
}

impl Key {
    /// The key for messages, and for comparison with the templates of facts.
    pub(crate) fn text(&self) -> String {
        let values: Vec<&str> = match self {
            Key::Values(values) => values.iter().map(String::as_str).collect(),
            Key::Alternate(parts) => parts.iter().map(|(_, value)| value.as_str()).collect(),
        };
        values.join(",")
    }

    /// The key in parentheses, percent-encoded: `'1'`, `row=1,column='b'`.
    pub(crate) fn literal(&self, model: &Model, ty: TypeId) -> String {
        let (names, values): (Vec<&str>, Vec<&str>) = match self {
            Key::Values(values) => model
                .schema()
                .key(ty)
                .iter()
                .zip(values)
                .map(|(name, value)| (name.text.as_ref(), value.as_str()))
                .unzip(),
            Key::Alternate(parts) => parts
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .unzip(),
        };
        let literals = names.iter().zip(values).map(|(name, value)| {
            let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let encoded = encoded.replace('+', "%20");
            let literal = match model.key_type(ty, name).literal() {
                Literal::Quoted => format!("'{}'", encoded.replace("%27", "''")),
                _ => encoded,
            };
            match names.len() {
                1 => literal,
                _ => format!("{name}={literal}"),
            }
        });
        literals.collect::<Vec<_>>().join(",")
    }
}

impl Target {
    /// Whether it is a complex value or a collection of them.
    pub(crate) fn is_complex(&self, model: &Model) -> bool {
        let Target::Property { ty, .. } = self else {
            return false;
        };
        matches!(ty.item, ItemType::Declared(ty) if model.schema().structured(ty).is_some())
    }
}

impl Resource<'_> {
    /// The path in the form of facts: keys as segments, without casts.
    pub(crate) fn canonical(&self) -> Vec<String> {
        self.canonical_of(self.steps.len())
    }

    /// Like [`Resource::canonical`], of a number of steps.
    pub(crate) fn canonical_of(&self, steps: usize) -> Vec<String> {
        let mut path = Vec::new();
        for step in self.steps.iter().take(steps) {
            match step {
                PathStep::Name { name, .. } => {
                    let segments = key_segments(name);
                    path.extend(segments.split('/').map(|name| name.replace("%2F", "/")));
                }
                PathStep::Key(key) => path.push(key.text()),
                PathStep::Cast(_) => {}
            }
        }
        path
    }

    /// The path in the form of `@odata.context` (OData JSON 4.01 §4.6.1): keys in parentheses, and for
    /// an item its set, the selection and `/$entity`.
    pub(crate) fn context(&self, model: &Model, selected: &str) -> String {
        let steps = match (&self.target, self.steps.split_last()) {
            (Target::Entity { .. }, Some((PathStep::Key(_), set))) => set,
            _ => self.steps.as_slice(),
        };
        let mut text = String::new();
        for step in steps {
            let slash = if text.is_empty() { "" } else { "/" };
            text += &match step {
                PathStep::Name { name, .. } => format!("{slash}{name}"),
                PathStep::Key(key) => format!("('{}')", key.text().replace('\'', "''")),
                PathStep::Cast(ty) => format!("{slash}{}", model.type_name(*ty)),
            };
        }
        match &self.target {
            Target::Collection(_) => text + selected,
            Target::Entity { .. } => format!("{text}{selected}/$entity"),
            Target::Property { path, .. } | Target::Content { path } => {
                format!("{text}/{}", path.join("/"))
            }
            Target::References {
                is_collection: true,
                ..
            } => format!("Collection($ref){text}"),
            Target::References { .. } => "$ref".to_owned(),
            Target::Count(_) | Target::OperationResult => text,
        }
    }
}
