//! Removes the token from responses, since some gateways echo the request that they reject.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value as Untyped;
use zeroize::Zeroizing;

use super::escapes::{encoded_length, white_space};
use crate::response::error::ResponseError;
use crate::response::success::Success;
use crate::response::typed::ReceivedBody;

/// A shorter string is not an access token, and would match ordinary words.
const MIN_TOKEN: usize = 16;
/// The shortest prefix of the token that is hidden in an error or log.
const MIN_PREFIX: usize = 16;
/// The same at the end of any string, which may have been cut there.
const MIN_PREFIX_AT_END: usize = 6;
/// The bytes that begin an escape.
const ESCAPES: &[u8] = b"\\%&";

/// Replaces the token in responses, whether it is plain, escaped for JSON, a URL or HTML (also several times), broken by
/// white space, or part of a base64 string.
pub(super) struct Redactor {
    needles: Vec<Needle>,
    /// Whether a match can begin with a byte, which rules out most positions in a string.
    starts: [bool; 256],
}

struct Needle {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether this is part of a base64 string, in either alphabet.
    is_base64: bool,
}

/// What to search for.
#[derive(Clone, Copy)]
enum Match {
    /// The whole token, or a prefix at the end of the string. For data: a resource, or the URL of a redirect, may contain
    /// another token with the same beginning.
    Whole,
    /// Any prefix. For errors and logs, since some gateways truncate what they echo.
    Prefix,
}

impl Redactor {
    pub(super) fn new(token: &str) -> Self {
        let token = token.as_bytes();
        let mut needles = Vec::new();
        if token.len() >= MIN_TOKEN {
            needles.push(Needle {
                bytes: token.to_vec().into(),
                is_base64: false,
            });
            needles.extend((0..3).filter_map(|before| within_base64(token, before)));
        }
        let starts = std::array::from_fn(|byte| {
            let byte = u8::try_from(byte).unwrap_or_default();
            needles.iter().any(|needle| needle.may_start_with(byte))
        });
        Self { needles, starts }
    }

    /// Redacts a body for logs and errors.
    pub(super) fn body(&self, body: &[u8]) -> Vec<u8> {
        self.redacted(body, Match::Prefix)
            .unwrap_or_else(|| body.to_vec())
    }

    /// Redacts a string for logs and errors.
    pub(super) fn text(&self, text: &mut String) {
        self.replace(text, Match::Prefix);
    }

    /// Removes the token from everything in a success that was taken from the response.
    pub(super) fn success(&self, success: &mut Success) {
        self.data(&mut success.request_id);
        self.data(&mut success.client_request_id);
        self.data(&mut success.location);
        if let Some(tag) = &success.etag
            && self
                .redacted(tag.as_str().as_bytes(), Match::Whole)
                .is_some()
        {
            success.etag = None;
        }
        if let ReceivedBody::Json(body) = &mut success.body {
            self.json(body);
        }
    }

    /// Removes the token from everything in an error that was taken from the response.
    pub(super) fn error(&self, error: &mut ResponseError) {
        match error {
            ResponseError::Service(error) => error.each_string(&mut |text| self.text(text)),
            ResponseError::Redirect { location, .. } => self.data(location),
            ResponseError::NotGraph {
                content_type,
                excerpt,
                ..
            } => {
                self.data(content_type);
                self.text(excerpt);
            }
            ResponseError::OtherRequest {
                client_request_id, ..
            } => self.text(client_request_id),
            // A body is read after the token was removed from it.
            ResponseError::BatchEntry { .. } | ResponseError::Unreadable { .. } => {}
        }
    }

    fn data(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.replace(text, Match::Whole);
        }
    }

    fn json(&self, value: &mut Untyped) {
        match value {
            Untyped::String(text) => self.replace(text, Match::Whole),
            Untyped::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Untyped::Object(object) => {
                object.values_mut().for_each(|value| self.json(value));
                let has_token =
                    |name: &String| self.redacted(name.as_bytes(), Match::Whole).is_some();
                if object.keys().any(has_token) {
                    let renamed = std::mem::take(object).into_iter().map(|(mut name, value)| {
                        self.replace(&mut name, Match::Whole);
                        (name, value)
                    });
                    *object = renamed.collect();
                }
            }
            Untyped::Null | Untyped::Bool(_) | Untyped::Number(_) => {}
        }
    }

    fn replace(&self, text: &mut String, kind: Match) {
        if let Some(redacted) = self.redacted(text.as_bytes(), kind) {
            *text = String::from_utf8_lossy(&redacted).into_owned();
        }
    }

    /// The text without the token; `None` if it does not contain it.
    fn redacted(&self, text: &[u8], kind: Match) -> Option<Vec<u8>> {
        let mut out: Option<Vec<u8>> = None;
        let mut copied = 0;
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let length = match self.starts.get(usize::from(*byte)) {
                Some(true) => self.match_length(text.get(at..).unwrap_or_default(), kind),
                _ => 0,
            };
            if length == 0 {
                at += 1;
                continue;
            }
            let out = out.get_or_insert_default();
            out.extend_from_slice(text.get(copied..at).unwrap_or_default());
            out.extend_from_slice(b"***");
            at += length;
            copied = at;
        }
        let mut out = out?;
        out.extend_from_slice(text.get(copied..).unwrap_or_default());
        Some(out)
    }

    /// How many bytes at the start of `text` to hide.
    fn match_length(&self, text: &[u8], kind: Match) -> usize {
        let lengths = self.needles.iter().filter_map(|needle| {
            let (matched, length) = needle.matched(text);
            let rest = text.get(length..).unwrap_or_default();
            // Nothing follows but possibly an incomplete escape.
            let is_cut = rest.is_empty() || (rest.len() < 12 && ESCAPES.contains(rest.first()?));
            let enough = match kind {
                _ if is_cut => MIN_PREFIX_AT_END,
                Match::Whole => needle.bytes.len(),
                Match::Prefix => MIN_PREFIX.min(needle.bytes.len()),
            };
            let is_whole = matched >= needle.bytes.len();
            let length = if is_cut && !is_whole {
                text.len()
            } else {
                length
            };
            (matched >= enough).then_some(length)
        });
        lengths.max().unwrap_or(0)
    }
}

impl Needle {
    fn may_start_with(&self, byte: u8) -> bool {
        let is_first = |first: &u8| self.is_same(byte, *first);
        ESCAPES.contains(&byte) || self.bytes.first().is_some_and(is_first)
    }

    /// How many bytes of the needle are at the start of `text`, and how many bytes of `text` encode them.
    fn matched(&self, text: &[u8]) -> (usize, usize) {
        // Without decoding: the token itself may contain what looks like an escape.
        let plain = self.bytes.iter().zip(text);
        let plain = plain.take_while(|(wanted, byte)| self.is_same(**byte, **wanted));
        let plain = plain.count();
        let mut rest = text;
        let mut matched = 0;
        for wanted in self.bytes.iter() {
            let is_wanted = |byte| self.is_same(byte, *wanted);
            let after_white_space = || {
                let gap = (matched > 0).then(|| white_space(rest))?;
                Some(gap + encoded_length(rest.get(gap..)?, is_wanted)?)
            };
            let Some(length) = encoded_length(rest, is_wanted).or_else(after_white_space) else {
                break;
            };
            rest = rest.get(length..).unwrap_or_default();
            matched += 1;
        }
        if matched > 0 && white_space(rest) == rest.len() {
            rest = &[];
        }
        (matched, text.len() - rest.len()).max((plain, plain))
    }

    const fn is_same(&self, byte: u8, wanted: u8) -> bool {
        byte == wanted || self.is_base64 && matches!((byte, wanted), (b'-', b'+') | (b'_', b'/'))
    }
}

/// The base64 encoding of the token preceded by `before` bytes (modulo 3), without the characters at both ends that
/// depend on the neighbouring bytes.
fn within_base64(token: &[u8], before: usize) -> Option<Needle> {
    let text = Zeroizing::new([[0; 3].get(..before)?, token].concat());
    let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&*text).into_bytes());
    let start = [0, 2, 3].get(before)?;
    let end = text.len() / 3 * 4 + [0, 1, 2].get(text.len() % 3)?;
    Some(Needle {
        bytes: encoded.get(*start..end)?.to_vec().into(),
        is_base64: true,
    })
}
