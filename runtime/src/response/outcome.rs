use std::fmt;

use serde_json::Value as Untyped;

use crate::read::readable::Readable;
use crate::read::tolerant::{Read, read};
use crate::request::etag::ETag;
use crate::response::fate::{Body, Evidence, Fate, Media};
use crate::response::headers::AnswerHeaders;
use crate::response::retry::Failure;
use crate::response::retry_after::RetryAfter;
use crate::response::service_error;
use crate::response::service_error::ServiceError;
use crate::text::{EXCERPT, excerpt, one_line, strip_bom, without_userinfo};

/// What Graph said to a request that it took.
///
/// ```
/// use msgraph_runtime::read_answer;
///
/// let body = br#"{"@odata.etag":"W/\"7\"","defaultLength":8}"#;
/// let outcome = read_answer(200, &[("request-id", "7f1c")][..], body)?;
/// assert_eq!(outcome.resource().and_then(|resource| resource["defaultLength"].as_i64()), Some(8));
/// assert_eq!(outcome.etag, Some("W/\"7\"".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// What came of it.
    pub effect: Effect,
    /// The resource's version, where Graph gives one.
    pub etag: Option<ETag>,
    /// Graph's name for the request; support asks for it.
    pub request_id: Option<String>,
    /// The caller's name for the request, as sent by the client or given back by Graph.
    pub client_request_id: Option<String>,
    /// How many times the request was sent; 1 when the first try was enough.
    pub tries: u32,
}

/// What came of a request.
///
/// ```
/// use msgraph_runtime::{Effect, read_answer};
///
/// let accepted = read_answer(202, &[("location", "https://graph.microsoft.com/v1.0/operations/1")][..], b"")?;
/// match accepted.effect {
///     Effect::Done => println!("done"),
///     Effect::Resource(resource) => println!("done: {resource}"),
///     Effect::Accepted { monitor } => assert!(monitor.is_some_and(|url| url.ends_with("/operations/1"))),
///     _ => {}
/// }
/// # Ok::<(), msgraph_runtime::AnswerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// Done, nothing more to say (204, or another success without a body).
    Done,
    /// Done, and this is the resource now (200 or 201): the untyped body.
    Resource(Untyped),
    /// Taken, not done yet (202).
    Accepted {
        /// Where to ask how it goes.
        monitor: Option<String>,
    },
}

impl Outcome {
    fn of_success(
        status: u16,
        headers: &(impl AnswerHeaders + ?Sized),
        resource: Option<Untyped>,
    ) -> Self {
        let owned = |name| headers.header(name).map(str::to_owned);
        let effect = match resource {
            _ if status == 202 => Effect::Accepted {
                monitor: owned("location").or_else(|| owned("operation-location")),
            },
            None => Effect::Done,
            Some(resource) => Effect::Resource(resource),
        };
        let etag = headers
            .header("etag")
            .and_then(|tag| tag.parse().ok())
            .or_else(|| match &effect {
                Effect::Resource(resource) => resource.get("@odata.etag")?.as_str()?.parse().ok(),
                _ => None,
            });
        Self {
            status,
            effect,
            etag,
            request_id: owned("request-id"),
            client_request_id: owned("client-request-id"),
            tries: 1,
        }
    }

    /// The resource, where Graph sent it back.
    pub const fn resource(&self) -> Option<&Untyped> {
        match &self.effect {
            Effect::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    /// The resource that Graph sent back, read; `None` where it sent none.
    pub fn read<P: Readable>(&self) -> Option<Read<P>> {
        self.resource().map(read)
    }
}

/// An answer that is no success.
///
/// ```
/// use msgraph_runtime::{AnswerError, read_answer};
///
/// let elsewhere = [("location", "https://wlan.example/sign-in")];
/// let error = read_answer(302, &elsewhere[..], b"").unwrap_err();
/// assert!(matches!(error, AnswerError::Redirect { status: 302, .. }));
/// assert_eq!(
///     error.to_string(),
///     "302: redirected to https://wlan.example/sign-in, which is not followed; check the cloud and root"
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnswerError {
    /// Graph refused, or failed.
    Service(Box<ServiceError>),
    /// The server points elsewhere. It is not followed: the token is for this origin, and a redirected PATCH may arrive
    /// as a GET.
    Redirect {
        /// The HTTP status, 300 to 399.
        status: u16,
        /// Where it points.
        location: Option<String>,
    },
    /// A success status that does not come from Graph: a captive portal or proxy responded, or the body was cut off.
    NotGraph {
        /// The HTTP status.
        status: u16,
        /// The media type of the body.
        content_type: Option<String>,
        /// How the body begins, on one line.
        excerpt: String,
    },
    /// A batch was answered with success, and this item of it was not answered, or not so that it can be read.
    BatchEntry {
        /// The place of the item in the batch.
        index: usize,
        /// What is wrong, as it goes on after "the batch's answer".
        problem: String,
    },
    /// The response echoes a different `client-request-id`, so it belongs to another request. Its content is not kept.
    OtherRequest {
        /// The HTTP status.
        status: u16,
        /// The `client-request-id` of the other request.
        client_request_id: String,
    },
}

/// Reads an answer, whatever HTTP client it came by.
///
/// A caller that sends `client-request-id` compares it with the one of the [`Outcome`] or [`ServiceError`]: a broken proxy
/// may hand out the response to another request. The client does.
///
/// # Errors
/// When the status is not a success, or shows one that is not Graph's: a body that is not JSON, an error object, HTML.
///
/// ```
/// use msgraph_runtime::{AnswerError, Effect, read_answer};
///
/// let done = read_answer(204, &[("request-id", "7f1c")][..], b"")?;
/// assert_eq!((done.effect, done.request_id.as_deref()), (Effect::Done, Some("7f1c")));
///
/// let body = br#"{"error":{"code":"Request_BadRequest","message":"No."}}"#;
/// let Err(AnswerError::Service(error)) = read_answer(400, &[("content-type", "application/json")][..], body) else {
///     panic!("400 is an error")
/// };
/// assert_eq!(error.code(), "Request_BadRequest");
/// # Ok::<(), AnswerError>(())
/// ```
pub fn read_answer(
    status: u16,
    headers: &(impl AnswerHeaders + ?Sized),
    body: &[u8],
) -> Result<Outcome, AnswerError> {
    match status {
        200..=299 => {}
        300..=399 => {
            return Err(AnswerError::Redirect {
                status,
                location: headers.header("location").map(without_userinfo),
            });
        }
        _ => return Err(AnswerError::of_service(status, headers, body)),
    }
    let is_empty = body.iter().all(u8::is_ascii_whitespace);
    let json = match is_empty {
        true => None,
        false => serde_json::from_slice::<Untyped>(strip_bom(body)).ok(),
    };
    let evidence = Evidence {
        status,
        request_id: headers.header("request-id").is_some(),
        media: Media::of(headers.header("content-type")),
        body: match &json {
            None if is_empty => Body::Empty,
            None => Body::Foreign,
            Some(json) if service_error::is_error_response(json) => Body::Error,
            Some(_) => Body::Json,
        },
    };
    if evidence.body == Body::Error {
        return Err(AnswerError::of_service(status, headers, body));
    }
    if !evidence.is_success() {
        return Err(AnswerError::NotGraph {
            status,
            content_type: headers.header("content-type").map(str::to_owned),
            excerpt: excerpt(body),
        });
    }
    Ok(Outcome::of_success(status, headers, json))
}

impl AnswerError {
    fn of_service(status: u16, headers: &(impl AnswerHeaders + ?Sized), body: &[u8]) -> Self {
        Self::Service(Box::new(service_error::read(status, headers, body)))
    }

    /// The HTTP status; of an item without an answer, the batch's.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Service(error) => error.status(),
            Self::Redirect { status, .. }
            | Self::NotGraph { status, .. }
            | Self::OtherRequest { status, .. } => *status,
            Self::BatchEntry { .. } => 200,
        }
    }

    /// What became of the request, going by this response alone.
    ///
    /// [`Fate::Refused`] needs a status that Graph sends before it applies an update. Otherwise the fate is
    /// [`Fate::Unknown`]: after 408, most 5xx and a 503 without Graph's `request-id` or error object, since a gateway or a
    /// failing server may have passed the request on, and after a success that is not Graph's or cannot be read.
    /// `docs/operations.md` has the whole table.
    pub fn fate(&self) -> Fate {
        match self {
            Self::Service(error) => error.evidence().fate(),
            Self::Redirect { status, .. } => Evidence::of_status(*status).fate(),
            Self::NotGraph { .. } | Self::BatchEntry { .. } | Self::OtherRequest { .. } => {
                Fate::Unknown
            }
        }
    }

    /// What this is to the retry rule, [`next_step`](crate::next_step).
    ///
    /// A 503 that is not Graph's own, and the response to another request, are [`Failure::FateUnknown`].
    pub fn as_failure(&self) -> Failure<'_> {
        match self {
            Self::OtherRequest { .. } => Failure::FateUnknown,
            Self::Service(error) if error.status() == 503 && self.fate() == Fate::Unknown => {
                Failure::FateUnknown
            }
            Self::Service(error) => Failure::Answered {
                status: error.status(),
                code: error.code(),
            },
            _ => Failure::Answered {
                status: self.status(),
                code: "",
            },
        }
    }

    /// When Graph wants to be asked again.
    pub const fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::Service(error) => error.retry_after(),
            _ => None,
        }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => error.fmt(f),
            Self::Redirect {
                status,
                location: Some(location),
            } => {
                write!(
                    f,
                    "{status}: redirected to {}, which is not followed; check the cloud and root",
                    one_line(location, EXCERPT)
                )
            }
            Self::Redirect {
                status,
                location: None,
            } => write!(f, "{status}: a redirect that does not say where to"),
            Self::NotGraph {
                status,
                content_type,
                excerpt,
            } => {
                write!(
                    f,
                    "{status}, but the body is not JSON ({}): {excerpt:?}; check for a proxy between here and Graph",
                    content_type
                        .as_deref()
                        .map_or("no content type".into(), |text| one_line(text, EXCERPT))
                )
            }
            Self::BatchEntry { index, problem } => {
                write!(f, "the batch's answer {problem} {index}")
            }
            Self::OtherRequest {
                status,
                client_request_id,
            } => write!(
                f,
                "{status}, but in response to another request (client-request-id {}); check for a proxy that mixes up responses",
                one_line(client_request_id, EXCERPT)
            ),
        }
    }
}

impl std::error::Error for AnswerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}
