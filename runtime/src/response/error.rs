use std::fmt;

use http::HeaderMap;

use crate::read::finding::ReadNote;
use crate::response::fate::{Evidence, Fate};
use crate::response::retry_after::RetryAfter;
use crate::response::service_error::{self, ServiceError};
use crate::text::{MAX_EXCERPT, one_line, shown_location, visible, without_query};

/// A response that is not a success. `Debug` hides the query of a location, which may authorize anyone who has it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum ResponseError {
    /// Graph rejected the request, or failed.
    Service(Box<ServiceError>),
    /// A redirect. It is not followed: the token must not leave this origin, and a redirected PATCH may arrive as a GET.
    Redirect {
        /// The HTTP status, 300 to 399.
        status: u16,
        /// The target, without userinfo.
        location: Option<String>,
    },
    /// A success status that is not from Graph but from a captive portal or proxy, or whose body was cut off.
    NotGraph {
        /// The HTTP status.
        status: u16,
        /// The media type of the body.
        content_type: Option<String>,
        /// The beginning of the body, on one line.
        excerpt: String,
    },
    /// The response to a batch lacks this item, or the item is invalid.
    BatchEntry {
        /// The position of the item in the batch.
        index: usize,
        /// The problem, as the predicate of "the batch response".
        problem: String,
    },
    /// The response echoes another `client-request-id`, so it belongs to another request. Its content is not kept.
    OtherRequest {
        /// The HTTP status.
        status: u16,
        /// The `client-request-id` of the other request.
        client_request_id: String,
    },
    /// A success whose body is missing, or cannot be read as the response type of the request.
    Unreadable {
        /// The HTTP status, 200 to 299.
        status: u16,
        /// Whether the request was applied.
        fate: Fate,
        /// The URL of the resource, or the one to monitor the progress of an accepted request (202).
        location: Option<String>,
        /// Why the body cannot be read; empty if it is missing.
        notes: Vec<ReadNote>,
    },
}

impl ResponseError {
    pub(super) fn of_service(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        Self::Service(Box::new(service_error::read(status, headers, body)))
    }

    /// The HTTP status. For an item missing from a batch response, that of the batch.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Service(error) => error.status(),
            Self::Redirect { status, .. }
            | Self::NotGraph { status, .. }
            | Self::OtherRequest { status, .. }
            | Self::Unreadable { status, .. } => *status,
            Self::BatchEntry { .. } => 200,
        }
    }

    /// Whether the request was applied, judging by this response alone. See [`Fate`].
    pub fn fate(&self) -> Fate {
        match self {
            Self::Service(error) => error.fate(),
            Self::Redirect { status, .. } => Evidence::of_status(*status).fate(),
            Self::NotGraph { .. } | Self::BatchEntry { .. } | Self::OtherRequest { .. } => {
                Fate::Unknown
            }
            Self::Unreadable { fate, .. } => *fate,
        }
    }

    /// When Graph allows the next attempt.
    pub const fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::Service(error) => error.retry_after(),
            _ => None,
        }
    }
}

impl fmt::Debug for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => f.debug_tuple("Service").field(error).finish(),
            Self::Redirect { status, location } => f
                .debug_struct("Redirect")
                .field("status", status)
                .field("location", &shown_location(location.as_ref()))
                .finish(),
            Self::NotGraph {
                status,
                content_type,
                excerpt,
            } => f
                .debug_struct("NotGraph")
                .field("status", status)
                .field("content_type", content_type)
                .field("excerpt", excerpt)
                .finish(),
            Self::BatchEntry { index, problem } => f
                .debug_struct("BatchEntry")
                .field("index", index)
                .field("problem", problem)
                .finish(),
            Self::OtherRequest {
                status,
                client_request_id,
            } => f
                .debug_struct("OtherRequest")
                .field("status", status)
                .field("client_request_id", client_request_id)
                .finish(),
            Self::Unreadable {
                status,
                fate,
                location,
                notes,
            } => f
                .debug_struct("Unreadable")
                .field("status", status)
                .field("fate", fate)
                .field("location", &shown_location(location.as_ref()))
                .field("notes", notes)
                .finish(),
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
                let location = one_line(&without_query(location), MAX_EXCERPT);
                write!(
                    f,
                    "{status}: redirected to {location}, which is not followed; check the cloud and root"
                )
            }
            Self::Redirect {
                status,
                location: None,
            } => write!(f, "{status}: a redirect without a location"),
            Self::NotGraph {
                status,
                content_type,
                excerpt,
            } => {
                let content_type = content_type.as_deref().unwrap_or("no content type");
                write!(
                    f,
                    "{status}, but the body is not JSON ({}): {}; check for a proxy between here and Graph",
                    one_line(content_type, MAX_EXCERPT),
                    visible(&format!("{excerpt:?}")),
                )
            }
            Self::BatchEntry { index, problem } => {
                write!(f, "the batch response {problem} {index}")
            }
            Self::OtherRequest {
                status,
                client_request_id,
            } => write!(
                f,
                "{status}, but in response to another request (client-request-id {}); check for a proxy that mixes up responses",
                one_line(client_request_id, MAX_EXCERPT)
            ),
            Self::Unreadable {
                status,
                location,
                notes,
                ..
            } => {
                write_unreadable(f, *status, notes)?;
                let Some(location) = location else {
                    return Ok(());
                };
                let location = one_line(&without_query(location), MAX_EXCERPT);
                write!(f, "; location {location}")
            }
        }
    }
}

fn write_unreadable(f: &mut fmt::Formatter<'_>, status: u16, notes: &[ReadNote]) -> fmt::Result {
    match notes.first() {
        None if status == 202 => {
            f.write_str("202: accepted, but not applied yet, so there is no body to read")
        }
        None => write!(f, "{status}, but the response has no body to read"),
        Some(note) => write!(
            f,
            "{status}, but the body cannot be read: {}",
            one_line(&note.to_string(), MAX_EXCERPT)
        ),
    }
}

// The message is the cause's, so there is no source.
impl std::error::Error for ResponseError {}
