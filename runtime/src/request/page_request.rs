//! The requests of a pager, which outlive the body of the request for the first page.

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
        self.clone().with_payload(Payload::Empty)
    }

    /// The GET of another page.
    pub(crate) fn page_at(&self, link: PageLink) -> Request<'static, Page<T>> {
        self.without_body().at(link)
    }
}
