//! The position of a value in a body, for messages.

use std::fmt;

/// The name of a property from the top of the body, for messages.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    pub(super) outer: Option<&'p At<'p>>,
    pub(super) part: Part<'p>,
}

#[derive(Clone, Copy)]
pub(super) enum Part<'p> {
    Body,
    Name(&'p str),
    Index(usize),
    /// An item of a nested delta. As the body, it is about an entity of its own.
    Item(usize),
}

impl<'p> At<'p> {
    pub(super) const BODY: At<'static> = At {
        outer: None,
        part: Part::Body,
    };

    pub(super) fn name<'a>(&'a self, name: &'a str) -> At<'a> {
        At {
            outer: Some(self),
            part: Part::Name(name),
        }
    }

    pub(super) fn is_in_collection(&self) -> bool {
        match self.part {
            Part::Index(_) => true,
            Part::Body | Part::Item(_) => false,
            Part::Name(_) => self.outer.is_some_and(At::is_in_collection),
        }
    }

    pub(super) fn item(&self, index: usize) -> At<'_> {
        At {
            outer: Some(self),
            part: Part::Item(index),
        }
    }

    /// Whether it is an entity that the body changes.
    pub(super) fn is_entity(&self) -> bool {
        matches!(self.part, Part::Body | Part::Item(_))
    }

    pub(super) fn index(&self, index: usize) -> At<'_> {
        At {
            outer: Some(self),
            part: Part::Index(index),
        }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As deep as the JSON, which is bounded where it is read.
        if let Some(outer) = self.outer {
            outer.fmt(f)?;
        }
        match self.part {
            Part::Body => Ok(()),
            Part::Name(name) => {
                let first = matches!(
                    self.outer,
                    None | Some(At {
                        part: Part::Body,
                        ..
                    })
                );
                write!(f, "{}{name}", if first { "" } else { "." })
            }
            Part::Index(index) | Part::Item(index) => write!(f, "[{index}]"),
        }
    }
}

/// How a message calls a place.
pub(super) fn place(at: &At<'_>) -> String {
    match at.part {
        Part::Body => "the body".to_owned(),
        _ => format!("'{at}'"),
    }
}
