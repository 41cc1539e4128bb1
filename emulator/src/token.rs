//! The permissions in a bearer token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use msgraph_csdl::permissions::{Permissions, Scheme};
use serde_json::{Value, json};

/// The tenant of personal Microsoft accounts (Microsoft's reference of access token claims, `tid`).
const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Creates an unsigned JSON Web Token with these claims, for
/// [`Builder::enforce_permissions`](crate::Builder::enforce_permissions).
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
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GrantedPermissions {
    scheme: Scheme,
    names: Vec<String>,
}

impl GrantedPermissions {
    /// Reads the claims of a JSON Web Token, without validating it. `None` for any other token.
    pub(crate) fn of_token(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        claims.is_object().then(|| Self::of_claims(&claims))
    }

    /// Delegated permissions are in `scp`, separated by spaces, and application permissions in `roles`.
    /// The token of an application without permissions has neither.
    fn of_claims(claims: &Value) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        match text("scp") {
            Some(names) if text("idtyp") != Some("app") => GrantedPermissions {
                scheme: match text("tid") {
                    Some(PERSONAL_TENANT) => Scheme::DelegatedPersonal,
                    _ => Scheme::DelegatedWork,
                },
                names: names.split_whitespace().map(str::to_owned).collect(),
            },
            _ => {
                let roles = claims.get("roles").and_then(Value::as_array);
                let roles = roles.into_iter().flatten().filter_map(Value::as_str);
                GrantedPermissions {
                    scheme: Scheme::Application,
                    names: roles.map(str::to_owned).collect(),
                }
            }
        }
    }

    /// Whether they allow an operation that needs `permissions`, or a part of it: a permission may cover
    /// some properties only.
    pub(crate) fn allow(&self, permissions: &Permissions) -> bool {
        let is_granted = |name: &str| self.names.iter().any(|granted| granted == name);
        permissions.of(self.scheme).is_some_and(|access| {
            let mut sufficient = access.all().chain(&access.partial);
            sufficient.any(|requirement| requirement.is_granted(is_granted))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(claims: Value) -> Option<GrantedPermissions> {
        GrantedPermissions::of_token(&token(&claims))
    }

    #[test]
    fn claims_determine_scheme_and_permissions() {
        let delegated = Scheme::DelegatedWork;
        for (claims, scheme, names) in [
            (json!({"scp": "A  B"}), delegated, &["A", "B"][..]),
            (json!({"scp": ""}), delegated, &[]),
            // Roles of a user in the app.
            (json!({"scp": "A", "roles": ["B"]}), delegated, &["A"]),
            (
                json!({"scp": "A", "tid": PERSONAL_TENANT}),
                Scheme::DelegatedPersonal,
                &["A"],
            ),
            (
                json!({"roles": ["A", "B", 5]}),
                Scheme::Application,
                &["A", "B"],
            ),
            (
                json!({"idtyp": "app", "scp": "A", "roles": ["B"]}),
                Scheme::Application,
                &["B"],
            ),
            (json!({"roles": "A"}), Scheme::Application, &[]),
            (json!({}), Scheme::Application, &[]),
        ] {
            let names = names.iter().map(|name| name.to_string()).collect();
            let expected = Some(GrantedPermissions { scheme, names });
            assert_eq!(read(claims.clone()), expected, "{claims}");
        }
    }

    #[test]
    fn other_tokens_have_no_permissions() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"scp":"A"}"#);
        assert!(GrantedPermissions::of_token(&format!("x.{payload}.signature")).is_some());
        let number = URL_SAFE_NO_PAD.encode("5");
        for token in [
            "any".to_owned(),
            payload.clone(),
            format!("x.{payload}"),
            format!("x.{payload}.y.z"),
            format!("x.{number}.y"),
            "x.???.y".to_owned(),
            "..".to_owned(),
        ] {
            assert_eq!(GrantedPermissions::of_token(&token), None, "{token}");
        }
    }
}
