//! The values of `@odata.type`.

pub(crate) const ODATA_TYPE: &str = "@odata.type";

/// The type name in an `@odata.type`, which may be absolute or abbreviated: what follows the last `#`.
pub(crate) fn type_name(text: &str) -> &str {
    text.rsplit('#').next().unwrap_or(text)
}

/// Whether an `@odata.type` names this type, in full or with the alias of Graph's namespace.
pub(crate) fn is_type(text: &str, name: &str) -> bool {
    // The items of a collection have their own types.
    is_same_type(text, name)
        || (name.starts_with("Collection(") && type_name(text).starts_with("Collection("))
}

/// The property that an annotation `X@odata.type` describes. `@odata.type` itself describes an object.
pub(crate) fn described(name: &str) -> Option<&str> {
    name.strip_suffix("@odata.type")
        .filter(|property| !property.is_empty())
}

/// Whether two values of `@odata.type` name the same type. The primitive types may have the namespace `Edm`
/// (OData JSON 4.01, 4.5.3): `Collection(Edm.String)`, `#Collection(String)`.
pub(crate) fn is_same_type(one: &str, other: &str) -> bool {
    parts(one) == parts(other)
}

/// Whether the type is a collection, whether its namespace is Graph's, and its name or that of its items.
fn parts(text: &str) -> (bool, bool, &str) {
    let name = type_name(text);
    let item = name
        .strip_prefix("Collection(")
        .and_then(|item| item.strip_suffix(')'));
    let qualified = item.unwrap_or(name);
    let aliased = qualified.strip_prefix("microsoft.").unwrap_or(qualified);
    match aliased.strip_prefix("graph.") {
        Some(name) => (item.is_some(), true, name),
        None => {
            let name = qualified.strip_prefix("Edm.").unwrap_or(qualified);
            (item.is_some(), false, name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_type_in_several_spellings() {
        for (one, other) in [
            ("Collection(Edm.String)", "#Collection(String)"),
            ("#Int64", "Edm.Int64"),
            ("#microsoft.graph.user", "graph.user"),
            (
                "https://x.org/$metadata#Collection(microsoft.graph.user)",
                "#Collection(graph.user)",
            ),
        ] {
            assert!(is_same_type(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("#Collection(String)", "#String"),
            ("#Int64", "#Int32"),
            ("#microsoft.graph.user", "#user"),
        ] {
            assert!(!is_same_type(one, other), "{one} {other}");
        }
        assert_eq!(described("a@odata.type"), Some("a"));
        assert_eq!(described("@odata.type"), None);
        assert_eq!(described("a@odata.bind"), None);
    }
}
