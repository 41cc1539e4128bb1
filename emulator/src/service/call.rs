//! One request to a place that the metadata knows, and what its methods share.

use hyper::header;
use serde_json::Value;

use crate::body::reference::Base;
use crate::body::{BodyReader, ReadOnly};
use crate::path::Resource;
use crate::rejection::Refusal;
use crate::service::api::Api;
use crate::service::headers::{read_json, takes_delta, takes_evolved_members};
use crate::service::message::Request;
use crate::service::query::Options;
use crate::state::entity::Entity;

/// One request to a place that the metadata knows.
pub(super) struct Call<'s> {
    pub(super) api: &'s Api,
    pub(super) resource: Resource,
    pub(super) request: &'s Request,
    pub(super) base: Base,
    pub(super) read_only: ReadOnly,
    pub(super) metadata: String,
}

impl Call<'_> {
    pub(super) fn context(&self, options: &Options) -> Value {
        let selected = options.in_context();
        let resource = self.resource.context(&self.api.model, &selected);
        Value::String(format!("{}{resource}", self.metadata))
    }

    /// `If-Match` (RFC 9110 §13.1.1), with the weak comparison that OData asks for.
    pub(super) fn if_match(&self, entity: &Entity) -> Result<(), Refusal> {
        let model = &self.api.model;
        let Some(value) = self.request.headers.get(header::IF_MATCH) else {
            return match self.resource.restrictions.if_match_required {
                // The reference of Planner lists 400, not 428.
                true => Err(Refusal::bad_request(
                    "The If-Match header must be specified for this type of request.",
                )),
                false => Ok(()),
            };
        };
        let value = value.to_str().unwrap_or("");
        let current = entity.etag(model);
        let opaque = |tag: &str| {
            let tag = tag.trim();
            tag.strip_prefix("W/").unwrap_or(tag).to_owned()
        };
        let matches =
            value.trim() == "*" || value.split(',').any(|tag| opaque(tag) == opaque(&current));
        matches
            .then_some(())
            .ok_or_else(Refusal::precondition_failed)
    }

    pub(super) fn read_body(&self) -> Result<(BodyReader<'_>, Value), Refusal> {
        let headers = &self.request.headers;
        let (media_type, value) = read_json(self.request)?;
        let reader = BodyReader {
            model: &self.api.model,
            current: None,
            entity: None,
            has_known_key: false,
            read_only: self.read_only,
            base: &self.base,
            takes_evolved_members: takes_evolved_members(headers),
            takes_delta: takes_delta(headers),
            ieee754_compatible: media_type.ieee754_compatible,
            replaces: false,
        };
        Ok((reader, value))
    }
}
