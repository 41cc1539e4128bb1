//! A request body that records whether it was read, which shows whether sending has begun.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The body, which may be empty. If an attempt times out, reqwest does not tell whether it was still connecting. But if
/// it never asked for this body, or whether it is empty, it had no connection and has not sent the head of the request.
#[derive(Debug)]
pub(super) struct WatchedBody {
    content: Option<Bytes>,
    begun: Arc<AtomicBool>,
}

impl WatchedBody {
    /// Sets `begun` once any part of the request may have been sent.
    pub(super) fn new(content: Vec<u8>, begun: Arc<AtomicBool>) -> Self {
        let content = (!content.is_empty()).then(|| Bytes::from(content));
        Self { content, begun }
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
        this.begun.store(true, Ordering::Release);
        Poll::Ready(this.content.take().map(|content| Ok(Frame::data(content))))
    }

    fn is_end_stream(&self) -> bool {
        self.begun.store(true, Ordering::Release);
        self.content.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.content.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
    }
}
