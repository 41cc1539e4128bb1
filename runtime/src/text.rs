//! Foreign strings in messages: shortened, on one line, with every character visible.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::secret_names::without_secrets;

/// Maximum length of a foreign message in the one line of `Display`, in bytes.
pub(crate) const MAX_MESSAGE: usize = 600;
/// Maximum length of an excerpt of a body that is not Graph's, and of other foreign strings, in bytes.
pub(crate) const MAX_EXCERPT: usize = 200;

/// The beginning of a body, on one line and without secrets. For HTML, the title if there is one. Not escaped: that is done
/// by `Display`.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(strip_bom(body));
    let text = without_secrets(&text);
    fold(html_title(&text).unwrap_or(&text), MAX_EXCERPT)
}

fn html_title(text: &str) -> Option<&str> {
    // ASCII only, so that the positions stay the same.
    let lower = text.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let title = text.get(start..end)?.trim();
    (!title.is_empty()).then_some(title)
}

/// Puts a string on one visible line, so that it cannot start a new line in a log or move the cursor of a terminal.
pub(crate) fn one_line(text: &str, max: usize) -> String {
    visible(&fold(text, max))
}

/// Replaces control characters and white space by single spaces, and truncates the string.
fn fold(text: &str, max: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut line = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > max {
            let mut cut = (0..=max).rev();
            line.truncate(cut.find(|at| line.is_char_boundary(*at)).unwrap_or(0));
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

/// Control and format characters, including those that change the direction of text, and blank ones: variation selectors,
/// fillers, the empty Braille pattern. `msgraph_csdl` has the same rule; the two crates do not depend on each other.
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

/// Hides the query and fragment of a URL, which may authorize anyone who has it: `https://host/path?***`.
pub(crate) fn without_query(url: &str) -> Cow<'_, str> {
    hidden_after(url, &['?', '#'])
}

/// As [`without_query`], for `Debug`.
pub(crate) fn shown_location(location: Option<&String>) -> Option<Cow<'_, str>> {
    location.map(|location| without_query(location))
}

/// As [`without_query`], for the link of a page: the token may also be an argument of a function, as in
/// `delta(token='…')`.
pub(crate) fn without_token(link: &str) -> Cow<'_, str> {
    hidden_after(link, &['?', '#', '('])
}

/// Hides what follows the first of these characters.
fn hidden_after<'u>(url: &'u str, first: &[char]) -> Cow<'u, str> {
    let shown = url.find(first).and_then(|at| url.get(..=at));
    shown.map_or(Cow::Borrowed(url), |shown| {
        Cow::Owned([shown, "***"].concat())
    })
}

/// Hides the userinfo of a URL: `https://***@host/path`.
pub(crate) fn without_userinfo(url: &str) -> String {
    let start = authority_start(url).or_else(|| Some(url.find("//")? + 2));
    let (before, rest) = url.split_at(start.unwrap_or(url.len()));
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{before}***@{host}{path}"),
        None => url.to_owned(),
    }
}

/// The start of a URL's authority. Browsers and many libraries accept any number of slashes or backslashes after the
/// scheme, and two or more without a scheme.
fn authority_start(url: &str) -> Option<usize> {
    let is_in_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let scheme = url.split_once(':').map(|(scheme, _)| scheme);
    let scheme = scheme.filter(|scheme| !scheme.is_empty() && scheme.chars().all(is_in_scheme));
    let rest = url.get(scheme.map_or(0, |scheme| scheme.len() + 1)..)?;
    let authority = rest.trim_start_matches(['/', '\\']);
    let slashes = rest.len() - authority.len();
    (scheme.is_some() || slashes > 1).then_some(url.len() - authority.len())
}
