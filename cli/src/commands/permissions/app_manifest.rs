//! `--format app-manifest`: what the registration of an app asks for.

use serde::Serialize;

use super::report::PermissionReport;
use crate::support::failure::Failure;

/// The id of Microsoft Graph in every tenant.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// The part of an app's manifest that names its permissions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppManifest {
    required_resource_access: Vec<RequiredResource>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RequiredResource {
    resource_app_id: &'static str,
    resource_access: Vec<RequiredPermission>,
}

#[derive(Debug, Serialize)]
struct RequiredPermission {
    id: String,
    /// `Scope` for a delegated permission, `Role` for one of an application.
    #[serde(rename = "type")]
    kind: &'static str,
}

impl AppManifest {
    /// # Errors
    ///
    /// When the id of a permission is not known.
    pub(super) fn new(report: &PermissionReport) -> Result<Self, Failure> {
        let mut resource_access = Vec::new();
        let mut without_id = Vec::new();
        let delegated = report.delegated.iter().map(|it| ("Scope", it));
        let application = report.application.iter().map(|it| ("Role", it));
        for (kind, scheme) in delegated.chain(application) {
            for permission in &scheme.permissions {
                match &permission.id {
                    Some(id) => resource_access.push(RequiredPermission {
                        id: id.clone(),
                        kind,
                    }),
                    None => {
                        without_id.push(format!("`{}` ({})", permission.name, scheme.scheme.name()))
                    }
                }
            }
        }
        if !without_id.is_empty() {
            return Err(Failure::Input(format!(
                "the ids of these permissions are not known: {}\nhelp: add them to the registration of the \
                 app by hand; `--format text` shows which operations need them",
                without_id.join(", ")
            )));
        }
        Ok(AppManifest {
            required_resource_access: vec![RequiredResource {
                resource_app_id: GRAPH,
                resource_access,
            }],
        })
    }
}
