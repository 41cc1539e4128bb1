//! The argument `--seed`.

use std::fs;

use serde_json::{Map, Value};

const FORM: &str = "write PATH=JSON, PATH=@FILE, a JSON object from paths to entities, or @FILE \
                    with one: --seed '/v1.0/users/1={\"displayName\":\"Ada\"}'";

/// Parses an argument into paths and entities.
pub(crate) fn read(argument: &str) -> Result<Vec<(String, Value)>, String> {
    if argument.starts_with('/') {
        let (path, entity) = split(argument)
            .ok_or_else(|| format!("--seed: no entity in `{argument}`\nhelp: {FORM}"))?;
        return Ok(vec![(
            path.to_owned(),
            Value::Object(object(entity, argument)?),
        )]);
    }
    let entities = object(argument.trim_start(), argument)?;
    for (path, entity) in &entities {
        if !path.starts_with('/') || !entity.is_object() {
            return Err(format!(
                "--seed: `{path}` in `{argument}` is not a path with an entity\nhelp: {FORM}"
            ));
        }
    }
    Ok(entities.into_iter().collect())
}

/// Splits `PATH=ENTITY`. The path may have `=` in its keys; the entity begins with `{` or `@`.
fn split(argument: &str) -> Option<(&str, &str)> {
    argument.match_indices('=').find_map(|(at, _)| {
        let (path, entity) = argument.split_at_checked(at)?;
        let entity = entity.get(1..)?.trim_start();
        entity.starts_with(['{', '@']).then_some((path, entity))
    })
}

/// Parses a JSON object, or the one in `@FILE`.
fn object(text: &str, argument: &str) -> Result<Map<String, Value>, String> {
    let wrong = |location: &str, error: &dyn std::fmt::Display| {
        format!("--seed: {location} is not a JSON object: {error}\nhelp: {FORM}")
    };
    match text.strip_prefix('@') {
        None => serde_json::from_str(text).map_err(|error| wrong(&format!("`{argument}`"), &error)),
        Some(file) => {
            let text =
                fs::read(file).map_err(|error| format!("--seed: cannot read `{file}`: {error}"))?;
            // Editors on Windows write a byte order mark.
            let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
            serde_json::from_slice(text).map_err(|error| wrong(&format!("`{file}`"), &error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_an_argument_says() {
        for (argument, path, entity) in [
            (r#"/v1.0/users/1={"a":1}"#, "/v1.0/users/1", json!({"a": 1})),
            (r#"/v1.0/me= {}"#, "/v1.0/me", json!({})),
            (
                r#"/v1.0/a/AAMk=={"b":"={"}"#,
                "/v1.0/a/AAMk=",
                json!({"b": "={"}),
            ),
            (
                r#"/v1.0/a(b='c=d',e='{')={}"#,
                "/v1.0/a(b='c=d',e='{')",
                json!({}),
            ),
            (r#"{"/v1.0/me":{"a":1}}"#, "/v1.0/me", json!({"a": 1})),
        ] {
            assert_eq!(
                read(argument).unwrap(),
                [(path.to_owned(), entity)],
                "{argument}"
            );
        }
        for argument in [
            "",
            "/v1.0/users/1",
            "/v1.0/users/1={",
            "/v1.0/users/1=5",
            "/v1.0/users/1=@no/such/file",
            "[]",
            r#"{"v1.0/me":{}}"#,
            r#"{"/v1.0/me":5}"#,
            "@no/such/file",
        ] {
            let error = read(argument).unwrap_err();
            assert!(error.starts_with("--seed: "), "{argument}: {error}");
        }
    }
}
