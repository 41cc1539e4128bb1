//! The service, independent of sockets: a request in, a response out.

mod content;
mod create;
mod expand;
pub(crate) mod headers;
mod invoke;
mod json;
pub(crate) mod message;
mod permissions;
mod property;
mod query;
mod read;
mod reference;
mod resource_request;
mod update;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use msgraph_csdl::model::TypeId;
use serde_json::Value;

use crate::body::reference::Base;
use crate::body::{BodyReader, ReadOnly};
use crate::creation::Creations;
use crate::invocation::{Invocations, operation_name};
use crate::model::Model;
use crate::path::segment::split;
use crate::path::walk::walk;
use crate::path::{Resource, Target};
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::message::{ServiceRequest, ServiceResponse};
use crate::service::resource_request::ResourceRequest;
use crate::state::entity::Entity;
use crate::state::entity::content::Content;
use crate::state::{Cursor, OnMissing, Tenant};
use crate::token::GrantedPermissions;

/// The API versions, each with its own state.
pub(crate) struct Service {
    apis: BTreeMap<String, Api>,
    /// Scheme, host and port.
    root: String,
    settings: Settings,
    updates: AtomicU64,
}

/// The settings of the builder that affect responses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) read_only: ReadOnly,
    /// Whether a GET of a stream property redirects, as for the files of a drive.
    pub(crate) redirects_content: bool,
    /// Whether the token must grant the permissions that an operation needs.
    pub(crate) enforces_permissions: bool,
    pub(crate) invocations: Invocations,
    pub(crate) creations: Creations,
}

/// The prefix of the path that a GET of a stream property redirects to.
pub(crate) const DOWNLOAD: &str = "/download/";

/// One API version.
pub(crate) struct Api {
    model: Model,
    tenant: Mutex<Tenant>,
}

impl Api {
    fn lock(&self) -> MutexGuard<'_, Tenant> {
        // A panic never leaves the state half changed, so a poisoned lock is fine.
        self.tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    pub(crate) fn new(models: BTreeMap<String, Model>, root: String, settings: Settings) -> Self {
        let apis = models.into_iter().map(|(version, model)| {
            let tenant = Mutex::new(Tenant::default());
            (version, Api { model, tenant })
        });
        Service {
            apis: apis.collect(),
            root,
            settings,
            updates: AtomicU64::new(0),
        }
    }

    /// The number of requests that have changed the state.
    pub(crate) fn updates(&self) -> u64 {
        self.updates.load(Ordering::Relaxed)
    }

    /// The first configured operation that the metadata does not have.
    pub(crate) fn unknown_operation(&self) -> Option<&str> {
        let mut operations = self.settings.invocations.operations();
        operations.find(|operation| !self.has_operation(operation))
    }

    /// Whether the metadata has an operation with this qualified name, or with the name at the end of
    /// this path.
    fn has_operation(&self, operation: &str) -> bool {
        let name = operation_name(operation);
        let is_path = operation.starts_with('/');
        let mut apis = self.apis.values();
        apis.any(|api| {
            let schema = api.model.schema();
            let mut operations = schema.operations().iter();
            let mut imports = schema.imports().iter();
            operations.any(|known| match is_path {
                true => known.name.text == name,
                false => known.qualified_name() == operation,
            }) || (is_path && imports.any(|import| import.name.text == name))
        })
    }

    /// Changes the ETag of the resource at a path, if there is one, as another writer would.
    pub(crate) fn touch(&self, path: &str) {
        let _ = self.resolve(path).and_then(|(api, resource)| {
            let mut tenant = api.lock();
            let revision = tenant.next_revision();
            tenant.entity(&api.model, &resource.steps)?.revision = revision;
            Ok(())
        });
    }

    pub(crate) fn process(
        &self,
        api: &Api,
        segments: &[String],
        request: &ServiceRequest,
        granted: Option<&GrantedPermissions>,
    ) -> Result<ServiceResponse> {
        let mut on = ResourceRequest {
            api,
            resource: walk(&api.model, segments)?,
            request,
            service: self,
            base: Base::of_request(&self.root, &request.path)?,
            granted,
        };
        let note = on.check_permissions()?;
        let invoked = on.resource.invoked.as_ref();
        let response = match invoked.and_then(|invoked| on.invoke(invoked)) {
            Some(response) => response,
            None => {
                // The last step before `$ref` is the reference itself.
                if !matches!(on.resource.target, Target::References { .. }) {
                    let steps = std::mem::take(&mut on.resource.steps);
                    on.resource.steps = api.lock().follow(&api.model, steps);
                }
                on.respond()
            }
        };
        if response.is_ok() && request.method != Method::GET {
            self.updates.fetch_add(1, Ordering::Relaxed);
        }
        response.map(|response| ServiceResponse {
            note: note.map(str::to_owned),
            ..response
        })
    }

    /// The content at the URL that a GET of a stream property redirects to. The token of the request
    /// must not be sent there.
    pub(crate) fn download(&self, request: &ServiceRequest) -> Result<ServiceResponse> {
        if request.headers.contains_key(header::AUTHORIZATION) {
            return Err(Rejection::unauthorized(
                "The URL is pre-authenticated; the request must not have a token.",
                "",
            ));
        }
        if request.method != Method::GET {
            return Err(Rejection::method_not_allowed(&request.method, "GET"));
        }
        let path = request.path.strip_prefix(DOWNLOAD).unwrap_or("");
        let (api, mut resource) = self.resolve(path)?;
        resource.steps = api.lock().follow(&api.model, resource.steps);
        let on = ResourceRequest {
            api,
            resource,
            request,
            service: self,
            base: Base::of_request(&self.root, &request.path)?,
            granted: None,
        };
        match &on.resource.target {
            Target::Content { path } => on.get_content(path),
            _ => Err(Rejection::no_segment("")),
        }
    }

    /// The API version that the first segment names, and the remaining segments.
    pub(crate) fn api<'s, 'p>(&'s self, segments: &'p [String]) -> Result<(&'s Api, &'p [String])> {
        let (version, rest) = segments
            .split_first()
            .ok_or_else(|| Rejection::no_segment(""))?;
        match self.apis.get(version) {
            Some(api) => Ok((api, rest)),
            None => Err(bad_request!("Invalid version: {version}")),
        }
    }

    /// The API version and the resource that a path leads to.
    fn resolve(&self, path: &str) -> Result<(&Api, Resource<'_>)> {
        let segments = split(path)?;
        let (api, segments) = self.api(&segments)?;
        Ok((api, walk(&api.model, segments)?))
    }

    /// Creates or updates the entity at a path, and creates missing entities on the way.
    pub(crate) fn seed(&self, path: &str, body: Value) -> Result<()> {
        if !json::nests_within(&body, json::MAX_DEPTH) {
            return Err(bad_request!("The entity is nested too deeply."));
        }
        let (api, resource) = self.resolve(path)?;
        let model = &api.model;
        let base = Base::of_request(&self.root, path)?;
        let mut tenant = api.lock();
        let revision = tenant.next_revision();
        let reader = BodyReader {
            model,
            base: &base,
            revision,
            read_only: ReadOnly::SetExceptKey,
            accepts_unknown_enum_members: true,
            accepts_delta: true,
            ieee754_compatible: false,
            replaces: false,
        };
        let found = tenant.find(model, &resource.steps, OnMissing::Create)?;
        match (&resource.target, found) {
            (Target::Entity { declared }, Cursor::Entity(entity)) => {
                // If the body has no type, the existing entity keeps its own, maybe derived, one.
                let expected = match body.get("@odata.type") {
                    Some(_) => *declared,
                    None => entity.ty,
                };
                let update = reader.update_as(entity, expected, body)?;
                entity.update(model, update, revision);
                Ok(())
            }
            (target @ Target::Property { path, ty, .. }, Cursor::Entity(entity))
                if target.is_complex(model) && !ty.is_collection && body.is_object() =>
            {
                let value = reader.property(entity, path, (*ty, false), body)?;
                entity.set_property(path, value, revision);
                Ok(())
            }
            _ => Err(bad_request!(
                "The path does not lead to an entity or a complex value."
            )),
        }
    }

    /// Sets the stream at a path, and creates missing entities on the way.
    pub(crate) fn seed_content(&self, path: &str, media_type: &str, bytes: Vec<u8>) -> Result<()> {
        let (api, resource) = self.resolve(path)?;
        let media_type = HeaderValue::try_from(media_type)
            .map_err(|_| bad_request!("The media type is not the value of a header."))?;
        let mut tenant = api.lock();
        let revision = tenant.next_revision();
        let found = tenant.find(&api.model, &resource.steps, OnMissing::Create)?;
        let (Target::Content { path }, Cursor::Entity(entity)) = (resource.target, found) else {
            return Err(bad_request!("The path does not lead to a stream."));
        };
        let bytes = Bytes::from(bytes);
        entity
            .contents
            .insert(path.join("/"), Content { media_type, bytes });
        entity.revision = revision;
        Ok(())
    }

    /// The state at a path: entities with their references, or a value.
    pub(crate) fn state(&self, path: &str) -> Option<Value> {
        let (api, resource) = self.resolve(path).ok()?;
        let model = &api.model;
        let mut tenant = api.lock();
        let steps = tenant.follow(model, resource.steps);
        let linked = tenant.linked(model, &steps).ok()?;
        let json = |entity: &Entity, declared: TypeId| {
            let mut object = entity.json(model, declared);
            object.extend(entity.references());
            Value::Object(object)
        };
        let found = tenant.find(model, &steps, OnMissing::Reject);
        match (found.ok()?, resource.target) {
            (Cursor::Items(collection, ty), _) => {
                let linked = linked.iter().map(|(_, entity)| entity);
                let entities = collection.of_type(model, ty).chain(linked);
                Some(entities.map(|entity| json(entity, ty)).collect())
            }
            (Cursor::Entity(entity), Target::Entity { declared }) => Some(json(entity, declared)),
            (Cursor::Entity(entity), Target::Property { path, .. }) => {
                entity.value_at(path.iter().map(String::as_str)).cloned()
            }
            _ => None,
        }
    }
}
