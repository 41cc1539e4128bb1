//! Changes of the permissions that allow an operation.
//!
//! An app may have the old smallest set, or any one of the old permissions. A change is reported if one of them no
//! longer suffices, or if others are the least privileged.

use std::collections::BTreeSet;

use msgraph_csdl::permissions::{Access, Permissions, Requirement, Scheme, conjunction};

use super::wording::{
    CONSENT, DOCS, OTHER_CALLERS, OTHER_LOST, SET_REJECTED, STILL_SUFFICIENT, UNDOCUMENTED,
    UNSUPPORTED, arrow,
};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject, Verdict};
use crate::commands::diff::consent::Consent;
use crate::commands::diff::schemes::{in_common, names, prose};
use crate::support::text::shortened;

/// Maximum number of permissions to name in an effect.
const MAX_PERMISSIONS: usize = 3;

const NOT_SUPPORTED: &str = "not supported";

/// The changes of an operation: one per effect, with the schemes that it has in common. `None` means that the
/// permissions are not known.
pub(super) fn permission_changes(
    path: &str,
    old: Option<&Permissions>,
    new: Option<&Permissions>,
    consent: &Consent,
) -> Vec<Change> {
    match (old, new) {
        (None, None) => Vec::new(),
        (None, Some(new)) => {
            let mut what = format!("now in the permission data: {}", summary(new));
            let mut unsupported = Scheme::ALL.to_vec();
            unsupported.retain(|scheme| new.of(*scheme).is_none());
            if !unsupported.is_empty() {
                what.push_str(&format!("; {NOT_SUPPORTED}: {}", prose(&unsupported)));
            }
            vec![known(path, Patch, what, DOCS, new)]
        }
        (Some(old), None) => {
            let what = format!("no longer in the permission data: {}", summary(old));
            vec![known(path, Minor, what, UNDOCUMENTED, old)]
        }
        (Some(old), Some(new)) => {
            let changed = |scheme| {
                let comparison = SchemeComparison {
                    path,
                    scheme,
                    consent,
                };
                comparison.change(old.of(scheme), new.of(scheme))
            };
            let changes = in_common(changed).into_iter();
            let changes = changes.filter_map(|(schemes, change)| Some((schemes, change?)));
            changes
                .map(|(schemes, mut change)| {
                    change.what = format!("{}: {}", prose(&schemes), change.what);
                    change.schemes = names(&schemes);
                    change
                })
                .collect()
        }
    }
}

fn change(path: &str, verdict: Verdict, what: String, reason: &str) -> Change {
    let change = Change::new(verdict, Subject::Operation, path, Kind::Permissions, what);
    change.because(reason)
}

/// The change of an operation whose permissions are known on one side only.
fn known(path: &str, verdict: Verdict, what: String, reason: &str, known: &Permissions) -> Change {
    let schemes = Scheme::ALL.into_iter();
    let supported = schemes.filter(|scheme| known.of(*scheme).is_some());
    let schemes = names(&supported.collect::<Vec<_>>());
    Change {
        schemes,
        ..change(path, verdict, what, reason)
    }
}

/// Compares the permissions of an operation for one scheme.
struct SchemeComparison<'c> {
    path: &'c str,
    scheme: Scheme,
    consent: &'c Consent,
}

impl SchemeComparison<'_> {
    /// The change. `None` means that the scheme is not supported.
    fn change(&self, old: Option<&Access>, new: Option<&Access>) -> Option<Change> {
        match (old, new) {
            (None, None) => None,
            (None, Some(new)) => {
                let what = arrow(NOT_SUPPORTED, &least(new));
                Some(change(self.path, Minor, what, OTHER_CALLERS))
            }
            (Some(old), None) => {
                let what = arrow(&least(old), NOT_SUPPORTED);
                let change = change(self.path, Major, what, UNSUPPORTED);
                Some(change.wire("the service rejects such a token"))
            }
            (Some(old), Some(new)) => self.access_change(old, new),
        }
    }

    fn access_change(&self, old: &Access, new: &Access) -> Option<Change> {
        let lost = |all: &[Requirement]| -> Vec<String> {
            let lost = all.iter().filter(|it| !suffices(it, new));
            lost.map(code).collect()
        };
        let lost_least = lost(&old.least);
        let lost_others = lost(&old.higher);
        let has_other_least = sets(&old.least) != sets(&new.least);
        let what = if has_other_least {
            arrow(&least(old), &least(new))
        } else {
            let lost = shortened(&lost_others, MAX_PERMISSIONS);
            format!("no longer sufficient: {lost}")
        };
        let is_all_lost = old.least.is_empty() && lost_others.len() == old.higher.len();
        let lost = [lost_least.as_slice(), &lost_others].concat();
        if lost.is_empty() {
            return has_other_least.then(|| other_least(self.path, what, old, new));
        }
        let change = if !lost_least.is_empty() || is_all_lost {
            change(self.path, Major, what, CONSENT)
        } else if self.consent.is_rejected(self.scheme, old, new) {
            change(self.path, Major, what, SET_REJECTED)
        } else {
            change(self.path, Minor, what, OTHER_LOST)
        };
        Some(self.with_consent(change, &lost, new))
    }

    /// Adds the permissions that no longer suffice, and those to consent to.
    fn with_consent(&self, change: Change, lost: &[String], new: &Access) -> Change {
        let change = change.wire(format!(
            "the service rejects a token with only {}",
            any_of(lost)
        ));
        let consent = self.consent.additions(self.scheme, new);
        if consent.is_empty() {
            return change;
        }
        let codes: Vec<String> = consent.iter().map(|it| format!("`{it}`")).collect();
        let change = change.help(format!("consent to {}", any_of(&codes)));
        Change { consent, ..change }
    }
}

/// The change if every old permission still suffices.
fn other_least(path: &str, what: String, old: &Access, new: &Access) -> Change {
    let change = change(path, Patch, what, STILL_SUFFICIENT);
    let after = sets(&new.least);
    let is_narrower = !old.least.iter().any(|it| after.contains(&set(it)));
    if new.least.is_empty() || !is_narrower {
        return change;
    }
    change.help(format!("{} is enough", any_of(&codes(&new.least))))
}

/// Whether an app that has only these permissions may perform the operation, or as much of it as before.
fn suffices(granted: &Requirement, access: &Access) -> bool {
    let is_granted = |name: &str| granted.names().any(|granted| granted == name);
    access.is_allowed(is_granted) || access.partial.contains(granted)
}

fn set(requirement: &Requirement) -> BTreeSet<&str> {
    requirement.names().collect()
}

/// The alternatives without their order, which depends on other operations.
fn sets(alternatives: &[Requirement]) -> BTreeSet<BTreeSet<&str>> {
    alternatives.iter().map(set).collect()
}

fn code(requirement: &Requirement) -> String {
    format!("`{requirement}`")
}

fn codes(alternatives: &[Requirement]) -> Vec<String> {
    alternatives.iter().map(code).collect()
}

/// `A`, or `one of A, B`.
fn any_of(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        several => format!("one of {}", shortened(several, MAX_PERMISSIONS)),
    }
}

fn least(access: &Access) -> String {
    match access.least.as_slice() {
        [] if access.higher.is_empty() && !access.partial.is_empty() => {
            format!(
                "{} for a part",
                codes(&access.partial).join(conjunction(&access.partial))
            )
        }
        [] => "none marked as least".to_owned(),
        least => codes(least).join(conjunction(least)),
    }
}

/// `A (delegated), B (application)`.
fn summary(permissions: &Permissions) -> String {
    let groups = in_common(|scheme| permissions.of(scheme).map(least)).into_iter();
    let texts: Vec<String> = groups
        .filter_map(|(schemes, least)| Some(format!("{} ({})", least?, prose(&schemes))))
        .collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A, B+C > D`; `-` is not supported.
    fn access(text: &str) -> Option<Access> {
        let (least, higher) = text.split_once('>').unwrap_or((text, ""));
        let list = |text: &str| -> Vec<Requirement> {
            let items = text.split(',').map(str::trim).filter(|it| !it.is_empty());
            items
                .map(|item| {
                    let mut names = item.split('+').map(str::to_owned);
                    Requirement {
                        permission: names.next().unwrap_or_default(),
                        also: names.collect(),
                    }
                })
                .collect()
        };
        (text != "-").then(|| Access {
            least: list(least),
            higher: list(higher),
            ..Access::default()
        })
    }

    /// Delegated, personal, application.
    fn permissions([delegated, personal, application]: [&str; 3]) -> Permissions {
        Permissions {
            delegated: access(delegated),
            personal: access(personal),
            application: access(application),
        }
    }

    fn changed(old: Option<[&str; 3]>, new: Option<[&str; 3]>) -> Vec<Change> {
        let (old, new) = (old.map(permissions), new.map(permissions));
        let (old, new) = (old.as_ref(), new.as_ref());
        let consent = Consent::new(old.into_iter(), new.into_iter());
        permission_changes("/x", old, new, &consent)
    }

    /// The only change for applications: verdict, what, wire, help, and the consent.
    fn of_application(old: &str, new: &str) -> Option<[String; 5]> {
        let mut changes = changed(Some(["-", "-", old]), Some(["-", "-", new]));
        assert!(changes.len() < 2, "{changes:#?}");
        let change = changes.pop()?;
        assert_eq!(change.schemes, ["application"]);
        let what = change.what.strip_prefix("application: ");
        Some([
            change.verdict.to_string(),
            what.unwrap_or_default().to_owned(),
            change.wire.unwrap_or_default(),
            change.help.unwrap_or_default(),
            change.consent.join(", "),
        ])
    }

    #[test]
    fn an_app_with_the_old_permission_decides_the_verdict() {
        let rejected = |lost: &str| format!("the service rejects a token with only {lost}");
        let (only_a, only_c) = (rejected("`A`"), rejected("`C`"));
        let one_of = rejected("one of `A`, `C`");
        for (old, new, expected) in [
            (
                "A > C",
                "B > C",
                ["major", "`A` → `B`", &only_a, "consent to `B`", "B"],
            ),
            (
                "A > C",
                "B",
                ["major", "`A` → `B`", &one_of, "consent to `B`", "B"],
            ),
            (
                "A",
                "B, C",
                ["major", "`A` → `B` or `C`", &only_a, "consent to `B`", "B"],
            ),
            (
                "A, C",
                "C",
                ["major", "`A` or `C` → `C`", &only_a, "consent to `C`", "C"],
            ),
            (
                "A",
                "A+B",
                ["major", "`A` → `A and B`", &only_a, "consent to `B`", "B"],
            ),
            (
                "A",
                "> B",
                [
                    "major",
                    "`A` → none marked as least",
                    &only_a,
                    "consent to `B`",
                    "B",
                ],
            ),
            (
                "> A",
                "B",
                [
                    "major",
                    "none marked as least → `B`",
                    &only_a,
                    "consent to `B`",
                    "B",
                ],
            ),
            (
                "A",
                "-",
                [
                    "major",
                    "`A` → not supported",
                    "the service rejects such a token",
                    "",
                    "",
                ],
            ),
            (
                "A > B, C",
                "A > B",
                ["minor", "no longer sufficient: `C`", &only_c, "", ""],
            ),
            (
                "> A, C",
                "> A",
                [
                    "minor",
                    "no longer sufficient: `C`",
                    &only_c,
                    "consent to `A`",
                    "A",
                ],
            ),
            (
                "A > C",
                "B > A",
                ["minor", "`A` → `B`", &only_c, "consent to `B`", "B"],
            ),
            ("-", "A > B", ["minor", "not supported → `A`", "", "", ""]),
            (
                "A",
                "B > A",
                ["patch", "`A` → `B`", "", "`B` is enough", ""],
            ),
            (
                "A+B",
                "A",
                ["patch", "`A and B` → `A`", "", "`A` is enough", ""],
            ),
            ("A", "A, B", ["patch", "`A` → `A` or `B`", "", "", ""]),
            ("A, B", "A > B", ["patch", "`A` or `B` → `A`", "", "", ""]),
            (
                "A",
                "> A, B",
                ["patch", "`A` → none marked as least", "", "", ""],
            ),
            (
                "> A, B",
                "A > B",
                [
                    "patch",
                    "none marked as least → `A`",
                    "",
                    "`A` is enough",
                    "",
                ],
            ),
        ] {
            let found = of_application(old, new);
            assert_eq!(found, Some(expected.map(str::to_owned)), "{old} → {new}");
        }
    }

    /// An app whose set has a permission for another operation.
    #[test]
    fn an_app_with_the_old_smallest_set_decides_the_verdict() {
        let of = |text: &str| permissions(["-", "-", text]);
        let other = of("C");
        for (old, new, expected) in [
            ("A > C", "A", Some((Major, SET_REJECTED, vec!["A"]))),
            ("A > C", "B", Some((Major, CONSENT, vec!["B"]))),
            ("A > C", "B > C", Some((Major, CONSENT, vec![]))),
            ("A > B, C", "A > C", Some((Minor, OTHER_LOST, vec![]))),
            ("A > C", "B > A, C", Some((Patch, STILL_SUFFICIENT, vec![]))),
            ("A > C", "A > B, C", None),
        ] {
            let (old, new) = (of(old), of(new));
            let consent = Consent::new([&old, &other].into_iter(), [&new, &other].into_iter());
            let found = permission_changes("/x", Some(&old), Some(&new), &consent).pop();
            let found = found.map(|it| (it.verdict, it.reason, it.consent));
            let expected = expected.map(|(verdict, reason, consent)| {
                let consent = consent.into_iter().map(str::to_owned).collect();
                (verdict, reason.to_owned(), consent)
            });
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_affects_no_app_is_not_reported() {
        for (old, new) in [
            ("A > B", "A > B"),
            ("A > B", "A > B, C"),
            ("A > B, C", "A > C, B"),
            ("A, B", "B, A"),
            ("A+B", "B+A"),
            // Whoever has both has one of them.
            ("A > A+B", "A"),
            ("> A", "> A, B"),
            ("-", "-"),
            ("", ""),
        ] {
            assert_eq!(of_application(old, new), None, "{old} → {new}");
        }
        assert_eq!(changed(None, None), []);
    }

    /// A permission that allows a part of the operation never sufficed.
    #[test]
    fn the_loss_of_a_partial_permission_is_not_reported() {
        let [mut old, new] = ["A > B", "A > B"].map(|text| permissions(["-", "-", text]));
        for access in old.application.iter_mut() {
            access.partial = vec![Requirement {
                permission: "C".to_owned(),
                also: Vec::new(),
            }];
        }
        let consent = Consent::new(std::iter::once(&old), std::iter::once(&new));
        let changes = permission_changes("/x", Some(&old), Some(&new), &consent);
        assert_eq!(changes, []);
    }

    #[test]
    fn schemes_with_the_same_change_share_it() {
        let changes = changed(Some(["A", "A", "A"]), Some(["B", "-", "B"]));
        let texts: Vec<_> = changes.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(
            texts,
            [
                "delegated and application: `A` → `B`",
                "personal accounts: `A` → not supported"
            ]
        );
        let all = changed(Some(["A", "A", "A"]), Some(["B", "B", "B"]));
        let texts: Vec<_> = all.iter().map(|it| it.what.as_str()).collect();
        let expected = "delegated, personal accounts and application: `A` → `B`";
        assert_eq!(texts, [expected]);
    }

    #[test]
    fn an_operation_that_is_new_in_the_data_or_lost_is_one_change() {
        let known = Some(["A", "-", "B > C"]);
        for (old, new, verdict, what) in [
            (
                None,
                known,
                Patch,
                "now in the permission data: `A` (delegated), `B` (application); not supported: \
                 personal accounts",
            ),
            (
                known,
                None,
                Minor,
                "no longer in the permission data: `A` (delegated), `B` (application)",
            ),
        ] {
            let changes = changed(old, new);
            let [change] = changes.as_slice() else {
                panic!("{changes:#?}");
            };
            assert_eq!((change.verdict, change.what.as_str()), (verdict, what));
            assert_eq!(change.schemes, ["delegated", "application"]);
        }
    }
}
