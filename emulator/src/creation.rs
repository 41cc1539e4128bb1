//! Completes the entities that a POST creates with values of the service, such as a password.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{matches_template, without_version};

/// An entity that a POST creates, before it is stored.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Creation {
    /// The path of the request, with the API version and percent-encoding.
    pub path: String,
    /// The properties of the entity.
    pub entity: Map<String, Value>,
    /// Properties that only the response to the POST has, such as the value of a Temporary Access Pass.
    pub returned_once: Map<String, Value>,
}

type Complete = dyn Fn(&mut Creation) + Send + Sync;

/// The closures of a caller, by the collection whose items they complete.
#[derive(Clone, Default)]
pub(crate) struct Creations(Vec<(String, Arc<Complete>)>);

impl Creations {
    pub(crate) fn add(
        &mut self,
        template: String,
        complete: impl Fn(&mut Creation) + Send + Sync + 'static,
    ) {
        self.0.push((template, Arc::new(complete)));
    }

    /// Calls the closures for the collection at a path in an API version.
    pub(crate) fn complete(&self, (version, path): (&str, &[String]), creation: &mut Creation) {
        for (template, complete) in &self.0 {
            if matches_template(without_version(template, version), path) {
                complete(creation);
            }
        }
    }
}

impl fmt::Debug for Creations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let templates = self.0.iter().map(|(template, _)| template);
        f.debug_list().entries(templates).finish()
    }
}
