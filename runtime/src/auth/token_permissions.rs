//! Reads the permissions in the claims of a token, and nothing else.

use std::fmt;
use std::mem::replace;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use zeroize::Zeroizing;

/// The longest name of a permission today has 55 characters.
const MAX_NAME: usize = 80;
/// Names such as `Policy.Read.B2BManagementPolicy` have up to three digits. Ids and hashes have more.
const MAX_DIGITS: usize = 3;

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

    /// Reads the claims of a JWT. `None` for any other token.
    pub(super) fn read(token: &str) -> Option<Self> {
        let mut segments = token.split('.');
        let (_, payload, _) = (segments.next()?, segments.next()?, segments.next()?);
        if segments.next().is_some() {
            return None;
        }
        let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
        let Claims { idtyp, scp, roles } = serde_json::from_slice(&payload).ok()?;
        let is_application = match idtyp.as_deref() {
            Some("app") => true,
            Some("user") => false,
            // An application without permissions has no `roles` either.
            _ => scp.is_none(),
        };
        let mut names = match is_application {
            true => roles.unwrap_or_default(),
            false => {
                let scp = scp.unwrap_or_default();
                scp.split_whitespace().map(str::to_owned).collect()
            }
        };
        names.retain(|name| is_permission(name));
        Some(Self {
            is_application,
            names,
        })
    }
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
    /// `app` or `user`.
    idtyp: Option<String>,
    /// Separated by spaces.
    scp: Option<String>,
    roles: Option<Vec<String>>,
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
            let is_duplicate = match name.as_str() {
                "idtyp" => replace(&mut claims.idtyp, map.next_value()?).is_some(),
                "scp" => replace(&mut claims.scp, map.next_value()?).is_some(),
                "roles" => replace(&mut claims.roles, map.next_value()?).is_some(),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    false
                }
            };
            if is_duplicate {
                return Err(A::Error::custom("duplicate claim"));
            }
        }
        Ok(claims)
    }
}
