//! The sockets: an accept loop on a thread of its own, so that a caller's runtime is neither
//! needed nor disturbed.

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::dispatch::Dispatcher;
use crate::fault::{Fault, Moment};
use crate::http::exchange::{Exchange, ExchangeAnswer, Log, shown};
use crate::http::host;
use crate::http::idle::{Entry, Idle};
use crate::http::wire::{Cut, OversizedError, Wire};
use crate::rejection::Refusal;
use crate::service::message::{Answer, Body, Request};

/// The largest body that is read, in bytes: Graph's own limit for a request.
const MAX_BODY: usize = 4 << 20;
/// The largest head that is read, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// How long a client may take for the head, and then for the body.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests in progress may go on after the end was asked for.
const GRACE: Duration = Duration::from_millis(250);
/// Connections at one time. When there are as many, the one that has been idle longest is closed;
/// while none is idle, more wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 512;

/// What connections share.
pub(crate) struct Shared {
    pub(crate) dispatcher: Dispatcher,
    pub(crate) log: Log,
}

/// A running server; ends when dropped.
pub(crate) struct Server {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves a listener that is bound already.
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
                // Tasks that outlived the grace period end here.
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
            // A panic over there has been printed; here it must not become a second one.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let mut connections = JoinSet::new();
    let idle = Arc::new(Idle::default());
    loop {
        let is_full =
            || connections.len() - idle.closing().min(connections.len()) >= MAX_CONNECTIONS;
        if is_full() {
            idle.close_oldest();
        }
        let is_full = is_full();
        tokio::select! {
            () = ended(&mut stopped) => break,
            Some(_) = connections.join_next() => {}
            () = idle.added.notified(), if is_full => {}
            accepted = listener.accept(), if !is_full => match accepted {
                Ok((stream, _)) => {
                    let entry = Entry::new(idle.clone());
                    connections.spawn(serve(stream, entry, shared.clone(), stopped.clone()));
                }
                // Out of file descriptors, or a client that went away: both pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, ended).await;
}

/// Returns when the server is to end.
async fn ended(stopped: &mut watch::Receiver<bool>) {
    // Without a sender there is no server either.
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn serve(
    stream: TcpStream,
    entry: Entry,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are small and complete: waiting to fill a packet only adds latency.
    let _ = stream.set_nodelay(true);
    let cut = Cut::default();
    let wire = Wire::new(stream, cut.clone());
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .serve_connection(
            TokioIo::new(wire),
            // On its own: a service goes on with what it has begun when the client has left.
            service_fn(|request| {
                entry.work();
                let exchange = tokio::spawn(exchange(shared.clone(), cut.clone(), request));
                let entry = &entry;
                async move {
                    let response = exchange.await.unwrap_or(Err(Closed));
                    // hyper sends the response even if it is told to close before.
                    entry.wait();
                    response
                }
            }),
        );
    let mut connection = pin!(connection);
    // A connection that breaks is the client's to notice.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = ended(&mut stopped) => {}
        () = entry.close.notified() => {}
    }
    connection.as_mut().graceful_shutdown();
    // A client that has sent half a head is not waited for.
    let closed = tokio::time::timeout(GRACE, connection.as_mut()).await;
    if closed.is_err() && entry.works() {
        let _ = connection.await;
    }
}

/// The connection is to be closed without an answer. hyper closes it for any error.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault closed the connection")
    }
}

impl std::error::Error for Closed {}

type ResponseBody = Either<Full<Bytes>, OversizedError>;

async fn exchange(
    shared: Arc<Shared>,
    cut: Cut,
    request: hyper::Request<Incoming>,
) -> Result<Response<ResponseBody>, Closed> {
    let (head, body) = request.into_parts();
    let host = host::check(&head);
    let faults = &shared.dispatcher.faults;
    let fault = match &host {
        Ok(()) => faults.take(&head.method, head.uri.path(), false),
        Err(_) => None,
    };
    let mut request = Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head.headers,
        body: Bytes::new(),
    };
    let without_answer = |request: &Request, fault| {
        shared.log.push(logged(request, None, fault));
        Err(Closed)
    };
    if let Some(Fault::Disconnect {
        moment: Moment::WhileReading,
    }) = fault
    {
        return without_answer(&request, fault);
    }
    let body = match host {
        Ok(()) => read_body(body).await,
        Err(refusal) => Err(refusal),
    };
    let answer = match body {
        Err(refusal) => {
            let mut answer = Answer::refused(&request, refusal);
            // The rest of the body is still in the socket.
            answer
                .headers
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
            answer
        }
        Ok(body) => {
            request.body = body;
            match answer(&shared.dispatcher, &cut, &request, fault.as_ref()).await {
                Some(answer) => answer,
                None => return without_answer(&request, fault),
            }
        }
    };
    shared.log.push(logged(&request, Some(&answer), fault));
    Ok(response(answer))
}

fn response(answer: Answer) -> Response<ResponseBody> {
    let body = match answer.body {
        None => Either::Left(Full::default()),
        Some(Body::Json(body)) => Either::Left(Full::from(body.to_string())),
        Some(Body::Text(text)) => Either::Left(Full::from(text)),
        Some(Body::Oversized(bytes)) => Either::Right(OversizedError::new(bytes)),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// The answer to a request that was read; `None` if a fault closes the connection instead.
async fn answer(
    dispatcher: &Dispatcher,
    cut: &Cut,
    request: &Request,
    fault: Option<&Fault>,
) -> Option<Answer> {
    Some(match fault {
        None => dispatcher.answer(request),
        Some(Fault::Disconnect { moment }) => {
            if *moment == Moment::AfterApplying {
                dispatcher.answer(request);
            }
            return None;
        }
        Some(Fault::Delay { duration }) => {
            tokio::time::sleep(*duration).await;
            dispatcher.answer(request)
        }
        Some(Fault::HalfAnswer) => {
            let answer = dispatcher.answer(request);
            cut.after_half_of_the_next_write();
            answer
        }
        Some(fault) => dispatcher.answer_struck(request, fault),
    })
}

async fn read_body(body: Incoming) -> Result<Bytes, Refusal> {
    let read = tokio::time::timeout(READ_TIMEOUT, Limited::new(body, MAX_BODY).collect()).await;
    match read {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("The body is larger than {MAX_BODY} bytes."),
        )),
        Ok(Err(_)) => Err(Refusal::bad_request("The body could not be read.")),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "RequestTimeout",
            "The body did not arrive in time.",
        )),
    }
}

fn logged(request: &Request, answer: Option<&Answer>, fault: Option<Fault>) -> Exchange {
    Exchange {
        method: request.method.to_string(),
        path: request.path.clone(),
        query: request.query.clone(),
        headers: shown(&request.headers),
        body: String::from_utf8_lossy(&request.body).into_owned(),
        answer: answer.map(|answer| ExchangeAnswer {
            status: answer.status.as_u16(),
            headers: shown(&answer.headers),
            body: match &answer.body {
                None => String::new(),
                Some(Body::Json(body)) => body.to_string(),
                Some(Body::Text(text)) => text.clone(),
                Some(Body::Oversized(bytes)) => format!("(an error of {bytes} bytes)"),
            },
        }),
        fault,
    }
}
