//! Reads the headers of a response.

use http::header::AsHeaderName;
use http::{HeaderMap, HeaderValue};

/// The value of the first header with this name; `None` if it is missing or not a string.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    utf8(headers.get(name)?)
}

/// The value of the first header with this name, if it is not blank.
pub(crate) fn filled(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    text(headers, name).filter(|value| !value.trim().is_empty())
}

/// The values of all headers with this name that are UTF-8.
pub(crate) fn texts(headers: &HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).iter();
    values.filter_map(utf8)
}

/// `HeaderValue::to_str` allows only ASCII.
fn utf8(value: &HeaderValue) -> Option<&str> {
    std::str::from_utf8(value.as_bytes()).ok()
}
