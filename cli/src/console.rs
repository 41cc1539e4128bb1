//! Where results and errors go: results to standard output, all else to standard error.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use msgraph_codegen::is_invisible;
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

/// The parameters of the styles above, as they are written behind `ESC [`.
const OWN_STYLES: [&str; 6] = ["0m", "1m", "2m", "31m", "32m", "33m"];

/// A text in which nothing but our own styles steers the terminal: control characters and those that
/// nobody sees, from servers, metadata and names, are shown as their escapes.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let behind = rest.as_str();
        let own_style = || {
            let behind = behind.strip_prefix('[');
            behind.is_some_and(|it| OWN_STYLES.iter().any(|style| it.starts_with(style)))
        };
        let is_line_end = c == '\n' || (c == '\r' && behind.starts_with('\n'));
        if is_line_end || c == '\t' || (c == '\u{1b}' && own_style()) || !is_invisible(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}

/// Foreign text on one line, so that it cannot pass for a line of ours.
pub(crate) fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    visible(&words.join(" ").replace('\u{1b}', "\\u{1b}"))
}

/// Foreign text as Markdown that shows just that: no markup, no HTML, no link, nobody mentioned.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::new();
    let text = folded(text);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let behind = rest.as_str();
        if "\\`*_[]<>#|~&".contains(c) || (c == ':' && behind.starts_with("//")) {
            shown.push('\\');
        }
        shown.push(c);
        // GitHub looks for these in what is rendered, where no backslash is left.
        if c == '@' || (c == '#' && behind.starts_with(|c: char| c.is_ascii_digit())) {
            shown.push_str("&#8203;");
        }
    }
    shown.replace("www.", "www&#46;")
}

/// A sentence of ours with foreign text in it, as Markdown: code in backticks stays code, all else is
/// [`escaped`].
pub(crate) fn sentence(text: &str) -> String {
    let text = folded(text);
    let mut parts: Vec<&str> = text.split('`').collect();
    // Without its counterpart a backtick is none of ours.
    let unpaired = if parts.len().is_multiple_of(2) {
        parts.pop()
    } else {
        None
    };
    let mut shown = String::new();
    for (nth, part) in parts.into_iter().enumerate() {
        match (nth % 2 == 1, part.is_empty()) {
            (false, _) => shown.push_str(&escaped_keeping_ends(part)),
            (true, true) => shown.push_str("\\`\\`"),
            // Apart from a neighbour, whose backticks would be one delimiter with these.
            (true, false) if shown.ends_with('`') => {
                shown.push_str("&#8203;");
                shown.push_str(&code(part));
            }
            (true, false) => shown.push_str(&code(part)),
        }
    }
    if let Some(unpaired) = unpaired {
        shown.push_str("\\`");
        shown.push_str(&escaped_keeping_ends(unpaired));
    }
    shown
}

/// [`escaped`], with the space at both ends that stands between a word and code.
fn escaped_keeping_ends(text: &str) -> String {
    let inner = escaped(text);
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.ends_with(' ') && !inner.is_empty() {
        " "
    } else {
        ""
    };
    format!("{before}{inner}{after}")
}

/// An address as a link in Markdown; [`escaped`] where it is none, or holds what ends one.
pub(crate) fn link(url: &str) -> String {
    let is_address = url.starts_with("https://")
        && !url
            .chars()
            .any(|c| c.is_whitespace() || is_invisible(c) || "<>\\`".contains(c));
    if is_address {
        format!("<{url}>")
    } else {
        escaped(url)
    }
}

/// Foreign text as code in Markdown.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", folded(text).replace('`', "'"))
}

/// Foreign text as code in a cell of a Markdown table, where a bar ends the cell in code too.
pub(crate) fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
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
        self.write(&visible(text))
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
        self.write(&format!("{text}\n"))
    }

    /// Tells what is going on, beside the result.
    pub fn note(&mut self, text: &str) {
        // A closed standard error takes nothing from the result.
        let _ = writeln!(anstream::stderr(), "{}", visible(text));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_steers_no_terminal() {
        let own = styled(WARNING, "own");
        assert_eq!(
            visible(&format!("{own}\n\ta\r\n")),
            format!("{own}\n\ta\r\n")
        );
        assert_eq!(
            visible("\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\r\u{1b}[8mz"),
            "\\u{1b}]0;x\\u{7}\\u{9b}2J\\u{202e}\\u{d}\\u{1b}[8mz"
        );
        assert_eq!(folded("a\nerror: b\u{1b}[31m"), "a error: b\\u{1b}[31m");
    }

    #[test]
    fn foreign_text_is_no_markdown() {
        assert_eq!(
            escaped("<b>*x*</b> [a](https://b) @c #1 www.d"),
            "\\<b\\>\\*x\\*\\</b\\> \\[a\\](https\\://b) @&#8203;c \\#&#8203;1 www&#46;d"
        );
        assert_eq!(
            sentence("type `A<B>` → `c`, <b>"),
            "type `A<B>` → `c`, \\<b\\>"
        );
        assert_eq!(sentence("note ` <b>"), "note \\` \\<b\\>");
        assert_eq!(sentence("a `` <b> `c`"), "a \\`\\` \\<b\\> `c`");
        assert_eq!(code_cell("a|b`c"), "`a\\|b'c`");
    }
}
