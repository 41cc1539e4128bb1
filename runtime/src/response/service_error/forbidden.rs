//! What to check after a 403.

use crate::auth::token_permissions::TokenPermissions;
use crate::request::required_permissions::RequiredPermissions;
use crate::text::visible;

/// Maximum number of permissions of the token to show.
const MAX_SHOWN: usize = 8;

/// Compares what the request needs with what the token has, if that is known.
pub(super) fn advice(
    required: RequiredPermissions,
    roles: &[&str],
    token: Option<&TokenPermissions>,
) -> String {
    let Some(token) = token else {
        return need(required, roles, false);
    };
    let is_application = token.is_application();
    let of_token = match is_application {
        true => required.application,
        false => required.delegated,
    };
    if let Some(name) = of_token.iter().find(|name| is_granted(name, token)) {
        let scheme = scheme(is_application);
        let other_cause = match (is_application, any_of(roles)) {
            (true, _) => "the policies that restrict the application".to_owned(),
            (false, None) => "the roles of the signed-in user".to_owned(),
            (false, Some(role)) => format!("that the signed-in user has role {role}"),
        };
        let name = visible(name);
        return format!("the token has {scheme} permission {name}, so check {other_cause}");
    }
    // The other scheme only matters if the token's is not supported.
    let relevant = match is_application {
        _ if of_token.is_empty() => required,
        true => RequiredPermissions {
            delegated: &[],
            ..required
        },
        false => RequiredPermissions {
            application: &[],
            ..required
        },
    };
    let need = need(relevant, roles, is_application);
    format!("{need}; the token has {}", granted(of_token, token))
}

/// What the request needs: the permission, and the role of a signed-in user.
fn need(required: RequiredPermissions, roles: &[&str], is_application: bool) -> String {
    let role = any_of(roles);
    let permissions = (any_of(required.delegated), any_of(required.application));
    let (permission, for_user) = match permissions {
        (None, None) => return need_of_role(role, is_application),
        (None, Some(application)) => {
            return format!("the request needs at least application permission {application}");
        }
        (Some(delegated), None) => (format!("delegated permission {delegated}"), ""),
        (Some(delegated), Some(application)) => {
            let permission = match delegated == application {
                true => format!("permission {delegated}"),
                false => {
                    format!("permission {delegated} (delegated) or {application} (application)")
                }
            };
            (permission, ", for a signed-in user,")
        }
    };
    match role {
        Some(role) => {
            format!("the request needs at least {permission} and{for_user} role {role}")
        }
        None => format!("the request needs at least {permission}"),
    }
}

/// What the request needs if no permission is known.
fn need_of_role(role: Option<String>, is_application: bool) -> String {
    match role {
        _ if is_application => "check the permission that the request needs".to_owned(),
        Some(role) => format!("a signed-in user needs at least role {role}"),
        None => "check the permission and the role that the request needs".to_owned(),
    }
}

/// The token's permissions, those for the same subject as a required one first: they are the most likely mix-up.
fn granted(required: &[&str], token: &TokenPermissions) -> String {
    let scheme = scheme(token.is_application());
    let mut names: Vec<&str> = token.names().iter().map(String::as_str).collect();
    names.sort_by_key(|name| {
        !required
            .iter()
            .any(|required| subject(required) == subject(name))
    });
    let more = match names.len().saturating_sub(MAX_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let noun = match names.len() {
        0 => return format!("no {scheme} permissions"),
        1 => "permission",
        _ => "permissions",
    };
    names.truncate(MAX_SHOWN);
    format!("{scheme} {noun} {}{more}", names.join(", "))
}

/// `Mail` of `Mail.Read`.
fn subject(name: &str) -> Option<&str> {
    name.split('.').next()
}

fn scheme(is_application: bool) -> &'static str {
    match is_application {
        true => "application",
        false => "delegated",
    }
}

/// Whether the token has all permissions of `A and B`.
fn is_granted(required: &str, token: &TokenPermissions) -> bool {
    let mut names = required.split(" and ");
    names.all(|name| {
        token
            .names()
            .iter()
            .any(|granted| granted.eq_ignore_ascii_case(name))
    })
}

/// The alternatives; `None` if there are none.
fn any_of(names: &[&str]) -> Option<String> {
    let or = match names.iter().any(|name| name.contains(" and ")) {
        true => ", or ",
        false => " or ",
    };
    (!names.is_empty()).then(|| visible(&names.join(or)))
}
