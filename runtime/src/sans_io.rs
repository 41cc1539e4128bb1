//! Requests for any HTTP client, blocking or async. Start with [`Request::prepare`](crate::Request::prepare).
//!
//! It returns an [`http::Request`]. Send that with an `authorization` header, and pass the response to
//! [`parse_response`]. [`RetryPolicy::start`](crate::RetryPolicy::start) decides whether to retry. The examples
//! `blocking_ureq` and `tower_service` are complete programs. Nothing here needs the feature `client`.
//!
//! To read the next page of a list, prepare [`request.at(link)`](crate::Request::at). If the response to a GET of
//! [`Content`](crate::request::Content) is a redirect, send a GET to its location without the token.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use msgraph_runtime::{AccessToken, Fate, Outcome, Request, RetryPolicy};
//! use msgraph_runtime::error::ResponseError;
//! use msgraph_runtime::request::{Response, Root};
//! use msgraph_runtime::sans_io::{http, parse_response};
//!
//! # struct Lost { nothing_was_sent: bool }
//! # fn exchange(request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Lost> { Err(Lost { nothing_was_sent: true }) }
//! # fn sleep(wait: Duration) {}
//! fn send<R: Response>(request: &Request<'_, R>, root: &Root, token: &AccessToken) -> Result<Outcome<R>, Box<dyn std::error::Error>> {
//!     let mut prepared = request.prepare(root)?;
//!     let token = format!("Bearer {}", token.secret().expose()).parse()?;
//!     prepared.headers_mut().insert(http::header::AUTHORIZATION, token);
//!     let mut attempts = RetryPolicy::default().start(request);
//!     loop {
//!         // `exchange` sends with your HTTP client. It must not follow redirects.
//!         let wait = match exchange(prepared.clone()) {
//!             Ok(response) => {
//!                 let result = parse_response(&response);
//!                 match attempts.after(&result, Instant::now()) {
//!                     Some(wait) => wait,
//!                     None => return Ok(result?),
//!                 }
//!             }
//!             Err(lost) => {
//!                 let fate = if lost.nothing_was_sent { Fate::NotSent } else { Fate::Unknown };
//!                 attempts.after_loss(fate, Instant::now()).ok_or("no response")?
//!             }
//!         };
//!         sleep(wait);
//!     }
//! }
//! ```

pub use crate::request::dry_run::DryRun;
pub use crate::response::attempts::Attempts;
pub use crate::response::parse::parse_response;
/// The crate that defines the types of requests and responses.
pub use http;
