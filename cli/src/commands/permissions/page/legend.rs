//! The last part of the page: the meaning of its terms, and the source of the data.

use crate::commands::permissions::report::PermissionReport;
use crate::support::html::Html;
use msgraph_csdl::permissions::REFERENCE;

const TERMS: [(&str, &str); 8] = [
    (
        "With a signed-in user (delegated)",
        "The application acts for a user. It can do at most what both the permission and the user's own rights \
         allow.",
    ),
    (
        "Without a user (application)",
        "The application acts for itself, for example as a service. The permission applies to the whole tenant, \
         so an administrator must consent.",
    ),
    (
        "Permission of an operation",
        "The least privileged permission that allows it. If several are separated by “or”, each is sufficient. \
         “Included in” names a permission of the set that allows it too.",
    ),
    (
        "Would also suffice",
        "Other permissions that allow the operation according to Microsoft, which marks none of them as the \
         least privileged. Most allow more than it needs, but a few allow less than the one that is marked. If \
         the application has one of them already, it needs no other.",
    ),
    (
        "Suffices for a part",
        "A permission that allows the operation only for some properties or resources. It is never counted as \
         sufficient.",
    ),
    (
        "Role of the user",
        "With delegated permissions, the signed-in user needs one of these roles as well. The least privileged \
         one is first.",
    ),
    (
        "May change, Sets, Sends",
        "The properties that the application can send in the request, with the range that the service accepts. \
         In parentheses: the properties inside. Properties marked as secret are passwords, keys and the like. \
         References that only the service changes, such as memberOf, may be listed, because Microsoft's metadata \
         does not mark them.",
    ),
    (
        "Clouds",
        "The national clouds in which the reference documents the operation. Without this line, the reference \
         is not known.",
    ),
];

pub(super) fn write(html: &mut Html, report: &PermissionReport) {
    html.element("section", &[("aria-labelledby", "legend")], |html| {
        html.leaf("h2", &[("id", "legend")], "How to read this page");
        html.element("dl", &[], |html| {
            let has_user = report.delegated.is_some();
            for (term, meaning) in TERMS {
                let is_of_user = term.starts_with("With a signed") || term.starts_with("Role");
                if is_of_user && !has_user {
                    continue;
                }
                if term.starts_with("Without") && report.application.is_none() {
                    continue;
                }
                html.leaf("dt", &[], term).leaf("dd", &[], meaning);
            }
            html.leaf("dt", &[], "Sources");
            html.element("dd", &[], |html| {
                html.text(
                    "The permissions come from Microsoft's published permission data and from the reference page \
                     of an operation, where one is named. Microsoft documents all permissions at ",
                )
                .link(REFERENCE)
                .text(".");
            });
        });
    });
}
