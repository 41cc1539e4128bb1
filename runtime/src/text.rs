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

/// Control and format characters, including those that change the direction of text, and those that look like nothing:
/// variation selectors, fillers, the blank Braille pattern. `msgraph_csdl::text::is_invisible` is the
/// same rule; neither crate may depend on the other.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

pub(crate) fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// A URL without its userinfo: `https://***@host/path`.
///
/// Browsers and many libraries take any number of slashes or backslashes, or none, after the scheme.
pub(crate) fn without_userinfo(url: &str) -> String {
    let start = authority_start(url).or_else(|| url.find("//").map(|at| at + 2));
    let Some((before, rest)) = start.and_then(|start| url.split_at_checked(start)) else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{before}***@{host}{behind}"),
        None => url.to_owned(),
    }
}

/// Where the authority of a URL begins: after `scheme:` and slashes, or after two slashes.
fn authority_start(url: &str) -> Option<usize> {
    let is_in_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = !scheme.is_empty() && scheme.chars().all(is_in_scheme);
    let after_scheme = if is_scheme { scheme.len() + 1 } else { 0 };
    let rest = url.get(after_scheme..)?;
    let behind = rest.trim_start_matches(['/', '\\']);
    let slashes = rest.len() - behind.len();
    (is_scheme || slashes > 1).then_some(after_scheme + slashes)
}
