//! The location of a value in a body, for messages.

use std::fmt;

/// The location of a value in a body: `a.b[0].c`.
pub(super) struct Location(String);

impl Location {
    pub(super) const BODY: Location = Location(String::new());

    pub(super) fn property(&self, name: &str) -> Location {
        match self.0.as_str() {
            "" => Location(name.to_owned()),
            outer => Location(format!("{outer}.{name}")),
        }
    }

    pub(super) fn index(&self, index: usize) -> Location {
        Location(format!("{}[{index}]", self.0))
    }

    /// The location in a sentence.
    pub(super) fn quoted(&self) -> String {
        match self.0.as_str() {
            "" => "the body".to_owned(),
            location => format!("'{location}'"),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
