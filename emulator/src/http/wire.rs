//! What faults need below HTTP: an answer that breaks off, and one that nobody could hold.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use hyper::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

const WHOLE: u8 = 0;
const NEXT_WRITE: u8 = 1;
const BROKEN: u8 = 2;

/// Whether and when a connection breaks off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut(Arc<AtomicU8>);

impl Cut {
    /// Of what is written next only the first half is sent. hyper writes head and body of a small
    /// answer at once.
    pub(crate) fn after_half_of_the_next_write(&self) {
        self.0.store(NEXT_WRITE, Ordering::Relaxed);
    }
}

/// A connection that can be made to break off.
pub(crate) struct Wire {
    stream: TcpStream,
    cut: Cut,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, cut: Cut) -> Self {
        Wire { stream, cut }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let state = self.cut.0.load(Ordering::Relaxed);
        match state {
            WHOLE => Pin::new(&mut self.stream).poll_write(context, bytes),
            NEXT_WRITE => {
                let half = bytes.get(..bytes.len().div_ceil(2)).unwrap_or(bytes);
                let written = Pin::new(&mut self.stream).poll_write(context, half);
                if let Poll::Ready(Ok(_)) = written {
                    self.cut.0.store(BROKEN, Ordering::Relaxed);
                }
                written
            }
            // hyper drops the connection for it, which closes the socket behind what was sent.
            _ => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// An error of Graph's shape with a message of any length, made while it is sent.
pub(crate) struct OversizedError {
    part: Part,
    left: u64,
}

enum Part {
    Head,
    Message,
    End,
}

const HEAD: &[u8] = br#"{"error":{"code":"InternalServerError","message":""#;
const TAIL: &[u8] = br#""}}"#;
static FILLER: [u8; 16 << 10] = [b'x'; 16 << 10];

impl OversizedError {
    pub(crate) fn new(bytes: u64) -> Self {
        OversizedError {
            part: Part::Head,
            left: bytes,
        }
    }
}

impl Body for OversizedError {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = match self.part {
            Part::Head => {
                self.part = Part::Message;
                HEAD
            }
            Part::Message if self.left > 0 => {
                let length = usize::try_from(self.left).unwrap_or(usize::MAX);
                let chunk = FILLER.get(..length).unwrap_or(&FILLER);
                self.left = self.left.saturating_sub(chunk.len() as u64);
                chunk
            }
            Part::Message => {
                self.part = Part::End;
                TAIL
            }
            Part::End => return Poll::Ready(None),
        };
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(chunk)))))
    }

    fn size_hint(&self) -> SizeHint {
        // Unknown, so that it is sent in chunks and the client cannot see it coming.
        SizeHint::default()
    }
}
