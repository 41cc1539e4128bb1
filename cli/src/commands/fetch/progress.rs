//! The progress bar of a download.

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

use crate::support::console::Console;

/// Creates a progress bar, which is only visible on a terminal.
pub(super) fn bar(length: Option<u64>, console: &Console) -> ProgressBar {
    if !console.shows_progress() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match length {
        Some(length) => (
            ProgressBar::new(length),
            "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {bytes}, {bytes_per_sec}",
        ),
    };
    let bar = bar.with_finish(ProgressFinish::AndClear);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
