//! A connection that can break in the middle of a response.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Tells a [`TruncatingStream`] to send only half of its next write, then to break.
#[derive(Clone, Debug, Default)]
pub(super) struct Truncation(Arc<AtomicBool>);

impl Truncation {
    /// hyper writes head and body of a small response at once.
    pub(super) fn truncate_next_write(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A connection that breaks at the point given by its [`Truncation`].
pub(super) struct TruncatingStream {
    stream: TcpStream,
    truncation: Truncation,
    is_broken: bool,
}

impl TruncatingStream {
    pub(super) fn new(stream: TcpStream, truncation: Truncation) -> Self {
        TruncatingStream {
            stream,
            truncation,
            is_broken: false,
        }
    }
}

impl AsyncRead for TruncatingStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for TruncatingStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_broken {
            // hyper then drops the connection, which closes the socket.
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if !self.truncation.0.load(Ordering::Relaxed) {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        let half = bytes.get(..bytes.len().div_ceil(2)).unwrap_or(bytes);
        let written = Pin::new(&mut self.stream).poll_write(context, half);
        self.is_broken = matches!(written, Poll::Ready(Ok(_)));
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
