use std::fmt;

use crate::body::error::BodyError;
use crate::body::limit::LimitViolation;
use crate::text::{MAX_EXCERPT, one_line};

/// The request is invalid, and was not sent.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RequestError {
    /// A key is empty, which would give the path of the collection. An argument of a function may be empty.
    EmptyKey {
        /// The name of the placeholder.
        placeholder: String,
    },
    /// A key is `.` or `..`, which URL libraries resolve even if it is percent-encoded.
    DotKey {
        /// The name of the placeholder.
        placeholder: String,
        /// The key.
        key: String,
    },
    /// The number of keys differs from the number of placeholders.
    KeyCount {
        /// The path template.
        template: &'static str,
        /// The number of placeholders.
        placeholders: usize,
        /// The number of keys.
        keys: usize,
    },
    /// The path template has an unmatched brace, or does not start with a slash.
    Template {
        /// The path template.
        template: &'static str,
    },
    /// The body cannot be written.
    Body(BodyError),
    /// The body violates documented limits, and the client [rejects](crate::request::LimitCheck::Reject) such requests.
    Limits(Vec<LimitViolation>),
    /// The patch is empty.
    EmptyPatch {
        /// The qualified name of the patch's type.
        type_name: &'static str,
    },
    /// Graph requires `If-Match`: pass the ETag that was read with the resource to
    /// [`Request::if_match`](crate::Request::if_match).
    MissingIfMatch,
    /// The URL is longer than 65,534 bytes, or the path template has characters that are not allowed in a URL.
    Url {
        /// The path template.
        template: &'static str,
    },
    /// The request depends on a request in another batch.
    ForeignDependency,
    /// The ticket belongs to another batch, so these responses do not have its outcome. The request itself may have
    /// been applied: the fate is [`Fate::Unknown`](crate::Fate::Unknown).
    ForeignTicket,
    /// A POST has no resource that could be read back: it creates one, or calls an action.
    NothingToRead {
        /// The path template.
        template: &'static str,
    },
    /// Content, which is not JSON, cannot be part of a batch: send the request alone.
    ContentInBatch,
    /// A page link leads to another API version than that of its request: the requests of a batch share one.
    OtherVersionInBatch,
    /// A page link leads to another origin than the root of the client, or is relative. It is not followed: the token must
    /// not leave this origin.
    ForeignLink {
        /// The origin of the link; empty if it is relative.
        origin: String,
        /// The root that requests are sent to.
        root: String,
    },
    /// The last page links to itself or an earlier page, so the list would never end.
    LinkCycle,
    /// The name or value of a header is invalid, or the client sets the header itself.
    Header {
        /// The name of the header.
        name: String,
    },
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyKey { placeholder } => write!(f, "the key for {{{placeholder}}} is empty"),
            Self::DotKey { placeholder, key } => write!(
                f,
                "the key for {{{placeholder}}} is {key:?}, which is not allowed as a path segment"
            ),
            Self::KeyCount {
                template,
                placeholders,
                keys,
            } => write!(
                f,
                "{template} has {placeholders} placeholders, but {keys} keys were given"
            ),
            Self::Template { template } => write!(
                f,
                "the path `{template}` must start with a slash and have matching braces"
            ),
            Self::Url { template } => write!(f, "the URL for {template} is invalid or too long"),
            Self::Body(error) => write!(f, "cannot write the body: {error}"),
            Self::Limits(violations) => write_all(f, violations),
            Self::EmptyPatch { type_name } => write!(f, "the update of {type_name} is empty"),
            Self::MissingIfMatch => {
                f.write_str("this resource requires If-Match: pass the ETag that was read with it")
            }
            Self::ForeignDependency => {
                f.write_str("the request depends on a request of another batch")
            }
            Self::ForeignTicket => f.write_str("the ticket belongs to another batch"),
            Self::NothingToRead { template } => {
                write!(f, "POST {template} has no resource to read back")
            }
            Self::ContentInBatch => f.write_str(
                "a request that sends or reads content cannot be part of a batch: send it alone",
            ),
            Self::OtherVersionInBatch => f.write_str(
                "the page link leads to another API version than its request: send it alone",
            ),
            Self::ForeignLink { origin, root } if origin.is_empty() => write!(
                f,
                "the page link is not an absolute URL; this client sends requests to {root}"
            ),
            Self::ForeignLink { origin, root } => write!(
                f,
                "the page link leads to {}, but this client sends requests to {root}",
                one_line(origin, MAX_EXCERPT)
            ),
            Self::LinkCycle => {
                f.write_str("the last page links to an earlier page, so the list would never end")
            }
            Self::Header { name } => write!(f, "header {name:?} cannot be set here"),
        }
    }
}

fn write_all(f: &mut fmt::Formatter<'_>, violations: &[LimitViolation]) -> fmt::Result {
    f.write_str("the body violates a documented limit")?;
    let mut separator = ": ";
    for violation in violations {
        write!(f, "{separator}{violation}")?;
        separator = "; ";
    }
    Ok(())
}

// The message contains the cause, so there is no source.
impl std::error::Error for RequestError {}

impl From<BodyError> for RequestError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}
