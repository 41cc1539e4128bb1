//! PATCH, PUT and DELETE of an entity.

use hyper::header::HeaderValue;
use hyper::{Method, StatusCode};
use msgraph_csdl::model::TypeId;

use crate::body::BodyReader;
use crate::rejection::{Rejection, Result};
use crate::service::headers::prefers;
use crate::service::message::ServiceResponse;
use crate::service::query::Options;
use crate::service::resource_request::ResourceRequest;

impl ResourceRequest<'_> {
    pub(super) fn update(&self, declared: TypeId) -> Result<ServiceResponse> {
        let restrictions = &self.resource.restrictions;
        let method = &self.request.method;
        let by_put = method == Method::PUT;
        if restrictions.updatable == Some(false) {
            return Err(Rejection::method_not_allowed(method, "GET, DELETE"));
        }
        // PATCH stays allowed if the metadata or facts require PUT: some pages of the reference
        // document one and show the other.
        if by_put && !restrictions.by_put {
            return Err(Rejection::method_not_allowed(method, "GET, PATCH, DELETE"));
        }
        let (reader, body) = self.read_body()?;
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        if by_put && tenant.entity(model, &self.resource.steps).is_err() {
            drop(tenant);
            return self.upsert(declared, (reader, body));
        }
        let revision = tenant.next_revision();
        let reader = BodyReader {
            revision,
            // PUT resets omitted properties to their defaults (OData Protocol 4.01 §11.4.3).
            replaces: by_put,
            ..reader
        };
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.check_if_match(entity)?;
        let path = self.resource.canonical();
        let mut updated = entity.clone();
        if by_put {
            updated.reset_navigation(model);
        }
        let update = reader.update(&updated, (&path, declared), body)?;
        updated.update(model, update, revision);
        *entity = updated;
        const REPRESENTATION: &str = "return=representation";
        if prefers(&self.request.headers, REPRESENTATION) {
            let mut response = self.representation(entity, declared, &Options::default());
            let applied = HeaderValue::from_static(REPRESENTATION);
            response.headers.insert("preference-applied", applied);
            return Ok(response);
        }
        Ok(ServiceResponse::new(StatusCode::NO_CONTENT).etag(&entity.etag(model)))
    }

    pub(super) fn delete(&self) -> Result<ServiceResponse> {
        if self.resource.restrictions.deletable == Some(false) || self.resource.steps.len() == 1 {
            return Err(Rejection::method_not_allowed(&Method::DELETE, "GET, PATCH"));
        }
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.check_if_match(entity)?;
        if model.resets(&self.resource.canonical()) {
            entity.reset(model, revision);
        } else {
            tenant.remove(model, &self.resource.steps)?;
        }
        Ok(ServiceResponse::new(StatusCode::NO_CONTENT))
    }
}
