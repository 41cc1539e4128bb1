//! Literals of keys and arguments, checked against their types (OData ABNF, `primitiveLiteral`).

use super::form::Wrong;
use crate::model::Primitive;
use crate::segment::{self, Argument, SegmentParts};
use crate::template::placeholders;

/// Checks one key or argument of a segment. Dates, durations and the like are left to the service.
pub(super) fn check(
    parts: &SegmentParts<'_>,
    argument: &Argument<'_>,
    ty: Primitive,
) -> Result<(), Wrong> {
    let has_quotes = argument.is_quoted();
    let value = argument.value().unwrap_or_default();
    let is_template = !placeholders(argument.literal).is_empty();
    let is_right = match ty {
        Primitive::String => has_quotes,
        _ => match notation(ty) {
            Some(_) => !has_quotes && (is_template || is_literal(ty, &value)),
            None => true,
        },
    };
    if is_right {
        return Ok(());
    }
    let written = argument.literal;
    let (message, literal) = match ty {
        Primitive::String => (
            format!("`{written}` is for an `Edm.String` and has no quotes"),
            format!("'{}'", written.replace('\'', "''")),
        ),
        _ => (
            format!("`{written}` is not an `Edm.{}`", ty.name()),
            value.clone(),
        ),
    };
    let help = match ty == Primitive::String || is_template || is_literal(ty, &value) {
        true => format!("write `{}`", with_literal(parts, argument, &literal)),
        false => format!("write {}", notation(ty).unwrap_or("a literal of this type")),
    };
    Err((message, help))
}

/// Checks a key that is a segment of its own.
pub(super) fn check_segment(text: &str, ty: Primitive) -> Result<(), Wrong> {
    let value = segment::decode(text).unwrap_or_default();
    match notation(ty) {
        Some(notation) if placeholders(text).is_empty() && !is_literal(ty, &value) => Err((
            format!("the key `{text}` is not an `Edm.{}`", ty.name()),
            format!("write {notation}, or a placeholder: `{{id}}`"),
        )),
        _ => Ok(()),
    }
}

/// What the literals of a type are, of those that are checked.
fn notation(ty: Primitive) -> Option<&'static str> {
    Some(match ty {
        Primitive::Boolean => "`true` or `false`",
        Primitive::Byte => "an integer from 0 to 255",
        Primitive::SByte => "an integer from -128 to 127",
        Primitive::Int16 => "an integer from -32768 to 32767",
        Primitive::Int32 => "an integer from -2147483648 to 2147483647",
        Primitive::Int64 => "an integer of 64 bits",
        Primitive::Decimal | Primitive::Double | Primitive::Single => "a number",
        _ => return None,
    })
}

fn is_literal(ty: Primitive, value: &str) -> bool {
    match ty {
        Primitive::Boolean => matches!(value, "true" | "false"),
        Primitive::Byte => value.parse::<u8>().is_ok(),
        Primitive::SByte => value.parse::<i8>().is_ok(),
        Primitive::Int16 => value.parse::<i16>().is_ok(),
        Primitive::Int32 => value.parse::<i32>().is_ok(),
        Primitive::Int64 => value.parse::<i64>().is_ok(),
        _ => {
            let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
            matches!(value, "INF" | "-INF" | "NaN")
                || (value.bytes().all(is_part) && value.parse::<f64>().is_ok())
        }
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
    let quote = if ty == Primitive::String { "'" } else { "" };
    format!("{name}={quote}{{{name}}}{quote}")
}
