//! GET of an entity or a collection.

use hyper::StatusCode;
use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value, json};

use crate::rejection::Refusal;
use crate::service::call::Call;
use crate::service::headers::takes_evolved_members;
use crate::service::message::Answer;
use crate::service::query::Options;
use crate::state::entity::Entity;
use crate::state::{Cursor, Missing};

impl Call<'_> {
    pub(super) fn list(&self, ty: TypeId) -> Result<Answer, Refusal> {
        let options = Options::read(self.request.query.as_deref(), &self.api.model, ty)?;
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let found = tenant.find(model, &self.resource.steps, Missing::Refused)?;
        let Cursor::Items(collection, ty) = found else {
            return Err(Refusal::no_resource(""));
        };
        let value: Value = collection
            .items
            .iter()
            .filter(|entity| model.schema().is_subtype_of(entity.ty, ty))
            .map(|entity| {
                let mut object = self.readable(entity.json(model, ty), entity.ty);
                options.select(&mut object, model, entity.ty);
                object.insert("@odata.etag".into(), entity.etag(model).into());
                Value::Object(object)
            })
            .collect();
        Ok(Answer::new(StatusCode::OK).json(json!({
            "@odata.context": self.context(&options),
            "value": value,
        })))
    }

    pub(super) fn get(&self, declared: TypeId) -> Result<Answer, Refusal> {
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
    ) -> Answer {
        let model = &self.api.model;
        let mut object = self.readable(entity.json(model, declared), entity.ty);
        options.select(&mut object, model, entity.ty);
        let etag = entity.etag(model);
        object.insert("@odata.etag".into(), etag.clone().into());
        object.insert("@odata.context".into(), self.context(options));
        Answer::new(StatusCode::OK)
            .etag(&etag)
            .json(Value::Object(object))
    }

    /// Members behind the sentinel of an enumeration are for those who ask for them.
    fn readable(&self, mut object: Map<String, Value>, ty: TypeId) -> Map<String, Value> {
        if !takes_evolved_members(&self.request.headers) {
            self.api.model.hide_evolved_members(ty, &mut object);
        }
        object
    }
}
