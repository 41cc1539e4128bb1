//! One exchange: reads the request, applies a planned fault, responds and logs.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use crate::dispatch::{self, Dispatcher};
use crate::fault::{Fault, Moment};
use crate::http::exchange::Exchange;
use crate::http::host;
use crate::http::log::Log;
use crate::http::oversized::OversizedError;
use crate::http::truncation::Truncation;
use crate::rejection::{Rejection, Result};
use crate::service::message::{Body, ServiceRequest, ServiceResponse};

/// Graph's own limit for a request.
const MAX_BODY_BYTES: usize = 4 << 20;
/// How long a client may take for the head, and again for the body.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) dispatcher: Dispatcher,
    pub(crate) log: Log,
}

type ResponseBody = Either<Full<Bytes>, OversizedError>;

/// Responds to a request. An error closes the connection without a response.
pub(super) async fn handle(
    shared: Arc<Shared>,
    truncation: Truncation,
    request: hyper::Request<Incoming>,
) -> io::Result<Response<ResponseBody>> {
    let (head, body) = request.into_parts();
    let host = host::check(&head);
    let faults = &shared.dispatcher.faults;
    let fault = match &host {
        Ok(()) => faults.take(&head.method, head.uri.path(), false),
        Err(_) => None,
    };
    let mut request = ServiceRequest {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head.headers,
        body: Bytes::new(),
    };
    let response = if let Some(Fault::Disconnect {
        moment: Moment::WhileReading,
    }) = fault
    {
        None
    } else {
        let body = match host {
            Ok(()) => read_body(body).await,
            Err(rejection) => Err(rejection),
        };
        match body {
            Ok(body) => {
                request.body = body;
                respond(&shared.dispatcher, &truncation, &request, fault.as_ref()).await
            }
            Err(rejection) => {
                let mut response = ServiceResponse::rejected(&request, rejection);
                // The rest of the body is still in the socket.
                let close = HeaderValue::from_static("close");
                response.headers.insert(header::CONNECTION, close);
                Some(response.into())
            }
        }
    };
    let (response, items) = match response {
        None => (None, Vec::new()),
        Some(dispatch::Response { main, items }) => (Some(main), items),
    };
    let items = items
        .into_iter()
        .map(|(request, response, fault)| {
            Exchange::new(&request, Some(&response), fault, Vec::new())
        })
        .collect();
    let exchange = Exchange::new(&request, response.as_ref(), fault, items);
    shared.log.push(exchange);
    response
        .map(into_http)
        .ok_or_else(|| io::Error::other("a fault closed the connection"))
}

fn into_http(response: ServiceResponse) -> Response<ResponseBody> {
    let body = match response.body {
        None => Either::Left(Full::default()),
        Some(Body::Json(body)) => Either::Left(Full::from(body.to_string())),
        Some(Body::Text(text)) => Either::Left(Full::from(text)),
        Some(Body::Bytes(bytes)) => Either::Left(Full::from(bytes)),
        Some(Body::Oversized(bytes)) => Either::Right(OversizedError::new(bytes)),
    };
    let mut http = Response::new(body);
    *http.status_mut() = response.status;
    *http.headers_mut() = response.headers;
    http
}

/// The response to a request whose body was read; `None` if a fault closes the connection instead.
async fn respond(
    dispatcher: &Dispatcher,
    truncation: &Truncation,
    request: &ServiceRequest,
    fault: Option<&Fault>,
) -> Option<dispatch::Response> {
    match fault {
        Some(Fault::Disconnect { moment }) => {
            if *moment == Moment::AfterApplying {
                dispatcher.respond(request);
            }
            return None;
        }
        Some(Fault::Delay { duration }) => tokio::time::sleep(*duration).await,
        _ => {}
    }
    let response = match fault {
        Some(fault) => dispatcher.respond_with_fault(request, fault),
        None => dispatcher.respond(request),
    };
    if fault == Some(&Fault::HalfResponse) {
        truncation.truncate_next_write();
    }
    Some(response)
}

async fn read_body(body: Incoming) -> Result<Bytes> {
    let read = tokio::time::timeout(READ_TIMEOUT, Limited::new(body, MAX_BODY_BYTES).collect());
    match read.await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Rejection::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("The body is larger than {MAX_BODY_BYTES} bytes."),
        )),
        Ok(Err(_)) => Err(Rejection::bad_request("The body could not be read.")),
        Err(_) => Err(Rejection::new(
            StatusCode::REQUEST_TIMEOUT,
            "RequestTimeout",
            "The body did not arrive in time.",
        )),
    }
}
