//! Where results and errors go: results to standard output, all else to standard error.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;

/// Of what is wrong.
const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Of what should be looked at.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Of headings and names.
pub const STRONG: Style = Style::new().bold();

/// Of what is beside the point.
pub const FAINT: Style = Style::new().dimmed();

/// Of what a difference adds.
pub const ADDED: Style = AnsiColor::Green.on_default();

/// Of what a difference takes away.
pub const REMOVED: Style = AnsiColor::Red.on_default();

/// A text in a style; without it where no colours are wanted.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person.
    #[default]
    Text,
    /// For a pull request.
    Markdown,
    /// For a program; the documents are described in docs/cli.md.
    Json,
}

/// What a subcommand prints to.
#[derive(Debug)]
pub struct Console {
    format: Format,
    /// Whether whoever read the results has gone: the verdict is still wanted.
    closed: bool,
}

impl Console {
    /// A console for results in this format.
    pub fn new(format: Format) -> Self {
        Console {
            format,
            closed: false,
        }
    }

    /// How results are wanted.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether somebody watches standard error who may be shown what goes on.
    pub fn shows_progress(&self) -> bool {
        let stderr = std::io::stderr();
        stderr.is_terminal()
            && anstream::AutoStream::choice(&stderr) != anstream::ColorChoice::Never
    }

    /// Prints a part of a result. Styles in it are kept only where they are wanted. Once the pipe is
    /// closed, `| head`, nothing is printed any more, and the subcommand ends as it would have.
    ///
    /// # Errors
    ///
    /// When standard output is full.
    pub fn print(&mut self, text: &str) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        let mut stdout = anstream::stdout().lock();
        match stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(Failure::Outside(format!(
                "cannot write to standard output: {error}"
            ))),
        }
    }

    /// Prints a result as JSON.
    ///
    /// # Errors
    ///
    /// Those of [`Console::print`].
    pub fn json(&mut self, result: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(result)
            .map_err(|error| Failure::Outside(format!("cannot write the result: {error}")))?;
        self.print(&format!("{text}\n"))
    }

    /// Tells what is going on, beside the result.
    pub fn note(&mut self, text: &str) {
        // A closed standard error takes nothing from the result.
        let _ = writeln!(anstream::stderr(), "{text}");
    }

    /// Warns, beside the result.
    pub fn warning(&mut self, text: &str) {
        self.headed("warning", WARNING, text);
    }

    /// Shows why a subcommand failed.
    pub fn failure(&mut self, failure: &Failure) {
        self.headed("error", ERROR, &failure.to_string());
    }

    /// A text whose parts may start with this word already; each such start is styled.
    fn headed(&mut self, word: &str, style: Style, text: &str) {
        let start = format!("{word}: ");
        let styled_start = format!("{style}{word}{style:#}: ");
        let mut shown = String::new();
        if !text.starts_with(&start) {
            shown.push_str(&styled_start);
        }
        for line in text.split_inclusive('\n') {
            match line.strip_prefix(&start) {
                Some(rest) => {
                    shown.push_str(&styled_start);
                    shown.push_str(rest);
                }
                None => shown.push_str(line),
            }
        }
        self.note(shown.trim_end());
    }
}
