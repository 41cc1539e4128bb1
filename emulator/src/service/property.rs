//! Requests to a property of an entity.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::body::change::Change;
use crate::path::Target;
use crate::rejection::Refusal;
use crate::service::call::Call;
use crate::service::message::Answer;
use crate::service::query::Options;

impl Call<'_> {
    pub(super) fn get_property(&self) -> Result<Answer, Refusal> {
        let Target::Property { path, .. } = &self.resource.target else {
            return Err(Refusal::no_segment(""));
        };
        let mut tenant = self.api.lock();
        let entity = tenant.entity(&self.api.model, &self.resource.steps)?;
        let context = self.context(&Options::default());
        // A property without a value has no content (OData Protocol 4.01 §11.2.6).
        let body = match entity.value_at(&format!("/{}", path.join("/"))) {
            None | Some(Value::Null) => return Ok(Answer::new(StatusCode::NO_CONTENT)),
            Some(Value::Object(object)) => {
                let mut object = object.clone();
                object.insert("@odata.context".into(), context);
                Value::Object(object)
            }
            Some(value) => json!({"@odata.context": context, "value": value}),
        };
        Ok(Answer::new(StatusCode::OK).json(body))
    }

    /// A complex value merges (OData Protocol 4.01 §11.4.9.3), and PUT replaces a collection of them;
    /// other properties are updated with the entity.
    pub(super) fn update_property(&self) -> Result<Answer, Refusal> {
        let Target::Property {
            path,
            ty,
            nullable,
            is_read_only,
            ..
        } = &self.resource.target
        else {
            return Err(Refusal::no_segment(""));
        };
        let model = &self.api.model;
        let method = &self.request.method;
        let takes = match ty.is_collection {
            true => method == Method::PUT && self.resource.restrictions.by_put,
            false => method == Method::PATCH,
        };
        if !self.resource.target.is_complex(model) || *is_read_only || !takes {
            return Err(Refusal::method_not_allowed(method, "GET"));
        }
        let (reader, mut body) = self.read_body()?;
        if ty.is_collection {
            body = body
                .get_mut("value")
                .map(Value::take)
                .ok_or_else(|| Refusal::bad_request("The body has no property 'value'."))?;
        } else if !body.is_object() {
            return Err(Refusal::bad_request("The body is not a JSON object."));
        }
        let name = path.last().map_or("", String::as_str);
        self.change_property(path, |current| {
            let current = current.cloned().map(|value| (name.to_owned(), value));
            let current = Map::from_iter(current);
            let reader = reader.updating_value(&current);
            reader.property(name, *ty, *nullable, body)
        })
    }

    pub(super) fn clear_property(&self) -> Result<Answer, Refusal> {
        match &self.resource.target {
            Target::Property {
                path,
                nullable: true,
                is_read_only: false,
                ..
            } => self.change_property(path, |_| Ok(Change::Set(Value::Null))),
            _ => Err(Refusal::method_not_allowed(&Method::DELETE, "GET")),
        }
    }

    /// `change` is given the value that is there.
    fn change_property(
        &self,
        path: &[String],
        change: impl FnOnce(Option<&Value>) -> Result<Change, Refusal>,
    ) -> Result<Answer, Refusal> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.if_match(entity)?;
        let change = change(entity.value_at(&format!("/{}", path.join("/"))))?;
        entity.apply_at(path, change, revision)?;
        Ok(Answer::new(StatusCode::NO_CONTENT).etag(&entity.etag(model)))
    }
}
