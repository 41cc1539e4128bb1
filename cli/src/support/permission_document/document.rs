//! The structure of `permissions.json`, without descriptions.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use msgraph_csdl::permissions::{self, is_permission_name, map_path};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

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
    pub(super) paths: Pairs<RequestPath, Options>,
}

/// A scheme, by the name in Microsoft's JSON.
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

/// Deserializes a type with its function `parse`, which returns an error message.
macro_rules! deserialize_string {
    ($ty:ty, $expected:literal) => {
        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct StringVisitor;

                impl Visitor<'_> for StringVisitor {
                    type Value = $ty;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$ty, E> {
                        <$ty>::parse(text).map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(StringVisitor)
            }
        }
    };
}

/// The name of a permission.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PermissionName(pub(crate) String);

impl PermissionName {
    fn parse(text: &str) -> Result<Self, String> {
        match is_permission_name(text) {
            true => Ok(PermissionName(text.to_owned())),
            false => Err(format!("{text:?} is not the name of a permission")),
        }
    }
}

deserialize_string!(PermissionName, "the name of a permission");

/// A path in the form of the map; `None` if it has a query, which selects some of the resources at a path.
#[derive(Debug)]
pub(super) struct RequestPath(pub(super) Option<String>);

impl RequestPath {
    fn parse(text: &str) -> Result<Self, String> {
        if text.contains('?') {
            return Ok(RequestPath(None));
        }
        let path = map_path(text);
        let is_path = text.starts_with('/')
            && !path.is_empty()
            && !text.contains(|c: char| c != ' ' && c.is_whitespace())
            // Percent-encoding may hide one.
            && !path.contains(char::is_control)
            && map_path(&path) == path;
        match is_path {
            true => Ok(RequestPath(Some(path))),
            false => Err(format!(
                "{text:?} is not the path of an operation, such as `/users/{{id}}`"
            )),
        }
    }
}

deserialize_string!(RequestPath, "the path of an operation");

/// The options of a path: `least=DelegatedWork,Application;AlsoRequires=User.Read.All`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The schemes for which the permission is marked as the least privileged.
    pub(super) least: Vec<DocumentedScheme>,
    /// Other permissions that are also needed.
    pub(super) also: Vec<PermissionName>,
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
                        options.also.push(PermissionName::parse(value)?);
                    }
                }
                name => return Err(format!("unknown option `{name}`")),
            }
        }
        Ok(options)
    }
}

deserialize_string!(Options, "the options of a path");

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
