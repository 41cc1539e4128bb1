use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::edm::enumeration::Enumeration;
use crate::request::error::RequestError;

/// The characters of a key that are not percent-encoded: the unreserved characters of RFC 3986, and `@`, which is common
/// in user names and safe.
///
/// The rest of `pchar` is encoded because it has a meaning in Graph: `:` begins a path below a drive item, `(`, `)`, `'`,
/// `=`, `,` are OData's key syntax, `$` begins a system segment (`/users/$count`), `;` and `&` are separators, and some
/// front ends decode `+` as a space.
const KEPT_IN_KEY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@');

/// The value of a placeholder in a path.
///
/// ```
/// use msgraph_runtime::Request;
///
/// let request = Request::get("v1.0", "/users/{id}/messages/{message}", &[&"a/b@contoso.com", &7]);
/// assert_eq!(request.path()?, "/users/a%2Fb@contoso.com/messages/7");
/// # Ok::<(), msgraph_runtime::error::RequestError>(())
/// ```
pub trait Key {
    /// The key, not percent-encoded.
    fn key_text(&self) -> Cow<'_, str>;
}

impl Key for str {
    fn key_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Key for String {
    fn key_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Key for &str {
    fn key_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl<E: Enumeration> Key for E {
    fn key_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.wire_name())
    }
}

macro_rules! keys_by_display {
    ($($key:ty),*) => {$(
        impl Key for $key {
            fn key_text(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }
        }
    )*};
}
keys_by_display!(bool, u8, i8, i16, i32, i64);
#[cfg(feature = "uuid")]
keys_by_display!(uuid::Uuid);
#[cfg(feature = "decimal")]
keys_by_display!(rust_decimal::Decimal);
#[cfg(feature = "jiff")]
keys_by_display!(
    crate::edm::temporal::Date,
    crate::edm::temporal::DateTimeOffset,
    crate::edm::temporal::Duration,
    crate::edm::temporal::TimeOfDay
);

/// Replaces the placeholders `{name}` with the keys, in order.
pub(crate) fn expand(
    template: &'static str,
    keys: &[&dyn Key],
) -> Result<Cow<'static, str>, RequestError> {
    expand_with(template, keys, false)
}

/// As [`expand`], for the path of a request that changes nothing: a key in quotes may be empty, since `''` is an argument
/// of functions, such as `search(q='')`.
pub(crate) fn expand_for_reading(
    template: &'static str,
    keys: &[&dyn Key],
) -> Result<Cow<'static, str>, RequestError> {
    expand_with(template, keys, true)
}

fn expand_with(
    template: &'static str,
    keys: &[&dyn Key],
    may_be_empty: bool,
) -> Result<Cow<'static, str>, RequestError> {
    if !template.starts_with('/') {
        return Err(RequestError::Template { template });
    }
    let placeholders = template.matches('{').count();
    if placeholders != keys.len() {
        return Err(RequestError::KeyCount {
            template,
            placeholders,
            keys: keys.len(),
        });
    }
    if keys.is_empty() && !template.contains('}') {
        return Ok(Cow::Borrowed(template));
    }
    let unmatched = RequestError::Template { template };
    let mut path = String::with_capacity(template.len() + 32);
    let mut rest = template;
    for key in keys {
        let parts = rest.split_once('{').and_then(|(before, opened)| {
            let (name, after) = opened.split_once('}')?;
            Some((before, name, after))
        });
        let Some((before, name, after)) = parts else {
            return Err(unmatched);
        };
        if before.contains('}') || name.contains(['{', '/']) {
            return Err(unmatched);
        }
        path.push_str(before);
        let is_segment = (path.is_empty() || path.ends_with('/'))
            && (after.is_empty() || after.starts_with('/'));
        let quoted = is_in_quotes(&path);
        let key = key.key_text();
        if !(key.is_empty() && quoted && may_be_empty) {
            path.push_str(&encode(name, &key, quoted, is_segment)?);
        }
        rest = after;
    }
    if rest.contains('}') {
        return Err(unmatched);
    }
    path.push_str(rest);
    Ok(Cow::Owned(path))
}

/// Whether a quote is open at the end of a path. A doubled quote changes nothing.
fn is_in_quotes(path: &str) -> bool {
    let segment = path.rsplit('/').next().unwrap_or(path);
    let open = segment.find('(').or_else(|| segment.find("%28"));
    let Some(arguments) = open.and_then(|at| segment.get(at..)) else {
        return false;
    };
    let quotes = arguments.matches('\'').count() + arguments.matches("%27").count();
    quotes % 2 == 1
}

fn encode(name: &str, key: &str, quoted: bool, is_segment: bool) -> Result<String, RequestError> {
    if key.is_empty() {
        return Err(RequestError::EmptyKey {
            placeholder: name.to_owned(),
        });
    }
    // URL parsers resolve a dot segment, encoded or not (RFC 3986, 5.2.4, and the WHATWG URL standard).
    if is_segment && (key == "." || key == "..") {
        return Err(RequestError::DotKey {
            placeholder: name.to_owned(),
            key: key.to_owned(),
        });
    }
    let text = if quoted {
        Cow::Owned(key.replace('\'', "''"))
    } else {
        Cow::Borrowed(key)
    };
    Ok(utf8_percent_encode(&text, KEPT_IN_KEY).to_string())
}

/// Percent-encodes only what is invalid in a URL, such as a space. The rest is as Graph sent it. A fragment would not be
/// sent, so `#` is part of the query.
pub(crate) fn encode_link(url: &str) -> impl std::fmt::Display {
    const INVALID: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
    utf8_percent_encode(url, INVALID)
}

/// Percent-encodes a query option, except for the characters of OData's syntax.
pub(crate) fn encode_query(text: &str) -> impl std::fmt::Display {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'$')
        .remove(b',')
        .remove(b'(')
        .remove(b')')
        .remove(b'/')
        .remove(b':')
        .remove(b'@');
    utf8_percent_encode(text, KEPT)
}
