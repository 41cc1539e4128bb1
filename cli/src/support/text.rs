//! What the command shows, as pieces that say whose they are: what becomes of one on a terminal and
//! in Markdown is decided here, so that no text of a foreign hand gets out as it is.

use std::fmt::{Display, Write as _};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use msgraph_csdl::text::is_invisible;

/// Of what is wrong.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Of what should be looked at.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Of headings and names.
pub(crate) const STRONG: Style = Style::new().bold();

/// Of what is beside the point.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Of what a difference adds.
pub(crate) const ADDED: Style = AnsiColor::Green.on_default();

/// Of what a difference takes away.
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();

/// A text that is shown. It has a form only where the console prints it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Own(&'static str),
    Spaces(usize),
    Plain(String),
    Said(String),
    Code(String),
    Cell(String),
    Link(String),
    Styled(Style, Text),
    Block(&'static str, usize, String),
    Diff(String),
}

/// Ours, and shown as it is: with its line ends and, in a text for Markdown, its markup.
pub(crate) fn own(text: &'static str) -> Text {
    Text(vec![Piece::Own(text)])
}

/// So many spaces.
pub(crate) fn spaces(count: usize) -> Text {
    Text(vec![Piece::Spaces(count)])
}

/// Of whatever hand: a part of a line that shows just this.
pub(crate) fn plain(text: impl Display) -> Text {
    Text(vec![Piece::Plain(text.to_string())])
}

/// A part of a line whose code stands in backticks: a sentence of ours with names in it that hold no
/// backtick, those of CSDL and of Rust.
pub(crate) fn said(text: impl Into<String>) -> Text {
    Text(vec![Piece::Said(text.into())])
}

/// Of whatever hand: code, in backticks.
pub(crate) fn code(text: impl Display) -> Text {
    Text(vec![Piece::Code(text.to_string())])
}

/// [`code`] in a cell of a table, where a bar ends the cell in code too.
pub(crate) fn code_cell(text: impl Display) -> Text {
    Text(vec![Piece::Cell(text.to_string())])
}

/// An address, and in Markdown a link where it is one.
pub(crate) fn link(url: &str) -> Text {
    Text(vec![Piece::Link(url.to_owned())])
}

/// A text in a style, which Markdown does not have.
pub(crate) fn styled(style: Style, text: Text) -> Text {
    Text(vec![Piece::Styled(style, text)])
}

/// Whole lines as they are, less what nobody sees: so many spaces from the left, and in Markdown a
/// block of code.
pub(crate) fn block(language: &'static str, indent: usize, lines: impl Into<String>) -> Text {
    Text(vec![Piece::Block(language, indent, lines.into())])
}

/// The lines of a unified diff: in its colours, and in Markdown a block of code.
pub(crate) fn diff(lines: impl Into<String>) -> Text {
    Text(vec![Piece::Diff(lines.into())])
}

/// Texts with one of ours between them.
pub(crate) fn joined(texts: impl IntoIterator<Item = Text>, between: &'static str) -> Text {
    let mut joined = Text::default();
    for (nth, text) in texts.into_iter().enumerate() {
        if nth > 0 {
            joined.push(own(between));
        }
        joined.push(text);
    }
    joined
}

impl Text {
    /// With another behind it.
    pub(crate) fn then(mut self, more: Text) -> Text {
        self.push(more);
        self
    }

    pub(crate) fn push(&mut self, more: Text) {
        self.0.extend(more.0);
    }

    /// Puts a line at the end, so many spaces from the left.
    pub(crate) fn line(&mut self, indent: usize, content: Text) {
        self.push(spaces(indent).then(content).then(own("\n")));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As it is printed.
    pub(crate) fn shown(&self, is_markdown: bool) -> String {
        let mut shown = String::new();
        self.write(&mut shown, is_markdown);
        shown
    }

    fn write(&self, shown: &mut String, is_markdown: bool) {
        for piece in &self.0 {
            piece.write(shown, is_markdown);
        }
    }
}

impl Piece {
    fn write(&self, shown: &mut String, is_markdown: bool) {
        match self {
            Piece::Own(text) => shown.push_str(text),
            Piece::Spaces(count) => shown.extend(std::iter::repeat_n(' ', *count)),
            Piece::Styled(_, text) if is_markdown => text.write(shown, true),
            Piece::Styled(style, text) => {
                // Writing to a `String` does not fail.
                let _ = write!(shown, "{style}");
                text.write(shown, false);
                let _ = write!(shown, "{style:#}");
            }
            Piece::Block(language, _, lines) if is_markdown => fenced(shown, language, lines),
            Piece::Diff(lines) if is_markdown => fenced(shown, "diff", lines),
            Piece::Block(_, indent, lines) => {
                for line in lines.lines() {
                    let line = format!("{:indent$}{}", "", visible(line));
                    let _ = writeln!(shown, "{}", line.trim_end());
                }
            }
            Piece::Diff(lines) => coloured(shown, lines),
            Piece::Plain(text) | Piece::Said(text) | Piece::Link(text) if !is_markdown => {
                shown.push_str(&folded(text));
            }
            Piece::Code(text) | Piece::Cell(text) if !is_markdown => {
                let _ = write!(shown, "`{}`", folded(text));
            }
            Piece::Plain(text) => push_markdown(shown, &escaped(text)),
            Piece::Said(text) => push_markdown(shown, &sentence(text)),
            Piece::Code(text) => push_markdown(shown, &code_span(text)),
            Piece::Cell(text) => push_markdown(shown, &code_span(text).replace('|', "\\|")),
            Piece::Link(text) => push_markdown(shown, &address(text)),
        }
    }
}

/// Puts a part of a line behind what stands there already, which it makes nothing else of.
fn push_markdown(shown: &mut String, part: &str) {
    // Two codes side by side would be one delimiter.
    if part.starts_with('`') && shown.ends_with('`') {
        shown.push_str("&#8203;");
    }
    let line = shown.rsplit('\n').next().unwrap_or_default();
    let starts_line = line.trim_start_matches(['-', ' ']).is_empty();
    let digits = part.trim_start_matches(|c: char| c.is_ascii_digit());
    if starts_line && part.starts_with(['-', '+', '=', ':']) {
        // A list, a rule, a heading or a table otherwise.
        shown.push('\\');
        shown.push_str(part);
    } else if starts_line && digits.len() < part.len() && digits.starts_with(['.', ')']) {
        let (number, rest) = part.split_at(part.len() - digits.len());
        shown.push_str(number);
        shown.push('\\');
        shown.push_str(rest);
    } else {
        shown.push_str(part);
    }
}

/// A block of code that nothing in it ends.
fn fenced(shown: &mut String, language: &str, lines: &str) {
    let runs = lines.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    let _ = writeln!(shown, "{fence}{language}");
    for line in lines.lines() {
        let _ = writeln!(shown, "{}", visible(line));
    }
    let _ = writeln!(shown, "{fence}");
}

fn coloured(shown: &mut String, lines: &str) {
    for line in lines.lines() {
        let style = match line.as_bytes().first() {
            Some(b'+') => ADDED,
            Some(b'-') => REMOVED,
            _ => Style::new(),
        };
        let _ = writeln!(shown, "{style}{}{style:#}", visible(line));
    }
}

/// A path as it is shown within a line.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a path becomes text that is shown"
)]
pub(crate) fn shown(path: &Path) -> String {
    folded(&path.display().to_string())
}

/// A text in which nothing steers the terminal: control characters and those that nobody sees are
/// shown as their escapes. Its lines stay.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let is_line_end = c == '\n' || (c == '\r' && rest.as_str().starts_with('\n'));
        if is_line_end || c == '\t' || !is_invisible(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}

/// [`visible`] on one line, so that it cannot pass for a line of ours.
pub(crate) fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    visible(&words.join(" "))
}

/// Foreign text as Markdown that shows just that: no markup, no HTML, no link, nobody mentioned.
fn escaped(text: &str) -> String {
    let mut shown = String::new();
    let text = folded(text);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let behind = rest.as_str();
        if "\\`*_[]<>#|~&$^".contains(c) || (c == ':' && behind.starts_with("//")) {
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

fn sentence(text: &str) -> String {
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
                shown.push_str(&code_span(part));
            }
            (true, false) => shown.push_str(&code_span(part)),
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

/// [`escaped`] where it is no address, or holds what ends a link.
fn address(url: &str) -> String {
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

fn code_span(text: &str) -> String {
    match folded(text).replace('`', "'") {
        // Two backticks would open a code, and not be one.
        empty if empty.is_empty() => empty,
        text => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_steers_no_terminal() {
        assert_eq!(visible("\ta\r\nb"), "\ta\r\nb");
        assert_eq!(
            visible("\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\r\u{1b}[31mz"),
            "\\u{1b}]0;x\\u{7}\\u{9b}2J\\u{202e}\\u{d}\\u{1b}[31mz"
        );
        assert_eq!(folded("a\nerror: b\u{1b}[31m"), "a error: b\\u{1b}[31m");
        let foreign = "\u{1b}[0m\nx";
        let text = styled(WARNING, plain(foreign)).then(own("\n"));
        assert_eq!(
            text.shown(false),
            format!("{WARNING}\\u{{1b}}[0m x{WARNING:#}\n")
        );
        assert_eq!(
            diff("+\u{7}\n").shown(false),
            format!("{ADDED}+\\u{{7}}{ADDED:#}\n")
        );
    }

    #[test]
    fn foreign_text_is_no_markdown() {
        let markdown = |text: Text| text.shown(true);
        assert_eq!(
            markdown(plain("<b>*x*</b> [a](https://b) @c #1 www.d $e$")),
            "\\<b\\>\\*x\\*\\</b\\> \\[a\\](https\\://b) @&#8203;c \\#&#8203;1 www&#46;d \\$e\\$"
        );
        let table = [
            ("type `A<B>` → `c`, <b>", "type `A<B>` → `c`, \\<b\\>"),
            ("note ` <b>", "note \\` \\<b\\>"),
            ("a `` <b> `c`", "a \\`\\` \\<b\\> `c`"),
        ];
        for (text, expected) in table {
            assert_eq!(markdown(said(text)), expected);
        }
        assert_eq!(markdown(code_cell("a|b`c")), "`a\\|b'c`");
        assert_eq!(
            markdown(code("a").then(code("")).then(code("b"))),
            "`a`&#8203;`b`"
        );
    }

    #[test]
    fn foreign_text_at_the_start_of_a_line_starts_nothing() {
        let table = [
            ("===", "\\==="),
            ("- a", "\\- a"),
            ("+ a", "\\+ a"),
            ("12. a", "12\\. a"),
            ("12 a", "12 a"),
            (":-:", "\\:-:"),
        ];
        for (text, expected) in table {
            assert_eq!(
                own("a\n- ").then(plain(text)).shown(true),
                format!("a\n- {expected}")
            );
            assert_eq!(own("a ").then(plain(text)).shown(true), format!("a {text}"));
        }
    }

    #[test]
    fn nothing_ends_a_block_but_its_end() {
        assert_eq!(
            block("toml", 0, "a\n````\n\u{1b}b").shown(true),
            "`````toml\na\n````\n\\u{1b}b\n`````\n"
        );
    }

    #[test]
    fn an_address_is_a_link_whatever_it_holds() {
        let table = [
            (
                "https://a.example/(b)\"c\"?d=[e]",
                "<https://a.example/(b)\"c\"?d=[e]>",
            ),
            ("https://a.example/b c", "https\\://a.example/b c"),
            ("https://a.example/b\nc", "https\\://a.example/b c"),
            ("https://a.example/<b>", "https\\://a.example/\\<b\\>"),
            ("javascript:alert(1)", "javascript:alert(1)"),
        ];
        for (url, expected) in table {
            assert_eq!(
                own("See ").then(link(url)).shown(true),
                format!("See {expected}")
            );
        }
    }
}
