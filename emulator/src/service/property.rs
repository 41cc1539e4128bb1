//! Requests to a property of an entity.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::body::BodyReader;
use crate::path::Target;
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::message::ServiceResponse;
use crate::service::query::Options;
use crate::service::resource_request::ResourceRequest;
use crate::state::entity::Entity;

impl ResourceRequest<'_> {
    pub(super) fn get_property(&self) -> Result<ServiceResponse> {
        let Target::Property { path, .. } = &self.resource.target else {
            return Err(Rejection::no_segment(""));
        };
        let mut tenant = self.api.lock();
        let entity = tenant.entity(&self.api.model, &self.resource.steps)?;
        let context = self.context(&Options::default());
        let body = match entity.value_at(path.iter().map(String::as_str)) {
            // OData Protocol 4.01 §11.2.6.
            None | Some(Value::Null) => return Ok(ServiceResponse::new(StatusCode::NO_CONTENT)),
            Some(Value::Object(object)) => {
                let mut object = object.clone();
                object.insert("@odata.context".into(), context);
                Value::Object(object)
            }
            Some(value) => json!({"@odata.context": context, "value": value}),
        };
        Ok(ServiceResponse::new(StatusCode::OK).json(body))
    }

    /// PATCH merges a complex value (OData Protocol 4.01 §11.4.9.3), PUT replaces a collection of
    /// them. Other properties are updated with the entity.
    pub(super) fn update_property(&self) -> Result<ServiceResponse> {
        let Target::Property {
            path,
            ty,
            nullable,
            is_read_only,
        } = &self.resource.target
        else {
            return Err(Rejection::no_segment(""));
        };
        let method = &self.request.method;
        let is_allowed = match ty.is_collection {
            true => method == Method::PUT && self.resource.restrictions.by_put,
            false => method == Method::PATCH,
        };
        let is_complex = self.resource.target.is_complex(&self.api.model);
        if !is_complex || *is_read_only || !is_allowed {
            return Err(Rejection::method_not_allowed(method, "GET"));
        }
        let (reader, mut body) = self.read_body()?;
        if ty.is_collection {
            let value = body.get_mut("value").map(Value::take);
            body = value.ok_or_else(|| bad_request!("The body has no property 'value'."))?;
        } else if !body.is_object() {
            return Err(bad_request!("The body is not a JSON object."));
        }
        self.change_property(path, |entity, revision| {
            let reader = BodyReader { revision, ..reader };
            reader.property(entity, path, (*ty, *nullable), body)
        })
    }

    /// POST adds a complex value to a collection of them. Graph responds with the whole collection.
    pub(super) fn add_to_property(&self) -> Result<ServiceResponse> {
        let Target::Property {
            path,
            ty,
            is_read_only,
            ..
        } = &self.resource.target
        else {
            return Err(Rejection::no_segment(""));
        };
        let is_complex = self.resource.target.is_complex(&self.api.model);
        let is_allowed = self.resource.restrictions.insertable == Some(true);
        if !is_complex || !ty.is_collection || *is_read_only || !is_allowed {
            return Err(Rejection::method_not_allowed(&self.request.method, "GET"));
        }
        let (reader, item) = self.read_body()?;
        let changed = self.change_property(path, |entity, revision| {
            let reader = BodyReader { revision, ..reader };
            let added = reader.property(entity, path, (*ty, false), json!([item]))?;
            let names = path.iter().map(String::as_str);
            let mut items = match entity.value_at(names) {
                Some(Value::Array(items)) => items.clone(),
                _ => Vec::new(),
            };
            if let Value::Array(added) = added {
                items.extend(added);
            }
            Ok(Value::Array(items))
        })?;
        let mut response = self.get_property()?;
        response.headers.extend(changed.headers);
        Ok(response)
    }

    pub(super) fn clear_property(&self) -> Result<ServiceResponse> {
        match &self.resource.target {
            Target::Property {
                path,
                nullable: true,
                is_read_only: false,
                ..
            } => self.change_property(path, |_, _| Ok(Value::Null)),
            _ => Err(Rejection::method_not_allowed(&Method::DELETE, "GET")),
        }
    }

    /// Sets the property to a value made from the entity and the number of the change.
    fn change_property(
        &self,
        path: &[String],
        value: impl FnOnce(&Entity, u64) -> Result<Value>,
    ) -> Result<ServiceResponse> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.check_if_match(entity)?;
        let value = value(entity, revision)?;
        entity.set_property(path, value, revision);
        Ok(ServiceResponse::new(StatusCode::NO_CONTENT).etag(&entity.etag(model)))
    }
}
