//! Media streams (`$value`) and stream properties (OData Protocol 4.01 §11.1.3 and §11.4.7).

use hyper::header;
use hyper::{Method, StatusCode};

use crate::invocation::OCTETS;
use crate::rejection::{Rejection, Result};
use crate::service::message::ServiceResponse;
use crate::service::query::Options;
use crate::service::resource_request::ResourceRequest;
use crate::state::entity::content::Content;

impl ResourceRequest<'_> {
    /// A request to the stream at a path from the entity, which is empty for its media stream.
    pub(super) fn content(&self, path: &[String]) -> Result<ServiceResponse> {
        match self.request.method {
            Method::GET if self.service.settings.redirects_content && !path.is_empty() => {
                self.redirect_content(path)
            }
            Method::GET => self.get_content(path),
            Method::PUT | Method::PATCH | Method::DELETE
                if self.resource.restrictions.updatable == Some(false) =>
            {
                Err(Rejection::method_not_allowed(&self.request.method, "GET"))
            }
            // The reference of profilePhoto documents both.
            Method::PUT | Method::PATCH => self.put_content(path),
            Method::DELETE => self.delete_content(path),
            ref method => Err(Rejection::method_not_allowed(method, "GET, PUT, DELETE")),
        }
    }

    pub(super) fn get_content(&self, path: &[String]) -> Result<ServiceResponse> {
        let mut tenant = self.api.lock();
        let entity = tenant.entity(&self.api.model, &self.resource.steps)?;
        match entity.contents.get(&path.join("/")) {
            Some(Content { media_type, bytes }) => Ok(ServiceResponse::new(StatusCode::OK)
                .etag(&entity.etag(&self.api.model))
                .bytes(media_type.clone(), bytes.clone())),
            None => Err(no_content()),
        }
    }

    /// As for the files of a drive: the content has a URL elsewhere that works without a token.
    fn redirect_content(&self, path: &[String]) -> Result<ServiceResponse> {
        self.get_content(path)?;
        let url = format!("{}/download{}", self.service.root, self.request.path);
        Ok(ServiceResponse::new(StatusCode::FOUND).location(&url))
    }

    fn put_content(&self, path: &[String]) -> Result<ServiceResponse> {
        let headers = &self.request.headers;
        let media_type = headers.get(header::CONTENT_TYPE).cloned();
        let content = Content {
            media_type: media_type.unwrap_or(OCTETS),
            bytes: self.request.body.clone(),
        };
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.check_if_match(entity)?;
        entity.contents.insert(path.join("/"), content);
        entity.revision = revision;
        // A file of a drive is returned, a photo is not.
        Ok(match path {
            [] => ServiceResponse::new(StatusCode::NO_CONTENT),
            _ => self.representation(entity, entity.ty, &Options::default()),
        })
    }

    fn delete_content(&self, path: &[String]) -> Result<ServiceResponse> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.check_if_match(entity)?;
        entity
            .contents
            .remove(&path.join("/"))
            .ok_or_else(no_content)?;
        entity.revision = revision;
        Ok(ServiceResponse::new(StatusCode::NO_CONTENT))
    }
}

fn no_content() -> Rejection {
    Rejection::new(
        StatusCode::NOT_FOUND,
        "ErrorItemNotFound",
        "The specified object was not found in the store.",
    )
}
