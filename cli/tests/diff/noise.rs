//! A report contains no repetitions.

use super::Revisions;

const DISABLED: &str = "<Member Name=\"disabled\" Value=\"1\" />";

#[test]
fn a_reason_is_said_once() {
    let length = "<Property Name=\"defaultLength\" Type=\"Edm.Int32\">";
    let more = "<Property Name=\"alphabet\" Type=\"Edm.String\"/>\
                <Property Name=\"digits\" Type=\"Edm.Int32\"/>\
                <Property Name=\"words\" Type=\"Edm.Int32\"/>";
    let revisions = Revisions::new(&[(length, &format!("{more}{length}"))]);
    for format in ["text", "markdown"] {
        let text = revisions.diff(&["old", "new", "--format", format]).out;
        assert_eq!(
            text.matches("so an additional field breaks none").count(),
            1,
            "{text}"
        );
        assert_eq!(text.matches("Rust: adds field `").count(), 3, "{text}");
    }
    // JSON has each change separately.
    let report = revisions.diff(&["old", "new", "--format", "json"]).json();
    let changes = report["sections"][0]["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 3);
    assert!(changes.iter().all(|change| change["reason"].is_string()));
}

#[test]
fn members_that_an_enumeration_has_now_are_one_entry() {
    let more = "<Member Name=\"staged\" Value=\"2\" /><Member Name=\"paused\" Value=\"3\" />\
                <Member Name=\"archived\" Value=\"4\" />";
    let revisions = Revisions::new(&[(DISABLED, &format!("{DISABLED}{more}"))]);
    let text = revisions.diff(&["old", "new"]).out;
    let entry = "minor added microsoft.graph.authenticationMethodState\n  \
                 3 new members: `archived`, `paused`, `staged`\n  \
                 Rust: adds a variant for each, in `AuthenticationMethodState`\n";
    assert!(text.contains(entry), "{text}");
    assert!(text.contains("minor (1 minor)"), "{text}");
    let markdown = revisions.diff(&["old", "new", "--format", "markdown"]).out;
    assert!(
        markdown.contains("3 new members: `archived`, `paused`, `staged`"),
        "{markdown}"
    );
    // A single one keeps its name.
    let one = Revisions::new(&[(
        DISABLED,
        &format!("{DISABLED}<Member Name=\"staged\" Value=\"2\" />"),
    )]);
    let text = one.diff(&["old", "new"]).out;
    assert!(
        text.contains("minor added microsoft.graph.authenticationMethodState/staged"),
        "{text}"
    );
}
