//! The progress of a download.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::support::console::Console;

const INTERVAL: Duration = Duration::from_millis(100);

/// A line on standard error, which is only visible on a terminal and cleared at the end.
#[derive(Debug)]
pub(super) struct Progress {
    length: Option<u64>,
    is_visible: bool,
    shown: Option<Instant>,
}

impl Progress {
    pub(super) fn new(length: Option<u64>, console: &Console) -> Self {
        Progress {
            length,
            is_visible: console.shows_progress(),
            shown: None,
        }
    }

    /// Shows how many bytes were received, at most ten times a second.
    pub(super) fn show(&mut self, received: u64) {
        if !self.is_visible || self.shown.is_some_and(|at| at.elapsed() < INTERVAL) {
            return;
        }
        self.shown = Some(Instant::now());
        let line = match self.length {
            Some(length) => format!("{} of {} KiB", received >> 10, length >> 10),
            None => format!("{} KiB", received >> 10),
        };
        write(&format!("\r\x1b[K{line}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.is_some() {
            write("\r\x1b[K");
        }
    }
}

fn write(text: &str) {
    // The download does not depend on standard error.
    let mut stderr = anstream::stderr();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}
