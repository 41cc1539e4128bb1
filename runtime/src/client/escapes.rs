//! Reads text through its escapes: of JSON, URLs and HTML, one within another, and line breaks.

/// How many escapes are read one within another: `%252B`, `&amp;#43;`, `\\u0026amp;`.
const MOST_LAYERS: usize = 4;
/// The longest escape, with room.
const LONGEST: usize = 16;

/// How many bytes at the beginning of `text` stand for a byte that `is_wanted`.
pub(super) fn length_of(text: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let mut found = text.first().filter(|byte| is_wanted(**byte)).map(|_| 1);
    let mut layer = escaped(text);
    for _ in 0..MOST_LAYERS {
        let Some((byte, length)) = layer else {
            break;
        };
        if is_wanted(byte) {
            found = Some(length);
        }
        if !b"\\%&".contains(&byte) {
            break;
        }
        // The text as it is with this escape decoded.
        let mut decoded = [0; LONGEST];
        let behind = text.get(length..).unwrap_or_default();
        for (to, from) in decoded.iter_mut().zip([byte].iter().chain(behind)) {
            *to = *from;
        }
        layer = escaped(&decoded).map(|(byte, inner)| (byte, length + inner - 1));
    }
    found
}

/// How many bytes at the beginning of `text` are white space, plain or escaped.
pub(super) fn white_space(text: &[u8]) -> usize {
    let mut rest = text;
    loop {
        let length = match length_of(rest, |byte| byte.is_ascii_whitespace()) {
            Some(length) => length,
            None => match line_break(rest) {
                Some(length) => length,
                None => return text.len() - rest.len(),
            },
        };
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// The length of JSON's `\n`, `\r` or `\t`, escaped any number of times.
fn line_break(text: &[u8]) -> Option<usize> {
    let run = text.iter().take(LONGEST);
    let before = run.take_while(|byte| **byte == b'\\').count();
    let letter = text.get(before).filter(|_| before > 0)?;
    b"nrt".contains(letter).then_some(before + 1)
}

/// Decodes a JSON, URL or HTML escape at the beginning of `text`: the byte, and the length of the escape.
fn escaped(text: &[u8]) -> Option<(u8, usize)> {
    let number = |digits: &[u8], radix| {
        let digits = std::str::from_utf8(digits).ok()?;
        u8::from_str_radix(digits, radix).ok()
    };
    match text {
        // JSON within a JSON string is escaped twice, so there may be several backslashes.
        [b'\\', ..] => {
            let run = text.iter().take(8);
            let before = run.take_while(|byte| **byte == b'\\').count();
            match text.get(before..)? {
                [b'u', b'0', b'0', high, low, ..] => {
                    Some((number(&[*high, *low], 16)?, before + 5))
                }
                [escaped @ (b'/' | b'"'), ..] => Some((*escaped, before + 1)),
                _ => (before > 1).then_some((b'\\', 2)),
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
