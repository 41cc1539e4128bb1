//! Reads a list page by page.

mod items;
#[cfg(feature = "stream")]
mod stream;

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

use http::Request as HttpRequest;

pub use items::Items;
#[cfg(feature = "stream")]
pub use stream::{ItemStream, PageStream};

use super::Client;
use super::error::Error;
use crate::read::finding::ReadNote;
use crate::read::readable::ReadValue;
use crate::request::builder::Request;
use crate::request::error::RequestError;
use crate::response::page::{Page, PageLink};

impl Client {
    /// Reads a list page by page.
    ///
    /// ```no_run
    /// use msgraph_runtime::{Client, Page, Request};
    /// use msgraph_runtime::edm::Untyped;
    ///
    /// # async fn show(client: Client) -> Result<(), msgraph_runtime::Error> {
    /// let users = Request::get("v1.0", "/users", &[]).reading::<Page<Untyped>>().top(100);
    /// let mut pager = client.pages(users);
    /// while let Some(page) = pager.next().await? {
    ///     println!("{} users", page.items.len());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// To continue from a stored link, add it to the list with [`Request::at`]: the [`link`](Pager::link) of a pager that
    /// was not read to the end, or a [`delta_link`](Pager::delta_link), which leads to the changes since. Add the headers
    /// again too, such as `ConsistencyLevel`. If the link has expired, [`Error::is_resync_required`] is true: read the
    /// list again from the start.
    ///
    /// ```no_run
    /// # use msgraph_runtime::{Client, Page, Request};
    /// # use msgraph_runtime::edm::Untyped;
    /// # async fn show(client: Client, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let delta = Request::get("v1.0", "/users/delta", &[]).reading::<Page<Untyped>>();
    /// let mut changes = client.pages(delta.at(stored.parse()?)).items();
    /// while let Some(user) = changes.next().await? {
    ///     println!("changed: {}", user["id"]);
    /// }
    /// // Store it for the next time.
    /// println!("{:?}", changes.delta_link().map(|link| link.as_str()));
    /// # Ok(()) }
    /// ```
    pub fn pages<T: ReadValue>(&self, list: Request<'_, Page<T>>) -> Pager<T> {
        let mut visited = Visited::default();
        let position = match list.link() {
            Some(link) => {
                visited.insert(link.as_str());
                Position::Link(link.clone())
            }
            None => {
                let first = list.prepare_idempotent(&self.sender.root);
                if let Ok((first, _)) = &first {
                    visited.insert(&first.uri().to_string());
                }
                Position::First(Box::new(first))
            }
        };
        Pager {
            client: self.clone(),
            list: list.without_body(),
            position,
            visited,
            delta_link: None,
            notes: Vec::new(),
        }
    }
}

/// Reads a list page by page. From [`Client::pages`].
///
/// ```no_run
/// # use msgraph_runtime::{Client, Error, Page, Request, edm::Untyped};
/// # async fn print(client: &Client, list: Request<'_, Page<Untyped>>) -> Result<(), Error> {
/// let mut pages = client.pages(list);
/// while let Some(page) = pages.next().await? {
///     println!("{} items", page.items.len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// It requests each page as [`Client::send`] does: it retries, renews the token, and sends the headers of the list, such
/// as `ConsistencyLevel` and `Prefer`. It follows a link as Graph sent it, but only to the client's root.
///
/// After an error, or if the future of [`next`](Self::next) is dropped, the next call requests the same page again.
#[must_use = "a pager does nothing until a page is requested"]
pub struct Pager<T> {
    client: Client,
    /// Without its body.
    list: Request<'static, Page<T>>,
    position: Position,
    visited: Visited,
    delta_link: Option<PageLink>,
    notes: Vec<ReadNote>,
}

/// The request for the first page, and whether it is idempotent.
type FirstPage = Result<(HttpRequest<Vec<u8>>, bool), RequestError>;

/// The page to request next.
enum Position {
    First(Box<FirstPage>),
    Link(PageLink),
    /// The last page links to an earlier one.
    Cycle,
    End,
}

impl<T: ReadValue> Pager<T> {
    /// Reads the next page; `None` after the last one. A page may be empty although it is not the last.
    ///
    /// # Errors
    /// As [`Client::send`]. The kind is [`ErrorKind::Request`](crate::ErrorKind::Request) also if the link to the page
    /// leads to another origin than the client's root, or back to an earlier page.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, Error> {
        let completed = match &self.position {
            Position::First(first) => {
                let (prepared, idempotent) = (**first).as_ref().map_err(Clone::clone)?;
                let list = self.list.clone().erased();
                self.client
                    .complete_prepared(&list, prepared, *idempotent)
                    .await?
            }
            Position::Link(link) => {
                let page = self.list.page_at(link.clone());
                self.client.complete(page.erased()).await?
            }
            Position::Cycle => return Err(RequestError::LinkCycle.into()),
            Position::End => return Ok(None),
        };
        let outcome = completed.into_outcome::<Page<T>>()?;
        let page = outcome.value;
        // Nothing changes before the last `await`, so that a dropped future loses nothing.
        self.position = match &page.next_link {
            Some(link) if self.visited.insert(link.as_str()) => Position::Link(link.clone()),
            Some(_) => Position::Cycle,
            None => Position::End,
        };
        self.delta_link.clone_from(&page.delta_link);
        self.notes = outcome.notes;
        Ok(Some(page))
    }

    /// Reads the items one by one, a page at a time: `while let Some(item) = items.next().await?`.
    pub fn items(self) -> Items<T> {
        Items::new(self)
    }

    /// Reads pages until there are `max` items or the list ends, and returns at most `max` items. To read on after them,
    /// use [`Items::collect_up_to`].
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn collect_up_to(self, max: usize) -> Result<Vec<T>, Error> {
        self.items().collect_up_to(max).await
    }

    /// The link to the page that [`next`](Self::next) requests: store it, and continue later with [`Request::at`]. `None`
    /// before the first page and after the last one.
    pub const fn link(&self) -> Option<&PageLink> {
        match &self.position {
            Position::Link(link) => Some(link),
            _ => None,
        }
    }

    /// The link to what changes after this list: store it, and read the changes later with [`Request::at`]. The last page
    /// of a `delta` function has it.
    pub const fn delta_link(&self) -> Option<&PageLink> {
        self.delta_link.as_ref()
    }

    /// Everything in the last page that does not match the type of its items.
    pub fn notes(&self) -> &[ReadNote] {
        &self.notes
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pager = f.debug_struct("Pager");
        pager.field("list", &self.list);
        if let Position::Link(link) = &self.position {
            pager.field("link", link);
        }
        pager
            .field("delta_link", &self.delta_link)
            .finish_non_exhaustive()
    }
}

/// The hashes of the links so far, since links are long.
#[derive(Default)]
struct Visited {
    hasher: RandomState,
    links: HashSet<u64>,
}

impl Visited {
    /// Whether the link is new.
    fn insert(&mut self, link: &str) -> bool {
        self.links.insert(self.hasher.hash_one(link))
    }
}
