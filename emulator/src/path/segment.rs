//! The segments of a path: splitting, decoding, and the arguments in parentheses.

use msgraph_csdl::path::segment::{self, SegmentParts};

use crate::rejection::{Rejection, Result, bad_request};

/// In bytes, percent-encoded.
pub(crate) const MAX_LENGTH: usize = 8 << 10;
/// The longest paths in Graph's reference have about 20.
const MAX_SEGMENTS: usize = 64;

/// Splits a path at its slashes. A slash in a literal must be percent-encoded.
pub(crate) fn split(path: &str) -> Result<Vec<String>> {
    if path.len() > MAX_LENGTH {
        return Err(Rejection::new(
            hyper::StatusCode::URI_TOO_LONG,
            "RequestUriTooLong",
            format!("The path is longer than {MAX_LENGTH} bytes."),
        ));
    }
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
    if segments.len() > MAX_SEGMENTS {
        return Err(bad_request!(
            "The path has more than {MAX_SEGMENTS} segments."
        ));
    }
    if segments.iter().any(|text| segment::decode(text).is_none()) {
        return Err(bad_request!("The path is not UTF-8."));
    }
    Ok(segments)
}

/// Whether a segment, percent-encoded or not, is `$batch`.
pub(crate) fn is_batch(segment: &str) -> bool {
    segment::decode(segment).as_deref() == Some("$batch")
}

/// A segment of a path, decoded.
pub(super) struct Segment {
    pub(super) text: String,
    /// The text before the parentheses.
    pub(super) name: String,
    /// The names, if any, and values in parentheses. `None` if the parentheses are malformed, because
    /// the segment may be a key.
    pub(super) arguments: Option<Vec<(Option<String>, String)>>,
}

impl Segment {
    pub(super) fn parse(raw: &str) -> Result<Self> {
        if raw.ends_with(':') {
            return Err(Rejection::not_emulated("Addressing an item by its path"));
        }
        // `split` has checked that the text is UTF-8.
        let decode = |text: &str| segment::decode(text).unwrap_or_default();
        let parts = SegmentParts::parse(raw).unwrap_or(SegmentParts {
            name: raw,
            arguments: None,
        });
        let arguments = parts.arguments.map(|arguments| {
            let arguments = arguments.iter();
            arguments
                .map(|argument| {
                    let value = argument.value().unwrap_or_default();
                    (argument.name.map(decode), value)
                })
                .collect()
        });
        Ok(Segment {
            text: decode(raw),
            name: decode(parts.name),
            arguments,
        })
    }

    pub(super) fn not_found(&self) -> Rejection {
        Rejection::no_segment(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_bounded_and_utf8() {
        assert_eq!(
            split("/v1.0/a%2Fb/c%20d/").unwrap(),
            ["v1.0", "a%2Fb", "c%20d"]
        );
        assert_eq!(split("/%ff").unwrap_err().status, 400);
        assert_eq!(split(&"/a".repeat(65)).unwrap_err().status, 400);
        assert_eq!(split(&"a".repeat(9_000)).unwrap_err().status, 414);
    }
}
