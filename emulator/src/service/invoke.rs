//! Calls of actions and functions, which closures respond to.

use msgraph_csdl::model::Operation;
use serde_json::{Map, Value, json};

use crate::invocation::{Invocation, InvocationBody, InvocationResponse};
use crate::path::Target;
use crate::path::operation::InvokedOperation;
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::message::{ServiceResponse, api_version};
use crate::service::query::{Options, unquoted};
use crate::service::resource_request::ResourceRequest;
use crate::state::{Cursor, OnMissing};

impl ResourceRequest<'_> {
    /// Invokes the operation. `None` if the request is to the position that a function returns.
    pub(super) fn invoke(&self, invoked: &InvokedOperation<'_>) -> Option<Result<ServiceResponse>> {
        let method = &self.request.method;
        let allowed = if invoked.is_action() { "POST" } else { "GET" };
        if method.as_str() != allowed {
            let is_position = !matches!(self.resource.target, Target::OperationResult);
            let rejection = Rejection::method_not_allowed(method, allowed);
            return (!is_position).then_some(Err(rejection));
        }
        let parameters = match self.check_invocation(invoked) {
            Ok(parameters) => parameters,
            Err(rejection) => return Some(Err(rejection)),
        };
        let operation = invoked.operation.qualified_name();
        let invocations = &self.service.settings.invocations;
        let path = self.operation_path(invoked);
        let path = (api_version(&self.request.path), path.as_slice());
        let Some(respond) = invocations.find(&operation, path) else {
            if self.is_stored() {
                return None;
            }
            let operation = format_args!("The operation '{operation}'");
            return Some(Err(Rejection::not_emulated(operation)));
        };
        let response = respond(&Invocation {
            operation,
            path: self.request.path.clone(),
            query: self.request.query.clone(),
            parameters,
            root: self.service.root.clone(),
        });
        Some(Ok(self.invocation_response(response)))
    }

    /// Checks that the binding parameter exists, and reads the parameters.
    fn check_invocation(&self, invoked: &InvokedOperation<'_>) -> Result<Map<String, Value>> {
        let model = &self.api.model;
        let steps = self.resource.steps.get(..invoked.binding_steps);
        let mut tenant = self.api.lock();
        let steps = tenant.follow(model, steps.unwrap_or_default().to_vec());
        tenant.find(model, &steps, OnMissing::Reject)?;
        drop(tenant);
        match invoked.is_action() {
            true => self.action_parameters(invoked.operation),
            false => self.function_parameters(invoked),
        }
    }

    fn action_parameters(&self, operation: &Operation<'_>) -> Result<Map<String, Value>> {
        let is_empty = self.request.body.iter().all(u8::is_ascii_whitespace);
        if is_empty && operation.arguments().is_empty() {
            return Ok(Map::new());
        }
        if is_empty {
            let reader = self.reader(false);
            return reader.parameters(operation, json!({}));
        }
        let (reader, body) = self.read_body()?;
        reader.parameters(operation, body)
    }

    /// The parameters in the path, with those that are aliases (`@name`) replaced by the values in the
    /// query.
    fn function_parameters(&self, invoked: &InvokedOperation<'_>) -> Result<Map<String, Value>> {
        let mut parameters = invoked.arguments.clone();
        for value in parameters.values_mut() {
            let Some(alias) = value.as_str().filter(|text| text.starts_with('@')) else {
                continue;
            };
            let Some(text) = self.request.query_option(alias) else {
                return Err(bad_request!(
                    "The query has no value for the alias '{alias}'."
                ));
            };
            *value = match unquoted(&text) {
                Some(text) => text.into(),
                None => serde_json::from_str(&text)
                    .map_err(|_| bad_request!("The value of the alias '{alias}' is invalid."))?,
            };
        }
        Ok(parameters)
    }

    /// The canonical path of the binding parameter, and the name of the operation.
    fn operation_path(&self, invoked: &InvokedOperation<'_>) -> Vec<String> {
        let mut path = self.resource.canonical_of(invoked.binding_steps);
        path.push(invoked.operation.name.text.to_string());
        path
    }

    /// Whether the position that a function returns was seeded or updated.
    fn is_stored(&self) -> bool {
        if matches!(self.resource.target, Target::OperationResult) {
            return false;
        }
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let steps = tenant.follow(model, self.resource.steps.clone());
        match tenant.find(model, &steps, OnMissing::Reject) {
            Ok(Cursor::Entity(entity)) => entity.revision > 0,
            Ok(Cursor::Items(collection, _)) => collection.iter().next().is_some(),
            // A missing entity was deleted.
            Ok(Cursor::Root(_)) => false,
            Err(_) => true,
        }
    }

    fn invocation_response(&self, response: InvocationResponse) -> ServiceResponse {
        let headers: Vec<_> = response.headers().collect();
        let media_type = response.media_type();
        let new = ServiceResponse::new(response.status());
        let mut new = match response.into_body() {
            InvocationBody::Nothing => new,
            InvocationBody::Value(Value::Object(mut object)) => {
                let context = self.context(&Options::default());
                object.entry("@odata.context").or_insert(context);
                new.json(Value::Object(object))
            }
            InvocationBody::Value(value) => {
                let context = self.context(&Options::default());
                new.json(json!({"@odata.context": context, "value": value}))
            }
            InvocationBody::Error(error) => new.json(error),
            InvocationBody::Bytes(bytes) => new.bytes(media_type, bytes),
        };
        new.headers.extend(headers);
        new
    }
}
