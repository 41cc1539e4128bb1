//! Every documented path resolves, and the metadata with the facts offers the documented operation.

use std::collections::BTreeSet;
use std::path::PathBuf;

use msgraph_csdl::document::OperationKind;
use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::{ItemType, Primitive, Schema};
use msgraph_csdl::path::{ResourceOperation, corrected, in_any_case, walk, walk_call};
use msgraph_csdl::read::{read_file, read_schema};
use msgraph_csdl::source::Sources;

use super::{built_in_facts, shared};

/// Documented operations that are errors or not offered, with the reasons.
const EXCEPTIONS: &[(&str, &str)] = &[
    // The page omits `/$ref`: the request removes the member from the class.
    (
        "delete",
        "/education/classes/{class-id}/members/{member-id}",
    ),
    // Items of a drive are addressed by id only.
    (
        "get_list",
        "/drives/{drive-id}/root:/{path-relative-to-root}:/children",
    ),
    // The page omits the key of the reference.
    ("ref_delete", "/groups/{id}/rejectedSenders/$ref"),
];

#[test]
fn documented_operations_are_offered() {
    let test = "documented::documented_operations_are_offered";
    let (Some(metadata), Some(examples)) = (
        shared(test, "metadata/v1.0-global.csdl"),
        shared(test, "examples/operations"),
    ) else {
        return;
    };
    let mut sources = Sources::new();
    let metadata = read_file(&mut sources, metadata).unwrap();
    let files = std::fs::read_dir(examples).unwrap();
    let facts = built_in_facts(&mut sources);
    let schema = read_schema(&sources, &[metadata]).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "jsonl"));
    files.sort();
    let mut exceptions = BTreeSet::new();
    for file in files {
        let kind = file.file_stem().unwrap().to_str().unwrap();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let path = row.get("path").and_then(|path| path.as_str()).unwrap();
            if let Err(problem) = is_offered(&schema, &facts, kind, path) {
                exceptions.insert((kind.to_owned(), path.to_owned(), problem));
            }
        }
    }
    let found = exceptions
        .iter()
        .map(|(kind, path, _)| (kind.as_str(), path.as_str()));
    assert!(found.eq(EXCEPTIONS.iter().copied()), "{exceptions:#?}");
}

fn is_offered(schema: &Schema<'_>, facts: &Facts, kind: &str, path: &str) -> Result<(), String> {
    let operation = match kind {
        "action" => return calls(schema, path, OperationKind::Action),
        "function" => return calls(schema, path, OperationKind::Function),
        "get_one" => ResourceOperation::Get,
        "get_list" => ResourceOperation::List,
        "create" => ResourceOperation::Create,
        "delete" => ResourceOperation::Delete,
        "put" => ResourceOperation::Replace,
        "ref_add" => ResourceOperation::AddRef,
        "ref_put" => ResourceOperation::SetRef,
        "ref_delete" => ResourceOperation::RemoveRef,
        "media" => ResourceOperation::GetContent,
        "media_put" => ResourceOperation::PutContent,
        other => return Err(format!("unknown kind {other}")),
    };
    let resource = path.strip_suffix("/$ref");
    let resource = resource.or_else(|| path.strip_suffix("/$value"));
    let walked = in_any_case(resource.unwrap_or(path), |path| walk(schema, path));
    match walked {
        Ok(walked)
            if corrected(schema, facts, walked.clone())
                .target
                .offers(operation) =>
        {
            Ok(())
        }
        Ok(walked) => Err(format!("not offered: {:?}", walked.target)),
        Err(_) if kind == "media" => {
            let call = walk_call(schema, path).map_err(|wrong| wrong.message)?;
            let result = call.operation.return_type.unwrap().item;
            assert_eq!(result, ItemType::Primitive(Primitive::Stream), "{path}");
            Ok(())
        }
        Err(wrong) => Err(wrong.message),
    }
}

fn calls(schema: &Schema<'_>, path: &str, kind: OperationKind) -> Result<(), String> {
    let call = in_any_case(path, |path| walk_call(schema, path)).map_err(|wrong| wrong.message)?;
    assert_eq!(call.operation.kind, kind, "{path}");
    assert_eq!(call.segments().count(), path.matches('/').count(), "{path}");
    Ok(())
}
