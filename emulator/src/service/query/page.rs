//! `$top`, `$skip`, `$skiptoken`, and the link to the next page.

use hyper::HeaderMap;
use url::form_urlencoded;

use crate::rejection::{Result, bad_request};
use crate::service::headers::preference;
use crate::service::query::order::Position;

/// The page size of the directory.
const DEFAULT_SIZE: usize = 100;
const MAX_SIZE: usize = 999;

/// The part of a list that a response returns.
#[derive(Debug, Default)]
pub(in crate::service) struct Page {
    /// `$top`: in Graph, the page size.
    pub(super) top: Option<usize>,
    pub(in crate::service) skip: usize,
    /// `$skiptoken`: the position of the last item of the previous page.
    pub(in crate::service) after: Option<Position>,
}

impl Page {
    /// The page size.
    pub(in crate::service) fn size(&self, headers: &HeaderMap) -> usize {
        let preferred = preference(headers, "odata.maxpagesize");
        let preferred = preferred.and_then(|size| size.parse().ok());
        let preferred = preferred.filter(|size| (1..=MAX_SIZE).contains(size));
        let size = self.top.unwrap_or(DEFAULT_SIZE);
        preferred.map_or(size, |preferred: usize| match self.top {
            Some(top) => top.min(preferred),
            None => preferred,
        })
    }
}

/// The URL of the next page: the same request, with a token for the position of the last item.
pub(in crate::service) fn next_link(url: &str, query: Option<&str>, last: &Position) -> String {
    let mut next = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.unwrap_or("").as_bytes()) {
        if !matches!(name.as_ref(), "$skip" | "$skiptoken") {
            next.append_pair(&name, &value);
        }
    }
    next.append_pair("$skiptoken", &last.token());
    let query = next.finish().replace("%24", "$");
    format!("{url}?{query}")
}

pub(super) fn size(value: &str) -> Result<usize> {
    let size = number("$top", value)?;
    match size {
        1..=MAX_SIZE => Ok(size),
        _ => Err(bad_request!(
            "Invalid page size specified: '{value}'. Must be between 1 and {MAX_SIZE} inclusive."
        )),
    }
}

pub(super) fn number(name: &str, value: &str) -> Result<usize> {
    let number = value.parse().ok();
    number.ok_or_else(|| {
        bad_request!(
            "Invalid value '{value}' for {name} query option found. The {name} query option \
             requires a non-negative integer value."
        )
    })
}
