use std::fmt;
use std::time::{Duration, SystemTime};

use crate::service_error::{EXCERPT, one_line};
use crate::{ETag, Failure, ServiceError, Untyped, service_error};

/// Looks up headers of an answer by lower-case name. Implemented for lists of pairs; implement it for the header map of
/// your HTTP client.
///
/// ```
/// use msgraph_runtime::{AnswerHeaders, read_answer};
///
/// struct MyHeaders(Vec<(String, String)>);
///
/// impl AnswerHeaders for MyHeaders {
///     fn header(&self, name: &str) -> Option<&str> {
///         let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
///         found.map(|(_, value)| value.as_str())
///     }
/// }
///
/// let headers = MyHeaders(vec![("Request-Id".into(), "7f1c".into())]);
/// assert_eq!(read_answer(204, &headers, b"")?.request_id.as_deref(), Some("7f1c"));
/// # Ok::<(), msgraph_runtime::AnswerError>(())
/// ```
pub trait AnswerHeaders {
    /// The value of a header, or `None` where it is missing or is not text. Names are compared without case.
    fn header(&self, name: &str) -> Option<&str>;

    /// Shows every value of a header that may stand several times. As provided: the one that [`header`](Self::header)
    /// gives.
    fn each(&self, name: &str, show: &mut dyn FnMut(&str)) {
        if let Some(value) = self.header(name) {
            show(value);
        }
    }
}

impl<N: AsRef<str>, V: AsRef<str>> AnswerHeaders for [(N, V)] {
    fn header(&self, name: &str) -> Option<&str> {
        let named = |pair: &&(N, V)| pair.0.as_ref().eq_ignore_ascii_case(name);
        self.iter().find(named).map(|(_, value)| value.as_ref())
    }

    fn each(&self, name: &str, show: &mut dyn FnMut(&str)) {
        let named = |pair: &&(N, V)| pair.0.as_ref().eq_ignore_ascii_case(name);
        self.iter()
            .filter(named)
            .for_each(|(_, value)| show(value.as_ref()));
    }
}

impl<N: AsRef<str>, V: AsRef<str>> AnswerHeaders for Vec<(N, V)> {
    fn header(&self, name: &str) -> Option<&str> {
        self.as_slice().header(name)
    }

    fn each(&self, name: &str, show: &mut dyn FnMut(&str)) {
        self.as_slice().each(name, show);
    }
}

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
    /// The resource, where Graph sent it back.
    pub const fn resource(&self) -> Option<&Untyped> {
        match &self.effect {
            Effect::Resource(resource) => Some(resource),
            _ => None,
        }
    }
}

/// What became of a request.
///
/// ```
/// use msgraph_runtime::{Fate, read_answer};
///
/// let refused = read_answer(400, &[("", "")][..], b"").unwrap_err();
/// assert_eq!(refused.fate(), Fate::Refused);
/// // Of a gateway that waited in vain.
/// let unknown = read_answer(504, &[("", "")][..], b"").unwrap_err();
/// assert_eq!(unknown.fate(), Fate::Unknown);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fate {
    /// Graph never had it, or did not begin with it.
    NotSent,
    /// Graph may have applied it or not: read the resource before trying again.
    Unknown,
    /// Graph applied it.
    Applied,
    /// Graph refused it.
    Refused,
    /// It only reads: nothing has changed, whatever became of it.
    Harmless,
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
    /// A success whose body is not JSON: a captive portal or proxy answered in Graph's place, or the body was cut off.
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
}

/// Reads an answer, whatever HTTP client it came by.
///
/// # Errors
/// When the status is not a success, or the body of a success is not JSON.
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
    let owned = |name| headers.header(name).map(str::to_owned);
    match status {
        200..=299 => {}
        300..=399 => {
            return Err(AnswerError::Redirect {
                status,
                location: owned("location"),
            });
        }
        _ => {
            return Err(AnswerError::Service(Box::new(service_error::read(
                status, headers, body,
            ))));
        }
    }
    let effect = if status == 202 {
        Effect::Accepted {
            monitor: owned("location").or_else(|| owned("operation-location")),
        }
    } else if body.iter().all(u8::is_ascii_whitespace) {
        Effect::Done
    } else {
        match serde_json::from_slice(body) {
            Ok(resource) => Effect::Resource(resource),
            Err(_) => {
                return Err(AnswerError::NotGraph {
                    status,
                    content_type: owned("content-type"),
                    excerpt: service_error::excerpt(body),
                });
            }
        }
    };
    let etag = headers
        .header("etag")
        .and_then(|tag| tag.parse().ok())
        .or_else(|| match &effect {
            Effect::Resource(resource) => resource.get("@odata.etag")?.as_str()?.parse().ok(),
            _ => None,
        });
    Ok(Outcome {
        status,
        effect,
        etag,
        request_id: owned("request-id"),
        client_request_id: owned("client-request-id"),
        tries: 1,
    })
}

impl AnswerError {
    /// The HTTP status; of an item without an answer, the batch's.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Service(error) => error.status(),
            Self::Redirect { status, .. } | Self::NotGraph { status, .. } => *status,
            Self::BatchEntry { .. } => 200,
        }
    }

    /// What became of the request, going by this answer alone.
    ///
    /// 500, 502 and 504 leave it open: a gateway or a failing server may have passed it on. So does a success that cannot
    /// be read, since nobody knows whose it is.
    pub const fn fate(&self) -> Fate {
        match self {
            Self::Service(error) if matches!(error.status(), 500 | 502 | 504) => Fate::Unknown,
            Self::NotGraph { .. } | Self::BatchEntry { .. } => Fate::Unknown,
            Self::Service(_) | Self::Redirect { .. } => Fate::Refused,
        }
    }

    /// What this is to the retry rule, [`next_step`](crate::next_step).
    pub fn as_failure(&self) -> Failure<'_> {
        let code = match self {
            Self::Service(error) => error.code(),
            _ => "",
        };
        Failure::Answered {
            status: self.status(),
            code,
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

/// When to come back: the `Retry-After` header (RFC 9110, 10.2.3).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use msgraph_runtime::RetryAfter;
///
/// let headers = [("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT"), ("date", "Thu, 01 Jan 2026 00:00:20 GMT")];
/// let when = RetryAfter::read(&headers[..]).ok_or("none")?;
/// assert_eq!(when.wait(SystemTime::now()), Duration::from_secs(10));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RetryAfter {
    /// After this time.
    Delay(Duration),
    /// At this moment, by the server's clock.
    At(SystemTime),
}

impl RetryAfter {
    /// Reads the header. A moment becomes a delay where the answer says what time it is there, so that a wrong clock
    /// here does no harm.
    pub fn read(headers: &(impl AnswerHeaders + ?Sized)) -> Option<Self> {
        let text = headers.header("retry-after")?.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // More digits than a number holds is as good as for ever.
            return Some(Self::Delay(Duration::from_secs(
                text.parse().unwrap_or(u64::MAX),
            )));
        }
        // Against RFC 9110, and yet in Graph's own documentation: `Retry-After: 2.128`.
        let decimal = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if let Some(seconds) = text.parse::<f64>().ok().filter(|_| decimal) {
            return Some(Self::Delay(
                Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
            ));
        }
        let at = httpdate::parse_http_date(text).ok()?;
        match headers
            .header("date")
            .and_then(|date| httpdate::parse_http_date(date).ok())
        {
            Some(there) => Some(Self::Delay(at.duration_since(there).unwrap_or_default())),
            None => Some(Self::At(at)),
        }
    }

    /// How long to wait, when it is `now`; nothing when the moment has passed.
    pub fn wait(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::At(at) => at.duration_since(now).unwrap_or_default(),
        }
    }
}
