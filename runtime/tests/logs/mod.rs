//! Records the spans and events of the runtime.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use tracing::Metadata;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

/// A subscriber that records one line for each span and each event: its level and name or target, then its fields. What is
/// recorded in a span later is a line `record`.
#[derive(Clone, Default)]
pub(crate) struct Logs(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    lines: String,
    spans: Vec<&'static str>,
    entered: Vec<Id>,
}

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
        let lines = heard.lines.lines().filter(|line| line.contains(part));
        lines.map(str::to_owned).collect()
    }

    /// The name of the innermost span that is entered.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub(crate) fn entered(&self) -> Option<&'static str> {
        let heard = self.0.lock().unwrap();
        let span = heard.entered.last()?.into_u64() as usize;
        heard.spans.get(span - 1).copied()
    }
}

impl tracing::Subscriber for Logs {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("msgraph_runtime")
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let heard = &mut *self.0.lock().unwrap();
        let metadata = span.metadata();
        write!(
            heard.lines,
            "\n{} span {}",
            metadata.level(),
            metadata.name()
        )
        .unwrap();
        span.record(&mut Line(&mut heard.lines));
        heard.spans.push(metadata.name());
        Id::from_u64(heard.spans.len() as u64)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut heard = self.0.lock().unwrap();
        heard.lines.push_str("\nrecord");
        values.record(&mut Line(&mut heard.lines));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut heard = self.0.lock().unwrap();
        write!(heard.lines, "\n{} event", event.metadata().level()).unwrap();
        event.record(&mut Line(&mut heard.lines));
    }
    fn enter(&self, span: &Id) {
        self.0.lock().unwrap().entered.push(span.clone());
    }
    fn exit(&self, _: &Id) {
        self.0.lock().unwrap().entered.pop();
    }
}
