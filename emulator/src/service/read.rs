//! GET of an entity or a collection.

use hyper::StatusCode;
use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value, json};

use crate::rejection::{Rejection, Result};
use crate::service::headers::accepts_unknown_enum_members;
use crate::service::message::ServiceResponse;
use crate::service::query::Options;
use crate::service::resource_request::ResourceRequest;
use crate::state::entity::Entity;
use crate::state::{Cursor, OnMissing};

impl ResourceRequest<'_> {
    pub(super) fn list(&self, ty: TypeId) -> Result<ServiceResponse> {
        let model = &self.api.model;
        let options = Options::read(self.request.query.as_deref(), model, ty)?;
        let mut tenant = self.api.lock();
        let found = tenant.find(model, &self.resource.steps, OnMissing::Reject)?;
        let Cursor::Items(collection, ty) = found else {
            return Err(Rejection::no_resource(""));
        };
        let entities = collection.of_type(model, ty);
        let value: Value = entities
            .map(|entity| self.object(entity, ty, &options))
            .collect();
        Ok(ServiceResponse::new(StatusCode::OK).json(json!({
            "@odata.context": self.context(&options),
            "value": value,
        })))
    }

    pub(super) fn get(&self, declared: TypeId) -> Result<ServiceResponse> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let entity = tenant.entity(model, &self.resource.steps)?;
        let options = Options::read(self.request.query.as_deref(), model, entity.ty)?;
        Ok(self.representation(entity, declared, &options))
    }

    pub(super) fn representation(
        &self,
        entity: &Entity,
        declared: TypeId,
        options: &Options,
    ) -> ServiceResponse {
        let mut object = self.object(entity, declared, options);
        object.insert("@odata.context".into(), self.context(options));
        ServiceResponse::new(StatusCode::OK)
            .etag(&entity.etag(&self.api.model))
            .json(Value::Object(object))
    }

    fn object(&self, entity: &Entity, declared: TypeId, options: &Options) -> Map<String, Value> {
        let model = &self.api.model;
        let mut object = entity.json(model, declared);
        if !accepts_unknown_enum_members(&self.request.headers) {
            model.hide_unknown_enum_members(entity.ty, &mut object);
        }
        options.select(&mut object, model, entity.ty);
        object.insert("@odata.etag".into(), entity.etag(model).into());
        object
    }
}
