//! Where results and errors go: results to standard output, all else to standard error.

use std::fmt::Write as _;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

use anstyle::Style;
use clap::ValueEnum;
use msgraph_csdl::text::is_invisible;
use serde::Serialize;

use crate::support::failure::Failure;
use crate::support::text::{ERROR, Text, WARNING, folded, visible};

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

/// Shows what is wrong in the arguments; `--help` and `--version` come this way too. What of the
/// arguments would steer the terminal is shown by its escapes, and then all of it without styles,
/// which are not told from foreign ones any more.
pub(crate) fn usage(error: &clap::Error) {
    let mut hostile = Vec::new();
    for argument in std::env::args_os().skip(1) {
        let argument = argument.to_string_lossy();
        if argument.chars().any(is_invisible) {
            // Of `--option=value`, what is shown is the value.
            hostile.extend(argument.split_once('=').map(|(_, value)| value.to_owned()));
            hostile.push(argument.into_owned());
        }
    }
    // A closed pipe is no failure.
    if hostile.is_empty() {
        let _ = error.print();
        return;
    }
    hostile.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let mut shown = error.render().ansi().to_string();
    for text in hostile {
        shown = shown.replace(&text, &folded(&text));
    }
    let shown = visible(&anstream::adapter::strip_str(&shown).to_string());
    let _ = if error.use_stderr() {
        write!(anstream::stderr(), "{shown}")
    } else {
        write!(anstream::stdout(), "{shown}")
    };
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
    pub fn print(&mut self, text: &Text) -> Result<(), Failure> {
        self.write(&text.shown(self.format == Format::Markdown))
    }

    /// Prints a script as it is.
    ///
    /// # Errors
    ///
    /// Those of [`Console::print`].
    pub fn script(&mut self, script: &str) -> Result<(), Failure> {
        self.write(script)
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
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
        // Such characters stand in strings alone, where an escape is the same.
        let mut shown = String::with_capacity(text.len() + 1);
        for c in text.chars() {
            if c != '\n' && is_invisible(c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a `String` does not fail.
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            } else {
                shown.push(c);
            }
        }
        shown.push('\n');
        self.write(&shown)
    }

    /// Tells what is going on, beside the result.
    pub fn note(&mut self, text: &str) {
        self.tell(&visible(text));
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
        let text = visible(text);
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
        self.tell(shown.trim_end());
    }

    fn tell(&mut self, shown: &str) {
        // A closed standard error takes nothing from the result.
        let _ = writeln!(anstream::stderr(), "{shown}");
    }
}
