//! The report of `msgraph permissions`.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::permissions::{Access, Requirement, Scheme};
use serde::{Serialize, Serializer};

use super::operation::{ReportedOperation, SchemeAccess};
use crate::support::permission_ids::PermissionIds;
use crate::support::smallest_set::smallest_set;

/// What the operations of a manifest need.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PermissionReport {
    /// The crate of the manifest, if it has one.
    #[serde(rename = "crate")]
    pub(super) name: Option<String>,
    pub(super) manifest: String,
    pub(super) api_version: String,
    /// Null if `--scheme` names the other scheme.
    pub(super) delegated: Option<SchemeReport>,
    /// Null if `--scheme` names the other scheme.
    pub(super) application: Option<SchemeReport>,
    pub(super) operations: Vec<ReportedOperation>,
}

/// What the operations need in one scheme.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SchemeReport {
    #[serde(skip)]
    pub(super) scheme: Scheme,
    /// The smallest set.
    pub(super) permissions: Vec<NeededPermission>,
    /// Operations with several alternatives, none of which is known to be the least privileged or is in the set.
    pub(super) undecided: Vec<NamedOperation>,
    /// Operations that are not available in this scheme.
    pub(super) unsupported: Vec<NamedOperation>,
    /// Operations without data.
    pub(super) unknown: Vec<NamedOperation>,
    /// Null if no permissions were named.
    pub(super) granted: Option<GrantedReport>,
}

/// A permission of the smallest set.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NeededPermission {
    pub(super) name: String,
    pub(super) id: Option<String>,
    /// Whether only an administrator can consent; null if that is not known.
    pub(super) admin_consent: Option<bool>,
    /// The operations that it allows.
    pub(super) operations: Vec<NamedOperation>,
}

/// An operation in a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NamedOperation {
    #[serde(skip)]
    pub(super) number: usize,
    pub(super) method: String,
    pub(super) path: String,
    /// The least privileged permissions; empty if they are not known.
    #[serde(serialize_with = "as_texts")]
    pub(super) least: Vec<Requirement>,
    /// Permissions that are sufficient, but not marked as the least privileged.
    #[serde(serialize_with = "as_texts")]
    pub(super) higher: Vec<Requirement>,
}

fn as_texts<S: Serializer>(all: &[Requirement], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(all.iter().map(Requirement::to_string))
}

/// Compares the granted permissions with those that are needed.
#[derive(Debug, Serialize)]
pub(super) struct GrantedReport {
    pub(super) permissions: Vec<String>,
    /// How many operations they allow.
    pub(super) allowed: usize,
    /// Operations that they do not allow.
    pub(super) missing: Vec<NamedOperation>,
    /// The smallest set of permissions to add. It ignores operations without a known least privileged permission.
    pub(super) additional: Vec<String>,
    /// Permissions that are sufficient only for a part of an operation.
    pub(super) partial: Vec<PartialPermission>,
    /// Permissions that are not sufficient for any operation, even in part.
    pub(super) unneeded: Vec<String>,
}

/// A permission that is sufficient for a part of an operation.
#[derive(Debug, Serialize)]
pub(super) struct PartialPermission {
    /// `A`, or `A and B` if both are needed.
    #[serde(serialize_with = "as_text")]
    pub(super) permission: Requirement,
    pub(super) method: String,
    pub(super) path: String,
    /// The part; null if it is not known.
    pub(super) covers: Option<String>,
}

fn as_text<S: Serializer>(one: &Requirement, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(one)
}

impl PermissionReport {
    /// Creates the report for these schemes. `granted`: permissions to compare with.
    pub(super) fn new(
        (name, manifest, api_version): (Option<String>, String, String),
        operations: Vec<ReportedOperation>,
        schemes: &[Scheme],
        ids: &PermissionIds,
        granted: Option<&[String]>,
    ) -> Self {
        let of = |scheme| {
            let is_wanted = schemes.contains(&scheme);
            is_wanted.then(|| SchemeReport::new(scheme, &operations, ids, granted))
        };
        PermissionReport {
            name,
            manifest,
            api_version,
            delegated: of(Scheme::DelegatedWork),
            application: of(Scheme::Application),
            operations,
        }
    }

    /// The schemes of the report.
    pub(super) fn schemes(&self) -> impl Iterator<Item = &SchemeReport> {
        self.delegated.iter().chain(&self.application)
    }

    /// Whether the granted permissions lack any that are needed.
    pub(super) fn is_missing_permissions(&self) -> bool {
        let mut granted = self.schemes().filter_map(|scheme| scheme.granted.as_ref());
        granted.any(|granted| !granted.missing.is_empty())
    }

    /// The operation at a position.
    pub(super) fn operation(&self, number: usize) -> Option<&ReportedOperation> {
        self.operations.get(number.checked_sub(1)?)
    }

    /// The crate, or else the manifest.
    pub(super) fn subject(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.manifest)
    }
}

impl SchemeReport {
    fn new(
        scheme: Scheme,
        operations: &[ReportedOperation],
        ids: &PermissionIds,
        granted: Option<&[String]>,
    ) -> Self {
        let mut known: Vec<(&ReportedOperation, &Access)> = Vec::new();
        let (mut unsupported, mut unknown) = (Vec::new(), Vec::new());
        for operation in operations {
            match operation.access(scheme) {
                SchemeAccess::Known(access) => known.push((operation, access)),
                SchemeAccess::Unsupported => unsupported.push(NamedOperation::new(operation, None)),
                SchemeAccess::Unknown => unknown.push(NamedOperation::new(operation, None)),
            }
        }
        let accesses: Vec<&Access> = known.iter().map(|(_, access)| *access).collect();
        let set = smallest_set(&accesses, &BTreeSet::new());
        let mut by_name: BTreeMap<&str, Vec<NamedOperation>> =
            set.iter().map(|name| (*name, Vec::new())).collect();
        let mut undecided = Vec::new();
        for (operation, access) in &known {
            let named = NamedOperation::new(operation, Some(access));
            let Some(requirement) = access.met_by(|name| set.contains(name)) else {
                undecided.push(named);
                continue;
            };
            for name in requirement.names() {
                let operations = by_name.entry(name).or_default();
                operations.push(named.clone());
            }
        }
        let permissions = by_name.into_iter().map(|(name, operations)| {
            let permission = ids.find(name, scheme);
            NeededPermission {
                name: name.to_owned(),
                id: permission.and_then(|it| it.id.clone()),
                admin_consent: permission.map(|it| it.admin_consent),
                operations,
            }
        });
        SchemeReport {
            scheme,
            permissions: permissions.collect(),
            undecided,
            unsupported,
            unknown,
            granted: granted.map(|granted| GrantedReport::new(&known, granted)),
        }
    }

    /// The permissions of the set that allow an operation; empty if there are none.
    pub(super) fn permissions_of(&self, number: usize) -> Vec<&str> {
        let permissions = self.permissions.iter();
        let permissions = permissions.filter(|permission| {
            let mut operations = permission.operations.iter();
            operations.any(|operation| operation.number == number)
        });
        permissions
            .map(|permission| permission.name.as_str())
            .collect()
    }

    /// The number of permissions that need an administrator's consent.
    pub(super) fn admin_consents(&self) -> usize {
        let permissions = self.permissions.iter();
        permissions
            .filter(|permission| permission.admin_consent == Some(true))
            .count()
    }
}

impl NamedOperation {
    fn new(operation: &ReportedOperation, access: Option<&Access>) -> Self {
        let of = |of: fn(&Access) -> &Vec<Requirement>| {
            access.map_or_else(Vec::new, |access| of(access).clone())
        };
        NamedOperation {
            number: operation.number,
            method: operation.operation.method.to_string(),
            path: operation.operation.path.clone(),
            least: of(|access| &access.least),
            higher: of(|access| &access.higher),
        }
    }

    /// `GET /users`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The alternatives, the least privileged first.
    pub(super) fn alternatives(&self) -> impl Iterator<Item = &Requirement> {
        self.least.iter().chain(&self.higher)
    }
}

impl GrantedReport {
    fn new(known: &[(&ReportedOperation, &Access)], granted: &[String]) -> Self {
        let set: BTreeSet<&str> = granted.iter().map(String::as_str).collect();
        let accesses: Vec<&Access> = known.iter().map(|(_, access)| *access).collect();
        let missing: Vec<NamedOperation> = known
            .iter()
            .filter(|(_, access)| !access.is_allowed(|name| set.contains(name)))
            .map(|(operation, access)| NamedOperation::new(operation, Some(access)))
            .collect();
        let accepted = accesses.iter().flat_map(|access| access.all());
        let accepted: BTreeSet<&str> = accepted.flat_map(Requirement::names).collect();
        // Without data, nothing is known to be unnecessary.
        let others: BTreeSet<&str> = match known.is_empty() {
            true => BTreeSet::new(),
            false => &set - &accepted,
        };
        let partial = partial_permissions(known, &others);
        let helpful = partial.iter().flat_map(|it| it.permission.names());
        let unneeded = &others - &helpful.collect();
        let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
        GrantedReport {
            allowed: known.len() - missing.len(),
            missing,
            additional: owned(smallest_set(&accesses, &set)),
            unneeded: owned(unneeded),
            partial,
            permissions: owned(set),
        }
    }
}

/// What these permissions allow only in part.
fn partial_permissions(
    known: &[(&ReportedOperation, &Access)],
    permissions: &BTreeSet<&str>,
) -> Vec<PartialPermission> {
    let mut found = Vec::new();
    for (reported, access) in known {
        let operation = &reported.operation;
        let has_any = |it: &&Requirement| it.names().any(|name| permissions.contains(name));
        for permission in access.partial.iter().filter(has_any) {
            found.push(PartialPermission {
                permission: permission.clone(),
                method: operation.method.to_string(),
                path: operation.path.clone(),
                covers: reported.covers(permission).map(str::to_owned),
            });
        }
    }
    found
}
