//! The service without its sockets: a request in, an answer out.

mod api;
mod call;
pub(crate) mod headers;
mod json;
pub(crate) mod message;
mod property;
mod query;
mod read;
mod update;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::Method;
use msgraph_csdl::model::TypeId;
use serde_json::Value;

use crate::body::reference::Base;
use crate::body::{BodyReader, ReadOnly};
use crate::model::Model;
use crate::path::Target;
use crate::path::segment::split;
use crate::path::walk::walk;
use crate::rejection::Refusal;
use crate::service::api::Api;
use crate::service::call::Call;
use crate::service::message::{Answer, Request};
use crate::state::entity::Entity;
use crate::state::{Cursor, Missing, Tenant};

/// The API versions that are served, each with its own state.
pub(crate) struct Service {
    apis: BTreeMap<String, Api>,
    /// Scheme, host and port.
    root: String,
    /// What updates do with read-only properties.
    read_only: ReadOnly,
    updates: AtomicU64,
}

impl Service {
    pub(crate) fn new(models: BTreeMap<String, Model>, root: String, read_only: ReadOnly) -> Self {
        let apis = models
            .into_iter()
            .map(|(version, model)| {
                let tenant = Mutex::new(Tenant::default());
                (version, Api { model, tenant })
            })
            .collect();
        Service {
            apis,
            root,
            read_only,
            updates: AtomicU64::new(0),
        }
    }

    /// How many requests have changed the state.
    pub(crate) fn updates(&self) -> u64 {
        self.updates.load(Ordering::Relaxed)
    }

    /// Changes the ETag of what is at a path, as another writer would.
    pub(crate) fn touch(&self, path: &str) {
        let touched = split(path).and_then(|segments| {
            let (api, segments) = self.api(&segments)?;
            let resource = walk(&api.model, segments)?;
            let mut tenant = api.lock();
            let revision = tenant.next_revision();
            tenant.entity(&api.model, &resource.steps)?.touch(revision);
            Ok(())
        });
        // Where nothing is there is nothing to change; the request will be told.
        drop(touched);
    }

    /// Processes a request to a resource of an API version.
    pub(crate) fn process(
        &self,
        api: &Api,
        segments: &[String],
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let resource = walk(&api.model, segments)?;
        let call = Call {
            api,
            base: Base::of_request(&self.root, &request.path)?,
            read_only: self.read_only,
            metadata: self.metadata(&request.path),
            resource,
            request,
        };
        let answer = match (&request.method, &call.resource.target) {
            (&Method::GET, Target::Collection(ty)) => call.list(*ty),
            (&Method::GET, Target::Entity { declared }) => call.get(*declared),
            (&Method::GET, Target::Property { .. }) => call.get_property(),
            (&Method::PATCH | &Method::PUT, Target::Entity { declared }) => call.update(*declared),
            (&Method::PATCH | &Method::PUT, Target::Property { .. }) => call.update_property(),
            (&Method::DELETE, Target::Entity { .. }) => call.delete(),
            (&Method::DELETE, Target::Property { .. }) => call.clear_property(),
            (method, Target::Collection(_)) => Err(Refusal::method_not_allowed(method, "GET")),
            (method, Target::Entity { .. }) => {
                Err(Refusal::method_not_allowed(method, "GET, PATCH, DELETE"))
            }
            (method, Target::Property { .. }) => {
                Err(Refusal::method_not_allowed(method, "GET, PATCH, DELETE"))
            }
        };
        if answer.is_ok() && request.method != Method::GET {
            self.updates.fetch_add(1, Ordering::Relaxed);
        }
        answer
    }

    /// The API version that a path begins with, and the segments behind it.
    pub(crate) fn api<'s, 'p>(
        &'s self,
        segments: &'p [String],
    ) -> Result<(&'s Api, &'p [String]), Refusal> {
        let (version, rest) = segments
            .split_first()
            .ok_or_else(|| Refusal::no_segment(""))?;
        let api = self
            .apis
            .get(version)
            .ok_or_else(|| Refusal::bad_request(format!("Invalid version: {version}")))?;
        Ok((api, rest))
    }

    /// The URL that `@odata.context` begins with.
    fn metadata(&self, path: &str) -> String {
        let version = path.split('/').find(|part| !part.is_empty()).unwrap_or("");
        format!("{}/{version}/$metadata#", self.root)
    }

    /// Puts an entity in place; entities on the way are made.
    pub(crate) fn seed(&self, path: &str, body: Value) -> Result<(), Refusal> {
        if !json::is_bounded(&body) {
            return Err(Refusal::bad_request("The entity nests too deep."));
        }
        let segments = split(path)?;
        let (api, segments) = self.api(&segments)?;
        let resource = walk(&api.model, segments)?;
        let base = Base::of_request(&self.root, path)?;
        let reader = BodyReader {
            model: &api.model,
            current: None,
            entity: None,
            has_known_key: false,
            read_only: ReadOnly::Set,
            base: &base,
            takes_evolved_members: true,
            takes_delta: true,
            ieee754_compatible: false,
            replaces: false,
        };
        let mut tenant = api.lock();
        let revision = tenant.next_revision();
        let found = tenant.find(&api.model, &resource.steps, Missing::Created)?;
        match (&resource.target, found) {
            (Target::Entity { declared }, Cursor::Entity(entity)) => {
                // An entity that exists already may be of a derived type that the body leaves out.
                let expected = match body.get("@odata.type") {
                    Some(_) => *declared,
                    None => entity.ty,
                };
                let reader = reader.updating(entity);
                let changes = reader.update_of_abstract(expected, body)?;
                entity.apply(&api.model, changes, revision)
            }
            (target @ Target::Property { path, ty, .. }, Cursor::Entity(entity))
                if target.is_complex(&api.model) && !ty.is_collection && body.is_object() =>
            {
                let name = path.last().map_or("", String::as_str);
                let change = reader.property(name, *ty, false, body)?;
                entity.apply_at(path, change, revision)
            }
            _ => Err(Refusal::bad_request(
                "The path does not lead to an entity or a complex value.",
            )),
        }
    }

    /// What is at a path: the entity, with what is bound by reference.
    pub(crate) fn state(&self, path: &str) -> Option<Value> {
        let segments = split(path).ok()?;
        let (api, segments) = self.api(&segments).ok()?;
        let resource = walk(&api.model, segments).ok()?;
        let mut tenant = api.lock();
        let model = &api.model;
        let json = |entity: &Entity, declared: TypeId| {
            let mut object = entity.json(model, declared);
            object.extend(entity.references());
            Value::Object(object)
        };
        match tenant.find(model, &resource.steps, Missing::Refused).ok()? {
            Cursor::Root(_) => None,
            Cursor::Items(collection, ty) => Some(
                collection
                    .items
                    .iter()
                    .filter(|entity| model.schema().is_subtype_of(entity.ty, ty))
                    .map(|entity| json(entity, ty))
                    .collect(),
            ),
            Cursor::Entity(entity) => match resource.target {
                Target::Entity { declared } => Some(json(entity, declared)),
                Target::Property { path, .. } => {
                    entity.value_at(&format!("/{}", path.join("/"))).cloned()
                }
                Target::Collection(_) => None,
            },
        }
    }
}
