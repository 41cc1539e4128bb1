//! Errors for files that break a rule of CSDL, or are not CSDL, with their locations.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

mod published;

use msgraph_codegen::{Config, Generated};

const MANIFEST: &str = "api-version = \"v1.0\"\nmetadata = { \"v1.0\" = \"m.csdl\" }\n\
                        [[struct]]\ntype = \"n.plain\"\n";

fn generate(document: &str) -> Result<Generated, String> {
    let config = Config::new("graph.toml").manifest_text(MANIFEST);
    let generated = config.text("m.csdl", document.to_owned()).generate();
    generated.map_err(|error| error.to_string())
}

/// A file with these elements, the first at line 3, and types that they can use.
fn document(elements: &str) -> String {
    format!(
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
         <edmx:DataServices><Schema Namespace=\"n\" Alias=\"a\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n\
         <ComplexType Name=\"plain\"><Property Name=\"p\" Type=\"Edm.String\"/></ComplexType>\
         <EntityType Name=\"thing\"><Key><PropertyRef Name=\"id\"/></Key>\
         <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/>\
         <NavigationProperty Name=\"next\" Type=\"n.thing\"/></EntityType>\n\
         {elements}\n</Schema></edmx:DataServices></edmx:Edmx>"
    )
}

#[test]
fn each_rule_has_its_error() {
    let one_key = "<Key><PropertyRef Name=\"k\"/></Key>";
    let rows: Vec<(String, &str)> = vec![
        (
            "<ComplexType Name=\"t\"><NavigationProperty Name=\"x\" Type=\"n.plain\"/></ComplexType>".into(),
            "navigation property `x` of `n.t` has type `n.plain`, which is not an entity type",
        ),
        (
            "<ComplexType Name=\"t\"><NavigationProperty Name=\"x\" Type=\"Collection(a.e)\"/></ComplexType>\
             <EnumType Name=\"e\"><Member Name=\"m\"/></EnumType>".into(),
            "navigation property `x` of `n.t` has type `n.e`, which is not an entity type",
        ),
        (
            "<ComplexType Name=\"t\"><NavigationProperty Name=\"x\" Type=\"Collection(n.thing)\" Nullable=\"true\"/></ComplexType>".into(),
            "navigation property `x` is collection-valued, but has `Nullable`",
        ),
        (
            "<ComplexType Name=\"t\"><Property Name=\"x\" Type=\"Collection(n.thing)\"/></ComplexType>".into(),
            "property `x` of `n.t` has entity type `n.thing`",
        ),
        (
            "<ComplexType Name=\"t\" BaseType=\"n.plain\"><Property Name=\"p\" Type=\"Edm.Int32\"/></ComplexType>".into(),
            "`n.t` redeclares `p`, inherited from `n.plain`, with another type",
        ),
        (
            "<ComplexType Name=\"t\" BaseType=\"n.plain\"><Property Name=\"p\" Type=\"Collection(Edm.String)\"/></ComplexType>".into(),
            "`n.t` redeclares `p`, inherited from `n.plain`, with another type",
        ),
        (
            "<EntityType Name=\"t\" BaseType=\"n.thing\"><Property Name=\"next\" Type=\"n.plain\"/></EntityType>".into(),
            "`n.t` redeclares `next`, inherited from `n.thing`, with another type",
        ),
        (
            "<EnumType Name=\"e\" UnderlyingType=\"Edm.String\"><Member Name=\"m\" Value=\"1\"/></EnumType>".into(),
            "`Edm.String` cannot be the underlying type of an enumeration",
        ),
        (
            "<EnumType Name=\"e\"><Member Name=\"m\" Value=\"2147483648\"/></EnumType>".into(),
            "`2147483648` is out of range for the enumeration",
        ),
        (
            "<EnumType Name=\"e\" UnderlyingType=\"Edm.Byte\"><Member Name=\"m\" Value=\"-1\"/></EnumType>".into(),
            "`-1` is out of range for the enumeration",
        ),
        ("<Annotations Target=\" \"/>".into(), "`Target` is empty"),
        (
            "<ComplexType Name=\"t\"><Key><PropertyRef Name=\"x\"/></Key><Property Name=\"x\" Type=\"Edm.String\"/></ComplexType>".into(),
            "`t` may not have this `Key`",
        ),
        ("<EntityType Name=\"t\"><Key/></EntityType>".into(), "the key of `n.t` is empty"),
        (
            format!("<EntityType Name=\"t\" BaseType=\"n.thing\">{one_key}<Property Name=\"k\" Type=\"Edm.String\" Nullable=\"false\"/></EntityType>"),
            "`n.t` has a key, but so has its base type `n.thing`",
        ),
        (
            format!("<EntityType Name=\"t\">{one_key}<Property Name=\"k\" Type=\"Edm.String\"/></EntityType>"),
            "key property `k` of `n.t` is nullable",
        ),
        (
            format!("<EntityType Name=\"t\">{one_key}<Property Name=\"k\" Type=\"n.plain\" Nullable=\"false\"/></EntityType>"),
            "key property `k` of `n.t` does not have a primitive type",
        ),
        (
            "<EntityType Name=\"t\"><Key><PropertyRef Name=\"k\"/><PropertyRef Name=\"k\"/></Key><Property Name=\"k\" Type=\"Edm.String\" Nullable=\"false\"/></EntityType>".into(),
            "`k` is duplicated in the key of `n.t`",
        ),
        ("<Action Name=\"f\" IsBound=\"true\"/>".into(), "`f` is bound but has no parameter"),
        ("<Function Name=\"f\"/>".into(), "function `f` has no `ReturnType`"),
        (
            "<Action Name=\"f\"><Parameter Name=\"x\" Type=\"Edm.String\"/><Parameter Name=\"x\" Type=\"Edm.Int32\"/></Action>".into(),
            "parameter `x` of `f` is declared twice",
        ),
    ];
    for (elements, message) in rows {
        let error = generate(&document(&elements)).err().unwrap_or_default();
        assert!(error.contains(message), "{elements}\n{error}");
        assert!(
            error.contains(" --> m.csdl:3:") && error.contains("help: "),
            "{error}"
        );
        assert_eq!(error.matches("error: ").count(), 1, "{error}");
    }
}

#[test]
fn what_published_documents_may_break_is_a_warning() {
    let dynamic = |value: &str| {
        format!(
            "<ComplexType Name=\"t\"><Property Name=\"x\" Type=\"Edm.String\">\
             <Annotation Term=\"Org.OData.Core.V1.Description\"{value}</Property></ComplexType>"
        )
    };
    let not_constant = Some("`Org.OData.Core.V1.Description` does not have a constant value");
    for (elements, message) in [
        (dynamic(" Path=\"id\"/>"), not_constant),
        (dynamic("><If><Path>a</Path><String>b</String></If></Annotation>"), not_constant),
        (dynamic("><Path>a</Path></Annotation>"), not_constant),
        (dynamic(" String=\"s\"/>"), None),
        (
            "<EntityType Name=\"t\" BaseType=\"n.thing\" Abstract=\"true\"/>".to_owned(),
            Some("`n.t` is abstract, but its base type `n.thing` is not"),
        ),
        (
            "<EnumType Name=\"e\" UnderlyingType=\"Edm.Int64\"><Member Name=\"m\" Value=\"4294967296\"/></EnumType>"
                .to_owned(),
            None,
        ),
    ] {
        let generated = generate(&document(&elements)).unwrap_or_else(|error| panic!("{error}"));
        let warnings: Vec<&str> = generated.warnings.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(warnings.len(), usize::from(message.is_some()), "{elements}: {warnings:?}");
        let fits = warnings.iter().all(|it| message.is_some_and(|message| it.contains(message)));
        assert!(fits, "{elements}: {warnings:?}");
    }
}

/// A computed value is ignored: the property is sent, and has no description.
#[test]
fn a_dynamic_annotation_counts_as_absent() {
    let manifest = MANIFEST.replace("n.plain", "n.t");
    let code = |annotation: &str| {
        let elements = format!(
            "<ComplexType Name=\"t\"><Property Name=\"x\" Type=\"Edm.String\">{annotation}</Property></ComplexType>"
        );
        let config = Config::new("graph.toml").manifest_text(&manifest);
        config
            .text("m.csdl", document(&elements))
            .generate()
            .unwrap()
            .code
    };
    let without = code("");
    for annotation in [
        "<Annotation Term=\"Org.OData.Core.V1.Description\" Path=\"secret\"/>",
        "<Annotation Term=\"Org.OData.Core.V1.Computed\"><Not><Path>x</Path></Not></Annotation>",
        "<Annotation Term=\"Org.OData.Core.V1.Computed\" Path=\"x\"/>",
    ] {
        assert_eq!(code(annotation), without, "{annotation}");
    }
}

#[test]
fn files_of_another_kind_are_named() {
    let edmx = document("").replace("oasis-open.org/odata/ns/edmx", "example.org/edmx");
    for (text, message, help) in [
        (
            edmx.as_str(),
            "`Edmx` is in the XML namespace `http://docs.example.org/edmx`",
            "http://docs.oasis-open.org/odata/ns/edmx",
        ),
        (
            " {\"$Version\": \"4.01\", \"n\": {}}",
            "`m.csdl` is CSDL JSON",
            "Accept: application/xml",
        ),
        (
            "{\"error\": {\"code\": \"x\"}}",
            "`m.csdl` is JSON",
            "error response",
        ),
        (
            "<!DOCTYPE html>\n<html><head><meta charset=utf-8></head></html>",
            "`m.csdl` is an HTML page",
            "is this an error or sign-in page?",
        ),
        (
            "<?xml version=\"1.0\"?><!-- x --><!doctype HTML PUBLIC \"-//W3C//DTD\"><HTML><br></HTML>",
            "`m.csdl` is an HTML page",
            "is this an error or sign-in page?",
        ),
        (
            "<html><body>Sign in</body></html>",
            "`m.csdl` is an HTML page",
            "is this an error or sign-in page?",
        ),
        (
            "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
            "not XML: ",
            "remove the DOCTYPE",
        ),
    ] {
        let error = generate(text).err().unwrap();
        assert!(error.contains(message) && error.contains(help), "{error}");
        assert_eq!(error.matches("error: ").count(), 1, "{error}");
    }
}

#[test]
fn a_truncated_document_is_reported_where_it_ends() {
    let whole = document(
        "<!-- a > b -->\n<ComplexType Name=\"t\"><Annotation Term=\"x.y\"><String><![CDATA[ <a> ]]>é&lt;</String></Annotation></ComplexType>",
    );
    let root = whole.find("Namespace").unwrap();
    for end in root..whole.len() {
        let Some(text) = whole.get(..end) else {
            continue;
        };
        let error = generate(text).err().unwrap();
        let text = text.trim_end();
        let line = text.matches('\n').count() + 1;
        let start = text.rfind('\n').map_or(0, |newline| newline + 1);
        let column = text.get(start..).unwrap().chars().count() + 1;
        assert!(error.contains("the file is incomplete"), "{text}\n{error}");
        assert!(
            error.contains(&format!("m.csdl:{line}:{column}")),
            "{line}:{column}\n{error}"
        );
    }
    // Errors of an earlier stage are reported by that stage.
    let broken = whole.replace(
        "<ComplexType Name=\"plain\">",
        "<ComplexType Name=\"plain\" x>",
    );
    let error = generate(broken.get(..broken.len() - 5).unwrap())
        .err()
        .unwrap();
    assert!(error.contains("m.csdl:2:"), "{error}");
}

#[test]
fn an_alias_of_two_namespaces_is_the_only_error() {
    let other = "</Schema><Schema Namespace=\"m\" Alias=\"a\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
                 <ComplexType Name=\"u\"><Property Name=\"x\" Type=\"a.plain\"/><Property Name=\"y\" Type=\"a.u\"/></ComplexType>";
    let error = generate(&document(other)).err().unwrap();
    assert!(
        error.contains("alias `a` is already used for `n`"),
        "{error}"
    );
    assert_eq!(error.matches("error: ").count(), 1, "{error}");
}

#[test]
fn an_alias_that_is_a_namespace_is_the_only_error() {
    let other = "</Schema><Schema Namespace=\"m\" Alias=\"n\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
                 <ComplexType Name=\"u\"><Property Name=\"x\" Type=\"n.plain\"/><Property Name=\"y\" Type=\"n.u\"/></ComplexType>";
    let error = generate(&document(other)).err().unwrap();
    assert!(error.contains("alias `n` of `m` is a namespace"), "{error}");
    assert_eq!(error.matches("error: ").count(), 1, "{error}");
}

#[test]
fn a_namespace_that_is_an_alias_is_the_only_error() {
    let other = "</Schema><Schema Namespace=\"a\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
                 <ComplexType Name=\"u\"><Property Name=\"x\" Type=\"a.plain\"/><Property Name=\"y\" Type=\"a.u\"/></ComplexType>";
    let error = generate(&document(other)).err().unwrap();
    assert!(error.contains("alias `a` of `n` is a namespace"), "{error}");
    assert_eq!(error.matches("error: ").count(), 1, "{error}");
}

#[test]
fn a_namespace_declared_twice_is_the_only_error() {
    let other = "</Schema><Schema Namespace=\"n\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
                 <ComplexType Name=\"u\"><Property Name=\"x\" Type=\"n.plain\"/></ComplexType>";
    let error = generate(&document(other)).err().unwrap();
    assert!(error.contains("namespace `n` is declared twice"), "{error}");
    assert_eq!(error.matches("error: ").count(), 1, "{error}");
}

/// Errors about long names are short.
#[test]
fn long_names_make_short_errors() {
    let long = "x".repeat(3 << 20);
    for elements in [
        format!("<ComplexType Name=\"t\"><Property Name=\"x\" Type=\"n.{long}\"/></ComplexType>"),
        format!("<ComplexType Name=\"t\"><Property Name=\"x\" Type=\"{long}.t\"/></ComplexType>"),
        format!("<ComplexType Name=\"t\" BaseType=\"n.{long}\"/>"),
        format!("<ComplexType Name=\"{long}\"/>"),
        format!("<EntityType Name=\"t\"><Key><PropertyRef Name=\"{long}\"/></Key></EntityType>"),
        format!("<EnumType Name=\"t\" UnderlyingType=\"{long}\"/>"),
        format!("<EnumType Name=\"t\"><Member Name=\"m\" Value=\"{long}\"/></EnumType>"),
        format!("<ComplexType Name=\"t\" Abstract=\"`{long}`\"/>"),
        format!(
            "<ComplexType Name=\"t\" Abstract=\"{} \"/>",
            "a `b".repeat(1 << 20)
        ),
        format!(
            "</Schema><Schema xmlns=\"{long}\"/>\
             <Schema Namespace=\"q\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">"
        ),
        format!("</{long}>"),
    ] {
        let error = generate(&document(&elements)).err().unwrap();
        assert!(error.contains("help: "), "{}", error.len());
        assert!(error.len() < 2_000, "{}", error.len());
    }
    // A name of the maximum length in CSDL is not shortened.
    let name = "y".repeat(128);
    let elements = format!("<ComplexType Name=\"t\" BaseType=\"n.{name}\"/>");
    assert!(
        generate(&document(&elements))
            .err()
            .unwrap()
            .contains(&format!("`n.{name}`"))
    );
}

/// No published file breaks a rule whose violation is an error, or has a computed annotation.
#[test]
fn published_documents_break_no_rule_that_is_an_error() {
    let test = "rules::published_documents_break_no_rule_that_is_an_error";
    let Some(folder) = published::shared(test, "metadata") else {
        return;
    };
    let manifest = MANIFEST.replace("n.plain", "microsoft.graph.user");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "csdl") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let config = Config::new("graph.toml").manifest_text(&manifest);
        let generated = config.text("m.csdl", text).generate();
        let generated = generated.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut messages = generated.warnings.iter().map(|it| it.message.as_str());
        let computed = messages.find(|it| it.contains("not constant"));
        assert_eq!(computed, None, "{}", path.display());
    }
}
