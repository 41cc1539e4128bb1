//! Properties whose values never appear in debug output.

use msgraph_csdl::model::Primitive;

use super::identifier::snake_part;
use crate::select::Content;

/// The endings of the names of secret properties, in snake case. All of them occur in Graph. The runtime hides properties
/// in logs by the same list.
const ENDINGS: [&str; 26] = [
    "access_key",
    "bypass_code",
    "certificate_data",
    "client_state",
    "encryption_key",
    "decryption_key",
    "kiosk_mode_exit_code",
    "mac_key",
    "passcode",
    "password",
    "password_base64",
    "pin",
    "pkcs12_value",
    "private_key",
    "product_key",
    "proof",
    "recovery_key",
    "secret",
    "secret_key",
    "secret_text",
    "shared_key",
    "temporary_access_pass",
    "token",
    "token_value",
    "unlock_code",
    "workspace_key",
];

/// Whether the value of a property is a secret, as far as its name tells: a string or binary property, or a
/// collection of them, whose name is one of [`ENDINGS`] or ends with one. A binary `key` is a secret, and a
/// string `key` is one if the name of its type ends like a secret: `bitlockerRecoveryKey`. A string `value` is one
/// in a type such as `synchronizationSecretKeyStringValuePair`.
///
/// Harmless values such as `aggregationFilterToken` are hidden, too, which is better than a secret
/// in a log.
pub(super) fn is_secret(ty: &str, property: &str, content: Content) -> bool {
    let Content::Primitive(primitive, is_collection) = content else {
        return false;
    };
    let name = match (primitive, property) {
        (Primitive::Binary, "key") => return true,
        (Primitive::String, "key") => ty,
        (Primitive::String, "value") => return snake_part(ty).contains("secret"),
        (Primitive::Binary | Primitive::String, name) => name,
        _ => return false,
    };
    let name = snake_part(name);
    let name = name
        .strip_suffix('s')
        .filter(|_| is_collection)
        .unwrap_or(&name);
    let mut endings = ENDINGS.iter();
    endings.any(|ending| {
        let start = name.strip_suffix(ending);
        start.is_some_and(|start| start.is_empty() || start.ends_with('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_recognised_by_name() {
        let is_secret =
            |name: &str| is_secret("user", name, Content::Primitive(Primitive::String, false));
        for name in [
            "password",
            "newPassword",
            "passwordBase64",
            "clientSecret",
            "secretText",
            "secretKey",
            "passcode",
            "unlockPin",
            "temporaryAccessPass",
            "accessToken",
            "privateKey",
            "preSharedKey",
            "deploymentAccessKey",
            "activationLockBypassCode",
            "macOsUnlockCode",
            "tokenValue",
            "clientState",
            "proof",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "passwordPolicies",
            "passwordResetUri",
            "secretType",
            "vppTokenId",
            "federatedTokenIssuer",
            "publicKey",
            "changeKey",
            "postalCode",
            "key",
            "keyId",
            "mapping",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn the_runtime_has_the_same_list() {
        let list = |source: &'static str| -> Vec<&'static str> {
            let (_, list) = source.split_once("const ENDINGS").unwrap();
            list.lines().take_while(|line| *line != "];").collect()
        };
        let ours = list(include_str!("secrets.rs"));
        assert_eq!(ours.len(), ENDINGS.len() + 1);
        let runtime = include_str!("../../../runtime/src/secret_names.rs");
        assert_eq!(ours, list(runtime));
    }

    #[test]
    fn a_key_is_a_secret_by_its_type() {
        let string = Content::Primitive(Primitive::String, false);
        let binary = Content::Primitive(Primitive::Binary, false);
        assert!(is_secret("keyCredential", "key", binary));
        assert!(is_secret("bitlockerRecoveryKey", "key", string));
        assert!(!is_secret("keyValue", "key", string));
        assert!(is_secret("secretKeyStringValuePair", "value", string));
        assert!(!is_secret("keyValuePair", "value", string));
        let strings = Content::Primitive(Primitive::String, true);
        assert!(is_secret("user", "passwords", strings));
        assert!(!is_secret(
            "user",
            "password",
            Content::Primitive(Primitive::Boolean, false)
        ));
    }
}
