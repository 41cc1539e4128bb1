//! Reads the permissions in the claims of a token, and nothing else.

use std::fmt;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value as Json;
use zeroize::Zeroizing;

/// A longer token is not read. HTTP servers reject such headers.
const MAX_TOKEN: usize = 64 << 10;
/// A token has at most a few hundred permissions.
const MAX_NAMES: usize = 1000;
/// The longest name of a permission today has 55 characters.
const MAX_NAME: usize = 80;
/// Names such as `Policy.Read.B2BManagementPolicy` have up to three digits. Ids and hashes have more.
const MAX_DIGITS: usize = 3;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The permissions that an access token grants, from its claims `scp` or `roles` (Microsoft identity platform, "Access
/// token claims reference"). The signature is not validated: this is for messages, not for decisions about access.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenPermissions {
    is_application: bool,
    names: Vec<String>,
}

impl TokenPermissions {
    /// Whether the token is for an application without a user. Otherwise it is for a signed-in user.
    pub const fn is_application(&self) -> bool {
        self.is_application
    }

    /// The names of the permissions, in the order of the token. Strings that do not look like the name of a permission
    /// of Graph are left out, such as `openid`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads the claims of a JWT. `None` if the token is in another format, or names neither permissions nor its kind.
    pub(super) fn read(token: &str) -> Option<Self> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let payload = token.split('.').nth(1)?;
        let payload = Zeroizing::new(BASE64.decode(payload).ok()?);
        let Claims { kind, scp, roles } = serde_json::from_slice(&payload).ok()?;
        let is_application = match kind.as_ref().and_then(Json::as_str) {
            Some("app") => true,
            Some("user") => false,
            _ if scp.is_some() => false,
            _ => roles.is_some().then_some(true)?,
        };
        let granted = if is_application { roles } else { scp };
        let names = match &granted {
            Some(Json::String(names)) => permissions(names.split_whitespace()),
            Some(Json::Array(names)) => permissions(names.iter().filter_map(Json::as_str)),
            _ => Vec::new(),
        };
        Some(Self {
            is_application,
            names,
        })
    }
}

fn permissions<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let names = names.filter(|name| is_permission(name));
    names.take(MAX_NAMES).map(str::to_owned).collect()
}

/// Whether a string has the form of `Group-NestingSupport.ReadWrite.All`: words of letters and a few digits, separated by
/// `.` or `-`, each but the first capitalized. A host, a user name, an id, or a piece of a token has another form.
fn is_permission(name: &str) -> bool {
    let mut words = name.split(['.', '-']);
    let is_first = |word: &str| word.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_next = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    name.contains('.')
        && name.len() <= MAX_NAME
        && digits <= MAX_DIGITS
        && name.bytes().all(is_allowed)
        && words.next().is_some_and(is_first)
        && words.all(is_next)
}

/// The claims that are read. The others are skipped without a copy.
#[derive(Default)]
struct Claims {
    /// `idtyp`: `app` or `user`.
    kind: Option<Json>,
    scp: Option<Json>,
    roles: Option<Json>,
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ClaimsVisitor)
    }
}

struct ClaimsVisitor;

impl<'de> Visitor<'de> for ClaimsVisitor {
    type Value = Claims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the claims of a token")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
        let mut claims = Claims::default();
        while let Some(name) = map.next_key::<String>()? {
            let claim = match name.as_str() {
                "idtyp" => &mut claims.kind,
                "scp" => &mut claims.scp,
                "roles" => &mut claims.roles,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *claim = Some(map.next_value()?);
        }
        Ok(claims)
    }
}
