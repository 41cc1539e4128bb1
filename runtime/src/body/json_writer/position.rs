//! The place in what was read that belongs to what is being written.

use std::sync::Arc;

use serde_json::Value as Untyped;

use crate::body::json_path::PathSegment;

/// The JSON that what is being written was read from, and the place in it.
#[derive(Debug)]
pub(super) struct Following {
    pub(super) source: Arc<Untyped>,
    pub(super) path: Vec<PathSegment>,
}

impl Following {
    pub(super) fn place(&self) -> Option<&Untyped> {
        self.path
            .iter()
            .try_fold(&*self.source, |json, step| match step {
                PathSegment::Declared(name) => json.get(name),
                PathSegment::Name(name) => json.get(name),
                PathSegment::Index(index) => json.get(index),
            })
    }

    /// A value at this place that is neither an object nor an array.
    pub(super) fn leaf(&self) -> Option<&Untyped> {
        self.place()
            .filter(|json| !json.is_object() && !json.is_array())
    }
}

/// What was read in place of the value that is being written.
#[derive(Debug)]
pub(super) struct Completion {
    pub(super) current: Arc<Untyped>,
    /// The properties from there to the value.
    pub(super) path: Vec<&'static str>,
    /// Whether the service replaces the value, or one that it stands in.
    pub(super) is_replaced: bool,
}

impl Completion {
    pub(super) fn place(&self) -> Option<&Untyped> {
        let mut path = self.path.iter();
        path.try_fold(&*self.current, |json, name| json.get(name))
    }
}
