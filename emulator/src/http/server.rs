//! The listener and its connections, on a thread of their own.

use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::http::connections::{Connection, Connections};
use crate::http::handler::{READ_TIMEOUT, Shared, handle};
use crate::http::truncation::{TruncatingStream, Truncation};

const MAX_HEAD_BYTES: usize = 64 << 10;
/// How long a connection may stay open after it was asked to close.
const GRACE: Duration = Duration::from_millis(250);

/// A running server. It stops when dropped.
pub(crate) struct Server {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, shared: Arc<Shared>) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = watch::channel(false);
        let thread = std::thread::Builder::new()
            .name("msgraph-emulator".to_owned())
            .spawn(move || {
                runtime.block_on(accept(listener, shared, stopped));
                // Aborts requests that outlived the grace period.
                runtime.shutdown_background();
            })?;
        Ok(Server {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic there was printed already and must not become a second one here.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let connections = Arc::new(Connections::new());
    let mut tasks = JoinSet::new();
    loop {
        let accepted = async { Some((connections.slot().await?, listener.accept().await)) };
        tokio::select! {
            () = stop(&mut stopped) => break,
            accepted = accepted => match accepted {
                Some((slot, Ok((stream, _)))) => {
                    let connection = connections.add(slot);
                    let (connections, shared) = (connections.clone(), shared.clone());
                    let stopped = stopped.clone();
                    tasks.spawn(async move {
                        serve(stream, &connections, &connection, shared, stopped).await;
                        connections.remove(&connection);
                    });
                }
                // Out of file descriptors, or the client has left: both are temporary.
                Some((_, Err(_))) => tokio::time::sleep(Duration::from_millis(10)).await,
                None => break,
            },
        }
        while tasks.try_join_next().is_some() {}
    }
    drop(listener);
    let finished = async { while tasks.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, finished).await;
}

async fn stop(stopped: &mut watch::Receiver<bool>) {
    // An error means that the server was dropped, which is a stop as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn serve(
    stream: TcpStream,
    connections: &Connections,
    connection: &Arc<Connection>,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<bool>,
) {
    // Responses are small and complete: waiting to fill a packet only adds latency.
    let _ = stream.set_nodelay(true);
    let truncation = Truncation::default();
    let stream = TruncatingStream::new(stream, truncation.clone());
    let service = service_fn(|request| {
        connections.set_busy(connection);
        // A task of its own: like a service, the emulator finishes the request if the client leaves.
        let response = tokio::spawn(handle(shared.clone(), truncation.clone(), request));
        async move {
            let response = response.await.unwrap_or_else(|error| Err(error.into()));
            // hyper sends the response even if the connection is asked to close before.
            connections.set_idle(connection);
            response
        }
    });
    let mut served = pin!(
        hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(READ_TIMEOUT)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = served.as_mut() => return,
        () = stop(&mut stopped) => {}
        () = connection.close.notified() => {}
    }
    served.as_mut().graceful_shutdown();
    // The client may have sent half a head.
    let closed = tokio::time::timeout(GRACE, served.as_mut()).await;
    if closed.is_err() && connection.is_busy() {
        let _ = served.await;
    }
}
