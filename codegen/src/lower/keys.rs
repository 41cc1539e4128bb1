//! The arguments of functions: keys and parameters in a path.

use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{PathParameter, ResourcePath, Segment, SegmentKind};

use super::identifier::{argument_name, distinct_in_order, snake};
use crate::ir::Parameter;

/// The placeholder of a key that is named after its set.
const BARE: &str = "id";

/// The arguments of an update. `{id}` is named after the set that it is a key of, and so is a numbered placeholder:
/// `{message-id1}` of `replies`. Any other placeholder keeps its name.
pub(super) fn parameters(path: &ResourcePath) -> Vec<Parameter> {
    let mut set = "";
    let mut wanted = Vec::new();
    let mut parameters: Vec<&PathParameter> = Vec::new();
    for segment in &path.segments {
        if matches!(segment.kind, SegmentKind::Name | SegmentKind::Function) {
            let parts = SegmentParts::parse(&segment.text).ok();
            set = local_name(segment, parts.as_ref());
        }
        for parameter in &segment.parameters {
            let is_key = segment.kind != SegmentKind::Function;
            wanted.push(if is_key && is_unspecific(&parameter.name) {
                key(set)
            } else {
                name(&parameter.name)
            });
            parameters.push(parameter);
        }
    }
    let names = distinct_in_order(wanted);
    let named = parameters.into_iter().zip(names);
    named
        .map(|(parameter, rust)| Parameter {
            rust,
            ty: parameter.ty,
        })
        .collect()
}

/// Whether it is `id`, or a name with `-id` and a number, as for the second key of a type in a path.
fn is_unspecific(placeholder: &str) -> bool {
    let name = placeholder.trim_end_matches(|c: char| c.is_ascii_digit());
    placeholder == BARE || (name.len() < placeholder.len() && name.ends_with("-id"))
}

fn name(placeholder: &str) -> String {
    let name = argument_name(snake(placeholder));
    // The body is called `patch`.
    if name == "patch" {
        "patch_".to_owned()
    } else {
        name
    }
}

/// `user_id` for `users`.
fn key(set: &str) -> String {
    argument_name(format!("{}_{BARE}", singular(&snake(set))))
}

/// The name of an entity set, property or function without a namespace and arguments.
pub(super) fn local_name<'s>(segment: &'s Segment, parts: Option<&SegmentParts<'s>>) -> &'s str {
    let name = parts.map_or(&*segment.text, |parts| parts.name);
    name.rsplit('.').next().unwrap_or(name)
}

/// Makes the last word of a snake-case name singular, if it is a plural.
fn singular(name: &str) -> String {
    let start = name.rfind('_').map_or(0, |at| at + 1);
    let (before, last) = name.split_at(start);
    let last = match last {
        "children" => "child",
        "people" => "person",
        "series" => "series",
        "status" => "status",
        _ if last.ends_with("ss") => last,
        _ => {
            if let Some(stem) = last.strip_suffix("ies") {
                return format!("{before}{stem}y");
            }
            let is_long = ["sses", "ches", "shes", "xes", "tuses"]
                .iter()
                .any(|ending| last.ends_with(ending));
            let ending = if is_long { "es" } else { "s" };
            last.strip_suffix(ending).unwrap_or(last)
        }
    };
    format!("{before}{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    // The last words of the names of Graph's sets.
    #[test]
    fn keys_are_named_after_one_item_of_the_set() {
        let table = [
            ("users", "user_id"),
            (
                "temporaryAccessPassMethods",
                "temporary_access_pass_method_id",
            ),
            (
                "identityGovernancePolicies",
                "identity_governance_policy_id",
            ),
            ("classes", "class_id"),
            ("businesses", "business_id"),
            ("childFolders", "child_folder_id"),
            ("children", "child_id"),
            ("people", "person_id"),
            ("series", "series_id"),
            ("statuses", "status_id"),
            ("ediscoveryCases", "ediscovery_case_id"),
            ("responses", "response_id"),
            ("searches", "search_id"),
            ("mailboxes", "mailbox_id"),
            ("subscribedSkus", "subscribed_sku_id"),
            ("emojis", "emoji_id"),
            ("access", "access_id"),
            ("organization", "organization_id"),
            ("_365s", "key365_id"),
        ];
        for (set, argument) in table {
            assert_eq!(key(set), argument, "{set}");
        }
    }
}
