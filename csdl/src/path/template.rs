//! Path templates: `/users/{user-id}`.

/// The literal parts of a template: `/users/` and `/manager` in `/users/{user-id}/manager`.
/// Templates with the same literal parts are the same.
pub fn literals(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(template);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        // An unclosed brace is not a placeholder.
        let literal = text.split_once('{').and_then(|(literal, behind)| {
            let (_, after) = behind.split_once('}')?;
            rest = Some(after);
            Some(literal)
        });
        Some(literal.unwrap_or(text))
    })
}

/// The names of the placeholders.
pub(crate) fn placeholders(text: &str) -> Vec<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// Whether two templates are the same, ignoring the names of placeholders.
pub fn same_template(one: &str, other: &str) -> bool {
    // Fast path for many comparisons: most templates differ before the first placeholder.
    let mut bytes = one.bytes().zip(other.bytes());
    match bytes.find(|(one, other)| one != other || *one == b'{') {
        Some((one, other)) if one != b'{' && other != b'{' => false,
        _ => literals(one).eq(literals(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_one_whatever_their_placeholders_are_called() {
        for (one, other, same) in [
            ("/users/{id}", "/users/{user-id}", true),
            ("/a(b='{c}')/d", "/a(b='{e}')/d", true),
            ("/a(b='{c}')/d", "/a(e='{c}')/d", false),
            ("/users/{id}", "/users/", false),
            ("/users/{id}", "/users/id", false),
            ("/users/{id}/x", "/users/{id}", false),
            ("/users/{id", "/users/{id", true),
            ("/users/{id", "/users/{ie", false),
            ("/users/{id", "/users/{id}", false),
            ("/users/{id}", "/users/x", false),
            ("/users/x", "/groups/x", false),
            ("/users", "/users/x", false),
            ("/users/x", "/users/x", true),
        ] {
            assert_eq!(same_template(one, other), same, "{one} {other}");
        }
    }
}
