//! Doc comments. What stands in metadata is foreign text: nothing in it may run as a doctest, act
//! as HTML or Markdown, or end a comment.

/// A description as one harmless paragraph.
pub(crate) fn foreign(text: &str) -> String {
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
    // rustdoc wants a bare URL in angle brackets.
    let trailing = |c: char| matches!(c, '.' | ',' | ';' | ':' | ')' | '!' | '?');
    let url = word.trim_end_matches(trailing);
    let is_url = (url.starts_with("https://") || url.starts_with("http://"))
        && url
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&b));
    if is_url {
        paragraph.push('<');
        paragraph.push_str(url);
        paragraph.push('>');
        paragraph.push_str(word.get(url.len()..).unwrap_or_default());
        return;
    }
    for c in word.chars() {
        if is_invisible(c) {
            continue;
        }
        // Every ASCII punctuation mark may be escaped (CommonMark §2.4). Only those that mean
        // something are, so that the source stays readable.
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

/// Control and format characters: nobody sees them, and rustc refuses those that turn the direction
/// of text.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
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
            ("app locker\u{200b}.", "app locker."),
            ("a \u{202e}b\u{202c} c", "a b c"),
            ("[link](javascript:x)", "\\[link\\](javascript:x)"),
            ("- item", "\\- item"),
            ("ends in \\", "ends in \\\\"),
            ("1 * 2_3", "1 \\* 2\\_3"),
        ];
        for (text, expected) in table {
            assert_eq!(foreign(text), expected);
        }
    }
}
