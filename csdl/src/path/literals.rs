//! Literals of keys and arguments, checked against their types (OData ABNF, `primitiveLiteral`).

use super::form::Wrong;
use crate::model::{Literal, Primitive};
use crate::path::segment::{self, Argument, SegmentParts};
use crate::path::template::placeholders;

/// Checks one key or argument of a segment. Dates, durations and the like are left to the service.
pub(super) fn check(
    parts: &SegmentParts<'_>,
    argument: &Argument<'_>,
    ty: Primitive,
) -> Result<(), Wrong> {
    let has_quotes = argument.is_quoted();
    let value = argument.value().unwrap_or_default();
    let is_template = !placeholders(argument.literal).is_empty();
    let is_right = match ty.literal() {
        Literal::Quoted => has_quotes,
        Literal::Other => true,
        _ => !has_quotes && (is_template || is_literal(ty, &value)),
    };
    if is_right {
        return Ok(());
    }
    let written = argument.literal;
    let name = ty.name();
    let (message, literal) = match ty.literal() {
        Literal::Quoted => (
            format!("`{written}` is an `Edm.{name}` and needs quotes"),
            format!("'{}'", written.replace('\'', "''")),
        ),
        _ => (format!("`{written}` is not an `Edm.{name}`"), value.clone()),
    };
    let help = match is_template || is_literal(ty, &value) {
        true => format!("write `{}`", with_literal(parts, argument, &literal)),
        false => format!("write {}", notation(ty)),
    };
    Err((message, help))
}

/// Checks a key that is a segment of its own.
pub(super) fn check_segment(text: &str, ty: Primitive) -> Result<(), Wrong> {
    let value = segment::decode(text).unwrap_or_default();
    if !placeholders(text).is_empty() || is_literal(ty, &value) {
        return Ok(());
    }
    Err((
        format!("the key `{text}` is not an `Edm.{}`", ty.name()),
        format!("write {}, or a placeholder: `{{id}}`", notation(ty)),
    ))
}

fn notation(ty: Primitive) -> String {
    match ty.literal() {
        Literal::Boolean => "`true` or `false`".to_owned(),
        Literal::Integer(i64::MIN, _) => "an integer of 64 bits".to_owned(),
        Literal::Integer(least, most) => format!("an integer from {least} to {most}"),
        Literal::Number => "a number".to_owned(),
        Literal::Quoted | Literal::Other => "a literal of this type".to_owned(),
    }
}

/// Whether a value without its quotes is one of the type, as far as that is checked.
fn is_literal(ty: Primitive, value: &str) -> bool {
    match ty.literal() {
        Literal::Boolean => matches!(value, "true" | "false"),
        Literal::Integer(least, most) => value
            .parse()
            .is_ok_and(|number| (least..=most).contains(&number)),
        Literal::Number => {
            let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
            matches!(value, "INF" | "-INF" | "NaN")
                || (value.bytes().all(is_part) && value.parse::<f64>().is_ok())
        }
        Literal::Quoted | Literal::Other => true,
    }
}

/// The segment with another literal for one argument.
fn with_literal(parts: &SegmentParts<'_>, wrong: &Argument<'_>, literal: &str) -> String {
    let arguments = parts.arguments.iter().flatten().map(|argument| {
        let literal = match argument == wrong {
            true => literal,
            false => argument.literal,
        };
        Argument {
            literal,
            ..*argument
        }
        .to_string()
    });
    let arguments: Vec<String> = arguments.collect();
    format!("{}({})", parts.name, arguments.join(","))
}

/// `name={name}`, with quotes where the type has them.
pub(super) fn example(name: &str, ty: Primitive) -> String {
    let quote = if ty.literal() == Literal::Quoted {
        "'"
    } else {
        ""
    };
    format!("{name}={quote}{{{name}}}{quote}")
}
