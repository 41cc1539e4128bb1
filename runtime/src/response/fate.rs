//! Decides the fate of a request from its response. All responses are decided here.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::response::headers::{filled, text};

/// Whether a request was applied.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fate {
    /// Graph did not receive it, or did not begin to process it.
    NotSent,
    /// It may have been applied: read the resource, or look for what a POST may have created, before sending it again.
    Unknown,
    /// Graph applied it.
    Applied,
    /// Graph rejected it.
    Rejected,
    /// It only reads.
    ReadOnly,
}

/// The parts of a response that decide the fate of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    pub(crate) status: u16,
    /// Whether there is a `request-id` header. Graph sends it, proxies do not.
    pub(crate) request_id: bool,
    pub(crate) media: Media,
    pub(crate) body: Body,
}

/// The kind of media type.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Media {
    Missing,
    Json,
    Html,
    Other,
}

/// The kind of body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Body {
    Empty,
    Json,
    /// OData's error object: `{"error": {...}}`.
    Error,
    /// Complete, and not JSON.
    Foreign,
    /// Cut off, timed out, too large, or not decodable.
    #[cfg_attr(
        not(feature = "client"),
        allow(dead_code, reason = "set by the client")
    )]
    Incomplete,
}

#[cfg(feature = "client")]
impl Body {
    /// The kind of a body that was cut off after `received`. If this may begin an error or a page, it does not prove success.
    pub(crate) fn of_beginning(received: &[u8]) -> Self {
        let received = crate::text::strip_bom(received);
        let mut dense = received.iter().filter(|byte| !byte.is_ascii_whitespace());
        match dense.next() {
            Some(b'{') => {}
            None | Some(b'[' | b'"') => return Self::Incomplete,
            Some(_) => return Self::Foreign,
        }
        // The first property name, or the beginning of it.
        let name: Vec<u8> = dense.copied().take(13).collect();
        let may_begin = |error: &&[u8]| name.starts_with(error) || error.starts_with(&name);
        let errors: [&[u8]; 2] = [b"\"error", b"\"odata.error\""];
        match errors.iter().any(may_begin) {
            // The property may be a later one, or inside a value. This is ambiguous, so it is no proof.
            false if has_error(received) => Self::Foreign,
            false => Self::Incomplete,
            true => Self::Error,
        }
    }
}

/// Whether there may be a property `error` anywhere in the beginning of a body.
#[cfg(feature = "client")]
fn has_error(json: &[u8]) -> bool {
    const NAME: &[u8] = b"\"error\"";
    let mut ends = json.windows(NAME.len()).enumerate();
    ends.any(|(at, bytes)| {
        let rest = json.get(at + NAME.len()..).unwrap_or_default();
        let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
        bytes == NAME && matches!(next, None | Some(b':'))
    })
}

impl Media {
    pub(crate) fn of(content_type: Option<&str>) -> Self {
        let Some(content_type) = content_type else {
            return Self::Missing;
        };
        let essence = content_type.split(';').next().unwrap_or_default();
        match essence.trim().to_ascii_lowercase().as_str() {
            "" => Self::Missing,
            "application/json" | "text/json" => Self::Json,
            json if json.ends_with("+json") => Self::Json,
            "text/html" | "application/xhtml+xml" => Self::Html,
            _ => Self::Other,
        }
    }
}

impl Evidence {
    pub(crate) fn new(status: u16, headers: &HeaderMap, body: Body) -> Self {
        Self {
            status,
            request_id: filled(headers, "request-id").is_some(),
            media: Media::of(text(headers, CONTENT_TYPE)),
            body,
        }
    }

    /// The evidence of the status alone.
    pub(crate) const fn of_status(status: u16) -> Self {
        Self {
            status,
            request_id: false,
            media: Media::Missing,
            body: Body::Empty,
        }
    }

    /// Whether the request succeeded: the status is a success, and nothing contradicts it.
    pub(crate) fn is_success(self) -> bool {
        let is_graph = self.request_id || !matches!(self.media, Media::Other);
        let body = match self.body {
            Body::Empty | Body::Json => true,
            // The body of a 202 is not read.
            Body::Foreign => self.status == 202 && self.request_id,
            Body::Error | Body::Incomplete => false,
        };
        match self.status {
            _ if self.media == Media::Html => false,
            // A 204 has no body, so its media type is irrelevant, except for HTML, which a proxy sends.
            204 => body,
            200..=299 => body && is_graph,
            _ => false,
        }
    }

    /// Whether a success is content, which may have any media type.
    pub(crate) fn is_content(self) -> bool {
        matches!(self.status, 200..=299) && (self.request_id || self.media != Media::Html)
    }

    /// The fate of the request if it did not succeed, or the body of its success cannot be read.
    ///
    /// `Applied` and `Rejected` need proof; without it the fate is `Unknown`.
    pub(crate) fn fate(self) -> Fate {
        match self.status {
            // Accepted, not applied yet.
            202 => Fate::Unknown,
            200..=299 => match (self.body, self.media) {
                (Body::Error | Body::Foreign, _) | (_, Media::Html) => Fate::Unknown,
                (_, Media::Json) => Fate::Applied,
                _ if self.request_id => Fate::Applied,
                _ => Fate::Unknown,
            },
            // These ask to send the request elsewhere, so it was not applied. A 303 may follow a request that was applied.
            301 | 302 | 307 | 308 => Fate::Rejected,
            // Timeouts of servers (408) and proxies (460, 499), which may have forwarded the request.
            408 | 460 | 499 => Fate::Unknown,
            400..=499 => Fate::Rejected,
            // Graph sends these without processing the request.
            501 | 507 | 509 => Fate::Rejected,
            // Graph sends this without processing the request, but a gateway may have forwarded it.
            503 if self.request_id || self.body == Body::Error => Fate::Rejected,
            _ => Fate::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Evidence, Fate, Media};

    const MEDIA: [Media; 4] = [Media::Missing, Media::Json, Media::Html, Media::Other];
    const BODIES: [Body; 5] = [
        Body::Empty,
        Body::Json,
        Body::Error,
        Body::Foreign,
        Body::Incomplete,
    ];

    fn each(mut show: impl FnMut(Evidence)) {
        for status in 100..1000 {
            for request_id in [false, true] {
                for media in MEDIA {
                    for body in BODIES {
                        show(Evidence {
                            status,
                            request_id,
                            media,
                            body,
                        });
                    }
                }
            }
        }
    }

    #[test]
    fn applied_needs_proof_and_every_other_success_is_unknown() {
        each(|seen| {
            let proof = seen.request_id || seen.media == Media::Json;
            let contradicted =
                seen.media == Media::Html || matches!(seen.body, Body::Error | Body::Foreign);
            match seen.status {
                202 => assert_eq!(seen.fate(), Fate::Unknown, "{seen:?}"),
                200..=299 => {
                    let expected = if proof && !contradicted {
                        Fate::Applied
                    } else {
                        Fate::Unknown
                    };
                    assert_eq!(seen.fate(), expected, "{seen:?}");
                }
                _ => assert!(
                    matches!(seen.fate(), Fate::Rejected | Fate::Unknown),
                    "{seen:?}"
                ),
            }
            if seen.is_success() {
                assert!((200..300).contains(&seen.status), "{seen:?}");
                assert!(seen.media != Media::Html, "{seen:?}");
                assert!(
                    !matches!(seen.body, Body::Error | Body::Incomplete),
                    "{seen:?}"
                );
            }
        });
    }

    #[test]
    fn rejected_needs_a_status_sent_before_the_update() {
        each(|seen| {
            let rejected = match seen.status {
                301 | 302 | 307 | 308 | 501 | 507 | 509 => true,
                408 | 460 | 499 => false,
                400..=499 => true,
                503 => seen.request_id || seen.body == Body::Error,
                _ => false,
            };
            assert_eq!(seen.fate() == Fate::Rejected, rejected, "{seen:?}");
        });
    }

    #[test]
    fn kinds_of_media_types() {
        for (content_type, expected) in [
            (None, Media::Missing),
            (Some(""), Media::Missing),
            (Some("application/json"), Media::Json),
            (Some("Application/JSON;odata.metadata=minimal"), Media::Json),
            (Some("application/problem+json; charset=utf-8"), Media::Json),
            (Some("text/html; charset=utf-8"), Media::Html),
            (Some(" TEXT/HTML "), Media::Html),
            (Some("application/xhtml+xml"), Media::Html),
            (Some("text/plain"), Media::Other),
            (Some("application/jsonp"), Media::Other),
        ] {
            assert_eq!(Media::of(content_type), expected, "{content_type:?}");
        }
    }
}
