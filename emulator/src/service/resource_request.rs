//! A request to a resource, and what its methods share.

use hyper::{Method, header};
use serde_json::Value;

use crate::body::BodyReader;
use crate::body::reference::Base;
use crate::path::{Resource, Target};
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::headers::{accepts_unknown_enum_members, is_odata_4_01, read_json};
use crate::service::message::{ServiceRequest, ServiceResponse, api_version};
use crate::service::query::Options;
use crate::service::{Api, Service};
use crate::state::entity::Entity;
use crate::token::GrantedPermissions;

/// A request to a resource that the metadata declares.
pub(super) struct ResourceRequest<'s> {
    pub(super) service: &'s Service,
    pub(super) api: &'s Api,
    pub(super) resource: Resource<'s>,
    pub(super) request: &'s ServiceRequest,
    pub(super) base: Base,
    /// What the token grants. `None` if permissions are not enforced.
    pub(super) granted: Option<&'s GrantedPermissions>,
}

impl ResourceRequest<'_> {
    /// The response to a request that invokes no operation.
    pub(super) fn respond(&self) -> Result<ServiceResponse> {
        let method = &self.request.method;
        if *method == Method::GET && self.resource.restrictions.readable == Some(false) {
            return Err(Rejection::method_not_allowed(method, "PATCH, DELETE"));
        }
        match (method, &self.resource.target) {
            (&Method::GET, Target::Collection(ty)) => self.list(*ty),
            (&Method::POST, Target::Collection(ty)) => self.create(*ty),
            (&Method::GET, Target::Count(ty)) => self.count(*ty),
            (&Method::GET, Target::Entity { declared }) => self.get(*declared),
            (&Method::PATCH | &Method::PUT, Target::Entity { declared }) => self.update(*declared),
            (&Method::DELETE, Target::Entity { .. }) => self.delete(),
            (&Method::GET, Target::Property { .. }) => self.get_property(),
            (&Method::PATCH | &Method::PUT, Target::Property { .. }) => self.update_property(),
            (&Method::POST, Target::Property { .. }) => self.add_to_property(),
            (&Method::DELETE, Target::Property { .. }) => self.clear_property(),
            (_, Target::Content { path }) => self.content(path),
            (
                _,
                Target::References {
                    declared,
                    is_collection,
                },
            ) => self.references(*declared, *is_collection),
            (_, Target::Count(_) | Target::OperationResult) => {
                Err(Rejection::method_not_allowed(method, "GET"))
            }
            (_, Target::Collection(_)) => Err(Rejection::method_not_allowed(method, "GET, POST")),
            (_, Target::Entity { .. } | Target::Property { .. }) => {
                Err(Rejection::method_not_allowed(method, "GET, PATCH, DELETE"))
            }
        }
    }

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

    /// The body, and a reader for it.
    pub(super) fn read_body(&self) -> Result<(BodyReader<'_>, Value)> {
        let (ieee754_compatible, value) = read_json(self.request)?;
        Ok((self.reader(ieee754_compatible), value))
    }

    /// A reader for the body. A change sets its number.
    pub(super) fn reader(&self, ieee754_compatible: bool) -> BodyReader<'_> {
        let headers = &self.request.headers;
        BodyReader {
            model: &self.api.model,
            base: &self.base,
            revision: 0,
            read_only: self.service.settings.read_only,
            accepts_unknown_enum_members: accepts_unknown_enum_members(headers),
            accepts_delta: is_odata_4_01(headers),
            ieee754_compatible,
            replaces: false,
        }
    }
}
