//! Pages and items as streams.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::{Items, Pager};
use crate::client::error::Error;
use crate::read::readable::ReadValue;
use crate::response::page::Page;

type PageFuture<T> =
    Pin<Box<dyn Future<Output = (Pager<T>, Result<Option<Page<T>>, Error>)> + Send>>;

/// A stream of pages. From [`Pager::into_stream`]. It ends after the last page or the first error.
#[must_use = "a stream does nothing until it is polled"]
pub struct PageStream<T> {
    state: State<T>,
}

enum State<T> {
    Idle(Box<Pager<T>>),
    Requesting(PageFuture<T>),
    Ended,
}

/// A stream of items. From [`Items::into_stream`]. It ends after the last item or the first error.
#[must_use = "a stream does nothing until it is polled"]
pub struct ItemStream<T> {
    pages: PageStream<T>,
    /// Read, but not returned yet.
    ready: VecDeque<T>,
}

impl<T: ReadValue + 'static> Pager<T> {
    /// The pages as a stream, which ends after the first error. To read on after an error, use the pager itself.
    pub fn into_stream(self) -> PageStream<T> {
        PageStream {
            state: State::Idle(Box::new(self)),
        }
    }
}

impl<T: ReadValue + 'static> Items<T> {
    /// The items as a stream, which ends after the first error. To read on after an error, use [`next`](Self::next).
    pub fn into_stream(self) -> ItemStream<T> {
        let (pager, ready) = self.into_parts();
        ItemStream {
            pages: pager.into_stream(),
            ready,
        }
    }
}

async fn next_of<T: ReadValue>(mut pager: Pager<T>) -> (Pager<T>, Result<Option<Page<T>>, Error>) {
    let page = pager.next().await;
    (pager, page)
}

impl<T: ReadValue + 'static> Stream for PageStream<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let state = &mut self.get_mut().state;
        let mut request = match std::mem::replace(state, State::Ended) {
            State::Idle(pager) => Box::pin(next_of(*pager)),
            State::Requesting(request) => request,
            State::Ended => return Poll::Ready(None),
        };
        let Poll::Ready((pager, page)) = request.as_mut().poll(context) else {
            *state = State::Requesting(request);
            return Poll::Pending;
        };
        if let Ok(Some(_)) = page {
            *state = State::Idle(Box::new(pager));
        }
        Poll::Ready(page.transpose())
    }
}

impl<T: ReadValue + 'static> Stream for ItemStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => this.ready.extend(page.items),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Items are moved out, never pinned.
impl<T> Unpin for ItemStream<T> {}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream").finish_non_exhaustive()
    }
}
