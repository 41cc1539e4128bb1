//! PATCH, PUT and DELETE of an entity.

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use msgraph_csdl::model::TypeId;

use crate::rejection::Refusal;
use crate::service::call::Call;
use crate::service::headers::preferences;
use crate::service::message::Answer;
use crate::service::query::Options;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

impl Call<'_> {
    pub(super) fn update(&self, declared: TypeId) -> Result<Answer, Refusal> {
        let restrictions = &self.resource.restrictions;
        let by_put = self.request.method == Method::PUT;
        if restrictions.updatable == Some(false) {
            return Err(Refusal::method_not_allowed(
                &self.request.method,
                "GET, DELETE",
            ));
        }
        // PATCH stays allowed where the metadata or the facts say PUT: some pages document the one and
        // show the other.
        if by_put && !restrictions.by_put {
            return Err(Refusal::method_not_allowed(
                &Method::PUT,
                "GET, PATCH, DELETE",
            ));
        }
        let (reader, body) = self.read_body()?;
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.if_match(entity)?;
        let reader = reader.updating(entity);
        let changes = match model.needs_derived_type(entity.ty) {
            true => reader.update_of_abstract(entity.ty, body)?,
            false => reader.update(entity.ty, declared, &self.resource.canonical(), body)?,
        };
        if by_put {
            // What the body leaves out goes back to its default (OData Protocol 4.01 §11.4.3).
            let mut replaced = entity.clone();
            replaced.reset(model, revision);
            replaced.apply(model, changes, revision)?;
            *entity = replaced;
        } else {
            entity.apply(model, changes, revision)?;
        }
        if preferences(&self.request.headers).any(|prefer| prefer == "return=representation") {
            let answer = self.representation(entity, declared, &Options::default());
            let applied = HeaderValue::from_static("return=representation");
            return Ok(answer.with(PREFERENCE_APPLIED, applied));
        }
        Ok(Answer::new(StatusCode::NO_CONTENT).etag(&entity.etag(model)))
    }

    pub(super) fn delete(&self) -> Result<Answer, Refusal> {
        if self.resource.restrictions.deletable == Some(false) || self.resource.steps.len() == 1 {
            return Err(Refusal::method_not_allowed(&Method::DELETE, "GET, PATCH"));
        }
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.if_match(entity)?;
        if model.resets(&self.resource.canonical()) {
            entity.reset(model, revision);
        } else {
            tenant.remove(model, &self.resource.steps)?;
        }
        Ok(Answer::new(StatusCode::NO_CONTENT))
    }
}
