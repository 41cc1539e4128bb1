//! The size of the terminal, and the pager.

use std::io::{IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use terminal_size::{Height, Width, terminal_size_of};

use crate::support::interrupt;

/// The width of a page that is not printed to a terminal.
const DEFAULT_WIDTH: usize = 100;
/// Longer lines are hard to read.
const MAX_WIDTH: usize = 120;
const MIN_WIDTH: usize = 40;

/// The width of pages: `$COLUMNS`, or that of the terminal.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok();
    let columns = columns.and_then(|columns| columns.parse::<usize>().ok());
    let terminal = || terminal_size_of(std::io::stdout()).map(|(Width(width), _)| width.into());
    let width = columns.or_else(terminal).unwrap_or(DEFAULT_WIDTH);
    width.clamp(MIN_WIDTH, MAX_WIDTH)
}

/// Whether standard output is a terminal with fewer lines than a text.
pub(crate) fn is_exceeded(text: &str) -> bool {
    let stdout = std::io::stdout();
    let size = terminal_size_of(&stdout).filter(|_| stdout.is_terminal());
    size.is_some_and(|(_, Height(height))| text.lines().count() >= height.into())
}

/// Shows a text in `$PAGER`, or in `less`. Returns whether that succeeded.
pub(crate) fn show_in_pager(text: &str) -> bool {
    let pager = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let Some(words) = shlex::split(&pager) else {
        return false;
    };
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Quit if the text fits, show colours, and leave it on the screen.
        command.env("LESS", "FRX");
    }
    let Ok(mut pager) = command.spawn() else {
        return false;
    };
    // Ctrl-C is for the pager.
    let _ = interrupt::ignore();
    if let Some(mut input) = pager.stdin.take() {
        // The user may leave before the end.
        let _ = input.write_all(text.as_bytes());
    }
    pager.wait().is_ok()
}
