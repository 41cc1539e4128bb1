//! The example `issue_pass` shows the code of the pass only if it is asked to. Nothing that the client logs contains it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

#[path = "../examples/issue_pass.rs"]
#[allow(dead_code, reason = "`main` is not called")]
mod issue_pass;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use clap::Parser as _;
use issue_pass::{Arguments, CODE, run};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

/// Records the logs of all crates, at all levels.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {field}={value}").unwrap();
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Line(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut heard = self.0.lock().unwrap();
        heard.push('\n');
        event.record(&mut Line(&mut heard));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The output of the example, and what all crates logged meanwhile.
async fn outputs(arguments: &[&str]) -> (String, String) {
    let listener = Listener::default();
    let heard = Arc::clone(&listener.0);
    let _guard = tracing::subscriber::set_default(listener);
    let arguments = Arguments::parse_from([&["issue_pass"], arguments].concat());
    let mut out = Vec::new();
    run(&arguments, &mut out).await.unwrap();
    let heard = heard.lock().unwrap().clone();
    (String::from_utf8(out).unwrap(), heard)
}

#[tokio::test]
async fn the_code_is_shown_only_when_asked_for() {
    let (out, heard) = outputs(&[]).await;
    assert!(!out.contains(CODE), "{out}");
    for expected in [
        "From now on, every pass is for one sign-in.",
        "Issued to adele@contoso.com: ",
        "To see the code, add `--show-code`.",
        "adele@contoso.com has ",
        "Deleted.",
    ] {
        assert!(out.contains(expected), "{expected} is not in {out}");
    }
    assert!(!heard.contains(CODE), "{heard}");
    for expected in [
        // The smallest patch.
        r##"{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","isUsableOnce":true}"##,
        r#"{"isUsableOnce":true,"lifetimeInMinutes":60}"#,
        r#""temporaryAccessPass":"***""#,
    ] {
        assert!(heard.contains(expected), "{expected} is not in {heard}");
    }

    let (out, heard) = outputs(&["--show-code"]).await;
    assert_eq!(out.matches(CODE).count(), 1, "{out}");
    assert!(!heard.contains(CODE), "{heard}");
}
