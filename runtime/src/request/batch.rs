use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::request::builder::Request;
use crate::response::typed::Response;

/// Requests to send together. If there are more than Graph allows in one batch, or several API versions, the client sends
/// several batches, one after another.
///
/// [`push`](Self::push) returns a [`Ticket`] for each request. [`BatchResponses`](crate::request::BatchResponses)
/// exchanges it for the outcome.
///
/// ```
/// use msgraph_runtime::Request;
/// use msgraph_runtime::request::Batch;
///
/// let mut batch = Batch::new();
/// let first = batch.push(Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"]));
/// // Only if the first one succeeds:
/// let second = batch.push_after(&[first.id()], Request::delete("v1.0", "/users/{id}", &[&"alex@contoso.com"]));
/// assert_eq!((batch.len(), second.id().index()), (2, 1));
/// ```
#[derive(Debug)]
pub struct Batch<'a> {
    pub(crate) id: u64,
    pub(crate) items: Vec<Item<'a>>,
}

/// A claim to the outcome of one request in a batch. It can be used once.
pub struct Ticket<R> {
    id: TicketId,
    response: PhantomData<fn() -> R>,
}

/// Identifies a request in a batch, regardless of its response type.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct TicketId {
    pub(crate) batch: u64,
    index: usize,
}

impl TicketId {
    /// The position of the request in its batch, counted from 0.
    pub const fn index(self) -> usize {
        self.index
    }
}

impl<R> Ticket<R> {
    /// The id, for [`Batch::push_after`].
    pub const fn id(&self) -> TicketId {
        self.id
    }
}

#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) request: Request<'a>,
    /// The positions of earlier items that this one depends on.
    pub(crate) after: Vec<usize>,
    /// Whether it depends on an item of another batch.
    pub(crate) is_misplaced: bool,
}

impl<'a> Batch<'a> {
    /// An empty batch.
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            items: Vec::new(),
        }
    }

    /// Adds a request. Graph may process it before, after or in parallel with the others.
    pub fn push<R: Response>(&mut self, request: Request<'a, R>) -> Ticket<R> {
        self.push_after(&[], request)
    }

    /// Adds a request that is processed after `others` (`dependsOn`), and only if all of them succeed.
    ///
    /// If one of `others` belongs to another batch, the request is not sent, and its result is an error.
    pub fn push_after<R: Response>(
        &mut self,
        others: &[TicketId],
        request: Request<'a, R>,
    ) -> Ticket<R> {
        let id = TicketId {
            batch: self.id,
            index: self.items.len(),
        };
        self.items.push(Item {
            request: request.erased(),
            after: others.iter().map(|other| other.index).collect(),
            is_misplaced: others.iter().any(|other| other.batch != self.id),
        });
        Ticket {
            id,
            response: PhantomData,
        }
    }

    /// The number of requests.
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are no requests.
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Default for Batch<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// Collects requests without tickets. [`BatchResponses::into_rest`](crate::request::BatchResponses::into_rest) returns
/// the outcomes.
impl<'a, R: Response> FromIterator<Request<'a, R>> for Batch<'a> {
    fn from_iter<I: IntoIterator<Item = Request<'a, R>>>(requests: I) -> Self {
        let mut batch = Self::new();
        for request in requests {
            batch.push(request);
        }
        batch
    }
}

impl<R> fmt::Debug for Ticket<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ticket").field(&self.id.index).finish()
    }
}
