use std::collections::VecDeque;
use std::fmt;

use super::Pager;
use crate::client::error::Error;
use crate::read::readable::ReadValue;
use crate::response::page::PageLink;

/// Reads a list item by item. From [`Pager::items`]. It is not an `Iterator`, because reading a page is async and may fail:
///
/// ```no_run
/// # use msgraph_runtime::{Client, Error, Page, Request, edm::Untyped};
/// # async fn print(client: &Client, list: Request<'_, Page<Untyped>>) -> Result<(), Error> {
/// let mut items = client.pages(list).items();
/// while let Some(user) = items.next().await? {
///     println!("{}", user["displayName"]);
/// }
/// # Ok(())
/// # }
/// ```
///
/// After an error, or if a future is dropped, no item is lost or repeated: the next call requests the same page again.
#[must_use = "it does nothing until an item is requested"]
pub struct Items<T> {
    pager: Pager<T>,
    /// Read, but not returned yet.
    ready: VecDeque<T>,
}

impl<T: ReadValue> Items<T> {
    pub(super) const fn new(pager: Pager<T>) -> Self {
        Self {
            pager,
            ready: VecDeque::new(),
        }
    }

    #[cfg(feature = "stream")]
    pub(super) fn into_parts(self) -> (Pager<T>, VecDeque<T>) {
        (self.pager, self.ready)
    }

    /// The next item; `None` after the last one. Requests a page if there is no item left of the last one.
    ///
    /// # Errors
    /// As [`Pager::next`].
    pub async fn next(&mut self) -> Result<Option<T>, Error> {
        self.read_up_to(1).await?;
        Ok(self.ready.pop_front())
    }

    /// The next items, at most `max`; fewer only at the end of the list.
    ///
    /// # Errors
    /// As [`Pager::next`]. The items read so far are kept for the next call.
    pub async fn collect_up_to(&mut self, max: usize) -> Result<Vec<T>, Error> {
        self.read_up_to(max).await?;
        let count = max.min(self.ready.len());
        Ok(self.ready.drain(..count).collect())
    }

    /// Reads pages until `count` items are ready, or the list ends.
    async fn read_up_to(&mut self, count: usize) -> Result<(), Error> {
        while self.ready.len() < count {
            let Some(page) = self.pager.next().await? else {
                break;
            };
            self.ready.extend(page.items);
        }
        Ok(())
    }
}

impl<T: ReadValue> Items<T> {
    /// As [`Pager::delta_link`].
    pub const fn delta_link(&self) -> Option<&PageLink> {
        self.pager.delta_link()
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pager", &self.pager)
            .field("ready", &self.ready.len())
            .finish()
    }
}
