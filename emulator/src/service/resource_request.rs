//! A request to a resource, and what its methods share.

use hyper::header;
use serde_json::Value;

use crate::body::BodyReader;
use crate::body::reference::Base;
use crate::path::Resource;
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::headers::{accepts_unknown_enum_members, is_odata_4_01, read_json};
use crate::service::message::{ServiceRequest, api_version};
use crate::service::query::Options;
use crate::service::{Api, Service};
use crate::state::entity::Entity;

/// A request to a resource that the metadata declares.
pub(super) struct ResourceRequest<'s> {
    pub(super) service: &'s Service,
    pub(super) api: &'s Api,
    pub(super) resource: Resource,
    pub(super) request: &'s ServiceRequest,
    pub(super) base: Base,
}

impl ResourceRequest<'_> {
    pub(super) fn context(&self, options: &Options) -> Value {
        let selected = options.in_context();
        let resource = self.resource.context(&self.api.model, &selected);
        let (root, version) = (&self.service.root, api_version(&self.request.path));
        Value::String(format!("{root}/{version}/$metadata#{resource}"))
    }

    /// Checks `If-Match` (RFC 9110 §13.1.1), with the weak comparison that OData requires.
    pub(super) fn check_if_match(&self, entity: &Entity) -> Result<()> {
        let Some(value) = self.request.headers.get(header::IF_MATCH) else {
            if self.resource.restrictions.if_match_required {
                // The reference of Planner lists 400, not the 428 of RFC 6585.
                return Err(bad_request!(
                    "The If-Match header must be specified for this type of request."
                ));
            }
            return Ok(());
        };
        let value = value.to_str().unwrap_or("");
        let etag = entity.etag(&self.api.model);
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let mut tags = value.split(',');
        if value.trim() == "*" || tags.any(|tag| opaque(tag) == opaque(&etag)) {
            return Ok(());
        }
        Err(Rejection::precondition_failed())
    }

    /// The body, and a reader for a change with this number.
    pub(super) fn read_body(&self) -> Result<(BodyReader<'_>, Value)> {
        let headers = &self.request.headers;
        let (ieee754_compatible, value) = read_json(self.request)?;
        let reader = BodyReader {
            model: &self.api.model,
            base: &self.base,
            revision: 0,
            read_only: self.service.read_only,
            accepts_unknown_enum_members: accepts_unknown_enum_members(headers),
            accepts_delta: is_odata_4_01(headers),
            ieee754_compatible,
            replaces: false,
        };
        Ok((reader, value))
    }
}
