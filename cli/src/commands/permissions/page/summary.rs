//! The first part of the page: the sets of permissions, and all operations at a glance.

use msgraph_csdl::permissions::{Scheme, conjunction};

use super::{all_codes, codes, consent};
use crate::commands::permissions::operation::{ReportedOperation, SchemeAccess};
use crate::commands::permissions::report::{NamedOperation, PermissionReport, SchemeReport};
use crate::commands::permissions::words::counted;
use crate::support::html::Html;

/// Maximum number of operations that a remark links to.
const MAX_LINKS: usize = 8;

pub(super) fn write(html: &mut Html, report: &PermissionReport) {
    html.element("section", &[("aria-labelledby", "summary")], |html| {
        html.leaf("h2", &[("id", "summary")], "Permissions to consent to");
        let reason = "The smallest set for the operations on this page. An application needs the set for the way it signs \
                      in; one that signs in both ways needs both.";
        html.leaf("p", &[("class", "hint")], reason);
        html.element("div", &[("class", "cards")], |html| {
            for scheme in report.schemes() {
                card(html, report, scheme);
            }
        });
    });
    if !report.operations.is_empty() {
        html.element("section", &[("aria-labelledby", "glance")], |html| {
            html.leaf("h2", &[("id", "glance")], "Operations at a glance");
            glance(html, report);
        });
    }
}

/// The heading of a scheme: the situation, and Graph's term.
pub(super) fn heading(scheme: Scheme) -> (&'static str, &'static str) {
    match scheme {
        Scheme::DelegatedWork => ("With a signed-in user", "Delegated permissions"),
        Scheme::DelegatedPersonal => ("With a personal account", "Delegated permissions"),
        Scheme::Application => ("Without a user", "Application permissions"),
    }
}

fn card(html: &mut Html, report: &PermissionReport, scheme: &SchemeReport) {
    let (title, term) = heading(scheme.scheme);
    html.element("section", &[("class", "card")], |html| {
        html.element("h3", &[], |html| {
            html.leaf("span", &[("class", "term")], term)
                .text(" ")
                .text(title);
        });
        let (class, verdict) = verdict(scheme);
        html.leaf("p", &[("class", class)], verdict);
        if !scheme.permissions.is_empty() {
            html.element("ul", &[("class", "set")], |html| {
                for permission in &scheme.permissions {
                    html.element("li", &[], |html| {
                        html.code(&permission.name);
                        html.element("span", &[("class", "about")], |html| {
                            consent(html, permission);
                            let count = permission.operations.len();
                            let count = counted(count, "operation", "operations");
                            html.text(format!(" {count}"));
                        });
                    });
                }
            });
        }
        let remarks = [
            (
                &scheme.undecided,
                "with several alternatives, none of which is known to be the least",
            ),
            (&scheme.unsupported, "not available this way"),
            (
                &scheme.unknown,
                "without permission data, which may need more than this set",
            ),
        ];
        for (operations, text) in remarks {
            remark(html, report, operations, text);
        }
    });
}

/// Who must consent to the set.
fn verdict(scheme: &SchemeReport) -> (&'static str, String) {
    let (all, admin) = (scheme.permissions.len(), scheme.admin_consents());
    let is_known = scheme
        .permissions
        .iter()
        .all(|it| it.admin_consent.is_some());
    let text = match (all, admin) {
        (0, _) => return ("verdict", "No permission to consent to.".to_owned()),
        (1, 1) => "An administrator must consent.".to_owned(),
        (_, 0) if is_known => {
            let text = "Users can consent, unless the tenant restricts that.";
            return ("verdict user", text.to_owned());
        }
        (_, 0) => "It is not known who can consent.".to_owned(),
        _ if all == admin => format!("An administrator must consent to all {all}."),
        _ => format!("An administrator must consent to {admin} of {all}."),
    };
    ("verdict admin", text)
}

/// The number of operations that the set does not allow, with links to the first ones.
fn remark(html: &mut Html, report: &PermissionReport, operations: &[NamedOperation], text: &str) {
    if operations.is_empty() {
        return;
    }
    html.element("p", &[("class", "remark")], |html| {
        let count = counted(operations.len(), "operation", "operations");
        html.leaf("strong", &[], count).text(format!(" {text}: "));
        let numbers = operations.iter().map(|it| it.number).take(MAX_LINKS);
        let shown = numbers.filter_map(|number| report.operation(number));
        for (nth, operation) in shown.enumerate() {
            if nth > 0 {
                html.text(", ");
            }
            let target = format!("#{}", anchor(operation.number));
            html.leaf("a", &[("href", &target)], &operation.title);
        }
        let more = operations.len().saturating_sub(MAX_LINKS);
        if more > 0 {
            html.text(format!(" and {more} more"));
        }
    });
}

/// The id of the details of an operation.
pub(super) fn anchor(number: usize) -> String {
    format!("operation-{number}")
}

fn glance(html: &mut Html, report: &PermissionReport) {
    html.element("table", &[("class", "glance")], |html| {
        html.element("thead", &[], |html| {
            html.element("tr", &[], |html| {
                html.leaf("th", &[("scope", "col")], "Operation");
                for scheme in report.schemes() {
                    let (title, _) = heading(scheme.scheme);
                    html.leaf("th", &[("scope", "col")], title);
                }
            });
        });
        html.element("tbody", &[], |html| {
            for operation in &report.operations {
                html.element("tr", &[], |html| row(html, report, operation));
            }
        });
    });
}

fn row(html: &mut Html, report: &PermissionReport, operation: &ReportedOperation) {
    html.element("th", &[("scope", "row")], |html| {
        let target = format!("#{}", anchor(operation.number));
        html.leaf("a", &[("href", &target)], &operation.title);
        request(html, operation);
    });
    for scheme in report.schemes() {
        let (title, _) = heading(scheme.scheme);
        html.element("td", &[("data-label", title)], |html| {
            least(html, scheme, operation, 1);
        });
    }
}

/// The method and the path.
pub(super) fn request(html: &mut Html, operation: &ReportedOperation) {
    let method = operation.operation.method.to_string();
    html.element("span", &[("class", "request")], |html| {
        let class = format!("method {}", method.to_lowercase());
        html.leaf("span", &[("class", &class)], &method)
            .text(" ")
            .code(&operation.operation.path);
    });
}

/// The first least privileged permissions of an operation, and the one in the set that includes them.
pub(super) fn least(
    html: &mut Html,
    scheme: &SchemeReport,
    operation: &ReportedOperation,
    max_shown: usize,
) {
    let absent = |html: &mut Html, text: &str| {
        html.leaf("span", &[("class", "none")], text);
    };
    let access = match operation.access(scheme.scheme) {
        SchemeAccess::Unknown => return absent(html, "no data"),
        SchemeAccess::Unsupported => return absent(html, "not available"),
        SchemeAccess::Known(access) => access,
    };
    let shown = access.least.get(..max_shown).unwrap_or(&access.least);
    if shown.is_empty() {
        absent(html, "least not known");
    } else {
        codes(html, shown, conjunction(shown));
    }
    let covering = scheme.permissions_of(operation.number);
    let names: Vec<&str> = shown.iter().flat_map(|it| it.names()).collect();
    if !covering.is_empty() && !covering.iter().all(|name| names.contains(name)) {
        html.element("span", &[("class", "covered")], |html| {
            html.text("included in ");
            all_codes(html, covering.into_iter());
        });
    }
}
