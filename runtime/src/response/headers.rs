/// The headers of a response. Implemented for lists of pairs; implement it for the header map of your HTTP client.
///
/// ```
/// use msgraph_runtime::{ResponseHeaders, parse_response};
///
/// struct MyHeaders(Vec<(String, String)>);
///
/// impl ResponseHeaders for MyHeaders {
///     fn header(&self, name: &str) -> Option<&str> {
///         let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
///         found.map(|(_, value)| value.as_str())
///     }
/// }
///
/// let headers = MyHeaders(vec![("Request-Id".into(), "7f1c".into())]);
/// assert_eq!(parse_response(204, &headers, b"")?.request_id.as_deref(), Some("7f1c"));
/// # Ok::<(), msgraph_runtime::ResponseError>(())
/// ```
pub trait ResponseHeaders {
    /// The value of the header with this lower-case name, compared without case; `None` if it is missing or not a string.
    fn header(&self, name: &str) -> Option<&str>;

    /// Passes every value of a header that may be repeated to `show`. By default only the value of
    /// [`header`](Self::header).
    fn each(&self, name: &str, show: &mut dyn FnMut(&str)) {
        if let Some(value) = self.header(name) {
            show(value);
        }
    }
}

/// The value of a header, if it is not blank.
pub(crate) fn filled<'h>(
    headers: &'h (impl ResponseHeaders + ?Sized),
    name: &str,
) -> Option<&'h str> {
    let value = headers.header(name)?;
    (!value.trim().is_empty()).then_some(value)
}

impl<N: AsRef<str>, V: AsRef<str>> ResponseHeaders for [(N, V)] {
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

impl<N: AsRef<str>, V: AsRef<str>> ResponseHeaders for Vec<(N, V)> {
    fn header(&self, name: &str) -> Option<&str> {
        self.as_slice().header(name)
    }

    fn each(&self, name: &str, show: &mut dyn FnMut(&str)) {
        self.as_slice().each(name, show);
    }
}
