//! A response body of any size, for [`Fault::OversizedError`](crate::Fault::OversizedError).

use std::convert::Infallible;
use std::iter::{once, repeat_n};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};

/// An error in Graph's shape, produced while it is sent. hyper sends it in chunks, because its size is
/// unknown, so the client cannot see it coming.
pub(super) struct OversizedError(Box<dyn Iterator<Item = &'static [u8]> + Send + Sync>);

static FILLER: [u8; 16 << 10] = [b'x'; 16 << 10];

impl OversizedError {
    pub(super) fn new(message_bytes: u64) -> Self {
        let message_bytes = usize::try_from(message_bytes).unwrap_or(usize::MAX);
        let rest = FILLER.get(..message_bytes % FILLER.len()).unwrap_or(&[]);
        let chunks = once(&br#"{"error":{"code":"InternalServerError","message":""#[..])
            .chain(repeat_n(&FILLER[..], message_bytes / FILLER.len()))
            .chain([rest, br#""}}"#]);
        OversizedError(Box::new(chunks))
    }
}

impl Body for OversizedError {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.0.next().map(Bytes::from_static);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}
