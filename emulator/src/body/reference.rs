//! References in bodies (`name@odata.bind`, OData JSON 4.01 §8.5) and their identity.

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};
use url::Url;

use crate::model::Model;
use crate::path::segment::split;
use crate::path::walk::walk;
use crate::path::{Key, PathStep, Resource, Target};
use crate::rejection::{Result, bad_request};

/// The base of relative URLs in a body (OData JSON 4.01 §4.3).
#[derive(Clone, Debug)]
pub(crate) struct Base {
    url: Url,
    api_version: String,
}

/// An entity that a navigation property is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// Absolute.
    pub(crate) url: String,
    /// The path of the URL.
    pub(crate) steps: Vec<PathStep>,
    /// The declared type of the path.
    pub(crate) declared: TypeId,
    /// Orders the references of an entity: they are numbered as they are added.
    pub(crate) number: u64,
    identity: Identity,
}

/// What the references to one entity have in common, as far as URLs show it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Identity {
    /// The key of an item: `/users/1` and `/directoryObjects/1` are the same.
    Key(Vec<String>),
    /// The path of an entity without a key.
    Path(Vec<String>),
}

impl Reference {
    /// Parses the URL of an entity, which need not exist.
    pub(crate) fn parse(model: &Model, base: &Base, text: &str) -> Option<Self> {
        let url = base.resolve(text)?;
        let segments = split(url.path()).ok()?;
        let (version, rest) = segments.split_first()?;
        let is_version =
            *version == base.api_version || matches!(version.as_str(), "v1.0" | "beta");
        if !is_version || !matches!(url.scheme(), "https" | "http") {
            return None;
        }
        let resource = walk(model, rest).ok()?;
        let Target::Entity { declared } = resource.target else {
            return None;
        };
        let is_absolute = Url::parse(text).is_ok();
        Some(Reference {
            url: match is_absolute {
                true => text.to_owned(),
                false => url.into(),
            },
            identity: Identity::new(&resource),
            steps: resource.steps,
            declared,
            number: 0,
        })
    }

    /// The key of the entity, if it is an item of a collection.
    pub(crate) fn key(&self) -> Option<&[String]> {
        match &self.identity {
            Identity::Key(key) => Some(key),
            Identity::Path(_) => None,
        }
    }

    /// Whether both lead to the same entity.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl Identity {
    fn new(resource: &Resource<'_>) -> Self {
        let mut steps = resource.steps.iter().rev();
        match steps.find(|step| !matches!(step, PathStep::Cast(_))) {
            Some(PathStep::Key(Key::Values(key))) => Identity::Key(key.clone()),
            _ => Identity::Path(resource.canonical()),
        }
    }
}

impl Base {
    /// The URL of a request, by root and path.
    pub(crate) fn of_request(root: &str, path: &str) -> Result<Self> {
        let url = Url::parse(&format!("{root}{path}"));
        let version = path.split('/').find(|segment| !segment.is_empty());
        Ok(Base {
            url: url.map_err(|_| bad_request!("The path is not that of a URL."))?,
            api_version: version.unwrap_or("").to_owned(),
        })
    }

    /// The base inside an object with a context URL; `None` without one.
    pub(crate) fn inside(&self, object: &Map<String, Value>) -> Result<Option<Self>> {
        let Some(context) = object.get("@odata.context") else {
            return Ok(None);
        };
        let url = context.as_str().and_then(|context| self.resolve(context));
        let url = url.ok_or_else(|| bad_request!("@odata.context is not a URL."))?;
        Ok(Some(Base {
            url,
            api_version: self.api_version.clone(),
        }))
    }

    pub(crate) fn resolve(&self, text: &str) -> Option<Url> {
        self.url.join(text).ok()
    }
}
