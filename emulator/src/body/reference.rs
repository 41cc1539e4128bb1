//! References in bodies (`name@odata.bind`, OData JSON 4.01 §8.5): where they lead, and which of
//! them are the same.

use std::collections::BTreeSet;

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};
use url::Url;

use crate::model::Model;
use crate::path::segment::split;
use crate::path::walk::walk;
use crate::path::{Key, Resource, Step, Target};
use crate::rejection::Refusal;

/// What the relative URLs of a body are relative to (OData JSON 4.01 §4.3).
#[derive(Clone, Debug)]
pub(crate) struct Base {
    url: Url,
    /// The API version of the request.
    version: String,
}

/// An entity that a navigation property is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// Absolute.
    pub(crate) url: String,
    pub(crate) identity: Identity,
}

/// What two references share if they lead to one entity, as far as URLs show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Identity {
    /// Items of one collection are told apart by key: `/users/1` and `/directoryObjects/1` are one.
    Key(Vec<String>),
    /// The path of what has no key of its own.
    Path(Vec<String>),
}

/// What a bind does to a navigation property.
#[derive(Debug)]
pub(crate) enum Binding {
    /// A single-valued one leads there now, or nowhere.
    One(Option<Reference>),
    /// A collection has these, too.
    Added(Vec<Reference>),
}

impl Reference {
    /// A reference to an entity, and the type that its path declares; `None` for other URLs. Whether
    /// the entity exists is not asked.
    pub(crate) fn parse(model: &Model, base: &Base, text: &str) -> Option<(Self, TypeId)> {
        let url = base.resolve(text)?;
        let segments = split(url.path()).ok()?;
        let (version, rest) = segments.split_first()?;
        let is_version = *version == base.version || matches!(version.as_str(), "v1.0" | "beta");
        if !is_version || !matches!(url.scheme(), "https" | "http") {
            return None;
        }
        let resource = walk(model, rest).ok()?;
        let Target::Entity { declared } = resource.target else {
            return None;
        };
        let is_absolute = Url::parse(text).is_ok();
        let reference = Reference {
            url: if is_absolute {
                text.to_owned()
            } else {
                url.into()
            },
            identity: Identity::of(&resource),
        };
        Some((reference, declared))
    }
}

impl Identity {
    fn of(resource: &Resource) -> Self {
        let mut steps = resource.steps.iter().rev();
        match steps.find(|step| !matches!(step, Step::Cast(_))) {
            Some(Step::Key(Key::Values(key))) => Identity::Key(key.clone()),
            _ => Identity::Path(resource.canonical()),
        }
    }
}

impl Binding {
    /// The references after it, where `current` were there.
    pub(crate) fn apply(
        self,
        path: &str,
        current: Option<&Vec<Reference>>,
    ) -> Result<Vec<Reference>, Refusal> {
        let added = match self {
            Binding::One(reference) => return Ok(reference.into_iter().collect()),
            Binding::Added(added) => added,
        };
        let mut all = current.cloned().unwrap_or_default();
        let mut bound: BTreeSet<Identity> = all
            .iter()
            .map(|reference| reference.identity.clone())
            .collect();
        for reference in added {
            if !bound.insert(reference.identity.clone()) {
                // In Graph's words.
                return Err(Refusal::bad_request(format!(
                    "One or more added object references already exist for the following modified \
                     properties: '{path}' ({}).",
                    reference.url
                )));
            }
            all.push(reference);
        }
        Ok(all)
    }
}

impl Base {
    /// The URL of a request, whose path begins with the API version.
    pub(crate) fn of_request(root: &str, path: &str) -> Result<Self, Refusal> {
        let url = Url::parse(&format!("{root}{path}"));
        let version = path.split('/').find(|segment| !segment.is_empty());
        Ok(Base {
            url: url.map_err(|_| Refusal::bad_request("The path is not that of a URL."))?,
            version: version.unwrap_or("").to_owned(),
        })
    }

    /// The base inside of an object: its context URL, if it has one.
    pub(crate) fn inside(&self, object: &Map<String, Value>) -> Result<Option<Self>, Refusal> {
        let Some(context) = object.get("@odata.context") else {
            return Ok(None);
        };
        let url = context.as_str().and_then(|context| self.resolve(context));
        let url = url.ok_or_else(|| Refusal::bad_request("@odata.context is not a URL."))?;
        Ok(Some(Base {
            url,
            version: self.version.clone(),
        }))
    }

    /// An absolute URL as it is, another relative to this one.
    pub(crate) fn resolve(&self, text: &str) -> Option<Url> {
        self.url.join(text).ok()
    }
}
