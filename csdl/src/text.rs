//! Escapes untrusted strings: from metadata, manifests and file names.

/// Whether a character is invisible: control and format characters, variation selectors, fillers, the blank Braille
/// pattern. rustc rejects those that change the direction of text. Untrusted strings are printed with these escaped or
/// removed. The runtime has the same rule for its errors.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Escapes invisible characters, which could control the terminal or disguise a name, and line
/// breaks, after which a string could imitate a message.
pub fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escape = is_invisible(c);
            let escaped = escape.then(|| c.escape_default());
            escaped.into_iter().flatten().chain((!escape).then_some(c))
        })
        .collect()
}

/// An untrusted string as one line without Markdown, for messages.
pub fn plain(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !is_invisible(*c)).collect())
        .collect();
    words.join(" ")
}
