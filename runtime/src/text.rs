//! Foreign text in error messages: shortened, on one line, every character visible.

use std::fmt::Write as _;

/// How much of a message the one line of `Display` shows, in bytes.
pub(crate) const MESSAGE_SHOWN: usize = 600;
/// How much of a body that is not Graph's is kept, in bytes.
pub(crate) const EXCERPT: usize = 200;

/// The beginning of a body on one line; of HTML, the title if there is one.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(strip_bom(body));
    let shown = html_title(&text).unwrap_or(&text);
    folded(shown, EXCERPT)
}

fn html_title(text: &str) -> Option<&str> {
    // `to_ascii_lowercase` keeps every byte's position.
    let lower = text.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    text.get(start..end)
        .map(str::trim)
        .filter(|title| !title.is_empty())
}

/// Replaces control characters and runs of white space by one space, so that foreign text cannot start a new line in a log
/// or move a terminal's cursor, and escapes other invisible characters.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    visible(&folded(text, most))
}

/// The text on one line, not escaped: an excerpt is escaped when it is displayed, and must not be escaped twice.
fn folded(text: &str, most: usize) -> String {
    let mut line = String::new();
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
    {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > most {
            let cut = (0..=most)
                .rev()
                .find(|at| line.is_char_boundary(*at))
                .unwrap_or(0);
            line.truncate(cut);
            line.push('…');
            break;
        }
    }
    line
}

/// Escapes invisible characters: `\u{202e}`.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            // Writing to a string does not fail.
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Control and format characters, including those that change the direction of text. `msgraph_codegen::is_invisible` is the
/// same rule; neither crate may depend on the other.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

pub(crate) fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// A URL without its userinfo: `https://***@host/path`.
pub(crate) fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("//") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}//***@{host}{behind}"),
        None => url.to_owned(),
    }
}
