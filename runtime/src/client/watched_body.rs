//! A request body that can tell whether sending has begun.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Whether the transport has used the body. It does so once it has a connection to write to.
#[derive(Clone, Debug, Default)]
pub(super) struct Begun(Arc<AtomicBool>);

impl Begun {
    /// Whether anything of the request may have been sent.
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn set(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A body in memory, which may be empty. When the HTTP client times out, it does not say whether it was still connecting.
/// If it never asked this body whether it is empty, it has not sent the head of the request either.
#[derive(Debug)]
pub(super) struct WatchedBody {
    content: Option<Bytes>,
    begun: Begun,
}

impl WatchedBody {
    pub(super) fn new(content: Option<Vec<u8>>, begun: Begun) -> Self {
        Self {
            content: content
                .map(Bytes::from)
                .filter(|content| !content.is_empty()),
            begun,
        }
    }
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        this.begun.set();
        Poll::Ready(this.content.take().map(|content| Ok(Frame::data(content))))
    }

    fn is_end_stream(&self) -> bool {
        self.begun.set();
        self.content.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.content.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
    }
}
