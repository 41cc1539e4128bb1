//! The location of a value in a body.

use std::fmt;

/// The location of a value in a body. `Display` writes it as `a.b[0].c`.
#[derive(Clone, Copy)]
pub(super) struct Location<'p> {
    pub(super) outer: Option<&'p Location<'p>>,
    pub(super) part: Part<'p>,
}

#[derive(Clone, Copy)]
pub(super) enum Part<'p> {
    Body,
    Property(&'p str),
    Index(usize),
    /// An item of a nested delta, which, like the body, updates an entity.
    DeltaItem(usize),
}

impl<'p> Location<'p> {
    pub(super) const BODY: Location<'static> = Location {
        outer: None,
        part: Part::Body,
    };

    pub(super) fn property<'a>(&'a self, name: &'a str) -> Location<'a> {
        self.inner(Part::Property(name))
    }

    pub(super) fn index(&self, index: usize) -> Location<'_> {
        self.inner(Part::Index(index))
    }

    pub(super) fn inner<'a>(&'a self, part: Part<'a>) -> Location<'a> {
        Location {
            outer: Some(self),
            part,
        }
    }

    /// Whether it is an entity that the body changes.
    pub(super) fn is_entity(&self) -> bool {
        matches!(self.part, Part::Body | Part::DeltaItem(_))
    }

    pub(super) fn is_in_collection(&self) -> bool {
        match self.part {
            Part::Index(_) => true,
            Part::Body | Part::DeltaItem(_) => false,
            Part::Property(_) => self.outer.is_some_and(Location::is_in_collection),
        }
    }

    /// The location in a sentence.
    pub(super) fn quoted(&self) -> String {
        match self.part {
            Part::Body => "the body".to_owned(),
            _ => format!("'{self}'"),
        }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The recursion is as deep as the JSON, whose depth is bounded on reading.
        if let Some(outer) = self.outer {
            outer.fmt(f)?;
        }
        match self.part {
            Part::Body => Ok(()),
            Part::Property(name) => {
                let is_first = self
                    .outer
                    .is_none_or(|outer| matches!(outer.part, Part::Body));
                write!(f, "{}{name}", if is_first { "" } else { "." })
            }
            Part::Index(index) | Part::DeltaItem(index) => write!(f, "[{index}]"),
        }
    }
}
