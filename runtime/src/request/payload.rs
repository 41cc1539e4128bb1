use crate::body::structured::Structured;
use crate::edm::reference::Reference;
use crate::request::content::Content;

/// What a request sends as its body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Payload<'a> {
    Empty,
    Structured(&'a dyn Structured),
    /// `{"@odata.id": "..."}`
    Reference(&'a Reference),
    Content(&'a Content),
}

impl<'a> Payload<'a> {
    pub(crate) const fn structured(self) -> Option<&'a dyn Structured> {
        match self {
            Self::Structured(body) => Some(body),
            Self::Empty | Self::Reference(_) | Self::Content(_) => None,
        }
    }

    pub(crate) const fn content(self) -> Option<&'a Content> {
        match self {
            Self::Content(content) => Some(content),
            Self::Empty | Self::Structured(_) | Self::Reference(_) => None,
        }
    }
}
