//! Records the spans and events of the runtime.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

/// A subscriber that records one line for each span and each event: its level and name or target, then its fields. What is
/// recorded in a span later is a line `record`.
#[derive(Clone, Default)]
pub(crate) struct Logs(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Logs {
    /// The lines that contain `part`.
    pub(crate) fn lines(&self, part: &str) -> Vec<String> {
        let heard = self.0.lock().unwrap();
        let lines = heard.lines().filter(|line| line.contains(part));
        lines.map(str::to_owned).collect()
    }
}

impl tracing::Subscriber for Logs {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("msgraph_runtime")
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut heard = self.0.lock().unwrap();
        let metadata = span.metadata();
        write!(heard, "\n{} span {}", metadata.level(), metadata.name()).unwrap();
        span.record(&mut Line(&mut heard));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut heard = self.0.lock().unwrap();
        heard.push_str("\nrecord");
        values.record(&mut Line(&mut heard));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut heard = self.0.lock().unwrap();
        write!(heard, "\n{} event", event.metadata().level()).unwrap();
        event.record(&mut Line(&mut heard));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
