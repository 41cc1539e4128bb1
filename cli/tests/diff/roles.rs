//! Changes of an entity that is both the body of an update and a value.

use std::fs;

use super::Revisions;

const REGISTRATION: &str =
    "<Property Name=\"isRegistrationRequired\" Type=\"Edm.Boolean\" Nullable=\"false\">";

fn computed() -> Revisions {
    let annotated = "<Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/>";
    Revisions::new(&[(REGISTRATION, &format!("{REGISTRATION}{annotated}"))])
}

#[test]
fn a_property_of_a_value_that_becomes_read_only_keeps_its_field() {
    let text = computed().diff(&["old", "new"]).out;
    assert!(
        text.contains(
            "major restrictions of microsoft.graph.authenticationMethodTarget/isRegistrationRequired\n  \
             is now read-only\n  \
             Rust: removes setter `with_is_registration_required`, in `AuthenticationMethodTarget`\n  \
             wire: it is not sent\n"
        ),
        "{text}"
    );
    assert!(text.contains("(1 major"), "{text}");
    let text = computed().diff(&["new", "old"]).out;
    assert!(
        text.contains(
            "is no longer read-only\n  Rust: adds setter `with_is_registration_required`"
        ),
        "{text}"
    );
    assert!(text.ends_with("verdict: minor\n"), "{text}");
}

#[test]
fn the_body_of_an_update_loses_its_field() {
    let revisions = computed();
    let manifest = revisions.folder.path().join("graph.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let named = "[[struct]]\ntype = \"microsoft.graph.authenticationMethodTarget\"\n";
    fs::write(&manifest, format!("{text}\n{named}")).unwrap();
    let text = revisions.diff(&["old", "new"]).out;
    for part in [
        "is now read-only",
        "removes field `is_registration_required`, in `AuthenticationMethodTargetPatch`",
        "2 major",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
