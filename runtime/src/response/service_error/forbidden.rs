//! What to check after a 403.

use crate::auth::token_permissions::TokenPermissions;
use crate::request::required_permissions::RequiredPermissions;
use crate::text::visible;

/// Maximum number of permissions of the token to show.
const MAX_SHOWN: usize = 8;

/// What the request needs and what the token has, as far as both are known. The request carries only the least
/// privileged permissions, so a token without them may still have a sufficient one.
pub(super) fn advice(
    mut required: RequiredPermissions,
    roles: &[&str],
    token: Option<&TokenPermissions>,
) -> String {
    let is_known = required != RequiredPermissions::NONE;
    let Some(token) = token else {
        let others = match is_known {
            true => "; higher ones also suffice (see `msgraph explain`)",
            false => "",
        };
        return need(required, roles) + others;
    };
    let (of_token, of_other, roles) = match token.is_application() {
        true => (
            required.application,
            &mut required.delegated,
            &[] as &[&str],
        ),
        false => (required.delegated, &mut required.application, roles),
    };
    if let Some(name) = of_token.iter().find(|name| is_granted(name, token)) {
        let scheme = scheme(token);
        let name = visible(name);
        let check = other_causes(token, roles);
        return format!("the token has {scheme} permission {name}, so check {check}");
    }
    // The other scheme only matters if the token's is not supported.
    if !of_token.is_empty() {
        *of_other = &[];
    }
    let need = need(required, roles);
    let mut advice = format!("{need}; the token has {}", granted(of_token, token));
    if is_known && !token.names().is_empty() {
        advice += "; if that suffices (see `msgraph explain`), check ";
        advice += &other_causes(token, &[]);
    }
    advice
}

/// What to check if the token has a sufficient permission.
fn other_causes(token: &TokenPermissions, roles: &[&str]) -> String {
    match any_of(roles) {
        _ if token.is_application() => "the policies that restrict the application".to_owned(),
        None => "the roles of the signed-in user and the policies of the tenant".to_owned(),
        Some(role) => format!(
            "that the signed-in user has role {role} or a higher one, and the policies of the tenant"
        ),
    }
}

/// The least privileged permissions, and the roles of a signed-in user.
fn need(required: RequiredPermissions, roles: &[&str]) -> String {
    let role = any_of(roles);
    let (scheme, permission, for_user) =
        match (any_of(required.delegated), any_of(required.application)) {
            (None, None) => {
                return match role {
                Some(role) => format!("the least privileged role of a signed-in user is {role}"),
                None => {
                    "check the permission that the request needs, and the role of a signed-in user"
                        .to_owned()
                }
            };
            }
            (None, Some(application)) => {
                return format!("the least privileged application permission is {application}");
            }
            (Some(delegated), None) => ("delegated ", delegated, ""),
            (Some(delegated), Some(application)) if delegated == application => {
                ("", delegated, " for a signed-in user")
            }
            (Some(delegated), Some(application)) => (
                "",
                format!("{delegated} (delegated) or {application} (application)"),
                " for a signed-in user",
            ),
        };
    let role = role.map_or_else(String::new, |role| format!(", with role {role}{for_user}"));
    format!("the least privileged {scheme}permission is {permission}{role}")
}

/// The token's permissions, those for the same subject as a required one first: they are the most likely mix-up.
fn granted(required: &[&str], token: &TokenPermissions) -> String {
    let scheme = scheme(token);
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

fn scheme(token: &TokenPermissions) -> &'static str {
    match token.is_application() {
        true => "application",
        false => "delegated",
    }
}

/// Whether the token has all permissions of `A and B`.
fn is_granted(required: &str, token: &TokenPermissions) -> bool {
    let mut names = required.split(" and ");
    names.all(|name| token.names().iter().any(|granted| granted == name))
}

/// The alternatives; `None` if there are none.
fn any_of(names: &[&str]) -> Option<String> {
    let or = match names.iter().any(|name| name.contains(" and ")) {
        true => ", or ",
        false => " or ",
    };
    (!names.is_empty()).then(|| visible(&names.join(or)))
}
