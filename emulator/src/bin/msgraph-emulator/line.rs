//! The line that the program prints for a request.

use std::fmt::Write as _;

use msgraph_emulator::Exchange;
use serde_json::Value;

/// In characters. A message can quote the whole request.
const MAX_LENGTH: usize = 1_000;

/// The line of a request, and an indented one for each request of a batch.
pub(crate) fn lines(exchange: &Exchange) -> String {
    let items = exchange
        .items
        .iter()
        .map(|item| format!("\n  {}", line(item)));
    std::iter::once(line(exchange)).chain(items).collect()
}

/// `PATCH /v1.0/users/1 204`, followed by the error, if any: `400 BadRequest: The property 'nam' …`.
fn line(exchange: &Exchange) -> String {
    let mut line = format!("{} {}", exchange.method, exchange.path);
    if let Some(query) = &exchange.query {
        let _ = write!(line, "?{query}");
    }
    match &exchange.response {
        None => line += " (closed without a response)",
        Some(response) => {
            let _ = write!(line, " {}", response.status);
            let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
            let error = |name: &str| body.pointer(&format!("/error/{name}"))?.as_str();
            if let (Some(code), Some(message)) = (error("code"), error("message")) {
                let _ = write!(line, " {code}: {message}");
            }
        }
    }
    if let Some(note) = &exchange.note {
        let _ = write!(line, " ({note})");
    }
    if let Some(fault) = &exchange.fault {
        let _ = write!(line, " (fault: {fault:?})");
    }
    one_line(&line)
}

/// Truncates text from a request, and escapes characters that a terminal would interpret.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars().take(MAX_LENGTH) {
        match c.is_control() || msgraph_csdl::text::is_invisible(c) {
            true => line.extend(c.escape_unicode()),
            false => line.push(c),
        }
    }
    if text.chars().nth(MAX_LENGTH).is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(
            one_line("a\nb\u{1b}[0m\u{202e}é"),
            "a\\u{a}b\\u{1b}[0m\\u{202e}é"
        );
        assert_eq!(one_line(&"x".repeat(2_000)).chars().count(), 1_001);
    }
}
