//! `--format html`: one page for the person who decides on consent.

mod details;
mod legend;
mod summary;

use msgraph_csdl::permissions::Requirement;

use super::report::{NeededPermission, PermissionReport};
use super::words::counted;
use crate::support::html::Html;

/// The whole document.
pub(super) fn html(report: &PermissionReport) -> String {
    let title = format!("Permissions of {}", report.subject());
    Html::page(&title, "", |html| body(html, report))
}

fn body(html: &mut Html, report: &PermissionReport) {
    html.element("header", &[], |html| {
        let eyebrow = format!("Microsoft Graph {} · Permissions", report.api_version);
        html.leaf("p", &[("class", "eyebrow")], eyebrow);
        html.leaf("h1", &[], report.subject());
        html.element("p", &[("class", "lead")], |html| {
            let count = report.operations.len();
            html.text("The code generated for ")
                .leaf("strong", &[], report.subject())
                .text(format!(
                    " can send {} to Microsoft Graph. This page shows which permissions {}, so that you \
                     can decide whether to consent.",
                    counted(count, "kind of request", "kinds of requests"),
                    if count == 1 { "it needs" } else { "they need" },
                ));
        });
    });
    html.element("main", &[], |html| {
        summary::write(html, report);
        details::write(html, report);
        legend::write(html, report);
    });
    html.element("footer", &[], |html| {
        html.element("p", &[], |html| {
            html.text("Written by ")
                .code("msgraph permissions --format html")
                .text(format!(
                    " {} from {}. Not a product of Microsoft.",
                    env!("CARGO_PKG_VERSION"),
                    report.manifest
                ));
        });
    });
}

/// Who can consent to a permission.
fn consent(html: &mut Html, permission: &NeededPermission) {
    let (class, text) = match permission.admin_consent {
        Some(true) => ("pill admin", "administrator consents"),
        Some(false) => ("pill user", "user can consent"),
        None => ("pill", "not in the list of permissions"),
    };
    html.leaf("span", &[("class", class)], text);
}

/// Requirements in a fixed-width font, with a word between them. The names in `A and B` are separate.
fn codes(html: &mut Html, requirements: &[Requirement], between: &str) {
    for (nth, requirement) in requirements.iter().enumerate() {
        if nth > 0 {
            html.text(between);
        }
        all_codes(html, requirement.names());
    }
}

/// `A and B`.
fn all_codes<'n>(html: &mut Html, names: impl Iterator<Item = &'n str>) {
    for (nth, name) in names.enumerate() {
        if nth > 0 {
            html.text(" and ");
        }
        html.code(name);
    }
}
