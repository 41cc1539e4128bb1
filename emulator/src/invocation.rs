//! Calls of actions and functions, and the closures that respond to them.

use std::fmt;
use std::sync::Arc;

use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use crate::model::{matches_template, without_version};

/// A call of an action or function that the emulator received and validated.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Invocation {
    /// The qualified name of the operation: `microsoft.graph.revokeSignInSessions`.
    pub operation: String,
    /// The path as sent, with the API version and percent-encoding.
    pub path: String,
    /// The query as sent, without the `?`.
    pub query: Option<String>,
    /// The parameters by name: of an action from the body, of a function from the path.
    pub parameters: Map<String, Value>,
    /// Scheme, host and port of the emulator, for links in the response.
    pub root: String,
}

/// The response to an [`Invocation`]. A JSON value converts into one: `null` into 204, any other value
/// into 200.
#[derive(Clone, Debug)]
pub struct InvocationResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: InvocationBody,
}

#[derive(Clone, Debug)]
pub(crate) enum InvocationBody {
    Nothing,
    Value(Value),
    Error(Value),
    Bytes(Bytes),
}

impl InvocationResponse {
    /// 204.
    pub fn no_content() -> Self {
        Self::new(204, InvocationBody::Nothing)
    }

    /// 200 with a value: an object, or the value of a collection or primitive result. An object is used
    /// as the whole body, so that it may have `@odata.nextLink` or `@odata.deltaLink`.
    pub fn value(value: Value) -> Self {
        Self::new(200, InvocationBody::Value(value))
    }

    /// 202 with the URL of a long-running operation in `Location`.
    pub fn accepted(location: impl Into<String>) -> Self {
        Self::new(202, InvocationBody::Nothing).with_header("location", location)
    }

    /// 200 with a body of another media type than JSON.
    pub fn content(media_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = Bytes::from(bytes.into());
        Self::new(200, InvocationBody::Bytes(bytes)).with_header("content-type", media_type)
    }

    /// An error in Graph's shape.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let error = json!({"error": {"code": code, "message": message}});
        Self::new(status, InvocationBody::Error(error))
    }

    /// Replaces the status code. An invalid one becomes 500.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Sets a header. An invalid name or value is ignored.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.headers.iter().filter_map(|(name, value)| {
            let name = HeaderName::try_from(name).ok()?;
            Some((name, HeaderValue::try_from(value).ok()?))
        })
    }

    pub(crate) fn into_body(self) -> InvocationBody {
        self.body
    }

    pub(crate) fn media_type(&self) -> HeaderValue {
        let mut headers = self.headers();
        let found = headers.find(|(name, _)| *name == header::CONTENT_TYPE);
        found.map_or(OCTETS, |(_, value)| value)
    }

    fn new(status: u16, body: InvocationBody) -> Self {
        InvocationResponse {
            status,
            headers: Vec::new(),
            body,
        }
    }
}

/// The media type of content without one.
pub(crate) const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

impl From<Value> for InvocationResponse {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::no_content(),
            value => Self::value(value),
        }
    }
}

impl From<()> for InvocationResponse {
    fn from((): ()) -> Self {
        Self::no_content()
    }
}

type Respond = dyn Fn(&Invocation) -> InvocationResponse + Send + Sync;

/// The closures of a caller, by the operation that they respond to.
#[derive(Clone, Default)]
pub(crate) struct Invocations(Vec<(String, Arc<Respond>)>);

impl Invocations {
    pub(crate) fn add(
        &mut self,
        operation: String,
        respond: impl Fn(&Invocation) -> InvocationResponse + Send + Sync + 'static,
    ) {
        self.0.push((operation, Arc::new(respond)));
    }

    /// The names or path templates of the operations.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(operation, _)| operation.as_str())
    }

    /// The closure for an operation at a path in an API version, whose last segment is the name of the
    /// operation. A path template precedes a name, and a later closure an earlier one.
    pub(crate) fn find(
        &self,
        qualified_name: &str,
        (version, path): (&str, &[String]),
    ) -> Option<&Arc<Respond>> {
        let find = |matches: &dyn Fn(&str) -> bool| {
            let mut added = self.0.iter().rev();
            let found = added.find(|(operation, _)| matches(operation));
            found.map(|(_, respond)| respond)
        };
        let by_path = |operation: &str| {
            let template = without_version(operation, version);
            operation.starts_with('/') && matches_template(&unqualified(template), path)
        };
        find(&by_path).or_else(|| find(&|operation| operation == qualified_name))
    }
}

impl fmt::Debug for Invocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.operations()).finish()
    }
}

/// The name of the operation that a template or qualified name ends with.
pub(crate) fn operation_name(operation: &str) -> &str {
    let segment = operation.rsplit('/').next().unwrap_or(operation);
    let name = segment.split('(').next().unwrap_or(segment);
    name.rsplit('.').next().unwrap_or(name)
}

/// A path template with the bare name of the operation: without namespace and parentheses.
fn unqualified(template: &str) -> String {
    let (before, _) = template.rsplit_once('/').unwrap_or(("", template));
    format!("{before}/{}", operation_name(template))
}
