//! Words in a style.

use anstyle::Style;

/// Words that have the style each, so that they can be wrapped anywhere.
pub(super) fn styled(style: Style, text: &str) -> String {
    let words = text.split(' ').map(|word| match word {
        "" => String::new(),
        word => format!("{style}{word}{style:#}"),
    });
    words.collect::<Vec<_>>().join(" ")
}
