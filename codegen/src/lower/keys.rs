//! The arguments of functions: keys and parameters in a path.

use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{PathParameter, Segment, SegmentKind};

use super::identifier::{argument_name, distinct_in_order, snake};
use crate::ir::Parameter;
use crate::select::{Name, SelectedOperation};

/// The placeholder of a key that is named after its set.
const BARE: &str = "id";

/// The arguments for the placeholders of a URL. A key `{id}` or `{message-id}` is named after its set, or at the end of
/// the path after the resource that the manifest names. Any other placeholder keeps its name.
pub(super) fn parameters(operation: &SelectedOperation) -> Vec<Parameter> {
    let body = operation.kind.body_argument();
    let mut set = "";
    let mut wanted = Vec::new();
    let mut parameters: Vec<&PathParameter> = Vec::new();
    let mut segments = operation.segments().peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if matches!(segment.kind, SegmentKind::Name | SegmentKind::Function) {
            let parts = SegmentParts::parse(&segment.text).ok();
            set = local_name(segment, parts.as_ref());
        }
        for parameter in &segment.parameters {
            let is_key = segment.kind != SegmentKind::Function;
            wanted.push(match &operation.name {
                _ if !is_key || !is_unspecific(&parameter.name) => name(&parameter.name, body),
                Some(Name::Module(name)) if is_last => key(&snake(&name.text)),
                _ => key(&singular(&snake(set))),
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

/// Whether it is `id`, or named after a type: `{message-id}`, with a number for the second key of the type in a path.
fn is_unspecific(placeholder: &str) -> bool {
    let name = placeholder.trim_end_matches(|c: char| c.is_ascii_digit());
    placeholder == BARE || name.ends_with("-id")
}

/// `body` is the name of the argument with the body.
fn name(placeholder: &str, body: Option<&str>) -> String {
    let name = argument_name(snake(placeholder));
    match body {
        Some(body) if body == name => format!("{name}_"),
        _ => name,
    }
}

/// `user_id` for `user`.
fn key(item: &str) -> String {
    argument_name(format!("{item}_{BARE}"))
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
            assert_eq!(key(&singular(&snake(set))), argument, "{set}");
        }
    }
}
