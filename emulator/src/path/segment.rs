//! The segments of a path: splitting, decoding, and what they have in parentheses.

use msgraph_csdl::segment::{self, SegmentParts};

use crate::rejection::Refusal;

/// The longest path in bytes, as it stands in the request.
pub(crate) const MAX_LENGTH: usize = 8 << 10;
/// The most segments of a path; the longest in Graph's reference have about twenty.
const MAX_SEGMENTS: usize = 64;

/// Splits a raw path into its segments, which are UTF-8 once they are decoded. A slash in a literal is
/// one only if it is encoded.
pub(crate) fn split(path: &str) -> Result<Vec<String>, Refusal> {
    if path.len() > MAX_LENGTH {
        return Err(Refusal::new(
            hyper::StatusCode::URI_TOO_LONG,
            "RequestUriTooLong",
            format!("The path is longer than {MAX_LENGTH} bytes."),
        ));
    }
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
    if segments.len() > MAX_SEGMENTS {
        return Err(Refusal::bad_request(format!(
            "The path has more than {MAX_SEGMENTS} segments."
        )));
    }
    if segments
        .iter()
        .any(|segment| segment::decode(segment).is_none())
    {
        return Err(Refusal::bad_request("The path is not UTF-8."));
    }
    Ok(segments)
}

/// Whether a segment, encoded or not, is that of a batch.
pub(crate) fn is_batch(segment: &str) -> bool {
    segment::decode(segment).as_deref() == Some("$batch")
}

/// A segment of a request, decoded.
pub(super) struct Segment {
    pub(super) text: String,
    /// What precedes the parentheses.
    pub(super) name: String,
    /// Names, if any, and values of what is in parentheses. `None` where they cannot be parsed too,
    /// which a key may look like.
    pub(super) arguments: Option<Vec<(Option<String>, String)>>,
}

impl Segment {
    pub(super) fn parse(raw: &str) -> Result<Self, Refusal> {
        if raw.ends_with(':') {
            return Err(Refusal::not_emulated("Addressing an item by its path"));
        }
        // `split` has looked for what is not UTF-8.
        let decode = |text: &str| segment::decode(text).unwrap_or_default();
        let parts = SegmentParts::parse(raw).unwrap_or(SegmentParts {
            name: raw,
            arguments: None,
        });
        let arguments = parts.arguments.map(|arguments| {
            let argument = |argument: segment::Argument<'_>| {
                let value = argument.value().unwrap_or_default();
                (argument.name.map(decode), value)
            };
            arguments.into_iter().map(argument).collect()
        });
        Ok(Segment {
            text: decode(raw),
            name: decode(parts.name),
            arguments,
        })
    }

    pub(super) fn not_found(&self) -> Refusal {
        Refusal::no_segment(&self.text)
    }

    /// Whether it looks like the call of a function.
    pub(super) fn is_call(&self) -> bool {
        self.arguments.is_some() || self.text.contains('.')
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
