use serde_json::Value as Untyped;

use crate::read::notes::ReadNotes;
use crate::read::readable::ReadValue;

/// The parts of a success response that a [`Response`] is read from.
pub struct Received<'s> {
    pub(crate) status: u16,
    pub(crate) location: Option<&'s str>,
    pub(crate) body: Option<Untyped>,
}

/// A type that the body of a success response is read as. Sealed.
///
/// | response type | body |
/// |---|---|
/// | `()` | ignored |
/// | `X` | required; without one, the result is an error whose fate tells whether the request was applied |
/// | `Option<X>` | `None` without one, after 202, or if it is not an `X`, which [`Outcome::notes`](crate::Outcome::notes) explains |
/// | [`Accepted`] | ignored; the URL is in a header |
///
/// `X` is [`Untyped`](crate::edm::Untyped), or any type that can be read, such as those generated with `read = true`.
pub trait Response: Sized {
    /// The type of the resource: [`Request::to_get`](crate::Request::to_get) reads it, and
    /// [`Request::select`](crate::Request::select) accepts its properties.
    type Item: ReadValue;

    #[doc(hidden)]
    fn read(received: Received<'_>, notes: &mut ReadNotes) -> Option<Self>;
}

/// The response to a request that Graph has accepted (202), but not applied yet.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Accepted {
    /// The URL to monitor progress, if Graph sends it.
    pub monitor: Option<String>,
}

impl<T: ReadValue> Response for T {
    type Item = T;

    fn read(received: Received<'_>, notes: &mut ReadNotes) -> Option<Self> {
        T::read_owned(received.body?, notes)
    }
}

impl<T: ReadValue> Response for Option<T> {
    type Item = T;

    fn read(received: Received<'_>, notes: &mut ReadNotes) -> Option<Self> {
        // The body of a 202 describes the progress, not the resource.
        let body = received.body.filter(|_| received.status != 202);
        Some(body.and_then(|body| T::read_owned(body, notes)))
    }
}

impl Response for () {
    type Item = Untyped;

    fn read(_: Received<'_>, _: &mut ReadNotes) -> Option<Self> {
        Some(())
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
