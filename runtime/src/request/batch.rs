use crate::request::Request;

/// Requests to send together. If there are more than Graph allows in one batch, or several API versions, the client sends
/// several batches, one after another.
///
/// ```
/// use msgraph_runtime::{Batch, Request};
///
/// let mut batch = Batch::new();
/// let first = batch.push(Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"]));
/// // Only if the first one succeeds:
/// batch.push_after(&[first], Request::delete("v1.0", "/users/{id}", &[&"alex@contoso.com"]));
/// assert_eq!(batch.len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Batch<'a> {
    pub(crate) items: Vec<Item<'a>>,
}

/// The position of a request in its batch, and of its result, counted from 0.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BatchIndex(pub(crate) usize);

impl BatchIndex {
    /// The position as a number.
    pub const fn get(self) -> usize {
        self.0
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) request: Request<'a>,
    /// The positions of earlier items that this one depends on.
    pub(crate) after: Vec<usize>,
}

impl<'a> Batch<'a> {
    /// An empty batch.
    pub const fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// Adds a request. Graph may process it before, after or in parallel with the others.
    pub fn push<R>(&mut self, request: Request<'a, R>) -> BatchIndex {
        self.push_after(&[], request)
    }

    /// Adds a request that is processed after `others` (`dependsOn`), and only if all of them succeed.
    ///
    /// Indices of another batch that are out of range are ignored.
    pub fn push_after<R>(&mut self, others: &[BatchIndex], request: Request<'a, R>) -> BatchIndex {
        let index = self.items.len();
        // Only earlier items, so that there is no cycle.
        let earlier = others.iter().map(|other| other.0);
        let after = earlier.filter(|other| *other < index).collect();
        let request = request.reading();
        self.items.push(Item { request, after });
        BatchIndex(index)
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

impl<'a, R> FromIterator<Request<'a, R>> for Batch<'a> {
    fn from_iter<I: IntoIterator<Item = Request<'a, R>>>(requests: I) -> Self {
        let mut batch = Self::new();
        for request in requests {
            batch.push(request);
        }
        batch
    }
}
