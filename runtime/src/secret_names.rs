//! Hides the secrets of a body in logs and errors, by the names of their properties.

use std::borrow::Cow;
use std::ops::Range;

/// The endings of the names of secret properties, in snake case. `msgraph_codegen` has the same list, which a test there
/// checks; the two crates do not depend on each other.
const ENDINGS: [&str; 26] = [
    "access_key",
    "bypass_code",
    "certificate_data",
    "client_state",
    "encryption_key",
    "decryption_key",
    "kiosk_mode_exit_code",
    "mac_key",
    "passcode",
    "password",
    "password_base64",
    "pin",
    "pkcs12_value",
    "private_key",
    "product_key",
    "proof",
    "recovery_key",
    "secret",
    "secret_key",
    "secret_text",
    "shared_key",
    "temporary_access_pass",
    "token",
    "token_value",
    "unlock_code",
    "workspace_key",
];

/// How many levels of JSON in the strings of JSON to look into.
const MAX_DEPTH: usize = 3;

/// Replaces the values of secret properties, also in a body that is cut off, or in JSON that a message quotes.
///
/// Unlike generated code, this does not know the types. It therefore also hides every string named `key` or `value`:
/// `getFileVaultKey` responds with `{"value": "…"}`. It also hides [links](is_link) with a token.
pub(crate) fn without_secrets(text: &str) -> Cow<'_, str> {
    without_secrets_at(text, 0)
}

fn without_secrets_at(text: &str, depth: usize) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(literal) = next_string(text, at) {
        at = literal.end;
        let name = text.get(literal.clone()).unwrap_or_default();
        let value = value_after(text, at);
        let (hidden, part) = match value.map(|value| secret_in(text, value, &decoded(name))) {
            Some(Some(secret)) => {
                let (quote, _) = name.split_at(name.find('"').map_or(0, |quote| quote + 1));
                (secret, format!("{quote}***{quote}"))
            }
            Some(None) => continue,
            None if depth == MAX_DEPTH => continue,
            // What a string quotes, without its own quotes.
            None => {
                let start = literal.start + name.find('"').map_or(0, |quote| quote + 1);
                let quoted = text.get(start..literal.end).unwrap_or_default();
                let quoted = quoted.strip_suffix('"').unwrap_or(quoted);
                match without_secrets_at(quoted, depth + 1) {
                    Cow::Owned(part) => (start..start + quoted.len(), part),
                    Cow::Borrowed(_) => continue,
                }
            }
        };
        shown.push_str(text.get(copied..hidden.start).unwrap_or_default());
        shown.push_str(&part);
        copied = hidden.end;
        at = at.max(hidden.end);
    }
    match copied {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(shown + text.get(copied..).unwrap_or_default()),
    }
}

/// A string literal with its quotes, which may be escaped. Without an end, it is the rest of the text.
fn next_string(text: &str, from: usize) -> Option<Range<usize>> {
    let quote = from + text.get(from..)?.find('"')?;
    let slashes = text.get(from..quote)?.bytes().rev();
    let slashes = slashes.take_while(|byte| *byte == b'\\').count();
    Some(quote - slashes..end_of_string(text, quote + 1, slashes))
}

/// The end of a string that starts at `start`, after a quote with `slashes` backslashes before it.
fn end_of_string(text: &str, start: usize, slashes: usize) -> usize {
    let mut run = 0;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        if byte == b'\\' {
            run += 1;
            continue;
        }
        // Backslashes in the string itself are escaped as often as its quotes are.
        let own = usize::saturating_sub(run, slashes) / (slashes + 1);
        if byte == b'"' && own.is_multiple_of(2) {
            return at + 1;
        }
        run = 0;
    }
    text.len()
}

/// The start of the value, if a colon follows the string that ends at `end`.
fn value_after(text: &str, end: usize) -> Option<usize> {
    let colon = after_space(text, end)?;
    let value = text.get(colon..)?.strip_prefix(':')?;
    after_space(text, text.len() - value.len())
}

fn after_space(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    Some(text.len() - rest.trim_start().len())
}

/// The name in a literal, without its quotes. Escapes are decoded if the literal is valid JSON.
fn decoded(literal: &str) -> Cow<'_, str> {
    match serde_json::from_str::<String>(literal) {
        Ok(name) => Cow::Owned(name),
        Err(_) => Cow::Borrowed(literal.trim_matches(['\\', '"'])),
    }
}

/// The part of the value that starts at `start` to hide: a string, a number, or an array of strings.
fn secret_in(text: &str, start: usize, name: &str) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let string = |at: usize| next_string(text, at).filter(|literal| literal.start == at);
    if let Some(literal) = string(start) {
        let is_hidden = is_secret(name) || is_link(name) || matches!(name, "key" | "value");
        return is_hidden.then_some(literal);
    }
    if rest.starts_with('[') {
        let mut end = after_space(text, start + 1)?;
        let plural = name.strip_suffix('s').is_some_and(is_secret);
        if !plural && !is_secret(name) || string(end).is_none() {
            return None;
        }
        while let Some(literal) = string(end) {
            end = after_space(text, literal.end)?;
            if text.get(end..)?.starts_with(',') {
                end = after_space(text, end + 1)?;
            }
        }
        return Some(start..end + usize::from(text.get(end..)?.starts_with(']')));
    }
    let length = rest
        .bytes()
        .take_while(|byte| b"+-.eE0123456789".contains(byte));
    let length = length.count();
    (length > 0 && is_secret(name)).then_some(start..start + length)
}

/// Whether a name is that of a URL with a token: of a page, or of a file that can be downloaded without another token.
fn is_link(name: &str) -> bool {
    let local = name.rsplit(['@', '.']).next();
    matches!(local, Some("nextLink" | "deltaLink" | "downloadUrl"))
}

/// Whether a name is one of [`ENDINGS`], or ends with one that begins a word.
fn is_secret(name: &str) -> bool {
    let is_ending = |ending: &str| {
        let letters = ending.bytes().filter(|byte| *byte != b'_').rev();
        let mut rest = name.bytes().enumerate().rev();
        let mut first = None;
        for wanted in letters {
            let found = rest.by_ref().find(|(_, byte)| !b"_- ".contains(byte));
            let Some((at, byte)) = found.filter(|(_, byte)| byte.eq_ignore_ascii_case(&wanted))
            else {
                return false;
            };
            first = Some((at, byte));
        }
        let before = rest.next().map(|(_, byte)| byte);
        first.is_some_and(|(_, byte)| {
            byte.is_ascii_uppercase() || before.is_none_or(|before| !before.is_ascii_alphanumeric())
        })
    };
    ENDINGS.iter().any(|ending| is_ending(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised() {
        for name in [
            "password",
            "newPassword",
            "passwordBase64",
            "clientSecret",
            "client_secret",
            "secretText",
            "passcode",
            "unlockPin",
            "temporaryAccessPass",
            "TemporaryAccessPass",
            "accessToken",
            "preSharedKey",
            "pkcs12Value",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "passwordPolicies",
            "secretType",
            "mapping",
            "spin",
            "publicKey",
            "keyId",
            "",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn values_are_replaced() {
        for (text, expected) in [
            (
                r#"{"id":"1","temporaryAccessPass":"A+b\"c"}"#,
                r#"{"id":"1","temporaryAccessPass":"***"}"#,
            ),
            (
                r#"{"password" : "x", "a":1}"#,
                r#"{"password" : "***", "a":1}"#,
            ),
            // Cut off.
            (r#"{"secretText":"abc"#, r#"{"secretText":"***""#),
            (r#"{"secretText":"abc\"#, r#"{"secretText":"***""#),
            (r#"{"a":"\\","pin":"x"}"#, r#"{"a":"\\","pin":"***"}"#),
            // Quoted in a message, perhaps twice.
            (
                r#"{"message":"got {\"password\":\"x\\\"y\"}"}"#,
                r#"{"message":"got {\"password\":\"***\"}"}"#,
            ),
            (
                r#"{"a":"{\"b\":\"{\\\"pin\\\":\\\"x\\\"}\",\"c\":1}","pin":"x"}"#,
                r#"{"a":"{\"b\":\"{\\\"pin\\\":\\\"***\\\"}\",\"c\":1}","pin":"***"}"#,
            ),
            (r#"{"passwo\u0072d":"x"}"#, r#"{"passwo\u0072d":"***"}"#),
            (
                r#"{"tokens":["a", "b"],"c":[]}"#,
                r#"{"tokens":"***","c":[]}"#,
            ),
            (r#"{"tokens":["a", "b"#, r#"{"tokens":"***""#),
            (r#"{"pin":1234}"#, r#"{"pin":"***"}"#),
            (
                r#"{"value":[{"key":"k","value":"v"}]}"#,
                r#"{"value":[{"key":"***","value":"***"}]}"#,
            ),
            (
                r#"{"passwords":[{"password":"x"}],"password":null}"#,
                r#"{"passwords":[{"password":"***"}],"password":null}"#,
            ),
            (r#"{"a":"password","b":"x"}"#, r#"{"a":"password","b":"x"}"#),
            ("not JSON: \"password\"", "not JSON: \"password\""),
            ("", ""),
        ] {
            assert_eq!(without_secrets(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_body_is_redacted_in_linear_time() {
        let started = std::time::Instant::now();
        for part in [
            "\"",
            "\\",
            "\\\"",
            "\"a\":",
            "{\"password\":\"",
            "[\"",
            "\"tokens\":[\"a\",",
        ] {
            without_secrets(&part.repeat((1 << 20) / part.len()));
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(20));
    }
}
