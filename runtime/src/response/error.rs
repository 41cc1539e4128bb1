use std::fmt;

use crate::response::fate::{Evidence, Fate};
use crate::response::headers::ResponseHeaders;
use crate::response::retry::Failure;
use crate::response::retry_after::RetryAfter;
use crate::response::service_error::{self, ServiceError};
use crate::text::{EXCERPT, one_line, visible};

/// An answer that is no success.
///
/// ```
/// use msgraph_runtime::{ResponseError, parse_response};
///
/// let elsewhere = [("location", "https://wlan.example/sign-in")];
/// let error = parse_response(302, &elsewhere[..], b"").unwrap_err();
/// assert!(matches!(error, ResponseError::Redirect { status: 302, .. }));
/// assert_eq!(
///     error.to_string(),
///     "302: redirected to https://wlan.example/sign-in, which is not followed; check the cloud and root"
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ResponseError {
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

impl ResponseError {
    pub(super) fn of_service(
        status: u16,
        headers: &(impl ResponseHeaders + ?Sized),
        body: &[u8],
    ) -> Self {
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
    /// [`Fate::Rejected`] needs a status that Graph sends before it applies an update. Otherwise the fate is
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
            Self::Service(error) => Failure::Response {
                status: error.status(),
                code: error.code(),
            },
            _ => Failure::Response {
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

impl fmt::Display for ResponseError {
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
                    "{status}, but the body is not JSON ({}): {}; check for a proxy between here and Graph",
                    content_type
                        .as_deref()
                        .map_or("no content type".into(), |text| one_line(text, EXCERPT)),
                    visible(&format!("{excerpt:?}")),
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

impl std::error::Error for ResponseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}
