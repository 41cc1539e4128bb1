//! The ids of permissions, and who may consent to them.

use std::collections::BTreeMap;
use std::fmt;

use msgraph_csdl::permissions::Scheme;
use serde::Deserialize;

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
    /// If a line is malformed. The message contains the first one.
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
            schemes.insert(scheme, permission);
        }
        Ok(ids)
    }

    /// Reads Microsoft's `permissions.json` and `provisioningInfo.json`.
    ///
    /// # Errors
    ///
    /// If a document is malformed. The message contains the file, line and column.
    pub(crate) fn from_documents(
        (permissions_name, permissions): (&str, &str),
        (provisioning_name, provisioning): (&str, &str),
    ) -> Result<Self, String> {
        let permissions: PermissionsDocument = serde_json::from_str(permissions)
            .map_err(|it| format!("`{permissions_name}`: {it}"))?;
        let provisioning: ProvisioningDocument = serde_json::from_str(provisioning)
            .map_err(|it| format!("`{provisioning_name}`: {it}"))?;
        let mut by_name = BTreeMap::new();
        for (name, permission) in permissions.permissions {
            check_word(&name).map_err(|it| format!("`{permissions_name}`: {it}"))?;
            let deployments = provisioning.deployments.get(&name);
            let mut schemes = BTreeMap::new();
            for scheme in SCHEMES {
                let names = document_names(scheme);
                let Some(consent) = names.iter().find_map(|it| permission.schemes.get(*it)) else {
                    continue;
                };
                let mut deployments = deployments.into_iter().flatten();
                let id = deployments
                    .find(|it| names.contains(&it.scheme.as_str()))
                    .and_then(|it| it.id.clone())
                    .filter(|id| !id.is_empty());
                if let Some(id) = &id {
                    check_word(id).map_err(|it| format!("`{provisioning_name}`: {it}"))?;
                }
                let admin_consent = consent.admin_consent;
                schemes.insert(scheme, PermissionId { id, admin_consent });
            }
            by_name.insert(name, schemes);
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
    let words = [Some(*name), id.as_deref()];
    let is_valid = words.into_iter().flatten().all(|it| check_word(it).is_ok());
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
struct PermissionsDocument {
    permissions: BTreeMap<String, DocumentedPermission>,
}

#[derive(Deserialize)]
struct DocumentedPermission {
    #[serde(default)]
    schemes: BTreeMap<String, DocumentedScheme>,
}

#[derive(Deserialize)]
struct DocumentedScheme {
    #[serde(default, rename = "requiresAdminConsent")]
    admin_consent: bool,
}

#[derive(Deserialize)]
struct ProvisioningDocument {
    #[serde(rename = "permissionDeployments")]
    deployments: BTreeMap<String, Vec<Deployment>>,
}

#[derive(Deserialize)]
struct Deployment {
    scheme: String,
    id: Option<String>,
}

/// The names of a scheme in Microsoft's documents.
fn document_names(scheme: Scheme) -> &'static [&'static str] {
    match scheme {
        Scheme::DelegatedWork | Scheme::DelegatedPersonal => {
            &["DelegatedWork", "DelegatedPersonal"]
        }
        Scheme::Application => &["Application"],
    }
}

/// A name or an id is one word of the text form.
fn check_word(word: &str) -> Result<(), String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    // `-` is written for a missing id.
    if word.chars().all(is_part) && !matches!(word, "" | "-") {
        Ok(())
    } else {
        let word = one_line(word);
        Err(format!(
            "`{word}` is not the name or the id of a permission"
        ))
    }
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
            {"scheme": "Application", "id": "2", "environment": "public"},
            {"scheme": "DelegatedWork", "id": "1"}
        ]}}"#;
        let ids = PermissionIds::from_documents(("p", permissions), ("q", provisioning))
            .expect("both are valid");
        let text = "A.Read delegated 1 user\nA.Read application 2 admin\nB.Read delegated - user\n";
        assert_eq!(ids.to_string(), text);
        let parsed = PermissionIds::parse(text).expect("it is valid");
        assert_eq!(parsed.to_string(), text);
        for line in [
            "A",
            "A delegated 1 root",
            "A personal 1 user",
            "A delegated 1 user x",
        ] {
            assert!(PermissionIds::parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn an_error_names_the_file_and_the_location() {
        let valid = r#"{"permissions": {}}"#;
        let error = PermissionIds::from_documents(
            ("p.json", valid),
            ("q.json", "{\n\"permissionDeployments\": 1}"),
        )
        .expect_err("a number is not a map");
        assert!(error.starts_with("`q.json`: "), "{error}");
        assert!(error.contains("line 2 column 26"), "{error}");
        let hostile = r#"{"permissions": {"a b\n": {"schemes": {}}}}"#;
        let error = PermissionIds::from_documents(("p.json", hostile), ("q.json", "{}"));
        assert!(error.is_err());
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
