//! How changes are worded: the reasons of their verdicts, what was and what is.

pub(super) const GOES: &str = "code that names it no longer compiles";
pub(super) const CALLED: &str = "code that calls it no longer compiles";
pub(super) const OTHER_TYPE: &str =
    "code that gives it a value of the type it had no longer compiles";
pub(super) const OTHER_NAME: &str = "code that uses the name it had no longer compiles";
/// The name is that of another element now, which has the same Rust type.
pub(super) const OTHER_PROPERTY: &str = "compiles and sends another property";
pub(super) const OTHER_MEMBER: &str = "compiles and sends another member";
pub(super) const OTHER_REQUEST: &str = "compiles and sends another request";
/// The name is that of another element now, which has another Rust type.
pub(super) const NAME_TAKEN: &str =
    "code that uses the name gets another element, so that most of it no longer compiles";
pub(super) const SAID_THERE: &str = "what that breaks is said of the element that had the name";
pub(super) const MORE: &str = "whatever compiled still compiles";
pub(super) const FIELD_MORE: &str =
    "struct literals end in `..Default::default()`, so that a field more breaks none";
pub(super) const MEMBER_MORE: &str =
    "the enum is `non_exhaustive`, so that every `match` has a `_`";
pub(super) const WARNING_MORE: &str =
    "a warning more, which breaks none that does not deny warnings";
pub(super) const SAME_RUST: &str = "the Rust is the same";
pub(super) const DOCS: &str = "only documentation differs";

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
