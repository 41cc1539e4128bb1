//! The reasons of verdicts, and phrases that several changes share.

use crate::commands::diff::change::{Change, Kind, Subject, Verdict};

pub(super) const REMOVED: &str = "code that names it no longer compiles";
pub(super) const CALLED: &str = "code that calls it no longer compiles";
pub(super) const OTHER_TYPE: &str =
    "code that sets it to a value of the old type no longer compiles";
/// For a property that only responses have.
pub(super) const OTHER_VALUE: &str = "code that uses it as the old type no longer compiles";
pub(super) const OTHER_RESULT: &str =
    "code that uses the response as the old type no longer compiles";
pub(super) const OTHER_NAME: &str = "code that uses the old name no longer compiles";
/// Another element of the same Rust type has the name.
pub(super) const OTHER_PROPERTY: &str = "compiles and sends another property";
pub(super) const OTHER_MEMBER: &str = "compiles and sends another member";
/// A value that is set is no longer sent.
pub(super) const OTHER_BODY: &str = "compiles and sends another body";
pub(super) const OTHER_REQUEST: &str = "compiles and sends another request";
/// Another element of a different Rust type has the name.
pub(super) const NAME_TAKEN: &str =
    "the name belongs to another element, so most code that uses it no longer compiles";
pub(super) const REPORTED_THERE: &str = "the element that had the name has the verdict";
pub(super) const ADDED: &str = "existing code compiles";
pub(super) const FIELD_ADDED: &str =
    "struct literals end in `..Default::default()`, so an additional field breaks none";
pub(super) const MEMBER_ADDED: &str = "the enum is `non_exhaustive`, so every `match` has a `_`";
pub(super) const WARNING_ADDED: &str =
    "an additional warning breaks only code that denies warnings";
pub(super) const SAME_RUST: &str = "the Rust code is the same";
pub(super) const DOCS: &str = "only the documentation differs";
/// An app with a least privileged permission needs another one.
pub(super) const CONSENT: &str = "apps with the old permission need consent to another one";
/// The old smallest set allowed the operation by a permission that no longer suffices.
pub(super) const SET_REJECTED: &str =
    "apps with the old smallest set of permissions need consent to another one";
/// The least privileged permissions still suffice.
pub(super) const OTHER_LOST: &str = "apps without the least privileged permission may need consent";
pub(super) const UNSUPPORTED: &str = "apps that sign in this way are rejected";
pub(super) const UNDOCUMENTED: &str =
    "the permission is no longer known, so apps may need another one";
pub(super) const OTHER_CALLERS: &str = "existing apps need no other permission";
pub(super) const STILL_SUFFICIENT: &str = "the old permission still suffices";

pub(super) fn arrow(old: &str, new: &str) -> String {
    format!("{old} → {new}")
}

pub(super) fn arrow_code(old: &str, new: &str) -> String {
    format!("`{old}` → `{new}`")
}

pub(super) fn list(items: &[String]) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(", ")
    }
}

pub(super) fn codes(items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    items.join(", ")
}

/// The effect on an item of Rust code that is removed. Another element may have taken its name.
pub(super) fn removes(item: &str, rust: &str, successor: Option<&str>) -> String {
    match successor {
        Some(other) => format!("{item} `{rust}` now belongs to `{other}`"),
        None => format!("removes {item} `{rust}`"),
    }
}

/// The effect on an item of Rust code that is added. Another element may have had its name.
pub(super) fn adds(item: &str, rust: &str, predecessor: Option<&str>) -> String {
    match predecessor {
        Some(other) => format!("{item} `{rust}` belonged to `{other}`"),
        None => format!("adds {item} `{rust}`"),
    }
}

/// Why only the Rust name of an element changed.
pub(super) fn why_renamed(subject: &str, successor: Option<&str>) -> String {
    match successor {
        Some(other) => format!("`{other}` has its old Rust name"),
        None => format!("no other {subject} needs the old Rust name any more"),
    }
}

/// A change of the name of a property or member: in the API, in Rust (with the effect and the reason), or
/// in both. `what` says why only the Rust name changed.
pub(super) fn renamed(
    subject: Subject,
    element: &str,
    (old, new): (&str, &str),
    rust: Option<(String, &'static str)>,
    what: impl FnOnce() -> String,
) -> Option<Change> {
    let is_respelled = old != new;
    if !is_respelled && rust.is_none() {
        return None;
    }
    let what = if is_respelled {
        arrow_code(old, new)
    } else {
        what()
    };
    let mut change = Change::new(Verdict::Patch, subject, element, Kind::Renamed, what);
    change = change.because(SAME_RUST);
    if is_respelled {
        change = change.wire(format!("it is sent as `{new}`"));
    }
    Some(match rust {
        Some((rust, reason)) => change.breaking(rust, reason),
        None => change,
    })
}
