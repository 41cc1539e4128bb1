use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value as Untyped};

use crate::edm::reference::url::split_origin;
use crate::read::alternatives::Alternatives;
use crate::read::finding::ReadFinding;
use crate::read::notes::{PathSegment, ReadNotes};
use crate::read::readable::ReadValue;
use crate::response::typed::{Received, Response};
use crate::text::without_token;

/// One page of a collection, as Graph sends it.
///
/// It may be empty although there are more pages. The response type of lists, and of functions and actions whose result
/// is a collection.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items, in Graph's order.
    pub items: Vec<T>,
    /// The number of items on all pages, if [`count`](crate::Request::count) asked for it. Some services send it unasked.
    pub count: Option<i64>,
    /// The next page; `None` on the last one.
    pub next_link: Option<PageLink>,
    /// Where the next round of a delta query begins. The last page has it.
    pub delta_link: Option<PageLink>,
}

/// A response type with items, [`Page`]. Only requests for one have the query options of lists.
#[diagnostic::on_unimplemented(
    message = "a request for `{Self}` is not a list",
    label = "only lists have this query option",
    note = "the response type of a list is `Page<…>`"
)]
pub trait List {}

impl<T> List for Page<T> {}

/// The URL of a page, as Graph sent it: `@odata.nextLink` or `@odata.deltaLink`.
///
/// To resume later, store [`as_str`](Self::as_str), and parse it again. `Debug` hides the query and the
/// arguments of functions, since the token in them may contain data.
///
/// ```
/// use msgraph_runtime::request::PageLink;
///
/// let stored = "https://graph.microsoft.com/v1.0/users?$skiptoken=RFNwdAIAAQ";
/// let link: PageLink = stored.parse()?;
/// assert_eq!(link.as_str(), stored);
/// assert_eq!(format!("{link:?}"), r#"PageLink("https://graph.microsoft.com/v1.0/users?***")"#);
/// # Ok::<(), msgraph_runtime::request::PageLinkError>(())
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct PageLink(String);

/// A string that is not the URL of a page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PageLinkError(());

impl PageLink {
    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme and authority, and what follows them; `None` if the URL is relative.
    pub(crate) fn split(&self) -> Option<(&str, &str)> {
        split_origin(&self.0)
    }
}

impl FromStr for PageLink {
    type Err = PageLinkError;

    /// Accepts an absolute URL without white space and control characters.
    fn from_str(url: &str) -> Result<Self, PageLinkError> {
        let link = Self(url.to_owned());
        let is_clean = !url.contains(|c: char| c.is_whitespace() || c.is_control());
        if is_clean && link.split().is_some() {
            Ok(link)
        } else {
            Err(PageLinkError(()))
        }
    }
}

impl fmt::Debug for PageLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageLink({:?})", without_token(&self.0))
    }
}

impl fmt::Display for PageLinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the link of a page: use the absolute URL that `PageLink::as_str` returned")
    }
}

impl std::error::Error for PageLinkError {}

const VALUE: &str = "value";
const COUNT: &str = "@odata.count";
const NEXT_LINK: &str = "@odata.nextLink";
const DELTA_LINK: &str = "@odata.deltaLink";

impl<T: ReadValue> Response for Page<T> {
    type Item = T;

    /// A page with an item or link that cannot be read is an error: without it, the list would be incomplete.
    fn read(received: Received<'_>, notes: &mut ReadNotes) -> Option<Self> {
        let mut object = match received.body.json()? {
            Untyped::Object(object) => object,
            other => return notes.mismatch(&other, "an object"),
        };
        let items = read_items(object.remove(VALUE), notes);
        let count: Option<i64> = object.remove(COUNT).and_then(|count| {
            notes.within(PathSegment::Declared(COUNT), |notes| {
                ReadValue::read(&count, notes)
            })
        });
        let next_link = read_link(&mut object, NEXT_LINK, notes);
        let delta_link = read_link(&mut object, DELTA_LINK, notes);
        for (name, _) in object {
            if !name.contains('@') {
                notes.within(PathSegment::Name(name), |notes| {
                    notes.note(ReadFinding::UnknownProperty(Alternatives::default()));
                });
            }
        }
        Some(Self {
            items: items?,
            count,
            next_link: next_link?,
            delta_link: delta_link?,
        })
    }
}

fn read_items<T: ReadValue>(value: Option<Untyped>, notes: &mut ReadNotes) -> Option<Vec<T>> {
    notes.within(PathSegment::Declared(VALUE), |notes| {
        let items = match value.unwrap_or_default() {
            Untyped::Array(items) => items,
            other => return notes.mismatch(&other, "an array"),
        };
        let count = items.len();
        let mut read = Vec::with_capacity(count);
        for (index, item) in items.into_iter().enumerate() {
            let item = notes.within(PathSegment::Index(index), |notes| {
                T::read_owned(item, notes)
            });
            read.extend(item);
        }
        (read.len() == count).then_some(read)
    })
}

/// `Some(None)` if there is no link, and `None` if it cannot be read.
fn read_link(
    object: &mut Map<String, Untyped>,
    name: &'static str,
    notes: &mut ReadNotes,
) -> Option<Option<PageLink>> {
    match object.remove(name).unwrap_or_default() {
        Untyped::Null => Some(None),
        // Used as given, so it is not validated before it is used.
        Untyped::String(url) => Some(Some(PageLink(url))),
        other => notes.within(PathSegment::Declared(name), |notes| {
            notes.mismatch(&other, "a URL")
        }),
    }
}
