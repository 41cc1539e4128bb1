//! Reads Microsoft's `permissions.json`.

mod document;
mod least;

use std::collections::{BTreeMap, HashMap};

use msgraph_csdl::permissions::{MapEntry, PermissionMap, Permissions, Scheme, map_path};

use document::{Options, PermissionDocument};
use least::{Granted, Reach};

/// Reads Microsoft's permission data into a map. Each line of the header becomes a comment at its top.
///
/// # Errors
///
/// The text is not a permission document. The message contains line and column.
pub fn read(text: &str, header: &str) -> Result<PermissionMap, serde_json::Error> {
    let document: PermissionDocument = serde_json::from_str(text)?;
    let operations = operations(&document);
    let mut reach = Reach::new();
    for granted in operations.values().flat_map(HashMap::values).flatten() {
        *reach.entry(granted.permission).or_default() += 1;
    }
    let entries = operations.into_iter().map(|((path, method), schemes)| {
        let mut permissions = Permissions::default();
        for (scheme, granted) in schemes {
            *permissions.of_mut(scheme) = Some(least::access(method, &path, granted, &reach));
        }
        MapEntry {
            path,
            method: method.to_owned(),
            permissions,
        }
    });
    Ok(PermissionMap::from_entries(header, entries))
}

type Operations<'d> = BTreeMap<(String, &'static str), HashMap<Scheme, Vec<Granted<'d>>>>;

/// What is granted for each operation, by path and method.
fn operations(document: &PermissionDocument) -> Operations<'_> {
    let mut operations = Operations::new();
    for (name, permission) in &document.permissions.0 {
        for set in &permission.path_sets {
            // A query selects some of the resources at a path, so it says nothing about the others.
            let paths = set.paths.0.iter().filter(|(path, _)| !path.contains('?'));
            for (path, options) in paths {
                let path = map_path(path);
                for method in &set.methods {
                    let schemes = operations.entry((path.clone(), method.name())).or_default();
                    for scheme in &set.scheme_keys {
                        let granted = schemes.entry((*scheme).into()).or_default();
                        add(granted, &name.0, options.least.contains(scheme), options);
                    }
                }
            }
        }
    }
    operations
}

/// Adds a permission, or merges the options from another path set into it.
fn add<'d>(
    granted: &mut Vec<Granted<'d>>,
    permission: &'d str,
    is_least: bool,
    options: &'d Options,
) {
    let also = options.also.iter().map(String::as_str);
    match granted.iter_mut().find(|one| one.permission == permission) {
        Some(one) => {
            one.is_least |= is_least;
            one.also.extend(also);
        }
        None => granted.push(Granted {
            permission,
            is_least,
            also: also.collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use msgraph_csdl::permissions::Permissions;

    use super::read;

    /// What the map contains for one operation, given the permissions with their options.
    fn imported(method: &str, permissions: &[(&str, &str)]) -> String {
        let permissions: Vec<String> = permissions
            .iter()
            .map(|(name, options)| {
                format!(
                    r#""{name}": {{"pathSets": [{{"schemeKeys": ["Application"], "methods": ["{method}"],
                        "paths": {{"/Things/{{id}}": "{options}"}}}}]}}"#
                )
            })
            .collect();
        let document = format!(r#"{{"permissions": {{{}}}}}"#, permissions.join(","));
        let map = read(&document, "").unwrap();
        let line = map.text().strip_prefix("/things/{}\n").unwrap();
        let prefix = format!("  {method} A ");
        line.strip_prefix(&prefix).unwrap().trim_end().to_owned()
    }

    const LEAST: &str = "least=Application";

    #[test]
    fn least_permissions_are_chosen_by_rules() {
        let ca = "Policy.ReadWrite.ConditionalAccess";
        for (method, permissions, line) in [
            (
                "GET",
                [("T.ReadWrite", LEAST), ("T.Read", LEAST)],
                "T.Read > T.ReadWrite".to_owned(),
            ),
            (
                "GET",
                [("T.ReadWrite", LEAST), ("T.Read", "")],
                "T.ReadWrite > T.Read".to_owned(),
            ),
            (
                "PATCH",
                [("T.FullControl.All", LEAST), ("T.ReadWrite.All", LEAST)],
                "T.ReadWrite.All T.FullControl.All".to_owned(),
            ),
            (
                "DELETE",
                [("T.ReadWrite", LEAST), ("T.Read", LEAST)],
                "T.ReadWrite".to_owned(),
            ),
            (
                "PUT",
                [("T.ReadWrite", LEAST), ("U.Read", LEAST)],
                "T.ReadWrite".to_owned(),
            ),
            (
                "POST",
                [("T.ReadWrite", LEAST), ("U.Read", LEAST)],
                "T.ReadWrite U.Read".to_owned(),
            ),
            (
                "PATCH",
                [("T.Read", LEAST), ("T.ReadWrite", "")],
                "T.Read > T.ReadWrite".to_owned(),
            ),
            (
                "PATCH",
                [("Policy.Read.All", LEAST), (ca, "")],
                format!("{ca}+Policy.Read.All"),
            ),
            (
                "GET",
                [("Policy.Read.All", LEAST), (ca, "")],
                format!("Policy.Read.All > {ca}"),
            ),
            ("PATCH", [("T.A", ""), ("T.B", "")], "> T.A T.B".to_owned()),
        ] {
            assert_eq!(
                imported(method, &permissions),
                line,
                "{method} {permissions:?}"
            );
        }
        assert_eq!(imported("PATCH", &[("T.ReadWrite", "")]), "T.ReadWrite");
    }

    #[test]
    fn required_permissions_are_alternatives() {
        let assign = [
            (
                "Assign.All",
                "least=Application;AlsoRequires=App.Read,Dir.Read",
            ),
            ("App.Read", "least=Application;AlsoRequires=Assign.All"),
            ("Dir.Read", ""),
            ("Dir.ReadWrite", ""),
        ];
        assert_eq!(
            imported("POST", &assign),
            "Assign.All+App.Read > Dir.ReadWrite Assign.All+Dir.Read"
        );
        let either = [(
            "App.ReadWrite",
            "least=Application;AlsoRequires=U.Read,G.Read",
        )];
        assert_eq!(
            imported("POST", &either),
            "App.ReadWrite+G.Read App.ReadWrite+U.Read"
        );
        let defaults = [("P.Read", LEAST), ("P.ReadWrite", "AlsoRequires=P.Read")];
        assert_eq!(imported("GET", &defaults), "P.Read");
    }

    #[test]
    fn path_sets_of_one_path_are_merged() {
        let set = |options: &str| {
            format!(
                r#"{{"schemeKeys": ["DelegatedWork"], "methods": ["GET"], "paths": {{"/x?y": "", "/x/": "{options}"}}}}"#
            )
        };
        let (one, other) = (set(""), set("least=DelegatedWork"));
        let document =
            format!(r#"{{"permissions": {{"A.Read": {{"pathSets": [{one}, {other}]}}}}}}"#);
        let map = read(&document, "").unwrap();
        assert_eq!(map.text(), "/x\n  GET D A.Read\n");
        assert_eq!(map.find("POST", "/x", "/x"), None::<Permissions>);
    }

    #[test]
    fn errors_have_line_and_column() {
        let set = |schemes: &str, methods: &str, options: &str| {
            format!(
                "{{\"permissions\": {{\"A\": {{\"pathSets\": [\n{{\"schemeKeys\": [{schemes}], \"methods\": [{methods}], \
                 \"paths\": {{\"/x\": \"{options}\"}}}}]}}}}}}"
            )
        };
        let delegated = "\"DelegatedWork\"";
        for (document, problem, line) in [
            (set("\"Alien\"", "", ""), "unknown variant `Alien`", 2),
            (
                set(delegated, "\"TRACE\"", ""),
                "unknown variant `TRACE`",
                2,
            ),
            (
                set(delegated, "\"GET\"", "least=Alien"),
                "unknown scheme `Alien`",
                2,
            ),
            (
                set(delegated, "\"GET\"", "AlsoRequires=a b"),
                "`a b` is not a permission",
                2,
            ),
            (
                set(delegated, "\"GET\"", "most=A"),
                "unknown option `most`",
                2,
            ),
            (
                r#"{"permissions": {"a b": {}}}"#.to_owned(),
                "invalid value: string \"a b\"",
                1,
            ),
            ("[]".to_owned(), "invalid length 0", 1),
            ("{\n".to_owned(), "EOF while parsing", 2),
            ("[".repeat(100_000), "invalid type", 1),
        ] {
            let error = read(&document, "").unwrap_err();
            assert!(error.to_string().contains(problem), "{error}");
            assert_eq!(error.line(), line, "{error}");
        }
    }
}
