use crate::request::Request;

/// Requests to be sent together. More than Graph takes at once, or of several API versions, go in several batches, one
/// after the other.
///
/// ```
/// # use msgraph_runtime::{Batch, FieldVisitor, Nullable, Request, Structured, VisitResult};
/// # #[derive(Debug, Default)]
/// # struct TapPatch { is_usable_once: Option<Nullable<bool>> }
/// # impl Structured for TapPatch {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.tap" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
/// #         visitor.fields(&[("isUsableOnce", &self.is_usable_once)])
/// #     }
/// # }
/// # fn update_tap(patch: &TapPatch) -> Request<'_> { Request::patch("v1.0", "/policies/tap", &[], patch) }
/// let patch = TapPatch { is_usable_once: Some(true.into()) };
/// let mut batch = Batch::new();
/// let first = batch.push(update_tap(&patch));
/// batch.push_after(&[first], update_tap(&patch));
/// assert_eq!(batch.len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Batch<'a> {
    items: Vec<Item<'a>>,
}

/// The place of a request in its batch, counted from 0; its answer stands at the same place.
///
/// ```
/// use msgraph_runtime::{Batch, Request};
///
/// let mut batch = Batch::new();
/// batch.push(Request::get("v1.0", "/organization", &[]));
/// let second = batch.push(Request::get("v1.0", "/users/{id}", &[&"adele@contoso.com"]));
/// assert_eq!(second.get(), 1);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BatchIndex(pub(crate) usize);

impl BatchIndex {
    /// The place as a number.
    pub const fn get(self) -> usize {
        self.0
    }
}

#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "client"),
    allow(dead_code, reason = "read by the client")
)]
pub(crate) struct Item<'a> {
    pub(crate) request: Request<'a>,
    /// Places of earlier items.
    pub(crate) after: Vec<usize>,
}

impl<'a> Batch<'a> {
    /// A batch without requests.
    pub const fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// Adds a request; Graph may do it before, after or beside the others.
    pub fn push(&mut self, request: Request<'a>) -> BatchIndex {
        self.push_after(&[], request)
    }

    /// Adds a request to be done after others (`dependsOn`), and only if all of those succeed.
    ///
    /// An index of another batch that does not stand before this one is left out.
    pub fn push_after(&mut self, others: &[BatchIndex], request: Request<'a>) -> BatchIndex {
        let index = self.items.len();
        // Only what stands before: so no request waits for itself, however long the chain.
        let after = others
            .iter()
            .map(|other| other.0)
            .filter(|other| *other < index)
            .collect();
        self.items.push(Item { request, after });
        BatchIndex(index)
    }

    /// How many requests there are.
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    #[cfg(feature = "client")]
    pub(crate) fn items(&self) -> &[Item<'a>] {
        &self.items
    }
}

impl<'a> FromIterator<Request<'a>> for Batch<'a> {
    fn from_iter<I: IntoIterator<Item = Request<'a>>>(requests: I) -> Self {
        let mut batch = Self::new();
        for request in requests {
            batch.push(request);
        }
        batch
    }
}
