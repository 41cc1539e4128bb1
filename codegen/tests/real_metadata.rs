//! Runs the generator on the metadata that Microsoft publishes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

mod published;

use std::fs;
use std::path::{Path, PathBuf};

use msgraph_codegen::{ALLOWED_LINTS, Config};
use msgraph_csdl::model::{Schema, TypeKind};
use msgraph_csdl::read::{read_file, read_schema};
use msgraph_csdl::source::Sources;

const WITH_TAP: [&str; 7] = [
    "v1.0-global.csdl",
    "v1.0-global-clean.csdl",
    "v1.0-global-before-2026-03-24.csdl",
    "v1.0-us-gov.csdl",
    "v1.0-usnat.csdl",
    "beta-usnat.csdl",
    "beta-global-2021-07-13.csdl",
];
const TAP: &str = "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The project's manifest with other CSDL files.
fn tap(document: &Path) -> Config {
    Config::new(project().join("metadata/graph.toml")).metadata([document])
}

#[test]
fn tap_is_generated_from_every_cloud_that_has_it() {
    let directory = tempfile::tempdir().unwrap();
    let compile = trybuild::TestCases::new();
    for file in WITH_TAP {
        let test = "real_metadata::tap_is_generated_from_every_cloud_that_has_it";
        let Some(document) = published::shared(test, &format!("metadata/{file}")) else {
            return;
        };
        let code = tap(&document).generate().unwrap().code;
        let fields: Vec<&str> = code
            .split("pub struct TemporaryAccessPassPatch {")
            .nth(1)
            .and_then(|rest| rest.split("\n}").next())
            .unwrap_or_else(|| panic!("{file}: the patch struct"))
            .lines()
            .filter_map(|line| line.trim().strip_prefix("pub "))
            .collect();
        for field in [
            "default_length: __rt::Option<__rt::Nullable<i32>>,",
            "default_lifetime_in_minutes: __rt::Option<__rt::Nullable<i32>>,",
            "is_usable_once: __rt::Option<__rt::Nullable<bool>>,",
            "maximum_lifetime_in_minutes: __rt::Option<__rt::Nullable<i32>>,",
            "minimum_lifetime_in_minutes: __rt::Option<__rt::Nullable<i32>>,",
            "state: __rt::Option<__rt::Nullable<AuthenticationMethodState>>,",
        ] {
            assert!(fields.contains(&field), "{file}: {field} in {fields:?}");
        }
        assert!(
            fields
                .iter()
                .any(|field| field.starts_with("include_targets: __rt::Option<__rt::Vec<")),
            "{file}: {fields:?}"
        );
        let program = directory.path().join(format!("{file}.rs"));
        fs::write(
            &program,
            format!(
                "//! TAP of a cloud.\n#![deny(warnings, missing_docs)]\n/// Generated.\n\
                 #[allow({})]\npub mod graph {{\n{code}\n}}\nfn main() {{}}\n",
                ALLOWED_LINTS.join(", ")
            ),
        )
        .unwrap();
        compile.pass(program);
    }
}

#[test]
fn china_lacks_tap_and_the_error_says_who_has_it() {
    let test = "real_metadata::china_lacks_tap_and_the_error_says_who_has_it";
    let Some(folder) = published::shared(test, "metadata") else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("graph.toml");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(
        &manifest,
        format!(
            "api-version = \"v1.0\"\n\
             metadata = {{ \"v1.0\" = {:?} }}\n\
             other-clouds = {{ global = {:?}, us-gov-l4 = {:?} }}\n\
             [[update]]\n\
             path = \"/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass\"\n\
             type = {TAP:?}\n",
            file("v1.0-china.csdl"),
            file("v1.0-global.csdl"),
            file("v1.0-us-gov.csdl"),
        ),
    )
    .unwrap();
    let error = Config::new(&manifest).generate().unwrap_err().to_string();
    assert!(error.contains(TAP), "{error}");
    assert!(error.contains("v1.0-china.csdl` has no type"), "{error}");
    assert!(error.contains("global (`"), "{error}");
    assert!(error.contains("us-gov-l4 (`"), "{error}");
    assert!(error.contains("graph.toml:6:8"), "{error}");
}

#[test]
fn the_order_of_the_document_does_not_show() {
    let test = "real_metadata::the_order_of_the_document_does_not_show";
    let Some(document) = published::shared(test, "metadata/v1.0-global-clean.csdl") else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let generate = |document: &Path| {
        let manifest = directory.path().join("graph.toml");
        let text = fs::read_to_string(project().join("metadata/graph.toml")).unwrap();
        let text = text.replace(
            "\"v1.0.csdl\"",
            &format!("{:?}", document.to_str().unwrap()),
        );
        fs::write(
            &manifest,
            format!("{text}\n[[update]]\npath = \"/policies/**\"\n"),
        )
        .unwrap();
        Config::new(&manifest).generate().unwrap().code
    };
    let code = generate(&document);
    assert!(code.matches("__rt::patch(").count() > 20);
    assert_eq!(code, generate(&document), "twice the same");
    let text = fs::read_to_string(&document).unwrap();
    for seed in 1..=3 {
        let shuffled = directory.path().join("shuffled.csdl");
        fs::write(
            &shuffled,
            shuffle(text.trim_start_matches('\u{feff}'), seed),
        )
        .unwrap();
        assert!(code == generate(&shuffled), "shuffled with {seed}");
    }
}

/// The file with its schemas, and the children of each, in another order. Annotations keep their order, because
/// the first of two duplicates is used.
fn shuffle(text: &str, seed: u64) -> String {
    let xml = roxmltree::Document::parse(text).unwrap();
    let mut state = seed;
    let mut next = move || {
        // Knuth's constants; any full-period generator works.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut schemas: Vec<String> = xml
        .descendants()
        .filter(|node| node.tag_name().name() == "Schema")
        .map(|schema| {
            let elements: Vec<_> = schema.children().filter(|node| node.is_element()).collect();
            let start = &text[schema.range().start..elements[0].range().start];
            let (annotations, mut rest): (Vec<roxmltree::Node>, Vec<roxmltree::Node>) = elements
                .into_iter()
                .partition(|node| node.tag_name().name() == "Annotations");
            rest.sort_by_cached_key(|_| next());
            let children: String = rest
                .into_iter()
                .chain(annotations)
                .map(|node| &text[node.range()])
                .collect();
            format!("{start}{children}</Schema>")
        })
        .collect();
    schemas.sort_by_cached_key(|_| next());
    let root = &text[..text.find("<Schema ").unwrap()];
    let end = text.rfind("</Schema>").unwrap() + "</Schema>".len();
    format!("{root}{}{}", schemas.concat(), &text[end..])
}

/// The project's own metadata declares every type and property as in the published file.
#[test]
fn our_metadata_agrees_with_the_published() {
    let test = "real_metadata::our_metadata_agrees_with_the_published";
    for (ours, theirs) in [
        ("v1.0.csdl", "v1.0-global.csdl"),
        ("v1.0.csdl", "v1.0-us-gov.csdl"),
        ("v1.0.csdl", "v1.0-usnat.csdl"),
        ("beta.csdl", "beta-usnat.csdl"),
    ] {
        let Some(published) = published::shared(test, &format!("metadata/{theirs}")) else {
            return;
        };
        let mut sources = Sources::new();
        let own = read_file(&mut sources, project().join("metadata").join(ours)).unwrap();
        let published = read_file(&mut sources, published).unwrap();
        let own = read_schema(&sources, &[own]).unwrap();
        let published = read_schema(&sources, &[published]).unwrap();
        compare(&own, &published, &format!("{ours} and {theirs}"));
    }
}

fn compare(own: &Schema<'_>, published: &Schema<'_>, files: &str) {
    // Of these types, our metadata has only the properties that a tool for passes needs.
    let on_the_way = [
        "policyRoot",
        "authenticationMethodsPolicy",
        "authentication",
        "user",
        "group",
        "directoryObject",
        "authenticationMethod",
    ];
    for (_, ours) in own.types() {
        let name = ours.qualified_name();
        let id = published
            .find(&name)
            .unwrap_or_else(|| panic!("{files}: {name}"));
        let theirs = &published[id];
        match (&ours.kind, &theirs.kind) {
            (TypeKind::Structured(a), TypeKind::Structured(b)) => {
                assert_eq!(
                    (a.kind, a.is_abstract, a.is_open, a.key.is_some()),
                    (b.kind, b.is_abstract, b.is_open, b.key.is_some()),
                    "{files}: {name}"
                );
                assert_eq!(
                    a.base.map(|id| own[id].qualified_name()),
                    b.base.map(|id| published[id].qualified_name()),
                    "{files}: {name}"
                );
                let mut a = members(own, a);
                let mut b = members(published, b);
                if on_the_way.contains(&ours.name.text.as_ref()) {
                    b.retain(|member| a.contains(member));
                }
                // This cloud is years behind: it lacks properties of passes.
                if files.contains("usnat") {
                    a.retain(|member| b.contains(member));
                }
                assert_eq!(a, b, "{files}: {name}");
            }
            (TypeKind::Enumeration(a), TypeKind::Enumeration(b)) => {
                let list = |ty: &msgraph_csdl::model::EnumType<'_>| -> Vec<(String, i64)> {
                    ty.members
                        .iter()
                        .map(|member| (member.name.text.to_string(), member.value))
                        .collect()
                };
                assert_eq!(
                    (a.is_flags, list(a)),
                    (b.is_flags, list(b)),
                    "{files}: {name}"
                );
            }
            _ => panic!("{files}: {name} is of another kind"),
        }
    }
    for child in own.container() {
        let theirs = published.container_child(&child.name.text).unwrap();
        assert_eq!(child.kind, theirs.kind);
        assert_eq!(
            own[child.ty].qualified_name(),
            published[theirs.ty].qualified_name()
        );
    }
}

/// Name, type, whether it is a collection, nullability, containment.
fn members(
    schema: &Schema<'_>,
    ty: &msgraph_csdl::model::StructuredType<'_>,
) -> Vec<(String, String, bool, bool, bool)> {
    use msgraph_csdl::model::ItemType;
    let structural = ty.properties.iter().map(|property| {
        let item = match property.ty.item {
            ItemType::Primitive(primitive) => primitive.name().to_owned(),
            ItemType::Declared(id) => schema[id].qualified_name(),
        };
        (
            property.name.text.to_string(),
            item,
            property.ty.is_collection,
            property.nullable,
            false,
        )
    });
    let navigation = ty.navigation_properties.iter().map(|property| {
        (
            property.name.text.to_string(),
            schema[property.target].qualified_name(),
            property.is_collection,
            property.nullable,
            property.contains_target,
        )
    });
    structural.chain(navigation).collect()
}

/// A Rust name depends only on the declaration: other changes between two revisions of the metadata do not
/// change it.
#[test]
fn names_are_stable_between_revisions() {
    let test = "real_metadata::names_are_stable_between_revisions";
    let directory = tempfile::tempdir().unwrap();
    let mut revisions = Vec::new();
    for file in ["v1.0-global-before-2026-03-24.csdl", "v1.0-global.csdl"] {
        let Some(document) = published::shared(test, &format!("metadata/{file}")) else {
            return;
        };
        let mut sources = Sources::new();
        let id = read_file(&mut sources, &document).unwrap();
        let schema = read_schema(&sources, &[id]).unwrap();
        let mut manifest = format!(
            "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = {:?} }}\nsend-read-only = true\n",
            document.to_str().unwrap()
        );
        for (_, declaration) in schema.types() {
            if matches!(declaration.kind, TypeKind::Structured(_)) {
                manifest.push_str(&format!("[[struct]]\ntype = \"{declaration}\"\n"));
            }
        }
        let path = directory.path().join("graph.toml");
        fs::write(&path, manifest).unwrap();
        revisions.push(names(&Config::new(&path).generate().unwrap().code));
    }
    let [before, after] = revisions.as_slice() else {
        panic!("two revisions")
    };
    assert!(before.len() > 2000, "{}", before.len());
    let changed: Vec<_> = before
        .iter()
        .filter_map(|(ty, names)| Some((ty, names, after.get(ty)?)))
        .flat_map(|(ty, names, now)| {
            names
                .iter()
                .filter(|(wire, name)| now.get(*wire).is_some_and(|now| now != *name))
                .map(move |(wire, name)| format!("{ty}/{wire}: {name}"))
        })
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
}

/// Rust names by CSDL name and role. The name of a type has the key of an empty wire name.
fn names(
    code: &str,
) -> std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>> {
    let mut names = std::collections::BTreeMap::new();
    for table in code.split("__rt::body! {\n").skip(1) {
        let table = table.split("\n}").next().unwrap();
        let mut lines = table.lines();
        let (name, rest) = lines.next().unwrap().trim().split_once(": ").unwrap();
        let ty = rest.split('"').nth(1).unwrap();
        let mut fields: std::collections::BTreeMap<String, String> = lines
            .filter_map(|entry| {
                let (wire, field) = entry.trim().strip_prefix('"')?.split_once("\" ")?;
                let field = field.split([':', ';']).next()?;
                Some((wire.to_owned(), field.to_owned()))
            })
            .collect();
        fields.insert(String::new(), name.to_owned());
        let role = if name.ends_with("Patch") {
            "patch"
        } else {
            "value"
        };
        names.insert(format!("{role} of {ty}"), fields);
    }
    names
}
