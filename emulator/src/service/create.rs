//! POST to a collection, and PUT of an item that does not exist.

use hyper::StatusCode;
use hyper::header;
use msgraph_csdl::model::TypeId;
use serde_json::Value;

use crate::body::BodyReader;
use crate::creation::Creation;
use crate::path::{Key, PathStep, Resource, Target};
use crate::rejection::{Rejection, Result};
use crate::service::message::{ServiceResponse, api_version};
use crate::service::query::Options;
use crate::service::resource_request::ResourceRequest;
use crate::state::OnMissing;
use crate::state::entity::Entity;

impl ResourceRequest<'_> {
    /// Creates an item of a collection of entities of type `declared`.
    pub(super) fn create(&self, declared: TypeId) -> Result<ServiceResponse> {
        let Resource {
            restrictions,
            is_contained,
            ..
        } = &self.resource;
        if !restrictions.insertable.unwrap_or(*is_contained) {
            let method = &self.request.method;
            return Err(Rejection::method_not_allowed(method, "GET"));
        }
        let (reader, body) = self.read_body()?;
        self.insert(&self.resource.steps, declared, |revision| {
            let reader = BodyReader { revision, ..reader };
            reader.create(declared, body)
        })
    }

    /// Creates the item that the path names, unless `If-Match` requires it to exist (OData Protocol
    /// 4.01 §11.4.4).
    pub(super) fn upsert(
        &self,
        declared: TypeId,
        (reader, body): (BodyReader<'_>, Value),
    ) -> Result<ServiceResponse> {
        let Some((PathStep::Key(Key::Values(values)), collection)) =
            self.resource.steps.split_last()
        else {
            return Err(Rejection::no_resource(""));
        };
        self.insert(collection, declared, |revision| {
            if self.request.headers.contains_key(header::IF_MATCH) {
                return Err(Rejection::precondition_failed());
            }
            let reader = BodyReader { revision, ..reader };
            let mut entity = reader.create(declared, body)?;
            entity.set_key(&self.api.model, values);
            Ok(entity)
        })
    }

    /// Inserts a new entity, and responds with it.
    fn insert(
        &self,
        collection: &[PathStep],
        declared: TypeId,
        read: impl FnOnce(u64) -> Result<Entity>,
    ) -> Result<ServiceResponse> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        tenant.find(model, collection, OnMissing::Reject)?;
        let revision = tenant.next_revision();
        let mut entity = read(revision)?;
        let mut creation = Creation {
            path: self.request.path.clone(),
            entity: std::mem::take(&mut entity.properties),
            returned_once: Default::default(),
        };
        let path = self.resource.canonical_of(collection.len());
        let version = api_version(&self.request.path);
        let creations = &self.service.settings.creations;
        creations.complete((version, &path), &mut creation);
        entity.properties = creation.entity;
        let key = tenant.post(model, collection, entity, &self.resource.alternate_keys)?;
        let mut steps = collection.to_vec();
        steps.push(PathStep::Key(Key::Values(key)));
        let item = ResourceRequest {
            resource: Resource {
                target: Target::Entity { declared },
                steps,
                ..self.resource.clone()
            },
            base: self.base.clone(),
            ..*self
        };
        let entity = tenant.entity(model, &item.resource.steps)?;
        let mut response = item.representation(entity, declared, &Options::default());
        response.add_properties(creation.returned_once);
        response.status = StatusCode::CREATED;
        let url = format!("{}{}", self.service.root, self.location(&item));
        Ok(response.location(&url))
    }

    /// The path of a created item, with its key in parentheses.
    fn location(&self, item: &ResourceRequest<'_>) -> String {
        let path = self.request.path.trim_end_matches('/');
        match (item.resource.steps.last(), &self.resource.target) {
            (Some(PathStep::Key(key)), Target::Collection(ty)) => {
                format!("{path}({})", key.literal(&self.api.model, *ty))
            }
            // PUT is sent to the path of the item.
            _ => path.to_owned(),
        }
    }
}
