//! Reads Microsoft's `permissions.json`.

mod document;
mod least;

use std::collections::BTreeMap;

use msgraph_csdl::permissions::{MapEntry, PermissionMap, Permissions, Scheme};

use serde::de::Error as _;

pub use document::PermissionDocument;

pub(crate) use document::{DocumentedScheme, PermissionName};

use least::{Granted, Reach};

impl PermissionDocument {
    /// Parses the text.
    ///
    /// # Errors
    ///
    /// The text is not a permission document. The message contains line and column.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Converts the document into a map. Each line of the header becomes a comment at its top.
    ///
    /// # Errors
    ///
    /// The document has no operations.
    pub fn map(&self, header: &str) -> Result<PermissionMap, serde_json::Error> {
        let operations = operations(self);
        if operations.is_empty() {
            // More likely a failed download than a service without operations.
            return Err(serde_json::Error::custom("the document has no operations"));
        }
        let mut reach = Reach::new();
        for name in operations
            .values()
            .flat_map(BTreeMap::values)
            .flat_map(BTreeMap::keys)
        {
            *reach.entry(name).or_default() += 1;
        }
        let entries = operations.into_iter().map(|((path, method), schemes)| {
            let mut permissions = Permissions::default();
            for (scheme, granted) in schemes {
                *permissions.of_mut(scheme) = Some(least::access(method, path, granted, &reach));
            }
            MapEntry {
                path: path.to_owned(),
                method: method.to_owned(),
                permissions,
            }
        });
        Ok(PermissionMap::from_entries(header, entries))
    }
}

type Operations<'d> = BTreeMap<(&'d str, &'static str), BTreeMap<Scheme, Granted<'d>>>;

/// What is granted for each operation, by path and method.
fn operations(document: &PermissionDocument) -> Operations<'_> {
    let mut operations = Operations::new();
    for (name, permission) in &document.permissions.0 {
        for set in &permission.path_sets {
            let paths = set.paths.0.iter();
            let paths = paths.filter_map(|(path, options)| Some((path.0.as_deref()?, options)));
            for (path, options) in paths {
                // A permission that requires itself requires nothing else.
                let also = options.also.iter().filter(|also| *also != name);
                for method in &set.methods {
                    let schemes = operations.entry((path, method.name())).or_default();
                    for scheme in &set.scheme_keys {
                        let granted = schemes.entry((*scheme).into()).or_default();
                        // Several path sets may have the same path.
                        let grant = granted.entry(&name.0).or_default();
                        grant.is_least |= options.least.contains(scheme);
                        grant.also.extend(also.clone().map(|also| also.0.as_str()));
                    }
                }
            }
        }
    }
    operations
}

#[cfg(test)]
mod tests {
    use msgraph_csdl::permissions::{PermissionMap, Permissions};

    use super::PermissionDocument;

    fn read(document: &str) -> Result<PermissionMap, serde_json::Error> {
        PermissionDocument::parse(document)?.map("")
    }

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
        let map = read(&document).unwrap();
        let mut lines = map.text().lines();
        assert_eq!(lines.next(), Some("/things/{}"));
        let prefix = format!("  {method} A ");
        lines
            .next()
            .unwrap()
            .strip_prefix(&prefix)
            .unwrap()
            .to_owned()
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
        let itself = [("P.Write", "AlsoRequires=P.Write")];
        assert_eq!(imported("PATCH", &itself), "P.Write");
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
        let map = read(&document).unwrap();
        assert_eq!(map.text(), "/x\n  GET D A.Read\n# end: 1 operations\n");
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
                "\"a b\" is not the name of a permission",
                2,
            ),
            (
                set(delegated, "\"GET\"", "most=A"),
                "unknown option `most`",
                2,
            ),
            (
                r#"{"permissions": {"a b": {}}}"#.to_owned(),
                "\"a b\" is not the name of a permission",
                1,
            ),
            ("[]".to_owned(), "invalid length 0", 1),
            ("{\n".to_owned(), "EOF while parsing", 2),
            ("[".repeat(100_000), "invalid type", 1),
        ] {
            let error = PermissionDocument::parse(&document).unwrap_err();
            assert!(error.to_string().contains(problem), "{error}");
            assert_eq!(error.line(), line, "{error}");
        }
    }

    #[test]
    fn paths_and_names_that_a_map_cannot_contain_are_errors() {
        let document = |name: &str, path: &str| {
            format!(
                r#"{{"permissions": {{"{name}": {{"pathSets": [{{"schemeKeys": ["Application"], "methods": ["GET"],
                    "paths": {{"{path}": ""}}}}]}}}}}}"#
            )
        };
        for path in [
            "",
            "/",
            "users",
            r"/a\u001bb",
            r"/a\nb",
            r"/a('%00')",
            r"/a\u00a0b/('x')",
            "/a('b(c)')",
        ] {
            let error = read(&document("A.Read", path)).unwrap_err().to_string();
            assert!(
                error.contains("is not the path of an operation"),
                "{path}: {error}"
            );
            assert!(error.contains("at line 2 column"), "{path}: {error}");
            assert!(!error.contains('\u{1b}'), "{error}");
        }
        for name in ["", "and", "-", "..", ">", "A B", "A+B", "é"] {
            let error = read(&document(name, "/a")).unwrap_err().to_string();
            assert!(
                error.contains("is not the name of a permission"),
                "{name}: {error}"
            );
        }
        let error = read(r#"{"permissions": {}}"#).unwrap_err().to_string();
        assert_eq!(error, "the document has no operations");
    }

    #[test]
    fn a_path_with_many_permissions_is_imported() {
        let many = |nth: usize| format!("P{nth}.Read");
        let permissions: Vec<String> = (0..20_000).map(many).collect();
        let options = format!("least=Application;AlsoRequires={}", permissions.join(","));
        let mut all: Vec<(&str, &str)> = permissions
            .iter()
            .map(|name| (name.as_str(), LEAST))
            .collect();
        all.push(("A.Write", &options));
        for method in ["GET", "POST", "PATCH"] {
            assert!(!imported(method, &all).is_empty(), "{method}");
        }
    }
}
