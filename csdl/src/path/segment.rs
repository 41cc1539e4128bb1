//! Parses segments of a resource path: a name and, in parentheses, a key or the arguments of a
//! function (`keyPredicate` and `functionParameters` of the OData ABNF, URL Conventions 4.01 §4.3).
//!
//! A service decodes a segment before it parses it, so a delimiter may be percent-encoded:
//! `users(%27x%27)` is `users('x')`. Only the slash between segments may not.
//!
//! This is the only parser of that syntax.

use std::borrow::Cow;
use std::fmt;

/// A segment with its parts as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentParts<'t> {
    /// The part before the parentheses; the whole segment if there are none.
    pub name: &'t str,
    /// The part in parentheses; `None` if there are none.
    pub arguments: Option<Vec<Argument<'t>>>,
}

/// One key property or argument: `'x'`, `id='x'`, `count=2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'t> {
    /// The name of the key property or parameter; `None` for the value of a simple key.
    pub name: Option<&'t str>,
    /// The literal as written, with its quotes.
    pub literal: &'t str,
}

/// Why parsing the parentheses failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A quote is not closed.
    OpenQuote,
    /// A parenthesis is not closed.
    OpenParenthesis,
    /// Unexpected characters after a value or the last parenthesis.
    Trailing,
    /// A value is missing.
    NoValue,
    /// One of several values has no name.
    NoName,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Malformed::OpenQuote => "a quote is not closed",
            Malformed::OpenParenthesis => "a parenthesis is not closed",
            Malformed::Trailing => "unexpected text after a value or the last parenthesis",
            Malformed::NoValue => "a value is missing",
            Malformed::NoName => "only a single value may have no name",
        })
    }
}

impl std::error::Error for Malformed {}

impl<'t> SegmentParts<'t> {
    /// Parses one segment. Without parentheses, the whole segment is the name.
    ///
    /// # Errors
    ///
    /// The parentheses are malformed. A service may still read such a segment as a key.
    pub fn parse(text: &'t str) -> Result<Self, Malformed> {
        let mut scanner = Scanner::new(text);
        let name = scanner.until(|byte| byte == b'(');
        if scanner.next().is_none() {
            return Ok(SegmentParts {
                name: text,
                arguments: None,
            });
        }
        let mut arguments = Vec::new();
        if scanner.peek() == Some(b')') {
            scanner.next();
        } else {
            loop {
                arguments.push(scanner.argument()?);
                match scanner.next() {
                    Some(b',') => {}
                    Some(b')') => break,
                    Some(_) => return Err(Malformed::Trailing),
                    None => return Err(Malformed::OpenParenthesis),
                }
            }
        }
        if scanner.next().is_some() {
            return Err(Malformed::Trailing);
        }
        if arguments.len() > 1 && arguments.iter().any(|argument| argument.name.is_none()) {
            return Err(Malformed::NoName);
        }
        Ok(SegmentParts {
            name,
            arguments: Some(arguments),
        })
    }

    /// The names of the arguments that have one.
    pub fn argument_names(&self) -> impl Iterator<Item = &'t str> {
        let arguments = self.arguments.iter().flatten();
        arguments.filter_map(|argument| argument.name)
    }
}

impl fmt::Display for Argument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => write!(f, "{name}={}", self.literal),
            None => f.write_str(self.literal),
        }
    }
}

impl Argument<'_> {
    /// Whether the literal is a quoted string.
    pub fn is_quoted(&self) -> bool {
        Scanner::new(self.literal).peek() == Some(b'\'')
    }

    /// The literal as written, a string without its quotes.
    fn unquoted(&self) -> &str {
        let inner = |open: &str| {
            let rest = self.literal.strip_prefix(open)?;
            rest.strip_suffix('\'').or_else(|| rest.strip_suffix("%27"))
        };
        inner("'").or_else(|| inner("%27")).unwrap_or(self.literal)
    }

    /// The decoded value of the literal, without the quotes of a string. `None` if it is not UTF-8.
    pub fn value(&self) -> Option<String> {
        let text = decode(self.unquoted())?;
        Some(match self.is_quoted() {
            true => text.replace("''", "'"),
            false => text,
        })
    }
}

/// Splits a path at slashes outside of quoted literals: `/a('b/c')/d` has two segments. A leading
/// slash gives an empty first segment, as with [`str::split`].
pub fn split(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut in_parentheses, mut in_quotes) = (false, false);
        let slash = symbols(text).find(|(at, _, byte)| {
            match byte {
                b'(' => in_parentheses = true,
                // Outside parentheses, a quote is part of a key: `o'neil`.
                b'\'' => in_quotes = in_parentheses && !in_quotes,
                _ => {}
            }
            !in_quotes && text.as_bytes().get(*at) == Some(&b'/')
        });
        match slash.and_then(|(at, end, _)| Some((text.get(..at)?, text.get(end..)?))) {
            Some((segment, after)) => {
                rest = Some(after);
                Some(segment)
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// Encodes slashes in quoted literals of a path; everything else is unchanged.
pub fn encode_slashes(path: &str) -> Cow<'_, str> {
    if !path.contains(['\'', '%']) || split(path).all(|segment| !segment.contains('/')) {
        return Cow::Borrowed(path);
    }
    let segments: Vec<String> = split(path)
        .map(|segment| segment.replace('/', "%2F"))
        .collect();
    Cow::Owned(segments.join("/"))
}

/// Converts keys in parentheses to segments: `/a('b')/c` becomes `/a/b/c`. Both forms lead to the
/// same resource.
pub fn key_segments(path: &str) -> Cow<'_, str> {
    if !path.contains(['(', '%']) {
        return Cow::Borrowed(path);
    }
    let mut segments = Vec::new();
    for segment in split(path) {
        match SegmentParts::parse(segment) {
            Ok(SegmentParts {
                name,
                arguments: Some(arguments),
            }) if !arguments.is_empty() => {
                segments.push(Cow::Borrowed(name));
                let literals = arguments.iter().map(Argument::unquoted);
                segments.push(Cow::Owned(literals.collect::<Vec<_>>().join(",")));
            }
            _ => segments.push(Cow::Borrowed(segment)),
        }
    }
    Cow::Owned(segments.join("/"))
}

/// Decodes percent-encoding. `None` if the result is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    String::from_utf8(symbols(text).map(|(_, _, byte)| byte).collect()).ok()
}

/// The decoded bytes of a string, each with its range in the string.
fn symbols(text: &str) -> impl Iterator<Item = (usize, usize, u8)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let hex = |offset: usize| char::from(*bytes.get(at + offset)?).to_digit(16);
        let start = at;
        let byte = *bytes.get(at)?;
        let encoded = (byte == b'%')
            .then(|| Some(hex(1)? * 16 + hex(2)?))
            .flatten();
        let encoded = encoded.and_then(|code| u8::try_from(code).ok());
        at += if encoded.is_some() { 3 } else { 1 };
        Some((start, at, encoded.unwrap_or(byte)))
    })
}

/// A position in a segment.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Scanner { text, at: 0 }
    }

    fn symbol(&self) -> Option<(usize, u8)> {
        let (_, end, byte) = symbols(self.text.get(self.at..)?).next()?;
        Some((self.at + end, byte))
    }

    fn peek(&self) -> Option<u8> {
        self.symbol().map(|(_, byte)| byte)
    }

    fn next(&mut self) -> Option<u8> {
        let (end, byte) = self.symbol()?;
        self.at = end;
        Some(byte)
    }

    /// The text before the next of these bytes, or the rest.
    fn until(&mut self, is_end: impl Fn(u8) -> bool) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = symbols(rest).find(|(_, _, byte)| is_end(*byte));
        let length = end.map_or(rest.len(), |(start, _, _)| start);
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn argument(&mut self) -> Result<Argument<'t>, Malformed> {
        let start = self.at;
        let name = self.until(|byte| matches!(byte, b'=' | b'\'' | b',' | b'(' | b')'));
        let name = match self.peek() {
            Some(b'=') if !name.is_empty() => {
                self.next();
                Some(name)
            }
            _ => {
                self.at = start;
                None
            }
        };
        let start = self.at;
        self.literal()?;
        match self.text.get(start..self.at) {
            Some(literal) if !literal.is_empty() => Ok(Argument { name, literal }),
            _ => Err(Malformed::NoValue),
        }
    }

    /// A literal up to the next comma or parenthesis. A quoted part may begin with a type:
    /// `duration'P1D'`, `ns.color'Red,Green'`.
    fn literal(&mut self) -> Result<(), Malformed> {
        self.until(|byte| matches!(byte, b'\'' | b',' | b'(' | b')'));
        if self.peek() != Some(b'\'') {
            return Ok(());
        }
        self.next();
        loop {
            self.until(|byte| byte == b'\'');
            self.next().ok_or(Malformed::OpenQuote)?;
            // A doubled quote is a quote in the string.
            if self.peek() != Some(b'\'') {
                return Ok(());
            }
            self.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<Vec<(Option<&str>, String)>> {
        let arguments = SegmentParts::parse(text).ok()?.arguments?;
        let arguments = arguments.into_iter();
        arguments
            .map(|argument| Some((argument.name, argument.value()?)))
            .collect()
    }

    #[test]
    fn literals_hold_every_delimiter() {
        for (segment, value) in [
            ("s('host,a,b')", "host,a,b"),
            ("m('AAMk=')", "AAMk="),
            ("r('a/b')", "a/b"),
            ("r('a%2Fb')", "a/b"),
            ("r('f(x)')", "f(x)"),
            ("r('it''s')", "it's"),
            ("r('''')", "'"),
            ("r('')", ""),
            ("r%28%27a%2Cb%27%29", "a,b"),
            ("r('it%27%27s')", "it's"),
            ("r(42)", "42"),
            ("r(duration'P1D')", "duration'P1D'"),
            ("r(n.color'Red,Green')", "n.color'Red,Green'"),
            ("r('100%2527')", "100%27"),
            ("r('é')", "é"),
        ] {
            assert_eq!(parsed(segment), Some(vec![(None, value.to_owned())]));
        }
        assert_eq!(
            parsed("a(appId='a,b=c',n=2,d=duration'P1D')"),
            Some(vec![
                (Some("appId"), "a,b=c".to_owned()),
                (Some("n"), "2".to_owned()),
                (Some("d"), "duration'P1D'".to_owned()),
            ])
        );
        assert_eq!(parsed("delta()"), Some(Vec::new()));
        assert_eq!(parsed("o'neil"), None);
        assert_eq!(SegmentParts::parse("o'neil,=)").unwrap().name, "o'neil,=)");
    }

    #[test]
    fn what_is_malformed_has_a_reason() {
        for (segment, reason) in [
            ("a('x)", Malformed::OpenQuote),
            ("a('", Malformed::OpenQuote),
            ("a('x''", Malformed::OpenQuote),
            ("a('x'", Malformed::OpenParenthesis),
            ("a(", Malformed::NoValue),
            ("a(x", Malformed::OpenParenthesis),
            ("a('x'y)", Malformed::Trailing),
            ("a('x')y", Malformed::Trailing),
            ("a('x')('y')", Malformed::Trailing),
            ("a(f(x))", Malformed::Trailing),
            ("a(b=)", Malformed::NoValue),
            ("a(,)", Malformed::NoValue),
            ("a(b='x',)", Malformed::NoValue),
            ("a('x','y')", Malformed::NoName),
            ("a('x',b='y')", Malformed::NoName),
        ] {
            assert_eq!(SegmentParts::parse(segment), Err(reason), "{segment}");
        }
    }

    #[test]
    fn only_slashes_outside_of_literals_split() {
        let all = |path| split(path).collect::<Vec<_>>();
        assert_eq!(all("/a('b/c')/d"), ["", "a('b/c')", "d"]);
        assert_eq!(
            all("a(x='b/''/c',y=%27/%27)/d"),
            ["a(x='b/''/c',y=%27/%27)", "d"]
        );
        assert_eq!(all("/o'neil/b'c"), ["", "o'neil", "b'c"]);
        assert_eq!(all("/a%2Fb/"), ["", "a%2Fb", ""]);
        assert_eq!(encode_slashes("/a('b/c')/d"), "/a('b%2Fc')/d");
        assert!(matches!(encode_slashes("/a('b')/o'"), Cow::Borrowed(_)));
        assert_eq!(key_segments("/a('{b}')/c/d(e=5,f='g')"), "/a/{b}/c/d/5,g");
        assert_eq!(key_segments("/a/{b}/delta()"), "/a/{b}/delta()");
    }
}
