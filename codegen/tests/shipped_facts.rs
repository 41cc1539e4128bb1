//! Effects of the built-in facts on code generated from the published metadata: directory objects, Planner, Shifts
//! and Outlook.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

mod published;

use msgraph_codegen::Config;

fn generate(test: &str, metadata: &str, paths: &[&str]) -> Option<String> {
    let document = published::shared(test, &format!("metadata/{metadata}"))?;
    let mut manifest = format!(
        "api-version = \"v1.0\"\nsetters = false\n\
         metadata = {{ \"v1.0\" = {document:?} }}\n"
    );
    for path in paths {
        manifest.push_str(&format!("[[update]]\npath = {path:?}\n"));
    }
    let config = Config::new("graph.toml").manifest_text(manifest);
    let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
    Some(generated.code)
}

/// The Rust names of a struct's fields.
fn fields<'c>(code: &'c str, name: &str) -> Vec<&'c str> {
    let body = code.split(&format!("pub struct {name} {{")).nth(1);
    let body = body.and_then(|rest| rest.split("\n}").next()).unwrap();
    body.lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next())
        .collect()
}

/// Properties that an update page of the reference lists are fields; those that a resource page calls read-only
/// are not.
#[test]
fn directory_objects_send_what_can_be_updated() {
    let test = "shipped_facts::directory_objects_send_what_can_be_updated";
    let paths = [
        "/users/{id}",
        "/groups/{id}",
        "/devices/{id}",
        "/applications/{id}",
    ];
    for metadata in ["v1.0-global.csdl", "v1.0-global-clean.csdl"] {
        let Some(code) = generate(test, metadata, &paths) else {
            return;
        };
        let cases: [(&str, &[&str], &[&str]); 4] = [
            (
                "UserPatch",
                &[
                    "account_enabled",
                    "age_group",
                    "assigned_licenses",
                    "birthday",
                    "business_phones",
                    "consent_provided_for_minor",
                    "custom_security_attributes",
                    "display_name",
                    "employee_leave_date_time",
                    "identities",
                    "mail",
                    "mail_nickname",
                    "mobile_phone",
                    "on_premises_extension_attributes",
                    "on_premises_immutable_id",
                    "other_mails",
                    "password_profile",
                    "show_in_address_list",
                    "usage_location",
                    "user_principal_name",
                    "user_type",
                ],
                &[
                    "created_date_time",
                    "creation_type",
                    "deleted_date_time",
                    "sign_in_activity",
                    "proxy_addresses",
                    "im_addresses",
                    "on_premises_sync_enabled",
                    "provisioned_plans",
                    "security_identifier",
                    "last_password_change_date_time",
                ],
            ),
            (
                "GroupPatch",
                &[
                    "allow_external_senders",
                    "assigned_labels",
                    "auto_subscribe_new_members",
                    "description",
                    "display_name",
                    "group_types",
                    "hide_from_address_lists",
                    "is_subscribed_by_mail",
                    "mail_enabled",
                    "mail_nickname",
                    "membership_rule",
                    "preferred_data_location",
                    "security_enabled",
                    "unique_name",
                    "unseen_count",
                    "visibility",
                ],
                &[
                    "created_date_time",
                    "deleted_date_time",
                    "expiration_date_time",
                    "mail",
                    "proxy_addresses",
                    "renewed_date_time",
                    "is_assignable_to_role",
                ],
            ),
            (
                "DevicePatch",
                &[
                    "account_enabled",
                    "display_name",
                    "is_compliant",
                    "is_managed",
                    "operating_system",
                    "operating_system_version",
                ],
                &[
                    "approximate_last_sign_in_date_time",
                    "deleted_date_time",
                    "manufacturer",
                    "model",
                    "registration_date_time",
                    "trust_type",
                ],
            ),
            (
                "ApplicationPatch",
                &[
                    "api",
                    "app_roles",
                    "display_name",
                    "group_membership_claims",
                    "identifier_uris",
                    "info",
                    "is_fallback_public_client",
                    "key_credentials",
                    "optional_claims",
                    "parental_control_settings",
                    "password_credentials",
                    "public_client",
                    "required_resource_access",
                    "sign_in_audience",
                    "spa",
                    "tags",
                    "token_encryption_key_id",
                    "unique_name",
                    "web",
                ],
                &[
                    "app_id",
                    "application_template_id",
                    "certification",
                    "created_date_time",
                    "deleted_date_time",
                    "publisher_domain",
                ],
            ),
        ];
        for (name, sent, not_sent) in cases {
            let fields = fields(&code, name);
            let missing: Vec<_> = sent
                .iter()
                .filter(|field| !fields.contains(field))
                .collect();
            assert!(missing.is_empty(), "{metadata}: {name} lacks {missing:?}");
            let extra: Vec<_> = not_sent
                .iter()
                .filter(|field| fields.contains(field))
                .collect();
            assert!(extra.is_empty(), "{metadata}: {name} has {extra:?}");
        }
    }
}

/// The method and the headers of an update are the same for both files.
#[test]
fn methods_and_headers_are_the_documented_ones() {
    let test = "shipped_facts::methods_and_headers_are_the_documented_ones";
    let by_put = [
        "/teams/{id}/schedule/shifts/{shift}",
        "/identityGovernance/accessReviews/definitions/{id}",
        "/policies/adminConsentRequestPolicy",
        "/servicePrincipals/{id}/synchronization/jobs/{job}/schema",
        "/servicePrincipals/{id}/synchronization/secrets",
        "/me/activities/{id}",
    ];
    let with_etag = [
        "/planner/tasks/{id}",
        "/planner/plans/{id}/details",
        "/planner/buckets/{id}",
        "/groups/{id}/planner/plans/{plan}",
        "/me/planner",
    ];
    let by_patch = [
        "/external/connections/{id}/items/{item}",
        "/tenantRelationships/multiTenantOrganization",
        "/policies/crossTenantAccessPolicy/partners/{id}/identitySynchronization",
        "/teams/{id}",
    ];
    let all = [&by_put[..], &with_etag, &by_patch].concat();
    for metadata in ["v1.0-global.csdl", "v1.0-global-clean.csdl"] {
        let Some(code) = generate(test, metadata, &all) else {
            return;
        };
        for path in by_put {
            assert!(
                code.contains(&format!("`PUT /v1.0{path}`")),
                "{metadata}: {path}"
            );
        }
        for path in with_etag.iter().chain(&by_patch) {
            assert!(
                code.contains(&format!("`PATCH /v1.0{path}`")),
                "{metadata}: {path}"
            );
        }
        let required = code.matches(".if_match_required()").count();
        assert_eq!(required, with_etag.len(), "{metadata}");
    }
}

/// The reference sends them in the body of their item.
#[test]
fn contained_values_travel_in_the_body() {
    let test = "shipped_facts::contained_values_travel_in_the_body";
    let paths = [
        "/me/messages/{id}",
        "/me/mailFolders/{id}",
        "/me/events/{id}",
        "/me/calendars/{id}",
        "/me/contacts/{id}",
        "/me/contactFolders/{id}",
        "/policies/authenticationMethodsPolicy",
    ];
    let Some(code) = generate(test, "v1.0-global.csdl", &paths) else {
        return;
    };
    for ty in ["Message", "Event", "Calendar", "Contact", "ContactFolder"] {
        let fields = fields(&code, &format!("{ty}Patch"));
        for field in [
            "single_value_extended_properties",
            "multi_value_extended_properties",
        ] {
            assert!(fields.contains(&field), "{ty}: {field}");
        }
    }
    assert!(fields(&code, "MailFolderPatch").contains(&"single_value_extended_properties"));
    let policy = fields(&code, "AuthenticationMethodsPolicyPatch");
    assert!(policy.contains(&"authentication_method_configurations"));
}
