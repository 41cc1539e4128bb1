use std::fmt;

use serde_json::Value as Untyped;

use crate::read::notes::{PathSegment, ReadNotes};
use crate::read::readable::ReadValue;
use crate::request::content::Content;
use crate::text::shown_location;

/// The parts of a success response that a [`Response`] is read from.
pub struct Received<'s> {
    pub(crate) status: u16,
    pub(crate) location: Option<&'s str>,
    pub(crate) body: ReceivedBody,
}

/// The body of a success response.
#[derive(Debug, Default)]
pub(crate) enum ReceivedBody {
    #[default]
    Empty,
    Json(Untyped),
    Content(Content),
}

impl ReceivedBody {
    pub(crate) fn json(self) -> Option<Untyped> {
        match self {
            Self::Json(json) => Some(json),
            Self::Empty | Self::Content(_) => None,
        }
    }
}

/// A type that the body of a success response is read as. Sealed.
///
/// | response type | body |
/// |---|---|
/// | `()` | ignored |
/// | `X` | required; without one, the result is an error whose fate tells whether the request was applied |
/// | `Option<X>` | `None` without one, or if it is not an `X`, which [`Outcome::notes`](crate::Outcome::notes) explains; after 202, only a body without unknown properties is an `X` |
/// | [`Page<X>`](crate::Page) | a collection; required |
/// | [`Content`] | the bytes, whatever their media type |
/// | [`Accepted`] | ignored; the URL is in a header |
///
/// `X` is [`Untyped`](crate::edm::Untyped), or any type that can be read. A primitive value, an enumeration or a
/// `Vec` is read from the property `value` of the body (OData JSON 4.01, 11 and 12).
pub trait Response: Sized {
    /// The type of the resource: [`Request::to_get`](crate::Request::to_get) reads it, and
    /// [`Request::select`](crate::Request::select) accepts its properties.
    type Item: ReadValue;

    #[doc(hidden)]
    const IS_CONTENT: bool = false;

    #[doc(hidden)]
    fn read(received: Received<'_>, notes: &mut ReadNotes) -> Option<Self>;
}

/// The response to a request that Graph has accepted (202), but not applied yet. `Debug` hides the query of the URL, which
/// may authorize anyone who has it.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Accepted {
    /// The URL to monitor progress, if Graph sends it.
    pub monitor: Option<String>,
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { monitor } = self;
        f.debug_struct("Accepted")
            .field("monitor", &shown_location(monitor.as_ref()))
            .finish()
    }
}

const VALUE: &str = "value";

fn read_body<T: ReadValue>(body: Untyped, notes: &mut ReadNotes) -> Option<T> {
    match body {
        Untyped::Object(mut object) if !T::IS_BODY => notes
            .within(PathSegment::Declared(VALUE), |notes| {
                T::read_owned(object.remove(VALUE).unwrap_or_default(), notes)
            }),
        body => T::read_owned(body, notes),
    }
}

fn has_properties(body: &Untyped) -> bool {
    let is_property = |name: &String| !name.contains('@');
    body.as_object()
        .is_some_and(|object| object.keys().any(is_property))
}

impl<T: ReadValue> Response for T {
    type Item = T;

    fn read(received: Received<'_>, notes: &mut ReadNotes) -> Option<Self> {
        read_body(received.body.json()?, notes)
    }
}

impl<T: ReadValue> Response for Option<T> {
    type Item = T;

    fn read(received: Received<'_>, notes: &mut ReadNotes) -> Option<Self> {
        let is_null = |body: &Untyped| !T::IS_BODY && body.get(VALUE).is_some_and(Untyped::is_null);
        let body = received.body.json().filter(|body| !is_null(body));
        // The body of a 202 may describe the progress instead of the resource.
        let is_accepted = received.status == 202;
        let body = body.filter(|body| !is_accepted || has_properties(body));
        Some(body.and_then(|body| match is_accepted {
            true => notes.if_it_fits(|notes| read_body(body, notes)),
            false => read_body(body, notes),
        }))
    }
}

impl Response for () {
    type Item = Untyped;

    fn read(_: Received<'_>, _: &mut ReadNotes) -> Option<Self> {
        Some(())
    }
}

impl Response for Content {
    type Item = Untyped;

    const IS_CONTENT: bool = true;

    fn read(received: Received<'_>, _: &mut ReadNotes) -> Option<Self> {
        match received.body {
            ReceivedBody::Content(content) => Some(content),
            ReceivedBody::Empty | ReceivedBody::Json(_) => None,
        }
    }
}

impl Response for Accepted {
    type Item = Untyped;

    fn read(received: Received<'_>, _: &mut ReadNotes) -> Option<Self> {
        Some(Self {
            monitor: received.location.map(str::to_owned),
        })
    }
}
