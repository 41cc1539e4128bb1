//! Foreign text as Markdown: no part of it runs as a doctest, acts as HTML or Markdown, or ends a comment.

use msgraph_csdl::text::is_invisible;

/// A path in code style, or escaped where it would end that itself.
pub(super) fn code(text: &str) -> String {
    if text.chars().any(|c| c == '`' || is_invisible(c)) {
        escaped(text)
    } else {
        format!("`{text}`")
    }
}

/// A description as one harmless paragraph.
pub(super) fn escaped(text: &str) -> String {
    let mut paragraph = String::with_capacity(text.len());
    // White space is folded, so that no line of its own can start a code block or a heading.
    for word in text.split_whitespace() {
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        push_word(&mut paragraph, word);
    }
    paragraph
}

fn push_word(paragraph: &mut String, word: &str) {
    // rustdoc wants a bare URL in angle brackets, wherever in a word it starts.
    let mut rest = word;
    while let Some((before, url, behind)) = split_url(rest) {
        push_escaped(paragraph, before);
        paragraph.push('<');
        paragraph.push_str(url);
        paragraph.push('>');
        rest = behind;
    }
    push_escaped(paragraph, rest);
}

/// The text before the first URL of a word, the URL, and the text after it.
fn split_url(word: &str) -> Option<(&str, &str, &str)> {
    let starts = word.match_indices("http").map(|(start, _)| start);
    starts.filter_map(|start| url_at(word, start)).next()
}

fn url_at(word: &str, start: usize) -> Option<(&str, &str, &str)> {
    let (before, rest) = word.split_at_checked(start)?;
    if !rest.starts_with("https://") && !rest.starts_with("http://") {
        return None;
    }
    let is_url = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
    let end = rest.find(|c| !is_url(c)).unwrap_or(rest.len());
    let url = rest
        .get(..end)?
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    // rustdoc does not treat a scheme alone as a URL.
    let has_host = url
        .split_once("://")
        .is_some_and(|(_, host)| !host.is_empty());
    has_host.then(|| (before, url, rest.get(url.len()..).unwrap_or_default()))
}

fn push_escaped(paragraph: &mut String, text: &str) {
    for c in text.chars() {
        if is_invisible(c) {
            continue;
        }
        // Any ASCII punctuation may be escaped (CommonMark §2.4). Only marks with a meaning are, so
        // that the source stays readable.
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '#'
                | '|'
                | '~'
                | '&'
                | '!'
                | '+'
                | '='
        ) || (c == '-' && paragraph.is_empty())
        {
            paragraph.push('\\');
        }
        paragraph.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_folded_and_escaped() {
        let table = [
            ("plain text.", "plain text."),
            (
                "```\nstd::process::exit(1);\n```",
                "\\`\\`\\` std::process::exit(1); \\`\\`\\`",
            ),
            ("x\n\n    code();", "x code();"),
            (
                "<script>alert(1)</script>",
                "\\<script\\>alert(1)\\</script\\>",
            ),
            ("see https://x.y/z?a=b.", "see <https://x.y/z?a=b>."),
            (
                "\"https://x.y\" (http://z)",
                "\"<https://x.y>\" (<http://z>)",
            ),
            ("[a](https://x.y?z=b).", "\\[a\\](<https://x.y?z=b>)."),
            ("https://", "https://"),
            ("https://é,https://a.b/c", "https://é,<https://a.b/c>"),
            ("app locker\u{200b}.", "app locker."),
            ("a \u{202e}b\u{202c} c", "a b c"),
            ("[link](javascript:x)", "\\[link\\](javascript:x)"),
            ("- item", "\\- item"),
            ("ends in \\", "ends in \\\\"),
            ("1 * 2_3", "1 \\* 2\\_3"),
        ];
        for (text, expected) in table {
            assert_eq!(escaped(text), expected);
        }
    }
}
