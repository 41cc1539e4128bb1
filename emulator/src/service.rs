//! The service, independent of sockets: a request in, a response out.

pub(crate) mod headers;
mod json;
pub(crate) mod message;
mod property;
mod query;
mod read;
mod resource_request;
mod update;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::Method;
use msgraph_csdl::model::TypeId;
use serde_json::Value;

use crate::body::reference::Base;
use crate::body::{BodyReader, ReadOnly};
use crate::model::Model;
use crate::path::Target;
use crate::path::segment::split;
use crate::path::walk::walk;
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::message::{ServiceRequest, ServiceResponse};
use crate::service::resource_request::ResourceRequest;
use crate::state::entity::Entity;
use crate::state::{Cursor, OnMissing, Tenant};

/// The API versions, each with its own state.
pub(crate) struct Service {
    apis: BTreeMap<String, Api>,
    /// Scheme, host and port.
    root: String,
    read_only: ReadOnly,
    updates: AtomicU64,
}

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
    pub(crate) fn new(models: BTreeMap<String, Model>, root: String, read_only: ReadOnly) -> Self {
        let apis = models.into_iter().map(|(version, model)| {
            let tenant = Mutex::new(Tenant::default());
            (version, Api { model, tenant })
        });
        Service {
            apis: apis.collect(),
            root,
            read_only,
            updates: AtomicU64::new(0),
        }
    }

    /// The number of requests that have changed the state.
    pub(crate) fn updates(&self) -> u64 {
        self.updates.load(Ordering::Relaxed)
    }

    /// Changes the ETag of the resource at a path, if there is one, as another writer would.
    pub(crate) fn touch(&self, path: &str) {
        let _ = split(path).and_then(|segments| {
            let (api, segments) = self.api(&segments)?;
            let resource = walk(&api.model, segments)?;
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
    ) -> Result<ServiceResponse> {
        let on = ResourceRequest {
            api,
            resource: walk(&api.model, segments)?,
            request,
            service: self,
            base: Base::of_request(&self.root, &request.path)?,
        };
        let response = match (&request.method, &on.resource.target) {
            (&Method::GET, Target::Collection(ty)) => on.list(*ty),
            (&Method::GET, Target::Entity { declared }) => on.get(*declared),
            (&Method::GET, Target::Property { .. }) => on.get_property(),
            (&Method::PATCH | &Method::PUT, Target::Entity { declared }) => on.update(*declared),
            (&Method::PATCH | &Method::PUT, Target::Property { .. }) => on.update_property(),
            (&Method::DELETE, Target::Entity { .. }) => on.delete(),
            (&Method::DELETE, Target::Property { .. }) => on.clear_property(),
            (method, Target::Collection(_)) => Err(Rejection::method_not_allowed(method, "GET")),
            (method, Target::Entity { .. } | Target::Property { .. }) => {
                Err(Rejection::method_not_allowed(method, "GET, PATCH, DELETE"))
            }
        };
        if response.is_ok() && request.method != Method::GET {
            self.updates.fetch_add(1, Ordering::Relaxed);
        }
        response
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

    /// Creates or updates the entity at a path, and creates missing entities on the way.
    pub(crate) fn seed(&self, path: &str, body: Value) -> Result<()> {
        if !json::nests_within(&body, json::MAX_DEPTH) {
            return Err(bad_request!("The entity is nested too deeply."));
        }
        let segments = split(path)?;
        let (api, segments) = self.api(&segments)?;
        let model = &api.model;
        let resource = walk(model, segments)?;
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

    /// The state at a path: entities with their references, or a value.
    pub(crate) fn state(&self, path: &str) -> Option<Value> {
        let segments = split(path).ok()?;
        let (api, segments) = self.api(&segments).ok()?;
        let model = &api.model;
        let resource = walk(model, segments).ok()?;
        let mut tenant = api.lock();
        let json = |entity: &Entity, declared: TypeId| {
            let mut object = entity.json(model, declared);
            object.extend(entity.references());
            Value::Object(object)
        };
        let found = tenant.find(model, &resource.steps, OnMissing::Reject);
        match (found.ok()?, resource.target) {
            (Cursor::Items(collection, ty), _) => {
                let entities = collection.of_type(model, ty);
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
