//! `msgraph diff` as a user runs it: its output and exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;
#[path = "diff/noise.rs"]
mod noise;
#[path = "diff/operations.rs"]
mod operations;
#[path = "diff/permissions.rs"]
mod permissions;
#[path = "../../codegen/tests/published/mod.rs"]
mod published;
#[path = "diff/roles.rs"]
mod roles;
#[path = "diff/sides.rs"]
mod sides;

use std::fs;
use std::path::{Path, PathBuf};

use command::{Ran, msgraph};
use serde_json::Value;

const METHODS: &str = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations";

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A folder with the project's metadata, unchanged and with replacements.
struct Revisions {
    folder: tempfile::TempDir,
}

impl Revisions {
    fn new(replacements: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let old = fs::read_to_string(project("metadata/v1.0.csdl")).unwrap();
        let mut new = old.clone();
        for (from, to) in replacements {
            assert!(new.contains(from), "no {from}");
            new = new.replace(from, to);
        }
        for (side, text) in [("old", old), ("new", new)] {
            let folder = folder.path().join(side);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("v1.0.csdl"), text).unwrap();
        }
        let manifest = project("metadata/graph.toml");
        fs::copy(manifest, folder.path().join("graph.toml")).unwrap();
        Revisions { folder }
    }

    fn diff(&self, arguments: &[&str]) -> Ran {
        msgraph(self.folder.path(), &[&["diff"], arguments].concat())
    }
}

/// Every kind of change in a report.
fn eventful() -> Revisions {
    Revisions::new(&[
        (
            "<Property Name=\"isRegistrationRequired\" Type=\"Edm.Boolean\" Nullable=\"false\">",
            "<Property Name=\"isRegistrationRequired\" Type=\"Edm.Boolean\">",
        ),
        (
            "<Property Name=\"defaultLength\" Type=\"Edm.Int32\">",
            "<Property Name=\"alphabet\" Type=\"Edm.String\"/><Property Name=\"defaultLength\" Type=\"Edm.Int32\">",
        ),
        (
            "<Member Name=\"disabled\" Value=\"1\" />",
            "<Member Name=\"disabled\" Value=\"1\" /><Member Name=\"staged\" Value=\"2\" />",
        ),
        (
            "Whether the method is enabled in the tenant.",
            "Whether it is on.",
        ),
    ])
}

#[test]
fn the_report_in_the_readme_is_the_output() {
    let revisions = Revisions::new(&[(
        "<Property Name=\"defaultLength\" Type=\"Edm.Int32\">",
        "<Property Name=\"alphabet\" Type=\"Edm.String\"/><Property Name=\"defaultLength\" Type=\"Edm.Int64\">",
    )]);
    let output = revisions.diff(&["old/v1.0.csdl", "new/v1.0.csdl"]);
    let readme = fs::read_to_string(project("README.md")).unwrap();
    let block = format!("\n```text\n{}```\n", output.out);
    assert!(readme.contains(&block), "{block}");
}

/// The expected reports are in files, which `MSGRAPH_REWRITE=1` updates.
#[test]
fn the_reports_read_well() {
    let revisions = eventful();
    for (format, file) in [("text", "report.txt"), ("markdown", "report.md")] {
        let output = revisions.diff(&["old/v1.0.csdl", "new/v1.0.csdl", "--format", format]);
        assert_eq!(output.code, 0, "{}", output.err);
        assert_eq!(output.err, "");
        assert_report_file(file, &output.out);
    }
}

fn assert_report_file(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/diff")
        .join(file);
    if std::env::var_os("MSGRAPH_REWRITE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "`cli/tests/diff/{file}` is stale: renew it with \
         `MSGRAPH_REWRITE=1 cargo test -p msgraph-cli --test diff`\n{text}"
    );
}

#[test]
fn json_has_what_the_text_has() {
    let output = eventful().diff(&["old", "new", "--format", "json"]);
    let report: Value = serde_json::from_slice(output.out.as_bytes()).unwrap();
    assert_eq!(report["verdict"], "major");
    let section = &report["sections"][0];
    assert_eq!(section["document"], "v1.0.csdl");
    let changes = section["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 4, "{changes:#?}");
    let first = &changes[0];
    assert_eq!(first["verdict"], "major");
    assert_eq!(first["subject"], "property");
    assert_eq!(first["kind"], "nullability");
    assert_eq!(
        first["element"],
        "microsoft.graph.authenticationMethodTarget/isRegistrationRequired"
    );
    assert_eq!(
        first["operations"][0],
        format!("{METHODS}/TemporaryAccessPass")
    );
}

#[test]
fn the_exit_code_is_what_was_asked_for() {
    let revisions = eventful();
    let code = |arguments: &[&str]| {
        let output = revisions.diff(&[&["old", "new"], arguments].concat());
        output.code
    };
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&["--fail-on", "major"]), 1);
    let same = revisions.diff(&["old", "old", "--fail-on", "patch"]);
    assert_eq!(same.code, 0);
    assert!(same.out.contains("v1.0.csdl: no change in the selection"));
    let minor = Revisions::new(&[(
        "<Member Name=\"disabled\" Value=\"1\" />",
        "<Member Name=\"disabled\" Value=\"1\" /><Member Name=\"staged\" Value=\"2\" />",
    )]);
    let minor = |verdict| {
        let output = minor.diff(&["old", "new", "--fail-on", verdict]);
        output.code
    };
    assert_eq!(minor("major"), 0);
    assert_eq!(minor("minor"), 1);
}

/// A key is named after its entity type. If the type is renamed, the path is still the same update, and the report shows
/// the new type.
#[test]
fn an_update_of_another_type_at_the_same_path_is_one_change() {
    let published =
        "<EntitySet Name=\"notes\" EntityType=\"microsoft.graph.note\" /></EntityContainer>";
    let note = "<EntityType Name=\"note\" BaseType=\"graph.entity\"><Property Name=\"text\" Type=\"Edm.String\"/></EntityType>\
                <EntityContainer Name";
    let revisions = Revisions::new(&[]);
    let folder = revisions.folder.path();
    let old = fs::read_to_string(folder.join("old/v1.0.csdl")).unwrap();
    let base = if old.contains("BaseType=\"graph.entity\"") {
        "graph"
    } else {
        "microsoft.graph"
    };
    let note = note.replace("graph.entity", &format!("{base}.entity"));
    let old = old.replacen("<EntityContainer Name", &note, 1).replacen(
        "</EntityContainer>",
        published,
        1,
    );
    let new = old
        .replace("Name=\"note\"", "Name=\"remark\"")
        .replace("microsoft.graph.note", "microsoft.graph.remark");
    assert_ne!(old, new);
    fs::write(folder.join("old/v1.0.csdl"), old).unwrap();
    fs::write(folder.join("new/v1.0.csdl"), new).unwrap();
    let report = revisions
        .diff(&["old", "new", "--all", "--format", "json"])
        .json();
    let changes = report["sections"][0]["changes"].as_array().unwrap();
    let update = changes
        .iter()
        .find(|change| change["subject"] == "operation");
    let update = update.unwrap();
    assert_eq!(update["element"], "/notes/{note-id}");
    assert_eq!(update["operations"][0], update["element"]);
    assert_eq!(
        update["what"],
        "no longer accepts `microsoft.graph.note`; now accepts `microsoft.graph.remark`"
    );
}

/// Graph often deprecates elements without a removal date. They are not `#[deprecated]`, but in the report.
/// The same endpoint, with a single value instead of a collection, and the reverse.
#[test]
fn an_array_in_place_of_a_value_is_said_on_the_wire() {
    let csdl = |ty: &str, navigation: &str| {
        format!(
            r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="book"><Key><PropertyRef Name="id"/></Key>
<Property Name="id" Type="Edm.String" Nullable="false"/>
<Property Name="label" Type="{ty}"/>
<NavigationProperty Name="other" Type="{navigation}"/></EntityType>
<EntityContainer Name="GraphService"><EntitySet Name="books" EntityType="microsoft.graph.book"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"#
        )
    };
    let one = csdl("Edm.String", "microsoft.graph.book");
    let many = csdl("Collection(Edm.String)", "Collection(microsoft.graph.book)");
    let manifest = "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"old.csdl\"\n\
                    [[update]]\npath = \"/books/{id}\"\n";
    let folder = tempfile::tempdir().unwrap();
    for (old, new, said) in [
        (&one, &many, "an array is sent instead of a single value"),
        (&many, &one, "a single value is sent instead of an array"),
    ] {
        for (name, text) in [("old.csdl", old), ("new.csdl", new)] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        fs::write(folder.path().join("graph.toml"), manifest).unwrap();
        let ran = msgraph(folder.path(), &["diff", "old.csdl", "new.csdl"]);
        assert_eq!(ran.out.matches(said).count(), 2, "{ran:?}");
    }
}

#[test]
fn a_deprecation_without_a_date_of_removal_is_said() {
    let from = "<Property Name=\"defaultLength\" Type=\"Edm.Int32\">";
    let announced = format!(
        "{from}<Annotation Term=\"Org.OData.Core.V1.Revisions\"><Collection><Record>\
         <PropertyValue Property=\"Date\" Date=\"2026-01-02\"/>\
         <PropertyValue Property=\"Kind\" EnumMember=\"Org.OData.Core.V1.RevisionKind/Deprecated\"/>\
         <PropertyValue Property=\"Description\" String=\"Use `length`.\"/>\
         </Record></Collection></Annotation>"
    );
    let dated = announced.replace(
        "</Record>",
        "<PropertyValue Property=\"RemovalDate\" Date=\"2028-01-01\"/></Record>",
    );
    let revisions = Revisions::new(&[(from, &announced)]);
    let new = revisions.folder.path().join("new/v1.0.csdl");
    let text = revisions.diff(&["old", "new"]).out;
    let said = "deprecated since 2026-01-02, without a removal date: Use";
    assert!(text.contains("v1.0.csdl: patch (1 patch)"), "{text}");
    assert!(text.contains(said), "{text}");
    assert!(!text.contains("#[deprecated]"), "{text}");
    assert_eq!(
        revisions.diff(&["new", "new", "--fail-on", "patch"]).code,
        0
    );

    let page = msgraph(
        revisions.folder.path(),
        &[
            "explain",
            "temporaryAccessPassAuthenticationMethodConfiguration",
            "--metadata",
            "new/v1.0.csdl",
        ],
    );
    let words: Vec<&str> = page.out.split_whitespace().collect();
    assert!(words.join(" ").contains(said), "{}", page.out);

    fs::copy(&new, revisions.folder.path().join("old/v1.0.csdl")).unwrap();
    fs::write(
        &new,
        fs::read_to_string(&new)
            .unwrap()
            .replace(&announced, &dated),
    )
    .unwrap();
    let text = revisions.diff(&["old", "new"]).out;
    assert!(text.contains("v1.0.csdl: minor (1 minor)"), "{text}");
    assert!(text.contains("without a removal date: Use"), "{text}");
    assert!(text.contains("→ Graph removes it on 2028-01-01"), "{text}");
    let text = revisions.diff(&["new", "old"]).out;
    assert!(text.contains("removes `#[deprecated]`"), "{text}");
}

/// A selected element that is missing on one side is reported with the reason, and hides no other change.
#[test]
fn an_update_that_is_gone_says_why() {
    let revisions = Revisions::new(&[(
        "<NavigationProperty Name=\"authenticationMethodsPolicy\"",
        "<NavigationProperty Name=\"methodsPolicy\"",
    )]);
    let output = revisions.diff(&["old", "new"]);
    let text = output.out;
    assert_eq!(output.code, 0, "{}", output.err);
    assert!(
        text.contains("`microsoft.graph.policyRoot` has no property `authenticationMethodsPolicy`"),
        "{text}"
    );
    assert!(
        text.contains("major removed PATCH /policies/authenticationMethodsPolicy"),
        "{text}"
    );
    assert!(text.contains("verdict: major"), "{text}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let revisions = eventful();
    let folder = revisions.folder.path();
    fs::write(folder.join("broken.csdl"), "<html>").unwrap();
    fs::create_dir(folder.join("empty")).unwrap();
    for (arguments, code, said) in [
        (&["old", "new/v1.0.csdl"][..], 2, "is a folder, but"),
        (&["old", "empty"], 2, "no CSDL files with the same name"),
        (
            &["old/v1.0.csdl", "nowhere.csdl"],
            4,
            "cannot read `nowhere.csdl`",
        ),
        (&["old/v1.0.csdl", "broken.csdl"], 3, "broken.csdl"),
        (
            &["old", "new", "--manifest", "none.toml"],
            2,
            "there is no `none.toml`",
        ),
        (&["old", "new", "--depth", "2"], 2, "--all"),
    ] {
        let output = revisions.diff(arguments);
        let text = output.err;
        assert_eq!(output.code, code, "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
        assert!(!text.contains("panicked"), "{text}");
        assert_eq!(output.out, "", "{arguments:?}");
    }
}

#[test]
fn folders_are_compared_document_by_document() {
    let revisions = eventful();
    let folder = revisions.folder.path();
    fs::copy(folder.join("old/v1.0.csdl"), folder.join("old/china.csdl")).unwrap();
    fs::copy(folder.join("old/v1.0.csdl"), folder.join("new/china.csdl")).unwrap();
    fs::copy(folder.join("old/v1.0.csdl"), folder.join("new/usnat.csdl")).unwrap();
    let text = revisions.diff(&["old", "new"]).out;
    assert!(
        text.contains("china.csdl: no change in the selection"),
        "{text}"
    );
    assert!(text.contains("v1.0.csdl: major"), "{text}");
    assert!(
        text.contains("only in the new folder: usnat.csdl"),
        "{text}"
    );
    assert!(text.ends_with("verdict: major\n"), "{text}");
}

#[test]
fn everything_needs_no_manifest() {
    let revisions = eventful();
    let elsewhere = tempfile::tempdir().unwrap();
    let side = |side: &str| {
        revisions
            .folder
            .path()
            .join(side)
            .to_string_lossy()
            .into_owned()
    };
    let output = msgraph(
        elsewhere.path(),
        &["diff", &side("old"), &side("new"), "--all"],
    );
    assert_eq!(output.code, 0, "{}", output.err);
    assert!(
        output.out.contains("minor added microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration/alphabet"),
        "{}",
        output.out
    );
}

/// The error does not show an excerpt of the manifest, which is unrelated.
#[test]
fn everything_without_an_end_wants_a_bound() {
    let (from, types) = ("<EntityType Name=\"policyRoot\"", 0..6);
    // Each contains all others: too many paths to enumerate.
    let ring = |ty: i32| -> String {
        let to = types.clone().map(|to| {
            format!(
                "<NavigationProperty Name=\"to{to}\" Type=\"graph.ring{to}\" ContainsTarget=\"true\" />"
            )
        });
        let to: String = to.collect();
        format!("<EntityType Name=\"ring{ty}\" BaseType=\"graph.entity\">{to}</EntityType>")
    };
    let rings: String = types.clone().map(ring).collect();
    let singleton = "<Singleton Name=\"policies\"";
    let revisions = Revisions::new(&[
        (from, &format!("{rings}{from}")),
        (
            singleton,
            &format!("<Singleton Name=\"ring\" Type=\"graph.ring0\" />{singleton}"),
        ),
    ]);
    let output = revisions.diff(&["old/v1.0.csdl", "new/v1.0.csdl", "--all"]);
    let message = output.err;
    assert_eq!(output.code, 3, "{message}");
    assert!(
        message.starts_with("error: more than 20,000 updates in `new/v1.0.csdl`")
            && message.contains("--depth 2")
            && !message.contains("-->"),
        "{message}"
    );
    let bounded = revisions.diff(&["old", "new", "--all", "--depth", "2"]);
    assert_eq!(bounded.code, 0, "{}", bounded.err);
}

/// The revision of 2026-03-24, for the authentication methods, compared with a manual reading of both files.
/// Changes of remaining elements, and of those that have the name of a removed one.
#[test]
fn a_report_says_what_happens_to_what_is_still_there() {
    let set = Revisions::new(&[(
        "<Singleton Name=\"policies\" Type=",
        "<EntitySet Name=\"policies\" EntityType=",
    )]);
    let text = set.diff(&["old", "new", "--all"]).out;
    for line in [
        "  Rust: function `policies::authentication_methods_policy::update` now belongs to \
         `/policies/{policyRoot-id}/authenticationMethodsPolicy`\n",
        "  Rust: function `policies::authentication_methods_policy::update` belonged to \
         `/policies/authenticationMethodsPolicy`\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let methods = Revisions::new(&[(
        "<EntityType Name=\"temporaryAccessPassAuthenticationMethodConfiguration\"",
        "<EntityType Name=\"smsAuthenticationMethodConfiguration\"",
    )]);
    let text = methods.diff(&["old", "new", "--all"]).out;
    let line = "  Rust: `policies::authentication_methods_policy::authentication_method_configurations::update` accepts other types\n";
    assert!(text.contains(line), "{text}");
}

#[test]
fn a_real_revision_is_reported_as_it_was() {
    let test = "diff::a_real_revision_is_reported_as_it_was";
    let Some(metadata) = published::shared(test, "metadata") else {
        return;
    };
    let changes = |old: &str, new: &str, path: &str| -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let manifest = format!(
            "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = []\n\
             [[update]]\npath = \"{METHODS}/{path}\"\n"
        );
        fs::write(folder.path().join("graph.toml"), manifest).unwrap();
        let side = |file: &str| metadata.join(file).to_string_lossy().into_owned();
        let output = msgraph(
            folder.path(),
            &["diff", &side(old), &side(new), "--format", "json"],
        );
        assert_eq!(output.code, 0, "{}", output.err);
        let report: Value = serde_json::from_slice(output.out.as_bytes()).unwrap();
        let changes = report["sections"][0]["changes"].as_array().unwrap().iter();
        changes
            .map(|change| {
                let text = |member: &str| change[member].as_str().unwrap().to_owned();
                let element = text("element").replace("microsoft.graph.", "");
                format!("{} {} {element}", text("verdict"), text("kind"))
            })
            .collect()
    };
    let update = format!("minor retyped {METHODS}/{{authenticationMethodConfiguration-id}}");
    let (before, now) = ("v1.0-global-before-2026-03-24.csdl", "v1.0-global.csdl");
    assert_eq!(
        changes(before, now, "**"),
        [
            "major retyped fido2AuthenticationMethodConfiguration/includeTargets",
            &update,
            "minor added passkeyAuthenticationMethodTarget",
            "minor added passkeyProfile",
            "minor added verifiableCredentialsAuthenticationMethodConfiguration",
            "minor added fido2AuthenticationMethodConfiguration/defaultPasskeyProfile",
            "minor added fido2AuthenticationMethodConfiguration/passkeyProfiles",
            "minor added fido2AuthenticationMethodConfiguration/passkeyProfiles@odata.bind",
            "minor added attestationEnforcement",
            "minor added passkeyTypes",
        ]
    );
    assert_eq!(changes(before, now, "TemporaryAccessPass"), [""; 0]);
    assert_eq!(
        changes("v1.0-usnat.csdl", "beta-usnat.csdl", "**"),
        [
            "major removed x509CertificateCRLValidationConfiguration",
            "major retyped fido2AuthenticationMethodConfiguration/includeTargets",
            "major retyped voiceAuthenticationMethodConfiguration/includeTargets",
            "major removed x509CertificateAuthenticationMethodConfiguration/crlValidationConfiguration",
            "major nullability x509CertificateAuthorityScope/subjectKeyIdentifier",
            "major removed x509CertificateCRLValidationConfigurationState",
            &update,
            "minor added hardwareOathAuthenticationMethodConfiguration",
            "minor added passkeyAuthenticationMethodTarget",
            "minor added voiceAuthenticationMethodTarget",
            "minor added microsoftAuthenticatorFeatureSettings/companionAppAllowedState",
            "minor added microsoftAuthenticatorFeatureSettings/numberMatchingRequiredState",
        ]
    );
}
