//! Removes the token from responses: some gateways echo the request that they reject.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value as Untyped;

use super::escapes::{length_of, white_space};
use crate::response::error::ResponseError;
use crate::response::outcome::{Effect, Outcome};

/// Shorter strings are not access tokens, and would match ordinary words.
const SHORTEST_TOKEN: usize = 16;
/// A prefix of the token of this length is hidden anywhere in an error or log.
const TELLING: usize = 16;
/// A shorter one is hidden at the end of a string, since the string may have been cut there.
const TELLING_AT_END: usize = 6;
const HIDDEN: &str = "***";

/// Finds a token in a response, whether it is plain, escaped for JSON, a URL or HTML (also more than once), broken by white
/// space, or part of a base64 string.
pub(super) struct Redactor {
    needles: Vec<Needle>,
    /// The bytes that a match can start with. Most bytes of a body are not among them, so scanning is fast.
    first: [bool; 256],
}

struct Needle {
    bytes: Vec<u8>,
    /// Whether this is part of a base64 string, in either alphabet.
    is_base64: bool,
}

/// What counts as a match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Hide {
    /// The whole token, or a prefix of it at the end. For data: a resource, or the URL of a redirect, may contain another
    /// token with the same beginning.
    InData,
    /// Also a prefix of it elsewhere. For errors and logs: some gateways shorten what they show.
    InText,
}

impl Redactor {
    pub(super) fn new(token: &str) -> Self {
        let mut needles = Vec::new();
        let token = token.as_bytes();
        if token.len() >= SHORTEST_TOKEN {
            needles.push(Needle {
                bytes: token.to_vec(),
                is_base64: false,
            });
            needles.extend((0..3).filter_map(|before| within_base64(token, before)));
        }
        let mut first = [false; 256];
        let mut mark = |byte: u8| {
            if let Some(marked) = first.get_mut(usize::from(byte)) {
                *marked = true;
            }
        };
        for needle in &needles {
            let Some(start) = needle.bytes.first() else {
                continue;
            };
            b"\\%&".iter().chain([start]).for_each(|byte| mark(*byte));
            if needle.is_base64 {
                match start {
                    b'+' => mark(b'-'),
                    b'/' => mark(b'_'),
                    _ => {}
                }
            }
        }
        Self { needles, first }
    }

    /// A body without the token, for logs and errors.
    pub(super) fn body(&self, body: &[u8]) -> Vec<u8> {
        self.hidden(body, Hide::InText)
            .unwrap_or_else(|| body.to_vec())
    }

    /// A string without the token, for logs and errors.
    pub(super) fn shown(&self, text: &str) -> String {
        let mut text = text.to_owned();
        self.text(&mut text);
        text
    }

    /// Removes the token from everything that the outcome took from the response.
    pub(super) fn outcome(&self, outcome: &mut Outcome) {
        self.data(&mut outcome.request_id);
        self.data(&mut outcome.client_request_id);
        if let Some(tag) = &outcome.etag
            && self.hidden(tag.as_str().as_bytes(), Hide::InData).is_some()
        {
            outcome.etag = None;
        }
        match &mut outcome.effect {
            Effect::Accepted { monitor } => self.data(monitor),
            Effect::Resource(resource) => self.json(resource),
            Effect::Done => {}
        }
    }

    /// Removes the token from everything that the error took from the response.
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
            ResponseError::BatchEntry { .. } => {}
        }
    }

    fn data(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.replace(text, Hide::InData);
        }
    }

    fn text(&self, text: &mut String) {
        self.replace(text, Hide::InText);
    }

    fn replace(&self, text: &mut String, hide: Hide) {
        if let Some(hidden) = self.hidden(text.as_bytes(), hide) {
            *text = String::from_utf8_lossy(&hidden).into_owned();
        }
    }

    fn json(&self, value: &mut Untyped) {
        match value {
            Untyped::String(text) => self.replace(text, Hide::InData),
            Untyped::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Untyped::Object(object) => {
                object.values_mut().for_each(|value| self.json(value));
                let shows = |name: &String| self.hidden(name.as_bytes(), Hide::InData).is_some();
                if object.keys().any(shows) {
                    let named = std::mem::take(object).into_iter().map(|(mut name, value)| {
                        self.replace(&mut name, Hide::InData);
                        (name, value)
                    });
                    *object = named.collect();
                }
            }
            Untyped::Null | Untyped::Bool(_) | Untyped::Number(_) => {}
        }
    }

    /// The text without the token; `None` if it does not contain it.
    fn hidden(&self, text: &[u8], hide: Hide) -> Option<Vec<u8>> {
        let mut shown: Option<Vec<u8>> = None;
        let mut kept = 0;
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let may_begin = self.first.get(usize::from(*byte)) == Some(&true);
            let length = match text.get(at..) {
                Some(rest) if may_begin => self.found(rest, hide),
                _ => 0,
            };
            if length == 0 {
                at += 1;
                continue;
            }
            let shown = shown.get_or_insert_default();
            shown.extend_from_slice(text.get(kept..at).unwrap_or_default());
            shown.extend_from_slice(HIDDEN.as_bytes());
            at += length;
            kept = at;
        }
        if let Some(shown) = &mut shown {
            shown.extend_from_slice(text.get(kept..).unwrap_or_default());
        }
        shown
    }

    /// How many bytes at the beginning of `text` to hide.
    fn found(&self, text: &[u8], hide: Hide) -> usize {
        let lengths = self.needles.iter().filter_map(|needle| {
            let (matched, length) = needle.matched(text);
            let rest = text.get(length..).unwrap_or_default();
            let is_cut = rest.is_empty() || (rest.len() < 12 && b"\\%&".contains(rest.first()?));
            let enough = match hide {
                _ if is_cut => TELLING_AT_END,
                Hide::InData => needle.bytes.len(),
                Hide::InText => TELLING.min(needle.bytes.len()),
            };
            // Hides an incomplete escape at the end, too.
            let length = if is_cut && matched < needle.bytes.len() {
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
    /// How many bytes of the needle `text` begins with, and how many bytes of `text` encode them.
    fn matched(&self, text: &[u8]) -> (usize, usize) {
        // Unescaped first: the token itself may contain what looks like an escape.
        let plain = self.bytes.iter().zip(text);
        let plain = plain.take_while(|(wanted, byte)| self.is_same(**byte, **wanted));
        let plain = plain.count();
        let mut rest = text;
        let mut matched = 0;
        for wanted in &self.bytes {
            let is_wanted = |byte| self.is_same(byte, *wanted);
            let wrapped = || {
                // Nothing begins with white space.
                let gap = (matched > 0).then(|| white_space(rest))?;
                Some(gap + length_of(rest.get(gap..)?, is_wanted)?)
            };
            let Some(length) = length_of(rest, is_wanted).or_else(wrapped) else {
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

/// The base64 encoding of a token preceded by `before` bytes (modulo 3), without the characters at both ends that depend on
/// the neighbouring bytes.
fn within_base64(token: &[u8], before: usize) -> Option<Needle> {
    let text = [vec![0; before], token.to_vec()].concat();
    let encoded = STANDARD_NO_PAD.encode(&text).into_bytes();
    let start = [0, 2, 3].get(before)?;
    let end = text.len() / 3 * 4 + [0, 1, 2].get(text.len() % 3)?;
    let bytes = encoded.get(*start..end)?.to_vec();
    Some(Needle {
        bytes,
        is_base64: true,
    })
}
