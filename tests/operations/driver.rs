//! Builds documented requests and reads documented responses.
#![allow(deprecated)]
#[allow(dead_code, unused_imports)]
mod graph;

use msgraph_runtime::__private::AnyOf;
use msgraph_runtime::__private::expansion::{ReadValue, Union};
use msgraph_runtime::edm::{DeltaItem, Untyped};
use msgraph_runtime::error::ResponseError;
use msgraph_runtime::json::{Structured, complete, from_value};
use msgraph_runtime::request::{CollectionBody, Content, Response, Root};
use msgraph_runtime::sans_io::{http, parse_response};
use msgraph_runtime::{Cloud, Outcome, Page, Request};

/// A documented request and its response.
struct Documented {
    row: &'static str,
    method: &'static str,
    /// From the service root, decoded.
    path: &'static str,
    /// Names and values, decoded.
    query: &'static [(&'static str, &'static str)],
    body: Option<&'static str>,
    status: u16,
    /// The name and value of the header that has it.
    location: Option<(&'static str, &'static str)>,
    response: Option<&'static str>,
    content_type: &'static str,
    /// JSON pointers of values whose type is not the declared one, and the types.
    types: &'static [(&'static str, &'static str)],
}

/// A value without differences that do not matter: numbers are compared by value, GUIDs without case,
/// references without the root.
/// Annotations are removed, except those that a request needs.
fn bare(mut value: Untyped, is_request: bool) -> Untyped {
    match &mut value {
        Untyped::Object(members) => {
            members.retain(|name, _| !is_annotation(name) || is_request && is_reference(name));
            for (name, value) in members.iter_mut() {
                *value = match is_request && is_reference(name) {
                    true => without_root(value.take()),
                    false => bare(value.take(), is_request),
                };
            }
        }
        Untyped::Array(items) => {
            items
                .iter_mut()
                .for_each(|item| *item = bare(item.take(), is_request));
        }
        Untyped::String(text) if is_guid(text) => text.make_ascii_lowercase(),
        _ => value = by_value(value),
    }
    value
}

/// `@odata.type`, `day@odata.type`; but not `@removed` and `members@delta`, which are data.
fn is_annotation(name: &str) -> bool {
    let annotation = name.split_once('@').map(|(_, annotation)| annotation);
    annotation.is_some_and(|annotation| annotation.starts_with("odata."))
}

fn is_reference(name: &str) -> bool {
    name.ends_with("@odata.bind") || name == "@odata.id"
}

fn without_root(value: Untyped) -> Untyped {
    match value {
        Untyped::String(url) => {
            let path = url
                .strip_prefix("https://graph.microsoft.com/v1.0")
                .unwrap_or(&url);
            decoded(path.trim_start_matches('/')).into()
        }
        Untyped::Array(urls) => urls.into_iter().map(without_root).collect(),
        other => other,
    }
}

fn is_guid(text: &str) -> bool {
    let is_fit = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_fit)
}

/// `85.0` and `85` are the same number.
fn by_value(value: Untyped) -> Untyped {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = value
        .as_f64()
        .filter(|number| number.fract() == 0.0 && number.abs() <= EXACT);
    match whole {
        Some(number) if value.is_f64() => Untyped::from(number as i64),
        _ => value,
    }
}

fn json(text: &str) -> Untyped {
    serde_json::from_str(text).expect("documented JSON")
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        match code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Reads a documented body.
fn body<P: Structured + ReadValue>(documented: &Documented) -> P {
    let body = json(documented.body.expect("a body"));
    from_value(&body).unwrap_or_else(|error| panic!("the body: {error}"))
}

/// Compares what a request sends.
fn sent<R: Response>(documented: &Documented, request: &Request<'_, R>) {
    let root: Root = Cloud::Global.into();
    let prepared = request
        .prepare(&root)
        .unwrap_or_else(|error| panic!("prepare: {error}"));
    assert_eq!(prepared.method().as_str(), documented.method, "method");
    let path = prepared
        .uri()
        .path()
        .strip_prefix("/v1.0")
        .expect("the version");
    assert_eq!(decoded(path), documented.path, "path");
    let mut query: Vec<(String, String)> = prepared
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|option| !option.is_empty())
        .map(|option| option.split_once('=').expect("a name and a value"))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    query.sort();
    let mut expected: Vec<(String, String)> = documented
        .query
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    expected.sort();
    assert_eq!(query, expected, "query");
    // An action without arguments may send an empty object.
    let written = prepared.body();
    match documented.body {
        Some(body) => {
            let read = serde_json::from_slice(written);
            match read {
                Ok(written) => equal("body", written, json(body)),
                Err(_) => assert_eq!(String::from_utf8_lossy(written), body, "body"),
            }
        }
        None => assert!(
            written.is_empty() || written == b"{}",
            "no body is documented"
        ),
    }
}

/// Reads the documented response as the client does.
fn received<R: Response>(documented: &Documented, _: &Request<'_, R>) -> Outcome<R> {
    let body = documented.response.unwrap_or_default();
    let mut response = http::Response::builder()
        .status(documented.status)
        .header("request-id", "7f1c");
    if !body.is_empty() {
        response = response.header("content-type", documented.content_type);
    }
    if let Some((name, location)) = documented.location {
        response = response.header(name, location);
    }
    let response = response.body(body).expect("a response");
    let outcome =
        parse_response::<R>(&response).unwrap_or_else(|error| panic!("the response: {error}"));
    assert_eq!(outcome.status, documented.status, "status");
    let location = documented.location.map(|(_, location)| location);
    assert_eq!(outcome.location.as_deref(), location, "location");
    outcome
}

/// Compares what was read and written again.
fn rewritten(documented: &Documented, written: Untyped, expected: Untyped) {
    for (pointer, ty) in documented.types {
        let name = written.pointer(&format!("{pointer}/@odata.type"));
        let name = name
            .and_then(|name| name.as_str())
            .map(|name| name.trim_start_matches('#'));
        assert_eq!(name, Some(*ty), "the type at `{pointer}`");
    }
    equal("response", written, expected);
}

/// Names the first difference.
fn equal(what: &str, written: Untyped, expected: Untyped) {
    let is_request = what == "body";
    let (written, expected) = (bare(written, is_request), bare(expected, is_request));
    if let Some(difference) = difference(String::new(), &written, &expected) {
        panic!("{what}: {difference}");
    }
}

fn difference(at: String, written: &Untyped, expected: &Untyped) -> Option<String> {
    match (written, expected) {
        (Untyped::Object(written), Untyped::Object(expected)) => {
            let lost = expected
                .iter()
                .find_map(|(name, expected)| match written.get(name) {
                    None => Some(format!("`{at}/{name}` is lost: {expected}")),
                    Some(written) => difference(format!("{at}/{name}"), written, expected),
                });
            let added = written.keys().find(|name| !expected.contains_key(*name));
            lost.or_else(|| Some(format!("`{at}/{}` is added", added?)))
        }
        (Untyped::Array(written), Untyped::Array(expected)) if written.len() == expected.len() => {
            let mut pairs = written.iter().zip(expected).enumerate();
            pairs.find_map(|(index, (written, expected))| {
                difference(format!("{at}/{index}"), written, expected)
            })
        }
        _ if written == expected => None,
        _ => Some(format!("`{at}` is {written}, not {expected}")),
    }
}

/// A value that was read, as JSON.
trait Again: ReadValue {
    /// Whether a response has it in `value`.
    const IS_SCALAR: bool = false;

    fn again(&self) -> Untyped;
}

impl<B: Union> Again for AnyOf<B> {
    fn again(&self) -> Untyped {
        all(self)
    }
}

impl<T: ReadValue + Structured> Again for DeltaItem<T> {
    fn again(&self) -> Untyped {
        all(self)
    }
}

impl<T> Again for CollectionBody<T>
where
    CollectionBody<T>: ReadValue + Structured,
{
    fn again(&self) -> Untyped {
        all(self)
    }
}

macro_rules! again {
    ($ty:ty) => {
        impl Again for $ty {
            fn again(&self) -> Untyped {
                all(self)
            }
        }
    };
}

macro_rules! members {
    ($ty:ty) => {
        impl Again for $ty {
            const IS_SCALAR: bool = true;

            fn again(&self) -> Untyped {
                self.as_str().into()
            }
        }
    };
}

macro_rules! scalars {
    ($($ty:ty),*) => {$(
        impl Again for $ty {
            const IS_SCALAR: bool = true;

            fn again(&self) -> Untyped {
                Untyped::from(self.clone())
            }
        }
    )*};
}

scalars!(bool, i32, i64, f64, String);

fn all(value: &dyn Structured) -> Untyped {
    complete(value).unwrap_or_else(|error| panic!("write again: {error}"))
}

/// A request, to be checked by the type of its response.
struct Sent<'a, R>(Request<'a, R>);

trait Required {
    fn check(self, documented: &Documented);
}

/// Compares a value that was read.
fn compare<T: Again>(documented: &Documented, value: &T, response: &str) {
    let mut expected = json(response);
    match T::IS_SCALAR {
        true => equal("value", value.again(), expected["value"].take()),
        false => rewritten(documented, value.again(), expected),
    }
}

impl<T: Again> Required for Sent<'_, T> {
    fn check(self, documented: &Documented) {
        sent(documented, &self.0);
        let value = received(documented, &self.0).value;
        compare(documented, &value, documented.response.expect("a response"));
    }
}

impl<T: Again> Sent<'_, Option<T>> {
    fn check(self, documented: &Documented) {
        sent(documented, &self.0);
        let outcome = received(documented, &self.0);
        match (outcome.value, documented.response) {
            (Some(value), Some(response)) => compare(documented, &value, response),
            (None, None) => {}
            (None, _) => panic!("the response is not read: {:?}", outcome.notes),
            (Some(_), None) => panic!("no response is documented"),
        }
    }
}

impl<T: Again> Sent<'_, Page<T>> {
    fn check(self, documented: &Documented) {
        sent(documented, &self.0);
        let page = received(documented, &self.0).value;
        let mut expected = json(documented.response.expect("a response"));
        let link = |name: &str| expected[name].as_str().map(str::to_owned);
        assert_eq!(
            page.next_link.map(|link| link.as_str().to_owned()),
            link("@odata.nextLink")
        );
        assert_eq!(
            page.delta_link.map(|link| link.as_str().to_owned()),
            link("@odata.deltaLink")
        );
        assert_eq!(page.count, expected["@odata.count"].as_i64(), "count");
        let items: Vec<Untyped> = page.items.iter().map(Again::again).collect();
        rewritten(documented, items.into(), expected["value"].take());
    }
}

impl Sent<'_, ()> {
    fn check(self, documented: &Documented) {
        sent(documented, &self.0);
        received(documented, &self.0);
    }
}

/// The response to new content is any JSON.
impl Sent<'_, Option<Untyped>> {
    fn check(self, documented: &Documented) {
        sent(documented, &self.0);
        received(documented, &self.0);
    }
}

impl Sent<'_, Content> {
    fn check(self, documented: &Documented) {
        sent(documented, &self.0);
        if documented.status != 302 {
            let content = received(documented, &self.0).value;
            assert_eq!(
                content.bytes,
                documented.response.unwrap_or_default().as_bytes()
            );
            assert_eq!(
                content.content_type.as_deref(),
                Some(documented.content_type)
            );
            return;
        }
        let (_, location) = documented.location.expect("where the content is");
        let response = http::Response::builder()
            .status(302)
            .header("location", location)
            .body("");
        match parse_response::<Content>(&response.expect("a response")) {
            Err(ResponseError::Redirect {
                location: found, ..
            }) => {
                assert_eq!(found.as_deref(), Some(location));
            }
            other => panic!("302 is a redirect, not {other:?}"),
        }
    }
}

/// Reports every failure, not only the first.
fn run(documented: &Documented, check: impl Fn(&Documented)) {
    let run = || check(documented);
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
        Ok(()) => println!("ok {}", documented.row),
        Err(reason) => {
            let text = reason.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| reason.downcast_ref::<String>().cloned());
            println!(
                "failed {}: {}",
                documented.row,
                text.unwrap_or_default().escape_debug()
            );
        }
    }
}
