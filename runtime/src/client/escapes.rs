//! Reads a string through escapes of JSON, URLs and HTML (also nested ones), and through line breaks.

/// How deep escapes may be nested: `%252B`, `&amp;#43;`, `\\u0026amp;`.
const MAX_LAYERS: usize = 4;
/// More than the length of any escape.
const MAX_ESCAPE: usize = 16;

/// The length of the encoding at the start of `text` of a byte that `is_wanted`.
pub(super) fn encoded_length(text: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let mut found = text.first().filter(|byte| is_wanted(**byte)).map(|_| 1);
    let mut layer = escape(text);
    for _ in 0..MAX_LAYERS {
        let Some((byte, length)) = layer else {
            break;
        };
        if is_wanted(byte) {
            found = Some(length);
        }
        if !b"\\%&".contains(&byte) {
            break;
        }
        // Decodes an escape, whose result may begin another one.
        let mut decoded = [0; MAX_ESCAPE];
        let rest = text.get(length..).unwrap_or_default();
        for (to, from) in decoded.iter_mut().zip([byte].iter().chain(rest)) {
            *to = *from;
        }
        layer = escape(&decoded).map(|(byte, inner)| (byte, length + inner - 1));
    }
    found
}

/// The length of the white space at the start of `text`, plain or escaped.
pub(super) fn white_space(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some(length) =
        encoded_length(rest, |byte| byte.is_ascii_whitespace()).or_else(|| json_line_break(rest))
    {
        rest = rest.get(length..).unwrap_or_default();
    }
    text.len() - rest.len()
}

/// The length of JSON's `\n`, `\r` or `\t`, with any number of backslashes.
fn json_line_break(text: &[u8]) -> Option<usize> {
    let run = text.iter().take(MAX_ESCAPE);
    let backslashes = run.take_while(|byte| **byte == b'\\').count();
    let letter = text.get(backslashes).filter(|_| backslashes > 0)?;
    b"nrt".contains(letter).then_some(backslashes + 1)
}

/// Decodes one JSON, URL or HTML escape at the start of `text`: the byte, and the length of the escape.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    let number = |digits: &[u8], radix| {
        let digits = std::str::from_utf8(digits).ok()?;
        u8::from_str_radix(digits, radix).ok()
    };
    match text {
        // JSON inside a JSON string has several backslashes.
        [b'\\', ..] => {
            let run = text.iter().take(8);
            let backslashes = run.take_while(|byte| **byte == b'\\').count();
            match text.get(backslashes..)? {
                [b'u', b'0', b'0', high, low, ..] => {
                    Some((number(&[*high, *low], 16)?, backslashes + 5))
                }
                [escaped @ (b'/' | b'"'), ..] => Some((*escaped, backslashes + 1)),
                _ => (backslashes > 1).then_some((b'\\', 2)),
            }
        }
        [b'%', high, low, ..] => Some((number(&[*high, *low], 16)?, 3)),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(8).position(|byte| *byte == b';')?;
            let byte = match rest.get(..end)? {
                [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
                [b'#', digits @ ..] => number(digits, 10)?,
                b"amp" => b'&',
                b"lt" => b'<',
                b"gt" => b'>',
                b"quot" => b'"',
                b"apos" => b'\'',
                _ => return None,
            };
            Some((byte, end + 2))
        }
        _ => None,
    }
}
