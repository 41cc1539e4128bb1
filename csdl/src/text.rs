//! Foreign text made visible and safe: of metadata, manifests, file names.

/// Control and format characters, variation selectors, fillers, the blank Braille pattern: nobody sees them, and rustc refuses those that turn the direction
/// of text. Foreign text is printed without them, or with their escapes. The runtime has the same rule for its errors.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// What nobody sees of foreign text would reach the terminal as commands, or show another name than
/// the one that is meant: its escapes stand for it. So do those of line ends, behind which foreign
/// text could pass for a message of its own.
pub fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escape = is_invisible(c);
            let escaped = escape.then(|| c.escape_default());
            escaped.into_iter().flatten().chain((!escape).then_some(c))
        })
        .collect()
}

/// Foreign text as one line that is no Markdown: for messages.
pub fn plain(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !is_invisible(*c)).collect())
        .collect();
    words.join(" ")
}
