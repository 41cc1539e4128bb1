//! Sends through a `tower` service, so that any layer can wrap each attempt: time limits, metrics, a signature, a limiter.
//!
//! `cargo run -p msgraph-runtime --no-default-features --example tower_service`
//!
//! The service of this example responds from memory. In a real program, it is an HTTP client, such as hyper's.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use msgraph_runtime::request::{Response, Root};
use msgraph_runtime::sans_io::http::{self, HeaderValue, header};
use msgraph_runtime::sans_io::parse_response;
use msgraph_runtime::{Cloud, Fate, Outcome, Request, RetryPolicy};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

/// Sends a request through `service`, which is called once for each attempt.
async fn send<R: Response, S>(
    service: &mut S,
    root: &Root,
    request: &Request<'_, R>,
) -> Result<Outcome<R>, BoxError>
where
    S: Service<http::Request<Vec<u8>>, Response = http::Response<Vec<u8>>, Error = BoxError>,
{
    let prepared = request.prepare(root)?;
    let mut attempts = RetryPolicy::default().start(request);
    loop {
        let attempt = service.ready().await?.call(prepared.clone()).await;
        let wait = match attempt {
            Ok(response) => {
                let result = parse_response(&response);
                match attempts.after(&result, Instant::now()) {
                    Some(wait) => wait,
                    None => return Ok(result?),
                }
            }
            // Use `Fate::NotSent` if the error proves that there was no connection.
            Err(error) => match attempts.after_loss(Fate::Unknown, Instant::now()) {
                Some(wait) => wait,
                None => return Err(error),
            },
        };
        tokio::time::sleep(wait).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let attempts = Arc::new(AtomicU32::new(0));
    let token = HeaderValue::from_static("Bearer a-token");
    let mut service = ServiceBuilder::new()
        // Each layer sees every attempt: the first ones outermost.
        .timeout(Duration::from_secs(30))
        .map_request(move |mut request: http::Request<Vec<u8>>| {
            request
                .headers_mut()
                .insert(header::AUTHORIZATION, token.clone());
            request
        })
        .service_fn(move |request: http::Request<Vec<u8>>| {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed) + 1;
            println!("{attempt}: {} {}", request.method(), request.uri());
            let response = match attempt {
                1 => http::Response::builder()
                    .status(429)
                    .header("retry-after", "1"),
                _ => http::Response::builder().status(204),
            };
            let response = response.body(Vec::new()).unwrap_or_default();
            async move { Ok::<_, Infallible>(response) }
        });
    let request = Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"]);
    let outcome = send(&mut service, &Cloud::Global.into(), &request).await?;
    println!("{}", outcome.status);
    Ok(())
}
