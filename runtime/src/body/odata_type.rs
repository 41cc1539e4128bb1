//! `@odata.type`: the type it names, and whether two texts name the same.

pub(crate) const ODATA_TYPE: &str = "@odata.type";

/// The name in the text of an `@odata.type`: absolute or abbreviated, only what is after the last `#` counts.
pub(crate) fn type_name(text: &str) -> &str {
    text.rsplit('#').next().unwrap_or(text)
}

/// Whether the text of an `@odata.type` names this type, in full or by the alias of Graph's namespace.
pub(crate) fn is_type(text: &str, name: &str) -> bool {
    let text = type_name(text);
    let below_alias = text.strip_prefix("graph.");
    text == name
        || below_alias.is_some_and(|below| name.strip_prefix("microsoft.graph.") == Some(below))
        // The items tell their types themselves.
        || (name.starts_with("Collection(") && text.starts_with("Collection("))
}

/// The property that an annotation `X@odata.type` describes. `@odata.type` describes its object, and so no property. It is
/// sent with the property, and never makes a difference by itself.
pub(crate) fn described(name: &str) -> Option<&str> {
    name.strip_suffix("@odata.type")
        .filter(|property| !property.is_empty())
}

/// Whether two texts of an `@odata.type` name one type. A type of OData's own is named with or without `Edm.`
/// (OData JSON 4.01, 4.5.3): `Collection(Edm.String)`, `#Collection(String)`.
pub(crate) fn is_same_type(one: &str, other: &str) -> bool {
    parts(one) == parts(other)
}

/// Whether it is a collection, and the namespace and name of the type or of its items.
fn parts(text: &str) -> (bool, &str, &str) {
    let name = type_name(text);
    let item = name
        .strip_prefix("Collection(")
        .and_then(|item| item.strip_suffix(')'));
    let qualified = item.unwrap_or(name);
    let (namespace, name) = qualified.rsplit_once('.').unwrap_or(("Edm", qualified));
    let namespace = match namespace {
        "graph" => "microsoft.graph",
        other => other,
    };
    (item.is_some(), namespace, name)
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
