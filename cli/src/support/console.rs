//! Prints results to standard output, and everything else to standard error.

use std::fmt::Write as _;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

use anstream::ColorChoice;
use anstream::adapter::strip_str;
use anstyle::Style;
use msgraph_csdl::text::is_invisible;
use serde::Serialize;

use crate::support::failure::Failure;
use crate::support::terminal;
use crate::support::text::{ERROR, Format, WARNING, visible};

/// Where a subcommand prints.
#[derive(Debug)]
pub struct Console {
    format: Format,
}

impl Console {
    /// Creates a console that prints results in a format.
    pub fn new(format: Format) -> Self {
        Console { format }
    }

    /// The format of results.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether standard error is a terminal that may show progress.
    pub fn shows_progress(&self) -> bool {
        let stderr = std::io::stderr();
        stderr.is_terminal() && anstream::AutoStream::choice(&stderr) != ColorChoice::Never
    }

    /// Prints a result: as JSON, or rendered as text or Markdown.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written. A closed pipe is not an error.
    pub fn result(
        &mut self,
        result: &impl Serialize,
        render: impl FnOnce(Format) -> String,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(result),
            format => self.print(&render(format)),
        }
    }

    /// Prints rendered text. Styles are dropped unless the terminal supports them.
    ///
    /// # Errors
    ///
    /// Those of [`Console::result`].
    pub fn print(&mut self, text: &str) -> Result<(), Failure> {
        let mut stdout = anstream::stdout().lock();
        let written = stdout.write_all(text.as_bytes());
        match written.and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(|error| {
                Failure::External(format!("cannot write to standard output: {error}"))
            }),
        }
    }

    /// Prints a page, in a pager if it is longer than the terminal and that is allowed.
    ///
    /// # Errors
    ///
    /// Those of [`Console::result`].
    pub(crate) fn page(&mut self, text: &str, may_use_pager: bool) -> Result<(), Failure> {
        if may_use_pager && terminal::is_exceeded(text) {
            let choice = anstream::AutoStream::choice(&std::io::stdout());
            let shown = match choice {
                ColorChoice::Never => strip_str(text).to_string(),
                _ => text.to_owned(),
            };
            if terminal::show_in_pager(&shown) {
                return Ok(());
            }
        }
        self.print(text)
    }

    /// Prints JSON.
    ///
    /// # Errors
    ///
    /// Those of [`Console::result`].
    pub fn json(&mut self, result: &impl Serialize) -> Result<(), Failure> {
        let json = serde_json::to_string_pretty(result)
            .map_err(|error| Failure::External(format!("cannot write the result: {error}")))?;
        // Invisible characters occur only inside strings, where an escape means the same.
        let mut text = String::with_capacity(json.len() + 1);
        for c in json.chars() {
            if c != '\n' && is_invisible(c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            } else {
                text.push(c);
            }
        }
        text.push('\n');
        self.print(&text)
    }

    /// Prints a note to standard error.
    pub fn note(&mut self, text: &str) {
        write_stderr(&visible(text));
    }

    /// Prints a warning to standard error.
    pub fn warning(&mut self, text: &str) {
        write_headed("warning", WARNING, text);
    }

    /// Prints why a subcommand failed.
    pub fn failure(&mut self, failure: &Failure) {
        write_headed("error", ERROR, &failure.to_string());
    }
}

/// Prints messages, each of which may start with the heading already.
fn write_headed(heading: &str, style: Style, text: &str) {
    let text = visible(text);
    let start = format!("{heading}: ");
    let text = text.strip_prefix(&start).unwrap_or(&text);
    let styled = format!("{style}{heading}{style:#}: ");
    let text = text.replace(&format!("\n{start}"), &format!("\n{styled}"));
    write_stderr(&format!("{styled}{}", text.trim_end()));
}

fn write_stderr(text: &str) {
    // The result does not depend on standard error.
    let _ = writeln!(anstream::stderr(), "{text}");
}
