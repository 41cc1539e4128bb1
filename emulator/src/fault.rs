//! Faults: network and service failures that a test chooses.

pub(crate) mod plan;
pub(crate) mod response;

use std::time::Duration;

/// A failure of one request.
///
/// Unless documented otherwise, the request is not applied. Errors from Graph itself have headers such
/// as `request-id`; others do not.
///
/// ```
/// # fn plan(emulator: &msgraph_emulator::Emulator) {
/// use msgraph_emulator::{Fault, Moment, RetryAfter};
///
/// emulator.fault(Fault::Throttle { retry_after: Some(RetryAfter::Seconds(2)) });
/// emulator.fault(Fault::Disconnect { moment: Moment::AfterApplying }.on("/users/1").times(2));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429 `TooManyRequests`.
    Throttle {
        /// The `Retry-After` header, if any.
        retry_after: Option<RetryAfter>,
    },
    /// 503 `ServiceUnavailable`.
    Unavailable {
        /// The `Retry-After` header, if any.
        retry_after: Option<RetryAfter>,
    },
    /// 504 `GatewayTimeout`.
    GatewayTimeout {
        /// Whether the service behind the gateway still applies the request.
        applied: bool,
    },
    /// Processes the request normally after a delay, even if the client no longer waits.
    Delay {
        /// How long to wait before processing.
        duration: Duration,
    },
    /// Closes the connection without a response.
    Disconnect {
        /// When to close it.
        moment: Moment,
    },
    /// Applies the request, sends the first half of the response's bytes and closes the connection.
    /// If the response has no body, that is half of its head.
    HalfResponse,
    /// An HTML page from an intermediary, without Graph's headers.
    Page {
        /// The status code, for example 200 for the sign-in page of a hotel network.
        status: u16,
    },
    /// An error in Graph's shape with a long message. The emulator produces it while sending, so it may
    /// exceed any memory.
    OversizedError {
        /// The length of the message in bytes.
        bytes: u64,
    },
    /// A redirect.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The `Location` header.
        location: String,
    },
    /// 401 for an expired token, without a claims challenge.
    ExpiredToken,
    /// 403 `Authorization_RequestDenied`, for missing permissions. See also
    /// [`Builder::enforce_permissions`](crate::Builder::enforce_permissions).
    Forbidden,
    /// 401 with a claims challenge, by which continuous access evaluation asks for a new token.
    ClaimsChallenge {
        /// The claims as JSON, sent in base64.
        claims: String,
    },
    /// Changes the resource's ETag, as another writer would, and then processes the request. With
    /// `If-Match` the result is 412.
    EtagConflict,
    /// 409 `Directory_ConcurrencyViolation`.
    ConcurrencyViolation,
    /// Exactly this response.
    Raw {
        /// The status code.
        status: u16,
        /// Names and values. Invalid ones are omitted, as are `content-length` and
        /// `transfer-encoding`, which follow from the body.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
}

/// The value of a `Retry-After` header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// A date, this long after the response, in whole seconds.
    DateIn(Duration),
    /// Any text.
    Text(String),
}

/// When [`Fault::Disconnect`] closes the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moment {
    /// After the head of the request, before the end of its body.
    WhileReading,
    /// After the request, before applying it.
    BeforeApplying,
    /// After applying the request.
    AfterApplying,
}
