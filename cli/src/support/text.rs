//! Renders results as text or Markdown. Strings from metadata, facts, servers, arguments and file names
//! must pass through one of these functions, so that they can neither control a terminal nor add markup.

use std::borrow::Borrow;
use std::fmt::{Display, Write as _};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use msgraph_csdl::text::is_invisible;

pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Text,
    /// For a pull request.
    Markdown,
    /// For a program.
    Json,
}

impl Format {
    pub(crate) fn is_markdown(self) -> bool {
        self == Format::Markdown
    }

    /// Any string, on one line and without markup.
    pub(crate) fn plain(self, text: impl Display) -> String {
        let text = one_line(&text.to_string());
        if self.is_markdown() {
            escape_markdown(&text)
        } else {
            text
        }
    }

    /// A sentence with names in backticks. A string that may contain other backticks needs [`Format::plain`].
    pub(crate) fn prose(self, text: &str) -> String {
        let text = one_line(text);
        if !self.is_markdown() {
            return text;
        }
        let parts: Vec<&str> = text.split('`').collect();
        let has_empty_code = parts
            .iter()
            .skip(1)
            .rev()
            .skip(1)
            .any(|part| part.is_empty());
        if parts.len().is_multiple_of(2) || has_empty_code {
            return escape_markdown(&text);
        }
        let parts = parts.iter().enumerate().map(|(nth, part)| match nth {
            0 => escape_markdown(part),
            _ if nth % 2 == 1 => format!("`{part}`"),
            _ => escape_inline(part),
        });
        parts.collect()
    }

    /// Any string in backticks.
    pub(crate) fn code(self, text: impl Display) -> String {
        let text = one_line(&text.to_string());
        match self {
            Format::Markdown if text.is_empty() => text,
            Format::Markdown => format!("`{}`", text.replace('`', "'")),
            _ => format!("`{text}`"),
        }
    }

    /// A name in a list: in backticks in Markdown, otherwise plain.
    pub(crate) fn code_in_markdown(self, text: impl Display) -> String {
        if self.is_markdown() {
            self.code(text)
        } else {
            self.plain(text)
        }
    }

    /// [`Format::code`] in a cell of a Markdown table, where a bar ends the cell even inside code.
    pub(crate) fn code_cell(self, text: impl Display) -> String {
        self.code(text).replace('|', "\\|")
    }

    /// A URL, as a link where Markdown allows it.
    pub(crate) fn link(self, url: &str) -> String {
        let is_allowed = |c: char| !c.is_whitespace() && !is_invisible(c) && !"<>\\`".contains(c);
        if self.is_markdown() && url.starts_with("https://") && url.chars().all(is_allowed) {
            format!("<{url}>")
        } else {
            self.plain(url)
        }
    }

    /// Rendered text in a style. Markdown has no styles.
    pub(crate) fn styled(self, style: Style, text: impl Display) -> String {
        if self.is_markdown() {
            text.to_string()
        } else {
            format!("{style}{text}{style:#}")
        }
    }

    /// The path of a file that was written or compared.
    pub(crate) fn path(self, path: &Path) -> String {
        if self.is_markdown() {
            self.code(path.to_string_lossy())
        } else {
            self.styled(STRONG, show_path(path))
        }
    }

    /// What starts an entry of a list of files.
    pub(crate) fn bullet(self) -> &'static str {
        if self.is_markdown() { "- " } else { "" }
    }

    /// Lines of code: indented, or in Markdown a fenced code block.
    pub(crate) fn block(self, language: &str, indent: usize, lines: &str) -> String {
        if self.is_markdown() {
            return fenced(language, lines);
        }
        let mut block = String::new();
        for line in lines.lines() {
            let line = format!("{:indent$}{}", "", visible(line));
            let _ = writeln!(block, "{}", line.trim_end());
        }
        block
    }

    /// The lines of a unified diff: in colours, or in Markdown a fenced code block.
    pub(crate) fn diff(self, lines: &str) -> String {
        if self.is_markdown() {
            return fenced("diff", lines);
        }
        let mut diff = String::new();
        for line in lines.lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => ADDED,
                Some(b'-') => REMOVED,
                _ => Style::new(),
            };
            let _ = writeln!(diff, "{style}{}{style:#}", visible(line));
        }
        diff
    }
}

/// Adds an indented line of rendered text.
pub(crate) fn line(out: &mut String, indent: usize, text: impl Display) {
    let _ = writeln!(out, "{:indent$}{text}", "");
}

/// `a, b, c and 3 more`.
pub(crate) fn shortened(names: &[impl Borrow<str>], max_shown: usize) -> String {
    let shown = names.get(..max_shown).unwrap_or(names);
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A code block with a fence longer than any run of backticks inside.
fn fenced(language: &str, lines: &str) -> String {
    let runs = lines.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    let mut block = format!("{fence}{language}\n");
    for line in lines.lines() {
        let _ = writeln!(block, "{}", visible(line));
    }
    block + &fence + "\n"
}

/// The path of a file within a line.
#[expect(
    clippy::disallowed_methods,
    reason = "the only place where a path becomes text"
)]
pub(crate) fn show_path(path: &Path) -> String {
    one_line(&path.display().to_string())
}

/// Escapes control characters and invisible characters other than line ends and tabs.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\n' | '\t') || !is_invisible(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}

/// [`visible`] on one line, so that a string cannot imitate a line of ours.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    visible(&words.join(" "))
}

/// Escapes markup, URLs, mentions and issue references.
fn escape_inline(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if "\\`*_[]<>#|~&$^".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
        // GitHub searches the rendered text, which has no backslashes, for these.
        if c == '@' || (c == '#' && rest.as_str().starts_with(|c: char| c.is_ascii_digit())) {
            escaped.push_str("&#8203;");
        }
    }
    escaped.replace("://", "\\://").replace("www.", "www&#46;")
}

/// Escapes also what would start a list, a heading or a table at the start of a line.
fn escape_markdown(text: &str) -> String {
    let after_digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let (digits, rest) = text.split_at(text.len() - after_digits.len());
    let starts_block = if digits.is_empty() {
        rest.starts_with(['-', '+', '=', ':'])
    } else {
        rest.starts_with(['.', ')'])
    };
    let escape = if starts_block { "\\" } else { "" };
    format!("{digits}{escape}{}", escape_inline(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(visible("\ta\nb"), "\ta\nb");
        assert_eq!(
            visible("\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\r\u{1b}[31mz"),
            "\\u{1b}]0;x\\u{7}\\u{9b}2J\\u{202e}\\u{d}\\u{1b}[31mz"
        );
        assert_eq!(one_line("a\nerror: b\u{1b}[31m"), "a error: b\\u{1b}[31m");
        assert_eq!(
            Format::Text.diff("+\u{7}\n"),
            format!("{ADDED}+\\u{{7}}{ADDED:#}\n")
        );
    }

    #[test]
    fn strings_are_not_markdown() {
        let markdown = Format::Markdown;
        for (text, expected) in [
            (
                "<b>*x*</b> [a](https://b) @c #1 # 1 www.d e@f.g $h$",
                "\\<b\\>\\*x\\*\\</b\\> \\[a\\](https\\://b) @&#8203;c \\#&#8203;1 \\# 1 \
                 www&#46;d e@&#8203;f.g \\$h\\$",
            ),
            ("===", "\\==="),
            ("- a", "\\- a"),
            ("12. a", "12\\. a"),
            ("12 a", "12 a"),
        ] {
            assert_eq!(markdown.plain(text), expected);
        }
        for (text, expected) in [
            ("type `A<B>` → `c`, <b>", "type `A<B>` → `c`, \\<b\\>"),
            ("note ` <b>", "note \\` \\<b\\>"),
            ("a `` <b> `c`", "a \\`\\` \\<b\\> \\`c\\`"),
        ] {
            assert_eq!(markdown.prose(text), expected);
        }
        assert_eq!(markdown.code_cell("a|b`c"), "`a\\|b'c`");
        assert_eq!(
            markdown.block("toml", 0, "a\n````\n\u{1b}b"),
            "`````toml\na\n````\n\\u{1b}b\n`````\n"
        );
    }

    #[test]
    fn only_an_address_is_a_link() {
        for (url, expected) in [
            (
                "https://a.example/(b)\"c\"?d=[e]",
                "<https://a.example/(b)\"c\"?d=[e]>",
            ),
            ("https://a.example/b\nc", "https\\://a.example/b c"),
            ("https://a.example/<b>", "https\\://a.example/\\<b\\>"),
            ("javascript:alert(1)", "javascript:alert(1)"),
        ] {
            assert_eq!(Format::Markdown.link(url), expected);
        }
    }
}
