//! The requests of a pager, which outlive the body of the request for the first page.

use std::marker::PhantomData;

use crate::read::readable::ReadValue;
use crate::request::builder::Request;
use crate::request::payload::Payload;
use crate::response::page::{Page, PageLink};

impl<T: ReadValue> Request<'_, Page<T>> {
    /// The page that the request reads instead of the first.
    pub(crate) const fn link(&self) -> Option<&PageLink> {
        self.options.link.as_ref()
    }

    /// The request without its body.
    pub(crate) fn without_body(&self) -> Request<'static, Page<T>> {
        Request {
            method: self.method.clone(),
            api_version: self.api_version,
            template: self.template,
            path: self.path.clone(),
            payload: Payload::Empty,
            types: self.types,
            permissions: self.permissions,
            roles: self.roles,
            if_match_required: self.if_match_required,
            idempotent: self.idempotent,
            reads_content: self.reads_content,
            options: self.options.clone(),
            response: PhantomData,
        }
    }

    /// The GET of another page.
    pub(crate) fn page_at(&self, link: PageLink) -> Request<'static, Page<T>> {
        self.without_body().at(link)
    }
}
