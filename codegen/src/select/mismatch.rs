//! Operations that do not apply to a path, and what to select instead.

use msgraph_csdl::path::{ResourcePath, SegmentKind, TargetKind};

use crate::ir::OperationKind;

/// Why an operation does not apply to the path of an entry, and what to do. `on` is its item if the path is a collection
/// and the operation is one of items.
pub(super) fn mismatch(
    kind: OperationKind,
    entry: &ResourcePath,
    on: &ResourcePath,
) -> Option<(&'static str, String)> {
    let target = &on.target;
    let mismatch = match target.kind {
        TargetKind::Stream if !kind.is_of_content() => (
            "which is a stream",
            "use `get-content` or `put-content`, or name the resource before it".to_owned(),
        ),
        // An entity that a function finds, `range(address='A1')`, is changed at that URL.
        TargetKind::Function if !target.is_collection && changes_entity(kind) => return None,
        TargetKind::Function => (
            "which is the result of a function",
            "call it with a `[[call]]`".to_owned(),
        ),
        _ if kind.is_of_collection() && !target.is_collection => {
            ("which is one resource", collection_help(entry))
        }
        _ if kind.is_of_reference() && target.kind != TargetKind::Navigation => (
            "which has no references",
            "only navigation properties have references".to_owned(),
        ),
        TargetKind::Complex => return complex_mismatch(kind, target.is_collection),
        _ if kind == OperationKind::SetRef && (target.is_item || target.is_collection) => (
            "which is a collection",
            "use `add-ref` and `remove-ref`".to_owned(),
        ),
        _ if kind.is_of_content() && entry.target.is_collection => (
            "which is a collection",
            format!("add an entry for one item: `{}/{{id}}`", entry.template()),
        ),
        _ => return None,
    };
    Some(mismatch)
}

fn changes_entity(kind: OperationKind) -> bool {
    matches!(
        kind,
        OperationKind::Update | OperationKind::Replace | OperationKind::Delete
    )
}

/// As [`mismatch`], for a complex property.
fn complex_mismatch(kind: OperationKind, is_collection: bool) -> Option<(&'static str, String)> {
    match kind {
        OperationKind::Get | OperationKind::Update if is_collection => Some((
            "which is a collection",
            "use `list` or `replace`".to_owned(),
        )),
        OperationKind::Delete | OperationKind::Reference => Some((
            "which is a property",
            "use an operation on the resource that has the property".to_owned(),
        )),
        _ if kind.is_of_content() => {
            Some(("which has no stream", "use another operation".to_owned()))
        }
        _ => None,
    }
}

/// What to do instead of an operation that would affect the resource itself where it is only linked. An annotation or a
/// fact may allow the operation.
pub(super) fn misses_reference(kind: OperationKind, path: &ResourcePath) -> Option<&'static str> {
    if !links(path) || allowed(path, kind) == Some(true) {
        return None;
    }
    match kind {
        OperationKind::Create => Some(
            "it would create a resource: to add a reference, use `add-ref`; if Graph documents the request, set \
             `insertable = true` in your facts",
        ),
        OperationKind::Delete => Some(
            "it would delete the resource itself: to remove the reference, use `remove-ref`; to delete the resource, use \
             its own path",
        ),
        _ => None,
    }
}

/// How to select an operation on a collection.
fn collection_help(entry: &ResourcePath) -> String {
    match entry.segments.split_last() {
        Some((last, before)) if last.kind == SegmentKind::Key => {
            let before = before.iter().map(|segment| segment.text.as_str());
            let set: Vec<&str> = [""].into_iter().chain(before).collect();
            format!("add an entry for the collection `{}`", set.join("/"))
        }
        _ => "use an operation on one resource, or name a collection".to_owned(),
    }
}

/// Whether a path leads to entities that are linked, not contained.
pub(super) fn links(path: &ResourcePath) -> bool {
    let target = &path.target;
    let is_linked = target.restrictions.referenceable == Some(true) || !target.contained;
    target.kind == TargetKind::Navigation && is_linked
}

/// Whether annotations or facts allow an operation.
pub(super) fn allowed(path: &ResourcePath, kind: OperationKind) -> Option<bool> {
    let target = &path.target;
    let restrictions = &target.restrictions;
    match kind {
        OperationKind::Get => {
            let by_key = restrictions.readable_by_key.filter(|_| target.is_item);
            by_key.or(restrictions.readable)
        }
        OperationKind::List | OperationKind::GetContent => restrictions.readable,
        OperationKind::Create => restrictions.insertable,
        OperationKind::Delete => restrictions.deletable,
        _ if kind.is_of_reference() => restrictions.referenceable,
        _ => restrictions.updatable,
    }
}
