//! The built-in facts, facts that override them, and the permissions of operations.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use msgraph_csdl::facts::{BUILT_IN_NAME, Facts, PermissionOrigin};
use msgraph_csdl::permissions::{Access, PermissionMap, Scheme};
use msgraph_csdl::read::{add_built_in_facts, read_facts};
use msgraph_csdl::source::Sources;

const PASSES: &str = "/users/{id}/authentication/temporaryAccessPassMethods";
const POLICY: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

fn built_in() -> Facts {
    let mut sources = Sources::new();
    let file = add_built_in_facts(&mut sources);
    read_facts(&sources, &[file]).unwrap()
}

/// The facts of a file, with or without the built-in ones.
fn layered(text: &str, with_built_in: bool) -> (Sources, Facts) {
    let mut sources = Sources::new();
    let mut files = Vec::new();
    if with_built_in {
        files.push(add_built_in_facts(&mut sources));
    }
    files.push(sources.add("facts.toml", text));
    let facts = read_facts(&sources, &files).unwrap();
    (sources, facts)
}

fn errors(text: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("facts.toml", text);
    read_facts(&sources, &[file]).unwrap_err().to_string()
}

fn names(requirements: &[msgraph_csdl::permissions::Requirement]) -> Vec<String> {
    requirements.iter().map(ToString::to_string).collect()
}

/// The permissions of an operation for one scheme, by the facts and the built-in map.
fn access(facts: &Facts, method: &str, path: &str, scheme: Scheme) -> Option<Access> {
    let map = PermissionMap::built_in();
    let known = facts.permissions(Some(&map), method, path, path)?;
    known.permissions.of(scheme).cloned()
}

#[test]
fn a_file_overrides_the_built_in_facts_entry_by_entry() {
    let limit =
        "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration/defaultLength";
    let text = format!(
        "[property.\"{limit}\"]\ndefault = 9\nsource = \"https://example.org\"\n\
         [operation.\"GET {PASSES}\"]\nroles = [\"Ours\"]\nsource = \"https://example.org\"\n"
    );
    let (sources, facts) = layered(&text, true);
    let property = &facts.properties[limit];
    assert_eq!((property.minimum, property.maximum), (None, None));
    let place = sources.location(property.span);
    assert_eq!((place.name, place.line), ("facts.toml", 1));
    let list = facts.operation_of("GET", PASSES).unwrap();
    assert_eq!(list.roles, ["Ours"]);
    assert!(list.clouds.is_empty());
    let update = facts.operation(POLICY).unwrap();
    let place = sources.location(update.span);
    assert_eq!(place.name, BUILT_IN_NAME);
    let line = msgraph_csdl::facts::BUILT_IN.lines().nth(place.line - 1);
    assert_eq!(line.unwrap(), format!("[operation.\"{POLICY}\"]"));

    let (_, alone) = layered(&text, false);
    assert_eq!(alone.properties.len(), 1);
    assert!(alone.operation(POLICY).is_none());
}

#[test]
fn permissions_are_a_list_or_a_list_for_each_scheme() {
    let text = "[operation.\"GET /books\"]\nsource = \"s\"\n\
                permissions = [\"Books.Read\", \"Books.ReadWrite and Shelves.Read\"]\n\
                [operation.\"/books/{id}\"]\nsource = \"s\"\n\
                permissions = { delegated = \"Books.Write\", personal = [], application = [\"Books.All\", \"Directory.All\"] }\n";
    let (_, facts) = layered(text, false);
    for scheme in [Scheme::DelegatedWork, Scheme::Application] {
        let list = access(&facts, "GET", "/books", scheme).unwrap();
        assert_eq!(names(&list.least), ["Books.Read"]);
        assert_eq!(names(&list.higher), ["Books.ReadWrite and Shelves.Read"]);
        let granted = |names: &'static [&str]| list.is_allowed(|name: &str| names.contains(&name));
        assert!(granted(&["Books.ReadWrite", "Shelves.Read"]));
        assert!(!granted(&["Books.ReadWrite"]));
    }
    let of = |scheme| access(&facts, "PATCH", "/books/{book-id}", scheme);
    assert_eq!(of(Scheme::DelegatedPersonal), None);
    assert_eq!(
        names(&of(Scheme::DelegatedWork).unwrap().least),
        ["Books.Write"]
    );
    assert_eq!(
        names(&of(Scheme::Application).unwrap().higher),
        ["Directory.All"]
    );
    assert!(access(&facts, "DELETE", "/books/{id}", Scheme::Application).is_none());
}

#[test]
fn mistakes_in_permissions_are_errors() {
    let of = |permissions: &str| {
        errors(&format!(
            "[operation.\"GET /books\"]\npermissions = {permissions}\nsource = \"s\"\n"
        ))
    };
    let part = |entry: &str| {
        errors(&format!(
            "[permission.\"Books.Read\"]\nsource = \"s\"\n{entry}\n"
        ))
    };
    for (error, expected) in [
        (of("[]"), "`permissions` names no permission"),
        (
            of("[\"Books Read\"]"),
            "`Books Read` is not the name of a permission",
        ),
        (of("[\"A and \"]"), "`` is not the name of a permission"),
        (of("{ delegatd = [\"A\"] }"), "unknown key `delegatd`"),
        (of("7"), "`permissions` has a value of type integer"),
        (part(""), "`Books.Read` has no `partial`"),
        (
            part("partial = \"p\"\npaths = \"GET /books\""),
            "`GET /books` is not a path",
        ),
        (
            part("partial = \"p\"\ninstead = \"a b\""),
            "`a b` is not the name of a permission",
        ),
        (
            part("partial = \"p\"\nmethods = \"GET\""),
            "unknown key `methods`",
        ),
        (
            errors("[permission.\"Books.Read\"]\npartial = \"p\""),
            "has no `source`",
        ),
    ] {
        assert!(error.contains(expected), "no {expected} in {error}");
        assert!(error.contains("facts.toml:"), "{error}");
    }
}

/// The facts override the map for an operation as a whole.
#[test]
fn facts_take_precedence_over_the_map() {
    let map = PermissionMap::built_in();
    let text = format!(
        "[operation.\"{POLICY}\"]\npermissions = \"Ours\"\nsource = \"https://example.org\"\n"
    );
    let (sources, facts) = layered(&text, true);
    let known = facts
        .permissions(Some(&map), "PATCH", POLICY, POLICY)
        .unwrap();
    let PermissionOrigin::Facts { span, source } = known.origin else {
        panic!("{known:?}");
    };
    assert_eq!(sources.location(span).name, "facts.toml");
    assert_eq!(source, "https://example.org");
    assert_eq!(names(&known.permissions.delegated.unwrap().least), ["Ours"]);

    let known = facts
        .permissions(Some(&map), "GET", POLICY, POLICY)
        .unwrap();
    assert_eq!(known.origin, PermissionOrigin::Map);
    assert!(facts.permissions(None, "GET", POLICY, POLICY).is_none());
}

#[test]
fn a_partial_permission_is_not_the_least() {
    let text = "[permission.\"Books.Read\"]\npartial = \"titles\"\npaths = \"/books/**\"\n\
                instead = [\"Books.ReadMost\", \"Books.ReadAll\"]\nsource = \"s\"\n";
    let operation = |path: &str, permissions: &str| {
        let operation =
            format!("[operation.\"GET {path}\"]\npermissions = {permissions}\nsource = \"s\"\n");
        let (_, facts) = layered(&(operation + text), false);
        access(&facts, "GET", path, Scheme::DelegatedWork).unwrap()
    };
    let found = operation(
        "/books/{id}",
        "[\"Books.Read\", \"Directory.All\", \"Books.ReadAll\"]",
    );
    assert_eq!(names(&found.least), ["Books.ReadAll"]);
    assert_eq!(names(&found.higher), ["Directory.All"]);
    assert_eq!(names(&found.partial), ["Books.Read"]);
    assert!(!found.is_allowed(|name: &str| name == "Books.Read"));
    // Without a replacement, the least privileged permission is not known.
    let found = operation(
        "/books('{id}')",
        "[\"Books.Read and Shelves.Read\", \"Directory.All\"]",
    );
    assert!(found.least.is_empty());
    assert_eq!(names(&found.partial), ["Books.Read and Shelves.Read"]);
    let found = operation("/shelves", "[\"Books.Read\", \"Books.ReadAll\"]");
    assert_eq!(names(&found.least), ["Books.Read"]);
    // It is all that the scheme can do.
    let found = operation("/books", "[\"Books.Read\"]");
    assert_eq!(names(&found.least), ["Books.Read"]);
}

#[test]
fn built_in_facts_and_map_name_the_documented_permissions() {
    let facts = built_in();
    let pass = &format!("{PASSES}/{{pass-id}}");
    let add_member = "/groups/{group-id}/members/$ref";
    let both = |method, path, least| (method, path, least, least);
    for (method, path, delegated, application) in [
        both("PATCH", POLICY, "Policy.ReadWrite.AuthenticationMethod"),
        both("GET", POLICY, "Policy.Read.AuthenticationMethod"),
        both("DELETE", POLICY, "Policy.ReadWrite.AuthenticationMethod"),
        both("GET", PASSES, "UserAuthMethod-TAP.Read.All"),
        both("POST", PASSES, "UserAuthMethod-TAP.ReadWrite.All"),
        both("GET", pass, "UserAuthMethod-TAP.Read.All"),
        both("DELETE", pass, "UserAuthMethod-TAP.ReadWrite.All"),
        both("PATCH", "/groups/{id}", "Group.ReadWrite.All"),
        both("GET", "/groups/{id}", "Group.ReadBasic.All"),
        both("GET", "/groups", "Group.ReadBasic.All"),
        both("PATCH", "/users/{id}", "User.ReadWrite.All"),
        both("GET", "/users/{id}", "User.ReadBasic.All"),
        both("PATCH", "/organization/{id}", "Organization.ReadWrite.All"),
        ("GET", "/organization", "User.Read", "Organization.Read.All"),
        (
            "GET",
            "/organization/{id}",
            "User.Read",
            "Organization.Read.All",
        ),
        both("POST", add_member, "GroupMember.ReadWrite.All"),
        both(
            "POST",
            "/users/{id}/revokeSignInSessions",
            "User.RevokeSessions.All",
        ),
    ] {
        for (scheme, expected) in [
            (Scheme::DelegatedWork, delegated),
            (Scheme::Application, application),
        ] {
            let found = access(&facts, method, path, scheme).unwrap();
            let first = found.least.first().map(ToString::to_string);
            assert_eq!(
                first.as_deref(),
                Some(expected),
                "{method} {path}: {found:?}"
            );
        }
    }
    let own = access(&facts, "PATCH", "/users/{id}", Scheme::DelegatedPersonal).unwrap();
    assert_eq!(names(&own.least), ["User.ReadWrite"]);
    let update = facts.permissions(
        Some(&PermissionMap::built_in()),
        "PATCH",
        "/users/{id}",
        "/users/{id}",
    );
    let covered = update.unwrap().covered;
    assert_eq!(
        covered["User-Mail.ReadWrite.All"],
        "the property `otherMails`"
    );
    assert!(access(&facts, "PATCH", POLICY, Scheme::DelegatedPersonal).is_none());
}

/// Permissions for some users or properties do not suffice for the whole operation.
#[test]
fn built_in_partial_permissions_do_not_suffice() {
    let facts = built_in();
    let message = "/users/{id}/messages/{id}";
    for (method, path, permission) in [
        ("GET", "/users/{id}", "User.ReadWrite.CrossCloud"),
        ("PATCH", "/users/{id}", "User.ReadWrite.CrossCloud"),
        ("GET", "/users", "User.ReadWrite.CrossCloud"),
        ("GET", message, "Mail.ReadBasic.All"),
    ] {
        let found = access(&facts, method, path, Scheme::Application).unwrap();
        assert!(!found.is_allowed(|name| name == permission), "{found:?}");
        assert!(names(&found.partial).contains(&permission.to_owned()));
    }
    let least = |path| {
        access(&facts, "GET", path, Scheme::Application)
            .unwrap()
            .least
    };
    assert_eq!(names(&least(message)), ["Mail.Read"]);
    assert_eq!(
        names(&least("/users/{id}/messages")),
        ["Mail.ReadBasic.All"]
    );
}

/// A fact that agrees with the map would not be renewed with it.
#[test]
fn built_in_permissions_correct_the_map() {
    let facts = built_in();
    let map = PermissionMap::built_in();
    for (key, documented) in &facts.operations {
        let Some(permissions) = &documented.permissions else {
            continue;
        };
        let (method, path) = key.split_once(' ').unwrap_or(("PATCH", key));
        let of_map = map.find(method, path, path);
        assert_ne!(of_map.as_ref(), Some(permissions), "{key}");
    }
}

/// An entry that matches nothing in the map would be a mistake in its name or its paths.
#[test]
fn built_in_partial_permissions_have_an_effect() {
    let facts = built_in();
    let map = PermissionMap::built_in();
    let mut unused: BTreeSet<&str> = facts.permissions.keys().map(String::as_str).collect();
    for entry in map.entries() {
        let known = facts.permissions(Some(&map), &entry.method, &entry.path, &entry.path);
        for name in known.iter().flat_map(|known| known.covered.keys()) {
            unused.remove(name.as_str());
        }
    }
    assert!(unused.is_empty(), "{unused:?}");
}

/// Each permission exists in Microsoft's data, and is one of those of its operation.
#[test]
fn built_in_facts_name_permissions_that_exist() {
    let test = "facts::built_in_facts_name_permissions_that_exist";
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/permissions/permissions.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        // The test harness hides the output of `eprintln!` if the test passes.
        let absent = file.display();
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: `{absent}` is absent");
        return;
    };
    let data: serde_json::Value = serde_json::from_str(&text).unwrap();
    let known = data["permissions"].as_object().unwrap();
    let facts = built_in();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for (name, entry) in &facts.permissions {
        named.insert(name.clone());
        named.extend(entry.instead.iter().cloned());
    }
    for facts in facts.operations.values() {
        let permissions = facts.permissions.iter();
        let accesses =
            permissions.flat_map(|it| Scheme::ALL.into_iter().filter_map(|scheme| it.of(scheme)));
        named.extend(
            accesses
                .flat_map(Access::all)
                .flat_map(|it| it.names().map(str::to_owned).collect::<Vec<_>>()),
        );
    }
    named.retain(|name| !known.contains_key(name));
    assert!(named.is_empty(), "{named:?}");
}
