//! The ids of permissions, and who may consent to them.

use std::collections::BTreeMap;
use std::fmt;

use msgraph_csdl::permissions::{Scheme, is_permission_name};
use serde::Deserialize;

use crate::support::permission_document::{DocumentedScheme, PermissionDocument, PermissionName};
use crate::support::text::one_line;

const BUILT_IN: &str = include_str!("../../data/permission-ids.txt");

/// The schemes that an app asks for separately. Personal accounts use the delegated permissions.
const SCHEMES: [Scheme; 2] = [Scheme::DelegatedWork, Scheme::Application];

/// The permissions of Graph by name.
#[derive(Debug, Default)]
pub(crate) struct PermissionIds {
    by_name: BTreeMap<String, BTreeMap<Scheme, PermissionId>>,
}

/// A permission in one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PermissionId {
    /// The id in the manifest of an app, if it is known.
    pub(crate) id: Option<String>,
    /// Whether only an administrator can consent.
    pub(crate) admin_consent: bool,
}

impl PermissionIds {
    /// The ids that ship with the command.
    pub(crate) fn built_in() -> Self {
        // A test parses this text.
        PermissionIds::parse(BUILT_IN).unwrap_or_default()
    }

    /// Parses the text form.
    ///
    /// # Errors
    ///
    /// If a line is malformed or a duplicate, or there is none. The message contains the first error.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut ids = PermissionIds::default();
        for (nth, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, scheme, permission) = parse_line(line).ok_or_else(|| {
                format!("line {}: `{}` is not a permission", nth + 1, one_line(line))
            })?;
            let schemes = ids.by_name.entry(name.to_owned()).or_default();
            if schemes.insert(scheme, permission).is_some() {
                let (line, kind) = (nth + 1, scheme.name());
                return Err(format!("line {line}: `{name}` ({kind}) is a duplicate"));
            }
        }
        match ids.by_name.is_empty() {
            true => Err("the file has no permissions".to_owned()),
            false => Ok(ids),
        }
    }

    /// Adds the ids in Microsoft's `provisioningInfo.json` to the permissions of a document.
    ///
    /// # Errors
    ///
    /// The text is malformed. The message contains line and column.
    pub(crate) fn provisioned(
        document: &PermissionDocument,
        provisioning: &str,
    ) -> Result<Self, serde_json::Error> {
        let provisioning: ProvisioningDocument = serde_json::from_str(provisioning)?;
        let mut by_name: BTreeMap<String, BTreeMap<Scheme, PermissionId>> = BTreeMap::new();
        for (PermissionName(name), permission) in &document.permissions.0 {
            let schemes = by_name.entry(name.clone()).or_default();
            for scheme in SCHEMES {
                let documented = documented(scheme);
                let Some(rule) = documented.iter().find_map(|it| permission.schemes.get(it)) else {
                    continue;
                };
                let mut deployments = provisioning.deployments.get(name).into_iter().flatten();
                let deployment = deployments.find(|it| documented.contains(&it.scheme));
                let permission = PermissionId {
                    id: deployment.and_then(|it| it.id.0.clone()),
                    admin_consent: rule.admin_consent,
                };
                schemes.insert(scheme, permission);
            }
        }
        Ok(PermissionIds { by_name })
    }

    /// A permission in one scheme.
    pub(crate) fn find(&self, name: &str, scheme: Scheme) -> Option<&PermissionId> {
        self.by_name.get(name)?.get(&scheme)
    }

    /// The names of all permissions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

/// `Policy.Read.All delegated 572fea84-0151-49b2-9301-11cb16974376 admin`.
fn parse_line(line: &str) -> Option<(&str, Scheme, PermissionId)> {
    let words: Vec<&str> = line.split(' ').collect();
    let [name, scheme, id, consent] = words.as_slice() else {
        return None;
    };
    let scheme = SCHEMES.into_iter().find(|it| it.name() == *scheme)?;
    let admin_consent = match *consent {
        "admin" => true,
        "user" => false,
        _ => return None,
    };
    let id = match *id {
        "-" => None,
        id => Some(id.to_owned()),
    };
    let is_valid = is_permission_name(name) && id.as_deref().is_none_or(is_id);
    let permission = PermissionId { id, admin_consent };
    is_valid.then_some((name, scheme, permission))
}

/// The text form: a line for each name and scheme, with the id, and `admin` or `user`.
impl fmt::Display for PermissionIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, schemes) in &self.by_name {
            for (scheme, permission) in schemes {
                let id = permission.id.as_deref().unwrap_or("-");
                let consent = if permission.admin_consent {
                    "admin"
                } else {
                    "user"
                };
                writeln!(f, "{name} {} {id} {consent}", scheme.name())?;
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct ProvisioningDocument {
    #[serde(rename = "permissionDeployments")]
    deployments: BTreeMap<String, Vec<Deployment>>,
}

#[derive(Deserialize)]
struct Deployment {
    scheme: DocumentedScheme,
    #[serde(default)]
    id: OptionalId,
}

/// The id of a deployment, if it is valid. Microsoft's data has one with a digit too many.
#[derive(Default, Deserialize)]
#[serde(from = "Option<String>")]
struct OptionalId(Option<String>);

impl From<Option<String>> for OptionalId {
    fn from(id: Option<String>) -> Self {
        OptionalId(id.filter(|id| is_id(id)))
    }
}

/// The schemes of Microsoft's documents.
fn documented(scheme: Scheme) -> &'static [DocumentedScheme] {
    match scheme {
        Scheme::DelegatedWork | Scheme::DelegatedPersonal => &[
            DocumentedScheme::DelegatedWork,
            DocumentedScheme::DelegatedPersonal,
        ],
        Scheme::Application => &[DocumentedScheme::Application],
    }
}

/// Whether a string is a UUID in its usual form.
fn is_id(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_hexdigit() || c == '-';
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.chars().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_read_as_it_was_written() {
        let permissions = r#"{"permissions": {
            "B.Read": {"schemes": {"DelegatedPersonal": {"requiresAdminConsent": false}}},
            "A.Read": {"schemes": {
                "Application": {"requiresAdminConsent": true},
                "DelegatedWork": {"requiresAdminConsent": false}
            }}
        }}"#;
        let provisioning = r#"{"permissionDeployments": {"A.Read": [
            {"scheme": "Application", "id": "29c18626-4985-4dcd-85c0-193eef327366", "environment": "public"},
            {"scheme": "DelegatedWork", "id": "7e823077-d88e-468f-a337-e18f1f0e6c7c"}
        ], "B.Read": [{"scheme": "DelegatedPersonal", "id": "75d9ca3df-7017-4feb-baa0-06a339b6c338"}]}}"#;
        let document = PermissionDocument::parse(permissions).expect("it is valid");
        let ids = PermissionIds::provisioned(&document, provisioning).expect("it is valid");
        let text = "\
A.Read delegated 7e823077-d88e-468f-a337-e18f1f0e6c7c user
A.Read application 29c18626-4985-4dcd-85c0-193eef327366 admin
B.Read delegated - user
";
        assert_eq!(ids.to_string(), text);
        let parsed = PermissionIds::parse(text).expect("it is valid");
        assert_eq!(parsed.to_string(), text);
        for text in [
            "",
            "# A comment\n",
            "A",
            "A delegated - root",
            "A personal - user",
            "A delegated - user x",
            "A delegated 1-2 user",
            "A delegated ze823077-d88e-468f-a337-e18f1f0e6c7c user",
            "A delegated 7e823077d88e468fa337e18f1f0e6c7c user",
            "A delegated - user\nA delegated - admin",
        ] {
            assert!(PermissionIds::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_has_the_location() {
        let document = PermissionDocument::parse(r#"{"permissions": {}}"#).expect("it is valid");
        for (text, problem) in [
            ("{\n\"permissionDeployments\": 1}", "line 2 column 26"),
            (
                r#"{"permissionDeployments": {"A": [{"scheme": "Alien"}]}}"#,
                "unknown variant `Alien`",
            ),
        ] {
            let error = PermissionIds::provisioned(&document, text).expect_err(text);
            assert!(error.to_string().contains(problem), "{error}");
        }
    }

    #[test]
    fn the_built_in_ids_are_valid() {
        let ids = PermissionIds::built_in();
        let lines = BUILT_IN.lines().filter(|line| !line.starts_with('#'));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        assert_eq!(ids.to_string(), text);
        let name = "Policy.ReadWrite.AuthenticationMethod";
        let permission = ids.find(name, Scheme::Application).expect("it has one");
        assert_eq!(
            permission.id.as_deref(),
            Some("29c18626-4985-4dcd-85c0-193eef327366")
        );
        assert!(permission.admin_consent);
    }
}
