//! The structure of `permissions.json`, without descriptions.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use msgraph_csdl::permissions::{self, is_permission_name};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

/// Microsoft's `permissions.json`.
#[derive(Debug, serde::Deserialize)]
pub struct PermissionDocument {
    pub(crate) permissions: Pairs<PermissionName, Permission>,
}

/// What one permission allows, and who may consent to it.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Permission {
    #[serde(default)]
    pub(crate) schemes: BTreeMap<DocumentedScheme, ConsentRule>,
    #[serde(default)]
    pub(super) path_sets: Vec<PathSet>,
}

/// Who may consent to a permission.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct ConsentRule {
    #[serde(default, rename = "requiresAdminConsent")]
    pub(crate) admin_consent: bool,
}

/// Operations that a permission allows: every method on every path, for every scheme.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PathSet {
    pub(super) scheme_keys: Vec<DocumentedScheme>,
    pub(super) methods: Vec<Method>,
    pub(super) paths: Pairs<String, Options>,
}

/// A scheme as Microsoft's documents name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
pub(crate) enum DocumentedScheme {
    DelegatedWork,
    DelegatedPersonal,
    Application,
}

impl From<DocumentedScheme> for permissions::Scheme {
    fn from(scheme: DocumentedScheme) -> Self {
        match scheme {
            DocumentedScheme::DelegatedWork => permissions::Scheme::DelegatedWork,
            DocumentedScheme::DelegatedPersonal => permissions::Scheme::DelegatedPersonal,
            DocumentedScheme::Application => permissions::Scheme::Application,
        }
    }
}

#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    Delete,
    Get,
    Patch,
    Post,
    Put,
}

impl Method {
    pub(super) fn name(self) -> &'static str {
        match self {
            Method::Delete => "DELETE",
            Method::Get => "GET",
            Method::Patch => "PATCH",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }
}

/// The name of a permission.
#[derive(Debug)]
pub(crate) struct PermissionName(pub(crate) String);

impl<'de> Deserialize<'de> for PermissionName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl Visitor<'_> for NameVisitor {
            type Value = PermissionName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a permission")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<PermissionName, E> {
                match is_permission_name(text) {
                    true => Ok(PermissionName(text.to_owned())),
                    false => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

/// The options of a path: `least=DelegatedWork,Application;AlsoRequires=User.Read.All`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The schemes for which the permission is marked as the least privileged.
    pub(super) least: Vec<DocumentedScheme>,
    /// Other permissions that are also needed.
    pub(super) also: Vec<String>,
}

impl Options {
    fn parse(text: &str) -> Result<Self, String> {
        let mut options = Options::default();
        let parts = text.split(';').map(str::trim);
        for part in parts.filter(|part| !part.is_empty()) {
            let (name, values) = part.split_once('=').unwrap_or((part, ""));
            let values = values.split(',').map(str::trim);
            match name.trim() {
                "least" => {
                    for value in values {
                        options.least.push(match value {
                            "DelegatedWork" => DocumentedScheme::DelegatedWork,
                            "DelegatedPersonal" => DocumentedScheme::DelegatedPersonal,
                            "Application" => DocumentedScheme::Application,
                            _ => return Err(format!("unknown scheme `{value}`")),
                        });
                    }
                }
                "AlsoRequires" => {
                    for value in values {
                        match is_permission_name(value) {
                            true => options.also.push(value.to_owned()),
                            false => return Err(format!("`{value}` is not a permission")),
                        }
                    }
                }
                name => return Err(format!("unknown option `{name}`")),
            }
        }
        Ok(options)
    }
}

impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OptionsVisitor;

        impl Visitor<'_> for OptionsVisitor {
            type Value = Options;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the options of a path")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Options, E> {
                Options::parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(OptionsVisitor)
    }
}

/// The properties of a JSON object in order. Duplicates are kept: each may add something.
#[derive(Debug)]
pub(crate) struct Pairs<K, V>(pub(crate) Vec<(K, V)>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Pairs<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<K, V>(PhantomData<(K, V)>);

        impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<K, V> {
            type Value = Pairs<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<K, V>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}
