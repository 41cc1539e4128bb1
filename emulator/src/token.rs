//! The permissions in a bearer token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use msgraph_csdl::permissions::Scheme;
use serde::Deserialize;
use serde_json::{Value, json};

/// The tenant of personal Microsoft accounts (Microsoft's reference of access token claims, `tid`).
const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Creates an unsigned JSON Web Token with these claims, for
/// [`Builder::enforce_permissions`](crate::Builder::enforce_permissions).
///
/// `scp` has delegated permissions, separated by spaces, and `roles` those of an application. If both are
/// present, `idtyp` (`app` or `user`) decides. A token with the `tid` `9188040d-6c67-4c5b-b112-36a304b66dad`
/// is for a personal account, which needs the permissions of the scheme `personal`.
///
/// ```
/// use msgraph_emulator::token;
/// use serde_json::json;
///
/// let of_user = token(&json!({"scp": "User.Read Mail.Send"}));
/// let of_application = token(&json!({"roles": ["User.Read.All"]}));
/// ```
pub fn token(claims: &Value) -> String {
    let encode = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let header = json!({"alg": "none", "typ": "JWT"});
    format!("{}.{}.", encode(&header), encode(claims))
}

/// The permissions that a token grants.
#[derive(Clone, Debug)]
pub(crate) struct GrantedPermissions {
    scheme: Scheme,
    names: Vec<String>,
}

/// The claims that matter. `tests/token_claims.rs` of the workspace checks that the client reads them in the
/// same way.
#[derive(Deserialize)]
struct Claims {
    /// `app` or `user`.
    idtyp: Option<String>,
    /// Delegated permissions, separated by spaces.
    scp: Option<String>,
    /// Application permissions. A user may also have roles in the application.
    roles: Option<Vec<String>>,
    #[serde(default)]
    tid: Value,
}

impl GrantedPermissions {
    /// Reads the claims of a JSON Web Token, without validating it. `None` for any other token.
    pub(crate) fn of_token(token: &str) -> Option<Self> {
        let mut segments = token.split('.');
        let (_, payload, _) = (segments.next()?, segments.next()?, segments.next()?);
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        // serde would also read an array.
        let is_object = payload.trim_ascii_start().starts_with(b"{");
        if segments.next().is_some() || !is_object {
            return None;
        }
        let Claims {
            idtyp,
            scp,
            roles,
            tid,
        } = serde_json::from_slice(&payload).ok()?;
        let is_application = match idtyp.as_deref() {
            Some("app") => true,
            Some("user") => false,
            // An application without permissions has no `roles` either.
            _ => scp.is_none(),
        };
        let scheme = match is_application {
            true => Scheme::Application,
            false if tid == PERSONAL_TENANT => Scheme::DelegatedPersonal,
            false => Scheme::DelegatedWork,
        };
        let names = match is_application {
            true => roles.unwrap_or_default(),
            false => {
                let scp = scp.unwrap_or_default();
                scp.split_whitespace().map(str::to_owned).collect()
            }
        };
        Some(GrantedPermissions { scheme, names })
    }

    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    pub(crate) fn include(&self, permission: &str) -> bool {
        self.names.iter().any(|name| name == permission)
    }
}
