//! The way to a value in JSON.

/// One segment of a path.
#[derive(Debug)]
pub(crate) enum PathSegment {
    Declared(&'static str),
    Name(String),
    Index(usize),
}
